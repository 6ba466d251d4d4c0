"""Saving invoices and credit notes of customers.

What may still be changed depends: a document with payments or credits keeps its lines, dates and contact; edits of
DueDate and SentToContact pass there and do not move UpdatedDateUTC; an ExpectedPaymentDate is taken and forgotten
(fact sheet, sections 4 and 7; anchors.md on Chaser).
"""

from datetime import date, datetime, timedelta
from typing import Any

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Credit, Customer, Document, Invoice, Standing
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.reading.selection import OUR_APP
from dunwell.sandbox.xero.wire import Unfit
from dunwell.sandbox.xero.writing import people
from dunwell.sandbox.xero.writing.incoming import Incoming
from dunwell.sandbox.xero.writing.lines import lines

_STATUSES = {"DRAFT": Standing.DRAFT, "SUBMITTED": Standing.DRAFT, "AUTHORISED": Standing.ISSUED}
_NOT_EDITABLE = "Invoice not of valid status for modification"
_SETTLED = f"{_NOT_EDITABLE} This document cannot be edited as it has a payment or credit note allocated to it."
_LOCKED = "The document date cannot be before the end of year lock date, currently {locked:%d %B %Y}"
_TEXTS = ("Reference", "Url", "BrandingThemeID")
_FROZEN = ("Date", "CurrencyCode", "Contact", "LineItems")


