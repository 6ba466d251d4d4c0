"""What statements are made of: one customer's receivables, credits and movements, in euros on a day in June."""

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
    Issue,
    Platform,
    Sent,
    Switch,
)
from strategy.movements import Movement, MovementKind
from strategy.statement import (
    Aside,
    AsideReason,
    Statement,
    open_items,
)

EUR = Currency("EUR")
JPY = Currency("JPY")
TODAY = date(2026, 6, 30)
THEN = datetime(2026, 6, 30, tzinfo=UTC)
LEDGER = LedgerFacts(
    name="north",
    platform=Platform.XERO,
    company=Company(id=CompanyId("co"), name="Northwind", base_currency=EUR),
    time_zone="Europe/London",
    today=TODAY,
    pulled_on=TODAY,
    reconciled_on=TODAY,
    reminders=Switch.OFF,
)


def a_customer(name: str = "Brasserie Lund", **changes: Any) -> Customer:
    return Customer(id=CustomerId(name), name=name, version="1", updated_at=THEN, **changes)


LUND = a_customer()


def a_receivable(number: str = "1042", open_minor: int = 100000, *, days_late: int = 10, **changes: Any) -> Receivable:
    values: dict[str, Any] = {
        "invoice_id": InvoiceId(number),
        "customer_id": LUND.id,
        "number": number,
        "issued_on": TODAY - timedelta(days=days_late + 30),
        "due_on": TODAY - timedelta(days=days_late),
        "currency": EUR,
        "total_minor": open_minor,
        "paid_minor": 0,
        "credited_minor": 0,
        "open_minor": open_minor,
        "sent": Sent.YES,
    }
    return Receivable(**(values | changes))


def an_unapplied(amount_minor: int, **changes: Any) -> Unapplied:
    values: dict[str, Any] = {
        "kind": UnappliedKind.CREDITS,
        "id": "cn1",
        "number": "CN-1",
        "since": TODAY,
        "currency": EUR,
        "amount_minor": amount_minor,
    }
    return Unapplied(**(values | changes))


def an_account(*receivables: Receivable, **changes: Any) -> Account:
    return Account(ledger=LEDGER, customer=LUND, time_zone=LEDGER.time_zone, receivables=receivables, **changes)


def an_aside(amount_minor: int, reason: AsideReason = AsideReason.DISPUTED, number: str = "1042") -> Aside:
    return Aside(invoice_id=InvoiceId(number), reason=reason, amount_minor=amount_minor)


def a_movement(amount_minor: int, on: date = TODAY, **changes: Any) -> Movement:
    values: dict[str, Any] = {
        "on": on,
        "kind": MovementKind.INVOICE,
        "id": "1042",
        "customer_id": LUND.id,
        "number": "1042",
        "currency": EUR,
        "amount_minor": amount_minor,
    }
    return Movement(**(values | changes))


def stated(account: Account, *asides: Aside, currency: Currency = EUR) -> Statement:
    found = open_items(account, currency, TODAY, asides)
    assert isinstance(found, Statement), found
    return found


def refused(found: Statement | Issue) -> str:
    assert isinstance(found, Issue)
    assert found.code == "statement_does_not_foot"
    return found.message
