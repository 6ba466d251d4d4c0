"""Countries as books write them."""

import pytest

from connectors import countries
from strategy.model import SOMEWHERE


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
    ],
)
def test_a_country_is_known_by_code_and_by_name(written: str, code: str) -> None:
    assert countries.code(written) == code


@pytest.mark.parametrize(
    "written",
    [None, "", "  ", "Atlantis", "EU", "European Union", "ZZ", "XX", "Euro zone", "UN", "12", "U", "\n", "Republic of"],
)
def test_what_is_no_country_is_unknown(written: str | None) -> None:
    assert countries.code(written) is None


@pytest.mark.parametrize(
    ("written", "country"), [(None, None), (" ", None), ("-", None), ("UK", "GB"), ("Atlantis", SOMEWHERE)]
)
def test_an_address_with_an_unknown_country_is_not_one_without(written: str | None, country: str | None) -> None:
    assert countries.of_address(written) == country
