"""JSON Schemas from the lists by which texts are read, so that editors complete, explain and underline.

A schema says what a setting may be as far as JSON Schema can; `dunwell check` says the rest. Draft 7, which the TOML
servers of editors speak (taplo 0.9.0, tried on 2026-11-22).
"""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Final

from strategy.text.grammar.facts import FACTS
from strategy.text.kinds import NAME_SHAPE, TABLE_OR_NONE
from strategy.text.parts import keys, ladder_keys, segment_keys
from strategy.text.table import Key, Setting

Shape = dict[str, object]

DRAFT: Final = "http://json-schema.org/draft-07/schema#"

INSIDE: Final[Mapping[str, tuple[Key[object], ...]]] = {
    keys.STATEMENT.name: keys.STATEMENT_KEYS,
    keys.THANKS.name: keys.THANKS_KEYS,
    keys.CONTACT.name: keys.CONTACT_KEYS,
    keys.MOST.name: keys.MOST_KEYS,
    keys.HOLDS.name: keys.HOLDS_KEYS,
    keys.PROMISE.name: keys.PROMISE_KEYS,
    keys.START.name: keys.START_KEYS,
    keys.PLAN.name: keys.PLAN_KEYS,
    keys.SEGMENTS.name: segment_keys.SEGMENT_KEYS,
    keys.TRIGGERS.name: segment_keys.TRIGGER_KEYS,
}
"""What tables have inside, by their name, which is the same wherever they stand."""

_ONE_VERB: Final[Shape] = {"oneOf": [{"required": [verb.name]} for verb in ladder_keys.VERBS]}
_NONE: Final = {"const": ""}
"""A table, or a step, that is taken out."""


def strategy_schema() -> Shape:
    """Of a strategy's file. Segments are not required, since they may be inherited."""
    return {"$schema": DRAFT, "title": "A strategy of Dunwell", **strategy_table()}


def strategy_table() -> Shape:
    """The same as a part of another schema."""
    whole = table(keys.TOP_KEYS, INSIDE)
    figures = {"type": "object", "patternProperties": {"^[A-Z]{3}$": {"type": "number", "minimum": 0}}}
    language = {"type": "object", "additionalProperties": keys.LANGUAGE_CODE.shape}
    inner: dict[str, Shape] = {
        keys.AMOUNTS.name: {"additionalProperties": {**figures, "additionalProperties": False, "minProperties": 1}},
        keys.SCHEDULE.name: {"additionalProperties": _schedule()},
        keys.LANGUAGE.name: {"anyOf": [keys.LANGUAGE_CODE.shape, language]},
    }
    properties = whole["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - for the type checker: table makes it one
    for name, more in inner.items():
        properties[name] |= more
    return whole


def table(of: Iterable[Key[object]], inside: Mapping[str, tuple[Key[object], ...]]) -> Shape:
    """A table with these keys and no others."""
    known = tuple(of)
    shape: Shape = {
        "type": "object",
        "properties": {key.name: _setting(key, inside) for key in known},
        "additionalProperties": False,
    }
    required = [key.name for key in known if key.required]
    return shape | ({"required": required} if required else {})


def _setting(key: Key[object], inside: Mapping[str, tuple[Key[object], ...]]) -> Shape:
    shape: Shape = dict(key.kind.shape)
    if key.name in inside and shape.get("type") == "array":
        own = table(inside[key.name], inside)
        shape["items"] = own | _ONE_VERB if key.name == keys.TRIGGERS.name else own
    elif key.name in inside and shape.get("type") == "object":
        own = table(inside[key.name], inside)
        shape = {"anyOf": [own, _NONE]} if key.kind is TABLE_OR_NONE else own
    unit = f" ({key.unit})" if key.unit else ""
    default = f" Default: {key.default.replace('`', '')}." if key.default else ""
    shape["description"] = f"{key.meaning}{unit}.{default}{_words(key)}".replace("..", ".")
    if isinstance(key, Setting):
        shape["default"] = tomllib.loads(f"x = {key.example}")["x"]
    return shape


def _words(key: Key[object]) -> str:
    return f"\n\nFacts: {', '.join(FACTS)}." if key.kind is keys.CONDITION else ""


def _schedule() -> Shape:
    """Steps by name; one that is an empty text is taken out."""
    step = table(ladder_keys.STEP_KEYS, INSIDE) | _ONE_VERB
    like = {**NAME_SHAPE, "description": ladder_keys.LIKE.meaning}
    return {
        "type": "object",
        "properties": {ladder_keys.LIKE.name: like},
        "additionalProperties": {"anyOf": [step, _NONE]},
    }
