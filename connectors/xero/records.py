"""From Xero's bodies to records, one at a time: what cannot be mapped becomes an issue and keeps its raw body."""

from collections.abc import Callable, Iterable

import msgspec

from connectors import words
from connectors.base import RawRecord
from connectors.words import Words
from connectors.xero import bodies
from connectors.xero.contacts import contact
from connectors.xero.instants import day, instant, version_of
from strategy import money
from strategy.model import (
    Allocation,
    AllocationTarget,
    AnyRecord,
    Credit,
    CreditId,
    CreditKind,
    Currency,
    CustomerId,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Issue,
    Kind,
    Payment,
    PaymentId,
    Record,
    Sent,
)


class Odd(ValueError):
    """The record says something that no record can mean."""


UNREADABLE = (ValueError, ArithmeticError)
"""What reading a record may raise: not its shape, an amount too fine, a day that is none, bytes that are no letters."""


class Entity(Record):
    """How one list of Xero's is called and read. `map` gives None for what is no concern of ours."""

    name: str
    kind: Kind
    decode: Callable[[msgspec.Raw], object]
    map: Callable[[object], AnyRecord | None]
    id: Callable[[object], str]
    words: tuple[Words, ...] = ()


class Rows(Record):
    """The rows of one page, mapped."""

    records: tuple[AnyRecord, ...]
    ids: tuple[str, ...]
    raw: tuple[RawRecord, ...]
    issues: tuple[Issue, ...]


def rows(entity: Entity, raws: Iterable[msgspec.Raw]) -> Rows:
    """Map a page's rows; those that are no concern of ours leave only their id."""
    records: list[AnyRecord] = []
    ids: list[str] = []
    kept: list[RawRecord] = []
    issues: list[Issue] = []
    unknown: dict[words.Strange, None] = {}
    for raw in raws:
        record_id, record, issue = _row(entity, raw, unknown)
        ids.append(record_id)
        if record is not None:
            records.append(record)
        elif issue is not None:
            issues.append(issue)
        else:
            continue
        kept.append(RawRecord(kind=entity.name, id=record_id, body=bytes(raw)))
    return Rows(records=tuple(records), ids=tuple(ids), raw=tuple(kept), issues=_all(entity, issues, unknown))


def _all(entity: Entity, issues: Iterable[Issue], unknown: Iterable[words.Strange]) -> tuple[Issue, ...]:
    return (*issues, *words.issues("Xero", entity.name, unknown))


def _row(
    entity: Entity, raw: msgspec.Raw, unknown: dict[words.Strange, None]
) -> tuple[str, AnyRecord | None, Issue | None]:
    record_id = None
    try:
        body = entity.decode(raw)
        record_id = entity.id(body)
        words.note(unknown, entity.words, body)
        return record_id, entity.map(body), None
    except UNREADABLE as error:
        record_id = record_id or _any_id(raw)
        return record_id, None, _issue(entity, record_id, error)


_IDS = ("InvoiceID", "PaymentID", "CreditNoteID", "OverpaymentID", "PrepaymentID", "ContactID")


def _any_id(raw: msgspec.Raw) -> str:
    """The id of a body that does not fit its shape: the first of its keys that is one."""
    try:
        fields = msgspec.json.decode(bytes(raw).decode(errors="replace"), type=dict[str, msgspec.Raw])
        found = (msgspec.json.decode(fields[name]) for name in _IDS if name in fields)
        return next((str(one) for one in found if one), "?")
    except ValueError:
        return "?"


def _issue(entity: Entity, record_id: str, error: Exception) -> Issue:
    return Issue(
        code="unreadable",
        source=f"{entity.name} {record_id}",
        message=f"Xero sent a record that cannot be used: {error}. Open it in Xero and save it again.",
    )


_STATUS = {
    "DRAFT": DocumentStatus.DRAFT,
    "SUBMITTED": DocumentStatus.DRAFT,
    "AUTHORISED": DocumentStatus.ISSUED,
    "PAID": DocumentStatus.ISSUED,
    "VOIDED": DocumentStatus.VOIDED,
    "DELETED": DocumentStatus.DELETED,
}


