"""From decisions to the outbox and the journal: what is decided anew waits, what is no longer decided is withdrawn.

Deciding the same day twice adds nothing, because the key is the same. A person's approval binds to key, recipients and
letter, text and all: what it asks for may fall, and goes as it has become, and days on which nothing leaves may lie
between. Anything else that changes, and whatever holds it, brings the row back to be approved again.
"""

import hashlib

import msgspec

from strategy import explain
from strategy.account import Account
from strategy.decision import Decision, TaskAsked, Touchpoint, TouchpointKind
from strategy.model import InvoiceId
from sync import composing
from sync.bench import Bench
from sync.composing import NoLetter
from sync.store import agreeing, journal, outbox, work
from sync.store.database import Store
from sync.store.journal import Moment
from sync.store.outbox import Kind, New, OutboxRow, State

BY_STRATEGY = "strategy"
"""Who approves what needs no person."""


def id8(key: str) -> str:
    """Eight characters that stand for a key where people and the books see it."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def apply(bench: Bench, now: Moment, account: Account, decision: Decision) -> None:
    """Make the journal and the outbox say what was decided for the account. Belongs into a transaction."""
    store = bench.store
    _observe(store, now, account, decision)
    waiting = {row.key: row for row in outbox.waiting(store, now.ledger_id, decision.customer_id)}
    for touchpoint in decision.touchpoints:
        waiting.pop(touchpoint.key, None)
        put(bench, now, touchpoint)
    for asked in decision.tasks:
        give(store, now, asked)
    for row in waiting.values():
        take_back(store, now, row, decision)


def put(bench: Bench, now: Moment, touchpoint: Touchpoint) -> None:
    """Plan a touchpoint, or bring the row that it has already up to date."""
    row = outbox.by_key(bench.store, now.ledger_id, touchpoint.key)
    if row is None:
        outbox.insert(bench.store, now, _new(touchpoint), id8(touchpoint.key))
    elif row.state in {State.PLANNED, State.APPROVED, State.HELD, State.WITHDRAWN}:
        new = _new(touchpoint)
        if _approved_by_a_person(bench, row, touchpoint):
            new = msgspec.structs.replace(new, state=State.APPROVED, approved_by=row.approved_by)
        outbox.update(bench.store, now, row, new)


def approve(bench: Bench, now: Moment, row: OutboxRow) -> bool:
    """A person lets it go, as the row says and in the text that its letter has now. False where it is not (any longer)
    planned, or was decided otherwise since the row was read.
    """
    return row.state is State.PLANNED and outbox.approve(bench.store, now, row, _text(bench, row.touchpoint()))


def take_back(store: Store, now: Moment, row: OutboxRow, decision: Decision) -> None:
    """A row that is no longer decided: held where something holds its invoices, else withdrawn."""
    named = {asked.invoice_id for asked in row.touchpoint().invoices}
    reasons = {
        explain.sentence(why)
        for held in decision.held
        if held.invoice_id in named
        for why in held.reasons
        if why.code not in {"not_due", "waiting", "gap", "most", "closed_day", "handed_over", "ramp", "payment_run"}
    }
    why = " ".join(sorted(reasons))
    if why and (row.state, row.reason) != (State.HELD, why):
        outbox.move(store, now, row, State.HELD, why)
    elif not why:
        still_open = {held.invoice_id for held in decision.held} | {
            asked.invoice_id for touchpoint in decision.touchpoints for asked in touchpoint.invoices
        }
        gone = "Another step or day is right now." if named & still_open else "Nothing of it is open any more."
        outbox.move(store, now, row, State.WITHDRAWN, gone)


def ask_instead(store: Store, now: Moment, notice: Touchpoint) -> None:
    """A notice that was refused becomes a task of the person whom it was for: nobody stays uninformed."""
    asked = TaskAsked(
        ledger=notice.ledger,
        kind="look",
        customer_id=notice.customer_id,
        customer_name=notice.customer_name,
        currency=notice.currency,
        act=notice.act,
        occasion=notice.occasion,
        case=notice.case,
        who=notice.role,
        what="",
        amount_minor=notice.amount_minor,
        invoices=notice.invoices,
        why=notice.why,
    )
    give(store, now, asked)


def _approved_by_a_person(bench: Bench, row: OutboxRow, touchpoint: Touchpoint) -> bool:
    """Whether a person's word for a row holds for what it says now; the strategy's own is given anew every time."""
    if row.state not in {State.APPROVED, State.WITHDRAWN} or row.approved_by in {None, BY_STRATEGY}:
        return False
    if not approval_holds(row.touchpoint(), touchpoint):
        return False
    return outbox.approved_text(bench.store, row) in {None, _text(bench, touchpoint)}


def _text(bench: Bench, touchpoint: Touchpoint) -> str:
    """The hash of a letter's text, "" where there is no such letter."""
    try:
        _, _, source = composing.source_of(bench, touchpoint)
    except NoLetter:
        return ""
    return hashlib.sha256(source.encode()).hexdigest()


