"""What is said before anything is overdue."""

from strategy.account import Account, Skipped
from strategy.model import InvoiceId
from strategy.rules import Strategy
from tests.strategy.builders import (
    EUR,
    STANDARD,
    TODAY,
    USD,
    a_receivable,
    a_strategy,
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
