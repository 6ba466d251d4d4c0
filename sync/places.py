"""What follows from a country: its public holidays, and its time where it has only one."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global

from strategy.business_days import Calendar

_WINTER, _SUMMER = datetime(2026, 1, 1), datetime(2026, 7, 1)  # noqa: DTZ001 - wall times, to ask zones about

_DIVIDED: Final = frozenset("AU BA CA CH DE ES GB MY SH".split())
"""Where more than half of the parts keep a day that is no national one. Of the others nobody needs to reckon each part,
which takes 0.2 s for the United States.
"""


def calendar(wanted: Iterable[str], around: date) -> Calendar:
    """Public holidays of the year before, the year, and the year after; none for a country we know none of.

    A place is a country, or a part of one: then its own and the national ones. Of a country alone nobody knows which
    part is meant: those count, too, that more than half of its parts keep, as Easter Monday in the United Kingdom.
    """
    years = range(around.year - 1, around.year + 2)
    return Calendar(holidays={place: _holidays(place, years) for place in sorted(set(wanted))})


@cache
def _holidays(place: str, years: range) -> frozenset[date]:
    country, _, part = place.partition("-")
    if not _is_known(country):
        return frozenset()
    from holidays import country_holidays  # noqa: PLC0415 - as in _is_known

    parts = regions(country)
    if part in parts:
        return frozenset(country_holidays(country, subdiv=part, years=years))
    asked = parts if country in _DIVIDED else ()
    kept = Counter(day for each in asked for day in country_holidays(country, subdiv=each, years=years))
    most = (day for day, count in kept.items() if 2 * count > len(parts))
    return frozenset((*country_holidays(country, years=years), *most))


@cache
def regions(country: str) -> tuple[str, ...]:
    """The parts of a country that have public holidays of their own; ISO 3166-2 codes without the country."""
    if not _is_known(country):
        return ()
    from holidays import country_holidays  # noqa: PLC0415 - as in _is_known

    return tuple(sorted(country_holidays(country).subdivisions))


def _is_known(country: str) -> bool:
    """Whether the library has this country. Its own list of all takes 0.1 s; it has each by its two letters, too."""
    import holidays  # noqa: PLC0415 - it takes 0.05 s, and most commands ask for no day

    return len(country) == 2 and country.isalpha() and hasattr(holidays, country)


@cache
def time_zone(country: str | None) -> str | None:
    """The country's time zone as an IANA name; None where it has several or is not known."""
    zones = get_global("territory_zones").get(country or "", ())
    offsets = {(ZoneInfo(zone).utcoffset(_WINTER), ZoneInfo(zone).utcoffset(_SUMMER)) for zone in zones}
    return zones[0] if len(offsets) == 1 else None
