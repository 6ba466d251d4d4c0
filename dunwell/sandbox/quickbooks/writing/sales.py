"""Saving invoices and credit memos."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import open_of, remaining_of
from dunwell.sandbox.books.records import Credit, Customer, Invoice, Line, Standing
from dunwell.sandbox.quickbooks.lists import active
from dunwell.sandbox.quickbooks.wire import (
    Body,
    Refused,
    business,
    day,
    made_inactive,
    minor,
    missing,
    today,
    unsupported,
)
from dunwell.sandbox.quickbooks.writing.incoming import Incoming
from dunwell.sandbox.quickbooks.writing.people import invalid_reference, term_days
from dunwell.sandbox.story.documents import ITEMS

_KEPT = """
PrivateNote CustomerMemo BillEmailCc BillEmailBcc BillAddr ShipAddr CustomField PrintStatus ShipDate TrackingNum
PONumber ClassRef DepartmentRef DepositToAccountRef AllowOnlineCreditCardPayment AllowOnlineACHPayment
"""
_DEFAULT_DAYS = 30
"""The company's default term (recorded: an invoice without any term is due after thirty days)."""


def save_invoice(books: Books, request: Incoming, before: Invoice | None, now: datetime, *, repeat: bool) -> Invoice:
    """Create or update an invoice; `repeat` allows a document number twice. Raises `Refused`."""
    facts = _facts(books, request, before, now, repeat=repeat)
    issued_on = facts["issued_on"] if "issued_on" in facts or before is None else before.issued_on
    buyer = books.customers[facts["customer_id"]]
    if request.names("SalesTermRef"):
        term_id = request.text("SalesTermRef.value")
        facts["term_days"] = term_days(term_id) if term_id or before else buyer.term_days
    if request.text("DueDate") is not None:
        facts["due_on"] = day(request.text("DueDate"), "DueDate")
    elif before is None or not request.sparse:
        days = facts.get("term_days")
        facts["due_on"] = issued_on + timedelta(days=_DEFAULT_DAYS if days is None else days)
    if request.names("Deposit"):
        facts["deposit"] = minor(request.body.get("Deposit") or 0, "Deposit")
    if before is None:
        return books.add_invoice(now, **facts)
    _stays_covered(books, before, facts)
    books.change(now, before, **facts)
    return before


def save_credit(books: Books, request: Incoming, before: Credit | None, now: datetime, *, repeat: bool) -> Credit:
    """Create or update a credit memo. Raises `Refused`."""
    facts = _facts(books, request, before, now, repeat=repeat)
    if before is None:
        return books.add_credit(now, **facts)
    total = sum(line.amount for line in facts.get("lines", before.lines))
    if total < before.total - remaining_of(books, before):
        raise business("The credit has been applied to more than that.")
    books.change(now, before, **facts)
    return before


def _stays_covered(books: Books, before: Invoice, facts: Body) -> None:
    total = sum(line.amount for line in facts.get("lines", before.lines))
    settled = before.total - before.deposit - open_of(books, before)
    if total - facts.get("deposit", before.deposit) < settled:
        raise business("The amount of the transaction is less than what has been applied to it.")


def _facts(books: Books, request: Incoming, before: Invoice | Credit | None, now: datetime, *, repeat: bool) -> Body:
    """What invoices and credit memos have in common; after an update, only what changes."""
    facts: Body = {"fields": request.kept(_KEPT, {} if before is None else before.fields)}
    facts["customer_id"] = _buyer(books, request, before).id
    if request.text("DocNumber") is not None:
        facts["number"] = _number(books, str(request.text("DocNumber")), before, repeat=repeat)
    elif before is None:
        facts["number"] = books.free_number()
    if request.text("TxnDate") is not None:
        facts["issued_on"] = day(request.text("TxnDate"), "TxnDate")
    elif before is None:
        facts["issued_on"] = today(now, books.company.zone)
    if request.names("Line") and (before is None or before.standing is not Standing.VOIDED):
        facts["lines"] = _lines(request.body.get("Line"))
    if request.names("BillEmail"):
        facts["email"] = _email(request.text("BillEmail.Address"))
    if before is None:
        facts["currency"] = books.customers[facts["customer_id"]].currency
    return facts


def _buyer(books: Books, request: Incoming, before: Invoice | Credit | None) -> Customer:
    """The customer of the document: one in use, unless it is the document's already."""
    customer_id = request.text("CustomerRef.value")
    if customer_id is None and before is not None and request.sparse:
        return books.customers[before.customer_id]
    if customer_id is None:
        raise missing("CustomerRef")
    if not customer_id.isdigit() or int(customer_id) not in books.customers:
        raise invalid_reference("CustomerRef")
    found = books.customers[int(customer_id)]
    if not active(found) and (before is None or before.customer_id != found.id):
        raise made_inactive()
    return found


def _number(books: Books, number: str, before: Invoice | Credit | None, *, repeat: bool) -> str:
    documents: list[Invoice | Credit] = [*books.invoices.values(), *books.credits.values()]
    for each in documents:
        taken = each.number == number and each is not before and each.standing is not Standing.DELETED
        if taken and not repeat:
            kind = "Invoice" if isinstance(each, Invoice) else "Credit Memo"
            detail = (
                "Duplicate Document Number Error : You must specify a different number. This number has already been "
                f"used. DocNumber={number} is assigned to TxnType={kind} with TxnId={each.id}"
            )
            raise Refused("6140", "Duplicate Document Number Error", detail, element="")
    return number


def _email(text: str | None) -> str | None:
    if text is not None and not all("@" in each for each in text.split(",")):
        raise business("To email address entered is invalid")
    return text


def _lines(lines: Any) -> tuple[Line, ...]:
    if not isinstance(lines, list) or not lines:
        raise missing("Line")
    return tuple(line for line in map(_line, lines) if line is not None)


def _line(line: Body) -> Line | None:
    """A line of the request; subtotals are made anew by QuickBooks."""
    match line.get("DetailType"):
        case "SubTotalLineDetail":
            return None
        case "DescriptionOnly":
            return Line(description=str(line.get("Description", "")), amount=0, item=0)
        case "SalesItemLineDetail":
            return _sales_line(line, line.get("SalesItemLineDetail") or {})
        case None:
            raise missing("Line.DetailType")
        case other:
            raise unsupported(f"Line.DetailType {other}")


def _sales_line(line: Body, detail: Body) -> Line:
    if line.get("Amount") is None:
        raise missing("Amount")
    amount = minor(line["Amount"], "Amount")
    price, quantity = detail.get("UnitPrice"), detail.get("Qty")
    # The SDK fills in zeros for what a line does not have; those say nothing about the amount.
    if price and quantity and minor(Decimal(str(price)) * Decimal(str(quantity)), "Qty") != amount:
        wrong = f"Amount is not equal to UnitPrice * Qty. Supplied value:{line['Amount']}"
        raise Refused("6070", "Amount calculation incorrect in the request", wrong)
    item = (detail.get("ItemRef") or {}).get("value", "1")
    if str(item) not in {str(number) for number in range(1, len(ITEMS) + 1)}:
        raise invalid_reference("ItemRef")
    return Line(
        description=str(line.get("Description") or ITEMS[int(item) - 1]),
        amount=amount,
        quantity=str(quantity) if quantity else None,
        unit_price=str(price) if price else None,
        item=int(item),
    )
