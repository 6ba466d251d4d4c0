"""What stands in a table: texts, numbers, bytes, days, amounts; each written for people or for programs."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from strategy import money
from strategy.model import Record

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Money(Record):
    """An amount whose currency is said elsewhere. `whole`: people see it without its decimal places, rounded."""

    minor: int
    currency: str
    whole: bool = False


class Bytes(Record):
    """So many bytes. People see them in the largest unit of a thousand that fits, programs as a number."""

    count: int


Cell = str | int | date | datetime | Money | Bytes | None
Row = Sequence[Cell]


class Column(Record):
    """A column. `right`: numbers. Where room is short its texts are `cut`, or `wrap`, or stay whole.

    `piped`: only programs get it.
    """

    name: str
    right: bool = False
    cut: bool = False
    wrap: bool = False
    piped: bool = False

    @property
    def heading(self) -> str:
        """What people read above it. A currency speaks for itself, and its heading would be wider than it is."""
        return "" if self.name == "currency" else self.name


class Table(Record):
    """Rows of one kind. `kind` names it in a pipe where several are shown; `empty` is said where there are no rows.

    `totals` stand below the rows, for people only.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    totals: Sequence[Row] = ()
    empty: str = ""


def columns(names: str) -> tuple[Column, ...]:
    """Columns from "customer~ invoice amount> why… id|": `>` is for numbers, `~` cut, `…` wrapped, `|` piped."""
    return tuple(
        Column(
            name=name.rstrip(">~…|").replace("_", " "),
            right=">" in name,
            cut="~" in name,
            wrap="…" in name,
            piped="|" in name,
        )
        for name in names.split()
    )


def for_people(cell: Cell) -> str:
    """As a person reads it: 1,200.00, a dash for nothing; an instant by the clock that it came with."""
    if isinstance(cell, Money):
        if not cell.minor:
            return "–"
        amount = money.to_decimal(cell.minor, cell.currency)
        return f"{amount:,.0f}" if cell.whole else f"{amount:,}"
    if isinstance(cell, Bytes):
        return _sized(cell.count)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return for_programs(cell)


def for_programs(cell: Cell) -> str:
    """As a program reads it: 1200.00, days in ISO form, instants in UTC, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return str(money.to_decimal(cell.minor, cell.currency))
    if isinstance(cell, Bytes):
        return str(cell.count)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    return clean(str(cell))


def _sized(count: int) -> str:
    """1.2 MB; a unit is a thousand of the one before."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while size >= 999.95 and len(units) > 1:
        size /= 1000
        del units[0]
    return f"{count} B" if units[0] == "B" else f"{size:,.1f} {units[0]}"


def clean(text: str) -> str:
    """Without what would move a terminal's cursor or break a line: names come from the books."""
    return _CONTROL.sub(" ", text)
