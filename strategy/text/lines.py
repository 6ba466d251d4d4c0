"""Where each setting of a TOML text stands, which no TOML reader tells.

The trick is a rule for the writer: one setting per line, no dotted names, no texts over several lines. Then a short
scan finds every name, those inside { } too, and this is also where the rule is checked. What the scan does not
understand it leaves to the TOML reader to complain about.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from strategy.model import Record
from strategy.text.mistakes import Mistake

Path = tuple[str | int, ...]
"""Names from the top, and the number (from 0) within a list or an array of tables."""


class Spot(Record):
    """Where a setting stands: `column` of its name, `value` of what it is set to, `raw` that value as written.

    A table in brackets stands at its heading, with `raw` "".
    """

    line: int
    column: int
    value: int
    raw: str


class Scan(Record):
    """What was found. `broken`: lines already reported that a TOML reader must not see. `twice`: headings that stand a
    second time, so that tables cannot be told apart.
    """

    spots: Mapping[Path, Spot]
    mistakes: tuple[Mistake, ...]
    broken: frozenset[int]
    twice: frozenset[int]


def scan(text: str, file: str) -> Scan:
    """Every setting of the text with its place, and where the text breaks the rule of one setting per line."""
    scanner = _Scanner(text, file)
    while scanner.number < len(scanner.lines):
        scanner.line()
    return Scan(
        spots=scanner.spots,
        mistakes=tuple(scanner.mistakes),
        broken=frozenset(scanner.broken),
        twice=frozenset(scanner.twice),
    )


class _End(Enum):
    """How a value ended: whole, at the end of its line with a bracket open, in triple quotes, or not understood."""

    WHOLE = auto()
    OPEN = auto()
    TRIPLE = auto()
    ODD = auto()


_SPACE: Final = re.compile(r"[ \t]*")
_NAME: Final = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_TRIPLE: Final = re.compile(r'"""|\'\'\'')
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_PLAIN: Final = re.compile(r"[^\s,\[\]{}#\"'=]+(?: \d\d:\d\d[^\s,\[\]{}#\"'=]*)?")
_DEEPEST: Final = 50
_SETTING: Final = re.compile(r"[ \t]*(?:\[|[A-Za-z0-9_\"'-]+[ \t]*=)")


