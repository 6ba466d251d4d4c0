"""Named SQL: `sql/<room>.sql` holds statements, each headed by `-- name: <name>` and a sentence on what it is for."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

_HEAD = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def load(room: str) -> Mapping[str, str]:
    """The statements of a room, by name."""
    text = resources.files("sync.store").joinpath(f"sql/{room}.sql").read_text("utf-8")
    _, *parts = _HEAD.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def rooms() -> tuple[str, ...]:
    """The names of all rooms that have SQL."""
    folder = resources.files("sync.store").joinpath("sql")
    return tuple(sorted(file.name.removesuffix(".sql") for file in folder.iterdir() if file.name.endswith(".sql")))
