"""What changed in the company since it was read: invoices of many customers, each paid in full by a new payment."""

from datetime import timedelta

import msgspec

from bench.company import Company, Customer, Invoice, Payment
from strategy.model import Record

LATER = timedelta(days=1)


class News(Record):
    """The changed records as they are now, and the customers whose balances they moved."""

    customers: tuple[Customer, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()


def news(books: Company, changes: int) -> News:
    """So many changed records, an invoice and a payment in turn, of as many customers as there are."""
    by_customer = {one.customer.number: one for one in books.invoices if one.open_minor and not one.paid_minor}
    paid = list(by_customer.values())[: changes // 2]
    latest = max(one.changed_at for one in books.invoices) + LATER
    owing = {one.number: one for one in books.customers}
    payments = []
    for number, invoice in enumerate(paid, start=1):
        due = invoice.open_minor
        before = owing[invoice.customer.number]
        owing[before.number] = msgspec.structs.replace(before, owed_minor=before.owed_minor - due)
        settled = msgspec.structs.replace(invoice, paid_minor=due, changed_at=latest)
        payments.append(
            Payment(
                number=900_000 + number,
                invoice=settled,
                paid_on=latest.date(),
                amount_minor=due,
                reference=f"TRF {number:06}",
                changed_at=latest,
            )
        )
    return News(
        customers=tuple(owing[one.customer.number] for one in paid),
        invoices=tuple(one.invoice for one in payments),
        payments=tuple(payments),
    )
