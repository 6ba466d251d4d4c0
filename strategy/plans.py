"""Payment plans: instalments of what is open, judged by the books, and what of each invoice rests because of them.

A plan is patience, no new debt: its invoices stay open and age. What was agreed is kept as it was said (a deposit, so
many instalments, their days); what each instalment is comes from that and from the books of the day. Where the books
ask for less than was agreed, by a credit note or a voided invoice, the last instalments shrink, or all of them. None
ever grows: what is invoiced later, or raised, is no part of the plan.

Where another account has some of its invoices by now, the plan is reckoned as one, and each account has the part of
every instalment that falls on its own: what is to come is laid on what is open, from the oldest invoice on.

Missed beyond its days of cure, one instalment (or so many in a row) ends the plan, if the books are matched through its
day. Then everything is asked for again, or what was missed. What nobody could ask for, or credit covers, is not missed.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import accumulate, chain

from msgspec.structs import replace

from strategy import excuses, payments
from strategy.account import Account, Receivable, Settlement
from strategy.agreements import Every, Plan
from strategy.business_days import DAY, Calendar
from strategy.excuses import Excuses
from strategy.model import InvoiceId, Record
from strategy.payments import Paid
from strategy.rules import Less, PlanRule, Strategy


class Standing(StrEnum):
    """PROPOSED and CANCELLED plans let nothing rest, COMPLETED ones have nothing left, DEFAULTED ones were not kept.

    VOID: there is nothing left to pay and nothing was, because all of its invoices were voided or deleted.
    ACCEPTED: nothing of it is due yet. IN_CURE: an instalment is late, and may still come.
    """

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    IN_CURE = "in_cure"
    DEFAULTED = "defaulted"
    COMPLETED = "completed"
    VOID = "void"
    CANCELLED = "cancelled"


class Instalment(Record):
    """As the books leave it. `number` counts from 1, 0 is the deposit. `deadline` is the last of its days of cure, that
    follow its own day, or the last on which something excused it. `is_missed`: it did not come by then.
    """

    number: int
    due_on: date
    deadline: date
    amount_minor: int
    paid_minor: int
    is_missed: bool = False

    @property
    def left_minor(self) -> int:
        """What is still to come of it."""
        return self.amount_minor - self.paid_minor


class Judged(Record):
    """A plan and where it stands. `missed` is the instalment that ended it. `still_open`: of those of its invoices that
    are on this account, oldest first.
    """

    plan: Plan
    standing: Standing
    instalments: tuple[Instalment, ...]
    still_open: Mapping[InvoiceId, int]
    missed: Instalment | None = None

    @property
    def rests(self) -> bool:
        """Whether only its instalments are asked for."""
        return self.standing in {Standing.ACCEPTED, Standing.ACTIVE, Standing.IN_CURE}

    @property
    def total_minor(self) -> int:
        """What it brings in all, by the books of the day."""
        return sum(one.amount_minor for one in self.instalments)

    def unpaid(self) -> tuple[Instalment, ...]:
        """The instalments of which something is still to come, in their order."""
        return tuple(one for one in self.instalments if one.left_minor)

    def due_minor(self, as_of: date) -> int:
        """What should have come before the day and has not."""
        return sum(one.left_minor for one in self.instalments if one.due_on < as_of)

    def until(self, as_of: date) -> date | None:
        """The first day on which what rests may change by itself: after the next instalment, or after days of cure."""
        first = next((one for one in self.unpaid() if one.deadline >= as_of), None)
        if first is None:
            return None
        return (first.due_on if first.due_on >= as_of else first.deadline) + DAY

    def next_on(self, as_of: date) -> date | None:
        """The day of the next instalment, today's included; None after the last."""
        return min((one.due_on for one in self.unpaid() if one.due_on >= as_of), default=None)


def judge(account: Account, strategy: Strategy, calendar: Calendar, as_of: date) -> tuple[Judged, ...]:
    """Every plan of the account made by the day, judged as on that day."""
    made = [plan for plan in account.plans if plan.made_on <= as_of]
    return tuple(_judge(own, plan, strategy, calendar, as_of) for plan, own in _each_with_its_own(account, made))


def _each_with_its_own(account: Account, plans: Sequence[Plan]) -> Iterator[tuple[Plan, Account]]:
    """Each with the account of its invoices alone: what is open and what was settled is gone through once for all."""
    rows: dict[InvoiceId, list[Receivable]] = {one: [] for plan in plans for one, _ in plan.amounts}
    parts: dict[InvoiceId, list[Settlement]] = {one: [] for one in rows}
    for row in account.receivables if rows else ():
        if row.invoice_id in rows:
            rows[row.invoice_id].append(row)
    for part in account.settlements if rows else ():
        if part.invoice_id in parts:
            parts[part.invoice_id].append(part)
    for plan in plans:
        own = dict(plan.amounts)
        receivables, settlements = (tuple(chain.from_iterable(each[one] for one in own)) for each in (rows, parts))
        yield plan, replace(account, receivables=receivables, settlements=settlements)


