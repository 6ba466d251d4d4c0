"""What happened, counted from three sides that know nothing of each other.

Our outbox says what left and what was posted. The mail server says what it took. The platforms say what they show.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from connectors.base import FieldNote, File, Note, PayLink, Target, Write, Written
from dunwell.demo.stage import Stage
from strategy.model import InvoiceId, Record
from sync.bench import Bench
from sync.store import outbox
from sync.store.outbox import TO_BOOKS, TO_PEOPLE, Kind, OutboxRow, State

_WRITE = msgspec.json.Decoder(Write)


class Books(Record):
    """Writes, as a platform shows them. `gone`: once posted, and gone with a deleted invoice or under a newer file."""

    there: Mapping[Kind, int]
    gone: Mapping[Kind, int]


class Counted(Record):
    """All three sides of a ledger. `twice`: what the mail server or the platform has more than once.

    `unclear`: how many rows of the outbox may have left, and nobody knows.
    """

    ledger: str
    ours: Mapping[Kind, int]
    mail: int
    books: Books
    twice: tuple[str, ...]
    unclear: int

    @property
    def to_people(self) -> int:
        """Messages to customers and notices to our own people, as our outbox has them."""
        return sum(self.ours.get(kind, 0) for kind in TO_PEOPLE)

    @property
    def agree(self) -> bool:
        """Whether the three sides say the same, nothing happened twice, and nothing is left unclear."""
        shown = all(self.ours.get(kind, 0) == self.books.there[kind] + self.books.gone[kind] for kind in TO_BOOKS)
        return shown and self.to_people == self.mail and not self.twice and not self.unclear


class Shown(Record):
    """One of each, as the platform returned it."""

    note: str
    statement: str
    statement_bytes: int
    link: str


def count(stage: Stage) -> Counted:
    """Ask all three about the stage's ledger."""
    rows = list(_rows(stage.bench))
    sent = [row for row in rows if row.state is State.SENT]
    taken = Counter(stage.sink.taken)
    shelves = _Shelves(stage.bench, sent)
    books = shelves.count()
    return Counted(
        ledger=stage.ledger,
        ours=Counter(row.kind for row in sent),
        mail=len(taken),
        books=books,
        twice=(*(key for key, times in taken.items() if times > 1), *shelves.twice),
        unclear=sum(row.state in {State.UNKNOWN, State.SENDING} for row in rows),
    )


def show(stage: Stage) -> Shown:
    """The newest statement, link and note on an invoice of the ledger, read back from its platform."""
    bench = stage.bench
    note, _ = _newest(bench, lambda write: isinstance(write, Note) and write.target is Target.INVOICE)
    link, _ = _newest(bench, lambda write: isinstance(write, PayLink))
    filed, write = _newest(bench, lambda write: isinstance(write, File))
    content = bench.connector.file_content(write.target, write.target_id, filed) if isinstance(write, File) else b""
    return Shown(note=note.text, statement=filed.text, statement_bytes=len(content), link=link.text)


def _newest(bench: Bench, fits: Callable[[Write], bool]) -> tuple[Written, Write]:
    """The newest write of a kind that the platform still shows."""
    rows = outbox.everything(bench.store, bench.ledger.id)
    sent = (_WRITE.decode(row.decided) for row in rows if row.kind in TO_BOOKS and row.state is State.SENT)
    return next((found, write) for write in sent if fits(write) and (found := bench.connector.find(write)))


def _rows(bench: Bench) -> Iterator[OutboxRow]:
    """Oldest first."""
    return reversed(outbox.everything(bench.store, bench.ledger.id))


class _Shelves:
    """A platform's records with what we wrote on them. `twice`: keys that stand there more than once."""

    def __init__(self, bench: Bench, sent: Sequence[OutboxRow]) -> None:
        self._bench = bench
        self._writes = [(row, _WRITE.decode(row.decided)) for row in sent if row.kind in TO_BOOKS]
        self._newest = {_place(write): row.key for row, write in self._writes}
        self._read: dict[tuple[Target, str], tuple[Written, ...]] = {}
        self.twice: list[str] = []

    def count(self) -> Books:
        there: Counter[Kind] = Counter()
        gone: Counter[Kind] = Counter()
        for row, write in self._writes:
            times = self._times(write)
            there[row.kind] += bool(times)
            gone[row.kind] += not times and self._is_gone(row, write)
            if times > 1:
                self.twice.append(row.key)
        return Books(there={kind: there[kind] for kind in TO_BOOKS}, gone={kind: gone[kind] for kind in TO_BOOKS})

    def _times(self, write: Write) -> int:
        match write:
            case Note():
                return sum(write.marker in one.text for one in self._on(write.target, write.target_id))
            case File() | PayLink() | FieldNote():
                return int(self._bench.connector.find(write) is not None)

    def _on(self, target: Target, target_id: str) -> tuple[Written, ...]:
        if (target, target_id) not in self._read:
            self._read[target, target_id] = self._bench.connector.written(target, target_id)
        return self._read[target, target_id]

    def _is_gone(self, row: OutboxRow, write: Write) -> bool:
        """Under a newer file of the same name, or with its invoice, as the platform says."""
        if self._newest[_place(write)] != row.key:
            return True
        invoice_id = write.invoice_id if isinstance(write, PayLink) else None
        return invoice_id is not None and invoice_id not in self._bench.connector.invoices([InvoiceId(invoice_id)]).ids


def _place(write: Write) -> tuple[object, ...]:
    """Where a write stands: two files of one name may not stand side by side, anything else may."""
    match write:
        case File():
            return ("file", write.target, write.target_id, write.name)
        case Note() | FieldNote():
            return ("note", write.marker)
        case PayLink():
            return ("link", write.invoice_id, write.url)
