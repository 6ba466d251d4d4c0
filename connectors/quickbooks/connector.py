"""QuickBooks Online as a `connectors.base.Connector`: what is asked, in which order, and what is made of it.

Paging is by `ORDERBY Id`: without it the newest edit comes first, and a record edited between two pages pushes others
over the boundary, to be read twice or never.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from itertools import starmap

import msgspec

from connectors.ahead import Ask, in_order
from connectors.answers import is_pdf, read
from connectors.base import Clock, Page, RawRecord, Target, Write, Written
from connectors.errors import BadAnswer, NotFound, reading
from connectors.quickbooks import bodies, feed, records, writing
from connectors.quickbooks.feed import PAGE, Feed
from connectors.quickbooks.records import ENTITIES, Entity
from connectors.quickbooks.sdk import Api
from connectors.transport import Transport
from strategy.model import Balance, Currency, Customer, CustomerId, InvoiceId, Kind, Platform, Switch

_decode_company = msgspec.json.Decoder(bodies.CompanyAnswer).decode
_decode_link = msgspec.json.Decoder(bodies.LinkAnswer).decode


_Counted = tuple[Entity, bytes, int]
"""Of which entity, an answer with a page of it, and how many rows the whole pass must have."""


class QuickBooks:
    """One company."""

    platform = Platform.QUICKBOOKS
    kinds = tuple(ENTITIES)
    links_each_invoice = True

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        api_url: str,
        realm: str,
        *,
        page_size: int = PAGE,
        connections: int = 1,
    ) -> None:
        """`connections`: so many pages are asked for at once where all of them are wanted."""
        self._api = Api(transport, api_url, realm)
        self._transport = transport
        self._clock = clock
        self._page_size = page_size
        self._connections = connections
        self._feed = Feed(self._api, clock, page_size)

    def company(self) -> Page:
        """CompanyInfo and Preferences: two calls. QuickBooks tells neither time zone nor reminder switch."""
        with reading("CompanyInfo"):
            info = read(_decode_company, self._api.company_info()).company
        answer = feed.query(self._api, "Preferences", "SELECT * FROM Preferences")
        preferences = next(iter(answer.found.preferences), None)
        if preferences is None:
            raise BadAnswer("QuickBooks sent no preferences")
        company = records.company(info, preferences)
        return Page(
            kind=Kind.COMPANY,
            records=(company,),
            ids=(company.id,),
            raw=(_raw("CompanyInfo", info), _raw("Preferences", preferences)),
            server_time=answer.time,
        )

    def everything(self, *kinds: Kind) -> Iterator[Page]:
        """Pages of a thousand by Id, inactive ones too; each says how many the whole pass must have."""
        heads = [partial(self._asks, ENTITIES[kind]) for kind in kinds]
        return starmap(self._counted_page, in_order(heads, self._connections, self._transport.holds_back))

    def _asks(self, entity: Entity) -> Iterator[Ask[_Counted]]:
        """Count a kind, and ask for as many pages as that takes, for one at least."""
        expected = feed.count(self._api, entity).found.total_count
        select = f"SELECT * FROM {entity.name}{feed.where(entity)} ORDERBY Id"
        select += f" STARTPOSITION {{}} MAXRESULTS {self._page_size}"
        starts = range(1, max(expected, 1) + 1, self._page_size)
        return (partial(self._counted, entity, select.format(start), expected) for start in starts)

    def _counted(self, entity: Entity, select: str, expected: int) -> _Counted:
        with reading(entity.name):
            return entity, self._api.query(select), expected

    def _counted_page(self, entity: Entity, answer: bytes, expected: int) -> Page:
        with reading(entity.name):
            found = read(feed.decode_query, answer)
        return records.page(entity, found.found.rows(entity.name), found.time, expected)

    def changes(self, since: datetime) -> Iterator[Page]:
        """See `feed`."""
        return self._feed.changes(since)

    def open_invoices(self) -> Iterator[Page]:
        """Nothing: QuickBooks stamps an invoice whenever what is open of it changes."""
        return iter(())

    def reminders(self) -> Switch:
        """QuickBooks does not tell."""
        return Switch.UNKNOWN

    def invoices(self, ids: Sequence[InvoiceId]) -> Page:
        """Read again by id, two hundred in a call; deleted ones are not there."""
        found: list[msgspec.Raw] = []
        server_time = self._clock.now()
        for answer in feed.by_id(self._api, ENTITIES[Kind.INVOICE], ids):
            found += answer.found.invoice
            server_time = answer.time
        return records.page(ENTITIES[Kind.INVOICE], found, server_time)

    def balances(self, ids: Sequence[CustomerId] | None) -> Iterator[Balance]:
        """`Customer.Balance`, net of credits and unapplied payments, and `BalanceWithJobs`."""
        for page in self.everything(Kind.CUSTOMER) if ids is None else self._customers(ids):
            for record in page.records:
                if isinstance(record, Customer) and (balance := _balance(record)):
                    yield balance

    def open_by_report(self, customer_id: CustomerId, as_of: date) -> Mapping[Currency, int] | None:
        """None: `Customer.Balance` is the figure to compare with."""
        return None

    def payment_link(self, invoice_id: InvoiceId) -> str | None:
        """`InvoiceLink`, given only where it is asked for, and only with online payment on and a BillEmail."""
        with suppress(NotFound):
            answer = self._api.read("Invoice", invoice_id, include="invoiceLink")
            return read(_decode_link, answer).invoice.invoice_link
        return None

    def invoice_pdf(self, invoice_id: InvoiceId) -> bytes:
        """The invoice in the company's own template."""
        return is_pdf(self._api.pdf("Invoice", invoice_id))

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
        """Through a fresh signed address: the one that came with the record expires after 15 minutes."""
        return self._transport.fetch(self._api.download(file.id).decode().strip())

    def _customers(self, ids: Sequence[CustomerId]) -> Iterator[Page]:
        entity = ENTITIES[Kind.CUSTOMER]
        for answer in feed.by_id(self._api, entity, ids):
            yield records.page(entity, answer.found.customer, answer.time)


def _balance(customer: Customer) -> Balance | None:
    if customer.balance_currency is None or customer.balance_minor is None:
        return None
    return Balance(
        customer_id=customer.id,
        currency=customer.balance_currency,
        owed_minor=customer.balance_minor,
        with_jobs_minor=customer.balance_with_jobs_minor,
    )


def _raw(kind: str, body: msgspec.Raw) -> RawRecord:
    return RawRecord(kind=kind, id="1", body=bytes(body))
