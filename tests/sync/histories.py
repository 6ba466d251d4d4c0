"""Made-up histories of one customer, played in the sandbox by hand: invoices, money, credits, and what is undone."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeVar, get_args

from hypothesis import strategies as st

from dunwell.sandbox.books.books import Part
from dunwell.sandbox.books.records import Credit, Invoice, Payment, Standing
from strategy.model import CustomerId, Record
from tests.sync.firm import Firm

What = Literal["invoice", "pay", "on account", "credit", "apply payment", "apply credit", "void", "delete"]

T = TypeVar("T")

LONG_AGO = 60
"""Histories begin so many days ago."""


class Act(Record):
    """Something that happens. `first` and `second` choose among what is there; `days_ago` is the date it bears."""

    what: What
    days_ago: int
    amount: int
    first: int
    second: int


acts = st.lists(
    st.builds(
        Act,
        what=st.sampled_from(("invoice", "invoice", "pay", "pay", *get_args(What)[2:])),
        days_ago=st.integers(0, LONG_AGO),
        amount=st.integers(1, 200_000),
        first=st.integers(0, 9),
        second=st.integers(0, 9),
    ),
    min_size=1,
    max_size=9,
)


class Life:
    """A customer whose history is played."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.name, self.customer_id = firm.customer()
        self._ledger = firm.sandbox.dialects[firm.platform].ledger
        self._books = self._ledger.books

    def play(self, act: Act) -> None:
        """Let it happen; nothing where there is nothing to do it to."""
        on = self.firm.bench.today() - timedelta(days=act.days_ago)
        invoice = _chosen(self.invoices, act.first)
        match act.what:
            case "invoice":
                self.firm.books.add_invoice(self.name, act.amount, on, on + timedelta(days=act.first * 5))
            case "pay" if invoice:
                self.firm.books.pay(self._id(invoice), act.amount, on)
            case "on account":
                self.firm.books.pay_on_account(self.name, act.amount, on)
            case "credit":
                self.firm.books.add_credit(self.name, act.amount, on)
            case "apply payment" | "apply credit" if invoice:
                self._apply(act, invoice, on)
            case "void" if invoice:
                self.firm.books.void(self._id(invoice))
            case "delete":
                self._delete(act)

    def _apply(self, act: Act, invoice: Invoice, on: date) -> None:
        with self._ledger.turn() as now:
            if act.what == "apply payment" and (payment := _chosen(self.payments, act.second)):
                self._books.apply_payment(now, payment, [Part(invoice.id, act.amount)], max(on, payment.paid_on))
            elif act.what == "apply credit" and (credit := _chosen(self.credits, act.second)):
                self._books.apply_credit(now, credit, [Part(invoice.id, act.amount)], max(on, credit.issued_on))

    def _delete(self, act: Act) -> None:
        kinds: Mapping[str, Sequence[Invoice | Payment | Credit]] = {
            "invoice": self.invoices,
            "payment": self.payments,
            "credit": self.credits,
        }
        kind, found = list(kinds.items())[act.second % 3]
        if record := _chosen(found, act.first):
            self.firm.books.delete(kind, self._id(record))

    def _id(self, record: Invoice | Payment | Credit) -> str:
        return f"id:{self.firm.sandbox.dialects[self.firm.platform].id_of(record)}"

    @property
    def invoices(self) -> list[Invoice]:
        return [one for one in self._books.invoices.values() if self._is_mine(one)]

    @property
    def payments(self) -> list[Payment]:
        return [one for one in self._books.payments.values() if self._is_mine(one)]

    @property
    def credits(self) -> list[Credit]:
        return [one for one in self._books.credits.values() if self._is_mine(one)]

    def _is_mine(self, record: Invoice | Payment | Credit) -> bool:
        kept = self._books.customers[record.customer_id]
        return record.standing is Standing.ISSUED and self._ledger_id(kept) == self.customer_id

    def _ledger_id(self, customer: object) -> CustomerId:
        return CustomerId(self.firm.sandbox.dialects[self.firm.platform].id_of(customer))  # type: ignore[arg-type]


def _chosen(found: Sequence[T], number: int) -> T | None:
    return found[number % len(found)] if found else None
