"""The floor: what no pull can do without. Download, decode, insert; everything else that a pull does comes on top.

The pages are asked for in turn over one connection, with gzip; msgspec decodes of each record exactly what goes into a
column; sqlite3 inserts those columns and the record's own bytes into the mirror's own tables, a page in a transaction.
It trusts everything: no counts, no versions, no retries, no odd records, amounts as binary fractions. What it leaves
behind is the same to the last column, so that nothing is compared that does less.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bench.figures import Tally

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

LEDGER = 1


def ready(platform: str) -> Callable[[str, Path], Tally]:
    """What reads everything from an address into an empty database."""
    return partial(_fill, platform)


def _fill(platform: str, url: str, database: Path) -> Tally:
    connection = _created(database, platform)
    tally = Tally()
    with httpx.Client(base_url=url, headers={"Accept-Encoding": "gzip"}) as http:
        for rows in _READERS[platform](http, tally):
            connection.execute("BEGIN IMMEDIATE")
            for table, values in rows.items():
                if values:
                    marks = ", ".join("?" * len(values[0]))
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
            connection.execute("COMMIT")
    connection.close()
    return tally


def _created(database: Path, platform: str) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    schema = resources.files("sync.store").joinpath("schema/0001_mirror.sql").read_text("utf-8")
    connection.executescript(schema)
    connection.execute("INSERT INTO ledger (id, name, platform) VALUES (?, 'harbour', ?)", (LEDGER, platform))
    return connection


def _get(http: httpx.Client, tally: Tally, path: str, **params: str | int) -> bytes:
    with http.stream("GET", path, params=params) as response:
        body = response.read()
        tally.calls += 1
        tally.received += response.num_bytes_downloaded
    return body


def _cents(amount: float) -> int:
    return round(amount * 100)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


_encode = msgspec.json.Encoder().encode


def _list(*texts: str) -> str:
    return _encode(texts).decode()


# QuickBooks


class _Body(msgspec.Struct, rename="pascal", gc=False):
    pass


class _Ref(msgspec.Struct, gc=False):
    value: str


class _Times(_Body):
    last_updated_time: datetime


class _Email(_Body):
    address: str


class _Phone(_Body):
    free_form_number: str


class _Address(_Body):
    line1: str
    city: str
    country_sub_division_code: str
    postal_code: str


class _Customer(_Body):
    id: str
    sync_token: str
    meta_data: _Times
    display_name: str
    active: bool
    given_name: str
    family_name: str
    balance: float
    balance_with_jobs: float
    currency_ref: _Ref
    primary_email_addr: _Email
    primary_phone: _Phone
    bill_addr: _Address
    sales_term_ref: _Ref


class _Field(_Body):
    name: str
    string_value: str | None = None


class _Invoice(_Body):
    id: str
    sync_token: str
    meta_data: _Times
    customer_ref: _Ref
    doc_number: str
    custom_field: tuple[_Field, ...]
    txn_date: str
    due_date: str
    sales_term_ref: _Ref
    currency_ref: _Ref
    total_amt: float
    balance: float
    bill_email: _Email
    email_status: str
    private_note: str | None = None


class _Linked(_Body):
    txn_id: str


class _Line(_Body):
    amount: float
    linked_txn: tuple[_Linked, ...]


class _Payment(_Body):
    id: str
    sync_token: str
    meta_data: _Times
    customer_ref: _Ref
    txn_date: str
    currency_ref: _Ref
    total_amt: float
    unapplied_amt: float
    payment_method_ref: _Ref
    line: tuple[_Line, ...]
    payment_ref_num: str | None = None


class _Found(msgspec.Struct):
    customers: list[msgspec.Raw] = msgspec.field(name="Customer", default=[])
    invoices: list[msgspec.Raw] = msgspec.field(name="Invoice", default=[])
    payments: list[msgspec.Raw] = msgspec.field(name="Payment", default=[])


class _Queried(msgspec.Struct):
    found: _Found = msgspec.field(name="QueryResponse")
    time: datetime


def _quickbooks(http: httpx.Client, tally: Tally) -> Iterator[Rows]:
    decode = msgspec.json.Decoder(_Queried).decode
    kinds: Sequence[tuple[str, Callable[[_Found, str], Rows]]] = (
        ("Customer", _customers),
        ("Invoice", _invoices),
        ("Payment", _payments),
    )
    for name, rows in kinds:
        start = 1
        while True:
            select = f"SELECT * FROM {name} ORDERBY Id STARTPOSITION {start} MAXRESULTS 1000"
            answer = decode(_get(http, tally, "/v3/company/1/query", query=select))
            made = rows(answer.found, _utc(answer.time))
            yield made
            if len(made["raw"]) < 1000:
                break
            start += 1000


def _raw(kind: str, bodies: Iterable[tuple[str, msgspec.Raw]], read_at: str) -> list[Row]:
    return [(LEDGER, kind, record_id, body, read_at) for record_id, body in bodies]


def _customers(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Customer).decode
    bodies = [(decode(raw), raw) for raw in found.customers]
    return {
        "customer": [_customer(one) for one, _ in bodies],
        "person": [
            (LEDGER, one.id, 0, f"{one.given_name} {one.family_name}", one.primary_email_addr.address, None)
            for one, _ in bodies
        ],
        "raw": _raw("Customer", ((one.id, raw) for one, raw in bodies), read_at),
    }


def _customer(one: _Customer) -> Row:
    where, currency = one.bill_addr, one.currency_ref.value
    place = f"{where.city} {where.country_sub_division_code} {where.postal_code}"
    return (
        *(LEDGER, one.id, one.display_name, "active" if one.active else "archived", None, None, 0, one.id),
        *(currency, "US", None, _list(one.primary_email_addr.address), one.primary_phone.free_form_number, "[]"),
        *(None, one.sales_term_ref.value, None, None, _list(where.line1, place), currency, _cents(one.balance)),
        *(_cents(one.balance_with_jobs), one.sync_token, _utc(one.meta_data.last_updated_time)),
    )


def _invoices(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Invoice).decode
    bodies = [(decode(raw), raw) for raw in found.invoices]
    return {
        "invoice": [_invoice(one) for one, _ in bodies],
        "raw": _raw("Invoice", ((one.id, raw) for one, raw in bodies), read_at),
    }


def _invoice(one: _Invoice) -> Row:
    return (
        *(LEDGER, one.id, one.customer_ref.value, one.doc_number, one.custom_field[1].string_value, one.txn_date),
        *(one.due_date, one.sales_term_ref.value, one.currency_ref.value, _cents(one.total_amt), _cents(one.balance)),
        *(0, "voided" if one.private_note else "issued", "yes" if one.email_status == "EmailSent" else "no"),
        *(_list(one.bill_email.address), "[]", one.sync_token, _utc(one.meta_data.last_updated_time)),
    )


def _payments(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Payment).decode
    bodies = [(decode(raw), raw) for raw in found.payments]
    return {
        "payment": [_payment(one) for one, _ in bodies],
        "allocation": [
            (LEDGER, "payment", one.id, at, "invoice", line.linked_txn[0].txn_id, one.txn_date, _cents(line.amount))
            for one, _ in bodies
            for at, line in enumerate(one.line)
        ],
        "raw": _raw("Payment", ((one.id, raw) for one, raw in bodies), read_at),
    }


def _payment(one: _Payment) -> Row:
    return (
        *(LEDGER, one.id, one.customer_ref.value, one.txn_date, one.currency_ref.value, _cents(one.total_amt)),
        *(_cents(one.unapplied_amt), "issued", one.payment_method_ref.value, one.payment_ref_num, one.sync_token),
        _utc(one.meta_data.last_updated_time),
    )


# Xero


def _name(field: str) -> str:
    spelled = {"id": "ID", "utc": "UTC"}
    return "".join(spelled.get(word, word.capitalize()) for word in field.split("_"))


class _XeroBody(msgspec.Struct, rename=_name, gc=False):
    pass


class _XeroAddress(_XeroBody):
    address_line1: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""


class _XeroPhone(_XeroBody):
    phone_number: str


class _XeroPerson(_XeroBody):
    first_name: str
    last_name: str
    email_address: str


class _XeroContact(_XeroBody):
    contact_id: str
    name: str
    contact_status: str
    first_name: str
    last_name: str
    email_address: str
    tax_number: str
    default_currency: str
    addresses: tuple[_XeroAddress, ...]
    phones: tuple[_XeroPhone, ...]
    contact_persons: tuple[_XeroPerson, ...]
    updated_date_utc: str


class _XeroRef(_XeroBody):
    contact_id: str


class _XeroInvoice(_XeroBody):
    invoice_id: str
    contact: _XeroRef
    invoice_number: str
    reference: str
    date_string: str
    due_date_string: str
    currency_code: str
    total: float
    amount_due: float
    status: str
    updated_date_utc: str
    sent_to_contact: bool = False


class _XeroPaid(_XeroBody):
    invoice_id: str
    contact: _XeroRef
    currency_code: str


class _XeroPayment(_XeroBody):
    payment_id: str
    date: str
    amount: float
    reference: str
    updated_date_utc: str
    invoice: _XeroPaid


class _Pages(msgspec.Struct, rename="camel"):
    page_count: int


class _Listed(msgspec.Struct):
    time: str = msgspec.field(name="DateTimeUTC")
    pagination: _Pages
    contacts: list[msgspec.Raw] = msgspec.field(name="Contacts", default=[])
    invoices: list[msgspec.Raw] = msgspec.field(name="Invoices", default=[])
    payments: list[msgspec.Raw] = msgspec.field(name="Payments", default=[])


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all of them are UTC
_EPOCH_DAY = date(1970, 1, 1)


def _stamp(written: str) -> str:
    """/Date(1772473200123+0000)/ as text."""
    at = _EPOCH + timedelta(milliseconds=int(written[6:19]))
    return at.isoformat(timespec="milliseconds") + "Z"


def _xero(http: httpx.Client, tally: Tally) -> Iterator[Rows]:
    decode = msgspec.json.Decoder(_Listed).decode
    kinds: Sequence[tuple[str, Callable[[_Listed, str], Rows]]] = (
        ("Contacts", _xero_contacts),
        ("Invoices", _xero_invoices),
        ("Payments", _xero_payments),
    )
    for name, rows in kinds:
        number, pages = 1, 1
        while number <= pages:
            answer = decode(_get(http, tally, f"/api.xro/2.0/{name}", page=number, pageSize=1000))
            yield rows(answer, _stamp(answer.time))
            number, pages = number + 1, answer.pagination.page_count


def _xero_contacts(listed: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_XeroContact).decode
    bodies = [(decode(raw), raw) for raw in listed.contacts]
    return {
        "customer": [_xero_contact(one) for one, _ in bodies],
        "person": [person for one, _ in bodies for person in _xero_people(one)],
        "raw": _raw("Contacts", ((one.contact_id, raw) for one, raw in bodies), read_at),
    }


def _xero_contact(one: _XeroContact) -> Row:
    where, updated = one.addresses[1], one.updated_date_utc
    emails = _list(one.email_address, *(person.email_address for person in one.contact_persons))
    place = f"{where.postal_code} {where.city} {where.region}"
    return (
        *(LEDGER, one.contact_id, one.name, "active" if one.contact_status == "ACTIVE" else "archived", None, None, 0),
        *(one.contact_id, one.default_currency, "GB", None, emails, one.phones[1].phone_number, "[]", None, None),
        *(None, one.tax_number, _list(where.address_line1, place), None, None, None, updated[6:19], _stamp(updated)),
    )


def _xero_people(one: _XeroContact) -> Iterator[Row]:
    yield LEDGER, one.contact_id, 0, f"{one.first_name} {one.last_name}", one.email_address, None
    for position, person in enumerate(one.contact_persons, start=1):
        name = f"{person.first_name} {person.last_name}"
        yield LEDGER, one.contact_id, position, name, person.email_address, None


def _xero_invoices(listed: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_XeroInvoice).decode
    bodies = [(decode(raw), raw) for raw in listed.invoices]
    return {
        "invoice": [_xero_invoice(one) for one, _ in bodies],
        "raw": _raw("Invoices", ((one.invoice_id, raw) for one, raw in bodies), read_at),
    }


def _xero_invoice(one: _XeroInvoice) -> Row:
    updated = one.updated_date_utc
    return (
        *(LEDGER, one.invoice_id, one.contact.contact_id, one.invoice_number, one.reference, one.date_string[:10]),
        *(one.due_date_string[:10], None, one.currency_code, _cents(one.total), _cents(one.amount_due), 0),
        *("voided" if one.status == "VOIDED" else "issued", "yes" if one.sent_to_contact else "no", "[]", "[]"),
        *(updated[6:19], _stamp(updated)),
    )


def _xero_payments(listed: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_XeroPayment).decode
    bodies = [(decode(raw), raw) for raw in listed.payments]
    payments, allocations = [], []
    for one, _ in bodies:
        paid_on = (_EPOCH_DAY + timedelta(milliseconds=int(one.date[6:19]))).isoformat()
        payments.append(_xero_payment(one, paid_on))
        settled = ("invoice", one.invoice.invoice_id, paid_on, _cents(one.amount))
        allocations.append((LEDGER, "payment", one.payment_id, 0, *settled))
    raw = _raw("Payments", ((one.payment_id, raw) for one, raw in bodies), read_at)
    return {"payment": payments, "allocation": allocations, "raw": raw}


def _xero_payment(one: _XeroPayment, paid_on: str) -> Row:
    updated = one.updated_date_utc
    return (
        *(LEDGER, one.payment_id, one.invoice.contact.contact_id, paid_on, one.invoice.currency_code),
        *(_cents(one.amount), 0, "issued", None, one.reference or None, updated[6:19], _stamp(updated)),
    )


_READERS: dict[str, Callable[[httpx.Client, Tally], Iterator[Rows]]] = {"quickbooks": _quickbooks, "xero": _xero}
