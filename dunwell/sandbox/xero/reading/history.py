"""The history of a document: what happened to it, newest first, and the notes that APIs wrote.

What people do is told with their name, what Xero or an API does as "System Generated" (fact sheet, section 8). The
words in Changes and Details are ours but for those of the official example (Attached a file, Credit Applied).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import (
    AnyKept,
    Customer,
    Document,
    Invoice,
    Life,
    Payment,
    Refund,
    Standing,
)
from dunwell.sandbox.xero.reading.selection import OUR_APP
from dunwell.sandbox.xero.wire import PROVIDER, Body, instant

SYSTEM = "System Generated"
_KEEPER = "Robin Keeper"


class Happened(Struct, frozen=True):
    """One entry."""

    at: datetime
    changes: str
    user: str
    details: str


def history(books: Books, record: AnyKept, object_id: str) -> list[Body]:
    """Everything told of a record; `object_id` is the Xero id, of which one record may have several (payments)."""
    told = sorted([*_told(books, record), *_papers(books, object_id)], key=lambda each: each.at)
    return [body(each) for each in reversed(told)]


def body(each: Happened) -> Body:
    """An entry as Xero shows it."""
    return {
        "Changes": each.changes,
        "DateUTCString": f"{each.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "DateUTC": instant(each.at),
        "User": each.user,
        "Details": each.details,
    }


def _told(books: Books, record: AnyKept) -> Iterator[Happened]:
    by_app = OUR_APP in record.fields
    how = f" through the Xero API using {PROVIDER}" if by_app else ""
    yield Happened(record.created_at, "Created", SYSTEM if by_app else _KEEPER, f"{_named(books, record)}{how}.")
    match record:
        case Invoice():
            yield from _settlements(books, record)
        case Customer() if record.life is not Life.ACTIVE:
            word = "Archived" if record.life is Life.ARCHIVED else "Merged"
            yield Happened(record.updated_at, word, _KEEPER, f"{record.name} was {word.lower()}.")
    if isinstance(record, Document) and record.sent_at is not None:
        details = f"This invoice has been sent to {record.email or 'the contact'}."
        yield Happened(record.sent_at, "Invoice sent", SYSTEM if by_app else _KEEPER, details)
    if not isinstance(record, Customer) and getattr(record, "standing", None) in (Standing.VOIDED, Standing.DELETED):
        word = "Voided" if getattr(record, "standing", None) is Standing.VOIDED else "Deleted"
        yield Happened(record.updated_at, word, _KEEPER, f"{_named(books, record)} {word.lower()}.")


def _named(books: Books, record: AnyKept) -> str:
    match record:
        case Customer():
            return record.name
        case Document():
            buyer = books.customers[record.customer_id].name
            return f"{record.number or 'No number'} to {buyer} for {_amount(record.face)}"
        case Payment():
            return f"Payment received from {books.customers[record.customer_id].name} for {_amount(record.total)}"
        case Refund():
            return f"Refund for {_amount(record.amount)}"
    return "File"


def _settlements(books: Books, invoice: Invoice) -> Iterator[Happened]:
    buyer = books.customers[invoice.customer_id].name
    for each in books.settling(invoice):
        payment = books.payments[each.payment_id]
        if each.credit_id is not None or each.later:
            details = f"Credit applied on {each.on:%d %B %Y} for {_amount(each.amount)}."
            yield Happened(each.made_at, "Credit Applied", SYSTEM, details)
        else:
            by_app = OUR_APP in payment.fields
            details = f"Payment received from {buyer} on {each.on:%d %B %Y} for {_amount(each.amount)}."
            yield Happened(each.made_at, "Paid", SYSTEM if by_app else _KEEPER, details)


def _papers(books: Books, object_id: str) -> Iterator[Happened]:
    for paper in books.papers.values():
        if paper.deleted or paper.fields.get("Of") != object_id:
            continue
        if paper.content is None:
            yield Happened(paper.created_at, "Note", SYSTEM, paper.note)
        else:
            details = f"Attached the file {paper.name} through the Xero API using {PROVIDER}"
            yield Happened(paper.updated_at, "Attached a file", SYSTEM, details)


def _amount(minor: int) -> str:
    return f"{minor / 100:,.2f}"
