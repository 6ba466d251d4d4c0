"""The parts of Xero's JSON that we read, exactly as it spells them; everything else stays in the raw body.

Enumerations are read as plain text: Xero adds values (plans, tax number types) without notice, and a value that nobody
knows must never sink a page. Dates are read as text too: `/Date(1584230400000+0000)/` in answers, ISO in some.
"""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Raw, Struct, field

_SPELLED = {"id": "ID", "utc": "UTC"}


def _name(field: str) -> str:
    """invoice_id is InvoiceID, updated_date_utc is UpdatedDateUTC."""
    return "".join(_SPELLED.get(word, word.capitalize()) for word in field.split("_"))


class Body(Struct, rename=_name, gc=False):
    """Base: keys as Xero writes them, unknown ones ignored. JSON has no circles, so no garbage is looked for."""


class Pagination(Struct, rename="camel"):
    """`item_count` is of all pages."""

    page_count: int = 1
    item_count: int | None = None


class Lists(Body):
    """An answer by its lists, each row unread. A list that did not come is None."""

    date_time_utc: str | None = None
    pagination: Pagination | None = field(name="pagination", default=None)
    organisations: list[Raw] | None = None
    contacts: list[Raw] | None = None
    invoices: list[Raw] | None = None
    payments: list[Raw] | None = None
    credit_notes: list[Raw] | None = None
    overpayments: list[Raw] | None = None
    prepayments: list[Raw] | None = None


class Address(Body):
    """`AddressType` is POBOX (where post goes) or STREET."""

    address_type: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    address_line4: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Phone(Body):
    phone_type: str | None = None
    phone_number: str | None = None
    phone_area_code: str | None = None
    phone_country_code: str | None = None


class ContactPerson(Body):
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    include_in_emails: bool | None = None


class Group(Body):
    name: str | None = None


class TermBody(Body):
    """`Day` of one of the contract's four types."""

    day: int | None = None
    type: str | None = None


class PaymentTerms(Body):
    sales: TermBody | None = None


class Outstanding(Body):
    outstanding: Decimal | None = None


class Balances(Body):
    """In the organisation's base currency."""

    accounts_receivable: Outstanding | None = None


class ContactBody(Body, kw_only=True):
    contact_id: str
    name: str
    contact_status: str | None = None
    contact_number: str | None = None
    account_number: str | None = None
    merged_to_contact_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    contact_persons: tuple[ContactPerson, ...] = ()
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    contact_groups: tuple[Group, ...] = ()
    default_currency: str | None = None
    tax_number: str | None = None
    payment_terms: PaymentTerms | None = None
    balances: Balances | None = None
    updated_date_utc: str


class ContactRef(Body):
    contact_id: str


class Document(Body):
    """What invoices, credit notes, over- and prepayments have in common."""

    type: str
    status: str
    contact: ContactRef
    currency_code: str
    total: Decimal
    date: str
    updated_date_utc: str
    currency_rate: Decimal | None = None
    date_string: str | None = None


class InvoiceBody(Document, kw_only=True):
    invoice_id: str
    amount_due: Decimal
    invoice_number: str | None = None
    reference: str | None = None
    due_date: str | None = None
    due_date_string: str | None = None
    sent_to_contact: bool | None = None


class Settled(Body, kw_only=True):
    """The document that a payment or an allocation is of, as far as it is told there."""

    contact: ContactRef | None = None
    currency_code: str | None = None


class InvoiceRef(Settled, kw_only=True):
    invoice_id: str


class CreditNoteRef(Settled, kw_only=True):
    credit_note_id: str


class OverpaymentRef(Settled, kw_only=True):
    overpayment_id: str


class PrepaymentRef(Settled, kw_only=True):
    prepayment_id: str


class AllocationBody(Body):
    """So much of the credit settled so much of an invoice."""

    amount: Decimal
    date: str
    invoice: InvoiceRef


class CreditBody(Document, kw_only=True):
    """A credit note, overpayment or prepayment; which one its id says."""

    remaining_credit: Decimal
    credit_note_id: str | None = None
    overpayment_id: str | None = None
    prepayment_id: str | None = None
    credit_note_number: str | None = None
    invoice_number: str | None = None
    reference: str | None = None
    allocations: tuple[AllocationBody, ...] = ()


class PaymentBody(Body):
    """Of a customer's invoice, or money given back out of a credit; of our own bills as well."""

    payment_id: str
    payment_type: str
    status: str
    amount: Decimal
    date: str
    updated_date_utc: str
    currency_rate: Decimal | None = None
    reference: str | None = None
    invoice: InvoiceRef | None = None
    credit_note: CreditNoteRef | None = None
    overpayment: OverpaymentRef | None = None
    prepayment: PrepaymentRef | None = None


class OrganisationBody(Body):
    organisation_id: str
    name: str
    base_currency: str
    legal_name: str | None = None
    country_code: str | None = None
    timezone: str | None = None
    tax_number: str | None = None
    period_lock_date: str | None = None
    end_of_year_lock_date: str | None = None
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()


class ReminderBody(Body):
    enabled: bool | None = None


class RemindersAnswer(Body):
    invoice_reminders: tuple[ReminderBody, ...] = ()


class OnlineInvoice(Body):
    online_invoice_url: str | None = None


class OnlineInvoicesAnswer(Body):
    online_invoices: tuple[OnlineInvoice, ...] = ()


class HistoryRecord(Body):
    details: str | None = None
    changes: str | None = None
    date_utc: str | None = None


class HistoryAnswer(Body):
    history_records: tuple[HistoryRecord, ...] = ()


class AttachmentBody(Body):
    attachment_id: str
    file_name: str
    content_length: int | None = None


class AttachmentsAnswer(Body):
    attachments: tuple[AttachmentBody, ...] = ()


class AttachedAnswer(Body):
    """What came of attaching a file."""

    attachments: Annotated[tuple[AttachmentBody, ...], Meta(min_length=1)]


class PaymentServiceBody(Body):
    payment_service_id: str
    payment_service_name: str | None = None
    payment_service_url: str | None = None


class PaymentServicesAnswer(Body):
    payment_services: tuple[PaymentServiceBody, ...] = ()


class OfferedAnswer(Body):
    """What came of making a payment service."""

    payment_services: Annotated[tuple[PaymentServiceBody, ...], Meta(min_length=1)]


class BrandedInvoice(Body):
    branding_theme_id: str | None = None


class BrandedInvoicesAnswer(Body):
    invoices: tuple[BrandedInvoice, ...] = ()


class Cell(Body):
    value: str | None = None


class ReportRow(Body):
    """Rows nest: a section has rows of its own."""

    row_type: str | None = None
    title: str | None = None
    cells: tuple[Cell, ...] = ()
    rows: "tuple[ReportRow, ...]" = ()


class ReportBody(Body):
    rows: tuple[ReportRow, ...] = ()


class ReportsAnswer(Body):
    reports: tuple[ReportBody]


class Connection(Struct, rename="camel"):
    """What the user let us into; `id` is the connection's own."""

    id: str
    tenant_id: str
    tenant_type: str | None = None
    tenant_name: str | None = None