def resting(judged: tuple[Judged, ...], rule: PlanRule, as_of: date) -> Iterator[tuple[Judged, int]]:
    """Plans because of which something rests, and how much of them in all."""
    for one in judged:
        whole = sum(one.still_open.values())
        if one.rests:
            yield one, whole
        elif one.standing is Standing.DEFAULTED and not rule.accelerate:
            yield one, whole - min(whole, one.due_minor(as_of))


def spread(rest_minor: int, judged: Judged) -> Mapping[InvoiceId, int]:
    """So much of the plan over its invoices, the newest first: what is asked for is asked of the oldest."""
    parts: dict[InvoiceId, int] = {}
    for invoice_id, open_minor in reversed([*judged.still_open.items()]):
        parts[invoice_id] = min(open_minor, rest_minor)
        rest_minor -= parts[invoice_id]
    return parts


def amounts(plan: Plan, total_minor: int, less: Less) -> tuple[int, ...]:
    """Deposit and instalments that bring the total, which is what was agreed or less. The last one takes what rounding
    leaves.
    """
    agreed = _split(plan, plan.total_minor)
    if total_minor >= plan.total_minor:
        return agreed
    if less is Less.ALL:
        return _split(plan, total_minor)
    reached = (min(so_far, total_minor) for so_far in accumulate(agreed))
    return tuple(_steps(reached))


def days(plan: Plan) -> Iterator[tuple[int, date]]:
    """Number and day of the deposit, where there is one, and of each instalment."""
    if plan.deposit_minor and plan.deposit_on:
        yield 0, plan.deposit_on
    for number in range(plan.instalments):
        yield number + 1, _later(plan.first_on, plan.every, number)


def _judge(account: Account, plan: Plan, strategy: Strategy, calendar: Calendar, as_of: date) -> Judged:
    rule = strategy.plan
    was_open, paid = _open(account, plan), payments.since(plan, _payments(account, plan), as_of)
    sums = amounts(plan, sum(was_open.values()) + sum(paid.values()), rule.less)
    paid_here, so_far = sum(_here(plan, paid).values()), [*accumulate(sums)]
    here = [*_steps([min(one, paid_here) + _lacking(plan, one, paid, was_open) for one in so_far])]

    def cured(day: date) -> date:
        return calendar.plus(account.ledger.company.country, day, rule.cure)

    excused = excuses.of_plan(account, plan, strategy.holds.dispute, cured)

    @cache
    def then(day: date) -> _Then:
        return _then(account, plan, excused, day)

    def instalment(place: int, number: int, due_on: date) -> Instalment:
        cure = _cure(plan, then, excused, (due_on, cured(due_on)), so_far[place])
        return Instalment(
            number=number,
            due_on=due_on,
            deadline=cure[1],
            amount_minor=here[place],
            paid_minor=min(here[place], max(0, paid_here - sum(here[:place]))),
            is_missed=sums[place] > 0 and as_of > cure[1] and _is_missed(account, plan, then, cure, so_far[place]),
        )

    instalments = tuple(instalment(place, number, day) for place, (number, day) in enumerate(days(plan)))
    still_open = _here(plan, was_open)
    open_minor = sum(still_open.values())
    standing, missed = _standing(account, plan, instalments, rule, open_minor=open_minor, as_of=as_of)
    return Judged(plan=plan, standing=standing, instalments=instalments, still_open=still_open, missed=missed)


def _standing(
    account: Account, plan: Plan, instalments: tuple[Instalment, ...], rule: PlanRule, *, open_minor: int, as_of: date
) -> tuple[Standing, Instalment | None]:
    if plan.ended_on is not None:
        return Standing.CANCELLED, None
    if not open_minor:
        return (Standing.COMPLETED if _settled(account, plan) else Standing.VOID), None
    if plan.accepted_on is None:
        return Standing.PROPOSED, None
    if missed := _ended_by(instalments, rule):
        return Standing.DEFAULTED, missed
    if any(one.due_on < as_of and one.left_minor for one in instalments):
        return Standing.IN_CURE, None
    begun = any(one.due_on <= as_of or one.paid_minor for one in instalments)
    return Standing.ACTIVE if begun else Standing.ACCEPTED, None


def _ended_by(instalments: tuple[Instalment, ...], rule: PlanRule) -> Instalment | None:
    """The instalment with which too many in a row were missed; what came after its deadline makes up for nothing."""
    in_a_row = 0
    for one in instalments:
        in_a_row = in_a_row + 1 if one.is_missed else 0
        if in_a_row >= rule.missed:
            return one
    return None


_Cure = tuple[date, date]
"""The day after which the days of cure of an instalment begin, and the last of them."""


