"""Invoices and bills."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import open_of
from dunwell.sandbox.books.rates import rate
from dunwell.sandbox.books.records import Allocation, Customer, Invoice, Payment, Standing, Surplus
from dunwell.sandbox.xero.bills import Bill
from dunwell.sandbox.xero.bodies import parts
from dunwell.sandbox.xero.ids import theme, uuid_of
from dunwell.sandbox.xero.wire import Body, dated, day, money, updated

_ONE = Decimal("1.000000")
"""What the company's own currency costs in itself."""

_SETTLED_BY = ("Payments", "CreditNotes", "Prepayments", "Overpayments")


def invoice(books: Books, document: Invoice, *, has_files: bool) -> Body:
    """A sales invoice. A voided one keeps its total, with nothing due (recorded); SentToContact is there once it was
    sent and not before (recorded: 23 of 79 have it). AmountDue of a draft is its total.
    """
    left = document.face if document.standing is Standing.DRAFT else open_of(books, document)
    settling, fields = books.settling(document), document.fields
    paid = sum(each.amount for each in settling if settled_by(books, each) == "Payments")
    return {
        "Type": "ACCREC",
        "InvoiceID": uuid_of("invoice", document.id),
        "InvoiceNumber": document.number or "",
        "Reference": fields.get("Reference", ""),
        **{name: _settlements(books, document, name) for name in _SETTLED_BY},
        "AmountDue": money(left),
        "AmountPaid": money(paid),
        "AmountCredited": money(sum(each.amount for each in settling) - paid),
        **({"Url": fields["Url"]} if "Url" in fields else {}),
        **_sent(document),
        "CurrencyRate": fields.get("CurrencyRate")
        or rate(document.currency, books.company.currency, document.issued_on),
        "HasErrors": False,
        "IsDiscounted": False,
        "HasAttachments": has_files,
        "BrandingThemeID": fields.get("BrandingThemeID", theme(1)),
        "Contact": parts.contact_brief(books.customers[document.customer_id]),
        **dated("Date", document.issued_on),
        **dated("DueDate", document.due_on),
        **({"ExpectedPaymentDate": day(fields["ExpectedPaymentDate"])} if "ExpectedPaymentDate" in fields else {}),
        "Status": parts.status(document, left),
        "LineAmountTypes": "NoTax",
        "LineItems": parts.line_items(document),
        **parts.totals(document.face),
        **updated(document.updated_at),
        "CurrencyCode": document.currency,
        **_paid_on(document, settling, left),
    }


def settled_by(books: Books, allocation: Allocation) -> str:
    """Under which name an invoice shows what settled it."""
    if allocation.credit_id is not None:
        return "CreditNotes"
    if not allocation.later:
        return "Payments"
    prepaid = books.payments[allocation.payment_id].surplus is Surplus.PREPAYMENT
    return "Prepayments" if prepaid else "Overpayments"


def _sent(document: Invoice) -> Body:
    told = document.sent_at is not None or "SentToContact" in document.fields
    return {"SentToContact": document.fields.get("SentToContact", True)} if told else {}


def _paid_on(document: Invoice, settling: Sequence[Allocation], left: int) -> Body:
    if document.standing is not Standing.ISSUED or left:
        return {}
    return {"FullyPaidOnDate": day(max((each.on for each in settling), default=document.issued_on))}


def _settlements(books: Books, document: Invoice, name: str) -> list[Body]:
    """What settled the invoice under one name; credits that did so twice stand there once."""
    made: dict[int, Body] = {}
    for each in books.settling(document):
        if settled_by(books, each) != name:
            continue
        payment = books.payments[each.payment_id]
        if name == "Payments":
            bought = rate(document.currency, books.company.currency, each.on)
            facts = (uuid_of("payment", each.id), each.on, each.amount, payment.reference, bought)
            made[each.id] = parts.payment_brief(*facts)
        elif name == "CreditNotes":
            key = each.credit_id or 0
            made[key] = _credited(made.get(key) or _credit_brief(books, key), each.amount)
        else:
            made[payment.id] = _credited(made.get(payment.id) or _surplus_brief(payment, name), each.amount)
    return list(made.values())


def _credited(brief: Body, amount: int) -> Body:
    return {**brief, "AppliedAmount": brief["AppliedAmount"] + money(amount)}


def _credit_brief(books: Books, credit_id: int) -> Body:
    credit = books.credits[credit_id]
    note_id = uuid_of("credit", credit.id)
    body: Body = {"CreditNoteID": note_id, "CreditNoteNumber": credit.number or "", "ID": note_id}
    body |= {"AppliedAmount": money(0), **dated("Date", credit.issued_on), "LineItems": []}
    return {**body, "Total": money(credit.face)}


def _surplus_brief(payment: Payment, name: str) -> Body:
    surplus_id = uuid_of("surplus", payment.id)
    body: Body = {f"{name.removesuffix('s')}ID": surplus_id, "ID": surplus_id, "AppliedAmount": money(0)}
    return {**body, **dated("Date", payment.paid_on), "LineItems": []}


def bill(one: Bill, supplier: Customer, now: datetime) -> Body:
    """What the company owes."""
    paid = one.paid_by(now)
    payments = [parts.payment_brief(uuid_of("billpayment", one.id), one.due_on, one.amount, None, _ONE)] if paid else []
    changed = one.paid_at if paid and one.paid_at else one.entered_at
    return {
        "Type": "ACCPAY",
        "InvoiceID": uuid_of("bill", one.id),
        "InvoiceNumber": one.number,
        "Reference": "",
        "Payments": payments,
        **{name: [] for name in _SETTLED_BY[1:]},
        "AmountDue": money(0 if paid else one.amount),
        "AmountPaid": money(one.amount if paid else 0),
        "AmountCredited": money(0),
        "CurrencyRate": _ONE,
        "HasErrors": False,
        "IsDiscounted": False,
        "HasAttachments": False,
        "Contact": parts.contact_brief(supplier),
        **dated("Date", one.issued_on),
        **dated("DueDate", one.due_on),
        "Status": "PAID" if paid else "AUTHORISED",
        "LineAmountTypes": "NoTax",
        "LineItems": [supply(one)],
        **parts.totals(one.amount),
        **updated(changed),
        "CurrencyCode": supplier.currency,
        **({"FullyPaidOnDate": day(one.due_on)} if paid else {}),
    }


def supply(one: Bill) -> Body:
    """The one line of a bill."""
    amount = money(one.amount)
    body: Body = {"Description": "Supplies", "UnitAmount": amount, "TaxType": "NONE", "TaxAmount": money(0)}
    body |= {"LineAmount": amount, "AccountCode": "429", "Tracking": [], "Quantity": money(100)}
    return {**body, "LineItemID": uuid_of("line", "bill", one.id)}
