"""Writing pages of the books into the mirror, so that replaying them in any order ends with the same book."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from connectors.base import Deleted, Page
from strategy.model import (
    Allocation,
    AnyRecord,
    Company,
    Credit,
    Customer,
    Invoice,
    InvoiceId,
    Issue,
    Kind,
    Method,
    Payment,
    Term,
)
from sync.store.database import Row, Store, Value, instant
from sync.store.statements import load

SQL = load("mirror")


def save_page(store: Store, ledger_id: int, page: Page) -> None:
    """The page's records, raw bodies, deletions, issues and terms. The caller holds the transaction, and saves its
    cursor in it.
    """
    records = list(_not_gone(store, ledger_id, page))
    rows = [_ROWS[page.kind](ledger_id, record, page) for record in records]
    store.many(SQL[f"upsert_{page.kind}"], rows)
    if page.kind is Kind.CUSTOMER:
        _save_people(store, records, rows)
    elif page.kind in {Kind.PAYMENT, Kind.CREDIT}:
        _save_allocations(store, page.kind, records, rows)
    read_at = instant(page.server_time)
    store.many(SQL["upsert_raw"], [(ledger_id, raw.kind, raw.id, raw.body, read_at) for raw in page.raw])
    store.many(SQL["upsert_term"], [_term_row(ledger_id, term, page) for term in page.terms])
    for deleted in page.deleted:
        if not _later_body(store, ledger_id, _BODIES[deleted.kind], deleted.id, read_at):
            bury(store, ledger_id, deleted, page.server_time)
    _save_issues(store, ledger_id, page, read_at)


def bury(store: Store, ledger_id: int, deleted: Deleted, at: datetime) -> None:
    """Mark a record as gone, and remember it so that no older page brings it back. What was odd about it is no more."""
    gone_at = instant(at)
    store.run(SQL["upsert_tombstone"], ledger_id, deleted.kind, deleted.id, gone_at)
    if store.row(SQL["any_issue"], ledger_id):
        sources = (f"{body} {deleted.id}" for body in _BODIES[deleted.kind])
        store.many(SQL["clear_issue"], ((ledger_id, source, gone_at) for source in sources))
    if deleted.kind in {Kind.TERM, Kind.METHOD}:
        store.run(SQL[f"delete_{deleted.kind}"], ledger_id, deleted.id)
        return
    buried = store.run(SQL[f"delete_{deleted.kind}"], gone_at, ledger_id, deleted.id, gone_at)
    if buried and deleted.kind in {Kind.PAYMENT, Kind.CREDIT}:
        store.run(SQL["clear_allocations"], ledger_id, deleted.kind, deleted.id)


def held(store: Store, ledger_id: int, kind: Kind) -> int:
    """How many records of the kind are not gone."""
    return int(next(store.rows(SQL[f"held_{kind}"], ledger_id))[0])


def open_invoice_ids(store: Store, ledger_id: int) -> tuple[InvoiceId, ...]:
    """Of all invoices of which something is open."""
    return tuple(InvoiceId(record_id) for (record_id,) in store.rows(SQL["open_invoices"], ledger_id))


def settled_by(store: Store, ledger_id: int, kind: Kind, source_id: str) -> dict[str, int]:
    """How much of which invoices a payment or credit settles."""
    amounts: Counter[str] = Counter()
    for invoice_id, amount_minor in store.rows(SQL["settled_by"], ledger_id, kind, source_id):
        amounts[invoice_id] += amount_minor
    return amounts


def forget_issues(store: Store, ledger_id: int, before: datetime) -> None:
    """After everything was read: what was odd and has not come since the instant comes no more, or is known by now."""
    store.run(SQL["forget_issues"], ledger_id, instant(before))


def oldest_open_invoice(store: Store, ledger_id: int, account_id: str) -> str | None:
    """The account's oldest open invoice, by its date."""
    found = store.row(SQL["oldest_open_invoice"], ledger_id, ledger_id, account_id)
    return found[0] if found else None


def issues(store: Store, ledger_id: int) -> tuple[Issue, ...]:
    """Everything odd in the ledger's books."""
    found = store.rows(SQL["issues"], ledger_id)
    return tuple(Issue(code=code, source=source, message=message) for code, source, message in found)


