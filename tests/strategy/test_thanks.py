"""Thanks go once to who was reminded and has paid, one for each currency."""

from itertools import islice

from strategy import forward
from strategy.account import Account
from strategy.decision import TouchpointKind
from strategy.model import Currency
from strategy.touches import Case
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    USD,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    days,
)

STRATEGY = a_strategy(STANDARD.replace("[amounts]", 'thanks = { say = "thanks" }\n\n[amounts]'))


def a_paid_case(currency: Currency, number: int = 1, *, days_ago: int = 0) -> Case:
    opened_on = TODAY - days(30 * (3 - number))
    return Case(number=number, currency=currency, opened_on=opened_on, closed_on=TODAY - days(days_ago))


def who_paid(*cases: Case) -> Account:
    """Everything, after a reminder in each case."""
    return an_account(
        touches=tuple(a_touch("first", days_ago=20, case=one.number, currency=one.currency) for one in cases),
        cases=cases,
        settlements=tuple(a_settlement(days_late=20, days_ago=1, currency=one.currency) for one in cases),
    )


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
