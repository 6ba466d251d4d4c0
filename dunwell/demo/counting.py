"""What happened, counted from three sides that know nothing of each other.

Our outbox says what left and what was posted. The mail server says what it took. The platforms say what they show.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from connectors.base import CustomerNote, File, Note, PayLink, Target, Write, Written
from dunwell.demo.stage import LEDGERS, Stage
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
    """All three sides, by ledger. `twice`: what the mail server or a platform has more than once."""

    ours: Mapping[str, Mapping[Kind, int]]
    mail: Mapping[str, int]
    books: Mapping[str, Books]
    twice: tuple[str, ...]
    unclear: int

    def to_people(self, ledger: str) -> int:
        """Messages to customers and notices to our own people, as our outbox has them."""
        return sum(self.ours[ledger][kind] for kind in TO_PEOPLE)

    @property
    def agree(self) -> bool:
        """Whether the three sides say the same, nothing happened twice, and nothing is left unclear."""
        told = all(self.to_people(ledger) == self.mail[ledger] for ledger in self.ours)
        kept = all(
            self.ours[ledger][kind] == books.there[kind] + books.gone[kind]
            for ledger, books in self.books.items()
            for kind in TO_BOOKS
        )
        return told and kept and not self.twice and not self.unclear


class Shown(Record):
    """One of each, as the platform returned it."""

    note: str
    statement: str
    statement_bytes: int
    link: str


def count(stage: Stage) -> Counted:
    """Ask all three."""
    rows = {ledger: list(_rows(stage.bench(ledger))) for ledger in LEDGERS}
    sent = {ledger: [row for row in rows[ledger] if row.state is State.SENT] for ledger in LEDGERS}
    taken = Counter(stage.sink.taken)
    shelves = {ledger: _Shelves(stage.bench(ledger), sent[ledger]) for ledger in LEDGERS}
    return Counted(
        ours={ledger: Counter(row.kind for row in sent[ledger]) for ledger in LEDGERS},
        mail={ledger: sum(key.startswith(f"{ledger}/") for key in taken) for ledger in LEDGERS},
        books={ledger: shelves[ledger].count() for ledger in LEDGERS},
        twice=(
            *(key for key, times in taken.items() if times > 1),
            *(key for shelf in shelves.values() for key in shelf.twice),
        ),
        unclear=sum(row.state in {State.UNKNOWN, State.SENDING} for every in rows.values() for row in every),
    )


def show(stage: Stage, ledger: str) -> Shown:
    """The newest statement, link and note on an invoice of a ledger, read back from its platform."""
    bench = stage.bench(ledger)
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
        return Books(there=there, gone=gone)

    def _times(self, write: Write) -> int:
        match write:
            case Note():
                return sum(write.marker in one.text for one in self._on(write.target, write.target_id))
            case File() | PayLink() | CustomerNote():
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
        case Note() | CustomerNote():
            return ("note", write.marker)
        case PayLink():
            return ("link", write.invoice_id, write.url)