def resolve_accounts(store: Store, ledger_id: int) -> bool:
    """Work out whose account each customer belongs to: the survivor of a merger, the parent that the books bill,
    itself. Whether any belongs to another one than before.
    """
    rows = store.rows_by_name(SQL["kinship"], {"ledger": ledger_id})
    kin = {customer_id: (account_id, above) for customer_id, account_id, above in rows}
    changed = [
        (account, ledger_id, customer_id)
        for customer_id, (before, _) in kin.items()
        if (account := _account_of(customer_id, kin)) != before
    ]
    moved = store.many(SQL["set_account"], changed) > 0
    store.run(SQL["settle_moved"], ledger_id)
    return moved


def _account_of(customer_id: str, kin: Mapping[str, tuple[str, str | None]]) -> str:
    """Follow the links upwards; where the books go in a circle, all of it is the account of its first id."""
    path = [customer_id]
    while (above := kin.get(path[-1], ("", None))[1]) is not None:
        if above in path:
            return min(path[path.index(above) :])
        path.append(above)
    return path[-1]


def _not_gone(store: Store, ledger_id: int, page: Page) -> Iterator[AnyRecord]:
    """The page's records without those buried since; a page or a change after that unburies: it may have been wrong.

    Terms and methods do not say when they changed: for them the later page counts.
    """
    gone: dict[str, str] = dict(store.rows(SQL["tombstones"], ledger_id, page.kind))
    unversioned = page.kind in {Kind.TERM, Kind.METHOD}
    read_at = instant(page.server_time)
    for record in page.records:
        if (at := gone.get(record.id)) is not None:
            if _shown_at(record, read_at) <= at:
                continue
            _unbury(store, ledger_id, page.kind, record.id, at)
        if not unversioned or not _later_body(store, ledger_id, _BODIES[page.kind], record.id, read_at):
            yield record


def _shown_at(record: AnyRecord, read_at: str) -> str:
    """The last instant of which we know that the record was there."""
    return max(read_at, instant(record.updated_at)) if isinstance(record, _Versioned) else read_at


_Versioned = Customer | Invoice | Payment | Credit


def _unbury(store: Store, ledger_id: int, kind: Kind, record_id: str, gone_at: str) -> None:
    """Whatever version is read next may take the place of what was buried at that instant."""
    store.run(SQL["drop_tombstone"], ledger_id, kind, record_id)
    if kind not in {Kind.TERM, Kind.METHOD}:
        store.run(SQL[f"unbury_{kind}"], ledger_id, record_id, gone_at)


_BODIES: Mapping[Kind, tuple[str, ...]] = {
    Kind.TERM: ("Term",),
    Kind.METHOD: ("PaymentMethod",),
    Kind.CUSTOMER: ("Customer", "Contacts"),
    Kind.INVOICE: ("Invoice", "Invoices"),
    Kind.PAYMENT: ("Payment", "Payments"),
    Kind.CREDIT: ("CreditMemo", "CreditNotes", "Overpayments", "Prepayments"),
}
"""What the platforms call bodies of a kind: `RawRecord.kind`, and the first word of an issue's source."""


def _later_body(store: Store, ledger_id: int, kinds: Sequence[str], record_id: str, read_at: str) -> bool:
    """Whether a later page had the record."""
    return any(store.row(SQL["later_raw"], ledger_id, kind, record_id, read_at) for kind in kinds)


def _save_people(store: Store, records: Sequence[AnyRecord], rows: Sequence[Row]) -> None:
    people = {
        _version(row): record.people for record, row in zip(records, rows, strict=True) if isinstance(record, Customer)
    }
    store.many(SQL["clear_people"], people)
    store.many(
        SQL["insert_person"],
        [
            (position, person.name, person.email, person.phone, *version)
            for version, persons in people.items()
            for position, person in enumerate(persons)
        ],
    )


def _save_allocations(store: Store, kind: Kind, records: Sequence[AnyRecord], rows: Sequence[Row]) -> None:
    allocations = {
        _version(row): record.allocations
        for record, row in zip(records, rows, strict=True)
        if isinstance(record, Payment | Credit)
    }
    store.many(SQL[f"clear_{kind}_allocations"], allocations)
    store.many(
        SQL[f"insert_{kind}_allocation"],
        [
            (position, *_allocation(one), *version)
            for version, several in allocations.items()
            for position, one in enumerate(several)
        ],
    )


