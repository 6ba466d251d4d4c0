"""What of the books tells how an account pays: today, and on any day before."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from strategy.facts.measuring import measure
from strategy.model import (
    Allocation,
    AllocationTarget,
    AnyRecord,
    Credit,
    CreditKind,
    CustomerId,
    CustomerStatus,
    DocumentStatus,
    InvoiceId,
    Term,
    TermId,
    TermKind,
)
from tests.strategy.builders import TODAY, USD
from tests.sync.mirrors import a_credit, a_customer, a_mirror, a_payment, an_invoice


def settles(amount: int = 100_000, *, days_ago: int = 5, of: str = "1042") -> Allocation:
    """Of an invoice."""
    on = TODAY - timedelta(days=days_ago)
    return Allocation(target=AllocationTarget.INVOICE, target_id=of, on=on, amount_minor=amount)


TAKEN = Allocation(
    target=AllocationTarget.CREDIT,
    target_id="c1",
    on=TODAY - timedelta(days=5),
    amount_minor=100_000,
    invoice_id=InvoiceId("1042"),
)
"""Of a credit memo, by a payment of zero that also settles the invoice: so QuickBooks tells it."""


IN_ADVANCE = a_credit(
    amount=30_000,
    remaining_minor=0,
    kind=CreditKind.PREPAYMENT,
    issued_on=TODAY - timedelta(days=50),
    allocations=(settles(30_000),),
)
"""Ten days before the invoice, and used for it when it was overdue."""


@pytest.mark.parametrize(
    ("settled_by", "paid"),
    [
        ([a_credit(amount=100_000, remaining_minor=0, allocations=(settles(),))], 0),
        ([a_credit(amount=100_000, remaining_minor=0), a_payment(amount=0, allocations=(settles(), TAKEN))], 0),
        ([a_credit(amount=100_000, remaining_minor=0, kind=CreditKind.OVERPAYMENT, allocations=(settles(),))], 1),
        ([a_credit(amount=100_000, remaining_minor=0, kind=CreditKind.PREPAYMENT, allocations=(settles(),))], 1),
        ([a_credit(amount=90_000, remaining_minor=0, allocations=(settles(90_000),)), a_payment(amount=10_000)], 1),
    ],
    ids=["credit note", "credit memo by a payment of zero", "overpayment", "prepayment", "credit note and payment"],
)
def test_an_invoice_that_credit_notes_alone_settled_was_not_paid(
    tmp_path: Path, settled_by: Sequence[AnyRecord], paid: int
) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=0), *settled_by) as books:
        assert [books.accounts(days_ago=days)["lund"].paid_invoices for days in (6, 5, 0)] == [0, paid, paid]


def test_an_invoice_of_which_nothing_is_open_is_paid_where_no_credit_is_known(tmp_path: Path) -> None:
    """Today: of a day before nothing tells when that was."""
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=0)) as books:
        assert [books.accounts(days_ago=days)["lund"].paid_invoices for days in (1, 0)] == [0, 1]


def test_an_invoice_whose_deposit_was_all_of_it_is_paid(tmp_path: Path) -> None:
    with a_mirror(tmp_path, a_customer(), an_invoice(open_minor=0, deposit_minor=100_000)) as books:
        assert [books.accounts(days_ago=days)["lund"].paid_invoices for days in (40, 0)] == [1, 1]


NET_30 = Term(id=TermId("t30"), name="Net 30", kind=TermKind.DAYS_AFTER_INVOICE, day=30)


@pytest.mark.parametrize("whose", ["invoice", "customer"])
def test_an_invoice_without_a_due_date_was_paid_so_late_as_its_terms_say(tmp_path: Path, whose: str) -> None:
    """Issued forty days ago, paid five days ago; what is open of another is due on the same day."""
    customers, own = (NET_30.id if whose == one else None for one in ("customer", "invoice"))
    customer = a_customer(term_id=customers)
    invoices = [an_invoice(one, due_on=None, term_id=own) for one in ("1042", "1043")]
    with a_mirror(tmp_path, NET_30, customer, *invoices, a_payment()) as books:
        for days_ago in (4, 0):
            account = books.accounts(days_ago=days_ago)["lund"]
            due = {account.settlements[0].due_on, *(one.due_on for one in account.receivables)}
            assert due == {TODAY - timedelta(days=10)}


def test_what_credit_notes_took_off_in_a_year_is_known_by_their_own_days(tmp_path: Path) -> None:
    """Those of the account's customers, in the currency of each; what was paid in advance takes nothing off."""

    def a_note(credit_id: str, *, days_ago: int, **changes: Any) -> Credit:
        return a_credit(credit_id, amount=10_000, issued_on=TODAY - timedelta(days=days_ago), **changes)

    notes = (
        a_note("last year", days_ago=365),
        a_note("this year", days_ago=364),
        a_note("before the quarter", days_ago=90),
        a_note("this quarter", days_ago=89, customer_id=CustomerId("quay")),
        a_note("tomorrow", days_ago=-1),
        a_note("dollars", days_ago=9, currency=USD),
        a_note("voided", days_ago=9, status=DocumentStatus.VOIDED),
        a_note("in advance", days_ago=9, kind=CreditKind.PREPAYMENT),
        a_note("overpaid", days_ago=9, kind=CreditKind.OVERPAYMENT),
    )
    merged = a_customer("quay", status=CustomerStatus.MERGED, merged_into=CustomerId("lund"))
    with a_mirror(tmp_path, a_customer(), merged, an_invoice(), *notes) as books:
        for days_ago, taken_off in ((0, (30_000, 10_000)), (1, (40_000, 20_000))):
            (one,) = books.accounts(days_ago=days_ago)["lund"].invoiced
            assert (one.year_credited_minor, one.quarter_credited_minor) == taken_off


