"""What is measured of an account, and what is left unknown."""

from fractions import Fraction
from typing import Any

import pytest

from strategy.account import Hold, HoldKind, Profile, Receivable
from strategy.conditions import Facts
from strategy.facts import MEASURED, measure
from strategy.text.grammar.facts import FACTS
from tests.strategy.builders import (
    EUR,
    TODAY,
    USD,
    a_customer,
    a_receivable,
    a_settlement,
    a_touch,
    an_account,
    an_open_case,
    days,
    unapplied,
)


def facts(*receivables: Receivable, **changes: Any) -> Facts:
    return measure(an_account(*receivables, **changes), (), TODAY)


def test_late_days_weigh_by_amount_and_count_what_is_open_and_overdue() -> None:
    """domain.md V5: 140 paid 7 days late and 85 open 55 days overdue make 25.13."""
    found = facts(a_receivable(days_late=55, amount=8500), settlements=(a_settlement(days_late=7, amount=14000),))
    assert found.numbers["late_days"] == Fraction(980 + 4675, 225)
    assert round(float(found.numbers["late_days"]), 2) == 25.13


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


def test_money_is_measured_per_currency_and_never_added() -> None:
    found = facts(a_receivable(), a_receivable("2", currency=USD, days_late=-3), unapplied=(unapplied(20_000),))
    assert found.money["balance"] == {EUR: 120_000, USD: 120_000}
    assert found.money["overdue"] == {EUR: 120_000, USD: 0}
    assert found.money["exposure"] == {EUR: 100_000, USD: 120_000}


def test_the_oldest_overdue_invoice_counts_the_days() -> None:
    assert facts(a_receivable(), a_receivable("2", days_late=40)).numbers["overdue_days"] == 40
    assert facts(a_receivable(days_late=-4)).numbers["overdue_days"] == 0


def test_an_account_is_known_since_its_first_invoice() -> None:
    assert facts(first_invoice_on=TODAY - days(90)).numbers["known_days"] == 90


def test_touches_are_those_of_open_cases() -> None:
    touches = (a_touch("first", days_ago=9), a_touch("first", days_ago=200, case=0))
    assert facts(touches=touches, cases=(an_open_case(),)).numbers["touches"] == 1


def test_the_profile_wins_over_the_books() -> None:
    profile = Profile(method="cheque", language="de", lists=("key accounts",))
    found = facts(customer=a_customer(language="en", groups=("Retail",)), method="Check", profile=profile)
    assert (found.words["method"], found.words["language"]) == (("cheque",), ("de",))
    assert (found.words["group"], found.words["list"]) == (("Retail",), ("key accounts",))


@pytest.mark.parametrize(
    ("changes", "insolvent"),
    [({}, True), ({"until": TODAY}, True), ({"until": TODAY - days(1)}, False), ({"ended_on": TODAY}, False)],
)
def test_an_account_is_insolvent_while_a_hold_says_so(changes: dict[str, Any], insolvent: bool) -> None:
    since = TODAY - days(30)
    given: dict[str, Any] = {"kind": HoldKind.INSOLVENT, "since": since, "until": None} | changes
    found = facts(holds=(Hold(id=1, invoice_id=None, reason="court of Lund", **given),))
    assert found.flags == {"insolvent": insolvent}


def test_what_is_called_measured_is_what_is_measured() -> None:
    """Of an account that has everything."""
    before = tuple(a_settlement(days_late=2, days_ago=120 + n) for n in range(3))
    lately = tuple(a_settlement(days_late=12, days_ago=10 + n) for n in range(3))
    found = facts(
        settlements=before + lately,
        method="Cheque",
        profile=Profile(language="de", legal_form="company", lists=("VIP",)),
    )
    assert {*found.money, *found.numbers, *found.words, *found.flags} == MEASURED
    assert FACTS.keys() >= MEASURED
