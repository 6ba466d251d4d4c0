"""Reading what a connector brings, and what the sandbox knows to be true, in the same words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from connectors.base import Page
from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Invoice as Kept
from dunwell.sandbox.books.records import Standing
from strategy.model import (
    AllocationTarget,
    AnyRecord,
    Credit,
    CreditKind,
    Customer,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Kind,
    Payment,
    Record,
)
from tests.connectors.roads import Road

R = TypeVar("R", bound=Record)


def all_of(road: Road, kind: Kind) -> list[Page]:
    return list(road.connector.everything(kind))


def as_read(road: Road, kind: Kind) -> list[Page]:
    """The same of books that nobody changes: read once for all their tests."""
    if kind not in road.read:
        road.read[kind] = all_of(road, kind)
    return road.read[kind]


def records(pages: Iterable[Page], kind: type[R]) -> dict[str, R]:
    """The records of a kind by id; of several versions the last."""
    return {record.id: record for page in pages for record in page.records if isinstance(record, kind)}


def ids(pages: Iterable[Page]) -> list[str]:
    """The ids of all rows, in the order in which they came."""
    return [record_id for page in pages for record_id in page.ids]


def deleted(pages: Iterable[Page], kind: Kind) -> set[str]:
    return {one.id for page in pages for one in page.deleted if one.kind is kind}


Document = Customer | Invoice | Payment | Credit


def documents(pages: Iterable[Page]) -> dict[str, Document]:
    """All records with a status, by id."""
    return {record.id: record for page in pages for record in page.records if isinstance(record, Document)}


def counts_for_nothing(record: Document | None) -> bool:
    """Whether the platform says of the record that it is void or deleted, and nothing of it is left."""
    unreal = record is not None and record.status in {DocumentStatus.VOIDED, DocumentStatus.DELETED}
    left = getattr(record, "open_minor", 0) or getattr(record, "unapplied_minor", 0)
    return unreal and not left and not getattr(record, "remaining_minor", 0)


def gone(pages: list[Page], kind: Kind, record_id: str) -> bool:
    """Whether the platform says, in one way or the other, that the record counts no more."""
    return counts_for_nothing(documents(pages).get(record_id)) or record_id in deleted(pages, kind)


def changes(road: Road, since: datetime) -> list[Page]:
    return list(road.connector.changes(since))


def later(road: Road) -> datetime:
    """An hour after what happened before; the instant from which on the test looks for changes."""
    road.clock.move(hours=1)
    since = road.clock.now()
    road.clock.move(minutes=1)
    return since


def kept_books(road: Road) -> Books:
    return road.sandbox.dialects[road.platform].ledger.books


def an_open_invoice(road: Road, *, skip: int = 0) -> Kept:
    """An invoice that was issued and of which nothing was paid or credited, as the sandbox keeps it."""
    books = kept_books(road)
    found = [
        one
        for one in books.invoices.values()
        if one.standing is Standing.ISSUED and one.total > 0 and not one.deposit and not books.settling(one)
    ]
    return found[-1 - skip]


def id_of(road: Road, record: Any) -> InvoiceId:
    return InvoiceId(road.sandbox.dialects[road.platform].id_of(record))


def read_again(road: Road, invoice_id: InvoiceId) -> Invoice:
    (record,) = road.connector.invoices([invoice_id]).records
    assert isinstance(record, Invoice)
    return record


Figures = Mapping[tuple[str, str], tuple[int, int, int]]
"""By customer and currency: open, unapplied payments, remaining credit notes."""


def truth(road: Road) -> Figures:
    """What the sandbox knows, without what comes to nothing."""
    rows = road.control.truth()["customers"]
    told = {(row["id"], row["currency"]): (row["open"], row["unapplied"], row["remaining"]) for row in rows}
    return {key: figures for key, figures in told.items() if any(figures)}


def figures(found: Iterable[AnyRecord]) -> Figures:
    """The same out of records."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for record in found:
        match record:
            case Invoice(status=DocumentStatus.ISSUED):
                sums[record.customer_id, record.currency][0] += record.open_minor
            case Payment(status=DocumentStatus.ISSUED):
                sums[record.customer_id or "", record.currency][1] += record.unapplied_minor
            case Credit(status=DocumentStatus.ISSUED):
                place = 2 if record.kind is CreditKind.CREDIT_NOTE else 1
                sums[record.customer_id, record.currency][place] += record.remaining_minor
    return {key: (one, two, three) for key, (one, two, three) in sums.items() if one or two or three}


def settled(found: Iterable[AnyRecord]) -> Mapping[str, int]:
    """By invoice: what payments and credits settled of it."""
    sums: dict[str, int] = defaultdict(int)
    for record in found:
        if isinstance(record, Payment | Credit) and record.status is DocumentStatus.ISSUED:
            for one in record.allocations:
                if one.target is AllocationTarget.INVOICE:
                    sums[one.target_id] += one.amount_minor
    return sums


def everybody(road: Road) -> dict[str, Customer]:
    """The customers of books that nobody changes."""
    return records(as_read(road, Kind.CUSTOMER), Customer)
