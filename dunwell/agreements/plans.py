"""They will pay in instalments: within what the strategy allows, for what is open and nobody has planned yet."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from dunwell.agreements.fresh import again
from dunwell.agreements.refusing import Refused, minor, not_past, one_currency
from dunwell.agreements.telling import Told, tell
from strategy import payments, plans, promises
from strategy.account import Account, Receivable
from strategy.agreements import Every, HoldKind, Plan
from strategy.explain import amount
from strategy.model import Currency, Record
from strategy.plans import Judged
from strategy.promises import Verdict
from strategy.rules import PlanRule
from strategy.situation import situate
from sync.bench import Bench
from sync.store import agreeing, agreements
from sync.store.database import Store
from sync.store.journal import Moment

_WHOLE_BP = 10_000
_ACCEPTED = "accepted"
_NO_PLAN = frozenset({HoldKind.INSOLVENT, HoldKind.LEGAL})
"""Whoever is insolvent or before a court does not bargain with us any more."""


class Offer(Record):
    """What is offered. Without invoices all that is overdue is meant. `deposit` is due on `deposit_on`, else today.

    `amounts` of the instalments where they are not equal; the last may be left out, and is what is left. `proposed`:
    they have not agreed yet. `anyway`: although the strategy does not allow it.
    """

    instalments: int
    first_on: date
    every: Every = Every.MONTH
    deposit: Decimal | None = None
    deposit_on: date | None = None
    currency: str | None = None
    invoices: tuple[Receivable, ...] = ()
    amounts: tuple[Decimal, ...] = ()
    proposed: bool = False
    anyway: bool = False


def agree(bench: Bench, account: Account, offer: Offer, who: str) -> tuple[int, Judged]:
    """Record a plan; its number, and the plan as it stands. Raises `Refused`."""
    now = bench.moment(who)
    with bench.store.transaction():
        account, named = again(bench, account, offer.invoices)
        plan, currency = _offered(account, named, offer, now.on)
        _is_possible(bench, account, plan, now.on)
        if not offer.anyway:
            _is_allowed(bench, account, plan, now.on)
        plan_id = agreeing.add_plan(bench.store, now, account.customer.id, plan)
        _count(bench, account, plan_id, now.on)
        state = "proposed" if offer.proposed else "agreed"
        text = (
            f"payment plan {plan_id} {state}: {amount(plan.total_minor, currency)} in {plan.instalments} instalments, "
            f"one a {plan.every} from {plan.first_on} (told to {who})."
        )
        told = Told(occasion=f"plan-{plan_id}-{state}", lead=plan.invoices[0], currency=currency, text=text)
        tell(bench, now, account, told)
    made = bench.account(account.customer.id, now.on)
    (judged,) = (one for one in (standing(bench, made) if made else ()) if one.plan.id == plan_id)
    return plan_id, judged


def accept(bench: Bench, number: int, who: str, *, anyway: bool = False) -> bool:
    """They agree to what was proposed; False where there is no such plan. Raises `Refused` where its first day is over,
    nothing of it is open, one of its invoices has been planned otherwise since, or the strategy does not allow it.
    """

    def check(account: Account, plan: Plan, today: date) -> None:
        _is_timely(account, plan, today)
        _is_free(bench, account, plan)
        if not anyway:
            _is_allowed(bench, account, plan, today)

    return _moved(bench, number, _ACCEPTED, agreeing.accept_plan, who, check)


def end(bench: Bench, number: int, who: str) -> bool:
    """A person ends a plan; False where there is none to end."""
    return _moved(bench, number, "ended", agreeing.end_plan, who)


_Check = Callable[[Account, Plan, date], None]
"""What has to be true of a plan on the day; raises `Refused`."""


def _moved(
    bench: Bench,
    number: int,
    how: str,
    move: Callable[[Store, Moment, int], bool],
    who: str,
    check: _Check | None = None,
) -> bool:
    """Record it, and tell the books where they hear of what was agreed."""
    now = bench.moment(who)
    with bench.store.transaction():
        listed = next((one for one in agreements.plans(bench.store, bench.ledger.id) if one.id == number), None)
        account = bench.account(listed.customer_id, now.on) if listed else None
        plan = next((one for one in account.plans if one.id == number), None) if account else None
        if check and account and plan and plan.accepted_on is None and plan.ended_on is None:
            check(account, plan, now.on)
        if not move(bench.store, now, number):
            return False
        if account and plan:
            text = f"payment plan {number} {how} (told to {who})."
            told = Told(occasion=f"plan-{number}-{how}", lead=plan.invoices[0], currency=plan.currency, text=text)
            tell(bench, now, account, told)
    return True


def standing(bench: Bench, account: Account) -> tuple[Judged, ...]:
    """The account's plans and where they stand."""
    today = bench.today()
    return plans.judge(account, bench.settings.strategy, bench.calendar(today), today)


