"""Statements to print: builders with defaults."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from strategy.account import Account, LedgerFacts, Receivable, Unapplied, UnappliedKind
from strategy.model import (
    Company,
    CompanyId,
    Currency,
    Customer,
    CustomerId,
    InvoiceId,
    Platform,
    Sent,
    Switch,
)
from strategy.movements import Movement, MovementKind
from strategy.statement import Aside, AsideReason, Period, Statement, activity, open_items
from sync.letters.sheet import Stationery

EUR = Currency("EUR")
TODAY = date(2026, 6, 30)
SYNCED = datetime(2026, 6, 30, 7, 15, tzinfo=UTC)
LUND = CustomerId("lund")


def a_company(**changes: Any) -> Company:
    values: dict[str, Any] = {
        "id": CompanyId("northwind"),
        "name": "Northwind Provisions",
        "legal_name": "Northwind Provisions Ltd",
        "country": "GB",
        "base_currency": EUR,
        "tax_number": "GB 123 4567 89",
        "email": "accounts@northwind.example",
        "phone": "+44 20 7946 0100",
        "address": ("12 Quayside", "London SE1 2AB"),
    }
    return Company(**(values | changes))


def a_customer(name: str = "Brasserie Lund", **changes: Any) -> Customer:
    values: dict[str, Any] = {
        "id": LUND,
        "name": name,
        "number": "C-1180",
        "country": "GB",
        "address": ("4 Harbour Street", "Bristol BS1 4QD"),
        "version": "1",
        "updated_at": SYNCED,
    }
    return Customer(**(values | changes))


def a_receivable(number: int = 1042, *, days_late: int = 13, total_minor: int = 120000, **changes: Any) -> Receivable:
    values: dict[str, Any] = {
        "invoice_id": InvoiceId(f"i{number}"),
        "customer_id": LUND,
        "number": str(number),
        "issued_on": TODAY - timedelta(days=days_late + 30),
        "due_on": TODAY - timedelta(days=days_late),
        "currency": EUR,
        "total_minor": total_minor,
        "paid_minor": 0,
        "credited_minor": 0,
        "open_minor": total_minor,
        "sent": Sent.YES,
    }
    return Receivable(**(values | changes))


def an_unapplied(amount_minor: int = 20000, **changes: Any) -> Unapplied:
    values: dict[str, Any] = {
        "kind": UnappliedKind.CREDITS,
        "id": "cn7",
        "number": "CN-7",
        "since": TODAY - timedelta(days=5),
        "currency": EUR,
        "amount_minor": amount_minor,
    }
    return Unapplied(**(values | changes))


def a_statement(
    *receivables: Receivable, customer: Customer | None = None, asides: Sequence[Aside] = (), **changes: Any
) -> Statement:
    company = a_company()
    ledger = LedgerFacts(
        name="north",
        platform=Platform.XERO,
        company=company,
        time_zone="Europe/London",
        today=TODAY,
        pulled_on=TODAY,
        reconciled_on=TODAY,
        reminders=Switch.OFF,
    )
    account = Account(
        ledger=ledger,
        customer=customer or a_customer(),
        time_zone=ledger.time_zone,
        receivables=receivables,
        **changes,
    )
    currency = receivables[0].currency if receivables else EUR
    found = open_items(account, currency, TODAY, asides)
    assert isinstance(found, Statement), found
    return found


def an_aside(amount_minor: int, reason: AsideReason = AsideReason.DISPUTED, number: int = 1042) -> Aside:
    return Aside(invoice_id=InvoiceId(f"i{number}"), reason=reason, amount_minor=amount_minor)


def an_activity() -> Statement:
    """June: 500.00 before, an invoice of 1,200.00, 700.00 paid."""
    items = a_statement(a_receivable(days_late=-13, open_minor=100000, paid_minor=20000))
    moved = (
        Movement(
            on=date(2026, 6, 13),
            kind=MovementKind.INVOICE,
            id="i1042",
            customer_id=LUND,
            number="1042",
            reference="PO 9",
            due_on=date(2026, 7, 13),
            currency=EUR,
            amount_minor=120000,
        ),
        Movement(
            on=date(2026, 6, 20),
            kind=MovementKind.PAYMENT,
            id="p1",
            customer_id=LUND,
            currency=EUR,
            amount_minor=-70000,
        ),
    )
    found = activity(items, Period(first=date(2026, 6, 1), opening_minor=50000, movements=moved))
    assert isinstance(found, Statement), found
    return found


def stationery(language: str = "en", **changes: Any) -> Stationery:
    values: dict[str, Any] = {
        "company": a_company(),
        "language": language,
        "synced_at": SYNCED,
        "time_zone": "Europe/London",
        "link": "https://pay.example/i/1042",
        "bank": ("Northwind Provisions Ltd", "IBAN GB33 BUKB 2020 1555 5555 55"),
        "terms": "30 days",
    }
    return Stationery(**(values | changes))
