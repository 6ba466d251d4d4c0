"""What follows from a country: its public holidays, and its time where it has only one."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from strategy.business_days import Calendar

_WINTER, _SUMMER = datetime(2026, 1, 1), datetime(2026, 7, 1)  # noqa: DTZ001 - wall times, to ask zones about


def calendar(countries: Iterable[str], around: date) -> Calendar:
    """National public holidays of the year before, the year, and the year after; none for a country we know none of."""
    years = range(around.year - 1, around.year + 2)
    return Calendar(holidays={country: _holidays(country, years) for country in sorted(set(countries))})


@cache
def _holidays(country: str, years: range) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - it takes 0.05 s, and most commands ask for no day

    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=years))


@cache
def time_zone(country: str | None) -> str | None:
    """The country's time zone as an IANA name; None where it has several or is not known."""
    zones = get_global("territory_zones").get(country or "", ())
    offsets = {(ZoneInfo(zone).utcoffset(_WINTER), ZoneInfo(zone).utcoffset(_SUMMER)) for zone in zones}
    return zones[0] if len(offsets) == 1 else None
