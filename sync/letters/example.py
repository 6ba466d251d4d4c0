"""A letter's facts with nothing left out: what `check` reads the fields off, and what an author tries a letter with."""

from datetime import UTC, date, datetime
from functools import cache

from strategy.decision import Asked, CreditLine, Reason, Stage, Touchpoint, TouchpointKind, Window
from strategy.model import Company, CompanyId, Currency, Customer, CustomerId, InvoiceId
from sync.letters.fields import Fields, LetterFacts, Planned, Promised, StatementTotal, fields

_TODAY = date(2026, 3, 16)


@cache
def example() -> Fields:
    """Every field that a letter can name, filled."""
    return fields(example_facts("en"))


def example_facts(language: str) -> LetterFacts:
    """A reminder to Brasserie Lund with two invoices, one of them part-paid and in part disputed, and a credit."""
    instant = datetime(2026, 3, 16, 9, tzinfo=UTC)
    return LetterFacts(
        touchpoint=_touchpoint(language, instant),
        customer=Customer(
            id=CustomerId("lund"),
            name="Brasserie Lund",
            number="C-1180",
            country="GB",
            version="1",
            updated_at=instant,
        ),
        country="GB",
        company=Company(
            id=CompanyId("northwind"),
            name="Northwind Provisions",
            legal_name="Northwind Provisions Ltd",
            country="GB",
            base_currency=Currency("EUR"),
            tax_number="GB 123 4567 89",
            email="accounts@northwind.example",
            phone="+44 20 7946 0100",
            address=("12 Quayside", "London SE1 2AB"),
        ),
        today=_TODAY,
        sender="Anna Berg",
        link="https://pay.example/i/1042",
        portal="https://portal.example/lund",
        disputed_minor=15000,
        statement=StatementTotal(as_of=_TODAY, total_minor=150000),
        promise=Promised(on=date(2026, 3, 22), amount_minor=95000),
        plan=Planned(number=2, count=3, on=date(2026, 3, 31), amount_minor=33333),
        trigger="large and a month late",
        why=("€1,500.00 is overdue", "the oldest invoice is 13 days overdue"),
        noticed_minor=40000,
    )


def _touchpoint(language: str, instant: datetime) -> Touchpoint:
    return Touchpoint(
        ledger="north",
        kind=TouchpointKind.REMINDER,
        customer_id=CustomerId("lund"),
        customer_name="Brasserie Lund",
        currency=Currency("EUR"),
        act="second",
        occasion="7",
        attempt=1,
        case=7,
        segment="good",
        stage=Stage.OVERDUE,
        step="second",
        channel="email",
        to=("billing@lund.example",),
        addressee="Mats Lund",
        role="billing",
        letter="reminder",
        language=language,
        attach=(),
        approval=True,
        amount_minor=115000,
        invoices=(_lead(), _asked("1043", 1, due_on=date(2026, 3, 15))),
        coming=(_asked("1051", -8, due_on=date(2026, 3, 24)),),
        credits=(CreditLine(id="cn7", number="CN-7", amount_minor=20000),),
        deadline_days=14,
        window=Window(opens=instant, closes=instant),
        why=(Reason(code="step_due"),),
    )


def _lead() -> Asked:
    return Asked(
        invoice_id=InvoiceId("1042"),
        customer_id=CustomerId("lund"),
        number="1042",
        reference="PO 4711",
        issued_on=date(2026, 2, 1),
        due_on=date(2026, 3, 3),
        days_overdue=13,
        total_minor=120000,
        paid_minor=20000,
        credited_minor=0,
        open_minor=100000,
        asked_minor=65000,
        covered_minor=20000,
    )


def _asked(number: str, days_overdue: int, due_on: date) -> Asked:
    return Asked(
        invoice_id=InvoiceId(number),
        customer_id=CustomerId("lund"),
        number=number,
        reference=None,
        issued_on=date(2026, 2, 13),
        due_on=due_on,
        days_overdue=days_overdue,
        total_minor=50000,
        paid_minor=0,
        credited_minor=0,
        open_minor=50000,
        asked_minor=50000 if days_overdue > 0 else 0,
    )