def approval_holds(approved: Touchpoint, now: Touchpoint) -> bool:
    """Whether what was approved still covers what would leave: the same words to the same people, about no other
    invoices, for no more.
    """
    same = ("to", "letter", "language", "channel", "attach", "statement")
    if any(getattr(approved, field) != getattr(now, field) for field in same):
        return False
    if not set(_about(now)) <= set(_about(approved)):
        return False
    before = {asked.invoice_id: asked.asked_minor for asked in approved.invoices}
    return all(asked.asked_minor <= before.get(asked.invoice_id, -1) for asked in now.invoices)


def _about(touchpoint: Touchpoint) -> tuple[InvoiceId, ...]:
    """What it asks for, or where it asks for nothing, what it mentions: a reminder is not about what is coming."""
    return tuple(asked.invoice_id for asked in touchpoint.invoices or touchpoint.coming)


def _observe(store: Store, now: Moment, account: Account, decision: Decision) -> None:
    """Cases, segment and triggers as they stand after the day."""
    known = {(case.customer_id, case.currency, case.number): case for case in account.cases}
    for case in decision.cases:
        before, whose = (
            known.get((case.customer_id, case.currency, case.number)),
            case.customer_id or decision.customer_id,
        )
        if before is None:
            journal.open_case(store, now, whose, case.currency, case.number, case.opened_on)
        elif before.closed_on is None and case.closed_on is not None:
            journal.close_case(store, now, whose, case.currency, case.number)
        elif before.closed_on is not None and case.closed_on is None:
            journal.reopen_case(store, now, whose, case.currency, case.number)
    for dispute_id in decision.settled_disputes:
        agreeing.end_dispute(store, now, dispute_id)
    placed = decision.placed
    if account.placement is None or account.placement.segment != placed.segment:
        why = [explain.sentence(one) for one in placed.why]
        journal.place(store, now, decision.customer_id, placed.segment, placed.was, why)
    _keep_triggers(store, now, account, decision)


def _keep_triggers(store: Store, now: Moment, account: Account, decision: Decision) -> None:
    for one in decision.fired:
        journal.set_trigger(store, now, decision.customer_id, one.name, fired=True, told=one.told)
    for name in sorted(account.triggers_true - decision.triggers_true):
        journal.set_trigger(store, now, decision.customer_id, name, fired=False)
    for heard in decision.end_heard:
        journal.set_told(store, now, decision.customer_id, heard.trigger, heard.role)
    for left in decision.left_behind:
        if left.customer_id != decision.customer_id:
            journal.set_trigger(store, now, left.customer_id, left.trigger, fired=False)


def give(store: Store, now: Moment, asked: TaskAsked) -> None:
    """A task is given at once: it leaves nobody's house."""
    if outbox.by_key(store, now.ledger_id, asked.key) is None:
        new = New(
            key=asked.key,
            kind=Kind.TASK,
            state=State.SENT,
            customer_id=asked.customer_id,
            currency=asked.currency,
            case=asked.case,
            act=asked.act,
            occasion=asked.occasion,
            channel="task",
            attempt=1,
            amount_minor=asked.amount_minor,
            decided=msgspec.json.encode(asked),
            approved_by=BY_STRATEGY,
            invoices=tuple(one.invoice_id for one in asked.invoices),
        )
        work.add_task(store, now, asked, outbox.insert(store, now, new, id8(asked.key)))


def _new(touchpoint: Touchpoint) -> New:
    internal = touchpoint.kind is TouchpointKind.NOTICE
    return New(
        key=touchpoint.key,
        kind=Kind.NOTICE if internal else Kind.MESSAGE,
        state=State.PLANNED if touchpoint.approval else State.APPROVED,
        customer_id=touchpoint.customer_id,
        currency=touchpoint.currency,
        case=touchpoint.case,
        act=touchpoint.act,
        occasion=touchpoint.occasion,
        channel=touchpoint.channel,
        attempt=touchpoint.attempt,
        amount_minor=touchpoint.amount_minor,
        decided=msgspec.json.encode(touchpoint),
        statement=touchpoint.statement,
        deadline_days=touchpoint.deadline_days,
        opens_at=touchpoint.window.opens,
        closes_at=touchpoint.window.closes,
        approved_by=None if touchpoint.approval else BY_STRATEGY,
        invoices=_about(touchpoint),
    )