def test_what_an_invoice_got_while_it_was_open_is_known_however_long_ago(tmp_path: Path) -> None:
    """One was paid in part then and in full ten days ago: the day before that has the same history as it had."""
    parts = (
        a_payment("p1", days_ago=450),
        a_payment("p2", amount=60_000, days_ago=10),
        a_payment("p3", of="1043", days_ago=440),
    )
    invoices = (an_invoice(open_minor=0), an_invoice("1043", open_minor=60_000))
    with a_mirror(tmp_path, a_customer(), *invoices, *parts) as books:
        for days_ago, known in ((11, ["1042", "1043"]), (0, ["1043", "1042"])):
            assert [part.invoice_id for part in books.accounts(days_ago=days_ago)["lund"].settlements] == known


@pytest.mark.parametrize(
    ("books_have", "part_paid"),
    [
        ([an_invoice(deposit_minor=30_000, open_minor=70_000)], False),
        ([an_invoice(open_minor=70_000), a_payment(amount=30_000, days_ago=40)], False),
        ([an_invoice(open_minor=70_000), a_payment(amount=30_000, days_ago=39)], True),
        ([an_invoice(open_minor=70_000), IN_ADVANCE], False),
    ],
    ids=["QuickBooks deposit", "payment with the invoice", "payment after it", "Xero prepayment, used later"],
)
def test_a_deposit_makes_no_invoice_part_paid_in_whatever_form_the_books_have_it(
    tmp_path: Path, books_have: Sequence[AnyRecord], part_paid: bool
) -> None:
    with a_mirror(tmp_path, a_customer(), *books_have) as books:
        assert measure(books.accounts()["lund"], (), TODAY).flags["part_paid"] is part_paid


def test_what_is_paid_of_an_invoice_in_advance_tells_nothing_before_its_day(tmp_path: Path) -> None:
    """It is not among what is open yet, and would count as paid in full, a month early."""
    tomorrow = TODAY + timedelta(days=1)
    invoice = an_invoice(open_minor=90_000, issued_on=tomorrow, due_on=tomorrow + timedelta(days=30))
    with a_mirror(tmp_path, a_customer(), invoice, a_payment(amount=10_000)) as books:
        assert books.accounts()["lund"].settlements == ()
        books.put(an_invoice(open_minor=90_000, issued_on=TODAY))
        assert [len(books.accounts(days_ago=days)["lund"].settlements) for days in (1, 0)] == [0, 1]
