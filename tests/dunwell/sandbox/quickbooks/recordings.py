"""Real answers recorded in Intuit's sandbox, and how to look through them."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import yaml

_DECODE = msgspec.json.Decoder(float_hook=Decimal)


def recorded(folder: Path) -> Iterator[Any]:
    """Every JSON answer in a folder of Ruby's VCR."""
    for path in sorted(folder.rglob("*.yml")):
        for exchange in yaml.load(path.read_text(), yaml.CSafeLoader)["http_interactions"]:
            text = exchange["response"]["body"].get("string", "")
            if isinstance(text, str) and text.startswith("{"):
                yield _DECODE.decode(text)


def keys(value: Any, path: str = "") -> Iterator[str]:
    """Every key of a body with the keys above it; lists do not count."""
    if isinstance(value, list):
        for each in value:
            yield from keys(each, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}{key}"
            yield from keys(inner, f"{path}{key}.")


def objects(bodies: list[Any], entity: str) -> Iterator[Any]:
    """Every object of an entity anywhere in the bodies."""
    for body in bodies:
        stack = [body]
        while stack:
            top = stack.pop()
            if isinstance(top, dict):
                found = top.get(entity)
                yield from (each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict))
                stack.extend(top.values())
            elif isinstance(top, list):
                stack.extend(top)
