"""Days, amounts and options that several commands take."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

import click

from strategy import money

F = TypeVar("F", bound=Callable[..., Any])


class _Day(click.ParamType[date]):
    """A day, as in 2026-03-22."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as in 2026-03-22", param, ctx)


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
AMOUNT: Final = _Amount()
AMOUNTS: Final = _Amounts()


def as_json(command: F) -> F:
    """`--json`, as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object: amounts as text, days as in ISO.")(
        command
    )


def as_of(command: F) -> F:
    """`--as-of`, None for the ledger's own day."""
    return click.option("--as-of", type=DAY, metavar="DATE", help="The day looked at. Otherwise the ledger's today.")(
        command
    )


def by(command: F) -> F:
    """`--by`, None for whoever is logged in."""
    return click.option("--by", metavar="NAME", help="Who says so. Otherwise the login name.")(command)
