"""Made-up business of a small company, played in the sandbox's books: all that people do to receivables, right or odd,
in any order.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, get_args

from hypothesis import strategies as st

from dunwell.sandbox.books.books import Books, Part
from dunwell.sandbox.books.figures import remaining_of, unapplied_of
from dunwell.sandbox.books.records import (
    Allocation,
    Credit,
    Customer,
    End,
    Invoice,
    Life,
    Line,
    Payment,
    Standing,
    Surplus,
)
from strategy.model import Record
from tests.connectors.roads import Road

What = Literal[
    "customer",
    "rename",
    "re-parent",
    "bill the parent",
    "archive",
    "merge",
    "invoice",
    "draft",
    "edit",
    "postpone",
    "pay",
    "pay several",
    "on account",
    "credit",
    "apply payment",
    "apply credit",
    "unapply",
    "refund",
    "void",
    "delete invoice",
    "delete payment",
    "delete credit",
]

T = TypeVar("T")


class Act(Record):
    """Something that happens, `after_s` seconds after what came before. The numbers choose among what is there."""

    what: What
    after_s: int
    amount: int
    first: int
    second: int


acts = st.builds(
    Act,
    what=st.sampled_from(("invoice", "invoice", "pay", "credit", *get_args(What))),
    after_s=st.sampled_from((0, 0, 1, 40, 400, 90_000)),
    amount=st.integers(1, 90_000),
    first=st.integers(0, 30),
    second=st.integers(0, 30),
)


class Business:
    """A company in which things happen. `foreign`: a currency that every third customer is invoiced in, or none."""

    def __init__(self, road: Road, foreign: str | None) -> None:
        self._road = road
        self._ledger = road.sandbox.dialects[road.platform].ledger
        self._foreign = foreign
        self._plays: Mapping[str, Callable[[Books, datetime, Act], None]] = {
            "customer": self._customer,
            "rename": self._rename,
            "re-parent": self._re_parent,
            "bill the parent": self._bill_the_parent,
            "archive": self._archive,
            "merge": self._merge,
            "invoice": self._invoice,
            "draft": self._invoice,
            "edit": self._edit,
            "postpone": self._postpone,
            "pay": self._pay,
            "pay several": self._pay,
            "on account": self._pay,
            "credit": self._credit,
            "apply payment": self._apply_payment,
            "apply credit": self._apply_credit,
            "unapply": self._unapply,
            "refund": self._refund,
            "void": self._end,
            "delete invoice": self._end,
            "delete payment": self._end,
            "delete credit": self._end,
        }
        for number in range(3):
            self.play(Act(what="customer", after_s=0, amount=number, first=number, second=0))

    def play(self, act: Act) -> None:
        """Let it happen; nothing where there is nothing to do it to."""
        self._road.clock.move(seconds=act.after_s)
        with self._ledger.turn() as now:
            self._plays[act.what](self._ledger.books, now, act)

    def _customer(self, books: Books, now: datetime, act: Act) -> None:
        number = len(books.customers) + 1
        foreign = self._foreign if number % 3 == 0 else None
        facts: dict[str, Any] = {"name": f"Customer {number}", "email": f"c{number}@customer.example", "term_days": 30}
        books.add_customer(now, currency=foreign or books.company.currency, **facts)

    def _rename(self, books: Books, now: datetime, act: Act) -> None:
        if customer := _one(self._living(books), act.first):
            books.change(now, customer, name=f"Renamed {customer.id} {act.amount}")

    def _re_parent(self, books: Books, now: datetime, act: Act) -> None:
        child, parent = _two(self._living(books), act)
        if child and parent and self._road.platform == "quickbooks" and not _above(books, parent, child):
            books.adopt(now, child, parent if child.parent_id is None else None)

    def _bill_the_parent(self, books: Books, now: datetime, act: Act) -> None:
        subs = [one for one in self._living(books) if one.parent_id is not None]
        if sub := _one(subs, act.first):
            books.change(now, sub, bills_parent=not sub.bills_parent)

    def _archive(self, books: Books, now: datetime, act: Act) -> None:
        if len(self._living(books)) > 2 and (customer := _one(self._living(books), act.first)):
            books.archive(now, customer)

    def _merge(self, books: Books, now: datetime, act: Act) -> None:
        loser, winner = _two(self._living(books), act)
        if loser and winner and loser.currency == winner.currency and not _above(books, winner, loser):
            books.merge(now, loser, winner)

    def _invoice(self, books: Books, now: datetime, act: Act) -> None:
        if customer := _one(self._living(books), act.first):
            draft = act.what == "draft" and self._road.platform == "xero"
            facts = self._document(books, customer, now, act)
            facts |= {"due_on": facts["issued_on"] + timedelta(days=act.second), "term_days": 30}
            books.add_invoice(now, **facts, standing=Standing.DRAFT if draft else Standing.ISSUED)

    def _credit(self, books: Books, now: datetime, act: Act) -> None:
        if customer := _one(self._living(books), act.first):
            books.add_credit(now, **self._document(books, customer, now, act))

    def _document(self, books: Books, customer: Customer, now: datetime, act: Act) -> dict[str, Any]:
        return {
            "customer_id": customer.id,
            "currency": customer.currency,
            "number": books.free_number("B-"),
            "issued_on": now.date() - timedelta(days=act.second),
            "lines": (Line(description="Labour", amount=act.amount),),
            "email": customer.email,
        }

    def _edit(self, books: Books, now: datetime, act: Act) -> None:
        documents: list[Invoice | Credit] = [*_issued(books.invoices), *_issued(books.credits)]
        if document := _one(documents, act.first):
            books.touch(now, document)

    def _postpone(self, books: Books, now: datetime, act: Act) -> None:
        if invoice := _one(_issued(books.invoices), act.first):
            books.change(now, invoice, due_on=invoice.issued_on + timedelta(days=act.amount % 90))

    def _pay(self, books: Books, now: datetime, act: Act) -> None:
        paid = _one(_issued(books.invoices), act.first)
        if paid is None:
            return
        alike = [
            one
            for one in _issued(books.invoices)
            if (one.customer_id, one.currency) == (paid.customer_id, paid.currency) and one is not paid
        ]
        settles = {"pay": [paid], "pay several": [paid, *alike[:2]], "on account": []}[act.what]
        surplus = Surplus.PREPAYMENT if act.what == "on account" else Surplus.OVERPAYMENT
        facts = {"customer_id": paid.customer_id, "currency": paid.currency, "paid_on": now.date()}
        parts = [Part(one.id, None if act.second % 2 else act.amount // 2 + 1) for one in settles]
        books.add_payment(now, parts, **facts, total=act.amount, method="check", surplus=surplus)

    def _apply_payment(self, books: Books, now: datetime, act: Act) -> None:
        payments = [one for one in _issued(books.payments) if one.total and unapplied_of(books, one)]
        if payment := _one(payments, act.first):
            self._apply(books, act, payment, lambda parts: books.apply_payment(now, payment, parts, now.date()))

    def _apply_credit(self, books: Books, now: datetime, act: Act) -> None:
        if credit := _one([one for one in _issued(books.credits) if remaining_of(books, one)], act.first):
            self._apply(books, act, credit, lambda parts: books.apply_credit(now, credit, parts, now.date()))

    def _apply(self, books: Books, act: Act, source: Payment | Credit, do: Callable[[list[Part]], object]) -> None:
        alike = [one for one in _issued(books.invoices) if one.currency == source.currency]
        if invoice := _one([one for one in alike if one.customer_id == source.customer_id], act.second):
            do([Part(invoice.id, act.amount)])

    def _unapply(self, books: Books, now: datetime, act: Act) -> None:
        """QuickBooks frees what a payment settled; Xero deletes the payment, or what was allocated of a credit."""
        settling = [(one, part) for one in _issued(books.payments) for part in one.allocations]
        if chosen := _one(settling, act.first):
            payment, part = chosen
            books.release(now, payment, part, self._end_of(part))

    def _end_of(self, part: Allocation) -> End:
        stays = self._road.platform == "quickbooks" or part.later or part.credit_id is not None
        return End.FREED if stays else End.TAKEN_BACK

    def _refund(self, books: Books, now: datetime, act: Act) -> None:
        if self._road.platform == "xero" and (credit := _one(_issued(books.credits), act.first)):
            amount = min(act.amount, remaining_of(books, credit))
            if amount:
                books.add_refund(now, credit, amount, paid_on=now.date(), reference="back")

    def _end(self, books: Books, now: datetime, act: Act) -> None:
        drafts = [one for one in books.invoices.values() if one.standing is Standing.DRAFT]
        found: Mapping[str, Sequence[Invoice | Payment | Credit]] = {
            "void": _issued(books.invoices),
            "delete invoice": [*_issued(books.invoices), *drafts],
            "delete payment": [one for one in _issued(books.payments) if one.total],
            "delete credit": _issued(books.credits),
        }
        if document := _one(found[act.what], act.first):
            books.end(now, document, Standing.VOIDED if act.what == "void" else Standing.DELETED)

    def _living(self, books: Books) -> list[Customer]:
        return [one for one in books.customers.values() if one.life is Life.ACTIVE]


def _issued(records: Mapping[int, T]) -> list[T]:
    return [one for one in records.values() if getattr(one, "standing", None) is Standing.ISSUED]


def _above(books: Books, customer: Customer, maybe: Customer) -> bool:
    """Whether `maybe` is the customer or one of its parents."""
    while customer is not maybe and customer.parent_id is not None:
        customer = books.customers[customer.parent_id]
    return customer is maybe


def _one(found: Sequence[T], number: int) -> T | None:
    return found[number % len(found)] if found else None


def _two(found: Sequence[T], act: Act) -> tuple[T | None, T | None]:
    """Two that are not the same."""
    first, second = _one(found, act.first), _one(found, act.second)
    return (None, None) if first is second else (first, second)
