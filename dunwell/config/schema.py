"""The JSON Schema of config.toml, from the list by which it is read."""

from collections.abc import Mapping
from typing import Final

from dunwell.config import keys
from dunwell.config.agencies import AGENCY_KEYS
from strategy.text.parts.keys import INHERITS, STRATEGY
from strategy.text.schema import DRAFT, Shape, strategy_table, table
from strategy.text.table import Key

_INSIDE: Final[Mapping[str, tuple[Key[object], ...]]] = {
    keys.FIRM.name: keys.FIRM_KEYS,
    keys.MAIL.name: keys.MAIL_KEYS,
    keys.LIMITS.name: keys.LIMIT_KEYS,
    keys.WEBHOOKS.name: keys.WEBHOOKS_KEYS,
    keys.WRITE_BACK.name: keys.WRITE_BACK_KEYS,
    keys.KEY.name: keys.SECRET_KEYS,
    keys.CLIENT_SECRET.name: keys.SECRET_KEYS,
    keys.PASSWORD.name: keys.SECRET_KEYS,
}


def config_schema() -> Shape:
    """Of config.toml, and of the files with ledgers that it includes: nothing is required that only one of them has."""
    whole = table(keys.TOP, _INSIDE)
    ledger = table(keys.LEDGER_KEYS, _INSIDE)
    _properties(ledger)[keys.OVERRIDES.name] = _overrides()
    _properties(ledger)[keys.PEOPLE.name]["additionalProperties"] = keys.ADDRESS.shape
    _without_required(_properties(ledger)[keys.MAIL.name])
    _without_required(_properties(whole)[keys.MAIL.name])
    _without_required(whole)
    _properties(whole)[keys.AGENCIES.name]["additionalProperties"] = table(AGENCY_KEYS, _INSIDE)
    _properties(whole)[keys.LEDGERS.name]["additionalProperties"] = ledger
    return {"$schema": DRAFT, "title": "Settings of Dunwell", **whole}


def _overrides() -> Shape:
    """A strategy's tables, but for its name and parent."""
    shape = strategy_table()
    for key in (STRATEGY, INHERITS):
        del _properties(shape)[key.name]
    return shape | {"description": keys.OVERRIDES.meaning}


def _properties(shape: Shape) -> dict[str, Shape]:
    found = shape["properties"]
    assert isinstance(found, dict)  # noqa: S101 - for the type checker: table makes it one
    return found


def _without_required(shape: Shape) -> None:
    """Settings that another table or file may give."""
    shape.pop("required", None)
