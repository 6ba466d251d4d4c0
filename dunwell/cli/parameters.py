"""Days, amounts and options that several commands take."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

import click

from strategy import money

EARLIEST: Final = date(1900, 1, 1)
"""No books on either platform begin before it, and a habit of a year before it can still be asked for."""

LARGEST: Final = 2**63 - 1
"""The database numbers no record higher."""

F = TypeVar("F", bound=Callable[..., Any])


class _Day(click.ParamType[date]):
    """A day, as in 2026-03-22, and none before `EARLIEST`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as in 2026-03-22", param, ctx)
        if day < EARLIEST:
            self.fail(f"{value!r} is before any books; is the year right?", param, ctx)
        return day


class _Number(click.ParamType[int]):
    """The number of a record, as the lists show it."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        number = int(value) if value.isdecimal() and len(value) <= len(str(LARGEST)) else 0
        if not 0 < number <= LARGEST:
            self.fail(f"{value!r} is no number of a record; write it as the list shows it", param, ctx)
        return number


class _Amount(click.ParamType[Decimal]):
    """An amount above zero, as in 1200.50 or 1,200.50."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        if isinstance(value, Decimal):
            return value
        amount = money.as_written(value)
        if not amount:
            self.fail(f"{value!r} is no amount; write it as in 1200.50", param, ctx)
        return amount


class _Amounts(click.ParamType[tuple[Decimal, ...]]):
    """Amounts with blanks between, as in "500 300.50"."""

    name = "amounts"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Decimal, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(AMOUNT.convert(one, param, ctx) for one in value.replace(";", " ").split())


DAY: Final = _Day()
NUMBER: Final = _Number()
AMOUNT: Final = _Amount()
AMOUNTS: Final = _Amounts()


def as_json(command: F) -> F:
    """`--json`, as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object: amounts as text, days as in ISO.")(
        command
    )


def as_of(command: F) -> F:
    """`--as-of`, None for the ledger's own day; `finding.day` has the day."""
    which = "The day looked at, a year ahead at most. Otherwise the ledger's today."
    return click.option("--as-of", type=DAY, metavar="DATE", help=which)(command)


def by(command: F) -> F:
    """`--by`, None for whoever is logged in."""
    return click.option("--by", metavar="NAME", help="Who says so. Otherwise the login name.")(command)