def _status(written: str) -> DocumentStatus:
    """A status that nobody knows counts for nothing, and is reported: it must not look owed, nor paid."""
    if written not in _STATUS:
        raise Odd(f"nobody knows the status {written}")
    return _STATUS[written]


def invoice(body: bodies.InvoiceBody) -> Invoice | None:
    """A sales invoice; bills are none. `AmountDue` is the platform's own figure, zero for a voided one."""
    if body.type != "ACCREC":
        return None
    currency, updated, status = Currency(body.currency_code), instant(body.updated_date_utc), _status(body.status)
    return Invoice(
        id=InvoiceId(body.invoice_id),
        customer_id=CustomerId(body.contact.contact_id),
        number=body.invoice_number or None,
        reference=body.reference or None,
        issued_on=day(body.date, body.date_string),
        due_on=day(body.due_date, body.due_date_string) if body.due_date else None,
        currency=currency,
        total_minor=money.to_minor(body.total, currency),
        open_minor=money.to_minor(body.amount_due, currency),
        exchange_rate=money.plain(body.currency_rate),
        status=status,
        sent=Sent.YES if body.sent_to_contact else Sent.NO,
        version=version_of(updated),
        updated_at=updated,
    )


_CREDITS = {
    "ACCRECCREDIT": CreditKind.CREDIT_NOTE,
    "RECEIVE-OVERPAYMENT": CreditKind.OVERPAYMENT,
    "AROVERPAYMENT": CreditKind.OVERPAYMENT,
    "RECEIVE-PREPAYMENT": CreditKind.PREPAYMENT,
    "ARPREPAYMENT": CreditKind.PREPAYMENT,
}


def credit(body: bodies.CreditBody) -> Credit | None:
    """A customer's credit note, overpayment or prepayment, with what it settled; those of suppliers are none."""
    if (kind := _CREDITS.get(body.type)) is None:
        return None
    currency, updated, status = Currency(body.currency_code), instant(body.updated_date_utc), _status(body.status)
    counts = status is DocumentStatus.ISSUED
    return Credit(
        id=CreditId(credit_id(body)),
        customer_id=CustomerId(body.contact.contact_id),
        kind=kind,
        number=body.credit_note_number or body.invoice_number or body.reference or None,
        issued_on=day(body.date, body.date_string),
        currency=currency,
        total_minor=money.to_minor(body.total, currency),
        remaining_minor=money.to_minor(body.remaining_credit, currency) if counts else 0,
        exchange_rate=money.plain(body.currency_rate),
        status=status,
        allocations=tuple(_allocation(one, currency) for one in body.allocations) if counts else (),
        version=version_of(updated),
        updated_at=updated,
    )


def credit_id(body: bodies.CreditBody) -> str:
    """Its id, whichever of the three it is."""
    return body.credit_note_id or body.overpayment_id or body.prepayment_id or "?"


def _allocation(body: bodies.AllocationBody, currency: Currency) -> Allocation:
    return Allocation(
        target=AllocationTarget.INVOICE,
        target_id=body.invoice.invoice_id,
        on=day(body.date),
        amount_minor=money.to_minor(body.amount, currency),
    )


_TARGETS = {
    "ACCRECPAYMENT": AllocationTarget.INVOICE,
    "ARCREDITPAYMENT": AllocationTarget.CREDIT,
    "AROVERPAYMENTPAYMENT": AllocationTarget.CREDIT,
    "ARPREPAYMENTPAYMENT": AllocationTarget.CREDIT,
}
"""What a payment of customers is of, by its type; other types are of suppliers."""


