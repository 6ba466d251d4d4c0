"""PUT, POST and DELETE."""

from collections.abc import Callable
from datetime import datetime

from dunwell.sandbox.books.records import Allocation, Credit, Customer, Invoice, Payment, Refund, Standing
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.exchange import Answer, Call, json_answer
from dunwell.sandbox.xero import lists
from dunwell.sandbox.xero.bodies import parts
from dunwell.sandbox.xero.ids import theme, uuid_of
from dunwell.sandbox.xero.reading.reader import WITH_FILES, Reader
from dunwell.sandbox.xero.reading.shelf import Entry, Shelf
from dunwell.sandbox.xero.wire import Body, Unfit, day, instant, invalid, money, not_found
from dunwell.sandbox.xero.writing import papers, people
from dunwell.sandbox.xero.writing.incoming import Incoming, elements, save_each
from dunwell.sandbox.xero.writing.money import Money
from dunwell.sandbox.xero.writing.papers import Owner
from dunwell.sandbox.xero.writing.sales import Sales
from dunwell.sandbox.xero.writing.services import Services

_MARKS = {
    "Contacts": "ContactID Name ContactNumber",
    "Invoices": "InvoiceID Type InvoiceNumber Contact",
    "CreditNotes": "CreditNoteID Type Contact",
    "Payments": "PaymentID Amount Invoice CreditNote Overpayment Prepayment",
}
_WRONG_DOCUMENT = "The document with the supplied id was not found for this endpoint."
_MAILED = ("SUBMITTED", "AUTHORISED", "PAID")


