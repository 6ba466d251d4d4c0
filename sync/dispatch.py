"""Letting approved messages leave: once, or not at all, and only if they are still right in the last second.

A batch starts from books read within five minutes, and reads its named invoices again by id; where it takes long, so
does what is left of it. Then, message by message: the account is decided anew; only if it still decides this very
touchpoint, what was approved still covers it, and neither its hours are over nor anything new is known of the account
once it is composed, is the message sealed and marked as sending, both on disk, and handed over. A crash after that
leaves a row that may have left: it is called unknown, holds its account, and is cleared by a person.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from connectors.base import Page
from connectors.errors import BadAnswer, OutcomeUnknown, OutsideError, Reconnect, Rejected, RetryLater, SetRight
from strategy import explain
from strategy.account import Account
from strategy.business_days import Calendar
from strategy.decision import Decision, Touchpoint, reason
from strategy.model import Record
from strategy.plan import plan_account
from sync import composing, ramp
from sync import outbox as decided
from sync.bench import Bench
from sync.composing import Composed, DoesNotFoot, NoLetter
from sync.lately import within
from sync.letters.render import BadLetter
from sync.passes import Progress
from sync.patience import Patience
from sync.pull import pull
from sync.store import mirror, outbox
from sync.store.outbox import TO_PEOPLE, Kind, OutboxRow, State
from sync.writeback import planning

log = logging.getLogger("dunwell.dispatch")

FRESH = timedelta(minutes=5)
"""Books older than this let nothing leave."""

LATELY = timedelta(minutes=1)
"""After this, what a batch has left is read again: a slow channel may take an hour over twenty messages."""

BATCH = 20
"""Messages between two readings."""

Waits = Mapping[str, date]
"""By account, the day before which the ramp lets it hear no first word."""

_NOBODY: Final[Waits] = {}


class Dispatched(Record):
    """What came of one dispatch: how many left, may have left, or stayed (held, withdrawn, failed, or for later).

    `later`: what asked for patience, or for a person, where something did.
    """

    sent: int = 0
    stopped: int = 0
    unknown: int = 0
    later: RetryLater | SetRight | None = None


def recover(bench: Bench) -> None:
    """Rows still marked as sending, found by whoever holds the ledger alone: a process died over them."""
    for row in outbox.in_state(bench.store, bench.ledger.id, State.SENDING):
        with bench.store.transaction():
            outbox.move(bench.store, bench.moment(), row, State.UNKNOWN, "The process ended while it was leaving.")
        log.warning("%s %s %s is unknown: its process ended while it was leaving", bench.ledger.name, row.kind, row.id8)


def dispatch(bench: Bench, progress: Progress | None = None, waits: Waits = _NOBODY) -> Dispatched:
    """Send what is approved and whose hour has come.

    What a channel or the platform asks patience for stays approved, and the next one goes on; dispatching stops where
    that happens several times in a row, or a person is needed. `waits` are the days of the ramp by which was
    decided what is to leave; they are known of the whole ledger only.
    """
    states: Counter[State] = Counter()
    patience = Patience()
    later: RetryLater | SetRight | None = None
    ready = _ready(bench)
    try:
        for row in _on_fresh_books(bench, ready):
            states[_leave_or_wait(bench, row, patience, waits)] += 1
            if progress:
                progress("sending", states.total(), len(ready))
    except (RetryLater, SetRight) as error:
        log.warning("%s stops sending: %s", bench.ledger.name, error)
        later = error
        states[State.APPROVED] += len(ready) - states.total()
    stopped = states.total() - states[State.SENT] - states[State.UNKNOWN]
    return Dispatched(
        sent=states[State.SENT], unknown=states[State.UNKNOWN], stopped=stopped, later=later or patience.later
    )


def _ready(bench: Bench) -> list[OutboxRow]:
    """Approved, and inside the customer's hours; our own people may be told at any time."""
    now = bench.clock.now()
    approved = outbox.in_state(bench.store, bench.ledger.id, State.APPROVED)
    return [row for row in approved if row.kind in TO_PEOPLE and _is_time(row, now)]


def _is_time(row: OutboxRow, now: datetime) -> bool:
    if row.kind is Kind.NOTICE:
        return True
    return row.opens_at is not None and row.closes_at is not None and row.opens_at <= now < row.closes_at


