"""The JSON Schema of config.toml: the example fits it with every setting set, and mistakes do not."""

import re
import tomllib
from typing import Any

import pytest
from jsonschema import Draft7Validator

from dunwell.config.schema import config_schema
from tests.dunwell.config.test_example import EXAMPLE

VALIDATOR = Draft7Validator(config_schema())
LEDGER: dict[str, Any] = {"platform": "xero", "client_id": "X"}


def problems(settings: dict[str, Any]) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(settings)]


def test_the_example_fits_as_it_is_and_with_every_setting_set() -> None:
    """Days are written in TOML as days; an editor's server takes them for text."""
    text = EXAMPLE.read_text("utf-8")
    for one in (text, re.sub(r"(?m)^#(?=\S)", "", text)):
        settings = tomllib.loads(re.sub(r"= (\d{4}-\d\d-\d\d)", r'= "\1"', one))
        assert problems(settings) == []


def test_a_file_of_ledgers_alone_fits() -> None:
    overrides = {"contact": {"gap": 7}, "schedule": {"standard": {"first": ""}}}
    assert problems({"ledgers": {"brook": LEDGER | {"overrides": overrides}}}) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"platfrom": "xero"},
        {"platform": "sage"},
        {"write_back": {"notes": "yes"}},
        {"overrides": {"contact": {"gap": -1}}},
        {"overrides": {"inherits": "house"}},
        {"people": {"owner": "Anna"}},
        {"client_secret": "secret"},
    ],
    ids=str,
)
def test_a_mistake_does_not_fit(wrong: dict[str, Any]) -> None:
    assert problems({"ledgers": {"brook": LEDGER | wrong}})
