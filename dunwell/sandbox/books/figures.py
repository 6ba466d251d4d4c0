"""What follows from the books: open, unapplied, remaining, balances, and all of it as of a past day.

A past day is computed from allocations and their days; what was voided or deleted since never was (books restate
history).
"""

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from dunwell.sandbox.books.records import Allocation, Credit, Invoice, Payment, Standing

if TYPE_CHECKING:
    from dunwell.sandbox.books.books import Books

EDGES = (0, 30, 60, 90)
"""The last day overdue of each aging bucket but the last: not due, 1-30, 31-60, 61-90, over 90."""


def open_of(books: "Books", invoice: Invoice, as_of: date | None = None) -> int:
    """What is still owed on the invoice; on a past day where `as_of` is given."""
    if invoice.standing is not Standing.ISSUED or (as_of is not None and invoice.issued_on > as_of):
        return 0
    settled = books.settling(invoice)
    if as_of is not None:
        settled = [each for each in settled if counts_on(books, each) <= as_of]
    return invoice.total - invoice.deposit - sum(each.amount for each in settled)


def unapplied_of(books: "Books", payment: Payment, as_of: date | None = None) -> int:
    """What of the payment settles nothing."""
    if payment.standing is not Standing.ISSUED or (as_of is not None and payment.paid_on > as_of):
        return 0
    used = (each for each in payment.allocations if each.credit_id is None)
    settled = sum(each.amount for each in used if as_of is None or counts_on(books, each) <= as_of)
    return payment.total - settled - refunded_of(books, payment, as_of)


def remaining_of(books: "Books", credit: Credit, as_of: date | None = None) -> int:
    """What of the credit settles nothing."""
    if credit.standing is not Standing.ISSUED or (as_of is not None and credit.issued_on > as_of):
        return 0
    used = books.drawing(credit)
    settled = sum(each.amount for each in used if as_of is None or counts_on(books, each) <= as_of)
    return credit.total - settled - refunded_of(books, credit, as_of)


def refunded_of(books: "Books", source: Credit | Payment, as_of: date | None = None) -> int:
    """What was given back out of the credit or payment."""
    refunds = (each for each in books.refunding(source) if each.standing is Standing.ISSUED)
    return sum(each.amount for each in refunds if as_of is None or each.paid_on <= as_of)


def counts_on(books: "Books", allocation: Allocation) -> date:
    """The day an allocation counts: never before its invoice existed, nor before the credit or money it is out of."""
    invoice, credit_id = books.invoices[allocation.invoice_id], allocation.credit_id
    paid_on = books.payments[allocation.payment_id].paid_on
    given_on = paid_on if credit_id is None else books.credits[credit_id].issued_on
    return max(allocation.on, invoice.issued_on, given_on)


def balances(books: "Books") -> dict[int, int]:
    """What each customer itself owes, net of unapplied payments and credits: may be negative."""
    owed = dict.fromkeys(books.customers, 0)
    for invoice in books.invoices.values():
        owed[invoice.customer_id] += open_of(books, invoice)
    for payment in books.payments.values():
        owed[payment.customer_id] -= unapplied_of(books, payment)
    for credit in books.credits.values():
        owed[credit.customer_id] -= remaining_of(books, credit)
    return owed


def with_jobs(books: "Books", own: dict[int, int]) -> dict[int, int]:
    """The balances of customers together with those of all their sub-customers, whatever their currencies: what
    QuickBooks does where these differ is [UNCONFIRMED].
    """
    total = dict(own)
    for customer in books.customers.values():
        parent_id = customer.parent_id
        while parent_id is not None:
            total[parent_id] += own[customer.id]
            parent_id = books.customers[parent_id].parent_id
    return total


class Aged(Struct, kw_only=True):
    """One customer in one currency on one day. `buckets` sum to what is open; credits stand beside them."""

    customer_id: int
    currency: str
    buckets: list[int]
    unapplied: int = 0
    remaining: int = 0

    @property
    def open(self) -> int:
        """What is open of all invoices."""
        return sum(self.buckets)

    @property
    def total(self) -> int:
        """Open, less what payments and credits would cover."""
        return self.open - self.unapplied - self.remaining


def bucket(days_overdue: int) -> int:
    """The place of a number of days in the buckets; day 0 is not overdue."""
    return next((place for place, edge in enumerate(EDGES) if days_overdue <= edge), len(EDGES))


def aged(books: "Books", as_of: date, *, from_invoice_date: bool = False) -> list[Aged]:
    """The aged receivables of a day, by customer and currency; nothing is left out but rows that are all zero.

    An invoice without a due date is aged from its own date.
    """
    rows: dict[tuple[int, str], Aged] = {}

    def row(customer_id: int, currency: str) -> Aged:
        empty = Aged(customer_id=customer_id, currency=currency, buckets=[0] * (len(EDGES) + 1))
        return rows.setdefault((customer_id, currency), empty)

    for invoice in books.invoices.values():
        start = invoice.issued_on if from_invoice_date or invoice.due_on is None else invoice.due_on
        owed = open_of(books, invoice, as_of)
        row(invoice.customer_id, invoice.currency).buckets[bucket((as_of - start).days)] += owed
    for payment in books.payments.values():
        row(payment.customer_id, payment.currency).unapplied += unapplied_of(books, payment, as_of)
    for credit in books.credits.values():
        row(credit.customer_id, credit.currency).remaining += remaining_of(books, credit, as_of)
    some = [each for each in rows.values() if any(each.buckets) or each.unapplied or each.remaining]
    return sorted(some, key=lambda each: (each.customer_id, each.currency))
