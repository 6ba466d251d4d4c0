"""Answers queries from the shelf."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from dunwell.sandbox.quickbooks.reading.query import Condition, Query, invalid
from dunwell.sandbox.quickbooks.reading.shelf import Entry, Shelf
from dunwell.sandbox.quickbooks.wire import Body, read_instant
from dunwell.sandbox.quickbooks.words import ELSEWHERE, FILTERABLE, KNOWN, LISTS

_AMOUNTS = frozenset({"Balance", "TotalAmt"})
_INSTANTS = frozenset({"MetaData.CreateTime", "MetaData.LastUpdatedTime"})
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda own, wanted: own < wanted,
    ">": lambda own, wanted: own > wanted,
    "<=": lambda own, wanted: own <= wanted,
    ">=": lambda own, wanted: own >= wanted,
}


def answer(shelf: Shelf, query: Query) -> Body:
    """The QueryResponse. A page without objects has no entity key at all, nor a position (recorded)."""
    entity = _entity(shelf, query.entity)
    if entity is None:
        return {"totalCount": 0} if query.count else {}
    found = _matching(shelf, entity, query)
    if query.count:
        return {"totalCount": len(found)}
    page = _ordered(found, entity, query)[query.start - 1 : query.start - 1 + query.size]
    if not page:
        return {}
    response: Body = {entity: [each.body for each in page], "startPosition": query.start, "maxResults": len(page)}
    # Recorded for Invoice and never for Customer, Payment or CreditMemo.
    return {**response, "totalCount": len(found)} if entity == "Invoice" else response


def _entity(shelf: Shelf, name: str) -> str | None:
    """The entity of that name, None for one that this company has no objects of. Raises `Refused`."""
    for entity in shelf.entities:
        if entity.lower() == name.lower():
            return entity
    if name.lower() in {each.lower() for each in ELSEWHERE}:
        return None
    raise invalid(f"invalid context declaration: {name}")


def _matching(shelf: Shelf, entity: str, query: Query) -> list[Entry]:
    tests = [_test(entity, condition) for condition in query.conditions]
    hides = entity in LISTS and not any(each.prop.lower() == "active" for each in query.conditions)
    entries = (each for each in shelf.all(entity) if not each.deleted)
    return [each for each in entries if not (hides and not each.body["Active"]) and all(test(each) for test in tests)]


def _ordered(entries: Iterable[Entry], entity: str, query: Query) -> list[Entry]:
    """As asked; else lists by name, and transactions with the newest change first (recorded: a trap for paging)."""
    if not query.order:
        if entity in LISTS:
            return sorted(
                entries, key=lambda each: str(each.body.get("FullyQualifiedName", each.body.get("Name"))).casefold()
            )
        return sorted(entries, key=lambda each: (each.updated_at.replace(microsecond=0), each.id), reverse=True)
    made = list(entries)
    for name, down in reversed(query.order):
        prop = _prop(entity, name)
        made.sort(key=partial(_sortable, prop=prop), reverse=down)
    return made


def _sortable(entry: Entry, prop: str) -> tuple[bool, Any]:
    own = entry.id if prop == "Id" else _own(entry, prop)
    return own is not None, own if not isinstance(own, list) else tuple(own)


def _prop(entity: str, name: str) -> str:
    """The property as it is spelled. Raises `Refused` for one that does not exist or cannot be queried."""
    for prop in FILTERABLE[entity].split():
        if prop.lower() == name.lower():
            return prop
    if name.split(".", maxsplit=1)[0] in KNOWN.get(entity, ()):
        raise invalid(f"property '{name}' is not queryable")
    raise invalid(f"Property {name} not found for Entity {entity}")


def _test(entity: str, condition: Condition) -> Callable[[Entry], bool]:
    prop, operator = _prop(entity, condition.prop), condition.operator
    if prop == "Id" and operator not in ("=", "IN"):
        raise invalid(f"operator {operator} is not supported for property Id")
    wanted = [_wanted(prop, value) for value in condition.values]
    if operator in ("=", "IN"):
        among = frozenset(wanted)
        return lambda entry: not among.isdisjoint(_candidates(entry, prop))
    if operator == "LIKE":
        return lambda entry: _like(_own(entry, prop), str(wanted[0]))
    holds = _COMPARED[operator]
    return lambda entry: any(holds(each, value) for each in _candidates(entry, prop) for value in wanted)


def _candidates(entry: Entry, prop: str) -> list[Any]:
    """What the entry has of the property: nothing, one value, or several where it refers to several objects."""
    own = _own(entry, prop)
    return own if isinstance(own, list) else [] if own is None else [own]


def _wanted(prop: str, value: str | bool) -> Any:
    try:
        if prop in _INSTANTS:
            return read_instant(str(value))
        if prop in _AMOUNTS:
            return Decimal(str(value))
    except (ValueError, ArithmeticError):
        raise invalid(f"value {value} is invalid for property {prop}") from None
    if prop in ("Active", "Job"):
        return str(value).lower() == "true"
    return str(value).casefold()


def _own(entry: Entry, prop: str) -> Any:
    """The entry's value of a property, fit to be compared; None where it has none."""
    if prop == "MetaData.LastUpdatedTime":
        return entry.updated_at.replace(microsecond=0)
    if prop == "MetaData.CreateTime":
        return datetime.fromisoformat(entry.body["MetaData"]["CreateTime"])
    if prop.startswith("AttachableRef."):
        name = prop.rsplit(".", 1)[1].lower()
        return [str(each["EntityRef"][name]).casefold() for each in entry.body.get("AttachableRef", ())]
    value = entry.body.get(prop)
    if isinstance(value, dict):
        value = value.get("value", value.get("Address"))
    if value is None or isinstance(value, bool):
        return value
    return Decimal(value) if prop in _AMOUNTS else str(value).casefold()


def _like(own: Any, pattern: str) -> bool:
    """LIKE knows % alone: any text, the empty one too."""
    if own is None:
        return False
    first, *rest = pattern.split("%")
    text = str(own)
    if not rest:
        return text == first
    if not text.startswith(first):
        return False
    place = len(first)
    for part in rest[:-1]:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return len(text) - len(rest[-1]) >= place and text.endswith(rest[-1])
