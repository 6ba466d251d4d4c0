"""Carrying out what the books are to be told: look for it first, write it under its key, keep what came of it.

A row that a crash left in `sending`, or whose answer was lost, is unknown. Evidence clears it: the mark found in the
books says it was posted, its absence says it was not, and then a new attempt with a new key takes its place.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import partial

import msgspec

from connectors.base import File, Target, Write, Written
from connectors.errors import BadAnswer, NotFound, OutcomeUnknown, OutsideError, Reconnect, Rejected, RetryLater
from strategy.model import Record
from sync.bench import Bench
from sync.passes import Progress
from sync.patience import Patience
from sync.store import mirror, outbox
from sync.store.journal import Moment
from sync.store.outbox import TO_BOOKS, OutboxRow, State
from sync.writeback import planning

log = logging.getLogger("dunwell.writeback")

ATTEMPTS = 3
"""So often a write that surely did not happen is tried anew before it is left failed."""


class Posted(Record):
    """How many were posted. `later`: what asked for patience, where something did; the rest waits."""

    count: int
    later: RetryLater | None = None


def post_all(bench: Bench, progress: Progress | None = None) -> Posted:
    """Clear what is unknown, then post everything that waits.

    What the platform asks patience for waits for the next run, and the next one goes on; it stops where that happens
    several times in a row. Where that was over what is unknown, one of those that wait is tried, unless the platform's
    day is used up: the platform may mind what it is asked to look for. Where a right is missing, only what needs it
    waits; raises `Reconnect` when the rest is done.
    """
    missing: dict[str, Reconnect] = {}
    patience = Patience()
    count = _each(bench, State.UNKNOWN, partial(_clear, bench), missing, patience)
    if not patience.used_up:
        count += _each(bench, State.APPROVED, partial(_post, bench), missing, patience, progress)
    for first in missing.values():
        raise first
    return Posted(count=count, later=patience.later)


def _each(
    bench: Bench,
    state: State,
    step: Callable[[OutboxRow], bool],
    missing: dict[str, Reconnect],
    patience: Patience,
    progress: Progress | None = None,
) -> int:
    """Take a step with each row of a state; what hinders one hinders none that may do without. `missing`: by act the
    right that is missing for it, kept up to date. How many were posted.
    """
    posted = 0
    waiting = _rows(bench, state)
    try:
        for number, row in enumerate(waiting, 1):
            try:
                if row.act not in missing and step(row):
                    posted += 1
                    patience.served()
            except Reconnect as error:
                missing[row.act] = error
            except RetryLater as error:
                _put_off(bench, row, error)
                patience.asked(error)
            except (Rejected, BadAnswer) as error:  # of the look-up, which says nothing of the write
                _put_off(bench, row, error)
            if progress:
                progress("writing back", number, len(waiting))
    except RetryLater as error:
        doing = "clearing what may be in the books" if state is State.UNKNOWN else "writing back"
        log.warning("%s stops %s: %s", bench.ledger.name, doing, error)
    return posted


def _put_off(bench: Bench, row: OutboxRow, error: OutsideError) -> None:
    """Why it is unknown stays said as long as the books may still tell; where they do not, a person has to look."""
    reason = str(error)
    if row.state is State.UNKNOWN and row.reason and isinstance(error, RetryLater):
        reason = row.reason
    elif row.state is State.UNKNOWN:
        reason = f"It may be in the books, and cannot be looked for: {error}"
    outbox.put_off(bench.store, bench.moment(), row, reason)
    log.warning("%s %s %s is still %s: %s", bench.ledger.name, row.kind, row.id8, row.state, error)


def idempotency_key(row: OutboxRow) -> str:
    """The platform's key of one attempt: hash of the outbox key, which holds the attempt's number."""
    return hashlib.sha256(row.key.encode()).hexdigest()[:32]


def _rows(bench: Bench, state: State) -> list[OutboxRow]:
    return [row for row in outbox.in_state(bench.store, bench.ledger.id, state) if row.kind in TO_BOOKS]


def _clear(bench: Bench, row: OutboxRow) -> bool:
    """Settle an unknown row by what the books say. Whether it turned out to be posted."""
    found = bench.connector.find(planning.write_of(row))
    if found is not None:
        _record(bench, row, found)
        return True
    with bench.store.transaction():
        is_not_there(bench, bench.moment(), row, "It is not in the books.")
    return False


def _post(bench: Bench, row: OutboxRow) -> bool:
    """Post one row, unless it is in the books already. Whether it is there now."""
    write = planning.write_of(row)
    try:
        found = bench.connector.find(write)
    except NotFound as error:
        return _refused(bench, row, write, error)
    with bench.store.transaction():
        if not outbox.move(bench.store, bench.moment(), row, State.SENDING):
            return False
    row = outbox.by_id(bench.store, row.id)
    try:
        written = found or bench.connector.write(write, idempotency_key(row))
    except (RetryLater, Reconnect):
        with bench.store.transaction():
            outbox.move(bench.store, bench.moment(), row, State.APPROVED)
        raise
    except Rejected as error:
        return _refused(bench, row, write, error)
    except (OutcomeUnknown, BadAnswer) as error:
        with bench.store.transaction():
            outbox.move(bench.store, bench.moment(), row, State.UNKNOWN, str(error))
        return False
    _record(bench, row, written)
    return True


def _refused(bench: Bench, row: OutboxRow, write: Write, error: Rejected) -> bool:
    """The books will not have it, or not there. It was not posted."""
    with bench.store.transaction():
        if outbox.move(bench.store, bench.moment(), row, State.FAILED, str(error)):
            _elsewhere(bench, row, write)
    return False


def _record(bench: Bench, row: OutboxRow, written: Written) -> None:
    with bench.store.transaction():
        outbox.accepted(bench.store, bench.moment(), row, written.id)
    log.info("%s %s %s is in the books", bench.ledger.name, row.kind, row.id8)


def is_not_there(bench: Bench, now: Moment, row: OutboxRow, reason: str) -> None:
    """It surely did not happen: it has failed, and a new attempt takes its place; where it was taken back meanwhile,
    nothing is left to correct. Belongs into a transaction.
    """
    if not outbox.move(bench.store, now, row, State.FAILED, reason):
        return
    correction = planning.correction_of(bench, row)
    if correction is not None and correction.state is State.APPROVED:
        outbox.move(bench.store, now, correction, State.WITHDRAWN, "What it corrects is not in the books.")
    elif correction is None and row.attempt < ATTEMPTS:
        write = planning.without_mark(planning.write_of(row))
        planning.plan(bench, now, planning.told_by(row), row.act, write, row.attempt + 1)


def _elsewhere(bench: Bench, row: OutboxRow, write: Write) -> None:
    """A statement that the customer's record refuses goes to its oldest open invoice instead."""
    if isinstance(write, File) and write.target is Target.CUSTOMER and row.about_id is not None:
        oldest = mirror.oldest_open_invoice(bench.store, bench.ledger.id, write.target_id)
        if oldest is not None:
            about = outbox.by_id(bench.store, row.about_id)
            moved = msgspec.structs.replace(write, target=Target.INVOICE, target_id=oldest)
            planning.plan(bench, bench.moment(), about, "file", moved)
