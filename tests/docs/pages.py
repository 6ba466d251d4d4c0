"""The documentation as tests read it: its pages, their blocks of code, and the commands in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from strategy.model import Record

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(
    sorted(page for folder in (".", "docs", "tests/cassettes", "tests/data") for page in (ROOT / folder).glob("*.md"))
)

_FENCED: Final = re.compile(r"(?ms)^```(\w*)\n(.*?)^```")
_INLINE: Final = re.compile(r"`([^`\n]+)`")


class Block(Record):
    """A block of code; `language` is empty where none is said."""

    page: Path
    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in their order."""
    return [Block(page=page, language=one[1], text=one[2]) for one in _FENCED.finditer(page.read_text("utf-8"))]


def prose(page: Path) -> str:
    """The page without its blocks."""
    return _FENCED.sub("", page.read_text("utf-8"))


def quoted(page: Path) -> Iterator[str]:
    """What stands in the prose as code."""
    return (one[1] for one in _INLINE.finditer(prose(page)))
