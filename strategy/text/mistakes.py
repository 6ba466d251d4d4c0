"""Mistakes in a text that a person wrote: where, what is wrong, and what would be right.

The same for strategies, letters and config.toml. Mistakes are collected, never raised: a reader goes on after each.
"""

import difflib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final

from strategy.model import Record


class Level(StrEnum):
    """ERROR: nothing runs. WARNING: it runs, and somebody should look."""

    ERROR = "error"
    WARNING = "warning"


class Mistake(Record):
    """One mistake. `line` and `column` count from 1, columns in characters; `column` None is the whole line.

    `width` is how many characters are meant. `message` says what is wrong, `right` what would be right.
    """

    file: str
    line: int
    column: int | None
    message: str
    right: str
    level: Level = Level.ERROR
    width: int = 1

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.column is None else f"{self.file}:{self.line}:{self.column}"
        warning = "warning: " if self.level is Level.WARNING else ""
        return f"{place}: {warning}{self.message}; {self.right}"


_WIDEST: Final = 160


def shown(mistake: Mistake, text: str) -> str:
    """The mistake as a compiler prints it: its sentence, the line of `text` (the file's), and a caret below."""
    lines = text.split("\n")
    if not 1 <= mistake.line <= len(lines):
        return str(mistake)
    line = lines[mistake.line - 1].rstrip("\r")
    margin = f"{mistake.line:>5} | "
    rows = [str(mistake), margin + _cut(line)]
    if mistake.column is not None and mistake.column <= _WIDEST:
        before = "".join("\t" if char == "\t" else " " for char in line[: mistake.column - 1])
        width = max(1, min(mistake.width, len(line) - mistake.column + 1, _WIDEST - mistake.column + 1))
        rows.append(" " * (len(margin) - 2) + "| " + before.ljust(mistake.column - 1) + "^" * width)
    return "\n".join(rows)


def errors(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Those that stop a text from being used."""
    return tuple(mistake for mistake in mistakes if mistake.level is Level.ERROR)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    by_folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def meant(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """What would be right for an unknown word: the nearest known one, else `otherwise`, else all that are known, in
    their order where they have one.
    """
    words = sorted(known) if isinstance(known, AbstractSet) else list(known)
    if close := nearest(word, words):
        return f'did you mean "{close}"?'
    return otherwise or (f"write one of {', '.join(words)}" if words else "leave it out")


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else line[:_WIDEST] + "…"
