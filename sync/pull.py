"""Bringing the books into the mirror, completely or not at all.

The first pull reads everything, later ones what changed (`reader` does both). The cursor moves in the transaction of
the last page, to the platform's own time when the pull began, less an overlap; a pull that breaks off moves nothing,
and the next one starts from the same place. Reading twice costs nothing: the mirror keeps the newer version.

A full pull of a ledger that has been read before proves the mirror: changes are read first, so that everything else
must already be here, and what is not is counted and told.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from connectors.base import Clock, Connector, TooManyChanges
from connectors.errors import OutsideError
from strategy.model import Record
from sync.lately import within
from sync.passes import Progress
from sync.reader import Pulled, Reader
from sync.store import ledgers
from sync.store.database import Store
from sync.store.ledgers import Ended, Ledger

log = logging.getLogger("dunwell.pull")

REFERENCE_AGE = timedelta(hours=20)
"""The company and its preferences are read once a day, and open invoices where they change without saying so."""

PROOF_AGE = timedelta(days=7)
"""Everything is read again within so long."""

PROOF_PAUSE = timedelta(hours=23)
"""And not more than once in so long, however it ended: less than a day, as no run begins to the second as the last."""


class Options(Record):
    """How to pull. `accept_deletions`: a person says that many missing records are really gone."""

    full: bool = False
    accept_deletions: bool = False


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
    reader = Reader(store, ledger, connector, progress)
    since = ledgers.cursor(store, ledger.id)
    accept = options.accept_deletions
    if since is None:
        return _noted(reader, clock, "full", lambda: reader.read_everything(accept_deletions=accept))
    changed = _noted(reader, clock, "changes", lambda: _catch_up(reader, clock.now(), since, options))
    if changed.mode == "full" or not options.full:
        return changed
    proved = _noted(reader, clock, "full", lambda: _proved(reader, options))
    return msgspec.structs.replace(proved, gone=changed.gone + proved.gone)


def proof_is_due(store: Store, ledger_id: int, now: datetime) -> bool:
    """Whether everything is to be read again: once a week, each ledger on a day of its own."""
    tried, done = ledgers.last_try(store, ledger_id, "full"), ledgers.last_full(store, ledger_id)
    if done is None or within(PROOF_PAUSE, now, tried):
        return False
    return not within(PROOF_AGE, now, done) or now.weekday() == ledger_id % 7


def sweep(store: Store, ledger: Ledger, connector: Connector) -> bool:
    """Read what is open now, where the platform changes invoices without telling; whether it does."""
    return Reader(store, ledger, connector, None).sweep()


def _noted(reader: Reader, clock: Clock, mode: str, work: Callable[[], Pulled]) -> Pulled:
    """Do it, and keep that it was done, or how it failed."""
    store, ledger = reader.store, reader.ledger
    run_id = ledgers.start_run(store, ledger.id, clock.now(), mode)
    try:
        pulled = work()
    except OutsideError as error:
        error.ledger = error.ledger or ledger.name
        ledgers.finish_run(store, run_id, clock.now(), Ended(mode=mode, error=str(error)))
        raise
    ended = Ended(mode=pulled.mode, counts=pulled.counts, differed=pulled.differed)
    ledgers.finish_run(store, run_id, clock.now(), ended)
    log.info("%s pulled %s, %s", ledger.name, pulled.mode, dict(pulled.counts))
    return pulled


def _catch_up(reader: Reader, now: datetime, since: datetime, options: Options) -> Pulled:
    """What changed; everything where that cannot be told apart."""
    accept = options.accept_deletions
    reader.read_company(older_than=now - REFERENCE_AGE)
    try:
        changed = reader.read_changes(since, accept_deletions=accept)
    except TooManyChanges as reason:
        log.info("%s reads everything: %s", reader.ledger.name, reason)
        return reader.read_everything(accept_deletions=accept)
    swept_at = ledgers.swept_at(reader.store, reader.ledger.id)
    fresh = options.full or (swept_at is not None and now - swept_at < REFERENCE_AGE)
    if fresh or not reader.sweep():
        return changed
    return msgspec.structs.replace(changed, swept=True, customers=None)


def _proved(reader: Reader, options: Options) -> Pulled:
    """Everything, compared with what reading the changes had made of the mirror."""
    pulled = reader.read_everything(accept_deletions=options.accept_deletions, compare=True)
    if pulled.differed:
        told = ", ".join(f"{count} {kind}" for kind, count in pulled.differed.items())
        log.warning("%s had records that were not what the platform says, and now are: %s", reader.ledger.name, told)
    return pulled
