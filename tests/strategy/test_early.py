"""What is said before anything is overdue."""

import pytest
from msgspec.structs import replace

from strategy.account import Account
from strategy.model import InvoiceId
from strategy.rules import Strategy
from strategy.touches import Skipped, Touch
from tests.strategy.builders import (
    EUR,
    STANDARD,
    TODAY,
    USD,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
)

DUE_ON = TODAY + days(2)
REJECTED = Skipped(act="nudge", occasion=DUE_ON.isoformat(), case=None, currency=EUR, on=TODAY - days(1))


def said(account: Account, strategy: Strategy | None = None) -> list[str]:
    return [one.step for one in decided(account, strategy or a_strategy()).touchpoints]


def a_nudge(step: str) -> Strategy:
    return a_strategy(STANDARD.replace('nudge  = { at = "due - 3", say = "nudge" }', step))


def test_a_rejected_nudge_is_not_said_again() -> None:
    assert said(an_account(a_receivable(due_on=DUE_ON))) == ["nudge"]
    assert said(an_account(a_receivable(due_on=DUE_ON), skipped=(REJECTED,))) == []


def test_a_nudge_rejected_in_one_currency_is_said_in_another() -> None:
    assert said(an_account(a_receivable(due_on=DUE_ON, currency=USD), skipped=(REJECTED,))) == ["nudge"]


def test_a_step_rejected_in_a_case_is_no_nudge_of_the_invoice_that_has_its_number() -> None:
    first = Skipped(act="first", occasion="7", case=7, currency=EUR, on=TODAY - days(40))
    one = a_receivable(due_on=DUE_ON, invoice_id=InvoiceId("7"))
    assert said(an_account(one, skipped=(first,))) == ["nudge"]


def test_a_nudge_is_said_while_its_condition_is_true() -> None:
    soon = an_account(a_receivable(due_on=DUE_ON))
    assert said(soon, a_nudge('nudge = { at = "due - 3", say = "nudge", when = "balance > large" }')) == []
    assert said(soon, a_nudge('nudge = { at = "due - 3", say = "nudge", when = "balance > small" }')) == ["nudge"]


def test_a_receipt_is_said_while_its_condition_is_true() -> None:
    fresh = an_account(a_receivable(due_on=DUE_ON, issued_on=TODAY - days(3)))
    assert said(fresh, a_nudge('asked = { at = "invoiced + 3", say = "receipt", when = "balance > large" }')) == []
    assert said(fresh, a_nudge('asked = { at = "invoiced + 3", say = "receipt", when = "not bounced" }')) == ["asked"]


def touched(occasion: str, on: int) -> Touch:
    return a_touch("nudge", days_ago=on, case=None, occasion=occasion)


THRICE = 'nudge = { at = "due - 9 every 3 times 3", say = "nudge" }'
IN_SIX = a_receivable(due_on=TODAY + days(6))


@pytest.mark.parametrize(
    ("heard", "key"),
    [
        ((), "lund-EUR/nudge/2026-03-08.2/email/1"),
        ((touched("2026-03-08", 6),), "lund-EUR/nudge/2026-03-08.2/email/1"),
        ((touched("2026-03-08.2", 6),), None),
        ((touched("2026-03-08.3", 6),), None),
    ],
)
def test_a_nudge_that_is_said_again_has_a_number_of_its_own_each_time(
    heard: tuple[Touch, ...], key: str | None
) -> None:
    (*found,) = decided(an_account(IN_SIX, touches=heard), a_nudge(THRICE)).touchpoints
    assert [one.key.partition("/")[2] for one in found] == ([key] if key else [])


def test_a_turn_that_was_rejected_lets_the_next_one_come() -> None:
    def rejected(occasion: str) -> Account:
        return an_account(IN_SIX, skipped=(replace(REJECTED, occasion=occasion),))

    assert said(rejected("2026-03-08.2"), a_nudge(THRICE)) == []
    assert said(rejected("2026-03-08"), a_nudge(THRICE)) == ["nudge"]


def test_each_invoice_hears_all_turns_though_another_is_further() -> None:
    soon, later = a_receivable(due_on=TODAY + days(3)), a_receivable("1043", due_on=TODAY + days(9))
    (nudge,) = decided(an_account(soon, later), a_nudge(THRICE)).touchpoints
    assert ([one.number for one in nudge.invoices], nudge.occasion) == (["1042"], "2026-03-05.3")


def test_a_receipt_may_be_asked_for_again() -> None:
    twice = 'asked = { at = "invoiced + 3 every 5 times 2", say = "receipt" }'
    (one,) = decided(an_account(a_receivable(due_on=TODAY + days(22))), a_nudge(twice)).touchpoints
    assert (one.step, one.occasion) == ("asked", "1042.2")


def test_a_nudge_in_business_days_has_its_place_among_those_in_days_of_the_calendar() -> None:
    """Five business days before Monday are seven days, and more than six."""
    nudges = """near = { at = "due - 6", say = "nudge" }
far  = { at = "due - 5 business days", say = "nudge" }"""
    due_on = TODAY + days(4)
    account = an_account(a_receivable(due_on=due_on))
    assert said(account, a_nudge(nudges)) == ["near"]
    far_said = a_touch("far", days_ago=6, case=None, occasion=due_on.isoformat())
    assert said(replace(account, touches=(far_said,)), a_nudge(nudges)) == ["near"]
