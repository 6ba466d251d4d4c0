"""What several objects have in common: the contact they name, their lines, their files."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from dunwell.sandbox.books.records import Customer, Document, Line, Paper, Standing
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.wire import Body, day, money

BANK = {"AccountID": uuid_of("account", "090"), "Code": "090"}
"""The one bank account, in the base currency."""

_EMPTY = ("Payments", "CreditNotes", "Prepayments", "Overpayments")


def contact_brief(customer: Customer) -> Body:
    """A contact inside a list's documents (recorded)."""
    body: Body = {"ContactID": uuid_of("contact", customer.id), "Name": customer.name}
    empty: Body = {name: [] for name in ("Addresses", "Phones", "ContactGroups", "ContactPersons")}
    return {**body, **empty, "HasValidationErrors": False}


def invoice_brief(invoice_id: str, number: str | None) -> Body:
    """An invoice inside an allocation: its id and a lot of emptiness (official examples)."""
    body: Body = {"InvoiceID": invoice_id, "InvoiceNumber": number or ""}
    return {**body, **{name: [] for name in _EMPTY}, "HasErrors": False, "IsDiscounted": False, "LineItems": []}


def payment_brief(payment_id: str, paid_on: date, amount: int, reference: str | None, rate: Decimal) -> Body:
    """A payment inside the document that it pays, or is given back out of (recorded)."""
    return {
        "PaymentID": payment_id,
        "Date": day(paid_on),
        "Amount": money(amount),
        **({"Reference": reference} if reference else {}),
        "CurrencyRate": rate,
        "HasAccount": False,
        "HasValidationErrors": False,
    }


def line_items(document: Document) -> list[Body]:
    """The lines; those that an update replaced have new ids (fact sheet, section 5)."""
    written = document.fields.get("LinesWritten", 0)
    label = type(document).__name__.lower()
    made = [_line(line) for line in document.lines]
    for number, each in enumerate(made):
        each["LineItemID"] = uuid_of("line", label, document.id, written, number)
    return made


def _line(line: Line) -> Body:
    return {
        "Description": line.description,
        "UnitAmount": Decimal(line.unit_price).quantize(Decimal("0.01")) if line.unit_price else money(line.amount),
        "TaxType": "NONE",
        "TaxAmount": money(0),
        "LineAmount": money(line.amount),
        "AccountCode": "200",
        "Tracking": [],
        "Quantity": Decimal(line.quantity or "1").quantize(Decimal("0.0001")),
    }


def totals(amount: int) -> Body:
    """The three totals; the company charges no tax."""
    return {"SubTotal": money(amount), "TotalTax": money(0), "Total": money(amount)}


def status(document: Document, left: int) -> str:
    """A document's status, when so much of it is open or unused."""
    if document.standing is Standing.ISSUED:
        return "AUTHORISED" if left else "PAID"
    if document.standing is Standing.DRAFT:
        return str(document.fields.get("Status", "DRAFT"))
    return document.standing.upper()


def attachments(papers: Iterable[Paper], base: str) -> list[Body]:
    """The files of a record. `base` is the API's address as the caller wrote it."""
    return [attachment(paper, base) for paper in papers]


def attachment(paper: Paper, base: str) -> Body:
    """A file."""
    endpoint, owner, name = paper.fields["Endpoint"], paper.fields["Of"], paper.name or ""
    body: Body = {
        "AttachmentID": uuid_of("paper", paper.id),
        "FileName": name,
        "Url": f"{base}/api.xro/2.0/{endpoint}/{owner}/Attachments/{name.replace(' ', '%20')}",
        "MimeType": paper.media_type,
        "ContentLength": len(paper.content or b""),
    }
    return {**body, "IncludeOnline": True} if paper.fields.get("IncludeOnline") else body
