"""The parts of QuickBooks' JSON that we read, exactly as it spells them; everything else stays in the raw body.

Absent is None and never a default: a parser that fills in zero turns a deletion stub into a paid invoice.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Raw, Struct

Instant = Annotated[datetime, Meta(tz=True)]
"""With its offset: one without is nobody's time, and must not be taken for this machine's."""


class Body(Struct, rename="pascal", gc=False):
    """Base: keys in PascalCase, unknown ones ignored. JSON has no circles, so no garbage is looked for."""


class Ref(Struct, gc=False):
    """A reference to another record; `name` is a courtesy that not every answer pays."""

    value: str
    name: str | None = None


class MetaData(Body):
    """When the record last changed, with the offset of US Pacific time."""

    last_updated_time: Instant
    create_time: Instant | None = None


class Address(Body):
    """A postal address. `Country` is free text."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    line4: str | None = None
    line5: str | None = None
    city: str | None = None
    country_sub_division_code: str | None = None
    postal_code: str | None = None
    country: str | None = None


class EmailAddress(Body):
    """May hold several addresses, separated by commas."""

    address: str | None = None


class Phone(Body):
    free_form_number: str | None = None


class Delivery(Body):
    delivery_time: str | None = None


class CustomField(Body):
    name: str | None = None
    string_value: str | None = None


class LinkedTransaction(Body):
    txn_id: str
    txn_type: str


class Line(Body):
    amount: Decimal | None = None
    linked_txn: tuple[LinkedTransaction, ...] = ()


class Transaction(Body):
    """What invoices, payments and credit memos have in common."""

    id: str
    sync_token: str
    meta_data: MetaData
    txn_date: date
    total_amt: Decimal
    currency_ref: Ref
    exchange_rate: Decimal | None = None
    customer_ref: Ref | None = None
    doc_number: str | None = None
    private_note: str | None = None


class InvoiceBody(Transaction, kw_only=True):
    balance: Decimal
    due_date: date | None = None
    deposit: Decimal | None = None
    sales_term_ref: Ref | None = None
    bill_email: EmailAddress | None = None
    bill_email_cc: EmailAddress | None = None
    email_status: str | None = None
    print_status: str | None = None
    delivery_info: Delivery | None = None
    custom_field: tuple[CustomField, ...] = ()
    line: Raw = Raw(b"[]")


class PaymentBody(Transaction, kw_only=True):
    unapplied_amt: Decimal
    payment_method_ref: Ref | None = None
    payment_ref_num: str | None = None
    line: tuple[Line, ...] = ()


class CreditMemoBody(Transaction, kw_only=True):
    remaining_credit: Decimal | None = None
    balance: Decimal | None = None


class CustomerBody(Body):
    id: str
    sync_token: str
    meta_data: MetaData
    display_name: str
    active: bool
    given_name: str | None = None
    middle_name: str | None = None
    family_name: str | None = None
    parent_ref: Ref | None = None
    bill_with_parent: bool = False
    balance: Decimal | None = None
    balance_with_jobs: Decimal | None = None
    currency_ref: Ref | None = None
    primary_email_addr: EmailAddress | None = None
    primary_phone: Phone | None = None
    mobile: Phone | None = None
    bill_addr: Address | None = None
    sales_term_ref: Ref | None = None
    payment_method_ref: Ref | None = None
    resale_num: str | None = None


Days = Annotated[int, Meta(ge=-36_500, le=36_500)]
"""A number of days that a calendar can go; more than a century is no term."""


class TermBody(Body):
    """`Type` STANDARD has due days, DATE_DRIVEN a day of the month."""

    id: str
    name: str
    type: str | None = None
    due_days: Days | None = None
    day_of_month_due: Days | None = None
    due_next_month_days: Days | None = None


class MethodBody(Body):
    id: str
    name: str


class CompanyBody(Body):
    id: str
    company_name: str
    legal_name: str | None = None
    country: str | None = None
    email: EmailAddress | None = None
    primary_phone: Phone | None = None
    company_addr: Address | None = None
    legal_addr: Address | None = None


class ReportPrefs(Struct, rename="pascal", frozen=True):
    calc_aging_report_from_txn_date: bool = False


class CurrencyPrefs(Struct, rename="pascal", frozen=True):
    multi_currency_enabled: bool = False
    home_currency: Ref | None = None


class AccountingPrefs(Struct, rename="pascal", frozen=True):
    book_close_date: date | None = None


class PreferencesBody(Body):
    report_prefs: ReportPrefs = ReportPrefs()
    currency_prefs: CurrencyPrefs = CurrencyPrefs()
    accounting_info_prefs: AccountingPrefs = AccountingPrefs()


class AttachableBody(Body):
    """A note, a file, or both."""

    id: str
    note: str | None = None
    file_name: str | None = None
    meta_data: MetaData | None = None


class Stub(Struct, rename={"id": "Id"}):
    """As much as any record has, deletion stubs too."""

    id: str
    status: str | None = None


class TimedStub(Body):
    """What tells one version of a record from another, and when it changed."""

    id: str
    sync_token: str | None = None
    meta_data: MetaData | None = None


class Found(Body):
    """Rows by entity, each unread. An entity without rows is not there at all; beside it stand counts."""

    preferences: list[Raw] = []
    term: list[Raw] = []
    payment_method: list[Raw] = []
    customer: list[Raw] = []
    invoice: list[Raw] = []
    payment: list[Raw] = []
    credit_memo: list[Raw] = []

    def rows(self, entity: str) -> list[Raw]:
        """The rows of an entity, by QuickBooks' name for it."""
        found: list[Raw] = getattr(self, _FIELDS[entity])
        return found


_FIELDS = dict(zip(Found.__struct_encode_fields__, Found.__struct_fields__, strict=True))


class Queried(Struct, rename={"found": "QueryResponse"}):
    """A query's answer."""

    found: Found
    time: Instant


class _Count(Struct, rename="camel"):
    total_count: int


class Counted(Struct, rename={"found": "QueryResponse"}):
    """The answer to a COUNT(*)."""

    found: _Count
    time: Instant


class ChangedPart(Struct, rename={"parts": "QueryResponse"}):
    parts: tuple[Found, ...] = ()


class Changed(Struct, rename={"answers": "CDCResponse"}):
    """A change feed's answer."""

    answers: tuple[ChangedPart, ...]
    time: Instant


class AttachableAnswer(Body):
    attachable: AttachableBody


class Uploaded(Struct, rename={"answers": "AttachableResponse"}):
    answers: Annotated[tuple[AttachableAnswer, ...], Meta(min_length=1)]


class Attached(Struct, rename={"found": "QueryResponse"}):
    """The notes and files that a query found."""

    found: "AttachedFound"


class AttachedFound(Body):
    attachable: tuple[AttachableBody, ...] = ()


class CompanyAnswer(Struct, rename={"company": "CompanyInfo"}):
    company: Raw


class _Linked(Body):
    invoice_link: str | None = None


class LinkAnswer(Body):
    """An invoice read for its payment link."""

    invoice: _Linked


class _Memo(Body):
    sync_token: str
    private_note: str | None = None
    customer_memo: Ref | None = None


class MemoAnswer(Body):
    """An invoice read for what it tells the customer, and for the bookkeeper's notes."""

    invoice: _Memo


class _Notes(Body):
    sync_token: str
    notes: str | None = None


class NotesAnswer(Body):
    """A customer read for the bookkeeper's notes."""

    customer: _Notes
