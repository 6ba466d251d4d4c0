"""Reading a kind of records whole, and what a whole reading proves about those that it did not bring."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from connectors.base import Connector, Deleted, Page
from connectors.errors import OutsideError
from strategy.model import Kind, Record
from sync.store import mirror
from sync.store.database import Store
from sync.store.ledgers import Ledger
from sync.store.seen import Seen

log = logging.getLogger("dunwell.pull")

PASSES = 3
"""So often a kind is read before a count that never fits is reported."""

FEW = 20
MOST_GONE = 0.05
"""A pass that misses more than a few records and this share of a kind stops and asks: an outage looks alike."""


class Progress(Protocol):
    """Told as work goes on: what is being done (a pull tells the kind of records), how much of it is done, and how much
    there is (None: unknown).
    """

    def __call__(self, what: str, done: int, expected: int | None) -> None: ...


class Save(Protocol):
    """Keeps a page."""

    def __call__(self, page: Page) -> None: ...


class Incomplete(OutsideError):
    """The platform's counts and the rows it sent do not fit; nothing was concluded from them."""


class Pass(Record):
    """One paging through a kind: how many different rows came, and how many the platform said there are."""

    came: int
    expected: int | None


class Passes:
    """Reads kinds of one ledger whole, and knows what came. `save` keeps a page, in a transaction of the caller's."""

    def __init__(
        self, store: Store, ledger: Ledger, connector: Connector, save: Save, progress: Progress | None
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._connector = connector
        self._save = save
        self._progress = progress
        self._seen = Seen(store, ledger.id)

    def read(self, kinds: Sequence[Kind], *, again: bool = False) -> dict[Kind, Pass]:
        """Page through these kinds once. `again`: what came before counts as well."""
        passes: dict[Kind, Pass] = {}
        for kind in () if again else kinds:
            self._seen.forget(kind)
        for kind, one in map(self._save_of_pass, self._connector.everything(*kinds)):  # keeps no page past its saving
            passes[kind] = one
            if self._progress:
                self._progress(kind, one.came, one.expected)
        return passes

    def _save_of_pass(self, page: Page) -> tuple[Kind, Pass]:
        """Save one page; how far the pass is with it."""
        with self._store.transaction():
            self._save(page)
            came = self._seen.add(page.kind, page.ids)
        return page.kind, Pass(came=came, expected=page.expected)

    def read_whole(self, kind: Kind) -> Pass:
        """Page through a kind until the count fits. Raises `Incomplete`."""
        for _ in range(PASSES):
            found = self.read([kind])[kind]
            if found.expected is None or found.came >= found.expected:
                return found
        raise never_whole({kind: found}, [kind])

    def is_whole(self, kind: Kind, found: Pass, meanwhile: Sequence[Page], *, added: bool) -> bool:
        """Whether nothing can be missing, by the count and by what changed meanwhile.

        A record that went after it was read has moved others up, over the edge of a page, so that they were never
        read. `added`: records made meanwhile may make up the count; they can stand where it was read already. Where
        nobody tells what went, the count proves little, as one may have come for it: the kind is read once more, and
        must bring nothing new.
        """
        changed = [page for page in meanwhile if page.kind is kind]
        if any(self._seen.holds(kind, deleted.id) for page in changed for deleted in page.deleted):
            return False
        new = {one for page in changed for one in page.ids if not self._seen.holds(kind, one)}
        total = next((page.total for page in changed if page.total is not None), None)
        if total is not None:
            return found.came + len(new) == total and self.read([kind], again=True)[kind].came == found.came
        return found.expected is None or found.came + (len(new) if added else 0) >= found.expected

    def known(self, kind: Kind, fresh: Collection[str]) -> int:
        """How many rows of a kind there must be, by the mirror and by what has come since (`fresh`)."""
        self._seen.forget(kind)
        return self._seen.add(kind, fresh) + sum(1 for _ in self._seen.missing(kind))

    def gone(self, kind: Kind, fresh: Collection[str], *, accept_deletions: bool) -> list[Deleted]:
        """Records of the mirror that neither the pass just read nor what changed meanwhile (`fresh`) brought.

        Before they are believed to be gone, the kind is read once more: the pass may have stepped over them while the
        pages shifted. Raises `Incomplete` where there are too many, unless a person accepts that.
        """
        self._seen.add(kind, fresh)
        if next(self._seen.missing(kind), None) is None:
            return []
        self.read([kind], again=True)
        missing = list(self._seen.missing(kind))
        held = mirror.held(self._store, self._ledger.id, kind)
        if len(missing) > max(FEW, MOST_GONE * held) and not accept_deletions:
            raise Incomplete(
                f"{len(missing)} of {held} {kind} records are gone from the platform; if that is right, "
                f"say so: dunwell sync {self._ledger.name} --full --accept-deletions"
            )
        return [Deleted(kind=kind, id=one) for one in missing]


def never_whole(passes: Mapping[Kind, Pass], kinds: Sequence[Kind]) -> Incomplete:
    """The error for kinds whose count never fits."""
    counts = ", ".join(f"{kind}: there are {passes[kind].expected} and {passes[kind].came} came" for kind in kinds)
    return Incomplete(
        f"What the platform sent does not fit what it says there is, {PASSES} times over ({counts}); "
        "the books seem to be changing under the pull, run it again when they are quiet"
    )
