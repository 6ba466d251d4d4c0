"""Countries as books write them."""

import pytest

from connectors import countries


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
        ("Australia", "AU"),
    ],
)
def test_a_country_is_known_by_code_and_by_name(written: str, code: str) -> None:
    assert countries.code(written) == code


@pytest.mark.parametrize(
    "written", [None, "", "  ", "Atlantis", "EU", "European Union", "ZZ", "XX", "Euro zone", "UN", "12", "U", "\n"]
)
def test_what_is_no_country_is_unknown(written: str | None) -> None:
    assert countries.code(written) is None
