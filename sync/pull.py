"""Bringing the books into the mirror, completely or not at all.

Two ways. *Everything*: each kind is paged through, its ids are counted against what the platform says there are, and
what changed meanwhile is read on top. *Changes*: one incremental reading. Either way the cursor moves in the
transaction of the last page, to the platform's own time when the pull began, less an overlap; a pull that breaks off
moves nothing, and the next one starts from the same place. Reading twice costs nothing: the mirror keeps the newer
version.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from connectors.base import Clock, Connector, Deleted, Page, TooManyChanges
from connectors.errors import OutsideError
from strategy.model import Kind, Record
from sync.store import ledgers, mirror, webhooks
from sync.store.database import Store
from sync.store.ledgers import Ledger
from sync.store.seen import Seen

log = logging.getLogger("dunwell.pull")

OVERLAP = timedelta(minutes=5)
"""Read again behind the cursor: clocks of one platform's machines differ, and commits become visible late."""

REFERENCE_AGE = timedelta(hours=20)
"""The company and its preferences are read once a day."""

PASSES = 3
"""So often a kind is read before a count that never fits is reported."""

FEW = 20
MOST_GONE = 0.05
"""A full pass that misses more than a few records and this share of a kind stops and asks: an outage looks alike."""


class Progress(Protocol):
    """Told as work goes on: what is being done (a pull tells the kind of records), how much of it is done, and how much
    there is (None: unknown).
    """

    def __call__(self, what: str, done: int, expected: int | None) -> None: ...


class Options(Record):
    """How to pull. `accept_deletions`: a person says that many missing records are really gone."""

    full: bool = False
    accept_deletions: bool = False


class Pulled(Record):
    """What a pull brought: records by kind, and how many turned out to be gone. `mode` is "full" or "changes"."""

    mode: str
    counts: Mapping[Kind, int]
    gone: int


class Incomplete(OutsideError):
    """The platform's counts and the rows it sent do not fit; nothing was concluded from them."""


def pull(
    store: Store,
    ledger: Ledger,
    connector: Connector,
    clock: Clock,
    *,
    options: Options = Options(),  # noqa: B008 - immutable
    progress: Progress | None = None,
) -> Pulled:
    """Bring the ledger's mirror up to date.

    Raises what the connector raises, and `Incomplete`; the cursor has not moved then.
    """
    run_id = ledgers.start_run(store, ledger.id, clock.now())
    reader = _Reader(store, ledger, connector, progress)
    try:
        pulled = _pull(reader, clock, options)
    except OutsideError as error:
        error.ledger = error.ledger or ledger.name
        ledgers.finish_run(store, run_id, clock.now(), mode="broken off", counts={}, error=str(error))
        raise
    ledgers.finish_run(store, run_id, clock.now(), mode=pulled.mode, counts=pulled.counts)
    log.info("%s pulled %s, %s", ledger.name, pulled.mode, dict(pulled.counts))
    return pulled


def _pull(reader: "_Reader", clock: Clock, options: Options) -> Pulled:
    since = ledgers.cursor(reader.store, reader.ledger.id)
    if since is not None and not options.full:
        reader.read_company(older_than=clock.now() - REFERENCE_AGE)
        try:
            return reader.read_changes(since)
        except TooManyChanges as reason:
            log.info("%s reads everything: %s", reader.ledger.name, reason)
    return reader.read_everything(accept_deletions=options.accept_deletions)


