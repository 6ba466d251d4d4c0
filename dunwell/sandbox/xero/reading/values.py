"""The values of an object's properties, fit to be compared."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dunwell.sandbox.xero.reading.fields import Sort
from dunwell.sandbox.xero.wire import Body

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"/Date\((-?\d+)")


def own(body: Body, name: str, sort: Sort) -> Any:
    """The property of that name ("Contact.Name" too), None where the object has none. Texts lose their case."""
    value: Any = body
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or sort in (Sort.FLAG, Sort.THING):
        return value
    if sort is Sort.NUMBER:
        return Decimal(value)
    return instant(str(value)) if sort is Sort.DAY else str(value).casefold()


def instant(written: str) -> datetime | None:
    """The instant of a date as Xero writes it."""
    found = _MILLISECONDS.match(written)
    return _EPOCH + timedelta(milliseconds=int(found[1])) if found else None


def read_instant(text: str) -> datetime:
    """An instant of a request: ISO, and UTC where it has no offset. Raises `ValueError`."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
