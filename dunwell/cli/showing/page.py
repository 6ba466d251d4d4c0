"""Putting things where the reader is: at a terminal, in a pipe, or in a program."""

import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Final

import click

from dunwell.cli.showing.cells import Table, clean, for_people, for_programs
from dunwell.config.locating import variable

GAP: Final = 2
"""Spaces between two columns."""

NARROW: Final = 12
"""No column that gives way becomes narrower than this."""


def at_terminal() -> bool:
    """Whether a person looks at stdout and wants tables."""
    return sys.stdout.isatty() and variable("NO_COLOR") is None and variable("TERM") != "dumb"


def show(*tables: Table) -> None:
    """Tables for people, or lines for programs.

    A line is one row, its cells separated by tabs; the first names the columns. Where several kinds of rows may come,
    the first cell says which, and each kind begins with a line of its column names.
    """
    if at_terminal():
        for table in tables:
            _drawn(table, alone=len(tables) == 1)
    else:
        for table in tables:
            for line in lines(table, named=len(tables) > 1):
                click.echo(line)


def lines(table: Table, *, named: bool) -> Sequence[str]:
    """A table as tab-separated lines."""
    kind = (table.kind,) if named else ()
    heading = "\t".join((*kind, *(column.name.replace(" ", "_") for column in table.columns)))
    return [heading, *("\t".join((*kind, *map(for_programs, row))) for row in table.rows)]


def say(*sentences: str) -> None:
    """Sentences for a person, on stdout; at a terminal they break between words."""
    for sentence in sentences:
        for line in _broken(sentence) if at_terminal() else (sentence,):
            click.echo(line)


def tell(*sentences: str) -> None:
    """Many sentences in a row: at a terminal each begins a line, and its further lines are set in."""
    for sentence in sentences:
        for line in _broken(sentence, "  ") if at_terminal() else (sentence,):
            click.echo(line)


def _broken(sentence: str, further: str = "") -> Sequence[str]:
    """Lines of the terminal's width; commands and addresses stay whole. `further` begins all but the first."""
    broken = textwrap.wrap(sentence, width(), subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
    return broken or [""]


def aside(*sentences: str) -> None:
    """What a person at a terminal should know besides; a pipe gets only what it asked for."""
    if at_terminal():
        say(*sentences)


def warn(sentence: str) -> None:
    """Something on stderr."""
    click.echo(clean(sentence), err=True)


def emit(value: object) -> None:
    """One JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def width() -> int:
    """How many characters a line of the terminal has."""
    return shutil.get_terminal_size().columns


def _drawn(table: Table, *, alone: bool) -> None:
    """A table with an empty line below it; what is said instead of an empty one needs that among others only."""
    from rich.console import Console

    if table.rows:
        fitted = widths(table, width())
        console = Console(highlight=False, width=max(width(), sum(fitted) + GAP * (len(fitted) - 1)))
        console.print(drawing(table, fitted))
        console.print()
    elif table.empty:
        say(table.empty, *([] if alone else [""]))


def widths(table: Table, room: int) -> list[int]:
    """How wide each column that people see becomes. What may be cut or wrapped gives way, widest first; numbers, days
    and names of records never do, even where the line gets longer than the room.
    """
    seen = [(index, column) for index, column in enumerate(table.columns) if not column.piped]
    rows = [*table.rows, *table.totals]
    natural = [max(len(column.heading), *(len(for_people(row[index])) for row in rows)) for index, column in seen]
    least = [
        min(NARROW, wide) if column.cut or column.wrap else wide
        for wide, (_, column) in zip(natural, seen, strict=True)
    ]
    over = sum(natural) + GAP * (len(seen) - 1) - room
    while over > 0 and natural != least:
        slack = [wide - few for wide, few in zip(natural, least, strict=True)]
        widest = max(range(len(natural)), key=lambda one: (slack[one] > 0, natural[one]))
        natural[widest] -= 1
        over -= 1
    return natural


def drawing(table: Table, fitted: Sequence[int]) -> object:
    """The table as rich draws it: a rule under the heading and one above the totals, nothing else."""
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(
        title=Text(table.title) if table.title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        header_style="dim",
    )
    seen = [index for index, column in enumerate(table.columns) if not column.piped]
    for index, wide in zip(seen, fitted, strict=True):
        column = table.columns[index]
        drawn.add_column(
            column.heading,
            justify="right" if column.right else "left",
            no_wrap=not column.wrap,
            overflow="fold" if column.wrap else "ellipsis",
            width=wide,
        )
    for number, row in enumerate(table.rows, 1):
        drawn.add_row(*(Text(for_people(row[index])) for index in seen), end_section=number == len(table.rows))
    for row in table.totals:
        drawn.add_row(*(Text(for_people(row[index]), style="bold") for index in seen))
    return drawn
