"""GET: lists, single objects, and what hangs on them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dunwell.sandbox.books import pdf
from dunwell.sandbox.books.records import Customer, Invoice, Standing
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.dice import digest
from dunwell.sandbox.exchange import Answer, Call
from dunwell.sandbox.xero import lists
from dunwell.sandbox.xero.bodies import contacts, parts
from dunwell.sandbox.xero.reading import aged, asked, selection
from dunwell.sandbox.xero.reading.history import history
from dunwell.sandbox.xero.reading.shelf import Entry, Shelf
from dunwell.sandbox.xero.wire import Body, invalid, not_found
from dunwell.sandbox.xero.writing.papers import files_of, one_file
from dunwell.sandbox.xero.writing.services import Services

_NUMBERS = {"Invoices": "InvoiceNumber", "CreditNotes": "CreditNoteNumber", "Contacts": "ContactNumber"}
WITH_FILES = ("Contacts", "Invoices", "CreditNotes")


class Reader:
    """Answers what is asked of the shelf and of the organisation's settings."""

    def __init__(self, ledger: Ledger, shelf: Shelf, services: Services) -> None:
        self._ledger, self._books = ledger, ledger.books
        self._shelf, self._services = shelf, services

    def read(self, call: Call, path: list[str], now: datetime) -> Body | Answer:
        """The content of the answer, or an answer that is not JSON. Raises `Refused`."""
        match path:
            case [endpoint] if endpoint in self._shelf.endpoints:
                return selection.listed(endpoint, self._shelf.all(endpoint).values(), asked.read(call))
            case [endpoint, object_id] if endpoint in self._shelf.endpoints:
                return self._single(endpoint, object_id, call)
            case [endpoint, object_id, *rest] if endpoint in self._shelf.endpoints:
                return self._hanging(endpoint, self.one(endpoint, object_id), rest, call)
            case ["Reports", "AgedReceivablesByContact"]:
                return self._aged(call, now)
        return self._setting(path)

    def one(self, endpoint: str, object_id: str) -> Entry:
        """The object of an id, or of a number where the list has them. Raises `Refused`."""
        entries = self._shelf.all(endpoint)
        found = entries.get(object_id.lower())
        name = _NUMBERS.get(endpoint)
        if found is None and name is not None and object_id:
            found = next((each for each in entries.values() if each.body.get(name) == object_id), None)
        if found is None:
            raise not_found()
        return found

    def _single(self, endpoint: str, object_id: str, call: Call) -> Body | Answer:
        entry = self.one(endpoint, object_id)
        if endpoint == "Invoices" and "application/pdf" in call.header("accept"):
            return self._printed(entry)
        return {endpoint: [selection.with_places(self.whole(endpoint, entry, call.base), asked.read(call).places)]}

    def whole(self, endpoint: str, entry: Entry, base: str) -> Body:
        """An object with what only its single read has: its whole contact, its files; a payment its whole invoice."""
        body = dict(entry.body)
        if endpoint == "Payments":
            invoice = self._shelf.all("Invoices").get(body["Invoice"]["InvoiceID"])
            return body if invoice is None else {**body, "Invoice": invoice.body}
        if endpoint != "Contacts":
            contact = self._shelf.all("Contacts")[body["Contact"]["ContactID"]].body
            body["Contact"] = {
                name: value for name, value in contact.items() if name not in ("Balances", "PaymentTerms")
            }
        if files := files_of(self._books, entry.id):
            body["Attachments"] = parts.attachments(files, base)
        return body

    def _printed(self, entry: Entry) -> Answer:
        if not isinstance(entry.record, Invoice) or entry.record.standing is Standing.DELETED:
            raise not_found()
        return Answer(body=pdf.invoice_pdf(self._books, entry.record), media_type="application/pdf")

    def _hanging(self, endpoint: str, entry: Entry, rest: list[str], call: Call) -> Body | Answer:
        match rest:
            case ["History"]:
                told = [] if entry.record is None else history(self._books, entry.record, entry.id)
                return {"HistoryRecords": told}
            case ["Attachments"] if endpoint in WITH_FILES:
                return {"Attachments": parts.attachments(files_of(self._books, entry.id), call.base)}
            case ["Attachments", named] if endpoint in WITH_FILES:
                return self._file(entry, named)
            case ["OnlineInvoice"] if endpoint == "Invoices":
                return {"OnlineInvoices": [{"OnlineInvoiceUrl": self._online(entry)}]}
            case ["pdf"] if endpoint == "Invoices":
                return self._printed(entry)
        raise not_found()

    def _file(self, entry: Entry, named: str) -> Answer:
        paper = one_file(self._books, entry.id, named)
        if paper is None or paper.content is None:
            raise not_found()
        return Answer(body=paper.content, media_type=paper.media_type or "application/octet-stream")

    def _online(self, entry: Entry) -> str:
        """Where the customer sees the invoice, and can pay it. Only approved ones have that; for others a 404 is what
        the sandbox takes Xero to say [UNCONFIRMED].
        """
        if not isinstance(entry.record, Invoice) or entry.record.standing is not Standing.ISSUED:
            raise not_found()
        return f"https://in.xero.com/{digest('online', entry.id, size=20)}"

    def _aged(self, call: Call, now: datetime) -> Body:
        contact_id = next((value for name, value in call.query if name.lower() == "contactid"), None)
        if not contact_id:
            raise invalid("The contactID parameter is required.")
        customer = self.one("Contacts", contact_id).record
        if not isinstance(customer, Customer):
            raise not_found()
        return aged.report(self._books, customer, aged.period(call, self.today(now)), now, self._ledger.switches)

    def today(self, now: datetime) -> date:
        """The organisation's day."""
        return now.astimezone(ZoneInfo(self._books.company.zone)).date()

    def _setting(self, path: list[str]) -> Body:
        match path:
            case ["Organisation"]:
                return {"Organisations": [lists.organisation(self._ledger)]}
            case ["Organisation", "Actions"]:
                return {"Actions": lists.actions()}
            case ["InvoiceReminders", "Settings"]:
                return {"InvoiceReminders": [{"Enabled": self._ledger.switches[lists.REMINDERS]}]}
            case ["Currencies"]:
                return {"Currencies": lists.currencies(self._ledger)}
            case ["RepeatingInvoices"]:
                return {"RepeatingInvoices": []}
            case ["ContactGroups", *rest]:
                return {"ContactGroups": self._groups(rest)}
            case ["PaymentServices"]:
                return {"PaymentServices": self._services.all()}
        return self._themes(path)

    def _themes(self, path: list[str]) -> Body:
        themes = lists.branding_themes()
        match path:
            case ["BrandingThemes"]:
                return {"BrandingThemes": themes}
            case ["BrandingThemes", theme_id, *rest]:
                found = [each for each in themes if each["BrandingThemeID"] == theme_id.lower()]
                if found and not rest:
                    return {"BrandingThemes": found}
                if found and rest == ["PaymentServices"]:
                    return {"PaymentServices": self._services.of_theme(theme_id.lower())}
        raise not_found()

    def _groups(self, rest: list[str]) -> list[Body]:
        """All groups, or one with its members."""
        numbers = range(1, len(contacts.GROUPS) + 1)
        if not rest:
            return [contacts.group(number) for number in numbers]
        for number in numbers:
            if contacts.group(number)["ContactGroupID"] == rest[0].lower() and len(rest) == 1:
                everybody = self._books.customers.values()
                return [contacts.group_with(number, [each for each in everybody if number in contacts.groups_of(each)])]
        raise not_found()
