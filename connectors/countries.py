"""A country as the books write it, as its ISO 3166 code.

Neither platform keeps codes: QuickBooks has "USA", "Germany" or nothing, Xero whatever somebody typed.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import chain

from babel import Locale
from babel.core import get_global

from strategy.model import SOMEWHERE

_NAMED_IN = tuple("en de fr es it nl pt da sv nb fi pl cs sk hu ro sl hr et lv lt el bg is tr".split())
_NO_COUNTRY = frozenset("EU EZ QO UN XA XB ZZ".split())

_IN_USE = {
    "great britain": "GB",
    "united kingdom of great britain and northern ireland": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "united states of america": "US",
    "eire": "IE",
    "holland": "NL",
    "czech republic": "CZ",
    "slovak republic": "SK",
    "turkey": "TR",
    "russian federation": "RU",
    "uae": "AE",
    "hong kong": "HK",
    "macau": "MO",
    "pr china": "CN",
    "people's republic of china": "CN",
    "republic of china": "TW",
    "republic of korea": "KR",
    "ivory coast": "CI",
    "democratic republic of the congo": "CD",
    "grossbritannien": "GB",
    "grande bretagne": "GB",
    "gran bretana": "GB",
    "gran bretagna": "GB",
    "groot brittannie": "GB",
    "gra bretanha": "GB",
    "storbritannien": "GB",
    "schottland": "GB",
    "ecosse": "GB",
    "escocia": "GB",
    "scozia": "GB",
    "schotland": "GB",
    "angleterre": "GB",
    "inglaterra": "GB",
    "inghilterra": "GB",
    "engeland": "GB",
    "hollande": "NL",
    "holanda": "NL",
    "olanda": "NL",
    "tschechische republik": "CZ",
    "republique tcheque": "CZ",
    "republica checa": "CZ",
    "repubblica ceca": "CZ",
    "tsjechische republiek": "CZ",
    "vereinigte staaten von amerika": "US",
    "etats unis d'amerique": "US",
    "estados unidos de america": "US",
    "estados unidos da america": "US",
    "stati uniti d'america": "US",
    "verenigde staten van amerika": "US",
    "bundesrepublik deutschland": "DE",
    "republik osterreich": "AT",
}
"""What people write and CLDR has no name for, as `_plain` has it."""

_SHARED = frozenset({"kongo"})
"""What two countries are called, each in another language."""

_ABBREVIATED = re.compile(r"\s*\w{2,3}\.\s*")
"""A word cut short ("Co."), which is not the code that it looks like."""

_FORMAL = re.compile(r"^(the )?((federal )?(republic|kingdom|principality|grand duchy) of )?(the )?")


@lru_cache(maxsize=1000)
def code(written: str | None) -> str | None:
    """The two-letter code, or None where the name is none that we know: unknown is better than wrong."""
    name = _plain(written or "")
    if not name or name in _SHARED or _ABBREVIATED.fullmatch(written or ""):
        return None
    shorter = dict.fromkeys((name, name.removeprefix("the "), _FORMAL.sub("", name)))  # the form may make the country
    known = chain([_IN_USE], map(_named_in, _NAMED_IN))  # a language costs a file that few books need
    found = (names.get(one) for names in known for one in shorter)
    return _alias(name) or next(filter(None, found), None)


def of_address(written: str | None) -> str | None:
    """The same for an address, of which nothing written means at home, and something unknown does not."""
    return code(written) or (SOMEWHERE if _plain(written or "") else None)


def _plain(name: str) -> str:
    """A name without its marks, dots and capitals: "U.K." and "Côte d’Ivoire" as "uk" and "cote d'ivoire"."""
    letters = (one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one))
    text = "".join(letters).replace(".", "").replace("\u2019", "'").replace("&", " and ").replace("-", " ")
    return " ".join(text.split())


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
    return {_plain(name): territory for territory, name in named.items()} | {one.casefold(): one for one in named}
