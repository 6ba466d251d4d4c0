"""A payment plan of which another account has some invoices by now: one plan, and each account has its part of it."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from strategy.account import Account
from strategy.agreements import Elsewhere, Every, Plan
from strategy.model import InvoiceId
from strategy.plans import Standing
from strategy.rules import Less, PlanRule
from tests.proving import examples
from tests.strategy.builders import TODAY, a_receivable, a_settlement, an_account, days
from tests.strategy.plan_builders import a_plan, a_rule, judged, standing

Payments = list[tuple[InvoiceId, int, int]]
"""Invoice, days ago, amount."""

X, Y, Z = InvoiceId("1042"), InvoiceId("1043"), InvoiceId("1044")

OPEN = {X: 60_000, Y: 60_000, Z: 30_000}


def parted(plan: Plan, payments: Payments, *here: InvoiceId) -> Account:
    """The account that has these of the plan's invoices; another one has the others."""
    paid: Counter[InvoiceId] = Counter()
    for one, _, amount in payments:
        paid[one] += amount
    left = {one: planned - paid[one] for one, planned in plan.amounts}
    rows = (a_receivable(one, amount=left[one], days_late=60) for one in here if left[one])
    elsewhere = tuple(
        Elsewhere(invoice_id=one, open_minor=left[one], paid=tuple(_days(payments, one)))
        for one in left
        if one not in here
    )
    settled = (
        a_settlement(days_late=0, days_ago=ago, amount=amount, invoice_id=one)
        for one, ago, amount in payments
        if one in here
    )
    return an_account(*rows, plans=(replace(plan, elsewhere=elsewhere),), settlements=tuple(settled))


def _days(payments: Payments, invoice: InvoiceId) -> list[tuple[date, int]]:
    return [(TODAY - days(ago), amount) for one, ago, amount in payments if one == invoice]


def left(account: Account) -> list[int]:
    return [one.left_minor for one in judged(account).instalments]


TWO = a_plan(amounts=((X, 60_000), (Y, 60_000)), instalments=2)
"""600.00 was due three weeks ago, and 600.00 will be in ten days."""


def test_an_instalment_that_was_paid_on_the_older_invoice_is_not_asked_of_who_has_the_newer_one() -> None:
    came: Payments = [(X, 21, 60_000)]
    assert (standing(parted(TWO, came, Y)), left(parted(TWO, came, Y))) == (Standing.ACTIVE, [0, 60_000])
    assert standing(parted(TWO, came, X)) is Standing.COMPLETED


def test_an_instalment_that_was_paid_on_the_newer_invoice_is_not_missed_of_the_older_one() -> None:
    came: Payments = [(Y, 21, 60_000)]
    assert (standing(parted(TWO, came, X)), left(parted(TWO, came, X))) == (Standing.ACTIVE, [0, 60_000])


def test_only_who_did_not_pay_its_part_has_missed_it() -> None:
    assert (standing(parted(TWO, [], X)), standing(parted(TWO, [], Y))) == (Standing.DEFAULTED, Standing.ACTIVE)
    late: Payments = [(X, 10, 60_000), (Y, 5, 30_000)]
    assert standing(parted(TWO, late, Y)) is Standing.ACTIVE, "what the other paid too late is the other's"
    ahead: Payments = [(Y, 5, 60_000)]
    assert standing(parted(TWO, ahead, X)) is Standing.DEFAULTED, "it came after the days of cure"


def test_a_deposit_is_asked_for_once() -> None:
    plan = replace(TWO, deposit_minor=80_000, deposit_on=TODAY + days(1), first_on=TODAY + days(9))
    assert [left(parted(plan, [], one)) for one in (X, Y)] == [[60_000, 0, 0], [20_000, 20_000, 20_000]]


def some(open_minor: dict[InvoiceId, int]) -> st.SearchStrategy[Payments]:
    """Payments that leave something open of every invoice."""
    one = st.tuples(st.sampled_from([*open_minor]), st.integers(0, 30), st.integers(1, 9_000))
    return st.lists(one, max_size=3)


@st.composite
def made(draw: st.DrawFn) -> Plan:
    """Of three invoices, in four parts."""
    first_on, deposit = TODAY - days(draw(st.integers(-3, 21))), draw(st.sampled_from([0, 40_000]))
    return a_plan(
        amounts=tuple(OPEN.items()),
        instalments=4,
        first_on=first_on,
        every=draw(st.sampled_from(Every)),
        deposit_minor=deposit,
        deposit_on=first_on if deposit else None,
    )


@examples(60)
@given(
    plan=made(),
    payments=some(OPEN),
    here=st.sets(st.sampled_from([*OPEN]), min_size=1, max_size=2),
    rule=st.builds(a_rule, less=st.sampled_from(Less), missed=st.integers(1, 2)),
)
def test_the_parts_make_the_plan_and_one_is_missed_only_where_the_plan_is(
    plan: Plan, payments: Payments, here: set[InvoiceId], rule: PlanRule
) -> None:
    whole = judged(parted(plan, payments, *OPEN), rule)
    ours, theirs = (
        judged(parted(plan, payments, *(one for one in OPEN if (one in here) is mine)), rule) for mine in (True, False)
    )
    for each, one, other in zip(whole.instalments, ours.instalments, theirs.instalments, strict=True):
        assert each.left_minor == one.left_minor + other.left_minor
        assert each.is_missed == (one.is_missed or other.is_missed)
    if whole.standing is not Standing.DEFAULTED:
        assert Standing.DEFAULTED not in {ours.standing, theirs.standing}
