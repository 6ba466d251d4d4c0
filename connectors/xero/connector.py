"""Xero as a `connectors.base.Connector`: what is asked, in which order, and what is made of it.

Lists are paged in the order of their ids, which edits cannot shift; with the default order (last changed) an edited row
moves to the end and everything behind it moves up.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from connectors.base import Clock, Page, RawRecord, Target, Write, Written
from connectors.errors import BadAnswer
from connectors.transport import Answer, Transport
from connectors.xero import bodies, records, writing
from connectors.xero.records import ENTITIES, Entity
from connectors.xero.sdk import Api
from strategy import money
from strategy.model import Balance, Currency, CustomerId, InvoiceId, Kind, Platform, Switch

ASKED_AT_ONCE = 40
"""Ids in one query; forty are 1,500 characters."""

_WHERE = {"Invoices": 'Type=="ACCREC"', "CreditNotes": 'Type=="ACCRECCREDIT"'}
"""Only what customers owe. Payments, over- and prepayments are told apart when they are read: Xero calls an OR over
100,000 rows unoptimised, and refuses it."""

_ORDER = {
    "Contacts": "ContactID",
    "Invoices": "InvoiceID",
    "Payments": "PaymentID",
    "CreditNotes": "CreditNoteID",
    "Overpayments": "OverpaymentID",
    "Prepayments": "PrepaymentID",
}

_Listed = dict[str, msgspec.Raw]
"""An answer taken apart once: its lists, its time and its pagination, each still unread."""

_lists = msgspec.json.Decoder(_Listed).decode
_rows = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Xero:
    """One organisation."""

    platform = Platform.XERO
    kinds: tuple[Kind, ...] = (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT)
    links_each_invoice = False

    def __init__(self, transport: Transport, clock: Clock, api_url: str, tenant: str) -> None:
        self._api = Api(transport, api_url, tenant)
        self._clock = clock

    def company(self) -> Page:
        """The organisation and its reminder switch: two calls."""
        answer = _lists(self._api.organisation())
        (raw,) = _rows(answer["Organisations"])
        body = msgspec.json.decode(raw, type=bodies.OrganisationBody)
        company = records.company(body, self.reminders())
        return Page(
            kind=Kind.COMPANY,
            records=(company,),
            ids=(company.id,),
            raw=(RawRecord(kind="Organisation", id=company.id, body=bytes(raw)),),
            server_time=self._time(answer),
        )

    def everything(self, kind: Kind) -> Iterator[Page]:
        """All lists of the kind, each in the order of its ids, archived contacts too."""
        before = 0
        for entity in ENTITIES:
            if entity.kind is kind:
                counted = 0
                for page, item_count in self._pages(entity, order=f"{_ORDER[entity.name]} ASC"):
                    counted = item_count or 0
                    yield msgspec.structs.replace(page, expected=None if item_count is None else before + counted)
                before += counted

    def changes(self, since: datetime) -> Iterator[Page]:
        """Six lists, a call each where little changed. If-Modified-Since is in UTC, to the second."""
        modified_since = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        for entity in ENTITIES:
            for page, _ in self._pages(entity, if_modified_since=modified_since):
                yield page

    def reminders(self) -> Switch:
        """Whether Xero reminds by itself."""
        return records.switch(msgspec.json.decode(self._api.reminders(), type=bodies.RemindersAnswer))

    def invoices(self, ids: Sequence[InvoiceId]) -> Page:
        """Read again by id, forty in a call."""
        found: list[msgspec.Raw] = []
        server_time = self._clock.now()
        for start in range(0, len(ids), ASKED_AT_ONCE):
            answer = self._api.page("Invoices", 1, i_ds=list(ids[start : start + ASKED_AT_ONCE]))
            listed = _lists(answer.body)
            found += _rows(listed["Invoices"])
            server_time = self._time(listed)
        rows = records.rows(records.INVOICES, found)
        return Page(
            kind=Kind.INVOICE,
            records=rows.records,
            ids=rows.ids,
            raw=rows.raw,
            server_time=server_time,
            issues=rows.issues,
        )

    def balances(self, ids: Sequence[CustomerId] | None) -> Iterator[Balance]:
        """What contacts owe, in the organisation's base currency, in which alone Xero gives it."""
        (raw,) = _rows(_lists(self._api.organisation())["Organisations"])
        base = Currency(msgspec.json.decode(raw, type=bodies.OrganisationBody).base_currency)
        asked = {"i_ds": list(ids)} if ids is not None else {}
        number, pages = 1, 1
        while number <= pages:
            listed = _lists(self._api.page("Contacts", number, order="ContactID ASC", **asked).body)
            for contact in _rows(listed["Contacts"]):
                body = msgspec.json.decode(contact, type=bodies.ContactBody)
                if (owed := records.base_balance(body)) is not None:
                    minor = money.to_minor(owed, base)
                    yield Balance(customer_id=CustomerId(body.contact_id), currency=base, owed_minor=minor)
            pages = _pagination(listed).page_count
            number += 1

    def open_by_report(self, customer_id: CustomerId, as_of: date) -> Mapping[Currency, int] | None:
        """The contact's aged report: what is due in each of its sections, which are headed by their currency."""
        answer = self._api.aged_receivables(customer_id, as_of.isoformat())
        (report,) = msgspec.json.decode(answer, type=bodies.ReportsAnswer).reports
        due: dict[Currency, int] = {}
        for section in report.rows:
            if section.title:
                currency = Currency(section.title)
                due[currency] = due.get(currency, 0) + sum(_due(row, currency) for row in section.rows)
        return due

    def payment_link(self, invoice_id: InvoiceId) -> str | None:
        """The online invoice, where the customer can pay."""
        found = msgspec.json.decode(self._api.online_invoice(invoice_id), type=bodies.OnlineInvoicesAnswer)
        return next((one.online_invoice_url for one in found.online_invoices), None)

    def invoice_pdf(self, invoice_id: InvoiceId) -> bytes:
        """The invoice in the organisation's own branding."""
        return self._api.invoice_pdf(invoice_id)

    def write(self, write: Write, key: str) -> Written:
        """See `writing`."""
        return writing.write(self._api, write, key)

    def find(self, write: Write) -> Written | None:
        """See `writing`."""
        return writing.find(self._api, write)

    def written(self, target: Target, target_id: str) -> tuple[Written, ...]:
        """See `writing`."""
        return writing.written(self._api, target, target_id)

    def file_content(self, target: Target, target_id: str, file: Written) -> bytes:
        """See `writing`."""
        return writing.content(self._api, target, target_id, file.id, "application/pdf")

    def _pages(self, entity: Entity, **asked: object) -> Iterator[tuple[Page, int | None]]:
        """All pages of a list, at least one, each with how many items Xero says the list has."""
        where = {"where": _WHERE[entity.name]} if entity.name in _WHERE else {}
        number, pages = 1, 1
        while number <= pages:
            answer = self._api.page(entity.name, number, **where, **asked)
            if answer.status == HTTPStatus.NOT_MODIFIED:
                yield Page(kind=entity.kind, records=(), server_time=_header_time(answer, self._clock)), 0
                return
            listed = _lists(answer.body)
            pagination = _pagination(listed)
            yield self._page(entity, listed), pagination.item_count
            pages = pagination.page_count
            number += 1

    def _page(self, entity: Entity, listed: _Listed) -> Page:
        rows = records.rows(entity, _rows(listed[entity.name]))
        return Page(
            kind=entity.kind,
            records=rows.records,
            ids=rows.ids,
            raw=rows.raw,
            server_time=self._time(listed),
            issues=rows.issues,
        )

    def _time(self, listed: _Listed) -> datetime:
        """Xero's clock when it answered."""
        if "DateTimeUTC" not in listed:
            raise BadAnswer("Xero does not say what time it is")
        return records.instant(msgspec.json.decode(listed["DateTimeUTC"], type=str))


def _pagination(listed: _Listed) -> bodies.Pagination:
    """How many pages and items there are; one page, and who knows, where the answer does not say."""
    if "pagination" not in listed:
        return bodies.Pagination()
    return msgspec.json.decode(listed["pagination"], type=bodies.Pagination)


def _header_time(answer: Answer, clock: Clock) -> datetime:
    """The Date header, for an answer that has no body."""
    written = answer.headers.get("date")
    return parsedate_to_datetime(written).astimezone(UTC) if written else clock.now()


def _due(row: bodies.ReportRow, currency: Currency) -> int:
    """The last cell of a row of documents; summaries repeat what the rows say."""
    if row.row_type != "Row" or not row.cells:
        return 0
    return money.to_minor(Decimal(row.cells[-1].value or "0"), currency)
