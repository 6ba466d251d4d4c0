"""Whose story it is, and what can happen there; and the days it covers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from dunwell.sandbox.books.records import Address, Company

HISTORY_DAYS = 548
"""Eighteen months before the start."""


class Plot(Struct, frozen=True, kw_only=True):
    """What can happen at a company. `share` 0 or 1: which half of the invented names its customers get.

    `currencies`: its own first. `jobs`: sub-customers exist. `drafts`: the platform has them. `deposits`: one can be
    paid on the invoice itself, without a payment. `refunds`: money is given back out of credits and payments.
    `credit_prefix` None: credits are numbered with the invoices.
    """

    company: Company
    share: int
    currencies: tuple[str, ...]
    jobs: bool
    drafts: bool
    deposits: bool
    refunds: bool
    invoice_prefix: str = ""
    credit_prefix: str | None = None
    first_number: int = 1001


class Span(Struct, frozen=True, kw_only=True):
    """The days of a story: `first` to `last`, both included, around the day the sandbox starts."""

    start: date
    last: date
    zone: str

    @property
    def first(self) -> date:
        """The day the story begins."""
        return self.start - timedelta(days=HISTORY_DAYS)

    def progress(self, day: date) -> float:
        """How far the story has come: 0 on its first day, 1 on the start day, more afterwards."""
        return (day - self.first).days / HISTORY_DAYS

    def at(self, day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """The instant of a local time of the company."""
        local = datetime.combine(day, time(hour, minute, second), ZoneInfo(self.zone))
        return local.astimezone(UTC)


def workday(day: date) -> date:
    """The day itself, or the Monday after where it is a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


QUICKBOOKS = Plot(
    company=Company(
        key="quickbooks",
        name="Brindlewick Field Services",
        legal_name="Brindlewick Field Services LLC",
        currency="USD",
        country="US",
        zone="America/Los_Angeles",
        email="books@brindlewick.example",
        phone="(555) 010-4400",
        address=Address(street="88 Harrow Lane", city="Dunmore Bay", region="CA", postcode="94999", country="USA"),
        stirs_customers=True,
        dates_allocations=False,
        voids_issued=False,
    ),
    share=0,
    currencies=("USD",),
    jobs=True,
    drafts=False,
    deposits=True,
    refunds=False,
)

XERO = Plot(
    company=Company(
        key="xero",
        name="Larksparrow Studio",
        legal_name="Larksparrow Studio Limited",
        currency="GBP",
        country="GB",
        zone="Europe/London",
        email="accounts@larksparrow.example",
        phone="020 7946 0440",
        address=Address(street="3 Tanner's Row", city="Wexcombe", postcode="WX1 4ZZ", country="United Kingdom"),
        several_currencies=True,
        stirs_customers=False,
        dates_allocations=True,
        voids_issued=True,
    ),
    share=1,
    currencies=("GBP", "EUR", "USD"),
    jobs=False,
    drafts=True,
    deposits=False,
    refunds=True,
    invoice_prefix="INV-",
    credit_prefix="CN-",
)
