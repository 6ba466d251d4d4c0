"""Credit notes, overpayments and prepayments: what customers are owed."""

from datetime import date
from decimal import Decimal

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import remaining_of, unapplied_of
from dunwell.sandbox.books.rates import rate
from dunwell.sandbox.books.records import (
    Allocation,
    Credit,
    Customer,
    End,
    Payment,
    Refund,
    Standing,
    Surplus,
)
from dunwell.sandbox.xero.bills import Bill, BillKind
from dunwell.sandbox.xero.bodies import parts
from dunwell.sandbox.xero.bodies.invoices import supply
from dunwell.sandbox.xero.ids import theme, uuid_of
from dunwell.sandbox.xero.wire import Body, dated, day, money, updated


def credit_note(books: Books, document: Credit, *, has_files: bool) -> Body:
    """A credit note; refunds stand under Payments (official example)."""
    left = remaining_of(books, document)
    note_id = uuid_of("credit", document.id)
    allocations = [_allocation(books, each) for each in books.drawing(document)]
    return {
        "CreditNoteID": note_id,
        "CreditNoteNumber": document.number or "",
        "Payments": _refunds(books, document),
        "ID": note_id,
        "HasErrors": False,
        "CurrencyRate": document.fields.get("CurrencyRate") or _rate(books, document.currency, document.issued_on),
        "Type": "ACCRECCREDIT",
        "Reference": document.fields.get("Reference", ""),
        "RemainingCredit": money(left),
        "Allocations": allocations,
        "HasAttachments": has_files,
        "BrandingThemeID": theme(1),
        "Contact": parts.contact_brief(books.customers[document.customer_id]),
        **dated("Date", document.issued_on),
        "Status": parts.status(document, left),
        "LineAmountTypes": "NoTax",
        "LineItems": parts.line_items(document),
        **parts.totals(document.face),
        **updated(document.updated_at),
        "CurrencyCode": document.currency,
        **_used_up(document, books, left),
    }


def _used_up(document: Credit, books: Books, left: int) -> Body:
    if document.standing is not Standing.ISSUED or left:
        return {}
    days = [each.on for each in books.drawing(document)] + [each.paid_on for each in books.refunding(document)]
    return {"FullyPaidOnDate": day(max(days, default=document.issued_on))}


def _refunds(books: Books, source: Credit | Payment) -> list[Body]:
    return [_given_back(books, each, source.currency) for each in books.refunding(source) if _counts(each)]


def _given_back(books: Books, each: Refund, currency: str) -> Body:
    bought = _rate(books, currency, each.paid_on)
    return parts.payment_brief(uuid_of("refund", each.id), each.paid_on, each.amount, each.reference, bought)


def _counts(refund: Refund) -> bool:
    return refund.standing is Standing.ISSUED


def _rate(books: Books, currency: str, on: date) -> Decimal:
    return rate(currency, books.company.currency, on)


def _allocation(books: Books, each: Allocation) -> Body:
    settled = books.invoices[each.invoice_id]
    return {
        "AllocationID": uuid_of("allocation", each.id),
        "Amount": money(each.amount),
        "Date": day(each.on),
        "Invoice": parts.invoice_brief(uuid_of("invoice", settled.id), settled.number),
    }


def surplus_of(payment: Payment) -> int:
    """What of a payment settled nothing when it came: an overpayment or prepayment of its own. 0: there is none.

    Of a deleted payment, what it was.
    """
    alive = payment.standing is Standing.ISSUED
    direct = payment.allocations if alive else [each for each in payment.former if each.end is End.UNDONE]
    return payment.total - sum(each.amount for each in direct if not each.later and each.credit_id is None)


def surplus(books: Books, payment: Payment) -> Body:
    """The overpayment or prepayment that a payment left. Overpayments are of both types that the contract has: which
    of them real ones are is [UNCONFIRMED], and readers must take either.
    """
    prepaid = payment.surplus is Surplus.PREPAYMENT
    left, amount = unapplied_of(books, payment), surplus_of(payment)
    surplus_id = uuid_of("surplus", payment.id)
    later = [each for each in payment.allocations if each.later and each.credit_id is None]
    named = {"Reference": payment.reference or "", **({"InvoiceNumber": payment.reference or ""} if prepaid else {})}
    return {
        f"{'Prepayment' if prepaid else 'Overpayment'}ID": surplus_id,
        "ID": surplus_id,
        "CurrencyRate": _rate(books, payment.currency, payment.paid_on),
        "Type": _surplus_type(payment),
        **named,
        "RemainingCredit": money(left),
        "Allocations": [_allocation(books, each) for each in later],
        "Payments": _refunds(books, payment),
        "HasAttachments": False,
        "Contact": parts.contact_brief(books.customers[payment.customer_id]),
        **dated("Date", payment.paid_on),
        "Status": _surplus_status(payment, left),
        "LineAmountTypes": "NoTax",
        "LineItems": [_received(payment, amount)],
        **parts.totals(amount),
        **updated(payment.updated_at),
        "CurrencyCode": payment.currency,
    }


def _surplus_type(payment: Payment) -> str:
    if payment.surplus is Surplus.PREPAYMENT:
        return "RECEIVE-PREPAYMENT"
    return "RECEIVE-OVERPAYMENT" if payment.id % 3 else "AROVERPAYMENT"


def _surplus_status(payment: Payment, left: int) -> str:
    if payment.standing is not Standing.ISSUED:
        return "VOIDED"
    return "AUTHORISED" if left else "PAID"


def _received(payment: Payment, amount: int) -> Body:
    body: Body = {"Description": "Received", "UnitAmount": money(amount), "TaxType": "NONE", "TaxAmount": money(0)}
    body |= {"LineAmount": money(amount), "AccountCode": "610", "Tracking": [], "Quantity": money(100)}
    return {**body, "LineItemID": uuid_of("line", "surplus", payment.id)}


def of_supplier(one: Bill, supplier: Customer) -> Body:
    """What a supplier owes: a credit note, an overpayment or prepayment, none of it used."""
    name = {BillKind.CREDIT: "CreditNote", BillKind.OVERPAYMENT: "Overpayment"}.get(one.kind, "Prepayment")
    document_id = uuid_of("bill", one.id)
    numbered = {"CreditNoteNumber": one.number} if one.kind is BillKind.CREDIT else {}
    return {
        f"{name}ID": document_id,
        **numbered,
        "Payments": [],
        "ID": document_id,
        "CurrencyRate": Decimal("1.000000"),
        "Type": str(one.kind),
        "Reference": one.number,
        "RemainingCredit": money(one.amount),
        "Allocations": [],
        "HasAttachments": False,
        "Contact": parts.contact_brief(supplier),
        **dated("Date", one.issued_on),
        "Status": "AUTHORISED",
        "LineAmountTypes": "NoTax",
        "LineItems": [supply(one)],
        **parts.totals(one.amount),
        **updated(one.entered_at),
        "CurrencyCode": supplier.currency,
    }