def _version(row: Row) -> Row:
    """What names one version of a record: ledger, id, version, updated_at. The rows of all that have versions end with
    the last two.
    """
    return (*row[:2], *row[-2:])


def _allocation(allocation: Allocation) -> tuple[Value, ...]:
    on = allocation.on.isoformat()
    return (allocation.target.value, allocation.target_id, allocation.invoice_id, on, allocation.amount_minor)


def _save_issues(store: Store, ledger_id: int, page: Page, seen_at: str) -> None:
    """What is odd about the page's rows, unless a later page had them, or they are gone since."""
    if store.row(SQL["any_issue"], ledger_id):
        store.many(SQL["clear_issue"], ((ledger_id, f"{raw.kind} {raw.id}", seen_at) for raw in page.raw))
    store.many(SQL["upsert_issue"], (_issue_row(ledger_id, page.kind, one, seen_at) for one in page.issues))


def _issue_row(ledger_id: int, kind: Kind, issue: Issue, seen_at: str) -> Row:
    """With what names its body, and what it would be buried as."""
    body, _, record_id = issue.source.partition(" ")
    named = (ledger_id, body, record_id, seen_at, ledger_id, kind, record_id, seen_at)
    return (ledger_id, issue.source, issue.code, issue.message, seen_at, *named)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _list(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode() if values else "[]"


def _company_row(ledger_id: int, record: Company, page: Page) -> Row:
    return (
        ledger_id,
        record.id,
        record.name,
        record.legal_name,
        record.country,
        record.time_zone,
        record.base_currency,
        record.several_currencies,
        record.aging_basis,
        record.reminders,
        _day(record.books_closed_on),
        record.tax_number,
        record.email,
        record.phone,
        _list(record.address),
        instant(page.server_time),
    )


def _term_row(ledger_id: int, record: Term, _page: Page) -> Row:
    return (ledger_id, record.id, record.name, record.kind, record.day, record.next_month_within)


def _method_row(ledger_id: int, record: Method, _page: Page) -> Row:
    return (ledger_id, record.id, record.name)


def _customer_row(ledger_id: int, record: Customer, _page: Page) -> Row:
    return (
        ledger_id,
        record.id,
        record.name,
        record.status.value,
        record.merged_into,
        record.parent_id,
        record.bills_parent,
        record.id,
        record.currency,
        record.country,
        record.language,
        _list(record.emails),
        record.phone,
        _list(record.groups),
        record.method_id,
        record.term_id,
        record.number,
        record.tax_number,
        _list(record.address),
        record.balance_currency,
        record.balance_minor,
        record.balance_with_jobs_minor,
        record.version,
        instant(record.updated_at),
    )


def _invoice_row(ledger_id: int, record: Invoice, _page: Page) -> Row:
    return (
        ledger_id,
        record.id,
        record.customer_id,
        record.number,
        record.reference,
        record.issued_on.isoformat(),
        _day(record.due_on),
        record.term_id,
        record.currency,
        record.total_minor,
        record.open_minor,
        record.deposit_minor,
        record.exchange_rate,
        record.status.value,
        record.sent.value,
        _list(record.emails),
        _list(record.emails_cc),
        _day(record.delivered_on),
        record.version,
        instant(record.updated_at),
    )


def _payment_row(ledger_id: int, record: Payment, _page: Page) -> Row:
    return (
        ledger_id,
        record.id,
        record.customer_id,
        record.paid_on.isoformat(),
        record.currency,
        record.total_minor,
        record.unapplied_minor,
        record.exchange_rate,
        record.status.value,
        record.method_id,
        record.reference,
        record.version,
        instant(record.updated_at),
    )


def _credit_row(ledger_id: int, record: Credit, _page: Page) -> Row:
    return (
        ledger_id,
        record.id,
        record.customer_id,
        record.kind.value,
        record.number,
        record.issued_on.isoformat(),
        record.currency,
        record.total_minor,
        record.remaining_minor,
        record.exchange_rate,
        record.status.value,
        record.version,
        instant(record.updated_at),
    )


_ROWS: dict[Kind, Callable[..., Row]] = {
    Kind.COMPANY: _company_row,
    Kind.TERM: _term_row,
    Kind.METHOD: _method_row,
    Kind.CUSTOMER: _customer_row,
    Kind.INVOICE: _invoice_row,
    Kind.PAYMENT: _payment_row,
    Kind.CREDIT: _credit_row,
}
