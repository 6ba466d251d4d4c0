"""The floor's QuickBooks: of each record what goes into a column, a page of a thousand at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from bench.floor import LEDGER, Get, Row, Rows, cents, listed, raw


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


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


class _Delivery(_Body):
    delivery_time: str


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
    delivery_info: _Delivery | None = None
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


class _Credit(_Body):
    id: str
    sync_token: str
    meta_data: _Times
    customer_ref: _Ref
    doc_number: str
    txn_date: str
    currency_ref: _Ref
    total_amt: float
    remaining_credit: float


class _Found(msgspec.Struct):
    customers: list[msgspec.Raw] = msgspec.field(name="Customer", default=[])
    invoices: list[msgspec.Raw] = msgspec.field(name="Invoice", default=[])
    payments: list[msgspec.Raw] = msgspec.field(name="Payment", default=[])
    credits: list[msgspec.Raw] = msgspec.field(name="CreditMemo", default=[])


class _Queried(msgspec.Struct):
    found: _Found = msgspec.field(name="QueryResponse")
    time: datetime


def pages(get: Get) -> Iterator[Rows]:
    """A kind after the other, until a page is not full."""
    decode = msgspec.json.Decoder(_Queried).decode
    kinds: Sequence[tuple[str, Callable[[_Found, str], Rows]]] = (
        ("Customer", _customers),
        ("Invoice", _invoices),
        ("Payment", _payments),
        ("CreditMemo", _credits),
    )
    for name, rows in kinds:
        start = 1
        while True:
            select = f"SELECT * FROM {name} ORDERBY Id STARTPOSITION {start} MAXRESULTS 1000"
            answer = decode(get("/v3/company/1/query", query=select))
            made = rows(answer.found, _utc(answer.time))
            yield made
            if len(made["raw"]) < 1000:
                break
            start += 1000


def _customers(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Customer).decode
    bodies = [(decode(body), body) for body in found.customers]
    return {
        "customer": [_customer(one) for one, _ in bodies],
        "person": [
            (LEDGER, one.id, 0, f"{one.given_name} {one.family_name}", one.primary_email_addr.address, None)
            for one, _ in bodies
        ],
        "raw": raw("Customer", ((one.id, body) for one, body in bodies), read_at),
    }


def _customer(one: _Customer) -> Row:
    where, currency = one.bill_addr, one.currency_ref.value
    place = f"{where.city} {where.country_sub_division_code} {where.postal_code}"
    return (
        *(LEDGER, one.id, one.display_name, "active" if one.active else "archived", None, None, 0, one.id),
        *(currency, "US", None, listed(one.primary_email_addr.address), one.primary_phone.free_form_number, "[]"),
        *(None, one.sales_term_ref.value, None, None, listed(where.line1, place), currency, cents(one.balance)),
        *(cents(one.balance_with_jobs), one.sync_token, _utc(one.meta_data.last_updated_time)),
    )


def _invoices(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Invoice).decode
    bodies = [(decode(body), body) for body in found.invoices]
    return {
        "invoice": [_invoice(one) for one, _ in bodies],
        "raw": raw("Invoice", ((one.id, body) for one, body in bodies), read_at),
    }


def _invoice(one: _Invoice) -> Row:
    return (
        *(LEDGER, one.id, one.customer_ref.value, one.doc_number, one.custom_field[1].string_value, one.txn_date),
        *(one.due_date, one.sales_term_ref.value, one.currency_ref.value, cents(one.total_amt), cents(one.balance)),
        *(0, "voided" if one.private_note else "issued", "yes" if one.email_status == "EmailSent" else "no"),
        *(listed(one.bill_email.address), "[]", one.sync_token, _utc(one.meta_data.last_updated_time), None),
        one.delivery_info and one.delivery_info.delivery_time[:10],
    )


def _payments(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Payment).decode
    bodies = [(decode(body), body) for body in found.payments]
    return {
        "payment": [_payment(one) for one, _ in bodies],
        "allocation": [
            (
                LEDGER,
                "payment",
                one.id,
                at,
                "invoice",
                line.linked_txn[0].txn_id,
                one.txn_date,
                cents(line.amount),
                None,
            )
            for one, _ in bodies
            for at, line in enumerate(one.line)
        ],
        "raw": raw("Payment", ((one.id, body) for one, body in bodies), read_at),
    }


def _payment(one: _Payment) -> Row:
    return (
        *(LEDGER, one.id, one.customer_ref.value, one.txn_date, one.currency_ref.value, cents(one.total_amt)),
        *(cents(one.unapplied_amt), "issued", one.payment_method_ref.value, one.payment_ref_num, one.sync_token),
        *(_utc(one.meta_data.last_updated_time), None),
    )


def _credits(found: _Found, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Credit).decode
    bodies = [(decode(body), body) for body in found.credits]
    return {
        "credit": [_credit(one) for one, _ in bodies],
        "raw": raw("CreditMemo", ((one.id, body) for one, body in bodies), read_at),
    }


def _credit(one: _Credit) -> Row:
    return (
        *(LEDGER, one.id, one.customer_ref.value, "credit_note", one.doc_number, one.txn_date, one.currency_ref.value),
        *(cents(one.total_amt), cents(one.remaining_credit), "issued", one.sync_token),
        *(_utc(one.meta_data.last_updated_time), None),
    )
