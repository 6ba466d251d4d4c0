"""The JSON Schema of strategies: what can be used fits it, and it knows every setting that the reader knows."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from strategy import shipped
from strategy.text.parts import keys
from strategy.text.schema import INSIDE, strategy_schema
from tests.strategy.texts import CONTRACT, SHORT, TRIGGERS

SCHEMA: Any = strategy_schema()
VALIDATOR = Draft7Validator(SCHEMA)
BROKEN = Path(__file__).parent / "data" / "broken"

UNDERLINED = [
    "channel-twice",
    "day-with-unit",
    "day-without-anchor",
    "day-without-sign",
    "hours-unreadable",
    "language-written-out",
    "number-out-of-range",
    "segment-in-single-brackets",
    "share-unreadable",
    "step-does-nothing",
    "step-does-two-things",
    "step-with-unknown-setting",
    "step-without-day",
    "text-for-a-number",
    "trigger-does-nothing",
    "unknown-channel",
    "unknown-setting",
    "unknown-table",
    "unknown-weekday",
    "unknown-word",
]
"""Of the mistakes in data/broken, what an editor sees already; the others need `dunwell check`."""


@pytest.mark.parametrize("text", [*map(shipped.text, shipped.names()), CONTRACT, SHORT, SHORT + TRIGGERS])
def test_what_can_be_used_fits_the_schema(text: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))] == []


@pytest.mark.parametrize("name", UNDERLINED)
def test_an_editor_sees_what_is_wrong_in_form(name: str) -> None:
    text = (BROKEN / f"{name}.toml").read_text("utf-8")
    assert not VALIDATOR.is_valid(tomllib.loads(text))


def test_every_table_of_the_text_is_known_inside() -> None:
    """A table that the reader gets and the schema does not would be completed with nothing."""
    own = {keys.AMOUNTS.name, keys.SCHEDULE.name, keys.LANGUAGE.name}
    tables = {key.name for key in keys.TOP_KEYS if key.kind.shape.get("type") in ("object", "array")}
    assert tables - own <= INSIDE.keys()
    assert SCHEMA["properties"].keys() == {key.name for key in keys.TOP_KEYS}


@pytest.mark.parametrize("table", ["statement", "thanks"])
def test_a_table_that_may_be_taken_out_may_be_empty(table: str) -> None:
    assert VALIDATOR.is_valid({table: ""})
    assert not VALIDATOR.is_valid({table: "no"})


def test_a_setting_is_explained_with_its_unit_and_its_default() -> None:
    gap = SCHEMA["properties"]["contact"]["properties"]["gap"]
    assert gap == {
        "type": "integer",
        "minimum": 0,
        "maximum": 365,
        "default": 5,
        "description": "days between two contacts with one account, whatever their source (days). Default: 5.",
    }


def test_a_condition_is_explained_with_the_facts_it_may_ask_for() -> None:
    when = SCHEMA["properties"]["segment"]["items"]["properties"]["when"]
    assert "Facts: overdue, balance" in when["description"]
