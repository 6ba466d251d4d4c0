"""What the stories guard: the tables of `README.md`."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from strategy.model import Record
from tests.scenarios.reading import FOLDER

FILE: Final = FOLDER / "README.md"


class Guard(Record):
    """A row: what must not break (of a part), the story that guards it, and the rule that is switched off there; or the
    test that guards it, which has no rule.
    """

    part: str
    what: str
    story: str = ""
    test: str = ""
    rule: str = ""


@cache
def guards(file: Path = FILE) -> tuple[Guard, ...]:
    """Every row, in order."""
    _, *parts = file.read_text("utf-8").split("\n## ")
    return tuple(row for part in parts for row in _rows(*part.split("\n", 1)))


def _rows(part: str, text: str) -> Iterator[Guard]:
    _, _, *rows = (line for line in text.splitlines() if line.startswith("|"))
    for row in rows:
        what, by, *rules = (cell.strip().strip("`") for cell in row.strip("|").split("|"))
        if "::" in by:
            yield Guard(part=part, what=what, test=by)
        else:
            yield Guard(part=part, what=what, story=by, rule=rules[0])


def of(part: str) -> tuple[Guard, ...]:
    """The rows of a part."""
    return tuple(one for one in guards() if one.part == part)
