"""The other side of the ledger: what the company owes. Static, just enough that filters have something to leave out.

Nothing here counts as a receivable. A bill is there from the instant it was entered, and paid from the instant it was
paid: what is shown follows from the clock alone.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from dunwell.sandbox.books.records import Address, Customer
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.dice import Dice
from dunwell.sandbox.story.company import Span, workday


class BillKind(StrEnum):
    """What Xero calls them."""

    BILL = "ACCPAY"
    CREDIT = "ACCPAYCREDIT"
    OVERPAYMENT = "SPEND-OVERPAYMENT"
    PREPAYMENT = "SPEND-PREPAYMENT"


class Bill(Struct, frozen=True, kw_only=True):
    """A bill, or a credit from a supplier. `supplier` is a story's key; `paid_at` None: not yet."""

    id: int
    kind: BillKind
    supplier: str
    number: str
    issued_on: date
    due_on: date
    amount: int
    entered_at: datetime
    paid_at: datetime | None = None

    def paid_by(self, now: datetime) -> bool:
        """Whether it is paid at that instant."""
        return self.paid_at is not None and self.paid_at <= now


_SUPPLIERS = {
    "supplier_paper": ("Pottering Paper Mill", "sales@pottering-paper.example"),
    "supplier_power": ("Northlight Power & Gas", "bills@northlight.example.com"),
    "supplier_rent": ("Tanner's Row Estates", None),
}
_ALSO_CUSTOMERS = ("good", "large_prompt")
"""Customers of the story who send bills too."""

_EVERY_DAYS = 31


class Bills:
    """All bills of a ledger, in the order of their entry."""

    def __init__(self, ledger: Ledger) -> None:
        self._books = ledger.books
        span = Span(start=ledger.start, last=ledger.start, zone=ledger.plot.company.zone)
        for key, (name, email) in _SUPPLIERS.items():
            self._books.add_customer(
                span.at(span.first, 8),
                key=key,
                name=name,
                email=email,
                currency=ledger.plot.company.currency,
                address=Address(street="1 Supply Street", city="Wexcombe", country=ledger.plot.company.country),
            )
        self._bills = sorted(_written(span, ledger.seed), key=lambda bill: bill.entered_at)

    def seen(self, now: datetime) -> list[Bill]:
        """What has been entered by now, of suppliers that there are: some are customers, and a story may be empty."""
        there = {each.key for each in self._books.customers.values()}
        return [bill for bill in self._bills if bill.entered_at <= now and bill.supplier in there]

    def supplier(self, bill: Bill) -> Customer:
        """Who sent it."""
        return next(each for each in self._books.customers.values() if each.key == bill.supplier)


def _written(span: Span, seed: int) -> Iterator[Bill]:
    suppliers = (*_SUPPLIERS, *_ALSO_CUSTOMERS)
    for number, days in enumerate(range(-480, 180, _EVERY_DAYS), start=1):
        dice = Dice(seed, "bill", number)
        issued_on = workday(span.start + timedelta(days=days + dice.number(0, 9)))
        due_on = issued_on + timedelta(days=30)
        paid_on = workday(due_on + timedelta(days=dice.number(-3, 5)))
        yield Bill(
            id=number,
            kind=BillKind.BILL,
            supplier=suppliers[number % len(suppliers)],
            number="" if number % 7 == 0 else f"B-{dice.number(1000, 9999)}",
            issued_on=issued_on,
            due_on=due_on,
            amount=dice.number(40, 900) * 100 + dice.number(0, 99),
            entered_at=span.at(issued_on, 15, dice.number(0, 59)),
            paid_at=span.at(paid_on, 16, dice.number(0, 59)),
        )
    for number, kind in enumerate((BillKind.CREDIT, BillKind.OVERPAYMENT, BillKind.PREPAYMENT), start=101):
        issued_on = workday(span.start - timedelta(days=10 * number - 970))
        yield Bill(
            id=number,
            kind=kind,
            supplier=suppliers[number % len(_SUPPLIERS)],
            number=f"SC-{number}",
            issued_on=issued_on,
            due_on=issued_on,
            amount=Dice(seed, "bill", number).number(10, 60) * 100,
            entered_at=span.at(issued_on, 15),
        )
