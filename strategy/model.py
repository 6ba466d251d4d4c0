"""The books as records: what QuickBooks and Xero say, in one set of words, nothing decided yet.

Both platforms are mapped to these by their connectors; the mirror stores them. The trick that keeps past days exact:
an invoice carries the platform's own open amount of today, and every `Allocation` carries the day on which it counts,
so any past day can be computed without trusting that today was then.

Absent is `None`, never zero. Amounts are minor units of the record's own `currency`. Dates are the company's own days.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType, dataclass_transform

from msgspec import Struct, StructMeta

CompanyId = NewType("CompanyId", str)
CustomerId = NewType("CustomerId", str)
InvoiceId = NewType("InvoiceId", str)
PaymentId = NewType("PaymentId", str)
CreditId = NewType("CreditId", str)
TermId = NewType("TermId", str)
MethodId = NewType("MethodId", str)
Currency = NewType("Currency", str)


class _KeywordOnly(StructMeta):
    """msgspec asks for `kw_only` on every class anew; a record means it once."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        return super().__new__(cls, name, bases, namespace, **{"kw_only": True, **options})


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Record(Struct, metaclass=_KeywordOnly, frozen=True, gc=False):
    """Base of every record: immutable, keyword-only, compared by value."""


class Platform(StrEnum):
    """Where a ledger lives."""

    QUICKBOOKS = "quickbooks"
    XERO = "xero"


class Kind(StrEnum):
    """What a record is; also the name of its table in the mirror and of its pass in a pull."""

    COMPANY = "company"
    TERM = "term"
    METHOD = "method"
    CUSTOMER = "customer"
    INVOICE = "invoice"
    PAYMENT = "payment"
    CREDIT = "credit"


class DocumentStatus(StrEnum):
    """Whether a document counts. A voided or deleted invoice is not a paid one: only `ISSUED` is ever owed or paid."""

    DRAFT = "draft"
    ISSUED = "issued"
    VOIDED = "voided"
    DELETED = "deleted"


class CustomerStatus(StrEnum):
    """A merged customer lives on in another (`merged_into`); an archived one may still owe."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    MERGED = "merged"
    DELETED = "deleted"


class Sent(StrEnum):
    """Whether the platform says that the customer was ever sent the invoice."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class AgingBasis(StrEnum):
    """From which date the company's own aged report counts."""

    DUE_DATE = "due_date"
    INVOICE_DATE = "invoice_date"


