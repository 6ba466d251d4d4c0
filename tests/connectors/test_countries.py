"""Countries as books write them."""

import pytest
from babel import Locale

from connectors import countries
from strategy.model import SOMEWHERE

NO_COUNTRY = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("US", "US"),
        ("us", "US"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States", "US"),
        ("UNITED STATES", "US"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        (" Deutschland ", "DE"),
        ("Österreich", "AT"),
        ("Suisse", "CH"),
        ("España", "ES"),
        ("Italia", "IT"),
        ("Nederland", "NL"),
        ("United Kingdom", "GB"),
        ("UK", "GB"),
        ("Scotland", "GB"),
        ("GBR", "GB"),
        ("New Zealand", "NZ"),
        ("N.Z.", "NZ"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("Northern Ireland", "GB"),
        ("United States of America", "US"),
        ("The Netherlands", "NL"),
        ("Republic of Ireland", "IE"),
        ("Czech Republic", "CZ"),
        ("Hong Kong", "HK"),
        ("U.A.E.", "AE"),
        ("Republic of China", "TW"),
        ("P.R. China", "CN"),
        ("Cote d'Ivoire", "CI"),
        ("Trinidad and Tobago", "TT"),
        ("Osterreich", "AT"),
        ("Polska", "PL"),
        ("Sverige", "SE"),
        ("\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "GR"),
        ("Australia", "AU"),
        ("Gro\u00dfbritannien", "GB"),
        ("Grande-Bretagne", "GB"),
        ("Gran Breta\u00f1a", "GB"),
        ("Gran Bretagna", "GB"),
        ("Groot-Brittanni\u00eb", "GB"),
        ("Schottland", "GB"),
        ("Inghilterra", "GB"),
        ("Hollande", "NL"),
        ("Tschechische Republik", "CZ"),
        ("R\u00e9publique tch\u00e8que", "CZ"),
        ("Vereinigte Staaten von Amerika", "US"),
        ("Estados Unidos de Am\u00e9rica", "US"),
        ("Stati Uniti d\u2019America", "US"),
        ("Bundesrepublik Deutschland", "DE"),
        ("Republik \u00d6sterreich", "AT"),
        ("The Republic of China", "TW"),
        ("The Republic of Korea", "KR"),
        ("The People's Republic of China", "CN"),
        ("The Republic of Ireland", "IE"),
    ],
)
def test_a_country_is_known_by_code_and_by_name(written: str, code: str) -> None:
    assert countries.code(written) == code


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "  ",
        "Atlantis",
        "EU",
        "European Union",
        "ZZ",
        "XX",
        "Euro zone",
        "UN",
        "12",
        "U",
        "\n",
        "Republic of",
        "Co.",
        "Inc.",
    ],
)
def test_what_is_no_country_is_unknown(written: str | None) -> None:
    assert countries.code(written) is None


@pytest.mark.parametrize(
    ("written", "country"), [(None, None), (" ", None), ("-", None), ("UK", "GB"), ("Atlantis", SOMEWHERE)]
)
def test_an_address_with_an_unknown_country_is_not_one_without(written: str | None, country: str | None) -> None:
    assert countries.of_address(written) == country


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "nl", "pl", "sv", "da", "pt"])
def test_no_country_is_taken_for_another_by_its_own_name_in_a_language(language: str) -> None:
    named = {code: name for code, name in Locale(language).territories.items() if len(code) == 2 and code.isalpha()}
    known = {code: countries.code(name) for code, name in named.items()}
    wrong = {named[code]: found for code, found in known.items() if found not in {code, None}}
    assert wrong == {}
    assert [named[code] for code, found in known.items() if found is None and code not in NO_COUNTRY] in ([], ["Kongo"])
