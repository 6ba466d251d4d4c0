"""Saving payments: money received, and credits applied by a payment of nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dunwell.sandbox.books.books import Books, Part
from dunwell.sandbox.books.figures import open_of, remaining_of
from dunwell.sandbox.books.records import Credit, Invoice, Payment
from dunwell.sandbox.quickbooks.lists import METHOD_NAMES
from dunwell.sandbox.quickbooks.wire import Body, Refused, business, day, minor, missing, today
from dunwell.sandbox.quickbooks.writing.incoming import Incoming
from dunwell.sandbox.quickbooks.writing.people import invalid_reference

_KEPT = "PrivateNote DepositToAccountRef CreditCardPayment ProcessPayment"


def save(books: Books, request: Incoming, before: Payment | None, now: datetime) -> Payment:
    """Create or update a payment. Lines are all or nothing: those left out are unlinked. Raises `Refused`."""
    facts = _facts(books, request, before, now)
    if before is not None and not request.names("Line"):
        if facts.get("total", before.total) < sum(each.amount for each in before.allocations if each.credit_id is None):
            raise business("The amount of the payment is less than what it has been applied to.")
        books.change(now, before, **facts)
        return before
    parts = _parts(books, request.body.get("Line") or [], before)
    total = facts["total"] if before is None else facts.get("total", before.total)
    if sum(each.amount or 0 for each in parts if each.credit_id is None) > total:
        raise business("The amount applied to transactions exceeds the amount of the payment.")
    if before is None:
        return books.add_payment(now, parts, **facts)
    books.revise_payment(now, before, parts, **facts)
    return before


def _facts(books: Books, request: Incoming, before: Payment | None, now: datetime) -> Body:
    facts: Body = {"fields": request.kept(_KEPT, {} if before is None else before.fields)}
    if request.names("CustomerRef"):
        facts["customer_id"] = _payer(books, request.text("CustomerRef.value"))
    if request.names("TotalAmt"):
        if request.body.get("TotalAmt") is None:
            raise missing("TotalAmt")
        facts["total"] = minor(request.body["TotalAmt"], "TotalAmt")
    if request.text("TxnDate") is not None:
        facts["paid_on"] = day(request.text("TxnDate"), "TxnDate")
    elif before is None:
        facts["paid_on"] = today(now, books.company.zone)
    if request.names("PaymentMethodRef"):
        facts["method"] = _method(request.text("PaymentMethodRef.value"))
    if request.names("PaymentRefNum"):
        facts["reference"] = request.text("PaymentRefNum")
    if before is None:
        if "customer_id" not in facts:
            raise missing("CustomerRef")
        facts["currency"] = books.customers[facts["customer_id"]].currency
    return facts


def _payer(books: Books, customer_id: str | None) -> int:
    if customer_id is None:
        raise missing("CustomerRef")
    if not customer_id.isdigit() or int(customer_id) not in books.customers:
        raise invalid_reference("CustomerRef")
    return int(customer_id)


def _method(method_id: str | None) -> str | None:
    if method_id is not None and method_id not in METHOD_NAMES:
        raise invalid_reference("PaymentMethodRef")
    return None if method_id is None else METHOD_NAMES[method_id]


def _parts(books: Books, lines: list[Body], before: Payment | None) -> list[Part]:
    """What the lines settle: credits are used up first, on the invoices in the order of the lines."""
    invoices: dict[int, int] = {}
    memos: dict[int, int] = {}
    for line in lines:
        for linked in line.get("LinkedTxn") or []:
            record, amounts = _linked(books, linked, invoices, memos)
            amount = minor(line.get("Amount"), "Amount")
            amounts[record.id] = amounts.get(record.id, 0) + amount
            if amounts[record.id] > _available(books, record, before):
                raise business(f"The amount applied to {linked['TxnType']} {record.id} is more than is open of it.")
    if sum(memos.values()) > sum(invoices.values()):
        raise business("Credits exceed the charges they are applied to.")
    return _spread(invoices, memos)


def _linked(
    books: Books, linked: Any, invoices: dict[int, int], memos: dict[int, int]
) -> tuple[Invoice | Credit, dict[int, int]]:
    text = str(linked.get("TxnId"))
    kinds: dict[str, tuple[Mapping[int, Invoice | Credit], dict[int, int]]] = {
        "Invoice": (books.invoices, invoices),
        "CreditMemo": (books.credits, memos),
    }
    records, amounts = kinds.get(str(linked.get("TxnType")), ({}, {}))
    record = records.get(int(text)) if text.isdigit() else None
    if record is None:
        detail = f"Transaction {text} of type {linked.get('TxnType')} cannot be linked"
        raise Refused("620", "Txn ID Cannot Be Linked", detail, element="LinkedTxn")
    return record, amounts


def _available(books: Books, record: Invoice | Credit, before: Payment | None) -> int:
    """What is open of the record, or left of it, if this payment were not there."""
    own = before.allocations if before is not None else []
    if isinstance(record, Invoice):
        return open_of(books, record) + sum(each.amount for each in own if each.invoice_id == record.id)
    return remaining_of(books, record) + sum(each.amount for each in own if each.credit_id == record.id)


def _spread(invoices: dict[int, int], memos: dict[int, int]) -> list[Part]:
    parts, left = [], dict(memos)
    for invoice_id, amount in invoices.items():
        owed = amount
        for credit_id in memos:
            used = min(owed, left[credit_id])
            if used:
                parts.append(Part(invoice_id, used, credit_id))
            owed -= used
            left[credit_id] -= used
        if owed:
            parts.append(Part(invoice_id, owed))
    return parts
