"""Statements foot, ask only for what is due and free, and are refused with the reason where the books do not add up."""

from datetime import date, timedelta

import pytest

from strategy.model import (
    CustomerId,
)
from strategy.movements import MovementKind
from strategy.statement import (
    AsideReason,
    Period,
    Statement,
    StatementKind,
    activity,
    open_items,
)
from tests.strategy.statements import (
    EUR,
    JPY,
    TODAY,
    a_customer,
    a_movement,
    a_receivable,
    an_account,
    an_aside,
    an_unapplied,
    refused,
    stated,
)


def test_an_open_item_statement_lists_the_oldest_due_first() -> None:
    found = stated(an_account(a_receivable("2", days_late=3), a_receivable("1", days_late=20)))
    assert [(line.receivable.number, line.days_overdue) for line in found.lines] == [("1", 20), ("2", 3)]


def test_the_total_is_what_is_open_less_what_is_unapplied() -> None:
    found = stated(an_account(a_receivable(open_minor=100000), unapplied=(an_unapplied(20050),)))
    assert found.total_minor == 79950


def test_the_aging_strip_sums_to_the_total() -> None:
    account = an_account(
        a_receivable("1", 100, days_late=95), a_receivable("2", 20, days_late=-4), unapplied=(an_unapplied(7),)
    )
    found = stated(account)
    strip = [bucket.amount_minor for bucket in found.aged.buckets]
    assert (strip, sum(strip) - found.aged.unapplied_minor) == ([20, 0, 0, 0, 100], found.total_minor)


def test_what_falls_due_today_is_asked_for_and_what_falls_due_tomorrow_is_not() -> None:
    found = stated(an_account(a_receivable("1", 100, days_late=0), a_receivable("2", 20, days_late=-1)))
    assert (found.due_minor, found.not_due_minor, found.please_pay_minor) == (100, 20, 100)


def test_credit_is_taken_off_what_is_asked_for() -> None:
    found = stated(an_account(a_receivable(open_minor=1000), unapplied=(an_unapplied(300),)))
    assert found.please_pay_minor == 700


def test_credit_beyond_what_is_due_asks_for_nothing() -> None:
    found = stated(an_account(a_receivable(open_minor=1000), unapplied=(an_unapplied(1300),)))
    assert (found.please_pay_minor, found.total_minor) == (0, -300)


@pytest.mark.parametrize("reason", AsideReason)
def test_nothing_set_aside_is_asked_for(reason: AsideReason) -> None:
    assert stated(an_account(a_receivable(open_minor=1000)), an_aside(400, reason)).please_pay_minor == 600


def test_what_platform_and_payments_disagree_about_is_not_asked_for() -> None:
    assert stated(an_account(a_receivable(open_minor=1000, doubtful_minor=250))).please_pay_minor == 750


def test_disputes_are_told_apart_from_what_is_arranged() -> None:
    found = stated(an_account(a_receivable(open_minor=1000)), an_aside(400), an_aside(100, AsideReason.PROMISED))
    assert (found.disputed_minor, found.arranged_minor) == (400, 100)


def test_no_more_is_set_aside_than_is_open_and_disputes_come_first() -> None:
    found = stated(an_account(a_receivable(open_minor=1000)), an_aside(900, AsideReason.HELD), an_aside(400))
    assert (found.disputed_minor, found.arranged_minor, found.please_pay_minor) == (400, 600, 0)


def test_what_is_set_aside_of_an_invoice_that_is_not_open_counts_for_nothing() -> None:
    assert stated(an_account(a_receivable(open_minor=1000)), an_aside(400, number="9")).please_pay_minor == 1000


def test_a_billing_parent_has_a_section_of_its_own_and_one_for_each_that_it_pays_for() -> None:
    bar, cafe = a_customer("Lund Bar"), a_customer("Lund Café")
    account = an_account(
        a_receivable("1", 100, customer_id=cafe.id),
        a_receivable("2", 20, customer_id=bar.id),
        a_receivable("3", 3),
        members=(cafe, bar),
    )
    sections = [(section.customer.name, section.open_minor) for section in stated(account).sections]
    assert sections == [("Brasserie Lund", 3), ("Lund Bar", 20), ("Lund Café", 100)]


def test_another_currency_is_not_on_the_statement() -> None:
    account = an_account(
        a_receivable("1", 100),
        a_receivable("2", 5000, currency=JPY),
        unapplied=(an_unapplied(7, currency=JPY),),
    )
    assert (stated(account).total_minor, stated(account, currency=JPY).total_minor) == (100, 4993)


