"""Payment plans: what each instalment is, and where the plan stands."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from strategy import plans
from strategy.agreements import DisputeOutcome, Every
from strategy.model import InvoiceId
from strategy.plans import Standing
from strategy.rules import DisputeStops, Less
from tests.strategy.builders import (
    LUND,
    TODAY,
    USD,
    a_ledger,
    codes,
    days,
    decided,
    unapplied,
)
from tests.strategy.plan_builders import (
    STRATEGY,
    a_plan,
    a_rule,
    an_account_with,
    asked,
    disputed,
    held,
    judged,
    paid,
    standing,
)


def test_a_thousand_in_three_leaves_the_odd_cent_to_the_last() -> None:
    assert plans.amounts(a_plan(), 100_000, Less.LAST) == (33_333, 33_333, 33_334)


@pytest.mark.parametrize(
    ("less", "amounts"), [(Less.LAST, (33_333, 33_333, 13_334)), (Less.ALL, (26_667, 26_667, 26_666))]
)
def test_a_credit_note_of_two_hundred_takes_off_the_last_or_all(less: Less, amounts: tuple[int, ...]) -> None:
    assert plans.amounts(a_plan(), 80_000, less) == amounts


def test_a_deposit_comes_first_and_is_kept_when_the_rest_shrinks() -> None:
    plan = a_plan(deposit_minor=40_000, deposit_on=TODAY)
    assert plans.amounts(plan, 100_000, Less.LAST) == (40_000, 20_000, 20_000, 20_000)
    assert plans.amounts(plan, 70_000, Less.ALL) == (40_000, 10_000, 10_000, 10_000)
    assert plans.amounts(plan, 30_000, Less.LAST) == (30_000, 0, 0, 0)


@given(
    total=st.integers(1, 10**9),
    count=st.integers(1, 60),
    share=st.integers(0, 99),
    left=st.integers(0, 100),
    less=st.sampled_from(Less),
)
def test_instalments_sum_to_the_total_and_shrink_from_the_end(
    total: int, count: int, share: int, left: int, less: Less
) -> None:
    deposit = total * share // 100
    plan = a_plan(amounts=((LUND, total),), instalments=count, deposit_minor=deposit, deposit_on=TODAY)
    now = total * left // 100
    agreed, sums = plans.amounts(plan, total, less), plans.amounts(plan, now, less)
    assert (sum(agreed), sum(sums)) == (total, now)
    assert min(sums) >= 0
    if less is Less.LAST:
        assert all(one <= before for one, before in zip(sums, agreed, strict=True))


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (Every.WEEK, [date(2026, 1, 31), date(2026, 2, 7), date(2026, 2, 14)]),
        (Every.FORTNIGHT, [date(2026, 1, 31), date(2026, 2, 14), date(2026, 2, 28)]),
        (Every.MONTH, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
    ],
)
def test_a_month_ends_where_it_is_short(every: Every, expected: list[date]) -> None:
    assert [day for _, day in plans.days(a_plan(first_on=date(2026, 1, 31), every=every))] == expected


@pytest.mark.parametrize(
    ("total", "less", "amounts"),
    [
        (100_000, Less.LAST, (50_000, 30_000, 20_000)),
        (70_000, Less.LAST, (50_000, 20_000, 0)),
        (70_000, Less.ALL, (35_000, 21_000, 14_000)),
        (99_999, Less.ALL, (50_000, 29_999, 20_000)),
    ],
)
def test_instalments_may_have_amounts_of_their_own_and_shrink_like_equal_ones(
    total: int, less: Less, amounts: tuple[int, ...]
) -> None:
    assert plans.amounts(a_plan(parts=(50_000, 30_000, 20_000)), total, less) == amounts


def test_a_plan_that_came_so_far_is_active() -> None:
    assert standing(an_account_with(a_plan(), paid(33_333))) is Standing.ACTIVE


def test_a_plan_of_which_nothing_is_due_yet_is_accepted() -> None:
    assert standing(an_account_with(a_plan(first_on=TODAY + days(1)))) is Standing.ACCEPTED


def test_a_plan_that_nobody_accepted_is_proposed_and_lets_nothing_rest() -> None:
    account = an_account_with(a_plan(accepted_on=None, first_on=TODAY + days(9)))
    assert standing(account) is Standing.PROPOSED
    assert "planned" not in codes(decided(account, STRATEGY))


def test_a_plan_that_a_person_ended_lets_nothing_rest() -> None:
    account = an_account_with(a_plan(ended_on=TODAY, first_on=TODAY + days(9)))
    assert (standing(account), "planned" in codes(decided(account, STRATEGY))) == (Standing.CANCELLED, False)


def test_a_plan_is_completed_with_its_last_invoice() -> None:
    assert standing(an_account_with(a_plan(), paid(100_000), left=0)) is Standing.COMPLETED


def test_a_plan_whose_invoices_are_void_is_over_and_nobody_kept_or_missed_anything() -> None:
    void = judged(an_account_with(a_plan(), left=0))
    assert (void.standing, void.missed) == (Standing.VOID, None)
    assert standing(an_account_with(a_plan(accepted_on=None), left=0)) is Standing.VOID
    assert standing(an_account_with(a_plan(ended_on=TODAY), left=0)) is Standing.CANCELLED


def test_a_plan_whose_invoices_were_credited_has_nothing_left() -> None:
    assert standing(an_account_with(a_plan(), paid(100_000, by_payment=False), left=0)) is Standing.COMPLETED
    of_another = paid(100_000, invoice_id=InvoiceId("1043"))
    assert standing(an_account_with(a_plan(), of_another, left=0)) is Standing.VOID


def test_a_late_instalment_may_still_come_through_its_days_of_cure() -> None:
    friday = TODAY - days(10)
    account = an_account_with(a_plan(first_on=friday))
    assert standing(account, on=friday + days(7)) is Standing.IN_CURE
    assert standing(account, on=friday + days(8)) is Standing.DEFAULTED


def test_what_came_after_the_days_of_cure_makes_up_for_nothing() -> None:
    assert standing(an_account_with(a_plan(), paid(33_333, ago=3))) is Standing.DEFAULTED
    assert standing(an_account_with(a_plan(), paid(33_333, ago=14))) is Standing.ACTIVE


def test_a_plan_does_not_end_while_the_books_do_not_reach_the_instalment() -> None:
    behind = a_ledger(reconciled_on=TODAY - days(22))
    assert standing(an_account_with(a_plan(), ledger=behind)) is Standing.IN_CURE


def test_two_in_a_row_may_be_needed_to_end_it() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(21))
    rule = a_rule(missed=2)
    assert standing(an_account_with(weekly, paid(33_333, ago=15)), rule) is Standing.IN_CURE
    assert standing(an_account_with(weekly), rule) is Standing.DEFAULTED


FIRST = TODAY - days(21)


CURED = FIRST + days(7)
"""The last of the days of cure of the first instalment."""


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        (unapplied(33_333, since=FIRST), Standing.IN_CURE),
        (unapplied(33_332, since=FIRST), Standing.DEFAULTED),
        (unapplied(33_333, since=CURED), Standing.IN_CURE),
        (unapplied(33_333, since=CURED + days(1)), Standing.DEFAULTED),
        (unapplied(33_333, since=FIRST, currency=USD), Standing.DEFAULTED),
    ],
)
def test_an_instalment_that_lies_unapplied_in_the_books_was_not_missed(credit: Any, expected: Standing) -> None:
    assert standing(an_account_with(a_plan(), unapplied=(credit,))) is expected
    both = an_account_with(
        a_plan(), paid(10_000), unapplied=(replace(credit, amount_minor=credit.amount_minor - 10_000),)
    )
    assert standing(both) is expected


def test_an_instalment_that_credit_covered_has_its_days_of_cure_once_the_credit_was_used_for_others() -> None:
    """It took off the last instalments: the first is to be paid after all, and nobody was asked for it."""
    account = an_account_with(a_plan(), paid(40_000, ago=5, by_payment=False))
    assert judged(account).standing is Standing.IN_CURE
    assert judged(account).instalments[0].deadline == TODAY + days(2)
    assert standing(account, on=TODAY + days(3)) is Standing.DEFAULTED


def test_a_credit_note_on_another_invoice_excuses_no_instalment() -> None:
    of_another = paid(33_333, ago=5, by_payment=False, invoice_id=InvoiceId("1043"))
    assert standing(an_account_with(a_plan(), of_another, left=100_000)) is Standing.DEFAULTED


@pytest.mark.parametrize("stops", DisputeStops)
def test_an_instalment_that_is_disputed_was_not_missed(stops: DisputeStops) -> None:
    assert standing(an_account_with(a_plan(), disputes=(disputed(),)), stops=stops) is Standing.IN_CURE
    later = disputed(ago=13)
    assert standing(an_account_with(a_plan(), disputes=(later,)), stops=stops) is Standing.DEFAULTED, "missed before"


def test_a_dispute_excuses_what_it_holds_by_the_strategy() -> None:
    of_part = an_account_with(a_plan(), disputes=(disputed(30_000),))
    assert [standing(of_part, stops=one) for one in DisputeStops] == [
        Standing.DEFAULTED,
        Standing.IN_CURE,
        Standing.IN_CURE,
    ]
    of_other = an_account_with(a_plan(), disputes=(disputed(invoice_id=InvoiceId("1043")),))
    assert [standing(of_other, stops=one) for one in DisputeStops] == [
        Standing.DEFAULTED,
        Standing.DEFAULTED,
        Standing.IN_CURE,
    ]


def test_what_a_dispute_leaves_of_an_instalment_has_to_come() -> None:
    account = an_account_with(a_plan(), paid(10_000), disputes=(disputed(80_000),))
    assert standing(account) is Standing.DEFAULTED, "another 100.00 could be asked for"
    assert standing(an_account_with(a_plan(), paid(20_000), disputes=(disputed(80_000),))) is Standing.IN_CURE
    too_late = an_account_with(a_plan(), paid(33_333, ago=3), disputes=(disputed(80_000, ended=5),))
    assert standing(too_late) is Standing.DEFAULTED, "200.00 could be asked for all the while"


def test_the_days_of_cure_begin_anew_when_a_dispute_ends() -> None:
    account = an_account_with(a_plan(), disputes=(disputed(ended=5),))
    assert judged(account).standing is Standing.IN_CURE
    assert judged(account).instalments[0].deadline == TODAY + days(2)
    assert standing(account, on=TODAY + days(3)) is Standing.DEFAULTED
    behind = replace(account, ledger=a_ledger(reconciled_on=TODAY - days(6)))
    assert standing(behind, on=TODAY + days(3)) is Standing.IN_CURE, "the books do not reach the end of the dispute"
    came = an_account_with(a_plan(), paid(33_333, ago=0), disputes=(disputed(ended=5),))
    assert standing(came, on=TODAY + days(3)) is Standing.ACTIVE


def test_a_dispute_excuses_until_its_credit_note_is_there() -> None:
    waits: dict[str, Any] = {"outcome": DisputeOutcome.VALID, "resolved_on": TODAY - days(20), "credit_minor": 100_000}
    assert standing(an_account_with(a_plan(), disputes=(disputed(**waits),))) is Standing.IN_CURE
    waits = {**waits, "credit_minor": 10_000}
    account = an_account_with(a_plan(), disputes=(disputed(**waits),))
    assert standing(account) is Standing.DEFAULTED, "all but 100.00 of it may be asked for again since weeks"


def test_after_a_dispute_that_was_none_an_instalment_is_asked_for_and_not_all() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(14))
    decision = decided(an_account_with(weekly, disputes=(disputed(ended=0),)), STRATEGY)
    assert (asked(decision), held(decision, "planned")) == ([("late", 33_333)], 66_667)


def test_payments_of_the_day_it_was_made_that_were_known_do_not_count() -> None:
    account = an_account_with(a_plan(counted=((LUND, 5_000),)), paid(5_000, ago=30), left=100_000)
    assert judged(account).instalments[0].paid_minor == 0


def test_money_that_had_come_before_a_plan_pays_its_first_instalments_once_it_is_used_for_it() -> None:
    """Until then it excuses them, and the bookkeeper is asked to use it."""
    lies = an_account_with(a_plan(), unapplied=(unapplied(40_000, since=TODAY - days(40)),))
    used = an_account_with(a_plan(), paid(40_000, ago=40))
    assert (standing(lies), standing(used)) == (Standing.IN_CURE, Standing.ACTIVE)
    assert [one.left_minor for one in judged(used).instalments] == [0, 26_666, 33_334]
    assert [one.kind for one in decided(used, STRATEGY).tasks] == []


def test_what_had_been_paid_when_a_plan_was_made_is_no_part_of_it_and_undone_takes_nothing_off() -> None:
    plan = a_plan(counted=((LUND, 20_000),))
    before, first = paid(20_000, ago=40), paid(33_333)
    kept = an_account_with(plan, before, first, left=66_667)
    assert [one.left_minor for one in judged(kept).instalments] == [0, 33_333, 33_334]
    undone = an_account_with(plan, first, left=86_667)
    assert [one.left_minor for one in judged(undone).instalments] == [0, 33_333, 33_334]


def test_what_is_paid_ahead_counts_for_the_instalments_to_come() -> None:
    account = an_account_with(a_plan(), paid(50_000))
    assert [one.left_minor for one in judged(account).instalments] == [0, 16_666, 33_334]
