"""What was open on a day gone by: from the totals, and from what had settled them by then."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from strategy.aging import Owing, report
from strategy.model import Allocation, AllocationTarget, CreditKind, DocumentStatus
from tests.strategy.builders import TODAY
from tests.sync.mirrors import Mirror, a_credit, a_customer, a_mirror, a_payment, an_invoice


def figures_on(books: Mirror, days_ago: int) -> tuple[int, dict[str, int]]:
    """What is open of Lund's invoices, and what of each payment and credit is unapplied."""
    account = books.accounts(days_ago=days_ago).get("lund")
    if account is None:
        return 0, {}
    return (
        sum(one.open_minor for one in account.receivables),
        {one.id: one.amount_minor for one in account.unapplied},
    )


def settles(target: AllocationTarget, target_id: str, amount: int, days_ago: int, **more: object) -> Allocation:
    on = TODAY - timedelta(days=days_ago)
    return Allocation(target=target, target_id=target_id, on=on, amount_minor=amount, **more)  # type: ignore[arg-type]


def test_an_invoice_dated_after_today_is_not_owed_yet(tmp_path: Path) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with a_mirror(tmp_path, a_customer(), an_invoice(), an_invoice("1043", issued_on=tomorrow)) as books:
        assert [one.number for one in books.accounts()["lund"].receivables] == ["1042"]


def test_a_credit_used_for_an_invoice_that_came_later_was_there_until_that_came(tmp_path: Path) -> None:
    """QuickBooks: a payment of zero of eight days ago applied a memo of ten days ago to an invoice of five days ago."""
    used = a_payment(
        amount=0,
        days_ago=8,
        allocations=(
            settles(AllocationTarget.INVOICE, "1042", 60_000, 8),
            settles(AllocationTarget.CREDIT, "c1", 60_000, 8, invoice_id="1042"),
        ),
    )
    invoice = an_invoice(open_minor=40_000, issued_on=TODAY - timedelta(days=5))
    credit = a_credit(amount=60_000, remaining_minor=0, issued_on=TODAY - timedelta(days=10))
    with a_mirror(tmp_path, a_customer(), invoice, credit, used) as books:
        days = (11, 10, 8, 6, 5, 0)
        assert [figures_on(books, ago) for ago in days] == [
            (0, {}),
            *[(0, {"c1": 60_000})] * 3,
            *[(40_000, {})] * 2,
        ]


@pytest.mark.parametrize("through_a_payment", [True, False])
def test_a_credit_settles_nothing_before_its_own_day(tmp_path: Path, *, through_a_payment: bool) -> None:
    """Written five days ago, applied as of eight days ago: until it was there, all of the invoice was open."""
    on_invoice = settles(AllocationTarget.INVOICE, "1042", 60_000, 8)
    on_credit = settles(AllocationTarget.CREDIT, "c1", 60_000, 8, invoice_id="1042")
    credit = a_credit(amount=60_000, remaining_minor=0, allocations=() if through_a_payment else (on_invoice,))
    carrier = (a_payment(amount=0, days_ago=8, allocations=(on_invoice, on_credit)),) if through_a_payment else ()
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=40_000), credit, *carrier) as books:
        assert [figures_on(books, ago) for ago in (9, 8, 6, 5, 0)] == [*[(100_000, {})] * 3, *[(40_000, {})] * 2]
        credited = {ago: books.accounts(days_ago=ago)["lund"].receivables[0].credited_minor for ago in (8, 6, 5)}
        assert credited == {8: 0, 6: 0, 5: 60_000}


@pytest.mark.parametrize("kind", CreditKind)
def test_what_was_paid_in_advance_is_paid_and_not_credited(tmp_path: Path, kind: CreditKind) -> None:
    """Xero keeps it as a credit."""
    used = (settles(AllocationTarget.INVOICE, "1042", 60_000, 3),)
    credit = a_credit(amount=60_000, remaining_minor=0, kind=kind, allocations=used)
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=40_000), credit) as books:
        for ago in (0, 2):
            (one,) = books.accounts(days_ago=ago)["lund"].receivables
            expected = (0, 60_000) if kind is CreditKind.CREDIT_NOTE else (60_000, 0)
            assert (one.paid_minor, one.credited_minor) == expected


