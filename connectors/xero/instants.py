"""Instants and days as Xero writes them."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from connectors.days import meant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MS_DATE = re.compile(r"/Date\((-?\d+)")


def instant(written: str) -> datetime:
    """An instant as Xero writes it: milliseconds since 1970 (UTC), or ISO, which is UTC where it has no offset."""
    if found := _MS_DATE.match(written):
        return _EPOCH + timedelta(milliseconds=int(found.group(1)))
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def day(written: str, string: str | None = None) -> date:
    """A calendar day: the text beside it where there is one, else the UTC day of the milliseconds (they agree)."""
    return meant(date.fromisoformat(string[:10]) if string else instant(written).date())


def version_of(updated: datetime) -> str:
    """Xero numbers no versions; the instant of the change orders them."""
    return str((updated - _EPOCH) // _MILLISECOND)
