"""What contacts owe, as Xero adds it up.

Outstanding: open invoices less remaining credit notes and overpayments; prepayments are not in it (domain.md, part 1).
Overdue: what is past its due date, undiminished by credits (official example: Outstanding 760.00, Overdue 920.00).

The contract calls these amounts raw, "not converted to base currency", so those of several currencies are simply added.
Others read them as base currency; the switch `base_balances` makes them that, at the rate of each document's day.
"""

from datetime import date

from msgspec import Struct

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.rates import in_base
from dunwell.sandbox.books.records import Surplus
from dunwell.sandbox.xero.bills import Bill, BillKind


class Owed(Struct):
    """A contact's figures, minor units: what it owes, and what is owed to it."""

    outstanding: int = 0
    overdue: int = 0
    payable: int = 0
    payable_overdue: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell; then Xero leaves the balances out (recorded)."""
        return not (self.outstanding or self.overdue or self.payable or self.payable_overdue)


class Balances:
    """Adds up every customer's figures on one day; `converted`: in the base currency."""

    def __init__(self, books: Books, today: date, *, converted: bool) -> None:
        self._books, self._today, self._converted = books, today, converted
        self.of: dict[int, Owed] = {}
        self._add_invoices()
        self._add_credits()

    def _owed(self, customer_id: int) -> Owed:
        return self.of.setdefault(customer_id, Owed())

    def _amount(self, minor: int, currency: str, on: date) -> int:
        return in_base(minor, currency, self._books.company.currency, on) if self._converted else minor

    def _add_invoices(self) -> None:
        for each in self._books.invoices.values():
            if (left := open_of(self._books, each)) == 0:
                continue
            amount, owed = self._amount(left, each.currency, each.issued_on), self._owed(each.customer_id)
            owed.outstanding += amount
            if each.due_on is not None and each.due_on < self._today:
                owed.overdue += amount

    def _add_credits(self) -> None:
        for note in self._books.credits.values():
            left = remaining_of(self._books, note)
            self._owed(note.customer_id).outstanding -= self._amount(left, note.currency, note.issued_on)
        for payment in self._books.payments.values():
            if payment.surplus is Surplus.OVERPAYMENT and (left := unapplied_of(self._books, payment)):
                self._owed(payment.customer_id).outstanding -= self._amount(left, payment.currency, payment.paid_on)

    def add_bill(self, bill: Bill, supplier_id: int, *, paid: bool) -> None:
        """A bill, or what a supplier owes; prepayments are not in it either."""
        owed = self._owed(supplier_id)
        if bill.kind is BillKind.BILL and not paid:
            owed.payable += bill.amount
            owed.payable_overdue += bill.amount if bill.due_on < self._today else 0
        elif bill.kind in (BillKind.CREDIT, BillKind.OVERPAYMENT):
            owed.payable -= bill.amount