class Sales:
    """Writes documents of one company at one instant. `locked_until`: nothing dated up to then can be changed."""

    def __init__(self, books: Books, now: datetime, today: date, locked_until: date) -> None:
        self._books, self._now, self._today, self._locked = books, now, today, locked_until

    def invoice(self, request: Incoming, before: Invoice | None, prefix: str) -> Invoice:
        """Create an invoice, or update one. Raises `Unfit`."""
        if request.text("Type") == "ACCPAY":
            raise Unfit("Invoice not of valid type for creation")
        self._number_free(request, before)
        if before is not None:
            self._update(request, before)
            return before
        facts = self._facts(request)
        number = request.text("InvoiceNumber") or self._books.free_number(prefix)
        due_on = request.day("DueDate") or self._by_terms(facts)
        if due_on is None and facts["standing"] is Standing.ISSUED:
            raise Unfit("The DueDate field must be specified for approved invoices.")
        sent = request.flag("SentToContact") is True and self._may_be_sent(facts["standing"])
        return self._books.add_invoice(
            self._now, **facts, number=number, due_on=due_on, sent_at=self._now if sent else None
        )

    def credit_note(self, request: Incoming, prefix: str) -> Credit:
        """Create a credit note. Raises `Unfit`."""
        if request.text("Type") != "ACCRECCREDIT":
            raise Unfit("Credit note not of valid type for creation")
        facts = self._facts(request)
        number = request.text("CreditNoteNumber") or self._books.free_number(prefix)
        return self._books.add_credit(self._now, **facts, number=number)

    def _number_free(self, request: Incoming, before: Invoice | None) -> None:
        number = request.text("InvoiceNumber")
        if number is not None and any(
            each.number == number and each is not before and each.standing is not Standing.DELETED
            for each in self._books.invoices.values()
        ):
            raise Unfit("Invoice # must be unique.")

    def _facts(self, request: Incoming) -> dict[str, Any]:
        contact = request.thing("Contact")
        if contact is None:
            raise Unfit("A Contact must be specified for this type of transaction")
        status = request.text("Status") or "DRAFT"
        if status not in _STATUSES:
            raise Unfit("Invoice not of valid status for creation")
        made = lines(request)
        if not made and status == "AUTHORISED":
            raise Unfit("One or more line items must be specified")
        issued_on = request.day("Date") or self._today
        self._unlocked(issued_on)
        customer = people.overwritten(self._books, contact, self._now)
        return {
            "customer_id": customer.id,
            "currency": request.text("CurrencyCode") or customer.currency,
            "issued_on": issued_on,
            "lines": made,
            "email": customer.email,
            "standing": _STATUSES[status],
            "fields": {**self._texts(request), OUR_APP: True, **({"Status": status} if status == "SUBMITTED" else {})},
        }

    def _texts(self, request: Incoming) -> dict[str, Any]:
        """What is stored as it comes; Url must not lead to Xero itself."""
        texts: dict[str, Any] = {name: request.text(name) or "" for name in _TEXTS if request.has(name)}
        if "xero" in str(texts.get("Url", "")).lower():
            raise Unfit("Url must not contain the word xero.")
        if (expected := request.day("ExpectedPaymentDate")) is not None:
            texts["ExpectedPaymentDate"] = expected
        if (rate := request.number("CurrencyRate")) is not None:
            texts["CurrencyRate"] = rate
        return texts

    def _by_terms(self, facts: dict[str, Any]) -> date | None:
        days = self._books.customers[facts["customer_id"]].term_days
        issued_on: date = facts["issued_on"]
        return None if days is None else issued_on + timedelta(days=days)

    def _unlocked(self, on: date) -> None:
        if on <= self._locked:
            raise Unfit(_LOCKED.format(locked=self._locked))

    @staticmethod
    def _may_be_sent(standing: Standing) -> bool:
        if standing is not Standing.ISSUED:
            raise Unfit("SentToContact can only be set on approved invoices.")
        return True

    def _update(self, request: Incoming, before: Invoice) -> None:
        if before.standing in (Standing.VOIDED, Standing.DELETED):
            raise Unfit(_NOT_EDITABLE)
        status = request.text("Status")
        if status in ("VOIDED", "DELETED"):
            self._end(before, status)
            return
        self._unlocked(before.issued_on)
        if self._books.settling(before):
            self._update_settled(request, before, status)
        else:
            self._update_open(request, before, status)

    def _end(self, before: Invoice, status: str) -> None:
        if self._books.settling(before):
            raise Unfit(_SETTLED)
        draft = before.standing is Standing.DRAFT
        if draft is (status == "VOIDED"):
            raise Unfit(_NOT_EDITABLE)
        self._unlocked(before.issued_on)
        self._books.end(self._now, before, Standing.DELETED if draft else Standing.VOIDED)

    def _update_settled(self, request: Incoming, before: Invoice, status: str | None) -> None:
        if status not in (None, "AUTHORISED", "PAID") or any(self._differs(request, before, name) for name in _FROZEN):
            raise Unfit(_SETTLED)
        texts = self._texts(request)
        texts.pop("ExpectedPaymentDate", None)
        facts = {"fields": {**before.fields, **texts}, **self._sending(request, before)}
        if request.day("DueDate") is not None:
            facts["due_on"] = request.day("DueDate")
        self._books.change_unseen(before, **facts)

    def _differs(self, request: Incoming, before: Invoice, name: str) -> bool:
        """Whether the request would change it; a document may be sent back as it was read."""
        match name:
            case "Date":
                return request.day("Date") not in (None, before.issued_on)
            case "CurrencyCode":
                return request.text("CurrencyCode") not in (None, before.currency)
            case "Contact":
                contact = request.thing("Contact")
                wanted = None if contact is None else contact.text("ContactID")
                return wanted not in (None, uuid_of("contact", before.customer_id))
        return bool(request.things("LineItems")) and sum(each.amount for each in lines(request)) != before.face

    def _sending(self, request: Incoming, before: Invoice) -> dict[str, Any]:
        sent = request.flag("SentToContact")
        if sent is None:
            return {}
        if not sent:
            return {"sent_at": None, "fields": {**before.fields, **self._texts(request), "SentToContact": False}}
        self._may_be_sent(before.standing if request.text("Status") != "AUTHORISED" else Standing.ISSUED)
        return {"sent_at": before.sent_at or self._now}

    def _update_open(self, request: Incoming, before: Invoice, status: str | None) -> None:
        facts: dict[str, Any] = {"fields": {**before.fields, **self._texts(request)}, **self._sending(request, before)}
        if status is not None:
            facts |= self._standing(before, status)
        for name, fact in (("Date", "issued_on"), ("DueDate", "due_on")):
            if request.day(name) is not None:
                facts[fact] = request.day(name)
        if (number := request.text("InvoiceNumber")) is not None:
            facts["number"] = number
        if (contact := request.thing("Contact")) is not None:
            facts["customer_id"] = self._contact(contact).id
        if request.things("LineItems"):
            facts["lines"] = lines(request)
            facts["fields"]["LinesWritten"] = before.fields.get("LinesWritten", 0) + 1
        self._books.change(self._now, before, **facts)

    def _contact(self, request: Incoming) -> Customer:
        return people.overwritten(self._books, request, self._now)

    def _standing(self, before: Document, status: str) -> dict[str, Any]:
        if status not in _STATUSES or (before.standing is Standing.ISSUED and status != "AUTHORISED"):
            raise Unfit(_NOT_EDITABLE)
        return {"standing": _STATUSES[status]}