class Writer:
    """Takes what is written to the books, and shows what came of it."""

    def __init__(self, ledger: Ledger, shelf: Shelf, services: Services) -> None:
        self._ledger, self._books = ledger, ledger.books
        self._shelf, self._services = shelf, services
        self._reader = Reader(ledger, shelf, services)

    def write(self, call: Call, path: list[str], now: datetime) -> Body | Answer:
        """The content of the answer, or an answer that has none. Raises `Refused`."""
        match call.method, path:
            case (("PUT" | "POST"), [endpoint]) if endpoint in _MARKS:
                return self._saved(call, endpoint, None, now)
            case "POST", [("Contacts" | "Invoices" | "Payments") as endpoint, object_id]:
                return self._saved(call, endpoint, object_id, now)
            case "PUT", [endpoint, object_id, "History"] if endpoint in self._shelf.endpoints:
                return self._noted(call, endpoint, object_id, now)
            case (("PUT" | "POST"), [endpoint, object_id, "Attachments", name]) if endpoint in WITH_FILES:
                return self._attached(call, endpoint, self._reader.one(endpoint, object_id), name, now)
            case "POST", ["Invoices", object_id, "Email"]:
                return self._mailed(self._reader.one("Invoices", object_id), now)
        return self._other(call, path, now)

    def _other(self, call: Call, path: list[str], now: datetime) -> Body | Answer:
        match call.method, path:
            case "PUT", [endpoint, object_id, "Allocations"] if endpoint in self._shelf.endpoints:
                return self._allocated(call, self._source(endpoint, object_id), endpoint, now)
            case "DELETE", [endpoint, object_id, "Allocations", allocation_id] if endpoint in self._shelf.endpoints:
                return self._freed(self._source(endpoint, object_id), allocation_id, now)
            case "PUT", ["PaymentServices"]:
                found = elements(call, "PaymentServices", "PaymentServiceName")
                return save_each(call, "PaymentServices", found, self._services.add, "PaymentServiceID")
            case "POST", ["BrandingThemes", theme_id, "PaymentServices"]:
                if theme_id.lower() not in {theme(number) for number in range(1, len(lists.THEMES) + 1)}:
                    raise not_found()
                found = elements(call, "PaymentServices", "PaymentServiceID")

                def show(request: Incoming) -> Body:
                    return self._services.show(theme_id.lower(), request)

                return save_each(call, "PaymentServices", found, show, "PaymentServiceID")
        raise not_found()

    def _saved(self, call: Call, endpoint: str, object_id: str | None, now: datetime) -> Body:
        found = elements(call, endpoint, f"{_MARKS[endpoint]} {'Status' if object_id else ''}")
        savers: dict[str, Callable[[Incoming], str]] = {
            "Contacts": lambda one: self._contact(one, now, create=call.method == "PUT"),
            "Invoices": lambda one: self._invoice(one, now, create=call.method == "PUT"),
            "CreditNotes": lambda one: self._credit_note(one, now),
            "Payments": lambda one: self._money(now).payment(one),
        }
        id_name = f"{endpoint.removesuffix('s')}ID"
        if object_id is not None:
            entry = self._reader.one(endpoint, object_id)
            found = [Incoming({**one.body, id_name: entry.id}, endpoint) for one in found[:1]]

        def save(request: Incoming) -> Body:
            saved_id = savers[endpoint](request)
            return self._reader.whole(endpoint, self._shelf.all(endpoint)[saved_id], call.base)

        return save_each(call, endpoint, found, save, id_name)

    def _contact(self, request: Incoming, now: datetime, *, create: bool) -> str:
        return uuid_of("contact", people.save(self._books, request, now, create=create).id)

    def _sales(self, now: datetime) -> Sales:
        return Sales(self._books, now, self._reader.today(now), lists.locked_until(self._ledger.start))

    def _money(self, now: datetime) -> Money:
        return Money(self._books, self._shelf, now, self._reader.today(now))

    def _invoice(self, request: Incoming, now: datetime, *, create: bool) -> str:
        before = None if create else self._before(request)
        made = self._sales(now).invoice(request, before, self._ledger.plot.invoice_prefix)
        return uuid_of("invoice", made.id)

    def _before(self, request: Incoming) -> Invoice | None:
        """The invoice that a POST names, by its id or its number; None where it makes a new one. Raises `Unfit`."""
        named = request.text("InvoiceID")
        entry = self._shelf.all("Invoices").get((named or "").lower())
        if named is not None and (entry is None or not isinstance(entry.record, Invoice)):
            raise Unfit("Invoice could not be found")
        if entry is not None and isinstance(entry.record, Invoice):
            return entry.record
        number = request.text("InvoiceNumber")
        living = (each for each in self._books.invoices.values() if each.standing is not Standing.DELETED)
        return next((each for each in living if number is not None and each.number == number), None)

    def _credit_note(self, request: Incoming, now: datetime) -> str:
        made = self._sales(now).credit_note(request, self._ledger.plot.credit_prefix or "")
        return uuid_of("credit", made.id)

    def _owner(self, endpoint: str, entry: Entry) -> Owner:
        """Whose note or file it is going to be. Raises `Refused` in the words of the official example."""
        kinds = {Customer: "customer", Invoice: "invoice", Credit: "credit", Payment: "payment", Refund: "refund"}
        kind = kinds.get(type(entry.record)) if entry.record is not None else None
        if kind is None or entry.record is None:
            raise invalid(_WRONG_DOCUMENT)
        return endpoint, entry.id, (kind, entry.record.id)

    def _noted(self, call: Call, endpoint: str, object_id: str, now: datetime) -> Body:
        found = elements(call, "HistoryRecords", "Details")
        entry = self._shelf.all(endpoint).get(object_id.lower())
        if entry is None:
            raise invalid(_WRONG_DOCUMENT, found[0].body)
        owner = self._owner(endpoint, entry)

        def save(request: Incoming) -> Body:
            note = papers.add_note(self._books, owner, request, now)
            stamps = {"DateUTCString": f"{now:%Y-%m-%dT%H:%M:%S}", "DateUTC": instant(now)}
            return {**stamps, "Details": note.note, "ValidationErrors": []}

        try:
            made = [save(each) for each in found]
        except Unfit as unfit:
            raise invalid(str(unfit), found[0].body) from None
        return {"HistoryRecords": made}

    def _attached(self, call: Call, endpoint: str, entry: Entry, name: str, now: datetime) -> Body:
        """A file. It can be shown to the customer where it is put on an invoice or credit note, and only there."""
        asked = next((value for key, value in call.query if key.lower() == "includeonline"), "")
        online = asked.lower() == "true" and call.method == "PUT" and endpoint != "Contacts"
        paper = papers.attach(self._books, self._owner(endpoint, entry), name, call.body, now, online=online)
        return {"Attachments": [parts.attachment(paper, call.base)]}

    def _mailed(self, entry: Entry, now: datetime) -> Answer:
        """Xero mails the invoice itself, in its own words; it is marked as sent then."""
        invoice = entry.record
        if not isinstance(invoice, Invoice) or entry.body["Status"] not in _MAILED:
            raise invalid("Invoice is not of valid status or type for emailing.", {"InvoiceID": entry.id})
        if not self._shelf.all("Contacts")[entry.body["Contact"]["ContactID"]].body["EmailAddress"]:
            raise invalid("Email address is required for the contact.", {"InvoiceID": entry.id})
        if self._books.settling(invoice):
            self._books.change_unseen(invoice, sent_at=now)
        else:
            self._books.change(now, invoice, sent_at=now)
        return Answer(status=204)

    def _source(self, endpoint: str, object_id: str) -> Credit | Payment:
        record = self._reader.one(endpoint, object_id).record
        if not isinstance(record, Credit | Payment) or endpoint == "Payments":
            raise not_found()
        return record

    def _allocated(self, call: Call, source: Credit | Payment, endpoint: str, now: datetime) -> Body:
        found = elements(call, "Allocations", "Amount Invoice")
        source_id = uuid_of("credit" if isinstance(source, Credit) else "surplus", source.id)

        def save(request: Incoming) -> Body:
            made = self._money(now).allocate(source, request)
            name = endpoint.removesuffix("s")
            return {**self._allocation(made), name: {f"{name}ID": source_id, "ID": source_id, "LineItems": []}}

        return save_each(call, "Allocations", found, save, "AllocationID")

    def _allocation(self, made: Allocation) -> Body:
        settled = self._books.invoices[made.invoice_id]
        return {
            "AllocationID": uuid_of("allocation", made.id),
            "Amount": money(made.amount),
            "Date": day(made.on),
            "Invoice": parts.invoice_brief(uuid_of("invoice", settled.id), settled.number),
            "ValidationErrors": [],
        }

    def _freed(self, source: Credit | Payment, allocation_id: str, now: datetime) -> Answer:
        """A bare object, without the envelope of all others (official example)."""
        freed = self._money(now).free(source, allocation_id)
        if freed is None:
            raise not_found()
        invoice_id = uuid_of("invoice", freed.invoice_id)
        body = {"AllocationId": allocation_id, "Date": instant(now), "Invoice": [{"InvoiceID": invoice_id}]}
        return json_answer({**body, "IsDeleted": True})
