"""The floor's Xero: of each record what goes into a column, a page of a thousand at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from bench.floor import LEDGER, Get, Row, Rows, cents, listed, raw


def _name(field: str) -> str:
    spelled = {"id": "ID", "utc": "UTC"}
    return "".join(spelled.get(word, word.capitalize()) for word in field.split("_"))


class _Body(msgspec.Struct, rename=_name, gc=False):
    pass


class _Address(_Body):
    address_line1: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""


class _Phone(_Body):
    phone_number: str


class _Person(_Body):
    first_name: str
    last_name: str
    email_address: str


class _Sales(_Body):
    day: int
    type: str


class _Terms(_Body):
    sales: _Sales


class _Contact(_Body):
    payment_terms: _Terms
    contact_id: str
    name: str
    contact_status: str
    first_name: str
    last_name: str
    email_address: str
    tax_number: str
    default_currency: str
    addresses: tuple[_Address, ...]
    phones: tuple[_Phone, ...]
    contact_persons: tuple[_Person, ...]
    updated_date_utc: str


class _Ref(_Body):
    contact_id: str


class _Invoice(_Body):
    currency_rate: msgspec.Raw
    invoice_id: str
    contact: _Ref
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


class _Paid(_Body):
    invoice_id: str
    contact: _Ref
    currency_code: str


class _Payment(_Body):
    currency_rate: msgspec.Raw
    payment_id: str
    date: str
    amount: float
    reference: str
    updated_date_utc: str
    invoice: _Paid


class _Allocated(_Body):
    amount: float
    date: str
    invoice: "_Settled"


class _Settled(_Body):
    invoice_id: str


class _Credit(_Body):
    currency_rate: msgspec.Raw
    credit_note_id: str
    credit_note_number: str
    contact: _Ref
    date_string: str
    currency_code: str
    total: float
    remaining_credit: float
    allocations: tuple[_Allocated, ...]
    updated_date_utc: str


class _Pages(msgspec.Struct, rename="camel"):
    page_count: int


class _Listed(msgspec.Struct):
    time: str = msgspec.field(name="DateTimeUTC")
    pagination: _Pages
    contacts: list[msgspec.Raw] = msgspec.field(name="Contacts", default=[])
    invoices: list[msgspec.Raw] = msgspec.field(name="Invoices", default=[])
    payments: list[msgspec.Raw] = msgspec.field(name="Payments", default=[])
    credits: list[msgspec.Raw] = msgspec.field(name="CreditNotes", default=[])


_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all of them are UTC
_EPOCH_DAY = date(1970, 1, 1)


def _stamp(written: str) -> str:
    """/Date(1772473200123+0000)/ as text."""
    at = _EPOCH + timedelta(milliseconds=int(written[6:19]))
    return at.isoformat(timespec="milliseconds") + "Z"


def _day(written: str) -> str:
    return (_EPOCH_DAY + timedelta(milliseconds=int(written[6:19]))).isoformat()


def pages(get: Get) -> Iterator[Rows]:
    """A list after the other, as many pages as the first one says."""
    decode = msgspec.json.Decoder(_Listed).decode
    kinds: Sequence[tuple[str, Callable[[_Listed, str], Rows]]] = (
        ("Contacts", _contacts),
        ("Invoices", _invoices),
        ("Payments", _payments),
        ("CreditNotes", _credits),
    )
    for name, rows in kinds:
        number, last = 1, 1
        while number <= last:
            answer = decode(get(f"/api.xro/2.0/{name}", page=number, pageSize=1000))
            yield rows(answer, _stamp(answer.time))
            number, last = number + 1, answer.pagination.page_count


def _contacts(page: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Contact).decode
    bodies = [(decode(body), body) for body in page.contacts]
    return {
        "customer": [_contact(one) for one, _ in bodies],
        "person": [person for one, _ in bodies for person in _people(one)],
        "raw": raw("Contacts", ((one.contact_id, body) for one, body in bodies), read_at),
    }


def _contact(one: _Contact) -> Row:
    where, updated = one.addresses[1], one.updated_date_utc
    emails = listed(one.email_address, *(person.email_address for person in one.contact_persons))
    term = f"{one.payment_terms.sales.type} {one.payment_terms.sales.day}"
    place = f"{where.postal_code} {where.city} {where.region}"
    return (
        *(LEDGER, one.contact_id, one.name, "active" if one.contact_status == "ACTIVE" else "archived", None, None, 0),
        *(one.contact_id, one.default_currency, "GB", None, emails, one.phones[1].phone_number, "[]", None, term),
        *(
            None,
            one.tax_number,
            listed(where.address_line1, place),
            None,
            None,
            None,
            updated[6:19],
            _stamp(updated),
        ),
    )


def _people(one: _Contact) -> Iterator[Row]:
    yield LEDGER, one.contact_id, 0, f"{one.first_name} {one.last_name}", one.email_address, None
    for position, person in enumerate(one.contact_persons, start=1):
        name = f"{person.first_name} {person.last_name}"
        yield LEDGER, one.contact_id, position, name, person.email_address, None


def _written(number: msgspec.Raw) -> str:
    return bytes(number).decode()


def _invoices(page: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Invoice).decode
    bodies = [(decode(body), body) for body in page.invoices]
    return {
        "invoice": [_invoice(one) for one, _ in bodies],
        "raw": raw("Invoices", ((one.invoice_id, body) for one, body in bodies), read_at),
    }


def _invoice(one: _Invoice) -> Row:
    updated = one.updated_date_utc
    return (
        *(LEDGER, one.invoice_id, one.contact.contact_id, one.invoice_number, one.reference, one.date_string[:10]),
        *(one.due_date_string[:10], None, one.currency_code, cents(one.total), cents(one.amount_due), 0),
        *("voided" if one.status == "VOIDED" else "issued", "yes" if one.sent_to_contact else "no", "[]", "[]"),
        *(updated[6:19], _stamp(updated), _written(one.currency_rate), None),
    )


def _payments(page: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Payment).decode
    bodies = [(decode(body), body) for body in page.payments]
    payments, allocations = [], []
    for one, _ in bodies:
        paid_on = _day(one.date)
        payments.append(_payment(one, paid_on))
        settled = ("invoice", one.invoice.invoice_id, paid_on, cents(one.amount), None)
        allocations.append((LEDGER, "payment", one.payment_id, 0, *settled))
    kept = raw("Payments", ((one.payment_id, body) for one, body in bodies), read_at)
    return {"payment": payments, "allocation": allocations, "raw": kept}


def _payment(one: _Payment, paid_on: str) -> Row:
    updated = one.updated_date_utc
    return (
        *(LEDGER, one.payment_id, one.invoice.contact.contact_id, paid_on, one.invoice.currency_code),
        *(
            cents(one.amount),
            0,
            "issued",
            None,
            one.reference or None,
            updated[6:19],
            _stamp(updated),
            _written(one.currency_rate),
        ),
    )


def _credits(page: _Listed, read_at: str) -> Rows:
    decode = msgspec.json.Decoder(_Credit).decode
    bodies = [(decode(body), body) for body in page.credits]
    return {
        "credit": [_credit(one) for one, _ in bodies],
        "allocation": [
            (
                LEDGER,
                "credit",
                one.credit_note_id,
                at,
                "invoice",
                to.invoice.invoice_id,
                _day(to.date),
                cents(to.amount),
                None,
            )
            for one, _ in bodies
            for at, to in enumerate(one.allocations)
        ],
        "raw": raw("CreditNotes", ((one.credit_note_id, body) for one, body in bodies), read_at),
    }


def _credit(one: _Credit) -> Row:
    updated = one.updated_date_utc
    return (
        *(LEDGER, one.credit_note_id, one.contact.contact_id, "credit_note", one.credit_note_number),
        *(one.date_string[:10], one.currency_code, cents(one.total), cents(one.remaining_credit), "issued"),
        *(updated[6:19], _stamp(updated), _written(one.currency_rate)),
    )