class Switch(StrEnum):
    """A setting of the platform, as far as it can be read."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class CreditKind(StrEnum):
    """What left the customer in credit. Unapplied payments of QuickBooks stay with their `Payment`."""

    CREDIT_NOTE = "credit_note"
    OVERPAYMENT = "overpayment"
    PREPAYMENT = "prepayment"


class TermKind(StrEnum):
    """How a due date follows from an invoice date; `Term.day` is the number in each."""

    DAYS_AFTER_INVOICE = "days after invoice"
    DAYS_AFTER_MONTH = "days after the invoice's month"
    DAY_OF_MONTH = "day of the invoice's month"
    DAY_OF_NEXT_MONTH = "day of the month after"


class Company(Record):
    """The company behind a ledger, with the preferences that change what we may do.

    `time_zone` is an IANA name or None where the platform does not say. `reminders` is the platform's own reminder
    switch: UNKNOWN on QuickBooks, which does not tell. `books_closed_on`: nothing dated on or before it can be changed.
    """

    id: CompanyId
    name: str
    legal_name: str | None = None
    country: str | None = None
    time_zone: str | None = None
    base_currency: Currency
    several_currencies: bool = False
    aging_basis: AgingBasis = AgingBasis.DUE_DATE
    reminders: Switch = Switch.UNKNOWN
    books_closed_on: date | None = None
    tax_number: str | None = None
    email: str | None = None
    phone: str | None = None
    address: tuple[str, ...] = ()


class Term(Record):
    """A payment term.

    `next_month_within` belongs to DAY_OF_MONTH: an invoice dated fewer than that many days before the day falls due on
    the day of the following month instead.
    """

    id: TermId
    name: str
    kind: TermKind
    day: int
    next_month_within: int = 0


class Method(Record):
    """A way of paying, as the books name it ("Check", "Direct Debit")."""

    id: MethodId
    name: str


class Person(Record):
    """A contact person of a customer, as the books list them; roles are ours and live in the profile."""

    name: str
    email: str | None = None
    phone: str | None = None


SOMEWHERE: Final = "ZZ"
"""The country of an address that names one which nobody knows: ISO 3166 gives these letters to no country."""


class Customer(Record):
    """A customer as in the books.

    `country` is None where its address names none, which means at home, and `SOMEWHERE` where it names an unknown one.
    `bills_parent`: the books bill `parent_id` for this one. `emails` in the books' order, the first is the main one.
    `balance_minor` is the platform's own figure for the customer alone, `balance_with_jobs_minor` with its
    sub-customers, both in `balance_currency`, both of the moment the record was read.
    """

    id: CustomerId
    name: str
    status: CustomerStatus = CustomerStatus.ACTIVE
    merged_into: CustomerId | None = None
    parent_id: CustomerId | None = None
    bills_parent: bool = False
    currency: Currency | None = None
    country: str | None = None
    language: str | None = None
    emails: tuple[str, ...] = ()
    phone: str | None = None
    people: tuple[Person, ...] = ()
    groups: tuple[str, ...] = ()
    method_id: MethodId | None = None
    term_id: TermId | None = None
    number: str | None = None
    tax_number: str | None = None
    address: tuple[str, ...] = ()
    balance_currency: Currency | None = None
    balance_minor: int | None = None
    balance_with_jobs_minor: int | None = None
    version: str
    updated_at: datetime


class Invoice(Record):
    """A sales invoice as in the books.

    `exchange_rate`, of every document: the rate that the books keep with it, as they write it; None where they give
    none. In QuickBooks it is what one unit of the document's currency costs in the company's own, in Xero how much of
    the document's currency one unit of the company's own buys. Nothing is converted with it.

    `open_minor` is the platform's own figure. `due_on` is None where the books have none. `deposit_minor` was paid on
    the invoice itself, without a payment record, and counts from `issued_on`. `emails` and `emails_cc` are where the
    invoice itself was addressed. `delivered_on` is the day, by the books' own clock, on which the platform sent it
    last; None where it does not tell. `version` changes with every edit and orders versions of one record together with
    `updated_at`.
    """

    id: InvoiceId
    customer_id: CustomerId
    number: str | None
    reference: str | None = None
    issued_on: date
    due_on: date | None
    term_id: TermId | None = None
    currency: Currency
    total_minor: int
    open_minor: int
    deposit_minor: int = 0
    exchange_rate: str | None = None
    status: DocumentStatus = DocumentStatus.ISSUED
    sent: Sent = Sent.UNKNOWN
    emails: tuple[str, ...] = ()
    emails_cc: tuple[str, ...] = ()
    delivered_on: date | None = None
    version: str
    updated_at: datetime


class AllocationTarget(StrEnum):
    """What an allocation settles: an invoice, or a credit that it uses up (or refunds)."""

    INVOICE = "invoice"
    CREDIT = "credit"


class Allocation(Record):
    """So much of a payment or credit settled so much of its target, on a day.

    It belongs to the payment or credit that carries it. QuickBooks applies a credit memo through a payment of zero:
    such a payment carries one allocation to the invoice and one to the credit. `invoice_id`, where a credit is the
    target: the invoice that it was used for; None where it was given back in money.
    """

    target: AllocationTarget
    target_id: str
    invoice_id: InvoiceId | None = None
    on: date
    amount_minor: int


class Payment(Record):
    """Money received. `unapplied_minor` has settled nothing yet."""

    id: PaymentId
    customer_id: CustomerId | None
    paid_on: date
    currency: Currency
    total_minor: int
    unapplied_minor: int
    exchange_rate: str | None = None
    status: DocumentStatus = DocumentStatus.ISSUED
    method_id: MethodId | None = None
    reference: str | None = None
    allocations: tuple[Allocation, ...] = ()
    version: str
    updated_at: datetime


class Credit(Record):
    """A credit note or memo, an overpayment or a prepayment. `remaining_minor` has settled nothing yet."""

    id: CreditId
    customer_id: CustomerId
    kind: CreditKind
    number: str | None
    issued_on: date
    currency: Currency
    total_minor: int
    remaining_minor: int
    exchange_rate: str | None = None
    status: DocumentStatus = DocumentStatus.ISSUED
    allocations: tuple[Allocation, ...] = ()
    version: str
    updated_at: datetime


AnyRecord = Company | Term | Method | Customer | Invoice | Payment | Credit


class Balance(Record):
    """What the platform itself says a customer owes, net of what it counts as credit, freshly read.

    `with_jobs_minor` includes sub-customers; None where the platform has none.
    """

    customer_id: CustomerId
    currency: Currency
    owed_minor: int
    with_jobs_minor: int | None = None


class Issue(Record):
    """Something odd in the books, shown and survived: one bad record never stops a ledger.

    `source` names the record ("invoice 1042"), `message` what is wrong and what to do. `code` groups alike issues.
    """

    code: str
    source: str
    message: str
