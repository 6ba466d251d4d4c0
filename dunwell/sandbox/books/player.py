"""Plays a story into the books as time passes; what can no longer happen is skipped."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dunwell.sandbox.books.books import Books, Part
from dunwell.sandbox.books.figures import open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.records import Credit, Customer, Invoice, Life, Payment, Standing
from dunwell.sandbox.story import events


class Player:
    """Keeps the place in the story. Records are found by the story's keys; those made by hand have none."""

    def __init__(self, books: Books, story: Sequence[events.AnyEvent]) -> None:
        self._books = books
        self._story = story
        self._next = 0
        self._customers: dict[str, Customer] = {}
        self._invoices: dict[str, Invoice] = {}
        self._payments: dict[str, Payment] = {}
        self._credits: dict[str, Credit] = {}
        self._plays: dict[type, Callable[[Any], None]] = {
            events.CustomerAdded: self._customer_added,
            events.InvoiceIssued: self._invoice_issued,
            events.InvoiceSent: self._invoice_sent,
            events.InvoiceVoided: self._invoice_voided,
            events.InvoiceDeleted: self._invoice_deleted,
            events.PaymentReceived: self._payment_received,
            events.PaymentApplied: self._payment_applied,
            events.PaymentDeleted: self._payment_deleted,
            events.CreditIssued: self._credit_issued,
            events.CreditApplied: self._credit_applied,
            events.RefundPaid: self._refund_paid,
            events.CustomerArchived: self._customer_archived,
            events.CustomerMerged: self._customer_merged,
        }

    def advance(self, now: datetime) -> int:
        """Let everything happen whose instant has come; how many events that were."""
        start = self._next
        while self._next < len(self._story) and self._story[self._next].at <= now:
            event = self._story[self._next]
            self._plays[type(event)](event)
            self._next += 1
        return self._next - start

    def _customer_added(self, event: events.CustomerAdded) -> None:
        facts = msgspec.structs.asdict(event)
        at, parent = facts.pop("at"), facts.pop("parent")
        parent_id = self._customers[parent].id if parent is not None else None
        self._customers[event.key] = self._books.add_customer(at, parent_id=parent_id, **facts)

    def _invoice_issued(self, event: events.InvoiceIssued) -> None:
        customer = self._living(event.customer)
        facts = msgspec.structs.asdict(event)
        for name in ("at", "customer", "draft"):
            del facts[name]
        self._invoices[event.key] = self._books.add_invoice(
            event.at,
            **facts,
            customer_id=customer.id,
            email=customer.email,
            standing=Standing.DRAFT if event.draft else Standing.ISSUED,
        )

    def _invoice_sent(self, event: events.InvoiceSent) -> None:
        invoice = self._invoices[event.invoice]
        if invoice.standing in (Standing.ISSUED, Standing.DRAFT) and invoice.email:
            self._books.change(event.at, invoice, sent_at=event.at, standing=Standing.ISSUED)

    def _invoice_voided(self, event: events.InvoiceVoided) -> None:
        invoice = self._invoices[event.invoice]
        if invoice.standing is Standing.ISSUED:
            self._books.end(event.at, invoice, Standing.VOIDED)

    def _invoice_deleted(self, event: events.InvoiceDeleted) -> None:
        self._books.end(event.at, self._invoices[event.invoice], Standing.DELETED)

    def _payment_received(self, event: events.PaymentReceived) -> None:
        parts, due = [], 0
        for key, amount in event.parts:
            invoice = self._invoices[key]
            still = open_of(self._books, invoice)
            paid = still if amount is None else min(amount, still)
            if paid > 0:
                parts.append(Part(invoice.id, paid))
                due += paid
        if due + event.extra <= 0:
            return
        customer = self._living(event.customer)
        self._payments[event.key] = self._books.add_payment(
            event.at,
            parts,
            key=event.key,
            customer_id=customer.id,
            currency=event.currency,
            paid_on=event.paid_on,
            total=due + event.extra,
            method=event.method,
            reference=event.reference,
            surplus=event.surplus,
        )

    def _payment_applied(self, event: events.PaymentApplied) -> None:
        payment = self._payments.get(event.payment)
        if payment is not None and unapplied_of(self._books, payment) > 0 and (parts := self._open(event.invoices)):
            self._books.apply_payment(event.at, payment, parts, event.on)

    def _payment_deleted(self, event: events.PaymentDeleted) -> None:
        payment = self._payments.get(event.payment)
        if payment is not None:
            self._books.end(event.at, payment, Standing.DELETED)

    def _credit_issued(self, event: events.CreditIssued) -> None:
        customer = self._living(event.customer)
        self._credits[event.key] = self._books.add_credit(
            event.at,
            key=event.key,
            customer_id=customer.id,
            currency=event.currency,
            number=event.number,
            issued_on=event.issued_on,
            lines=event.lines,
            email=customer.email,
        )

    def _credit_applied(self, event: events.CreditApplied) -> None:
        credit = self._credits[event.credit]
        if remaining_of(self._books, credit) > 0 and (parts := self._open(event.invoices)):
            self._books.apply_credit(event.at, credit, parts, event.on)

    def _refund_paid(self, event: events.RefundPaid) -> None:
        credit, payment = self._credits.get(event.credit or ""), self._payments.get(event.payment or "")
        left = remaining_of(self._books, credit) if credit else unapplied_of(self._books, payment) if payment else 0
        amount = left if event.amount is None else min(left, event.amount)
        if (source := credit or payment) is not None and amount > 0:
            facts = {"key": event.key, "paid_on": event.on, "reference": event.reference}
            self._books.add_refund(event.at, source, amount, **facts)

    def _customer_archived(self, event: events.CustomerArchived) -> None:
        customer = self._customers[event.customer]
        if customer.life is Life.ACTIVE:
            self._books.archive(event.at, customer)

    def _customer_merged(self, event: events.CustomerMerged) -> None:
        loser, winner = self._customers[event.loser], self._customers[event.winner]
        if loser.life is not Life.MERGED:
            self._books.merge(event.at, loser, winner)

    def _living(self, key: str) -> Customer:
        """The customer of that key, or the one it was merged into."""
        customer = self._customers[key]
        while customer.merged_into is not None:
            customer = self._books.customers[customer.merged_into]
        return customer

    def _open(self, keys: Sequence[str]) -> list[Part]:
        invoices = (self._invoices[key] for key in keys)
        return [Part(each.id) for each in invoices if open_of(self._books, each) > 0]
