"""Rows of the mirror as records of an account."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from strategy.account import Invoiced, Receivable, Settlement, Unapplied, UnappliedKind
from strategy.model import (
    SOMEWHERE,
    CreditKind,
    Currency,
    Customer,
    CustomerId,
    CustomerStatus,
    InvoiceId,
    Issue,
    MethodId,
    Person,
    Sent,
    Term,
    TermId,
    TermKind,
)
from strategy.terms import due_date
from sync.accounts import days
from sync.store.database import Row, from_instant

_KINDS = {
    "payments": UnappliedKind.PAYMENTS,
    CreditKind.OVERPAYMENT: UnappliedKind.PAYMENTS,
    CreditKind.CREDIT_NOTE: UnappliedKind.CREDITS,
    CreditKind.PREPAYMENT: UnappliedKind.DEPOSITS,
}

_NOTHING = (0, 0)

_SENT = {one.value: one for one in Sent}

_strings = msgspec.json.Decoder(tuple[str, ...]).decode


def customer(row: Row, people: tuple[Person, ...]) -> Customer:
    return Customer(
        id=CustomerId(row[0]),
        name=row[1],
        status=CustomerStatus(row[2]),
        merged_into=row[3],
        parent_id=row[4],
        bills_parent=bool(row[5]),
        currency=row[6],
        country=row[7],
        language=row[8],
        emails=_strings(row[9]),
        phone=row[10],
        people=people,
        groups=_strings(row[11]),
        method_id=MethodId(row[12]) if row[12] else None,
        term_id=TermId(row[13]) if row[13] else None,
        number=row[14],
        tax_number=row[15],
        address=_strings(row[16]),
        balance_currency=row[17],
        balance_minor=row[18],
        balance_with_jobs_minor=row[19],
        version=row[20],
        updated_at=from_instant(row[21]),
    )


def odd_country(customer: Customer, country: str | None) -> Iterator[Issue]:
    """`country`: what is known of it otherwise."""
    if customer.country == SOMEWHERE and country is None:
        message = (
            "The country in its address is not known, so no letter before action goes there by itself. Write it in the "
            "books as a code (GB), or set it with dunwell profile, country=GB."
        )
        yield Issue(code="unknown_country", source=f"customer {customer.name}", message=message)


def receivables(
    rows: Sequence[Row], terms: Mapping[str, Term]
) -> tuple[tuple[Receivable, ...], list[Unapplied], tuple[Issue, ...]]:
    """What is open, oldest due first; invoices below zero, which are credit; and what is odd about either."""
    open_now: list[Receivable] = []
    negative: list[Unapplied] = []
    issues: list[Issue] = []
    for row in rows:
        receivable, by_history = _receivable(row, terms)
        if receivable.open_minor < 0:
            negative.append(_as_credit(receivable))
        elif receivable.open_minor:
            open_now.append(receivable)
        if receivable.due_assumed or receivable.open_minor < 0 or receivable.open_minor != by_history:
            issues += _odd(receivable, by_history)
    return tuple(sorted(open_now, key=lambda one: (one.due_on, one.number))), negative, tuple(issues)


def _receivable(row: Row, terms: Mapping[str, Term]) -> tuple[Receivable, int]:
    """The invoice, and what payments and credits on record leave open of it."""
    invoice_id, customer_id, number, reference, issued, due, own_term, customer_term, currency = row[:9]
    total, platform_open, deposit, exchange_rate, sent, emails, settled, credited, unreadable = row[9:]
    by_history = int(total - deposit - settled)
    open_minor = by_history if platform_open is None else platform_open
    issued_on = days.day(issued)
    receivable = Receivable(
        invoice_id=InvoiceId(invoice_id),
        customer_id=CustomerId(customer_id),
        number=number or f"#{invoice_id}",
        reference=reference,
        issued_on=issued_on,
        due_on=_due_on(issued_on, due, own_term or customer_term, terms),
        due_assumed=due is None,
        currency=Currency(currency),
        total_minor=total,
        paid_minor=total - open_minor - credited,
        credited_minor=credited,
        open_minor=open_minor,
        doubtful_minor=max(0, min(open_minor, open_minor - by_history)),
        unreadable=bool(unreadable),
        exchange_rate=exchange_rate,
        sent=_SENT[sent],
        emails=_strings(emails),
    )
    return receivable, by_history


def _due_on(issued_on: date, due: str | None, term_id: str | None, terms: Mapping[str, Term]) -> date:
    """What the books say, else what the terms do."""
    return days.maybe(due) or due_date(issued_on, terms.get(term_id or ""))


def _as_credit(receivable: Receivable) -> Unapplied:
    return Unapplied(
        kind=UnappliedKind.CREDITS,
        id=receivable.invoice_id,
        number=receivable.number,
        since=receivable.issued_on,
        currency=receivable.currency,
        amount_minor=-receivable.open_minor,
    )


def _odd(receivable: Receivable, by_history: int) -> Iterator[Issue]:
    source = f"invoice {receivable.number}"
    if receivable.due_assumed:
        message = f"It has no due date; {receivable.due_on} is assumed. Give it one in the books."
        yield Issue(code="no_due_date", source=source, message=message)
    if receivable.open_minor != by_history:
        more = "more" if by_history < receivable.open_minor else "less"
        message = (
            f"The payments on record settle {more} of it than the platform's balance says; the lower figure counts."
        )
        yield Issue(code="history_incomplete", source=source, message=message)
    if receivable.open_minor < 0:
        message = "Its balance is below zero; it counts as credit and is never asked for."
        yield Issue(code="negative_balance", source=source, message=message)


def unapplied(rows: Sequence[Row]) -> tuple[Unapplied, ...]:
    return tuple(
        Unapplied(
            kind=_KINDS[kind],
            id=record_id,
            number=number,
            since=days.day(since),
            currency=Currency(currency),
            amount_minor=amount,
        )
        for kind, record_id, number, since, currency, amount in rows
        if amount > 0
    )


def settlements(rows: Sequence[Row], terms: Mapping[str, Term]) -> tuple[Settlement, ...]:
    return tuple(
        Settlement(
            invoice_id=InvoiceId(invoice_id),
            currency=Currency(currency),
            due_on=_due_on(days.day(issued), due, own_term or customer_term, terms),
            settled_on=days.day(settled),
            amount_minor=amount,
            by_payment=bool(by_payment),
        )
        for invoice_id, currency, issued, due, own_term, customer_term, settled, amount, by_payment in rows
    )


def invoiced(rows: Sequence[Row], credited: Sequence[Row]) -> tuple[Invoiced, ...]:
    taken_off = {currency: (year, quarter) for currency, year, quarter in credited}
    return tuple(
        Invoiced(
            currency=Currency(currency),
            year_minor=year,
            quarter_minor=quarter,
            year_credited_minor=taken_off.get(currency, _NOTHING)[0],
            quarter_credited_minor=taken_off.get(currency, _NOTHING)[1],
        )
        for currency, _, _, year, quarter in rows
    )


def term(row: Row) -> Term:
    term_id, name, kind, day, within = row
    return Term(id=TermId(term_id), name=name, kind=TermKind(kind), day=day, next_month_within=within)
