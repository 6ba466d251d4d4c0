"""The days to come of one account: deciding rolled forward day by day, as if nothing changed.

Nothing is invoiced or paid and nobody says anything; every hold and every agreement runs as it stands. What is decided
leaves on its day, approved at once, and the books are read and matched as promptly as they are now. An account that
has a day of the ramp keeps it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from strategy.account import Account, Placement
from strategy.business_days import DAY, Calendar
from strategy.decision import Decision, TaskAsked, Touchpoint, TouchpointKind
from strategy.model import InvoiceId
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.touches import Touch

HORIZON: Final = timedelta(days=366)
"""So far is looked ahead for what happens next."""

QUIET: Final = frozenset(
    {
        "not_due",
        "waiting",
        "gap",
        "most",
        "closed_day",
        "payment_run",
        "ramp",
        "handed_over",
        "schedule_ended",
        "deadline_runs",
    }
)
"""Reasons that only wait for a day or a step: while no others come or go, nothing happens."""


def roll(account: Account, strategy: Strategy, calendar: Calendar, first: date) -> Iterator[tuple[Account, Decision]]:
    """The account as it stands on each day from `first` on, before deciding, and the decision. It never ends."""
    day = first
    while True:
        decision = plan_account(account, strategy, calendar, day)
        yield account, decision
        account, day = _on_the_next_day(after(account, decision)), day + DAY


def stand(account: Account, strategy: Strategy, calendar: Calendar, first: date, day: date) -> Account:
    """The account of `first` as it will stand on the day."""
    days = roll(account, strategy, calendar, first)
    return next(then for then, decision in days if decision.as_of >= day)


def changes(
    account: Account, strategy: Strategy, calendar: Calendar, as_of: date, invoice_id: InvoiceId | None = None
) -> Iterator[Decision]:
    """The decisions after the day, within the horizon, by which something happens with the invoice, or (None) with any.

    Somebody hears of it or gets work because of it, or what holds it comes or goes.
    """
    before: _Holds | None = None
    for _, decision in roll(account, strategy, calendar, as_of):
        now = _holds(decision, invoice_id)
        if before is not None and (now != before or is_spoken_of(decision, invoice_id)):
            yield decision
        if decision.as_of - as_of >= HORIZON:
            return
        before = now


def next_change(
    account: Account, strategy: Strategy, calendar: Calendar, as_of: date, invoice_id: InvoiceId | None = None
) -> Decision | None:
    """The first of them; None where there is none."""
    return next(changes(account, strategy, calendar, as_of, invoice_id), None)


def is_spoken_of(decision: Decision, invoice_id: InvoiceId | None) -> bool:
    """Whether anybody hears of the invoice, or of any, or is asked to do something about it."""
    if invoice_id is None:
        return bool(decision.touchpoints or decision.tasks)
    touched = (one for said in decision.touchpoints for one in (*said.invoices, *said.coming))
    work = (one for task in decision.tasks for one in task.invoices)
    return any(one.invoice_id == invoice_id for one in (*touched, *work))


def after(account: Account, decision: Decision) -> Account:
    """The account once everything that was decided has left: as the outbox and the journal would have it."""
    said = [one for one in decision.touchpoints if one.kind is not TouchpointKind.NOTICE]
    notices = [one for one in decision.touchpoints if one.kind is TouchpointKind.NOTICE]
    done = {(one.act, one.occasion, one.currency) for one in notices}
    done |= {(one.act, one.occasion, one.currency) for one in decision.tasks}
    counts = dict(account.trigger_counts)
    for one in decision.fired:
        counts[one.name] = counts.get(one.name, 0) + 1
    over = set(decision.settled_disputes)
    disputes = (replace(one, closed_on=decision.as_of) if one.id in over else one for one in account.disputes)
    tasks = (_touch(one, "task", decision.as_of) for one in decision.tasks if one.case is not None)
    return replace(
        account,
        cases=decision.cases,
        placement=Placement(segment=decision.placed.segment, since=decision.placed.since),
        triggers_true=decision.triggers_true,
        trigger_counts=counts,
        told=tuple(one for one in account.told if one not in decision.left_behind),
        disputes=tuple(disputes),
        done=account.done | done,
        touches=(*account.touches, *tasks, *(_touch(one, one.channel, decision.as_of) for one in said)),
    )


def _touch(one: Touchpoint | TaskAsked, channel: str, on: date) -> Touch:
    coming = one.coming if isinstance(one, Touchpoint) else ()
    named = tuple(asked.invoice_id for asked in one.invoices or coming)
    return Touch(
        on=on,
        act=one.act,
        occasion=one.occasion,
        case=one.case,
        currency=one.currency,
        channel=channel,
        invoices=frozenset(named),
        lead=next(iter(named), None),
        statement=one.statement if isinstance(one, Touchpoint) else None,
        deadline_days=one.deadline_days if isinstance(one, Touchpoint) else 0,
    )


def _on_the_next_day(account: Account) -> Account:
    ledger = account.ledger
    return replace(
        account,
        ledger=replace(
            ledger,
            today=ledger.today + DAY,
            ahead=ledger.ahead + DAY,
            pulled_on=ledger.pulled_on and ledger.pulled_on + DAY,
            reconciled_on=ledger.reconciled_on and ledger.reconciled_on + DAY,
        ),
    )


_Holds = frozenset[tuple[InvoiceId, str, int]]
"""What is held because of what, by invoice, reason and amount."""


def _holds(decision: Decision, invoice_id: InvoiceId | None) -> _Holds:
    return frozenset(
        (held.invoice_id, why.code, held.amount_minor)
        for held in decision.held
        for why in held.reasons
        if why.code not in QUIET and invoice_id in {None, held.invoice_id}
    )