class _Reader:
    """One pull of one ledger."""

    def __init__(self, store: Store, ledger: Ledger, connector: Connector, progress: Progress | None) -> None:
        self.store = store
        self.ledger = ledger
        self._connector = connector
        self._progress = progress
        self._seen = Seen(store, ledger.id)
        self._announced = webhooks.announced(store, ledger.id)

    def read_company(self, older_than: datetime | None = None) -> datetime | None:
        """Read the company, unless it was read since; the platform's time when it was."""
        read_at = ledgers.company_read_at(self.store, self.ledger.id)
        if older_than is not None and read_at is not None and read_at > older_than:
            return None
        page = self._connector.company()
        self._save(page)
        return page.server_time

    def read_changes(self, since: datetime) -> Pulled:
        """One incremental reading, saved as a whole with its cursor."""
        pages = list(self._connector.changes(since))
        with self.store.transaction():
            for page in pages:
                mirror.save_page(self.store, self.ledger.id, page)
            mirror.resolve_accounts(self.store, self.ledger.id)
            self._done(pages[0].server_time)
        counts: Counter[Kind] = Counter()
        for page in pages:
            counts[page.kind] += len(page.records)
        gone = sum(len(page.deleted) for page in pages)
        return Pulled(mode="changes", counts={kind: count for kind, count in counts.items() if count}, gone=gone)

    def read_everything(self, *, accept_deletions: bool) -> Pulled:
        """All kinds, then what changed since the first of them was read."""
        began = self.read_company()
        assert began is not None  # noqa: S101 - read without condition
        passes = self._read(self._connector.kinds)
        for attempt in range(1, PASSES + 1):
            meanwhile = self._meanwhile(began)
            unsure = [one for one in passes if not self._whole(passes[one], meanwhile, added=attempt == PASSES)]
            if not unsure:
                break
            if attempt == PASSES:
                raise _never_whole(passes, unsure)
            passes |= self._read(unsure)
        gone = self._missing(passes, meanwhile, accept_deletions=accept_deletions)
        with self.store.transaction():
            for page in meanwhile:
                mirror.save_page(self.store, self.ledger.id, page)
            for deleted in gone:
                mirror.bury(self.store, self.ledger.id, deleted, began)
            mirror.resolve_accounts(self.store, self.ledger.id)
            self._done(began)
        return Pulled(mode="full", counts={kind: one.came for kind, one in passes.items()}, gone=len(gone))

    def _meanwhile(self, began: datetime) -> list[Page]:
        try:
            return list(self._connector.changes(began - OVERLAP))
        except TooManyChanges:
            raise Incomplete("So much is changing in the books that no pull can be sure; run it again later") from None

    def _read(self, kinds: Sequence[Kind]) -> dict[Kind, "_Pass"]:
        """Page through these kinds."""
        passes: dict[Kind, _Pass] = {}
        for kind in kinds:
            self._seen.forget(kind)
        for one in map(
            self._save_of_pass, self._connector.everything(*kinds)
        ):  # keeps no page while the next one comes
            passes[one.kind] = one
            if self._progress:
                self._progress(one.kind, one.came, one.expected)
        return passes

    def _save_of_pass(self, page: Page) -> "_Pass":
        """Save one page; how far the pass is with it."""
        with self.store.transaction():
            mirror.save_page(self.store, self.ledger.id, page)
            came = self._seen.add(page.kind, page.ids)
        return _Pass(kind=page.kind, came=came, expected=page.expected)

    def _whole(self, one: "_Pass", meanwhile: Sequence[Page], *, added: bool) -> bool:
        """Whether nothing can be missing, by the count and by what changed meanwhile.

        A record that went after it was read has moved others up, over the edge of a page, so that they were never
        read. `added`: records made meanwhile may make up the count; they can stand where it was read already.
        """
        changed = [page for page in meanwhile if page.kind is one.kind]
        if any(self._seen.holds(one.kind, deleted.id) for page in changed for deleted in page.deleted):
            return False
        new = {new for page in changed for new in page.ids if not self._seen.holds(one.kind, new)} if added else ()
        return one.expected is None or one.came + len(new) >= one.expected

    def _missing(self, kinds: Iterable[Kind], meanwhile: Sequence[Page], *, accept_deletions: bool) -> list[Deleted]:
        """Records of the mirror that the pass did not find; too many of them stop it."""
        fresh = {(page.kind, record.id) for page in meanwhile for record in page.records}
        gone: list[Deleted] = []
        for kind in kinds:
            missing = [one for one in self._seen.missing(kind) if (kind, one) not in fresh]
            held = mirror.held(self.store, self.ledger.id, kind)
            if len(missing) > max(FEW, MOST_GONE * held) and not accept_deletions:
                raise Incomplete(
                    f"{len(missing)} of {held} {kind} records are gone from the platform; if that is right, "
                    f"say so: dunwell sync {self.ledger.name} --full --accept-deletions"
                )
            gone += (Deleted(kind=kind, id=record_id) for record_id in missing)
        return gone

    def _done(self, began: datetime) -> None:
        """Everything up to the platform's time is here, and with it whatever was announced before this pull."""
        ledgers.set_cursor(self.store, self.ledger.id, began - OVERLAP)
        webhooks.pulled(self.store, self.ledger.id, self._announced)

    def _save(self, page: Page) -> None:
        with self.store.transaction():
            mirror.save_page(self.store, self.ledger.id, page)


class _Pass(Record):
    """One paging through a kind: what came, and how many the platform said there are."""

    kind: Kind
    came: int
    expected: int | None


def _never_whole(passes: Mapping[Kind, _Pass], kinds: Sequence[Kind]) -> Incomplete:
    counts = ", ".join(f"{kind}: there are {passes[kind].expected} and {passes[kind].came} came" for kind in kinds)
    return Incomplete(
        f"What the platform sent does not fit what it says there is, {PASSES} times over ({counts}); "
        "the books seem to be changing under the pull, run it again when they are quiet"
    )
