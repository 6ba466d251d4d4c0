"""Create, update, void and delete: finds the record, checks its SyncToken, and lets the right module save it."""

from datetime import datetime

from msgspec import Struct

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import AnyKept, Credit, Customer, Invoice, Paper, Payment, Standing
from dunwell.sandbox.quickbooks import attached
from dunwell.sandbox.quickbooks.wire import Refused, made_inactive, missing, unsupported
from dunwell.sandbox.quickbooks.writing import attachables, payments, people, sales
from dunwell.sandbox.quickbooks.writing.incoming import Incoming

KINDS = {
    "Customer": "customer",
    "Invoice": "invoice",
    "Payment": "payment",
    "CreditMemo": "credit",
    "Attachable": "paper",
}
"""The entities that can be written, and what they are in the books."""


class Order(Struct, frozen=True, kw_only=True):
    """What to do with an object: `operation` and `include` of the request."""

    operation: str | None = None
    include: str | None = None

    @property
    def voids(self) -> bool:
        """Invoices are voided by an operation, payments by an update that includes it (fact sheet, sections 10, 11)."""
        return self.operation == "void" or (self.operation == "update" and self.include == "void")


def save(books: Books, request: Incoming, order: Order, now: datetime) -> AnyKept:
    """Do what the request asks for; returns the record. Raises `Refused`, and then nothing has changed."""
    if request.entity not in KINDS:
        raise unsupported(f"{order.operation or 'create'} {request.entity}")
    before = None if request.id is None else _current(books, request)
    if order.voids:
        return _end(books, before, Standing.VOIDED, now)
    if order.operation == "delete":
        return _end(books, before, Standing.DELETED, now)
    if order.operation not in (None, "update", "create"):
        raise unsupported(f"{order.operation} {request.entity}")
    return _written(books, request, before, now, repeat=order.include == "allowduplicatedocnum")


def _written(books: Books, request: Incoming, before: AnyKept | None, now: datetime, *, repeat: bool) -> AnyKept:
    match request.entity, before:
        case "Customer", Customer() | None:
            return people.save(books, request, before, now)
        case "Invoice", Invoice() | None:
            return sales.save_invoice(books, request, before, now, repeat=repeat)
        case "CreditMemo", Credit() | None:
            return sales.save_credit(books, request, before, now, repeat=repeat)
        case "Payment", Payment() | None:
            return payments.save(books, request, before, now)
        case "Attachable", Paper() | None:
            return attachables.save(books, request, before, now)
    raise unsupported(f"create {request.entity}")


def find(books: Books, entity: str, platform_id: str) -> AnyKept | None:
    """The living record of an entity and Id."""
    if entity not in KINDS or not platform_id.isdigit():
        return None
    number = attached.paper_id(int(platform_id)) if entity == "Attachable" else int(platform_id)
    record = books.kind(KINDS[entity]).get(number)
    gone = getattr(record, "standing", None) is Standing.DELETED or getattr(record, "deleted", False)
    return None if gone else record


def _current(books: Books, request: Incoming) -> AnyKept:
    record = find(books, request.entity, str(request.id))
    if record is None:
        raise made_inactive()
    token = request.text("SyncToken")
    if token is None and request.entity != "Attachable":  # recorded: an attachable was deleted by its Id alone
        raise missing("SyncToken")
    if token is not None and token != str(record.version):
        raise stale()
    return record


def stale() -> Refused:
    """Somebody else was quicker [recorded text]."""
    detail = (
        "Stale Object Error : You and Robin Keeper were working on this at the same time. Robin Keeper finished before "
        "you did, so your work was not saved."
    )
    return Refused("5010", "Stale Object Error", detail, element="")


def _end(books: Books, record: AnyKept | None, standing: Standing, now: datetime) -> AnyKept:
    if record is None:
        raise missing("Id")
    if isinstance(record, Paper) and standing is Standing.DELETED:
        books.change(now, record, deleted=True)
    elif isinstance(record, Invoice | Payment) or (isinstance(record, Credit) and standing is Standing.DELETED):
        books.end(now, record, standing)
    else:
        raise unsupported(f"{standing} of this entity")
    return record