def _count(bench: Bench, account: Account, plan_id: int, today: date) -> None:
    """Keep what is paid of its invoices, in the books read again: of one in a plan it is known however old it is."""
    planned = bench.account(account.customer.id, today) or account
    invoices = {invoice_id for one in planned.plans if one.id == plan_id for invoice_id, _ in one.amounts}
    agreeing.count_plan(bench.store, plan_id, payments.through(planned, invoices, today))


def _offered(account: Account, named: tuple[Receivable, ...], offer: Offer, today: date) -> tuple[Plan, Currency]:
    """The plan of the invoices that are named, or of all that is overdue, and its currency."""
    rows = named or tuple(row for row in account.receivables if row.due_on < today)
    if not rows:
        raise Refused(f"nothing of {account.customer.name} is overdue; name the invoices that are planned")
    currency = one_currency(rows, offer.currency)
    return _plan(tuple(row for row in rows if row.currency == currency), offer, today), currency


def _plan(rows: tuple[Receivable, ...], offer: Offer, today: date) -> Plan:
    currency = rows[0].currency
    deposit = 0 if offer.deposit is None else minor(offer.deposit, currency)
    rest = sum(row.open_minor for row in rows) - deposit
    return Plan(
        id=0,
        currency=currency,
        amounts=tuple(
            (row.invoice_id, row.open_minor) for row in sorted(rows, key=lambda one: (one.due_on, one.number))
        ),
        made_on=today,
        accepted_on=None if offer.proposed else today,
        instalments=offer.instalments,
        first_on=offer.first_on,
        every=offer.every,
        deposit_minor=deposit,
        deposit_on=(offer.deposit_on or today) if deposit else None,
        parts=_parts(offer, rest, currency) if offer.amounts else (),
    )


def _parts(offer: Offer, rest: int, currency: Currency) -> tuple[int, ...]:
    """The instalments' own amounts, the last one filled in. Raises `Refused` where they do not make the rest."""
    given = tuple(minor(one, currency) for one in offer.amounts)
    if len(given) == offer.instalments - 1:
        given = (*given, rest - sum(given))
    if len(given) != offer.instalments:
        raise Refused(f"there are {len(offer.amounts)} amounts for {offer.instalments} instalments")
    if sum(given) != rest or min(given) <= 0:
        told = " + ".join(amount(one, currency) for one in given)
        raise Refused(f"{told} do not make the {amount(rest, currency)} that are paid in instalments")
    return given


def _is_possible(bench: Bench, account: Account, plan: Plan, today: date) -> None:
    """What no permission could make right."""
    not_past("a first instalment on", plan.first_on, today)
    if plan.deposit_on:
        not_past("a deposit on", plan.deposit_on, today)
    if plan.deposit_on and plan.deposit_on > plan.first_on:
        raise Refused(f"the deposit of {plan.deposit_on} comes after the first instalment of {plan.first_on}")
    if plan.deposit_minor >= plan.total_minor:
        raise Refused(
            f"a deposit of {amount(plan.deposit_minor, plan.currency)} leaves nothing of the "
            f"{amount(plan.total_minor, plan.currency)} that is planned"
        )
    if 0 in plans.amounts(plan, plan.total_minor, bench.settings.strategy.plan.less):
        raise Refused(f"{amount(plan.total_minor, plan.currency)} does not make {plan.instalments} instalments")
    _is_free(bench, account, plan)


