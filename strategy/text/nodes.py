"""A TOML text as nodes: each value with the place where it stands, every mistake of form reported in one pass.

The standard reader stops at the first thing it does not understand. Here the line it stopped at is left out and it is
asked again, so that a text with three bad lines gives three mistakes; their settings stay in the tree as BROKEN.
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Final

from strategy.model import Record
from strategy.text.lines import Path, Scan, Spot, scan
from strategy.text.mistakes import Mistake


class Mark(Enum):
    """What stands in place of a value: BROKEN was reported already, DROPPED was taken away from what is inherited."""

    BROKEN = "broken"
    DROPPED = "dropped"


class Place(Record):
    """A line and column of a file, both from 1, and how many characters are meant."""

    file: str
    line: int
    column: int | None
    width: int = 1


class Node(Record):
    """A value and where it stands: `at` the value, `name` its name. `raw` is what was written, "" for a table."""

    value: object
    at: Place
    name: Place
    raw: str = ""

    @property
    def table(self) -> Mapping[str, "Node"] | None:
        """The settings inside, or None if it is no table."""
        return self.value if isinstance(self.value, dict) else None

    @property
    def items(self) -> tuple["Node", ...] | None:
        """The values inside, or None if it is no list."""
        return self.value if isinstance(self.value, tuple) else None

    @property
    def text(self) -> str | None:
        """The text, or None if it is none."""
        return self.value if isinstance(self.value, str) else None

    @property
    def broken(self) -> bool:
        """Whether a mistake was reported already, so that nothing more needs to be said."""
        return self.value is Mark.BROKEN

    def inside(self, index: int, width: int = 1) -> Place:
        """The place of a character of the text, counted from 0 as it reads, whatever escapes it was written with."""
        if self.at.column is None:
            return self.at
        return Place(
            file=self.at.file, line=self.at.line, column=self.at.column + _written(self.raw, index), width=width
        )


class Loaded(Record):
    """A text as nodes; `root` is None where its tables could not be told apart."""

    file: str
    text: str
    root: Node | None
    mistakes: tuple[Mistake, ...]


def load(text: str, file: str) -> Loaded:
    """The text as a tree of nodes with all its mistakes of form. Numbers with a point become Decimal."""
    found = scan(text, file)
    rows = [row.rstrip("\r") for row in text.removeprefix("\ufeff").split("\n")]
    for line in found.broken:
        rows[line - 1] = ""
    for line in found.twice:
        rows[line - 1] = f"[second-in-line-{line}]"
    broken = set(found.broken)
    data, mistakes = _data(rows, file, broken)
    root = None
    if data is not None and not found.twice:
        for path in _paths(found, broken):
            _mark(data, path)
        root = _node(data, (), found.spots, _top(file))
    return Loaded(file=file, text=text, root=root, mistakes=(*found.mistakes, *mistakes))


def made(value: object, file: str = "") -> Node:
    """A node that no text stands behind: a default."""
    return _node(value, (), {}, _top(file))


_MOST_ERRORS: Final = 50
_POSITION: Final = re.compile(r"^(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$", re.DOTALL)
_CURLY: Final = "“”„‟‘’‚«»"

_RIGHT: Final = (
    ("Invalid value", "it cannot be read", 'put texts in "quotes", write numbers without'),
    ("Expected '='", 'after a name comes "="', "write name = value"),
    ("Invalid statement", "it is neither a setting nor a heading", "write name = value, or [table]"),
    ("Illegal character", "the text is not closed on its line", 'close it: "'),
    ("Unterminated string", "the text is not closed on its line", 'close it: "'),
    ("Unescaped '\\'", "a backslash in a text", "write it twice, or put the text in 'single quotes'"),
    ("Unclosed inline table", "this { is not closed on its line", "close it: }"),
    ("Unclosed array", "this [ is not closed on its line", "close it: ]"),
    ("Expected newline", "more stands on this line than one setting", "give each setting a line of its own"),
    ("Expected ']", "the heading is not closed", "write [table], or [[table]] for each of several"),
    ("Cannot declare", "this table stands twice", "keep one of the two"),
    ("Cannot overwrite", "this is set twice", "keep one of the two"),
    ("Cannot mutate", "this table was closed already", "write all its settings in one place"),
    ("Duplicate inline", "this is set twice", "keep one of the two"),
)


def _data(rows: list[str], file: str, broken: set[int]) -> tuple[dict[str, object] | None, list[Mistake]]:
    """What a TOML reader makes of the rows, without those that it does not understand: they go to `broken`."""
    mistakes: list[Mistake] = []
    while len(mistakes) < _MOST_ERRORS:
        try:
            return tomllib.loads("\n".join(rows), parse_float=Decimal), mistakes
        except (ValueError, RecursionError) as error:
            mistake = _mistake(error, rows, file)
        mistakes.append(mistake)
        row = rows[mistake.line - 1]
        if not row.strip() or row.lstrip().startswith("["):
            break
        rows[mistake.line - 1] = ""
        broken.add(mistake.line)
    return None, mistakes


def _paths(found: Scan, broken: set[int]) -> list[Path]:
    """What the broken lines would have set, settings inside others left aside."""
    lines = {path: spot.line for path, spot in found.spots.items() if spot.line in broken}
    return [path for path in lines if lines.get(path[:-1]) != lines[path]]


def _mistake(error: Exception, rows: list[str], file: str) -> Mistake:
    match = _POSITION.match(str(error))
    last = next((number for number in range(len(rows), 0, -1) if rows[number - 1].strip()), 1)
    line = min(int(match["line"]), len(rows)) if match else last
    column = min(int(match["column"]), len(rows[line - 1]) + 1) if match else None
    what = match["what"] if match else str(error).removesuffix(" (at end of document)")
    message, right = _explained(what, rows[line - 1], column)
    return Mistake(file=file, line=line, column=column, message=message, right=right)


def _explained(what: str, row: str, column: int | None) -> tuple[str, str]:
    if column is not None and row[column - 1 : column] in tuple(_CURLY):
        return f"a curly quote, {row[column - 1]}", 'write a straight one: "'
    for start, message, right in _RIGHT:
        if what.startswith(start):
            return message, right
    return f"this is not TOML: {what}", "write name = value, texts in quotes"


def _mark(data: dict[str, object], path: Path) -> None:
    """Leave BROKEN where a setting was that could not be read."""
    inner: object = data
    for part in path[:-1]:
        if isinstance(inner, dict) and isinstance(part, str):
            inner = inner.setdefault(part, {})
        elif isinstance(inner, list) and isinstance(part, int) and part < len(inner):
            inner = inner[part]
    if isinstance(inner, dict) and path:
        inner[str(path[-1])] = Mark.BROKEN


def _top(file: str) -> Node:
    place = Place(file=file, line=1, column=None)
    return Node(value=None, at=place, name=place)


def _node(value: object, path: Path, spots: Mapping[Path, Spot], above: Node) -> Node:
    """The value with its place; where the scan found none, that of what it stands in."""
    spot = spots.get(path)
    node = above if spot is None else _placed(spot, path, above.at.file)
    if isinstance(value, dict):
        return _with(node, {key: _node(inner, (*path, key), spots, node) for key, inner in value.items()})
    if isinstance(value, list):
        return _with(node, tuple(_node(inner, (*path, index), spots, node) for index, inner in enumerate(value)))
    return _with(node, value)


def _with(node: Node, value: object) -> Node:
    return Node(value=value, at=node.at, name=node.name, raw=node.raw)


def _placed(spot: Spot, path: Path, file: str) -> Node:
    width = len(spot.raw) or len(".".join(str(part) for part in path if isinstance(part, str))) + 2
    at = Place(file=file, line=spot.line, column=spot.value, width=width)
    name = Place(file=file, line=spot.line, column=spot.column, width=len(str(path[-1])) if spot.raw else width)
    return Node(value=None, at=at, name=name, raw=spot.raw)


_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|.", re.DOTALL)


def _written(raw: str, index: int) -> int:
    """How far into what was written the character stands that is number `index` of the text."""
    if not raw.startswith('"') or "\\" not in raw:
        return index + 1
    starts = [match.start() + 1 for match in _ESCAPE.finditer(raw[1:-1])]
    return starts[index] if index < len(starts) else len(raw) - 1