def payment(body: bodies.PaymentBody) -> Payment | None:
    """A payment of one invoice, or money given back out of one credit, which counts as less than nothing received.

    Payments of bills are none. A deleted payment settles nothing any more.
    """
    if (target := _TARGETS.get(body.payment_type)) is None:
        return None
    settled_id, settled = _settled(body)
    if settled.currency_code is None:
        raise Odd("it does not say in which currency it is")
    currency, updated = Currency(settled.currency_code), instant(body.updated_date_utc)
    amount, paid_on = money.to_minor(body.amount, currency), day(body.date)
    counts = _payment_counts(body.status)
    allocation = Allocation(target=target, target_id=settled_id, on=paid_on, amount_minor=amount)
    return Payment(
        id=PaymentId(body.payment_id),
        customer_id=CustomerId(settled.contact.contact_id) if settled.contact else None,
        paid_on=paid_on,
        currency=currency,
        total_minor=amount if target is AllocationTarget.INVOICE else -amount,
        unapplied_minor=0,
        exchange_rate=money.plain(body.currency_rate),
        status=DocumentStatus.ISSUED if counts else DocumentStatus.DELETED,
        reference=body.reference or None,
        allocations=(allocation,) if counts else (),
        version=version_of(updated),
        updated_at=updated,
    )


def _payment_counts(status: str) -> bool:
    """A status that nobody knows is reported, as with invoices: it must be taken neither for money nor for none."""
    if status not in {"AUTHORISED", "DELETED"}:
        raise Odd(f"nobody knows the status {status}")
    return status == "AUTHORISED"


def _settled(body: bodies.PaymentBody) -> tuple[str, bodies.Settled]:
    """What the payment is of. A credit comes as an "Invoice" of a type of its own, whose InvoiceID is the credit's
    (official example of getPayments), or under its own name.
    """
    if body.credit_note:
        return body.credit_note.credit_note_id, body.credit_note
    if body.overpayment:
        return body.overpayment.overpayment_id, body.overpayment
    if body.prepayment:
        return body.prepayment.prepayment_id, body.prepayment
    if body.invoice:
        return body.invoice.invoice_id, body.invoice
    raise Odd("it does not say what it is of")


def _entity(
    name: str,
    kind: Kind,
    body: type,
    mapping: Callable[..., AnyRecord | None],
    identify: Callable[..., str],
    *known: Words,
) -> Entity:
    return Entity(name=name, kind=kind, decode=msgspec.json.Decoder(body).decode, map=mapping, id=identify, words=known)


_CONTACT_STATUS = Words(
    field="ContactStatus", ours="contact_status", known=frozenset("ACTIVE ARCHIVED GDPRREQUEST".split())
)
_OURS = {"ACCPAY", "ACCPAYCREDIT", "APOVERPAYMENT", "APPREPAYMENT", "SPEND-OVERPAYMENT", "SPEND-PREPAYMENT"}
_TYPE = Words(field="Type", ours="type", known=frozenset({"ACCREC", *_CREDITS, *_OURS}))
_OUR_PAYMENTS = {"ACCPAYPAYMENT", "APCREDITPAYMENT", "APPREPAYMENTPAYMENT", "APOVERPAYMENTPAYMENT"}
_PAYMENT_TYPE = Words(field="PaymentType", ours="payment_type", known=frozenset({*_TARGETS, *_OUR_PAYMENTS}))
"""Xero's contract (OpenAPI 16.1.0)."""

CONTACTS = _entity(
    "Contacts", Kind.CUSTOMER, bodies.ContactBody, contact, lambda body: body.contact_id, _CONTACT_STATUS
)
INVOICES = _entity("Invoices", Kind.INVOICE, bodies.InvoiceBody, invoice, lambda body: body.invoice_id, _TYPE)
PAYMENTS = _entity("Payments", Kind.PAYMENT, bodies.PaymentBody, payment, lambda body: body.payment_id, _PAYMENT_TYPE)
CREDIT_NOTES = _entity("CreditNotes", Kind.CREDIT, bodies.CreditBody, credit, credit_id, _TYPE)
OVERPAYMENTS = _entity("Overpayments", Kind.CREDIT, bodies.CreditBody, credit, credit_id, _TYPE)
PREPAYMENTS = _entity("Prepayments", Kind.CREDIT, bodies.CreditBody, credit, credit_id, _TYPE)

ENTITIES = (CONTACTS, INVOICES, PAYMENTS, CREDIT_NOTES, OVERPAYMENTS, PREPAYMENTS)
"""Every list that is pulled, in the order of dependence."""