def test_what_a_payment_settled_that_we_do_not_follow_was_never_money_left_over(tmp_path: Path) -> None:
    """1,400.00 for an invoice of 1,000.00 and a journal entry of 400.00; and a memo given back through an expense."""
    paid = a_payment(amount=100_000, total_minor=140_000, unapplied_minor=0)
    given_back = a_payment("p2", amount=0, days_ago=4, allocations=(settles(AllocationTarget.CREDIT, "c1", 10_000, 4),))
    credit = a_credit(remaining_minor=0)
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=0), paid, credit, given_back) as books:
        assert [figures_on(books, ago) for ago in (6, 5, 4, 3)] == [
            (100_000, {}),
            (0, {"c1": 10_000}),
            (0, {}),
            (0, {}),
        ]


def test_money_that_came_before_its_invoice_was_left_over_until_that_came(tmp_path: Path) -> None:
    invoice = an_invoice(open_minor=0, issued_on=TODAY - timedelta(days=5))
    with a_mirror(tmp_path, a_customer(), invoice, a_payment(amount=100_000, days_ago=8)) as books:
        assert [figures_on(books, ago) for ago in (9, 8, 6, 5)] == [(0, {}), *[(0, {"p1": 100_000})] * 2, (0, {})]


def test_an_invoice_is_open_from_the_day_it_was_issued(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=0)) as books:
        assert [figures_on(books, ago)[0] for ago in (41, 40, 39)] == [0, 100_000, 100_000]


def test_an_allocation_counts_from_its_own_day(tmp_path: Path) -> None:
    paid_later = a_payment(days_ago=5, allocations=(settles(AllocationTarget.INVOICE, "1042", 40_000, 3),))
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=60_000), paid_later) as books:
        assert [figures_on(books, ago)[0] for ago in (4, 3)] == [100_000, 60_000]


def test_a_deposit_counts_from_the_day_of_its_invoice(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=80_000, deposit_minor=20_000)) as books:
        assert [figures_on(books, ago)[0] for ago in (41, 40, 0)] == [0, 80_000, 80_000]


@pytest.mark.parametrize("status", [DocumentStatus.DRAFT, DocumentStatus.VOIDED, DocumentStatus.DELETED])
def test_what_does_not_count_today_never_did(tmp_path: Path, status: DocumentStatus) -> None:
    """The books restate their past."""
    invoice = an_invoice(status=status)
    money = a_payment(allocations=(), unapplied_minor=40_000, status=status)
    with a_mirror(tmp_path, a_customer(), invoice, money, a_credit(status=status)) as books:
        assert [figures_on(books, ago) for ago in (30, 1, 0)] == [(0, {})] * 3


def aged_on(books: Mirror, day: date) -> list[int]:
    """What is open on a day, by age: not due, 1-30, 31-60, 61-90, over 90 days."""
    accounts = books.accounts(days_ago=(TODAY - day).days).values()
    (all_together,) = report(
        [Owing(customer_id=one.customer.id, name="", receivables=one.receivables) for one in accounts], day
    ).currencies
    return [bucket.amount_minor for bucket in all_together.buckets]


def test_the_vector_of_the_domain_page_falls_into_its_buckets(tmp_path: Path) -> None:
    """V1 of its 1.2, a year earlier."""
    may, june, july = (partial(date, 2025, month) for month in (5, 6, 7))
    documents = (
        an_invoice("A", issued_on=may(1), due_on=may(15), open_minor=0),
        an_invoice("B", issued_on=may(1), due_on=june(30), total_minor=50_000, open_minor=50_000),
        an_invoice("C", issued_on=june(10), due_on=july(10), total_minor=25_000, open_minor=25_000),
        an_invoice("D", issued_on=date(2025, 2, 1), due_on=date(2025, 2, 28), total_minor=30_000, open_minor=30_000),
        a_payment("p1", of="A", amount=40_000, days_ago=(TODAY - june(20)).days),
        a_payment("p2", of="A", amount=60_000, days_ago=(TODAY - july(2)).days),
    )
    with a_mirror(tmp_path, a_customer(), *documents) as books:
        assert [aged_on(books, day) for day in (june(30), july(1), july(15))] == [
            [75_000, 0, 60_000, 0, 30_000],
            [25_000, 50_000, 60_000, 0, 30_000],
            [0, 75_000, 0, 0, 30_000],
        ]
