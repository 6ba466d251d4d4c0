"""A country as the books write it, as its ISO 3166 code.

Neither platform keeps codes: QuickBooks has "USA", "Germany" or nothing, Xero whatever somebody typed.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import chain

from babel import Locale
from babel.core import get_global

_NAMED_IN = ("en", "de", "fr", "es", "it", "nl")
_NO_COUNTRY = frozenset("EU EZ QO UN XA XB ZZ".split())
_IN_USE = {"usa": "US", "u.s.": "US", "u.s.a.": "US", "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB"}


@lru_cache(maxsize=1000)
def code(written: str | None) -> str | None:
    """The two-letter code, or None where the name is none that we know: unknown is better than wrong."""
    name = (written or "").strip().casefold()
    known = chain([_IN_USE], map(_named_in, _NAMED_IN))  # a language costs a file that few books need
    return next((names[name] for names in known if name in names), None) or _alias(name)


def _alias(name: str) -> str | None:
    """Three-letter and retired codes."""
    found = get_global("territory_aliases").get(name.upper(), ())
    return found[0] if len(found) == 1 else None


@cache
def _named_in(language: str) -> Mapping[str, str]:
    """Codes by what countries are called in a language, and by themselves."""
    named = {
        territory: name
        for territory, name in Locale(language).territories.items()
        if len(territory) == 2 and territory.isalpha() and territory not in _NO_COUNTRY
    }
    return {name.casefold(): territory for territory, name in named.items()} | {one.casefold(): one for one in named}
