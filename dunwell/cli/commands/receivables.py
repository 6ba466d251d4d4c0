"""The aged report."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import click

from dunwell.cli import finding
from dunwell.cli.parameters import as_json, as_of
from dunwell.cli.session import Session, pass_session
from dunwell.cli.showing.cells import Cell, Column, Money, Table
from dunwell.cli.showing.page import at_terminal, emit, show, width
from strategy.aging import Aged, Aging, report_as_plain

ROOMY: Final = 110
"""Narrower terminals see whole units: seven columns of amounts need the room."""

_BASIS: Final = {"due_date": "days overdue", "invoice_date": "days since the invoice"}


@click.command()
@click.argument("ledger")
@as_of
@as_json
@pass_session
def aging(session: Session, ledger: str, as_of: date | None, as_json: bool) -> None:
    """What is open, by age, customer by customer; credit stands in a column of its own.

    With --json: ledger, as_of, basis, currencies and customers, each with buckets (from, to, amount), open, unapplied
    and total. Buckets count days overdue, or days since the invoice where the company's own report does.

    \b
    Examples: dunwell aging acme
              dunwell aging acme --as-of 2026-02-28 --json
    """
    bench = session.books(ledger)
    made = bench.aging(finding.day(bench, as_of))
    if as_json:
        emit(report_as_plain(made, ledger))
    else:
        whole = at_terminal() and width() < ROOMY
        show(_table(made, ledger, whole=whole))


def _table(made: Aging, ledger: str, *, whole: bool) -> Table:
    one = made.currencies[0].currency if len(made.currencies) == 1 else None
    unit = f" in {'whole ' if whole else ''}{one}" if one else " in whole units" if whole else ""
    return Table(
        kind="customer",
        title=f"{ledger}: open by {_BASIS[made.scale.basis.value]} on {made.as_of}{unit}",
        columns=(
            Column(name="customer", cut=True),
            Column(name="id", piped=True),
            Column(name="currency", piped=one is not None),
            *(Column(name=_span(first, last), right=True) for first, last in made.scale.spans),
            Column(name="open", right=True, piped=True),
            Column(name="credit", right=True),
            Column(name="total", right=True),
        ),
        rows=[
            (row.name, row.customer_id, aged.currency, *_amounts(aged, whole=whole))
            for row in made.customers
            for aged in row.currencies
        ],
        totals=[("Total", None, aged.currency, *_amounts(aged, whole=whole)) for aged in made.currencies],
        empty="Nothing is open.",
    )


def _span(first: int | None, last: int | None) -> str:
    if first is None:
        return "current" if last == 0 else f"to {last}"
    return f"{first}-{last}" if last is not None else f"over {first - 1}"


def _amounts(aged: Aged, *, whole: bool) -> Iterator[Cell]:
    buckets = (bucket.amount_minor for bucket in aged.buckets)
    for minor in (*buckets, aged.open_minor, -aged.unapplied_minor, aged.total_minor):
        yield Money(minor=minor, currency=aged.currency, whole=whole)
