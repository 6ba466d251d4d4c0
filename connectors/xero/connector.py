"""Xero as a `connectors.base.Connector`: what is asked, in which order, and what is made of it.

Lists are paged in the order of their ids, which edits cannot shift; with the default order (last changed) an edited row
moves to the end and everything behind it moves up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, count, starmap

import msgspec

from connectors.ahead import Ask, given, in_order
from connectors.answers import is_pdf, read
from connectors.base import Clock, Page, RawRecord, Target, Write, Written
from connectors.errors import NotFound, Reconnect, reading
from connectors.transport import Transport
from connectors.xero import aged, bodies, contacts, organisation, records, terms, writing
from connectors.xero.listing import Listed
from connectors.xero.records import CONTACTS, ENTITIES, INVOICES, Entity
from connectors.xero.sdk import PAGE, Api
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

_decode_organisation = msgspec.json.Decoder(bodies.OrganisationBody).decode
_decode_reminders = msgspec.json.Decoder(bodies.RemindersAnswer).decode
_decode_contact = msgspec.json.Decoder(bodies.ContactBody).decode
_decode_reports = msgspec.json.Decoder(bodies.ReportsAnswer).decode
_decode_links = msgspec.json.Decoder(bodies.OnlineInvoicesAnswer).decode


_Answered = tuple[Entity, Listed]
"""Of which list, and one page of it."""


class Xero:
    """One organisation."""

    platform = Platform.XERO
    kinds: tuple[Kind, ...] = (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT)
    links_each_invoice = False

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        api_url: str,
        tenant: str,
        *,
        page_size: int = PAGE,
        connections: int = 1,
    ) -> None:
        """`connections`: so many pages are asked for at once where all of them are wanted."""
        self._api = Api(transport, api_url, tenant, page_size)
        self._clock = clock
        self._connections = connections
        self._holds_back = transport.holds_back
        self._base: Currency | None = None

    def company(self) -> Page:
        """The organisation and its reminder switch: two calls."""
        listed, raw, body = self._organisation()
        company = organisation.company(body, self.reminders())
        return Page(
            kind=Kind.COMPANY,
            records=(company,),
            ids=(company.id,),
            raw=(RawRecord(kind="Organisation", id=company.id, body=bytes(raw)),),
            server_time=listed.time,
        )

    def everything(self, *kinds: Kind) -> Iterator[Page]:
        """All lists of the kinds, each in the order of its ids, archived contacts too."""
        entities = [entity for kind in kinds for entity in ENTITIES if entity.kind is kind]
        counts: dict[Entity, int | None] = {}
        return starmap(partial(_counted_page, counts), self._lists(entities))

    def changes(self, since: datetime) -> Iterator[Page]:
        """Six lists, a call each where little changed.

        If-Modified-Since is in UTC, to the second; whether the second itself is included Xero does not say, so it is
        asked from the second before.
        """
        modified_since = (since.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
        return starmap(_changed_page, self._lists(ENTITIES, if_modified_since=modified_since))

    def open_invoices(self) -> Iterator[Page]:
        """All approved invoices that are not paid in full. Some edits move no UpdatedDateUTC: due date and sent mark of
        invoices that are paid in part (read 2026-11-21), and perhaps what credits settle [U].
        """
        return starmap(_changed_page, self._lists([INVOICES], statuses=["AUTHORISED"]))

    def reminders(self) -> Switch:
        """Whether Xero reminds by itself."""
        return organisation.switch(read(_decode_reminders, self._api.reminders()))

    def invoices(self, ids: Sequence[InvoiceId]) -> Page:
        """Read again by id, forty in a call."""
        found: list[msgspec.Raw] = []
        server_time = self._clock.now()
        for some in _chunks(ids):
            with reading("Invoices"):
                listed = Listed(self._api.page("Invoices", 1, i_ds=some))
                found += listed.rows("Invoices")
                server_time = listed.time
        return _page(INVOICES, found, server_time)

    def balances(self, ids: Sequence[CustomerId] | None) -> Iterator[Balance]:
        """What contacts owe, in the organisation's base currency, in which alone Xero gives it."""
        base = self._base_currency()
        asked: list[dict[str, object]] = [{}] if ids is None else [{"i_ds": some} for some in _chunks(ids)]
        for which in asked:
            for _, listed in self._lists([CONTACTS], **which):
                for contact in listed.rows("Contacts"):
                    if balance := _balance(contact, base):
                        yield balance

    def open_by_report(self, customer_id: CustomerId, as_of: date) -> Mapping[Currency, int] | None:
        """The contact's aged report. None where the user who connected may not read reports."""
        base = self._base_currency()
        with reading("AgedReceivablesByContact"):
            try:
                answer = self._api.aged_receivables(customer_id, as_of.isoformat())
            except Reconnect:
                return None
            (report,) = read(_decode_reports, answer).reports
            return aged.due(report, base)

    def payment_link(self, invoice_id: InvoiceId) -> str | None:
        """The online invoice, where the customer can pay; only approved invoices have one."""
        with suppress(NotFound):
            found = read(_decode_links, self._api.online_invoice(invoice_id))
            return next((one.online_invoice_url for one in found.online_invoices), None)
        return None

    def invoice_pdf(self, invoice_id: InvoiceId) -> bytes:
        """The invoice in the organisation's own branding."""
        return is_pdf(self._api.invoice_pdf(invoice_id))

    def write(self, write: Write, key: str) -> Written:
        """See `writing`."""
        return writing.write(self._api, write, key)

    def find(self, write: Write) -> Written | None:
        """See `writing`."""
        with suppress(NotFound):
            return writing.find(self._api, write)
        return None

    def written(self, target: Target, target_id: str) -> tuple[Written, ...]:
        """See `writing`."""
        return writing.written(self._api, target, target_id)

    def file_content(self, target: Target, target_id: str, file: Written) -> bytes:
        """See `writing`."""
        return writing.content(self._api, target, target_id, file.id, "application/pdf")

    def _organisation(self) -> tuple[Listed, msgspec.Raw, bodies.OrganisationBody]:
        with reading("Organisation"):
            listed = Listed(self._api.organisation())
            raw = listed.only("Organisations")
            return listed, raw, read(_decode_organisation, raw)

    def _base_currency(self) -> Currency:
        """Read once: no organisation changes it."""
        if self._base is None:
            _, _, organisation = self._organisation()
            self._base = Currency(organisation.base_currency)
        return self._base

    def _lists(self, entities: Iterable[Entity], **asked: object) -> Iterator[_Answered]:
        """All pages of these lists, of each at least one."""
        heads = (partial(self._asks, entity, asked) for entity in entities)
        return in_order(heads, self._connections, self._holds_back)

    def _asks(self, entity: Entity, asked: Mapping[str, object]) -> Iterable[Ask[_Answered] | None]:
        """Read the first page of a list, and ask for as many more as it says there are."""
        first = self._answered(entity, asked, 1)
        _, listed = first
        if listed.page_count is None:
            return self._in_turn(entity, asked, first)
        return chain([given(first)], self._further(entity, asked, listed.page_count))

    def _further(self, entity: Entity, asked: Mapping[str, object], pages: int) -> Iterator[Ask[_Answered] | None]:
        """The second page and all that follow. Rows that are made meanwhile move others up onto a page more than there
        were, so the end is where no page says that there are more.
        """
        said = {pages}

        def ask(number: int) -> _Answered:
            answered = self._answered(entity, asked, number)
            said.add(answered[1].page_count or 0)
            return answered

        number = 2
        while number <= max(said):
            while number <= max(said):
                yield partial(ask, number)
                number += 1
            yield None

    def _in_turn(self, entity: Entity, asked: Mapping[str, object], page: _Answered) -> Iterator[Ask[_Answered]]:
        """Where Xero does not say how many there are: until one brings nothing new."""
        seen: set[bytes] = set()
        for number in count(2):
            rows = {bytes(row) for row in page[1].rows(entity.name)}
            yield given(page)
            if rows <= seen:
                return
            seen |= rows
            page = self._answered(entity, asked, number)

    def _answered(self, entity: Entity, asked: Mapping[str, object], number: int) -> _Answered:
        where = {"where": _WHERE[entity.name]} if entity.name in _WHERE else {}
        with reading(entity.name):
            order = f"{_ORDER[entity.name]} ASC"
            return entity, Listed(self._api.page(entity.name, number, order=order, **where, **asked))