def test_a_line_that_does_not_add_up_refuses_the_statement_and_says_by_how_much() -> None:
    odd = a_receivable(open_minor=60000, total_minor=100000, paid_minor=30000)
    found = refused(open_items(an_account(odd), EUR, TODAY))
    assert found.startswith(
        "invoice 1042 is off by 100.00 EUR: 600.00 EUR is open, but less what was applied it is 700.00 EUR."
    )


def test_an_invoice_of_a_stranger_refuses_the_statement() -> None:
    found = refused(open_items(an_account(a_receivable(customer_id=CustomerId("other"))), EUR, TODAY))
    assert "invoice 1042 of 1000.00 EUR belongs to customer other, who is not of this account" in found


def test_an_activity_statement_runs_from_opening_to_closing_balance() -> None:
    items = stated(an_account(a_receivable("1", 700, total_minor=1000, paid_minor=300, days_late=-10)))
    moved = (
        a_movement(-800, TODAY, kind=MovementKind.PAYMENT, id="p1"),
        a_movement(1000, TODAY - timedelta(days=20), id="1"),
    )
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=500, movements=moved))
    assert isinstance(found, Statement)
    assert found.activity is not None
    balances = [entry.balance_minor for entry in found.activity.entries]
    assert (found.kind, balances, found.activity.closing_minor) == (StatementKind.ACTIVITY, [1500, 700], 700)


def test_a_period_without_movements_closes_as_it_opened() -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=90)))
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=700, movements=()))
    assert isinstance(found, Statement)


@pytest.mark.parametrize(("on", "inside"), [(1, True), (30, True)])
def test_the_first_and_the_last_day_belong_to_the_period(on: int, inside: bool) -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=-20)))
    moved = (a_movement(700, date(2026, 6, on)),)
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=moved))
    assert isinstance(found, Statement) is inside


def test_money_dated_after_the_last_day_that_counts_already_is_among_the_movements() -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=60), unapplied=(an_unapplied(200),)))
    ahead = (a_movement(-200, TODAY + timedelta(days=5)), a_movement(-90, TODAY + timedelta(days=5), currency=JPY))
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=700, movements=(), ahead=ahead))
    assert isinstance(found, Statement), found
    assert found.activity is not None
    assert [(one.movement.on, one.balance_minor) for one in found.activity.entries] == [(ahead[0].on, 500)]


def test_movements_of_other_days_and_currencies_are_passed_over() -> None:
    items = stated(an_account(a_receivable(open_minor=700, days_late=60)))
    moved = (
        a_movement(700, date(2026, 5, 31)),
        a_movement(5, date(2026, 7, 1), id="2"),
        a_movement(90, date(2026, 6, 5), id="3", currency=JPY),
    )
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=700, movements=moved))
    assert isinstance(found, Statement)


def test_a_missing_invoice_is_refused_by_number_and_amount() -> None:
    items = stated(an_account(a_receivable(open_minor=70000, days_late=-10)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert found.startswith(
        "off by 700.00 EUR: 0.00 EUR on 2026-06-01 and the movements since make 0.00 EUR, but 700.00 EUR is open; "
        "invoice 1042 of 700.00 EUR is not among the movements as such."
    )


def test_an_invoice_that_moved_twice_is_named() -> None:
    items = stated(an_account(a_receivable(open_minor=70000, days_late=-10)))
    moved = (a_movement(70000), a_movement(70000))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=moved)))
    assert "invoice 1042 of 700.00 EUR is not among the movements as such" in found


def test_a_missing_credit_is_refused_by_number_and_amount() -> None:
    items = stated(an_account(unapplied=(an_unapplied(5000),)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert "CN-1, with 50.00 EUR unapplied, is no movement" in found


def test_a_credit_of_before_the_period_is_no_suspect() -> None:
    items = stated(an_account(unapplied=(an_unapplied(5000, since=date(2026, 5, 31)),)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert "CN-1" not in found


def test_an_invoice_with_a_deposit_is_no_suspect() -> None:
    paid = a_receivable(open_minor=50000, total_minor=70000, paid_minor=20000, days_late=-10)
    moved = (a_movement(70000), a_movement(-20000, kind=MovementKind.DEPOSIT))
    found = refused(
        activity(stated(an_account(paid)), Period(first=date(2026, 6, 1), opening_minor=1, movements=moved))
    )
    assert "1042" not in found


def test_an_invoice_of_before_the_period_is_no_suspect() -> None:
    items = stated(an_account(a_receivable(open_minor=70000, days_late=60)))
    found = refused(activity(items, Period(first=date(2026, 6, 1), opening_minor=0, movements=())))
    assert "1042" not in found
