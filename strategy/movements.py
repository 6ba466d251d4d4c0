"""Movements: everything that changed what a customer owes, each on the day it counts.

An invoice counts on the day it was issued, a payment when it was received whether or not it has settled anything, a
credit when it was issued whether or not it is used. Using credit moves nothing: neither a Xero allocation nor a
QuickBooks payment of zero is a movement. Drafts, voided and deleted documents are none either.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import structs

from strategy.model import AllocationTarget, Credit, Currency, CustomerId, DocumentStatus, Invoice, Payment, Record


class MovementKind(StrEnum):
    """What changed a balance. DEPOSIT was paid on the invoice itself, REFUND is credit given back in money, TRANSFER is
    what one account's money or credit settled of another's invoices.

    In the order in which movements of one day are listed.
    """

    INVOICE = "invoice"
    DEPOSIT = "deposit"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    OVERPAYMENT = "overpayment"
    PREPAYMENT = "prepayment"
    REFUND = "refund"
    TRANSFER = "transfer"


class Movement(Record):
    """One change of what a customer owes: up where `amount_minor` is positive, down where it is negative."""

    on: date
    kind: MovementKind
    id: str
    customer_id: CustomerId | None
    number: str | None = None
    reference: str | None = None
    due_on: date | None = None
    currency: Currency
    amount_minor: int


def in_order(movement: Movement) -> tuple[date, int, str, str]:
    """Sorts movements as a statement lists them: by day, invoices before what settles them, then by number."""
    return movement.on, list(MovementKind).index(movement.kind), movement.number or "", movement.id


def movements(
    invoices: Iterable[Invoice], payments: Iterable[Payment], credits_: Iterable[Credit]
) -> tuple[Movement, ...]:
    """Every movement that these documents made, in the order in which a statement lists them."""
    moved = [
        *(move for invoice in invoices if _counts(invoice) for move in _of_invoice(invoice)),
        *(_of_payment(payment) for payment in payments if _counts(payment) and payment.total_minor),
        *(_of_credit(credit) for credit in credits_ if _counts(credit)),
    ]
    return tuple(sorted(moved, key=in_order))


def in_advance(
    invoices: Iterable[Invoice], payments: Iterable[Payment], credits_: Iterable[Credit]
) -> tuple[Movement, ...]:
    """What documents dated after today already change today: the platforms' figures count money and credit from when
    they are entered, and of an invoice that is not owed yet what has been settled of it.
    """
    settled = [structs.replace(one, total_minor=one.total_minor - one.open_minor) for one in invoices]
    return movements([one for one in settled if one.total_minor != one.deposit_minor], payments, credits_)


def _counts(document: Invoice | Payment | Credit) -> bool:
    return document.status is DocumentStatus.ISSUED


def _of_invoice(invoice: Invoice) -> Iterable[Movement]:
    issued = Movement(
        on=invoice.issued_on,
        kind=MovementKind.INVOICE,
        id=invoice.id,
        customer_id=invoice.customer_id,
        number=invoice.number,
        reference=invoice.reference,
        due_on=invoice.due_on,
        currency=invoice.currency,
        amount_minor=invoice.total_minor,
    )
    yield issued
    if invoice.deposit_minor:
        yield structs.replace(issued, kind=MovementKind.DEPOSIT, due_on=None, amount_minor=-invoice.deposit_minor)


def _of_payment(payment: Payment) -> Movement:
    refund = _is_refund(payment)
    return Movement(
        on=payment.paid_on,
        kind=MovementKind.REFUND if refund else MovementKind.PAYMENT,
        id=payment.id,
        customer_id=payment.customer_id,
        reference=payment.reference,
        currency=payment.currency,
        amount_minor=abs(payment.total_minor) if refund else -payment.total_minor,
    )


def _is_refund(payment: Payment) -> bool:
    """Whether the money went back to the customer: it settles credits and nothing else."""
    return {part.target for part in payment.allocations} == {AllocationTarget.CREDIT}


def _of_credit(credit: Credit) -> Movement:
    return Movement(
        on=credit.issued_on,
        kind=MovementKind(credit.kind.value),
        id=credit.id,
        customer_id=credit.customer_id,
        number=credit.number,
        currency=credit.currency,
        amount_minor=-credit.total_minor,
    )
