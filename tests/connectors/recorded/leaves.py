"""The other side of the comparison: which values of a body nobody asked for.

A body is read as objects that remember what was asked of them, by the same tables that say what a record must be. What
is left over is a field that is not modelled: `not_read` has its reason, or it is new, and the test fails.
"""

import json
from collections.abc import Iterator
from typing import Any


class Body(dict[str, Any]):
    """A JSON object that knows which of its keys were asked for. `left`: it is no concern of ours, as a whole."""

    def __init__(self, value: dict[str, Any]) -> None:
        super().__init__(value)
        self.asked: set[str] = set()
        self.left = False

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def loaded(text: bytes) -> Any:
    """The JSON, its numbers as text, its objects as `Body`."""
    return json.loads(text, parse_float=str, parse_int=str, object_hook=Body)


def leaves(value: Any, place: str = "", read: bool = False, left: bool = False) -> Iterator[tuple[str, bool, bool]]:
    """Every value that has nothing below it, an empty list or object too: where it is (numbers of rows left out),
    whether it was asked for, and whether it is part of something that is no concern of ours.
    """
    if isinstance(value, Body) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{place}.{key}" if place else key, key in value.asked, left or value.left)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(inner, place, read, left)
    else:
        yield place, read, left
