"""Change data capture: what changed since an instant, deletions as stubs.

At most 1000 objects per answer over all entities together, without a word when there are more: the newest changes and
the deletions are what is lost (fact sheet, section 5).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dunwell.sandbox.quickbooks.reading.shelf import Entry, Shelf
from dunwell.sandbox.quickbooks.wire import Body, Refused, instant, missing, read_instant, unsupported
from dunwell.sandbox.quickbooks.words import ELSEWHERE

LOOK_BACK = timedelta(days=30)
CAP = 1000


def changes(shelf: Shelf, entities: str | None, since: str | None, now: datetime) -> Body:
    """The CDCResponse. Raises `Refused`; the error for too long ago is that of QuickBooksSharp issue 19."""
    if not entities:
        raise missing("entities")
    if not since:
        raise missing("changedSince")
    try:
        start = read_instant(since)
    except ValueError:
        raise Refused("2080", "Invalid date format", f"Supplied value:{since}", element="changedSince") from None
    if start < now - LOOK_BACK:
        raise unsupported(f"cdc with changedSince date {since} which is older than fixed days")
    room, responses = CAP, []
    for name in entities.split(","):
        entity = _entity(shelf, name.strip())
        changed = [] if entity is None else _changed(shelf.all(entity), start)[:room]
        room -= len(changed)
        responses.append(_response(entity or name, changed))
    return {"CDCResponse": [{"QueryResponse": responses}]}


def _entity(shelf: Shelf, name: str) -> str | None:
    known = {each.lower(): each for each in shelf.entities}
    if name.lower() not in known and name.lower() not in {each.lower() for each in ELSEWHERE}:
        raise unsupported(f"cdc of {name}")
    return known.get(name.lower())


def _changed(entries: Iterable[Entry], start: datetime) -> list[Entry]:
    """Oldest change first, deleted ones after all living ones."""
    fresh = (each for each in entries if each.updated_at.replace(microsecond=0) >= start)
    return sorted(fresh, key=lambda each: (each.deleted, each.updated_at, each.id))


def _response(entity: str, changed: list[Entry]) -> Body:
    if not changed:
        return {}
    objects = [_stub(each) if each.deleted else each.body for each in changed]
    count = {"totalCount": len(objects)} if entity == "Invoice" else {}
    return {entity: objects, "startPosition": 1, "maxResults": len(objects), **count}


def _stub(entry: Entry) -> Body:
    """A deleted object: no amounts, no SyncToken."""
    times = {"LastUpdatedTime": instant(entry.updated_at)}
    return {"domain": "QBO", "status": "Deleted", "Id": entry.body["Id"], "MetaData": times}
