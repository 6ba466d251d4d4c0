"""The records of the books. Ids are whole numbers; a dialect turns them into its own."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field


class Kept(Struct, kw_only=True):
    """A record with its history. `version` rises with every change of the record itself; `updated_at` also moves when
    only a figure changes that follows from others (a customer's balance).

    `fields` is what a platform keeps here and the others do not know.
    """

    id: int
    created_at: datetime
    updated_at: datetime
    version: int = 0
    fields: dict[str, Any] = field(default_factory=dict)


class Standing(StrEnum):
    """Whether a document counts."""

    DRAFT = "draft"
    ISSUED = "issued"
    VOIDED = "voided"
    DELETED = "deleted"


class Life(StrEnum):
    """Whether a customer is in use."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    MERGED = "merged"


class Address(Struct, frozen=True, kw_only=True):
    """Where a customer is."""

    street: str
    city: str
    region: str = ""
    postcode: str = ""
    country: str = ""


class Customer(Kept, kw_only=True):
    """A customer. `email` may hold several, comma separated. `parent_id` and `bills_parent`: a sub-customer, and
    whether its parent gets the bill. `key` is the story's name for it.
    """

    key: str = ""
    name: str
    given_name: str = ""
    family_name: str = ""
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    currency: str
    term_days: int | None = None
    parent_id: int | None = None
    bills_parent: bool = False
    pays_online: bool = True
    life: Life = Life.ACTIVE
    merged_into: int | None = None


class Line(Struct, frozen=True, kw_only=True):
    """A line of an invoice or credit. `item` is the item's number in the company's list, 0 where it is words only."""

    description: str
    amount: int
    quantity: str | None = None
    unit_price: str | None = None
    item: int = 1


class Document(Kept, kw_only=True):
    """What an invoice and a credit have in common. `number` None: it never got one."""

    key: str = ""
    customer_id: int
    number: str | None
    currency: str
    issued_on: date
    lines: tuple[Line, ...]
    email: str | None = None
    sent_at: datetime | None = None
    standing: Standing = Standing.ISSUED

    @property
    def total(self) -> int:
        """What it amounts to; nothing once it is voided or deleted."""
        return self.face if self.standing in (Standing.ISSUED, Standing.DRAFT) else 0

    @property
    def face(self) -> int:
        """What its lines amount to, whatever became of it."""
        return sum(line.amount for line in self.lines)


class Invoice(Document, kw_only=True):
    """A sales invoice. `deposit` was paid on the invoice itself, on `issued_on`, without a payment."""

    due_on: date | None
    term_days: int | None = None
    deposit: int = 0


class Credit(Document, kw_only=True):
    """A credit note or memo."""


class Surplus(StrEnum):
    """What the part of a payment is that settles nothing, for platforms that tell (QuickBooks only says unapplied)."""

    OVERPAYMENT = "overpayment"
    PREPAYMENT = "prepayment"


class End(StrEnum):
    """How an allocation ended."""

    FREED = "freed"  # the payment stays, and this much of it settles nothing now
    TAKEN_BACK = "taken_back"  # this much less was paid
    UNDONE = "undone"  # the whole payment went


class Allocation(Struct, kw_only=True):
    """So much of a payment (or, through it, of a credit) settles so much of an invoice.

    `later`: it was not made with the payment but afterwards, out of what was left. `on` is the day it counts.
    `made_at` and `until` are when it was entered and ended, None while it stands.
    """

    id: int
    payment_id: int
    invoice_id: int
    amount: int
    on: date
    credit_id: int | None = None
    later: bool = False
    made_at: datetime
    until: datetime | None = None
    end: End | None = None


class Payment(Kept, kw_only=True):
    """Money received, or with `total` 0 the mere application of a credit (QuickBooks keeps those as payments).

    `former`: the allocations that ended.
    """

    key: str = ""
    customer_id: int
    currency: str
    paid_on: date
    total: int
    method: str | None = None
    reference: str | None = None
    surplus: Surplus = Surplus.OVERPAYMENT
    allocations: list[Allocation] = field(default_factory=list)
    former: list[Allocation] = field(default_factory=list)
    standing: Standing = Standing.ISSUED


class Refund(Kept, kw_only=True):
    """Money given back out of a credit, or out of what a payment leaves unapplied: `source` is ("credit", 7)."""

    key: str = ""
    source: tuple[str, int]
    amount: int
    paid_on: date
    reference: str | None = None
    standing: Standing = Standing.ISSUED


class Paper(Kept, kw_only=True):
    """A note or a file that an API wrote onto records. `targets` are (kind, id) pairs: ("invoice", 7)."""

    targets: tuple[tuple[str, int], ...]
    note: str = ""
    name: str | None = None
    media_type: str | None = None
    content: bytes | None = None
    deleted: bool = False


AnyKept = Customer | Invoice | Credit | Payment | Refund | Paper


def gone(record: AnyKept) -> bool:
    """Whether the record was deleted; voided ones and archived customers are still there."""
    if isinstance(record, Paper):
        return record.deleted
    return not isinstance(record, Customer) and record.standing is Standing.DELETED


class Company(Struct, frozen=True, kw_only=True):
    """Whose books these are. `zone` is an IANA name.

    `several_currencies`: documents may be in others than the company's own.
    `stirs_customers`: a changed balance moves the customer's `updated_at` (QuickBooks does, recorded; Xero does not).
    `dates_allocations`: an allocation made later has a day of its own (Xero); else it counts from the payment's day.
    `voids_issued`: an invoice or credit that was issued cannot be deleted, only voided (Xero).
    """

    key: str
    name: str
    legal_name: str
    currency: str
    country: str
    zone: str
    email: str
    phone: str
    address: Address
    several_currencies: bool = False
    stirs_customers: bool
    dates_allocations: bool
    voids_issued: bool
