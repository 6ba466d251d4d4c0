"""The version of a strategy: a hash of what it does, the same however it was written and wherever inherited from."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

import msgspec

from strategy.conditions import Condition, Word
from strategy.rules import At, Segment, Step, Strategy, ThanksRule, Trigger

_WRITTEN: Final[Mapping[type, AbstractSet[str]]] = {
    At: {"text"},
    Condition: {"text"},
    Word: {"quoted"},
    Step: {"file", "line"},
    Segment: {"file", "line"},
    Trigger: {"file", "line"},
    ThanksRule: {"file", "line"},
    Strategy: {"version"},
}
"""Fields that tell how something was written, or where, and not what it does."""


def version(strategy: Strategy) -> str:
    """Twelve hexadecimal digits: equal for equal rules, on every machine and in every run."""
    return hashlib.sha256(msgspec.json.encode(_plain(strategy))).hexdigest()[:12]


def _plain(value: object) -> object:
    """Lists of texts and numbers in a fixed order."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, msgspec.Struct):
        kind = type(value)
        return [kind.__name__, [[name, _plain(getattr(value, name))] for name in _fields(kind)]]
    if isinstance(value, Mapping):
        return [[str(key), _plain(value[key])] for key in sorted(value, key=str)]
    if isinstance(value, AbstractSet):
        return sorted(str(each) for each in value)
    return str(value)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in _WRITTEN.get(kind, ()))