def _is_timely(account: Account, plan: Plan, today: date) -> None:
    """Raises `Refused` where a proposal has lain too long: its first day is over, or nothing of it is open."""
    first_on = min(day for _, day in plans.days(plan))
    still_open = {row.invoice_id for row in account.receivables}
    still_open |= {one.invoice_id for one in plan.elsewhere if one.open_minor}
    instead = f"end it and make a new one: dunwell payment-plan end {account.ledger.name} {plan.id}"
    if not still_open & {invoice_id for invoice_id, _ in plan.amounts}:
        raise Refused(f"nothing of payment plan {plan.id} is open any more: it is paid, credited or void; {instead}")
    if first_on < today:
        raise Refused(f"the first day of payment plan {plan.id}, {first_on}, is over: today is {today}; {instead}")


def _is_free(bench: Bench, account: Account, plan: Plan) -> None:
    """Raises `Refused` where one of its invoices rests on another plan, or still does in part on one that was not kept:
    that part would be taken off what the new one asks for.
    """
    for other, _ in plans.resting(standing(bench, account), bench.settings.strategy.plan, bench.today()):
        shared = {*other.plan.invoices} & {*plan.invoices}
        if shared and other.plan.id != plan.id:
            known = {row.invoice_id: row.number for row in account.receivables}
            number = next(known.get(one, f"#{one}") for one in plan.invoices if one in shared)
            raise Refused(
                f"invoice {number} is in payment plan {other.plan.id} already; end that one first: "
                f"dunwell payment-plan end {account.ledger.name} {other.plan.id}"
            )


def _is_allowed(bench: Bench, account: Account, plan: Plan, today: date) -> None:
    """What the strategy allows, and what it does not unless somebody says so."""
    strategy = bench.settings.strategy
    rule = situate(account, strategy, bench.calendar(today), today).segment.plan or strategy.plan
    against = next(_against(bench, account, plan, rule, today), None)
    if against is not None:
        raise Refused(f"{against}; --anyway makes the plan all the same")


def _against(bench: Bench, account: Account, plan: Plan, rule: PlanRule, today: date) -> Iterator[str]:
    currency, total = plan.currency, plan.total_minor
    sums = plans.amounts(plan, total, rule.less)
    least = min(sums[1:] if plan.deposit_minor else sums)
    deposit = -(-total * rule.deposit_bp // _WHOLE_BP)
    last = max(day for _, day in plans.days(plan))
    if plan.deposit_minor < deposit:
        yield f"the strategy wants a deposit of {amount(deposit, currency)} at least"
    if (last - today).days > rule.length:
        yield f"the last instalment would be on {last}, and a plan lasts {rule.length} days at most"
    if least < rule.least.get(currency, 0):
        bound = amount(rule.least[currency], currency)
        yield f"an instalment would be {amount(least, currency)}, and is {bound} at least"
    if rule.most is not None and total > rule.most.get(currency, total):
        yield f"{amount(total, currency)} is more than the {amount(rule.most[currency], currency)} that may be planned"
    held = next((one for one in account.holds if one.kind in _NO_PLAN and one.stands(today)), None)
    if held is not None:
        yield f"{account.customer.name} is held ({held.kind}, hold {held.id})"
    broken = _broken_lately(bench, account, rule, today)
    if broken is not None:
        yield f"{account.customer.name} broke a promise of {broken}, less than {rule.after_broken} days ago"


def _broken_lately(bench: Bench, account: Account, rule: PlanRule, today: date) -> date | None:
    judged = promises.judge(account, bench.settings.strategy.holds.promise, bench.calendar(today), today)
    since = today - timedelta(days=rule.after_broken)
    days = (one.promise.promised_on for one in judged if one.verdict is Verdict.BROKEN and one.deadline >= since)
    return max(days, default=None)
