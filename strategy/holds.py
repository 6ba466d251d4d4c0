"""Reasons not to act, always on, by amount: for each invoice, what is held plus what may be asked is what is open.

Two layers. Some reasons rest on one invoice or part of it (disputed, promised, claimed paid, never sent…); others on
the whole account (paused, books not reconciled, platform reminders…). What is left over is overdue or coming;
unapplied credit is taken off the oldest overdue first, because nobody is asked for what a credit would cover.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from strategy import disputes, placements
from strategy.account import Account, Receivable, TieOutState, Unapplied, money_in
from strategy.agreements import Dispute, Hold
from strategy.business_days import DAY, Calendar
from strategy.decision import Held, Reason, reason
from strategy.model import Currency, InvoiceId, Record, Sent, Switch
from strategy.plans import Judged as JudgedPlan
from strategy.promises import Judged, Verdict
from strategy.rules import DisputeStops, Holds
from strategy.touches import BY_ITSELF, CameOf, Touch, TouchState

STALE_AFTER = timedelta(days=1)
"""Books pulled longer ago than this are stale."""


PLANNED: Final = "planned"
"""The reason of what is paid in instalments."""

CREDIT_COVERS: Final = "credit_covers"
"""The reason of what unapplied credit comes to."""


class Agreed(Record):
    """Promises and plans because of which something rests on the day, with how much of each invoice."""

    promises: tuple[tuple[Judged, Mapping[InvoiceId, int]], ...] = ()
    plans: tuple[tuple[JudgedPlan, Mapping[InvoiceId, int]], ...] = ()


class Blocker(Record):
    """A reason that holds the whole account. `until`: the first day on which it may end by itself."""

    reason: Reason
    until: date | None = None


class Share(Record):
    """So much of a receivable may be asked for; `covered_minor` is what credit has taken off that already, so much of
    it money.
    """

    receivable: Receivable
    amount_minor: int
    covered_minor: int = 0
    covered_by_payment_minor: int = 0


class Coverage(Record):
    """One currency of an account: what may be asked for because overdue, what is coming, and what is held.

    `credit_left_minor` is what remains of the unapplied after the overdue.
    """

    currency: Currency
    overdue: tuple[Share, ...]
    coming: tuple[Share, ...]
    held: tuple[Held, ...]
    unapplied: tuple[Unapplied, ...]
    credit_left_minor: int

    @property
    def overdue_minor(self) -> int:
        """What may be asked for now."""
        return sum(share.amount_minor for share in self.overdue)


def blockers(account: Account, rule: Holds, calendar: Calendar, as_of: date) -> tuple[Blocker, ...]:
    """What holds the whole account on the day."""
    return (
        *(_by_person(hold) for hold in account.holds if hold.invoice_id is None and hold.stands(as_of)),
        *_disputes_everything(account, rule),
        *_unclear_send(account),
        *_next_action(account, as_of),
        *_reply(account, rule, calendar, as_of),
        *_placed(account, as_of),
        *_stale_books(account, rule, calendar, as_of),
        *_platform_reminders(account),
        *_out_of_balance(account),
        *_unreadable(account),
    )


def cover(
    account: Account,
    currency: Currency,
    *,
    rule: Holds,
    agreed: Agreed,
    blocked: tuple[Blocker, ...],
    as_of: date,
) -> Coverage:
    """Split everything open in one currency into what may be asked, what is coming, and what is held."""
    held: list[Held] = []
    overdue: list[Share] = []
    coming: list[Share] = []
    said, planned = _by_invoice(_said(account, rule, agreed, as_of)), _by_invoice(_planned(agreed, as_of))
    for receivable in account.receivables:
        if receivable.currency != currency:
            continue
        amount, this = receivable.open_minor, receivable.invoice_id
        if this in said or this in planned or _is_odd(receivable):
            claims = (*said.get(this, ()), *_by_the_books(account, receivable), *planned.get(this, ()))
            pieces = [_with(piece, blocked) for piece in _set_aside(receivable, claims)]
            held += pieces
            amount -= sum(piece.amount_minor for piece in pieces)
        rest = Share(receivable=receivable, amount_minor=amount)
        if amount and blocked:
            held.append(_blocked(rest, blocked, as_of))
        elif amount:
            (overdue if receivable.due_on < as_of else coming).append(rest)
    unapplied = tuple(one for one in account.unapplied if one.currency == currency)
    askable, covered, left = use_credit(overdue, unapplied, sum(one.amount_minor for one in unapplied))
    coverage = Coverage(
        currency=currency,
        overdue=tuple(askable),
        coming=tuple(coming),
        held=(*held, *covered),
        unapplied=unapplied,
        credit_left_minor=left,
    )
    return _too_little(account, coverage, rule)


def use_credit(
    shares: Sequence[Share], unapplied: tuple[Unapplied, ...], left: int
) -> tuple[list[Share], list[Held], int]:
    """Take so much credit off the shares, the first of them first. Where it is less than there is, the rest was used.

    Returns what is still askable, what the credit covers, and what is left of it.
    """
    if not left:
        return [*shares], [], 0
    askable: list[Share] = []
    covered: list[Held] = []
    numbers = ", ".join(one.number or one.id for one in unapplied)
    whole = sum(one.amount_minor for one in unapplied)
    for share in shares:
        used = min(left, share.amount_minor)
        money = money_in(unapplied, whole - left, used)
        left -= used
        if used:
            part = Share(receivable=share.receivable, amount_minor=used)
            covered.append(_held(part, (reason(CREDIT_COVERS, credits=numbers),), None))
        if share.amount_minor > used:
            rest = share.amount_minor - used
            askable.append(
                Share(
                    receivable=share.receivable, amount_minor=rest, covered_minor=used, covered_by_payment_minor=money
                )
            )
    return askable, covered, left


def hold_all(coverage: Coverage, *why: Reason, until: date | None = None) -> Coverage:
    """The same with everything overdue held for these reasons."""
    held = (_held(share, why, until) for share in coverage.overdue)
    return msgspec.structs.replace(coverage, overdue=(), held=(*coverage.held, *held))


def not_due(share: Share) -> Held:
    """What is coming is held by its due date."""
    due_on = share.receivable.due_on
    return _held(share, (reason("not_due", due_on=due_on),), due_on + DAY)


def _blocked(rest: Share, blocked: tuple[Blocker, ...], as_of: date) -> Held:
    if rest.receivable.due_on >= as_of:
        return _with(not_due(rest), blocked)
    return _held(rest, tuple(one.reason for one in blocked), _latest(blocked))


def _is_odd(receivable: Receivable) -> bool:
    """Whether the books hold the invoice, or a part of it."""
    return receivable.unreadable or receivable.doubtful_minor > 0 or receivable.sent is Sent.NO


_OnInvoice = tuple[int | None, Reason, date | None]
"""How much of the invoice (None: all), why, and the first day on which that may end by itself."""


def _set_aside(receivable: Receivable, claims: Sequence[_OnInvoice]) -> Iterator[Held]:
    """The parts of one invoice that are not asked for, in order; each takes from what the ones before left."""
    rest = receivable.open_minor
    for amount, why, until in claims:
        part = rest if amount is None else min(amount, rest)
        if part > 0:
            yield _held(Share(receivable=receivable, amount_minor=part), (why,), until)
            rest -= part


def _by_invoice(claims: Iterator[tuple[InvoiceId, _OnInvoice]]) -> Mapping[InvoiceId, Sequence[_OnInvoice]]:
    found: dict[InvoiceId, list[_OnInvoice]] = {}
    for invoice_id, claim in claims:
        found.setdefault(invoice_id, []).append(claim)
    return found


def _said(account: Account, rule: Holds, agreed: Agreed, as_of: date) -> Iterator[tuple[InvoiceId, _OnInvoice]]:
    """What was said or agreed of invoices: disputes, claims, promises, and what people hold."""
    yield from _disputed(account, rule)
    for claim in account.claims:
        if claim.rests(as_of):
            why = reason("claimed_paid", claim=claim.id, claimed_on=claim.claimed_on, until=claim.until)
            yield from ((one, (None, why, claim.until + DAY)) for one in claim.invoices)
    for one, parts in agreed.promises:
        until = None if one.verdict is Verdict.UNJUDGED else one.deadline + DAY
        yield from ((invoice_id, (amount, _promised(one), until)) for invoice_id, amount in parts.items())
    for hold in sorted(account.holds, key=lambda one: one.until or date.max, reverse=True):
        if hold.invoice_id is not None and hold.stands(as_of):
            blocker = _by_person(hold)
            yield hold.invoice_id, (hold.amount_minor, blocker.reason, blocker.until)


def _by_the_books(account: Account, receivable: Receivable) -> Iterator[_OnInvoice]:
    if receivable.sent is Sent.NO and account.ledger.invoices_leave_here:
        yield None, reason("never_sent"), None
    if receivable.unreadable:
        yield None, reason("unreadable"), None
    if receivable.doubtful_minor:
        yield receivable.doubtful_minor, reason("history_incomplete"), None


def _planned(agreed: Agreed, as_of: date) -> Iterator[tuple[InvoiceId, _OnInvoice]]:
    """Last, so that an instalment never asks for what rests for another reason."""
    for one, parts in agreed.plans:
        why = reason(PLANNED, plan=one.plan.id, state=one.standing.value, next_on=one.next_on(as_of))
        until = one.until(as_of)
        yield from ((invoice_id, (amount, why, until)) for invoice_id, amount in parts.items())


def _disputed(account: Account, rule: Holds) -> Iterator[tuple[InvoiceId, _OnInvoice]]:
    rest = disputes.resting(account)
    for dispute in account.disputes:
        if dispute.closed_on is not None:
            continue
        if dispute.outcome is None:
            amount = rest[dispute.id] if rule.dispute is DisputeStops.PART else None
            yield dispute.invoice_id, (amount, _in_dispute(dispute), None)
        else:
            facts = {"dispute": dispute.id, "resolved_on": dispute.resolved_on, "category": dispute.category}
            yield dispute.invoice_id, (rest[dispute.id], reason("credit_expected", **facts), None)


def _in_dispute(dispute: Dispute) -> Reason:
    return reason("disputed", dispute=dispute.id, opened_on=dispute.opened_on, category=dispute.category)


def _promised(one: Judged) -> Reason:
    deadline, promised_on = one.deadline, one.promise.promised_on
    until, state = None if one.verdict is Verdict.UNJUDGED else deadline, one.verdict.value
    return reason(
        "promised", promise=one.promise.id, promised_on=promised_on, deadline=deadline, until=until, state=state
    )


def _too_little(account: Account, coverage: Coverage, rule: Holds) -> Coverage:
    """Nothing is asked for at or below the minimum, nor more than the platform itself says is owed."""
    asked = coverage.overdue_minor
    if not asked:
        return coverage
    minimum = rule.minimum.get(coverage.currency, 0)
    if asked <= minimum:
        return hold_all(coverage, reason("below_minimum", minimum=minimum, currency=coverage.currency))
    for tie_out in account.tie_outs:
        theirs = tie_out.theirs_minor if tie_out.state is TieOutState.LESS else None
        if tie_out.currency == coverage.currency and theirs is not None and asked > theirs:
            why = reason("platform_says_less", asked=asked, theirs=theirs, currency=coverage.currency)
            return hold_all(coverage, why)
    return coverage


def _by_person(hold: Hold) -> Blocker:
    until = None if hold.until is None else hold.until + DAY
    why = reason(hold.kind, hold=hold.id, reason=hold.reason, since=hold.since, until=hold.until)
    return Blocker(reason=why, until=until)


def _disputes_everything(account: Account, rule: Holds) -> Iterator[Blocker]:
    if rule.dispute is DisputeStops.CUSTOMER:
        for dispute in account.disputes:
            if dispute.closed_on is None and dispute.outcome is None:
                yield Blocker(reason=_in_dispute(dispute))
                return


def _unclear_send(account: Account) -> Iterator[Blocker]:
    for touch in account.touches:
        if touch.state is TouchState.UNKNOWN:
            yield Blocker(reason=reason("outcome_unknown", step=touch.act, on=touch.on))
            return


def _next_action(account: Account, as_of: date) -> Iterator[Blocker]:
    """Whoever spoke with the customer said when to speak again: before and on that day nothing else is said."""
    for one in latest(account.came):
        if one.next_on is not None and one.on <= as_of <= one.next_on:
            outcome = one.outcome.replace("_", " ")
            why = reason("next_action", step=one.act, outcome=outcome, on=one.on, next_on=one.next_on)
            yield Blocker(reason=why, until=one.next_on + DAY)
            return


def _reply(account: Account, rule: Holds, calendar: Calendar, as_of: date) -> Iterator[Blocker]:
    """They wrote to us: until somebody notes an answer, or so many days are over, nothing is said. A reminder of the
    platform's own is no answer.
    """
    on = account.wrote_on
    if on is None or not rule.reply or any(_is_answer(touch, on) for touch in account.touches):
        return
    until = calendar.plus(account.ledger.company.country, on, rule.reply)
    if as_of <= until:
        yield Blocker(reason=reason("they_wrote", on=on, until=until), until=until + DAY)


def _is_answer(touch: Touch, since: date) -> bool:
    return touch.noted and touch.on >= since and touch.channel != BY_ITSELF


def _placed(account: Account, as_of: date) -> Iterator[Blocker]:
    """Nothing is chased beside an agency, and no statement is sent."""
    for agency, since in dict.fromkeys((one.what, one.on) for one in placements.placed(account, as_of)):
        yield Blocker(reason=reason("placed", agency=agency, since=since))


def latest(came: Sequence[CameOf]) -> Sequence[CameOf]:
    """What counts: of each step and customer, what came of it last; the latest of them first."""
    return [*{(one.act, one.currency, one.customer_id): one for one in came}.values()][::-1]


def _stale_books(account: Account, rule: Holds, calendar: Calendar, as_of: date) -> Iterator[Blocker]:
    ledger = account.ledger
    day = min(as_of, ledger.today)
    if ledger.pulled_on is None or day - ledger.pulled_on > STALE_AFTER:
        yield Blocker(reason=reason("pull_stale", pulled_on=ledger.in_truth(ledger.pulled_on)))
    through = ledger.reconciled_on
    if through is None or calendar.between(ledger.company.country, through, day) > rule.books:
        yield Blocker(reason=reason("books_not_reconciled", through=ledger.in_truth(through), within=rule.books))


def _platform_reminders(account: Account) -> Iterator[Blocker]:
    if account.ledger.reminders is Switch.ON:
        yield Blocker(reason=reason("platform_reminders_on"))
    elif account.ledger.reminders is Switch.UNKNOWN:
        yield Blocker(reason=reason("platform_reminders_unconfirmed"))


def _out_of_balance(account: Account) -> Iterator[Blocker]:
    if account.ledger.out_of_balance:
        yield Blocker(reason=reason("ledger_out_of_balance"))


def _unreadable(account: Account) -> Iterator[Blocker]:
    for name in account.unreadable:
        yield Blocker(reason=reason("customer_unreadable", customer=name))


def _held(share: Share, reasons: tuple[Reason, ...], until: date | None) -> Held:
    receivable = share.receivable
    return Held(
        invoice_id=receivable.invoice_id,
        customer_id=receivable.customer_id,
        number=receivable.number,
        currency=receivable.currency,
        amount_minor=share.amount_minor,
        until=until,
        reasons=reasons,
    )


def _with(held: Held, blocked: tuple[Blocker, ...]) -> Held:
    """The same part, held by the whole account's reasons besides its own."""
    if not blocked:
        return held
    until = _latest(blocked)
    return msgspec.structs.replace(
        held,
        until=None if until is None or held.until is None else max(until, held.until),
        reasons=(*held.reasons, *(one.reason for one in blocked)),
    )


def _latest(blocked: tuple[Blocker, ...]) -> date | None:
    """The first day on which all of them may have ended by themselves; None where one never does."""
    days = [one.until for one in blocked]
    return max((day for day in days if day is not None), default=None) if None not in days else None
