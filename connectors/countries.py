"""A country as the books write it, as its ISO 3166 code.

Neither platform keeps codes: QuickBooks has "USA", "Germany" or nothing, Xero whatever somebody typed.
"""

from functools import cache

from babel import Locale
from babel.core import get_global

_NAMED_IN = ("en", "de", "fr", "es", "it", "nl")
_NO_COUNTRY = frozenset("EU EZ QO UN XA XB ZZ".split())
_IN_USE = {"u.s.": "US", "u.s.a.": "US", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB"}


def code(written: str | None) -> str | None:
    """The two-letter code, or None where the name is none that we know: unknown is better than wrong."""
    name = (written or "").strip()
    known = _by_name()
    if name.upper() in known.values():
        return name.upper()
    return known.get(name.casefold()) or _alias(name)


def _alias(name: str) -> str | None:
    """Three-letter and retired codes."""
    found = get_global("territory_aliases").get(name.upper(), ())
    return found[0] if len(found) == 1 else None


@cache
def _by_name() -> dict[str, str]:
    names = {
        name.casefold(): territory
        for language in _NAMED_IN
        for territory, name in Locale(language).territories.items()
        if len(territory) == 2 and territory.isalpha() and territory not in _NO_COUNTRY
    }
    return names | _IN_USE
