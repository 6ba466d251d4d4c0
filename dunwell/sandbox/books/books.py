"""How the books change. Every change takes the instant at which it happens and stamps what it touches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from dunwell.sandbox.books.figures import open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.records import (
    Allocation,
    AnyKept,
    Company,
    Credit,
    Customer,
    End,
    Invoice,
    Life,
    Paper,
    Payment,
    Refund,
    Standing,
)

UNSTAMPED = "unstamped_settlements"
"""The switch under which payments and credits change what is open of an invoice and leave its `updated_at` alone."""


class Part(Struct, frozen=True):
    """What a payment is meant to settle: an invoice, how much of it (None: what is open), out of which credit."""

    invoice_id: int
    amount: int | None = None
    credit_id: int | None = None


class Books:
    """One company's receivables. Transactions share one sequence of ids, customers and papers have their own.

    `switches` are the ledger's; the books look at one (`UNSTAMPED`).

    `generation` rises with every change of customers and documents, `filed` with every one of notes and files, so that
    readers know when what they remember is old.
    """

    def __init__(self, company: Company, switches: Mapping[str, bool] | None = None) -> None:
        self.company = company
        self._switches = switches if switches is not None else {}
        self.customers: dict[int, Customer] = {}
        self.invoices: dict[int, Invoice] = {}
        self.payments: dict[int, Payment] = {}
        self.credits: dict[int, Credit] = {}
        self.refunds: dict[int, Refund] = {}
        self.papers: dict[int, Paper] = {}
        self.generation = self.filed = 0
        self._last = {"customer": 0, "transaction": 0, "paper": 0, "allocation": 0, "number": 0}
        self._settling: dict[int, list[Allocation]] = {}
        self._drawing: dict[int, list[Allocation]] = {}
        self._refunding: dict[tuple[str, int], list[Refund]] = {}

    def settling(self, invoice: Invoice) -> Sequence[Allocation]:
        """The allocations that settle the invoice, in the order they were made."""
        return self._settling.get(invoice.id, ())

    def drawing(self, credit: Credit) -> Sequence[Allocation]:
        """The allocations that draw on the credit, in the order they were made."""
        return self._drawing.get(credit.id, ())

    def refunding(self, source: Credit | Payment) -> Sequence[Refund]:
        """What was given back out of a credit or payment, in the order it was."""
        return self._refunding.get(_source(source), ())

    def kind(self, name: str) -> Mapping[int, AnyKept]:
        """The records of a kind: "customer", "invoice", "payment", "credit", "refund" or "paper"."""
        kinds: dict[str, Mapping[int, AnyKept]] = {
            "customer": self.customers,
            "invoice": self.invoices,
            "payment": self.payments,
            "credit": self.credits,
            "refund": self.refunds,
            "paper": self.papers,
        }
        return kinds[name]

    def free_number(self, prefix: str = "") -> str:
        """A document number for what is made by hand: far from those that the story has given out, or will."""
        self._last["number"] += 1
        return f"{prefix}{90_000 + self._last['number']}"

    def next_id(self, sequence: str) -> int:
        """The next id of a sequence."""
        self._last[sequence] += 1
        return self._last[sequence]

    def add_customer(self, at: datetime, **facts: Any) -> Customer:
        """A new customer; the facts are the record's fields."""
        made = Customer(id=self.next_id("customer"), created_at=at, updated_at=at, **facts)
        self.customers[made.id] = made
        self.generation += 1
        return made

    def add_invoice(self, at: datetime, **facts: Any) -> Invoice:
        """A new invoice."""
        made = Invoice(id=self.next_id("transaction"), created_at=at, updated_at=at, **facts)
        self.invoices[made.id] = made
        self._stir(at, made.customer_id)
        return made

    def add_credit(self, at: datetime, **facts: Any) -> Credit:
        """A new credit, nothing of it used yet."""
        made = Credit(id=self.next_id("transaction"), created_at=at, updated_at=at, **facts)
        self.credits[made.id] = made
        self._stir(at, made.customer_id)
        return made

    def add_payment(self, at: datetime, parts: Iterable[Part] = (), **facts: Any) -> Payment:
        """Money received and what it settles; what is no longer open is skipped and stays unapplied."""
        made = Payment(id=self.next_id("transaction"), created_at=at, updated_at=at, **facts)
        self.payments[made.id] = made
        self._stir(at, made.customer_id)
        for part in parts:
            self._allocate(at, made, part, on=made.paid_on, later=False)
        return made

    def add_refund(self, at: datetime, source: Credit | Payment, amount: int, **facts: Any) -> Refund:
        """Money given back out of a credit or of what a payment leaves unapplied; the amount must be there."""
        facts |= {"source": _source(source), "amount": amount}
        made = Refund(id=self.next_id("transaction"), created_at=at, updated_at=at, **facts)
        self.refunds[made.id] = made
        self._refunding.setdefault(made.source, []).append(made)
        self.touch(at, source)
        self._stir(at, source.customer_id)
        return made

    def add_paper(self, at: datetime, **facts: Any) -> Paper:
        """A new note or file."""
        made = Paper(id=self.next_id("paper"), created_at=at, updated_at=at, **facts)
        self.papers[made.id] = made
        self.filed += 1
        return made

    def apply_payment(self, at: datetime, payment: Payment, parts: Iterable[Part], on: date) -> None:
        """Settle invoices out of what is left of a payment."""
        self.touch(at, payment)
        day = on if self.company.dates_allocations else payment.paid_on
        for part in parts:
            self._allocate(at, payment, part, on=day, later=True)

    def apply_credit(self, at: datetime, credit: Credit, parts: Iterable[Part], on: date) -> Payment:
        """Settle invoices out of a credit, through a payment of zero."""
        drawn = (Part(part.invoice_id, part.amount, credit.id) for part in parts)
        facts = {"customer_id": credit.customer_id, "currency": credit.currency, "paid_on": on, "total": 0}
        return self.add_payment(at, drawn, **facts)

    def revise_payment(self, at: datetime, payment: Payment, parts: Iterable[Part], **facts: Any) -> None:
        """Make the payment settle exactly these, with other fields of it; touches every document it concerns."""
        self._release(at, payment, list(payment.allocations), End.TAKEN_BACK)
        self.change(at, payment, **facts)
        for part in parts:
            self._allocate(at, payment, part, on=payment.paid_on, later=False)

    def _allocate(self, at: datetime, payment: Payment, part: Part, *, on: date, later: bool) -> None:
        invoice = self.invoices[part.invoice_id]
        credit = None if part.credit_id is None else self.credits[part.credit_id]
        left = unapplied_of(self, payment) if credit is None else remaining_of(self, credit)
        open_now = open_of(self, invoice)
        amount = min(left, open_now, open_now if part.amount is None else part.amount)
        if amount <= 0:
            return
        made = Allocation(
            id=self.next_id("allocation"),
            payment_id=payment.id,
            invoice_id=invoice.id,
            amount=amount,
            on=on,
            credit_id=part.credit_id,
            later=later,
            made_at=at,
        )
        payment.allocations.append(made)
        self._settling.setdefault(invoice.id, []).append(made)
        self._settled(at, invoice)
        self._stir(at, invoice.customer_id)
        if credit is not None:
            self._drawing.setdefault(credit.id, []).append(made)
            self.touch(at, credit)
            self._stir(at, credit.customer_id)

    def release(self, at: datetime, payment: Payment, allocation: Allocation, end: End) -> None:
        """End one allocation; where it is taken back the payment is that much less, and gone when nothing is left."""
        self._release(at, payment, [allocation], end)
        if end is End.TAKEN_BACK:
            payment.total -= allocation.amount
        self.touch(at, payment)
        if payment.total == 0 and not payment.allocations:
            self.end(at, payment, Standing.DELETED)

    def _release(self, at: datetime, payment: Payment, gone: Iterable[Allocation], end: End) -> None:
        for allocation in gone:
            allocation.until, allocation.end = at, end
            payment.allocations.remove(allocation)
            payment.former.append(allocation)
            invoice = self.invoices[allocation.invoice_id]
            self._settling[invoice.id].remove(allocation)
            self._settled(at, invoice)
            self._stir(at, invoice.customer_id)
            if allocation.credit_id is not None:
                self._drawing[allocation.credit_id].remove(allocation)
                self.touch(at, self.credits[allocation.credit_id])
        self._stir(at, payment.customer_id)

    def touch(self, at: datetime, record: AnyKept) -> None:
        """The record changed."""
        record.version += 1
        record.updated_at = max(record.updated_at, at)
        if isinstance(record, Paper):
            self.filed += 1
        else:
            self.generation += 1

    def change(self, at: datetime, record: AnyKept, **facts: Any) -> None:
        """Set fields of a record, and touch it."""
        for name, value in facts.items():
            setattr(record, name, value)
        self.touch(at, record)
        if isinstance(record, Invoice | Credit | Payment):
            self._stir(at, record.customer_id)

    def change_unseen(self, record: AnyKept, **facts: Any) -> None:
        """Set fields of a record without moving its `updated_at` (what Xero does with some edits)."""
        for name, value in facts.items():
            setattr(record, name, value)
        record.version += 1
        self.generation += 1

    def _settled(self, at: datetime, invoice: Invoice) -> None:
        """What is open of the invoice changed. Whether platforms always stamp it then nobody says [UNCONFIRMED]."""
        if self._switches.get(UNSTAMPED):
            self.change_unseen(invoice)
        else:
            self.touch(at, invoice)

    def _stir(self, at: datetime, customer_id: int) -> None:
        """The customer's balance changed, and with it that of its parents."""
        self.generation += 1
        if not self.company.stirs_customers:
            return
        customer: Customer | None = self.customers[customer_id]
        while customer is not None:
            customer.updated_at = max(customer.updated_at, at)
            customer = None if customer.parent_id is None else self.customers[customer.parent_id]

    def end(self, at: datetime, document: Invoice | Credit | Payment | Refund, standing: Standing) -> None:
        """Void or delete: what it settled is open again, what settled it is unapplied again."""
        standing = self._possible(document, standing)
        if document.standing is standing:
            return
        if isinstance(document, Refund):
            self.change(at, document, standing=standing)
            self.touch(at, self.source(document))
            return
        self._end(at, document)
        self.change(at, document, standing=standing)

    def _possible(self, document: Invoice | Credit | Payment | Refund, standing: Standing) -> Standing:
        issued = isinstance(document, Invoice | Credit) and document.standing is not Standing.DRAFT
        return Standing.VOIDED if issued and self.company.voids_issued else standing

    def source(self, refund: Refund) -> Credit | Payment:
        """What the refund was taken out of."""
        kind, record_id = refund.source
        return self.credits[record_id] if kind == "credit" else self.payments[record_id]

    def _end(self, at: datetime, document: Invoice | Credit | Payment) -> None:
        gone = self._concerning(document)
        if not isinstance(document, Invoice):
            for refund in self.refunding(document):
                self.end(at, refund, Standing.DELETED)
        for payment_id in dict.fromkeys(each.payment_id for each in gone):
            payment = self.payments[payment_id]
            end = End.UNDONE if payment is document else End.FREED
            self._release(at, payment, [each for each in gone if each.payment_id == payment_id], end)
            if payment is not document:
                self.touch(at, payment)

    def _concerning(self, document: Invoice | Credit | Payment) -> list[Allocation]:
        if isinstance(document, Payment):
            return list(document.allocations)
        return list(self.settling(document) if isinstance(document, Invoice) else self.drawing(document))

    def archive(self, at: datetime, customer: Customer) -> None:
        """The customer is no longer in use; what it owes stays."""
        self.change(at, customer, life=Life.ARCHIVED)

    def adopt(self, at: datetime, customer: Customer, parent: Customer | None) -> None:
        """The customer becomes one of another's, or nobody's; the balances of both families change."""
        self._stir(at, customer.id)
        self.change(at, customer, parent_id=None if parent is None else parent.id)
        self._stir(at, customer.id)

    def merge(self, at: datetime, loser: Customer, winner: Customer) -> None:
        """All documents of one customer become another's."""
        for records in (self.invoices, self.payments, self.credits):
            for document in records.values():
                if document.customer_id == loser.id:
                    self.change(at, document, customer_id=winner.id)
        self.change(at, loser, life=Life.MERGED, merged_into=winner.id)


def _source(record: Credit | Payment) -> tuple[str, int]:
    return ("credit" if isinstance(record, Credit) else "payment", record.id)
