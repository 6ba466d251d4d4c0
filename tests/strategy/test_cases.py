"""A case runs from the first overdue until nothing is, whatever holds it meanwhile."""

from strategy.agreements import Hold, HoldKind
from strategy.cases import observe, open_case
from strategy.model import CustomerId
from strategy.touches import Case
from tests.strategy.builders import EUR, TODAY, USD, a_receivable, an_account, an_open_case, days


def test_the_first_overdue_opens_a_case_from_its_first_day() -> None:
    account = an_account(a_receivable(days_late=10), a_receivable("2", days_late=4))
    assert observe(account, TODAY) == (Case(number=1, currency=EUR, opened_on=TODAY - days(9)),)


def test_on_the_due_date_nothing_is_overdue_yet() -> None:
    assert observe(an_account(a_receivable(days_late=0)), TODAY) == ()


def test_each_currency_has_its_own_case() -> None:
    account = an_account(a_receivable(), a_receivable("2", currency=USD))
    assert [(case.currency, case.number) for case in observe(account, TODAY)] == [(EUR, 1), (USD, 1)]


def test_a_case_closes_when_nothing_is_overdue() -> None:
    (case,) = observe(an_account(a_receivable(days_late=-3), cases=(an_open_case(),)), TODAY)
    assert case.closed_on == TODAY


def test_a_hold_does_not_close_a_case() -> None:
    hold = Hold(id=1, kind=HoldKind.LEGAL, invoice_id=None, since=TODAY, until=None, reason="so")
    (case,) = observe(an_account(a_receivable(), holds=(hold,), cases=(an_open_case(),)), TODAY)
    assert case.closed_on is None


def test_the_next_overdue_is_the_next_case() -> None:
    before = Case(number=1, currency=EUR, opened_on=TODAY - days(90), closed_on=TODAY - days(60))
    _, now = observe(an_account(a_receivable(days_late=5), cases=(before,)), TODAY)
    assert (now.number, now.closed_on) == (2, None)


def test_a_payment_undone_opens_its_case_again() -> None:
    before = Case(number=1, currency=EUR, opened_on=TODAY - days(9), closed_on=TODAY - days(2))
    (case,) = observe(an_account(a_receivable(days_late=10), cases=(before,)), TODAY)
    assert (case.number, case.closed_on) == (1, None)


def test_observing_again_after_it_was_stored_changes_nothing() -> None:
    account = an_account(a_receivable())
    once = observe(account, TODAY)
    assert observe(an_account(a_receivable(), cases=once), TODAY) == once


CHILD = CustomerId("child")


def test_no_case_of_an_account_that_is_part_of_it_now_is_opened_again_nor_counted() -> None:
    over = Case(number=3, currency=EUR, opened_on=TODAY - days(40), closed_on=TODAY - days(2), customer_id=CHILD)
    account = an_account(a_receivable(days_late=10), cases=(over,))
    assert observe(account, TODAY) == (over, Case(number=1, currency=EUR, opened_on=TODAY - days(9)))


def test_the_open_case_is_the_accounts_own() -> None:
    childs = Case(number=1, currency=EUR, opened_on=TODAY - days(40), customer_id=CHILD)
    assert open_case((childs, an_open_case()), EUR) == an_open_case()


def test_a_case_of_an_account_that_is_part_of_it_now_ends_with_its_own() -> None:
    childs = Case(number=1, currency=EUR, opened_on=TODAY - days(40), customer_id=CHILD)
    account = an_account(a_receivable(days_late=-3), cases=(childs, an_open_case()))
    assert [one.closed_on for one in observe(account, TODAY)] == [TODAY, TODAY]
