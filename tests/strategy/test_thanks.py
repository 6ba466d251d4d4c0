"""Thanks go once to who was reminded and has paid, one for each currency."""

from itertools import islice

import pytest
from msgspec.structs import replace

from strategy import forward
from strategy.account import Account, Receivable, Settlement
from strategy.decision import TouchpointKind
from strategy.model import Currency
from strategy.touches import Case, Skipped
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    USD,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
)

STRATEGY = a_strategy(STANDARD.replace("[amounts]", 'thanks = { say = "thanks" }\n\n[amounts]'))
NUDGED = a_receivable("1050", days_late=-3)
A_TRIFLE = a_receivable("1050", amount=2_000, currency=USD)
"""Overdue, in a case of its own, and too small for a reminder."""
PAID_IN_DOLLARS = a_settlement(days_late=20, days_ago=0, currency=USD)
PAID_BEFORE = a_settlement(days_late=20, days_ago=61)


def a_paid_case(currency: Currency, number: int = 1, *, days_ago: int = 0) -> Case:
    opened_on = TODAY - days(30 * (3 - number))
    return Case(number=number, currency=currency, opened_on=opened_on, closed_on=TODAY - days(days_ago))


def who_paid(*cases: Case, owing: tuple[Receivable, ...] = (), by_payment: bool = True) -> Account:
    """What was overdue, on the day on which each case ended, after a reminder in it."""
    return an_account(
        *owing,
        touches=tuple(a_touch("first", days_ago=20, case=one.number, currency=one.currency) for one in cases),
        cases=cases,
        settlements=tuple(
            a_settlement(days_late=20, days_ago=ended_days_ago(one), currency=one.currency, by_payment=by_payment)
            for one in cases
        ),
    )


def ended_days_ago(over: Case) -> int:
    assert over.closed_on is not None
    return (TODAY - over.closed_on).days


def thanked(account: Account) -> list[tuple[Currency, str, int]]:
    """In which currency, for which case, after how many days."""
    three_weeks = islice(forward.roll(account, STRATEGY, NO_HOLIDAYS, TODAY), 21)
    return [
        (said.currency, said.occasion, (decision.as_of - TODAY).days)
        for _, decision in three_weeks
        for said in decision.touchpoints
        if said.kind is TouchpointKind.THANKS
    ]


def test_who_paid_is_thanked_once() -> None:
    assert thanked(who_paid(a_paid_case(EUR))) == [(EUR, "1", 0)]


def test_who_paid_in_two_currencies_is_thanked_in_both_with_the_gap_between() -> None:
    assert thanked(who_paid(a_paid_case(EUR), a_paid_case(USD))) == [(EUR, "1", 0), (USD, "1", 7)]


def test_of_several_cases_in_a_currency_only_the_last_is_thanked_for() -> None:
    assert thanked(who_paid(a_paid_case(EUR, days_ago=1), a_paid_case(EUR, 2))) == [(EUR, "2", 0)]


@pytest.mark.parametrize(("days_ago", "times"), [(10, 1), (11, 0)])
def test_thanks_come_within_ten_days(days_ago: int, times: int) -> None:
    assert len(thanked(who_paid(a_paid_case(EUR, days_ago=days_ago)))) == times


def test_thanks_come_on_no_day_of_another_contact() -> None:
    account = who_paid(a_paid_case(EUR), owing=(NUDGED,))
    assert [said.step for said in decided(account, STRATEGY).touchpoints] == ["nudge"]


def test_nobody_is_thanked_while_anything_is_overdue() -> None:
    assert thanked(who_paid(a_paid_case(EUR), owing=(A_TRIFLE,))) == []


@pytest.mark.parametrize("paid", [PAID_IN_DOLLARS, PAID_BEFORE], ids=["in another currency", "before it was overdue"])
def test_who_paid_something_else_is_not_thanked(paid: Settlement) -> None:
    assert thanked(replace(who_paid(a_paid_case(EUR)), settlements=(paid,))) == []


def test_credit_is_nothing_to_thank_for() -> None:
    assert thanked(who_paid(a_paid_case(EUR), by_payment=False)) == []


def test_who_was_not_written_to_is_not_thanked() -> None:
    """They would learn from it that they were late."""
    assert thanked(replace(who_paid(a_paid_case(EUR)), touches=())) == []


def test_thanks_that_a_person_rejected_are_not_said() -> None:
    rejected = Skipped(act="thanks", occasion="1", case=None, currency=EUR, on=TODAY)
    assert thanked(replace(who_paid(a_paid_case(EUR)), skipped=(rejected,))) == []
