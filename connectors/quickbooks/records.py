"""From QuickBooks' bodies to records, one at a time: what cannot be mapped becomes an issue and keeps its raw body."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from connectors import countries, words
from connectors.base import Page, RawRecord
from connectors.days import meant
from connectors.errors import BadAnswer
from connectors.quickbooks import bodies, sending
from connectors.words import Words
from strategy import money
from strategy.model import (
    AgingBasis,
    Allocation,
    AllocationTarget,
    AnyRecord,
    Company,
    CompanyId,
    Credit,
    CreditId,
    CreditKind,
    Currency,
    Customer,
    CustomerId,
    CustomerStatus,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Issue,
    Kind,
    Method,
    MethodId,
    Payment,
    PaymentId,
    Person,
    Record,
    Term,
    TermId,
    TermKind,
)


class Odd(ValueError):
    """The record says something that no record can mean."""


UNREADABLE = (ValueError, ArithmeticError)
"""What reading a record may raise: not its shape, an amount too fine, a day that is none, bytes that are no letters."""


class Entity(Record):
    """How one kind of record is called, decoded and mapped."""

    name: str
    kind: Kind
    decode: Callable[[msgspec.Raw], object]
    map: Callable[[object], AnyRecord]
    words: tuple[Words, ...] = ()


def page(entity: Entity, raws: Iterable[msgspec.Raw], server_time: datetime, expected: int | None = None) -> Page:
    """A page of the records in these bodies."""
    records: list[AnyRecord] = []
    kept: list[RawRecord] = []
    issues: list[Issue] = []
    unknown: dict[words.Strange, None] = {}
    for raw in raws:
        try:
            body = entity.decode(raw)
            record = entity.map(body)
            words.note(unknown, entity.words, body)
        except UNREADABLE as error:
            record_id = stub(raw).id
            issues.append(_issue(entity, record_id, error))
        else:
            records.append(record)
            record_id = record.id
        kept.append(RawRecord(kind=entity.name, id=record_id, body=bytes(raw)))
    return Page(
        kind=entity.kind,
        records=tuple(records),
        ids=tuple(raw.id for raw in kept),
        raw=tuple(kept),
        server_time=server_time,
        expected=expected,
        issues=(*issues, *words.issues("QuickBooks", entity.name, unknown)),
    )


_decode_stub = msgspec.json.Decoder(bodies.Stub).decode


def stub(raw: msgspec.Raw) -> bodies.Stub:
    """As much as is said of any row; a row that does not even say who it is has the id "?"."""
    try:
        return _decode_stub(raw)
    except ValueError:
        return bodies.Stub(id=_any_id(raw))


def _any_id(raw: msgspec.Raw) -> str:
    """The id of a body that does not even fit a stub."""
    try:
        fields = msgspec.json.decode(bytes(raw).decode(errors="replace"), type=dict[str, msgspec.Raw])
        return str(msgspec.json.decode(fields["Id"]) or "?")
    except (ValueError, KeyError):
        return "?"


def _issue(entity: Entity, record_id: str, error: Exception) -> Issue:
    return Issue(
        code="unreadable",
        source=f"{entity.name} {record_id}",
        message=f"QuickBooks sent a record that cannot be used: {error}. Open it in QuickBooks and save it again.",
    )


def addresses(email: bodies.EmailAddress | None) -> tuple[str, ...]:
    """The single addresses of a field that may hold several."""
    if email is None or not email.address:
        return ()
    return tuple(part for one in email.address.replace(";", ",").split(",") if (part := one.strip()))


def postal(address: bodies.Address | None) -> tuple[str, ...]:
    """An address as lines, without the country."""
    if address is None:
        return ()
    place = " ".join(part for part in (address.city, address.country_sub_division_code, address.postal_code) if part)
    lines = (address.line1, address.line2, address.line3, address.line4, address.line5, place)
    return tuple(line for line in lines if line)


def _status(body: bodies.Transaction, lines: Sequence[bodies.Line]) -> DocumentStatus:
    """QuickBooks has no status of its own: a void is nothing but zeroes and a note that begins with "Voided"."""
    nothing = body.total_amt == 0 and not any(line.amount for line in lines)
    if nothing and (body.private_note or "").startswith("Voided"):
        return DocumentStatus.VOIDED
    return DocumentStatus.ISSUED


def _customer_of(body: bodies.Transaction) -> CustomerId:
    if body.customer_ref is None:
        raise Odd("it names no customer")
    return CustomerId(body.customer_ref.value)


_ORDER_NUMBER_FIELDS = {"po", "p.o.", "po number", "p.o. number", "po #", "purchase order"}


def _order_number(body: bodies.InvoiceBody) -> str | None:
    for field in body.custom_field:
        if (field.name or "").casefold() in _ORDER_NUMBER_FIELDS and field.string_value:
            return field.string_value
    return None


_lines = msgspec.json.Decoder(tuple[bodies.Line, ...]).decode


def invoice(body: bodies.InvoiceBody) -> Invoice:
    """An invoice; its lines are looked at only where a void is possible."""
    currency = Currency(body.currency_ref.value)
    lines = _lines(body.line) if body.total_amt == 0 else ()
    return Invoice(
        id=InvoiceId(body.id),
        customer_id=_customer_of(body),
        number=body.doc_number,
        reference=_order_number(body),
        issued_on=meant(body.txn_date),
        due_on=meant(body.due_date) if body.due_date else None,
        term_id=TermId(body.sales_term_ref.value) if body.sales_term_ref else None,
        currency=currency,
        total_minor=money.to_minor(body.total_amt, currency),
        open_minor=money.to_minor(body.balance, currency),
        deposit_minor=money.to_minor(body.deposit, currency) if body.deposit else 0,
        exchange_rate=money.plain(body.exchange_rate),
        status=_status(body, lines),
        sent=sending.sent(body),
        emails=addresses(body.bill_email),
        emails_cc=addresses(body.bill_email_cc),
        delivered_on=sending.delivered_on(body),
        version=body.sync_token,
        updated_at=body.meta_data.last_updated_time.astimezone(UTC),
    )


def _allocations(body: bodies.PaymentBody, currency: Currency) -> Iterator[Allocation]:
    """What each line settled. Links to journals, deposits and the like settle nothing that we follow.

    Which credit went to which invoice QuickBooks does not say; they are taken in the order of the lines, credits first.
    """
    invoices = _linked(body, "Invoice", currency)
    for invoice_id, amount in invoices:
        yield Allocation(target=AllocationTarget.INVOICE, target_id=invoice_id, on=body.txn_date, amount_minor=amount)
    uncovered = list(reversed(invoices))
    for credit_id, amount in _linked(body, "CreditMemo", currency):
        for settled_id, used in _covering(uncovered, amount):
            yield Allocation(
                target=AllocationTarget.CREDIT,
                target_id=credit_id,
                invoice_id=InvoiceId(settled_id) if settled_id else None,
                on=body.txn_date,
                amount_minor=used,
            )


def _linked(body: bodies.PaymentBody, kind: str, currency: Currency) -> list[tuple[str, int]]:
    """Transactions of a kind that the lines link, with the amounts of the lines."""
    return [
        (linked.txn_id, money.to_minor(line.amount, currency))
        for line in body.line
        for linked in line.linked_txn
        if linked.txn_type == kind and line.amount
    ]


def _covering(uncovered: list[tuple[str, int]], credit: int) -> Iterator[tuple[str | None, int]]:
    """The invoices that a credit goes to, as far as it goes; they are taken off those uncovered, from the end. The rest
    of the credit went to no invoice.
    """
    while credit and uncovered:
        invoice_id, amount = uncovered.pop()
        used = min(credit, amount)
        if used < amount:
            uncovered.append((invoice_id, amount - used))
        credit -= used
        yield invoice_id, used
    if credit:
        yield None, credit


def payment(body: bodies.PaymentBody) -> Payment:
    """A payment; one of zero applies a credit memo."""
    currency = Currency(body.currency_ref.value)
    return Payment(
        id=PaymentId(body.id),
        customer_id=_customer_of(body),
        paid_on=meant(body.txn_date),
        currency=currency,
        total_minor=money.to_minor(body.total_amt, currency),
        unapplied_minor=money.to_minor(body.unapplied_amt, currency),
        exchange_rate=money.plain(body.exchange_rate),
        status=_status(body, body.line),
        method_id=MethodId(body.payment_method_ref.value) if body.payment_method_ref else None,
        reference=body.payment_ref_num,
        allocations=tuple(_allocations(body, currency)),
        version=body.sync_token,
        updated_at=body.meta_data.last_updated_time.astimezone(UTC),
    )


def credit(body: bodies.CreditMemoBody) -> Credit:
    """A credit memo. What it settled stands on the payments of zero that applied it."""
    currency = Currency(body.currency_ref.value)
    remaining = body.remaining_credit if body.remaining_credit is not None else body.balance
    if remaining is None:
        raise Odd("it does not say how much of it remains")
    return Credit(
        id=CreditId(body.id),
        customer_id=_customer_of(body),
        kind=CreditKind.CREDIT_NOTE,
        number=body.doc_number,
        issued_on=meant(body.txn_date),
        currency=currency,
        total_minor=money.to_minor(body.total_amt, currency),
        remaining_minor=money.to_minor(remaining, currency),
        exchange_rate=money.plain(body.exchange_rate),
        status=_status(body, ()),
        version=body.sync_token,
        updated_at=body.meta_data.last_updated_time.astimezone(UTC),
    )


def customer(body: bodies.CustomerBody) -> Customer:
    """A customer. An inactive one is archived: what it owes stays owed."""
    currency = Currency(body.currency_ref.value) if body.currency_ref else None
    emails = addresses(body.primary_email_addr)
    phone = body.primary_phone or body.mobile
    name = " ".join(part for part in (body.given_name, body.middle_name, body.family_name) if part)
    return Customer(
        id=CustomerId(body.id),
        name=body.display_name,
        status=CustomerStatus.ACTIVE if body.active else CustomerStatus.ARCHIVED,
        parent_id=CustomerId(body.parent_ref.value) if body.parent_ref else None,
        bills_parent=body.bill_with_parent,
        currency=currency,
        country=countries.of_address(body.bill_addr.country if body.bill_addr else None),
        emails=emails,
        phone=phone.free_form_number if phone else None,
        people=(Person(name=name, email=emails[0] if emails else None),) if name else (),
        method_id=MethodId(body.payment_method_ref.value) if body.payment_method_ref else None,
        term_id=TermId(body.sales_term_ref.value) if body.sales_term_ref else None,
        tax_number=body.resale_num,
        address=postal(body.bill_addr),
        balance_currency=currency,
        balance_minor=_minor(body.balance, currency),
        balance_with_jobs_minor=_minor(body.balance_with_jobs, currency),
        version=body.sync_token,
        updated_at=body.meta_data.last_updated_time.astimezone(UTC),
    )


def _minor(amount: Decimal | None, currency: Currency | None) -> int | None:
    """A balance; None also where its currency knows no such amount, as the sum over a family in several currencies may
    be. It is there to compare with, and no reason to lose the customer.
    """
    if amount is None or currency is None:
        return None
    try:
        return money.to_minor(amount, currency)
    except money.NotRepresentable:
        return None


def company(info: msgspec.Raw, preferences: msgspec.Raw) -> Company:
    """The company. Its time zone and whether it sends reminders of its own are not in the API."""
    body = msgspec.json.decode(info, type=bodies.CompanyBody)
    prefs = msgspec.json.decode(preferences, type=bodies.PreferencesBody)
    home = prefs.currency_prefs.home_currency
    if home is None:
        raise BadAnswer("QuickBooks does not say what the company's home currency is")
    return Company(
        id=CompanyId(body.id),
        name=body.company_name,
        legal_name=body.legal_name,
        country=countries.code(body.country),
        base_currency=Currency(home.value),
        several_currencies=prefs.currency_prefs.multi_currency_enabled,
        aging_basis=_basis(prefs),
        books_closed_on=prefs.accounting_info_prefs.book_close_date,
        email=next(iter(addresses(body.email)), None),
        phone=body.primary_phone.free_form_number if body.primary_phone else None,
        address=postal(body.legal_addr or body.company_addr),
    )


def _basis(prefs: bodies.PreferencesBody) -> AgingBasis:
    """The company's own aged report counts from the invoice date where this preference says so."""
    by_invoice_date = prefs.report_prefs.calc_aging_report_from_txn_date
    return AgingBasis.INVOICE_DATE if by_invoice_date else AgingBasis.DUE_DATE


