"""Our records against a plain reading of the same body, one field at a time."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from connectors.base import Page
from strategy.model import AnyRecord

Plain = Mapping[str, Any]
"""A body as JSON says it, numbers as the text that stood there."""

Table = Mapping[str, Callable[[Plain], object]]
"""For every field of a record: how to read it off the body."""


class Compared(Struct, frozen=True, kw_only=True):
    """One field of one record of one body: what stands there, and what the connector made of it."""

    body: str
    record: str
    field: str
    theirs: object
    ours: object

    @property
    def differs(self) -> bool:
        return self.theirs != self.ours


def fields(body: str, record: AnyRecord, raw: Plain, table: Table) -> list[Compared]:
    """Every field of the record. A field that the table does not know is a `KeyError`: nothing goes uncompared."""
    name = f"{type(record).__name__} {record.id}"
    return [
        Compared(body=body, record=name, field=field, theirs=table[field](raw), ours=plain(getattr(record, field)))
        for field in record.__struct_fields__
    ]


def kept_whole(body: str, served: bytes, pages: Iterable[Page]) -> list[Compared]:
    """Every raw body that the connector keeps is a piece of what was served, unchanged; every record has one."""
    pages = list(pages)
    kept = [raw for page in pages for raw in page.raw]
    pieces = [
        Compared(body=body, record=f"{raw.kind} {raw.id}", field="raw body", theirs=True, ours=raw.body in served)
        for raw in kept
    ]
    known = {raw.id for raw in kept}
    return pieces + [
        Compared(body=body, record=record.id, field="has a raw body", theirs=True, ours=record.id in known)
        for page in pages
        for record in page.records
    ]


def plain(value: object) -> object:
    """A value of a record in JSON's own terms; an instant as milliseconds since 1970."""
    match value:
        case datetime():
            return round(value.timestamp() * 1000)
        case date():
            return value.isoformat()
        case tuple():
            return [plain(each) for each in value]
        case Struct():
            return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        case str():
            return str(value)
    return value


def cents(number: str) -> int:
    """Hundredths, off the digits themselves; every recorded currency has a hundred."""
    whole, _, fraction = number.partition(".")
    if fraction.rstrip("0")[2:]:
        raise ValueError(number)
    return int(f"{whole}{fraction[:2]:0<2}")