class _Then(Record):
    """A plan's invoices on a day: what had been paid of each and what was open, how much of that on this account could
    be asked for, and what credit covered.
    """

    paid: Mapping[InvoiceId, int]
    was_open: Mapping[InvoiceId, int]
    askable_minor: int
    credit_minor: int


def _then(account: Account, plan: Plan, excused: Excuses, day: date) -> _Then:
    was_open = _open(account, plan, day)
    here = _here(plan, was_open)
    return _Then(
        paid=payments.since(plan, _payments(account, plan), day),
        was_open=was_open,
        askable_minor=sum(here.values()) - excused.held_minor(here, day),
        credit_minor=excused.credit_minor(day),
    )


def _cure(plan: Plan, then: Callable[[date], _Then], excused: Excuses, own: _Cure, so_far: int) -> _Cure:
    """Its own, or those that began when what excused it was over. `so_far` of the plan should have come with it."""
    cure = own
    for ended_on, until in excused.cures(own[1]):
        if not _is_excused(plan, then(cure[1]), so_far):
            break
        cure = (max(own[0], ended_on), until)
    return cure


def _is_missed(account: Account, plan: Plan, then: Callable[[date], _Then], cure: _Cure, so_far: int) -> bool:
    begun, deadline = cure
    if not account.ledger.books_reach(begun):
        return False
    by_then = then(deadline)
    return _lacking(plan, so_far, by_then.paid, by_then.was_open) > 0 and not _is_excused(plan, by_then, so_far)


def _is_excused(plan: Plan, then: _Then, so_far: int) -> bool:
    """Whether something is lacking on the day, and no more of it could be asked for than credit covered."""
    lacking = _lacking(plan, so_far, then.paid, then.was_open)
    return lacking > 0 and min(lacking, then.askable_minor) <= then.credit_minor


def _lacking(plan: Plan, so_far: int, paid: Mapping[InvoiceId, int], was_open: Mapping[InvoiceId, int]) -> int:
    """What of so much had not come by a day, and is this account's: it lacks of the oldest invoices that were open."""
    own = {*plan.invoices}
    lacking, here = so_far - sum(paid.values()), 0
    for invoice_id, open_minor in was_open.items():
        part = max(0, min(open_minor, lacking))
        lacking -= part
        here += part if invoice_id in own else 0
    return here


def _here(plan: Plan, of_each: Mapping[InvoiceId, int]) -> dict[InvoiceId, int]:
    """Of those of its invoices that are on this account, oldest first."""
    return {one: of_each[one] for one in plan.invoices if one in of_each}


def _payments(account: Account, plan: Plan) -> Iterator[Paid]:
    """Payments on all of its invoices, whoever's they are."""
    for part in account.settlements:
        if part.by_payment:
            yield part.invoice_id, part.settled_on, part.amount_minor
    for other in plan.elsewhere:
        for settled_on, amount in other.paid:
            yield other.invoice_id, settled_on, amount


def _open(account: Account, plan: Plan, until: date = date.max) -> dict[InvoiceId, int]:
    """What is open of its invoices now, or was before what came after a day; at most what was agreed on, the oldest
    first.
    """
    then = Counter({one.invoice_id: one.open_minor for one in account.receivables})
    then.update({one.invoice_id: one.open_minor for one in plan.elsewhere})
    for invoice_id, settled_on, amount in _payments(account, plan):
        then[invoice_id] += amount if settled_on > until else 0
    return {invoice_id: min(planned, then[invoice_id]) for invoice_id, planned in plan.amounts if then[invoice_id] > 0}


def _settled(account: Account, plan: Plan) -> bool:
    """Whether anything ever settled one of its invoices: what is voided or deleted is settled by nothing."""
    own = {*plan.invoices}
    return any(part.invoice_id in own for part in account.settlements)


def _split(plan: Plan, total_minor: int) -> tuple[int, ...]:
    """The deposit, and the rest in equal parts or those that were agreed, each rounded to the nearest; the last takes
    what that leaves.
    """
    deposit = min(plan.deposit_minor, total_minor)
    rest, count = total_minor - deposit, plan.instalments
    share = (2 * rest + count) // (2 * count)
    equal = [share * number for number in range(1, count)]
    whole = sum(plan.parts)
    agreed = [(2 * rest * so_far + whole) // (2 * whole) for so_far in accumulate(plan.parts[:-1])] if whole else equal
    reached = [min(rest, so_far) for so_far in agreed]
    return (*([deposit] if plan.deposit_minor else []), *_steps([*reached, rest]))


def _steps(reached: "Iterator[int] | list[int]") -> Iterator[int]:
    before = 0
    for so_far in reached:
        yield so_far - before
        before = so_far


def _later(first: date, every: Every, times: int) -> date:
    if every is not Every.MONTH:
        return first + timedelta(days=times * (7 if every is Every.WEEK else 14))
    year, month = divmod(first.year * 12 + first.month - 1 + times, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
