"""How late an account pays: days, shares, trends and habits, and what is left unknown."""

from fractions import Fraction
from typing import Any

import pytest

from strategy.account import Settlement
from strategy.model import InvoiceId
from tests.strategy.builders import TODAY, USD, a_receivable, a_settlement, days, facts, settled


def test_late_days_weigh_by_amount_and_count_what_is_open_and_overdue() -> None:
    """domain.md V5: 140 paid 7 days late and 85 open 55 days overdue make 25.13."""
    found = facts(a_receivable(days_late=55, amount=8500), settlements=(a_settlement(days_late=7, amount=14000),))
    assert found.numbers["late_days"] == Fraction(980 + 4675, 225)
    assert round(float(found.numbers["late_days"]), 2) == 25.13


def test_days_late_of_invoices_due_at_once_are_days_to_pay() -> None:
    """domain.md V3: 10 paid after 5 days and 100 paid after 10 days make 9.545."""
    found = facts(settlements=(a_settlement(days_late=5, amount=1000), a_settlement(days_late=10, amount=10000)))
    assert round(float(found.numbers["late_days"]), 3) == 9.545


def test_days_early_count_against_days_late() -> None:
    found = facts(settlements=(a_settlement(days_late=-4), a_settlement(days_late=10)))
    assert found.numbers["late_days"] == 3


def test_what_was_settled_more_than_a_year_ago_says_nothing() -> None:
    assert "late_days" not in facts(settlements=(a_settlement(days_late=90, days_ago=365),)).numbers


def test_without_evidence_days_late_are_unknown_not_zero() -> None:
    assert "late_days" not in facts(a_receivable(days_late=-5)).numbers


def test_currencies_are_measured_apart_and_the_worst_speaks() -> None:
    settlements = (a_settlement(days_late=2, amount=10**9), a_settlement(days_late=20, amount=100, currency=USD))
    assert facts(settlements=settlements).numbers["late_days"] == 20


def test_a_trend_compares_the_last_quarter_with_the_three_before() -> None:
    before = tuple(a_settlement(days_late=2, days_ago=120 + n) for n in range(3))
    lately = tuple(a_settlement(days_late=12, days_ago=10 + n) for n in range(3))
    assert facts(settlements=before + lately).numbers["late_trend"] == 10


def test_a_trend_needs_three_settlements_on_either_side() -> None:
    before = tuple(a_settlement(days_late=2, days_ago=120 + n) for n in range(2))
    lately = tuple(a_settlement(days_late=12, days_ago=10 + n) for n in range(3))
    assert "late_trend" not in facts(settlements=before + lately).numbers


def three(days_late: int, days_ago: int, **changes: Any) -> tuple[Settlement, ...]:
    return tuple(a_settlement(days_late=days_late, days_ago=days_ago + n, **changes) for n in range(3))


def test_a_trend_is_of_one_currency_and_the_worst_speaks() -> None:
    """Forty days later in euros; that it was sixty days late in dollars once says nothing of them."""
    euros, dollars = (*three(0, 120), *three(40, 10)), three(60, 100, currency=USD)
    assert facts(settlements=euros + dollars).numbers["late_trend"] == 40
    better = three(1, 20, currency=USD)
    assert facts(settlements=euros + dollars + better).numbers["late_trend"] == 40


def test_a_trend_wants_its_evidence_in_one_currency() -> None:
    euros, dollars = (
        (*three(0, 120), *three(40, 10)[:2]),
        (*three(0, 120, currency=USD)[:2], *three(40, 10, currency=USD)),
    )
    assert "late_trend" not in facts(settlements=euros + dollars).numbers


def test_the_median_is_of_invoices_large_and_small_alike() -> None:
    one_large = (*settled(1, 2, 3), a_settlement(days_late=90, days_ago=40, amount=10**9))
    assert facts(settlements=one_large).numbers["late_median"] == Fraction(5, 2)


def test_the_median_counts_what_is_open_and_overdue() -> None:
    assert facts(a_receivable(days_late=30), settlements=settled(2, 4)).numbers["late_median"] == 4


