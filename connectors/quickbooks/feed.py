"""What changed in a QuickBooks company: its change feed, and queries where that cannot be complete.

The feed (change data capture) alone tells of deletions. It holds a thousand objects, cuts off the newest and all
deletions without a word, reaches back thirty days without reliably refusing more, and single entities of it fail. So
an answer that may be cut off is asked for entity by entity, and what even then cannot be whole is queried by
`LastUpdatedTime`. A query does not tell what was deleted: its page says instead how many rows there are, counted
before, so that who holds more knows that some of them are gone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

import msgspec

from connectors.answers import read
from connectors.base import Clock, Deleted, Page, TooManyChanges
from connectors.errors import BadAnswer, OutsideError, Rejected, reading
from connectors.quickbooks import bodies, records
from connectors.quickbooks.records import ENTITIES, Entity
from connectors.quickbooks.sdk import Api, quoted
from strategy.model import Kind

PAGE = 1000
"""The most rows of a query (Intuit, data queries)."""

ASKED_AT_ONCE = 200
"""Ids in one IN list; keeps the query far below what gateways cut."""

LOOK_BACK = timedelta(days=25)
"""The feed reaches back 30 days and does not reliably say when asked for more; we stop well before."""

CUT_OFF = 1000
"""Objects in one answer of the feed; a full one has silently lost the newest changes and the deletions."""

MOST_PAGES = 10
"""Where more than so many pages of one kind changed, reading everything costs no more, and proves more."""

PASSES = 4
"""So often rows of one and the same second are paged through until nothing new comes."""

ACTIVE_OR_NOT = "Active IN (true, false)"
"""Without this, lists hide what is inactive."""

_LISTS = frozenset({Kind.TERM, Kind.METHOD, Kind.CUSTOMER})

decode_query = msgspec.json.Decoder(bodies.Queried).decode
_decode_count = msgspec.json.Decoder(bodies.Counted).decode
_decode_changes = msgspec.json.Decoder(bodies.Changed).decode
_decode_stub = msgspec.json.Decoder(bodies.TimedStub).decode


def query(api: Api, name: str, select: str) -> bodies.Queried:
    """Ask, and say in an error what was being read."""
    with reading(name):
        return read(decode_query, api.query(select))


def count(api: Api, entity: Entity) -> bodies.Counted:
    """How many rows there are, inactive ones too."""
    with reading(entity.name):
        return read(_decode_count, api.query(f"SELECT COUNT(*) FROM {entity.name}{where(entity)}"))


def where(entity: Entity, *conditions: str) -> str:
    """The WHERE of a query for all rows that meet the conditions, inactive ones too."""
    every = [ACTIVE_OR_NOT, *conditions] if entity.kind in _LISTS else conditions
    return f" WHERE {' AND '.join(every)}" if every else ""


def by_id(api: Api, entity: Entity, ids: Sequence[str]) -> Iterator[bodies.Queried]:
    """The rows of these ids, two hundred in a call; deleted ones are not there."""
    for start in range(0, len(ids), ASKED_AT_ONCE):
        some = ", ".join(quoted(one) for one in ids[start : start + ASKED_AT_ONCE])
        select = f"SELECT * FROM {entity.name}{where(entity, f'Id IN ({some})')} MAXRESULTS {PAGE}"
        yield query(api, entity.name, select)


class _Unanswered(Exception):
    """The feed does not answer for these entities. `down`: it would not for any."""

    def __init__(self, error: OutsideError) -> None:
        super().__init__(str(error))
        refused = error.status is not None and error.status < HTTPStatus.INTERNAL_SERVER_ERROR
        self.down = not refused


class Feed:
    """One company's changes."""

    def __init__(self, api: Api, clock: Clock, page_size: int = PAGE) -> None:
        self._api = api
        self._clock = clock
        self._page_size = page_size

    def changes(self, since: datetime) -> Iterator[Page]:
        """What changed at or after the instant: first a page without rows and with QuickBooks' time, deletions last.

        Raises `TooManyChanges` where so much changed that reading everything is as cheap.
        """
        began: datetime | None = None
        gone: list[Page] = []
        for page in self._pages(since):
            if began is None:
                began = page.server_time
                yield Page(kind=Kind.INVOICE, records=(), server_time=began)
            if page.deleted:
                gone.append(Page(kind=page.kind, records=(), deleted=page.deleted, server_time=page.server_time))
            if page.ids or page.total is not None:
                yield msgspec.structs.replace(page, deleted=())
        yield from gone

    def _pages(self, since: datetime) -> Iterator[Page]:
        entities = tuple(ENTITIES.values())
        if self._clock.now() - since > LOOK_BACK:
            yield from self._queried(entities, since)
            return
        try:
            changed = self._changed(entities, since)
        except _Unanswered as trouble:
            yield from self._queried(entities, since) if trouble.down else self._one_by_one(entities, since)
            return
        rows = {entity: _rows(changed, entity) for entity in entities}
        if sum(map(len, rows.values())) >= CUT_OFF:
            yield from self._one_by_one(entities, since)
            return
        for entity, found in rows.items():
            yield self._page(entity, found, changed.time)

    def _one_by_one(self, entities: Sequence[Entity], since: datetime) -> Iterator[Page]:
        for entity in entities:
            try:
                changed = self._changed((entity,), since)
                found = _rows(changed, entity)
            except _Unanswered:
                yield from self._queried((entity,), since)
                continue
            if len(found) >= CUT_OFF:
                yield from self._queried((entity,), since)
            else:
                yield self._page(entity, found, changed.time)

    def _changed(self, entities: Sequence[Entity], since: datetime) -> bodies.Changed:
        names = ",".join(entity.name for entity in entities)
        try:
            with reading(f"changes of {names}"):
                return read(_decode_changes, self._api.changes(names, since.isoformat(timespec="seconds")))
        except (Rejected, BadAnswer) as error:
            raise _Unanswered(error) from error

    def _page(self, entity: Entity, rows: Sequence[msgspec.Raw], server_time: datetime) -> Page:
        stubs = [records.stub(row) for row in rows]
        live = [row for row, stub in zip(rows, stubs, strict=True) if stub.status != "Deleted"]
        gone = [stub.id for stub in stubs if stub.status == "Deleted"]
        page = records.page(entity, [*live, *self._still_there(entity, gone)], server_time)
        deleted = tuple(Deleted(kind=entity.kind, id=one) for one in gone if one not in page.ids)
        return msgspec.structs.replace(page, deleted=deleted)

    def _still_there(self, entity: Entity, ids: Sequence[str]) -> Iterator[msgspec.Raw]:
        """Rows that the feed calls deleted and a query still finds: it has marked mere updates so (.NET SDK #189)."""
        for answer in by_id(self._api, entity, ids):
            yield from answer.found.rows(entity.name)

    def _queried(self, entities: Sequence[Entity], since: datetime) -> Iterator[Page]:
        """The count comes before the rows: whoever holds as many after reading them holds none that is gone."""
        for entity in entities:
            counted = count(self._api, entity)
            yield Page(kind=entity.kind, records=(), server_time=counted.time, total=counted.found.total_count)
            for answer in self._since(entity, since):
                yield records.page(entity, answer.found.rows(entity.name), answer.time)

    def _since(self, entity: Entity, since: datetime) -> Iterator[bodies.Queried]:
        """Answers with rows that changed since. Where one second had more rows than a page they are paged through by
        position, under which an edit moves rows: then all is asked again until nothing new comes.
        """
        seen: set[tuple[str, str | None]] = set()
        told = 0
        for _ in range(PASSES):
            fresh = tied = False
            for start, answer, stubs in self._by_time(entity, since):
                news = {(stub.id, stub.sync_token) for stub in stubs} - seen
                if news:
                    told += 1
                    yield answer
                if told > MOST_PAGES:
                    raise TooManyChanges("so much changed since the last sync that reading everything is as cheap")
                seen |= news
                fresh, tied = fresh or bool(news), tied or start > 1
            if not (tied and fresh):
                return
        raise TooManyChanges("so much is changing that no query by time comes to an end")

    def _by_time(self, entity: Entity, since: datetime) -> Iterator[tuple[int, bodies.Queried, list[bodies.TimedStub]]]:
        """In the order of change, each answer from the last one's end on, that second included, until one is empty."""
        low, start = since, 1
        while True:
            answer = query(self._api, entity.name, self._select(entity, low, start))
            stubs = [_stub(row) for row in answer.found.rows(entity.name)]
            if not stubs:
                return
            yield start, answer, stubs
            last = max((stub.meta_data.last_updated_time for stub in stubs if stub.meta_data), default=low)
            low, start = (last, 1) if last > low else (low, start + len(stubs))

    def _select(self, entity: Entity, low: datetime, start: int) -> str:
        conditions = where(entity, f"MetaData.LastUpdatedTime >= {quoted(low.isoformat(timespec='seconds'))}")
        page = f"ORDERBY MetaData.LastUpdatedTime STARTPOSITION {start} MAXRESULTS {self._page_size}"
        return f"SELECT * FROM {entity.name}{conditions} {page}"


def _rows(changed: bodies.Changed, entity: Entity) -> list[msgspec.Raw]:
    """Matched by name: the feed does not promise an order of its parts."""
    return [row for answer in changed.answers for part in answer.parts for row in part.rows(entity.name)]


def _stub(row: msgspec.Raw) -> bodies.TimedStub:
    try:
        return _decode_stub(row)
    except ValueError:
        return bodies.TimedStub(id=records.stub(row).id)
