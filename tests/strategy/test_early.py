"""What is said before anything is overdue."""

from strategy.account import Account, Skipped
from strategy.model import InvoiceId
from tests.strategy.builders import EUR, TODAY, USD, a_receivable, an_account, days, decided

DUE_ON = TODAY + days(2)
REJECTED = Skipped(act="nudge", occasion=DUE_ON.isoformat(), case=None, currency=EUR, on=TODAY - days(1))


def said(account: Account) -> list[str]:
    return [one.step for one in decided(account).touchpoints]


def test_a_rejected_nudge_is_not_said_again() -> None:
    assert said(an_account(a_receivable(due_on=DUE_ON))) == ["nudge"]
    assert said(an_account(a_receivable(due_on=DUE_ON), skipped=(REJECTED,))) == []


def test_a_nudge_rejected_in_one_currency_is_said_in_another() -> None:
    assert said(an_account(a_receivable(due_on=DUE_ON, currency=USD), skipped=(REJECTED,))) == ["nudge"]


def test_a_step_rejected_in_a_case_is_no_nudge_of_the_invoice_that_has_its_number() -> None:
    first = Skipped(act="first", occasion="7", case=7, currency=EUR, on=TODAY - days(40))
    one = a_receivable(due_on=DUE_ON, invoice_id=InvoiceId("7"))
    assert said(an_account(one, skipped=(first,))) == ["nudge"]