def test_an_invoice_paid_in_parts_is_as_late_as_its_last_part() -> None:
    due = TODAY - days(60)
    parts = [
        a_settlement(days_late=0, due_on=due, settled_on=due + days(late), invoice_id=InvoiceId("7"))
        for late in (1, 20)
    ]
    assert facts(settlements=tuple(parts)).numbers["late_median"] == 20


def test_what_credit_settled_says_nothing_of_the_median() -> None:
    assert "late_median" not in facts(settlements=settled(5, by_payment=False)).numbers


def test_what_credit_settled_makes_nobody_early_or_late() -> None:
    """A wrong invoice is credited a month before its day, or when somebody notices it."""
    credited = settled(-30, 200, amount=10**7, by_payment=False)
    assert "late_days" not in facts(settlements=credited).numbers
    assert facts(a_receivable(days_late=50), settlements=credited).numbers["late_days"] == 50


@pytest.mark.parametrize("days_ago", [120, 10])
def test_what_credit_settled_is_no_part_of_a_trend(days_ago: int) -> None:
    paid = tuple(a_settlement(days_late=2, days_ago=ago + n) for n in range(3) for ago in (120, 10))
    credited = a_settlement(days_late=250, days_ago=days_ago, amount=10**7, by_payment=False)
    assert facts(settlements=(*paid, credited)).numbers["late_trend"] == 0
    ago = {120: 10, 10: 120}[days_ago]
    three = tuple(a_settlement(days_late=2, days_ago=days_ago + n, by_payment=n > 0) for n in range(3))
    others = tuple(a_settlement(days_late=2, days_ago=ago + n) for n in range(3))
    assert "late_trend" not in facts(settlements=three + others).numbers


def test_the_share_paid_late_is_by_amount_and_on_the_due_date_is_in_time() -> None:
    paid = (
        *settled(0, amount=300),
        a_settlement(days_late=1, days_ago=50, amount=100),
        a_settlement(days_late=9, days_ago=51, amount=999, by_payment=False),
    )
    assert facts(settlements=paid).numbers["share_late"] == Fraction(1, 4)


def test_the_worst_currency_speaks_for_shares_too() -> None:
    paid = (*settled(5, 0, amount=100), *settled(-1, amount=100, currency=USD))
    assert facts(settlements=paid).numbers["share_late"] == Fraction(1, 2)


def test_leaving_its_habit_is_a_week_later_than_the_middle() -> None:
    """domain.md §9: median 2 and no spread, so that the bound is 9 days."""
    assert facts(settlements=settled(*[2] * 9, 9, 9, 9)).flags["worsening"] is False
    assert facts(settlements=settled(*[2] * 9, 10, 10, 10)).flags["worsening"] is True


def test_how_far_its_habit_spreads_widens_the_bound() -> None:
    """Median 2 and a median absolute deviation of 5: 2 + 2 x 1.4826 x 5 is 16.826."""
    spread = [*[-3] * 8, *[2] * 3, *[7] * 5]
    assert facts(settlements=settled(*spread, 16, 16, 16)).flags["worsening"] is False
    assert facts(settlements=settled(*spread, 17, 17, 17)).flags["worsening"] is True


def test_what_is_open_and_overdue_counts_as_lately() -> None:
    open_now = [a_receivable(str(n), days_late=40) for n in range(4)]
    assert facts(*open_now, settlements=settled(*[2] * 12)).flags["worsening"] is True
    assert facts(*open_now[:3], settlements=settled(*[2] * 12)).flags["worsening"] is True
    assert facts(*open_now[:2], settlements=settled(*[2] * 12)).flags["worsening"] is False


def test_improving_is_the_mirror_of_worsening() -> None:
    found = facts(settlements=settled(*[30] * 9, 0, 0, 0))
    assert (found.flags["worsening"], found.flags["improving"]) == (False, True)


def test_five_invoices_are_no_habit() -> None:
    assert "worsening" not in facts(settlements=settled(2, 2, 40, 40, 40)).flags
    assert "worsening" in facts(settlements=settled(2, 2, 2, 40, 40, 40)).flags