def _may_leave(bench: Bench, row: OutboxRow) -> bool:
    return row.state is State.APPROVED and _is_time(row, bench.clock.now())


def _on_fresh_books(bench: Bench, ready: Sequence[OutboxRow]) -> Iterator[OutboxRow]:
    """Row by row, its invoices read again lately: with those of its batch, or of what the batch has left by then."""
    read_at: datetime | None = None
    end = 0
    for number, row in enumerate(ready):
        if number == end or not within(LATELY, bench.clock.now(), read_at):
            read_at, end = bench.clock.now(), min(number + BATCH, len(ready))
            _refresh(bench, ready[number:end])
        yield row


def _refresh(bench: Bench, batch: Sequence[OutboxRow]) -> None:
    """Read the books again where they would be too old before the next reading, the named invoices in any case.

    A message goes no further where one did not come or cannot be read; whether it is gone is for the pull to tell.
    """
    if not bench.pulled_within(FRESH - LATELY):
        pull(bench.store, bench.ledger, bench.connector, bench.clock)
    named = sorted({asked.invoice_id for row in batch for asked in row.touchpoint().invoices})
    if named:
        page = bench.connector.invoices(named)
        with bench.store.transaction():
            mirror.save_page(bench.store, bench.ledger.id, page)
        for row in batch:
            if row.kind is Kind.MESSAGE:
                _stop(bench, row, page)


def _stop(bench: Bench, row: OutboxRow, page: Page) -> None:
    """Where what was read again says nothing of an invoice that the message names."""
    named = {asked.invoice_id for asked in row.touchpoint().invoices}
    if not named <= set(page.ids):
        _move(bench, row, State.WITHDRAWN, "An invoice that it names was not found when it was read again.")
    elif not named <= {record.id for record in page.records}:
        _move(bench, row, State.HELD, explain.sentence(reason("unreadable")))


def _leave_or_wait(bench: Bench, row: OutboxRow, patience: Patience, waits: Waits) -> State:
    """Send one row if it is still right; the state it is in now. Raises `RetryLater` or `SetRight` where the next would
    wait, too.
    """
    try:
        state = _leave(bench, row, waits)
    except (RetryLater, SetRight) as error:
        state = _put_off(bench, row, str(error))
        if isinstance(error, SetRight):
            raise
        patience.asked(error)
    if state is State.SENT:
        patience.served()
    return state


def _leave(bench: Bench, row: OutboxRow, waits: Waits) -> State:
    """Send one row if it is still right; the state it is in now."""
    state = outbox.by_id(bench.store, row.id).state
    if state is not row.state:
        return state
    account = _account(bench, row, waits)
    if account is None:
        return _move(bench, row, State.WITHDRAWN, "The customer is gone from the books.")
    calendar = bench.calendar(account.ledger.today)
    decision = _decision(bench, account, calendar)
    with bench.store.transaction():
        touchpoint = row.touchpoint() if row.kind is Kind.NOTICE else _still_decided(bench, row, decision)
    if touchpoint is None:
        return outbox.by_id(bench.store, row.id).state
    try:
        composed = composing.compose(bench, account, decision, touchpoint, calendar)
        content = _sealed(bench, touchpoint, composed)
    except (RetryLater, Reconnect, SetRight):
        raise  # nothing is wrong with what was approved
    except BadAnswer as error:  # nor here: it stays so, for the next run
        return _put_off(bench, row, str(error))
    except (BadLetter, NoLetter, DoesNotFoot, OutsideError) as error:
        return _hold(bench, row, touchpoint, str(error))
    if isinstance(content, Rejected):
        return _fail(bench, row, touchpoint, str(content))
    return _send(bench, row, account, waits, composed, content)


def _sealed(bench: Bench, touchpoint: Touchpoint, composed: Composed) -> bytes | Rejected:
    """The exact bytes, or why they cannot be a message: an address that is none is refused before it leaves."""
    try:
        return bench.channels[touchpoint.channel].seal(composed.message)
    except Rejected as error:
        return error


def _account(bench: Bench, row: OutboxRow, waits: Waits) -> Account | None:
    """The row's account as it is now, and as its ledger's ramp has it; None where the books have it no more."""
    account = bench.account(row.customer_id, bench.today())
    return account and ramp.waiting(account, waits)


