"""`python -m bench`: every figure, beside what it is compared with."""

import argparse
import os
import sqlite3
from collections.abc import Iterator, Sequence
from platform import python_version

import msgspec

from bench import first, helping, latency, million, tenfold
from bench.company import Size
from bench.figures import Line
from bench.first import SIDES, First
from dunwell.cli.showing.cells import Row, Table, columns
from dunwell.cli.showing.page import aside, say, show
from strategy import money

PLATFORMS = ("quickbooks", "xero")

_RUNS = columns("platform side wall_s> waited_s> CPU_s> spread_s> start_s> peak_MB> calls> MB_in>")
_FIGURES = columns("figure platform measured> beside_it> ratio> at_most> met")


def main() -> int:
    """Measure and show; 1 where the two sides of a first pull did not end with the same books."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the size of the company (1.0)")
    parser.add_argument("--first", action="store_true", help="the first pull only: a minute instead of eight")
    given = parser.parse_args()
    size = _size(given.scale)
    aside("Every figure takes several runs, each in a fresh process: this takes about eight minutes.")
    pulls = [first.measure(platform, size) for platform in PLATFORMS]
    lines = [line for pull in pulls for line in pull.lines()]
    if not given.first:
        lines += [line for pull in pulls for line in _further(pull, size)]
        lines += million.measure(given.scale)
        lines += helping.measure()
    _show(pulls, lines, size)
    return 1 if any(pull.differs for pull in pulls) else 0


def _further(pull: First, size: Size) -> Iterator[Line]:
    yield from latency.measure(pull.platform, size)
    yield from tenfold.measure(pull.platform, size, pull.best("pull"))


def _size(scale: float) -> Size:
    """In thousands: a page is full, so that pages of copies follow each other."""
    whole = msgspec.structs.asdict(Size())
    return Size(**{name: max(1, round(count * scale / 1000)) * 1000 for name, count in whole.items()})


def _show(pulls: Sequence[First], lines: Sequence[Line], size: Size) -> None:
    title = (
        f"First pull: {size.customers:,} customers, {size.invoices:,} invoices, {size.payments:,} payments, "
        f"{size.credits:,} credits"
    )
    rows = [row for pull in pulls for row in _rows(pull)]
    show(Table(kind="first pull", title=title, columns=_RUNS, rows=rows))
    show(Table(kind="figure", title="Figures", columns=_FIGURES, rows=[_row(line) for line in lines]))
    say(f"Python {python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors")
    for pull in pulls:
        say(*_said(pull))


def _rows(pull: First) -> Iterator[Row]:
    """The best run of each side by CPU, and how far the others were from it."""
    for side in SIDES:
        runs, best = pull.runs[side], pull.best(side)
        yield (
            pull.platform,
            side,
            f"{best.wall_s:.2f}",
            f"{best.tally.waited_s:.2f}",
            f"{best.cpu_s:.2f}",
            f"{max(run.cpu_s for run in runs) - best.cpu_s:.2f}",
            f"{best.start_cpu_s:.2f}",
            f"{max(run.peak_mb for run in runs):.0f}",
            best.tally.calls,
            f"{best.tally.received / 1e6:.1f}",
        )


def _row(line: Line) -> Row:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    return (line.figure, line.platform, line.measured, line.beside, ratio, line.most, "yes" if line.met else "no")


def _said(pull: First) -> Iterator[str]:
    counts = ", ".join(f"{count:,} {table}" for table, count in pull.counts.items() if count)
    yield f"{pull.platform}: rows {counts}; open {money.to_decimal(pull.open_minor, 'USD'):,}"
    yield from (f"{pull.platform}: THE TWO SIDES DIFFER in {one}" for one in pull.differs)


if __name__ == "__main__":
    raise SystemExit(main())
