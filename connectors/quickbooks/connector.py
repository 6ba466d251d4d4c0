"""QuickBooks Online as a `connectors.base.Connector`: what is asked, in which order, and what is made of it.

Paging is by `ORDERBY Id`: without it the newest edit comes first, and a record edited between two pages pushes others
over the boundary, to be read twice or never.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from itertools import starmap

import msgspec

from connectors.ahead import Ask, in_order
from connectors.answers import is_pdf, read
from connectors.base import Clock, Deleted, Page, RawRecord, Target, TooManyChanges, Write, Written
from connectors.errors import BadAnswer, NotFound, reading
from connectors.quickbooks import bodies, records, writing
from connectors.quickbooks.records import ENTITIES, Entity
from connectors.quickbooks.sdk import Api, quoted
from connectors.transport import Transport
from strategy.model import Balance, Currency, Customer, CustomerId, InvoiceId, Kind, Platform, Switch

PAGE = 1000
"""The most rows of a query (Intuit, data queries)."""

ASKED_AT_ONCE = 200
"""Ids in one IN list; keeps the query far below what gateways cut."""

LOOK_BACK = timedelta(days=25)
"""The change feed reaches back 30 days and does not reliably say when asked for more; we stop well before."""

CUT_OFF = 1000
"""Objects in one answer of the change feed; a full one has silently lost the newest changes and the deletions."""

_LISTS = frozenset({Kind.TERM, Kind.METHOD, Kind.CUSTOMER})

_ACTIVE_OR_NOT = "Active IN (true, false)"
"""Without this, lists hide what is inactive."""

_decode_company = msgspec.json.Decoder(bodies.CompanyAnswer).decode
_decode_query = msgspec.json.Decoder(bodies.Queried).decode
_decode_count = msgspec.json.Decoder(bodies.Counted).decode
_decode_changes = msgspec.json.Decoder(bodies.Changed).decode
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

    def company(self) -> Page:
        """CompanyInfo and Preferences: two calls. QuickBooks tells neither time zone nor reminder switch."""
        with reading("CompanyInfo"):
            info = read(_decode_company, self._api.company_info()).company
        answer = self._query("Preferences", "SELECT * FROM Preferences")
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
        return starmap(self._counted_page, in_order(heads, self._connections))

    def _asks(self, entity: Entity) -> Iterator[Ask[_Counted]]:
        """Count a kind, and ask for as many pages as that takes, for one at least."""
        where = f" WHERE {_ACTIVE_OR_NOT}" if entity.kind in _LISTS else ""
        expected = self._count(entity.name, where)
        select = f"SELECT * FROM {entity.name}{where} ORDERBY Id STARTPOSITION {{}} MAXRESULTS {self._page_size}"
        starts = range(1, max(expected, 1) + 1, self._page_size)
        return (partial(self._counted, entity, select.format(start), expected) for start in starts)

    def _counted(self, entity: Entity, select: str, expected: int) -> _Counted:
        with reading(entity.name):
            return entity, self._api.query(select), expected

    def _counted_page(self, entity: Entity, answer: bytes, expected: int) -> Page:
        with reading(entity.name):
            found = read(_decode_query, answer)
        return records.page(entity, found.found.rows(entity.name), found.time, expected)

    def changes(self, since: datetime) -> Iterator[Page]:
        """One call for all kinds, or one for each where one answer cannot hold them all.

        Raises `TooManyChanges` where the feed cannot be trusted to be whole.
        """
        if self._clock.now() - since > LOOK_BACK:
            raise TooManyChanges("the last sync is longer ago than QuickBooks' change feed reaches back")
        entities = tuple(ENTITIES.values())
        changed = self._changed(entities, since)
        rows = {entity: _changed_rows(changed, entity.name) for entity in entities}
        if sum(map(len, rows.values())) >= CUT_OFF:
            rows = {entity: self._changed_alone(entity, since) for entity in entities}
        for entity, found in rows.items():
            if found or entity.kind is Kind.INVOICE:
                yield self._changed_page(entity, found, changed.time)

    def reminders(self) -> Switch:
        """QuickBooks does not tell."""
        return Switch.UNKNOWN

    def invoices(self, ids: Sequence[InvoiceId]) -> Page:
        """Read again by id, two hundred in a call; deleted ones are not there."""
        found: list[msgspec.Raw] = []
        server_time = self._clock.now()
        for some in _chunks(ids):
            answer = self._query("Invoice", f"SELECT * FROM Invoice WHERE Id IN ({_list(some)}) MAXRESULTS {PAGE}")
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

    def _count(self, name: str, where: str) -> int:
        with reading(name):
            return read(_decode_count, self._api.query(f"SELECT COUNT(*) FROM {name}{where}")).found.total_count

    def _customers(self, ids: Sequence[CustomerId]) -> Iterator[Page]:
        for some in _chunks(ids):
            where = f"Id IN ({_list(some)}) AND {_ACTIVE_OR_NOT}"
            answer = self._query("Customer", f"SELECT * FROM Customer WHERE {where} MAXRESULTS {PAGE}")
            yield records.page(ENTITIES[Kind.CUSTOMER], answer.found.customer, answer.time)

    def _changed(self, entities: Sequence[Entity], since: datetime) -> bodies.Changed:
        names = ",".join(entity.name for entity in entities)
        with reading(f"changes of {names}"):
            return read(_decode_changes, self._api.changes(names, since.isoformat(timespec="seconds")))

    def _changed_alone(self, entity: Entity, since: datetime) -> list[msgspec.Raw]:
        rows = _changed_rows(self._changed((entity,), since), entity.name)
        if len(rows) >= CUT_OFF:
            raise TooManyChanges("more changed since the last sync than QuickBooks' change feed can tell at once")
        return rows

    def _changed_page(self, entity: Entity, rows: Sequence[msgspec.Raw], server_time: datetime) -> Page:
        stubs = [records.stub(row) for row in rows]
        live = [row for row, stub in zip(rows, stubs, strict=True) if stub.status != "Deleted"]
        gone = [stub.id for stub in stubs if stub.status == "Deleted"]
        page = records.page(entity, [*live, *self._still_there(entity, gone)], server_time)
        deleted = tuple(Deleted(kind=entity.kind, id=one) for one in gone if one not in page.ids)
        return msgspec.structs.replace(page, deleted=deleted)

    def _still_there(self, entity: Entity, ids: Sequence[str]) -> list[msgspec.Raw]:
        """Rows that the feed calls deleted and a query still finds: it has marked mere updates so (.NET SDK #189)."""
        shown = f" AND {_ACTIVE_OR_NOT}" if entity.kind in _LISTS else ""
        found: list[msgspec.Raw] = []
        for some in _chunks(ids):
            where = f"Id IN ({_list(some)}){shown}"
            answer = self._query(entity.name, f"SELECT * FROM {entity.name} WHERE {where} MAXRESULTS {PAGE}")
            found += answer.found.rows(entity.name)
        return found

    def _query(self, name: str, select: str) -> bodies.Queried:
        with reading(name):
            return read(_decode_query, self._api.query(select))


def _changed_rows(changed: bodies.Changed, name: str) -> list[msgspec.Raw]:
    """Matched by name: the feed does not promise an order of its parts."""
    return [row for answer in changed.answers for part in answer.parts for row in part.rows(name)]


def _balance(customer: Customer) -> Balance | None:
    if customer.balance_currency is None or customer.balance_minor is None:
        return None
    return Balance(
        customer_id=customer.id,
        currency=customer.balance_currency,
        owed_minor=customer.balance_minor,
        with_jobs_minor=customer.balance_with_jobs_minor,
    )


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]


def _list(ids: Sequence[str]) -> str:
    return ", ".join(quoted(one) for one in ids)


def _raw(kind: str, body: msgspec.Raw) -> RawRecord:
    return RawRecord(kind=kind, id="1", body=bytes(body))
