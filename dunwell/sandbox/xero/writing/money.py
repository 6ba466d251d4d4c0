"""Saving payments and allocations: money received and given back, and credits used on invoices."""

from datetime import date, datetime
from decimal import Decimal

from dunwell.sandbox.books.books import Books, Part
from dunwell.sandbox.books.figures import open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.records import Allocation, Credit, End, Invoice, Payment, Refund, Standing
from dunwell.sandbox.xero.bodies.payments import direct
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.reading.selection import OUR_APP
from dunwell.sandbox.xero.reading.shelf import Shelf
from dunwell.sandbox.xero.wire import Unfit, minor
from dunwell.sandbox.xero.writing.incoming import Incoming

TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"
_BATCHED = "Payments that are part of a batch cannot be deleted on their own; delete the batch."


class Money:
    """Writes payments and allocations of one company at one instant."""

    def __init__(self, books: Books, shelf: Shelf, now: datetime, today: date) -> None:
        self._books, self._shelf, self._now, self._today = books, shelf, now, today

    def payment(self, request: Incoming) -> str:
        """Create a payment of an invoice, or a refund of a credit; its id. Raises `Unfit`."""
        if request.text("PaymentID") is not None and request.text("Status") == "DELETED":
            return self.delete(str(request.text("PaymentID")))
        if request.thing("Account") is None and request.text("Code") is None:
            raise Unfit("An account must be specified for the payment.")
        amount = self._amount(request)
        source = self._source(request)
        if source is not None:
            return self._refunded(request, source, amount)
        invoice = self._invoice(request)
        if amount > open_of(self._books, invoice):
            raise Unfit(TOO_MUCH)
        made = self._books.add_payment(
            self._now,
            [Part(invoice.id, amount)],
            customer_id=invoice.customer_id,
            currency=invoice.currency,
            paid_on=request.day("Date") or self._today,
            total=amount,
            reference=request.text("Reference"),
            fields={OUR_APP: True},
        )
        return uuid_of("payment", made.allocations[0].id)

    def _amount(self, request: Incoming) -> int:
        amount = minor(request.number("Amount") or Decimal(0))
        if amount <= 0:
            raise Unfit("The payment amount must be greater than zero.")
        return amount

    def _invoice(self, request: Incoming) -> Invoice:
        named = request.thing("Invoice")
        invoice_id = named.text("InvoiceID") if named is not None else None
        number = (named.text("InvoiceNumber") if named is not None else None) or request.text("InvoiceNumber")
        for each in self._books.invoices.values():
            if uuid_of("invoice", each.id) == (invoice_id or "").lower() or (number and each.number == number):
                if each.standing is not Standing.ISSUED:
                    raise Unfit("Payments can only be made against Authorised documents")
                return each
        raise Unfit("Invoice could not be found")

    def _source(self, request: Incoming) -> Credit | Payment | None:
        """The credit note, overpayment or prepayment that is given back; None where an invoice is paid."""
        for name in ("CreditNote", "Overpayment", "Prepayment"):
            named = request.thing(name)
            if named is not None:
                found = self._shelf.all(f"{name}s").get((named.text(f"{name}ID") or "").lower())
                if found is None or not isinstance(found.record, Credit | Payment):
                    raise Unfit(f"{name} could not be found")
                return found.record
        return None

    def _refunded(self, request: Incoming, source: Credit | Payment, amount: int) -> str:
        if amount > self._left(source):
            raise Unfit(TOO_MUCH)
        facts = {"paid_on": request.day("Date") or self._today, "reference": request.text("Reference")}
        made = self._books.add_refund(self._now, source, amount, **facts, fields={OUR_APP: True})
        return uuid_of("refund", made.id)

    def _left(self, source: Credit | Payment) -> int:
        return remaining_of(self._books, source) if isinstance(source, Credit) else unapplied_of(self._books, source)

    def delete(self, payment_id: str) -> str:
        """Delete a payment; what it paid is open again. Raises `Unfit`."""
        entry = self._shelf.all("Payments").get(payment_id.lower())
        if entry is None or entry.record is None:
            raise Unfit("Payment could not be found")
        if entry.deleted:
            raise Unfit("Payment has already been deleted")
        if isinstance(entry.record, Refund):
            self._books.end(self._now, entry.record, Standing.DELETED)
        elif isinstance(entry.record, Payment):
            self._take_back(entry.record, entry.id)
        return entry.id

    def _take_back(self, payment: Payment, payment_id: str) -> None:
        parts = direct(payment)
        if len(parts) > 1:
            raise Unfit(_BATCHED)
        if parts[0].amount == payment.total:
            self._books.end(self._now, payment, Standing.DELETED)
        else:
            self._books.release(self._now, payment, parts[0], End.TAKEN_BACK)

    def allocate(self, source: Credit | Payment, request: Incoming) -> Allocation:
        """Use so much of a credit on an invoice. Raises `Unfit`."""
        amount, invoice = self._amount(request), self._invoice(request)
        if request.day("Date") is None:
            raise Unfit("The allocation date must be specified.")
        if invoice.currency != source.currency:
            raise Unfit("The allocation must be in the currency of the document.")
        if amount > self._left(source):
            raise Unfit("Allocation amount exceeds the remaining credit on this document")
        if amount > open_of(self._books, invoice):
            raise Unfit(TOO_MUCH)
        part, on = [Part(invoice.id, amount)], request.day("Date") or self._today
        if isinstance(source, Credit):
            return self._books.apply_credit(self._now, source, part, on).allocations[0]
        self._books.apply_payment(self._now, source, part, on)
        return source.allocations[-1]

    def free(self, source: Credit | Payment, allocation_id: str) -> Allocation | None:
        """Take an allocation back; None where there is none of that id."""
        found = self._books.drawing(source) if isinstance(source, Credit) else source.allocations
        for each in found:
            if uuid_of("allocation", each.id) == allocation_id.lower():
                self._books.release(self._now, self._books.payments[each.payment_id], each, End.FREED)
                return each
        return None
