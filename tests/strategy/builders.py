"""Builders with defaults: a test names only what it is about. Today is Monday, 2 March 2026."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from strategy.account import Account, LedgerFacts, Receivable, Settlement, Unapplied, UnappliedKind
from strategy.agreements import Dispute, Hold, HoldKind
from strategy.business_days import Calendar
from strategy.conditions import Facts
from strategy.decision import Decision
from strategy.facts.measuring import measure
from strategy.model import Company, CompanyId, Currency, Customer, CustomerId, InvoiceId, Platform, Sent, Switch
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.text.parse import parse
from strategy.touches import Case, Touch

TODAY = date(2026, 3, 2)
EUR, USD = Currency("EUR"), Currency("USD")
NO_HOLIDAYS = Calendar()
LUND = InvoiceId("1042")
"""The invoice that `a_receivable` is of."""

STANDARD = """
strategy = "test"
language = { default = "en", DE = "de" }

[amounts]
small = { EUR = 25, USD = 25 }
large = { EUR = 10_000, USD = 10_000 }

[contact]
days  = "mon-fri"
hours = "09:00-16:30"
gap   = 5

[holds]
minimum = "small"

[schedule.standard]
nudge  = { at = "due - 3", say = "nudge" }
first  = { at = "due + 1", say = "friendly" }
second = { at = "due + 7", say = "reminder" }
third  = { at = "due + 14", say = "firm" }
call   = { at = "due + 21", call = "overdue", who = "owner" }
final  = { at = "due + 45", say = "final", approve = true }

[[segment]]
name     = "everyone"
schedule = "standard"
"""


T = TypeVar("T")


def _made(kind: type[T], defaults: dict[str, Any], changes: dict[str, Any]) -> T:
    return kind(**{**defaults, **changes})


def days(n: int) -> timedelta:
    return timedelta(days=n)


def a_strategy(text: str = STANDARD) -> Strategy:
    parsed = parse(text, "test.toml", lambda name: None)
    assert parsed.strategy is not None, [mistake.message for mistake in parsed.mistakes]
    return parsed.strategy


def a_company(**changes: Any) -> Company:
    return _made(
        Company, {"id": CompanyId("1"), "name": "Harbour & Vale", "country": "DE", "base_currency": EUR}, changes
    )


def a_ledger(**changes: Any) -> LedgerFacts:
    """A ledger with nothing against chasing: pulled and reconciled today, the platform's reminders off."""
    return _made(
        LedgerFacts,
        {
            "name": "harbour",
            "platform": Platform.XERO,
            "company": a_company(),
            "time_zone": "Europe/Berlin",
            "today": TODAY,
            "pulled_on": TODAY,
            "reconciled_on": TODAY,
            "reminders": Switch.OFF,
            "approve_all": False,
            "people": {"owner": "owner@firm.example"},
        },
        changes,
    )


def a_customer(**changes: Any) -> Customer:
    return _made(
        Customer,
        {
            "id": CustomerId("lund"),
            "name": "Brasserie Lund",
            "emails": ("ap@lund.example",),
            "version": "0",
            "updated_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
        changes,
    )


def a_receivable(number: str = LUND, *, days_late: int = 10, amount: int = 120_000, **changes: Any) -> Receivable:
    """An invoice of 1,200.00 EUR, sent, wholly open; `days_late` may be negative."""
    due_on = changes.pop("due_on", TODAY - days(days_late))
    return _made(
        Receivable,
        {
            "invoice_id": InvoiceId(number),
            "customer_id": CustomerId("lund"),
            "number": number,
            "issued_on": due_on - days(30),
            "due_on": due_on,
            "currency": EUR,
            "total_minor": amount,
            "paid_minor": 0,
            "credited_minor": 0,
            "open_minor": amount,
            "sent": Sent.YES,
        },
        changes,
    )


def unapplied(amount: int, **changes: Any) -> Unapplied:
    return _made(
        Unapplied,
        {
            "kind": UnappliedKind.CREDITS,
            "id": "cn1",
            "number": "CN-1",
            "since": TODAY - days(5),
            "currency": EUR,
            "amount_minor": amount,
        },
        changes,
    )


def a_settlement(*, days_late: int, days_ago: int = 30, amount: int = 100_000, **changes: Any) -> Settlement:
    settled_on = TODAY - days(days_ago)
    return _made(
        Settlement,
        {
            "invoice_id": InvoiceId(f"9{days_ago}"),
            "currency": EUR,
            "due_on": settled_on - days(days_late),
            "settled_on": settled_on,
            "amount_minor": amount,
        },
        changes,
    )


def settled(*days_late: int, **changes: Any) -> tuple[Settlement, ...]:
    """An invoice paid on each of so many days running, the last of them yesterday."""
    return tuple(
        a_settlement(days_late=late, days_ago=len(days_late) - n, **changes) for n, late in enumerate(days_late)
    )


def a_dispute(**changes: Any) -> Dispute:
    """Of the whole invoice, since today."""
    return _made(
        Dispute,
        {"id": 7, "invoice_id": LUND, "amount_minor": None, "category": "price", "opened_on": TODAY},
        changes,
    )


def a_hold(kind: HoldKind = HoldKind.LEGAL, **changes: Any) -> Hold:
    """On the whole account, for a month now, until somebody ends it."""
    return _made(
        Hold,
        {"id": 1, "kind": kind, "invoice_id": None, "since": TODAY - days(30), "until": None, "reason": "file 7"},
        changes,
    )


def a_touch(
    act: str, *, days_ago: int, invoices: tuple[str, ...] = (LUND,), case: int | None = 1, **changes: Any
) -> Touch:
    return _made(
        Touch,
        {
            "on": TODAY - days(days_ago),
            "act": act,
            "occasion": str(case),
            "case": case,
            "currency": EUR,
            "channel": "email",
            "invoices": frozenset(InvoiceId(one) for one in invoices),
            "lead": InvoiceId(invoices[0]),
        },
        changes,
    )


def an_open_case(*, days_ago: int = 9, currency: Currency = EUR, number: int = 1) -> Case:
    return Case(number=number, currency=currency, opened_on=TODAY - days(days_ago))


def an_account(*receivables: Receivable, **changes: Any) -> Account:
    """An account with these receivables, known for two years, spoken to once long ago so that nothing is its first."""
    long_ago = a_touch("first", days_ago=400, invoices=("1",), case=None)
    return _made(
        Account,
        {
            "ledger": a_ledger(),
            "customer": a_customer(),
            "country": "DE",
            "time_zone": "Europe/Berlin",
            "receivables": tuple(sorted(receivables, key=lambda one: (one.due_on, one.number))),
            "paid_invoices": 12,
            "first_invoice_on": TODAY - days(730),
            "touches": (long_ago,),
        },
        changes,
    )


def decided(account: Account, strategy: Strategy | None = None, on: date = TODAY) -> Decision:
    return plan_account(account, strategy or a_strategy(), NO_HOLIDAYS, on)


def codes(decision: Decision) -> set[str]:
    """The codes of every reason that holds something."""
    return {why.code for held in decision.held for why in held.reasons}


def facts(*receivables: Receivable, **changes: Any) -> Facts:
    """What is measured of an account with these open invoices."""
    return measure(an_account(*receivables, **changes), (), TODAY)