def term(body: bodies.TermBody) -> Term:
    """A payment term, by days or by a day of the month."""
    if body.day_of_month_due is not None:
        return Term(
            id=TermId(body.id),
            name=body.name,
            kind=TermKind.DAY_OF_MONTH,
            day=body.day_of_month_due,
            next_month_within=body.due_next_month_days or 0,
        )
    return Term(id=TermId(body.id), name=body.name, kind=TermKind.DAYS_AFTER_INVOICE, day=body.due_days or 0)


def method(body: bodies.MethodBody) -> Method:
    """A payment method."""
    return Method(id=MethodId(body.id), name=body.name)


def _entity(name: str, kind: Kind, body: type, mapping: Callable[..., AnyRecord], *known: Words) -> Entity:
    return Entity(name=name, kind=kind, decode=msgspec.json.Decoder(body).decode, map=mapping, words=known)


_EMAIL_STATUS = Words(field="EmailStatus", ours="email_status", known=frozenset({"EmailSent", *sending.NOT_SENT}))
_PRINT_STATUS = Words(
    field="PrintStatus", ours="print_status", known=frozenset("NotSet NeedToPrint PrintComplete".split())
)
"""Intuit's schema (Finance.xsd), read 2026-11-21."""


ENTITIES = {
    entity.kind: entity
    for entity in (
        _entity("Term", Kind.TERM, bodies.TermBody, term),
        _entity("PaymentMethod", Kind.METHOD, bodies.MethodBody, method),
        _entity("Customer", Kind.CUSTOMER, bodies.CustomerBody, customer),
        _entity("Invoice", Kind.INVOICE, bodies.InvoiceBody, invoice, _EMAIL_STATUS, _PRINT_STATUS),
        _entity("Payment", Kind.PAYMENT, bodies.PaymentBody, payment),
        _entity("CreditMemo", Kind.CREDIT, bodies.CreditMemoBody, credit),
    )
}
"""Every kind that is pulled, in the order of its dependence."""