class _Scanner:
    """One pass over the lines. `number` is the line being read, from 1; `pos` the place in it, from 0."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]
        self.file = file
        self.number = 0
        self.pos = 0
        self.row = ""
        self.table: Path = ()
        self.counts: dict[Path, int] = {}
        self.spots: dict[Path, Spot] = {}
        self.mistakes: list[Mistake] = []
        self.broken: set[int] = set()
        self.twice: set[int] = set()

    def line(self) -> None:
        """Read the next line, and those that belong to it."""
        self.row = self.lines[self.number]
        self.number += 1
        self.pos = 0
        self._take(_SPACE)
        if self.row.startswith("[", self.pos):
            self._heading()
        elif self.row[self.pos : self.pos + 1] not in ("", "#"):
            self._setting()

    def _take(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self.row, self.pos)
        if match is None:
            return None
        self.pos = match.end()
        return match.group()

    def _sign(self, sign: str) -> bool:
        self._take(_SPACE)
        found = self.row.startswith(sign, self.pos)
        self.pos += len(sign) if found else 0
        return found

    def _heading(self) -> None:
        column = self.pos + 1
        double = self.row.startswith("[[", self.pos)
        self.pos += 2 if double else 1
        names = self._names()
        if not names or not self._sign("]]" if double else "]"):
            return
        path = (*self._within(names[:-1]), names[-1])
        if double:
            count = self.counts.get(path, 0)
            self.counts[path] = count + 1
            self.spots.setdefault(path, Spot(line=self.number, column=column, value=column, raw=""))
            path = (*path, count)
        elif path in self.spots:
            self.twice.add(self.number)
            width = len(self.row.split("#")[0].rstrip()) + 1 - column
            self._said_twice(path, ".".join(str(name) for name in names), column, width)
        self.table = path
        self.spots.setdefault(path, Spot(line=self.number, column=column, value=column, raw=""))

    def _within(self, names: tuple[str, ...]) -> Path:
        """The path of a heading's first names: inside an array of tables it means the last one."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _names(self) -> tuple[str, ...]:
        """One name, or several with dots between."""
        self._take(_SPACE)
        names = []
        while raw := self._take(_NAME):
            names.append(_plain(raw))
            if not self._sign("."):
                break
            self._take(_SPACE)
        return tuple(names)

    def _setting(self) -> None:
        """The settings of a line; a second one is found too, though it may not stand there."""
        while self._one_setting() is _End.WHOLE and _SETTING.match(self.row, self.pos):
            self._take(_SPACE)

    def _one_setting(self) -> _End:
        first = self.number
        path = self._name(self.table)
        end = self._value(path, self.spots[path].column) if path else _End.ODD
        if path and end is _End.TRIPLE:
            self._skip_text(first)
        elif path and end is _End.OPEN:
            self._skip_list(first, path)
        return end

    def _name(self, table: Path) -> Path | None:
        """The path that a name and "=" set, its place noted; None where they are not understood."""
        column = self.pos + 1
        names = self._names()
        width = len(self.row[column - 1 : self.pos].rstrip())
        path = (*table, *names)
        if path in self.spots:
            self.broken.add(self.number)
            self._said_twice(path, ".".join(names), column, width)
            return None
        if names:
            self.spots[path] = Spot(line=self.number, column=column, value=column, raw="")
        if not names or not self._sign("="):
            return None
        if len(names) > 1:
            table_name = ".".join([str(name) for name in table if isinstance(name, str)] + list(names[:-1]))
            right = f"write {names[-1]} in a table [{table_name}]"
            self._wrong(column, f'a dotted name, "{".".join(names)}"', right, width=width)
        return path

    def _value(self, path: Path, column: int) -> _End:
        """Read a value and note its place; items of lists and settings in { } note their own."""
        self._take(_SPACE)
        start = self.pos
        self.spots[path] = Spot(line=self.number, column=column, value=start + 1, raw="")
        end = self._read(path)
        raw = self.row[start : self.pos].rstrip()
        self.spots[path] = Spot(line=self.number, column=column, value=start + 1, raw=raw)
        return end

    def _read(self, path: Path) -> _End:
        if _TRIPLE.match(self.row, self.pos):
            return _End.TRIPLE
        if self._sign("["):
            return self._items(path, "]")
        if self._sign("{"):
            return self._items(path, "}")
        return _End.ODD if (self._take(_STRING) or self._take(_PLAIN)) is None else _End.WHOLE

    def _items(self, path: Path, close: str) -> _End:
        """What stands in brackets: values by number, or settings by name."""
        count = 0
        if len(path) > _DEEPEST:
            return _End.ODD
        while not self._sign(close):
            if self.row[self.pos : self.pos + 1] in ("", "#"):
                return _End.OPEN
            column = self.pos + 1
            inner = (*path, count) if close == "]" else self._name(path)
            if inner is None:
                return _End.ODD
            if (end := self._value(inner, column)) is not _End.WHOLE:
                return end
            count += 1
            self._sign(",")
        return _End.WHOLE

    def _skip_text(self, first: int) -> None:
        """A text in triple quotes: pass over its lines; if it never ends, over the first one only."""
        quotes = self.row[self.pos : self.pos + 3]
        self._wrong(self.pos + 1, "a text in triple quotes", 'write it on one line in single "quotes"', width=3)
        if quotes in self.row[self.pos + 3 :]:
            return
        rest = range(self.number, len(self.lines))
        end = next((index for index in rest if quotes in self.lines[index]), None)
        if end is None:
            self.broken.add(first)
        else:
            self.number = end + 1

    def _skip_list(self, first: int, path: Path) -> None:
        """A bracket open at the end of its line: pass on to the line that closes it, or report that none does."""
        spot = self.spots[path]
        close = "]" if spot.raw.startswith("[") else "}"
        depth = _depth(self.row[spot.value - 1 :])
        for index in range(self.number, len(self.lines)):
            row = self.lines[index]
            if close == "}" or _SETTING.match(row):
                break
            depth += _depth(row)
            if depth <= 0:
                self._wrong(spot.value, "a list over several lines", "write it on one line")
                self.number = index + 1
                return
        self.broken.add(first)
        self._wrong(spot.value, "this bracket is not closed on its line", f'close it: "{close}"')

    def _said_twice(self, path: Path, name: str, column: int, width: int) -> None:
        line = self.spots[path].line
        where = "here" if line == self.number else f"in line {line}"
        self._wrong(column, f'"{name}" is set twice', f"it stands {where} already: keep one of the two", width=width)

    def _wrong(self, column: int, message: str, right: str, width: int = 1) -> None:
        mistake = Mistake(
            file=self.file, line=self.number, column=column, message=message, right=right, width=max(1, width)
        )
        self.mistakes.append(mistake)


def _plain(raw: str) -> str:
    """A name without its quotes."""
    if raw[0] not in "\"'":
        return raw
    try:
        return next(iter(tomllib.loads(f"{raw} = 0")))
    except tomllib.TOMLDecodeError:
        return raw[1:-1]


def _depth(row: str) -> int:
    """How many square brackets the row leaves open, texts and comments left aside."""
    bare = _STRING.sub("", row).split("#")[0]
    return bare.count("[") - bare.count("]")