def _decision(bench: Bench, account: Account, calendar: Calendar) -> Decision:
    return plan_account(account, bench.settings.strategy, calendar, account.ledger.today)


def _still_decided(bench: Bench, row: OutboxRow, decision: Decision) -> Touchpoint | None:
    """The touchpoint as it is decided now, if it may still leave: it is what was approved or less; the row follows.
    Belongs into a transaction.
    """
    touchpoint = next((one for one in decision.touchpoints if one.key == row.key), None)
    if touchpoint is None:
        decided.take_back(bench.store, bench.moment(), row, decision)
        return None
    decided.put(bench, bench.moment(), touchpoint)
    return touchpoint if _may_leave(bench, outbox.by_id(bench.store, row.id)) else None


def _as_composed(bench: Bench, row: OutboxRow, account: Account, waits: Waits) -> bool:
    """Whether a message is composed of what is known now: that takes as long as a platform does over a link and ten
    PDFs, and what people held, promised or changed meanwhile counts. Where it is not, the row follows, and what is
    decided still leaves with the next run. Belongs into a transaction.
    """
    now = account if row.kind is Kind.NOTICE else _account(bench, row, waits)
    if now is not None and now != account:
        _still_decided(bench, row, _decision(bench, now, bench.calendar(now.ledger.today)))
    return now == account


def _send(bench: Bench, row: OutboxRow, account: Account, waits: Waits, composed: Composed, content: bytes) -> State:
    """Seal and mark, hand over, record: each on the disk before the next."""
    with bench.store.transaction():
        row = outbox.by_id(bench.store, row.id)
        # a person was quicker, or composing took until the hours were over
        if not (_may_leave(bench, row) and _as_composed(bench, row, account, waits)):
            return outbox.by_id(bench.store, row.id).state
        touchpoint = row.touchpoint()
        outbox.seal(bench.store, row, composing.sealed(touchpoint, composed.message, content), bench.clock.now())
        outbox.move(bench.store, bench.moment(), row, State.SENDING)
    row = outbox.by_id(bench.store, row.id)
    try:
        receipt = bench.channels[touchpoint.channel].send(content)
    except (RetryLater, Reconnect, SetRight):
        with bench.store.transaction():
            outbox.move(bench.store, bench.moment(), row, State.APPROVED)
        raise
    except Rejected as error:
        return _fail(bench, row, touchpoint, str(error))
    except OutcomeUnknown as error:
        return _move(bench, row, State.UNKNOWN, str(error))
    with bench.store.transaction():
        now = bench.moment()
        if outbox.accepted(bench.store, now, row, receipt.reference) and row.kind is Kind.MESSAGE:
            planning.plan_for_message(bench, now, row, touchpoint, composed)
    log.info("%s %s %s left by %s", bench.ledger.name, row.kind, row.id8, touchpoint.channel)
    return State.SENT


def _put_off(bench: Bench, row: OutboxRow, reason: str) -> State:
    """Nothing is wrong with the row, which the next run meets after the others."""
    outbox.put_off(bench.store, bench.moment(), row, reason)
    _log(bench, row, State.APPROVED, reason)
    return State.APPROVED


def _fail(bench: Bench, row: OutboxRow, touchpoint: Touchpoint, reason: str) -> State:
    with bench.store.transaction():
        now = bench.moment()
        if outbox.move(bench.store, now, row, State.FAILED, reason) and row.kind is Kind.NOTICE:
            decided.ask_instead(bench.store, now, touchpoint)
    _log(bench, row, State.FAILED, reason)
    return State.FAILED


def _hold(bench: Bench, row: OutboxRow, touchpoint: Touchpoint, reason: str) -> State:
    """What cannot be written waits for whoever mends it; a notice is decided once, and would wait for ever."""
    if row.kind is Kind.NOTICE:
        return _fail(bench, row, touchpoint, reason)
    return _move(bench, row, State.HELD, reason)


def _move(bench: Bench, row: OutboxRow, to: State, reason: str) -> State:
    with bench.store.transaction():
        if not outbox.move(bench.store, bench.moment(), row, to, reason):
            return outbox.by_id(bench.store, row.id).state
    _log(bench, row, to, reason)
    return to


def _log(bench: Bench, row: OutboxRow, to: State, reason: str) -> None:
    log.warning("%s %s %s is %s: %s", bench.ledger.name, row.kind, row.id8, to, reason)