def _counted_page(counts: dict[Entity, int | None], entity: Entity, listed: Listed) -> Page:
    """One page of a pass. A kind may be several lists; up to here it must have what they all say."""
    counts[entity] = listed.item_count
    said = [count for one, count in counts.items() if one.kind is entity.kind]
    expected = None if None in said else sum(count or 0 for count in said)
    return _page(entity, listed.rows(entity.name), listed.time, expected=expected)


def _changed_page(entity: Entity, listed: Listed) -> Page:
    return _page(entity, listed.rows(entity.name), listed.time)


def _page(entity: Entity, found: Sequence[msgspec.Raw], server_time: datetime, *, expected: int | None = None) -> Page:
    rows = records.rows(entity, found)
    return Page(
        kind=entity.kind,
        records=rows.records,
        ids=rows.ids,
        raw=rows.raw,
        server_time=server_time,
        expected=expected,
        issues=rows.issues,
        terms=terms.named(rows.records),
    )


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield list(ids[start : start + ASKED_AT_ONCE])


def _balance(contact: msgspec.Raw, base: Currency) -> Balance | None:
    """None where Xero does not say, or says it so that it cannot be read: that contact is not compared."""
    try:
        body = _decode_contact(contact)
        owed = contacts.base_balance(body)
        minor = None if owed is None else money.to_minor(owed, base)
    except (msgspec.ValidationError, money.NotRepresentable):
        return None
    return None if minor is None else Balance(customer_id=CustomerId(body.contact_id), currency=base, owed_minor=minor)
