"""`python -m bench`: how a first pull compares with the floor, on both platforms."""

import argparse
import os
import sqlite3
from collections.abc import Iterator, Sequence
from platform import python_version

from bench.company import Size
from bench.figures import Figures
from bench.measuring import SIDES, TIMES, Measured, measure
from dunwell.cli.showing.cells import Row, Table, columns
from dunwell.cli.showing.page import aside, say, show
from strategy import money

PLATFORMS = ("quickbooks", "xero")

MOST_CPU = 2.0
"""So many times the floor's CPU a first pull may take."""

MOST_MB = 120

_COLUMNS = columns("platform side wall_s> waited_s> CPU_s> spread_s> start_s> peak_MB> calls> MB_in>")


def main() -> int:
    """Measure and show; 1 where the two sides did not end with the same books."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the size of the company (1.0)")
    size = _size(parser.parse_args().scale)
    aside(f"{TIMES} runs of either side on each platform: this takes a minute or two.")
    measured = [measure(platform, size) for platform in PLATFORMS]
    rows = [row for one in measured for row in _rows(one)]
    title = f"First pull: {size.customers:,} customers, {size.invoices:,} invoices, {size.payments:,} payments"
    show(Table(kind="first pull", title=title, columns=_COLUMNS, rows=rows))
    say(f"Python {python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors")
    for one in measured:
        say(*_said(one))
    return 1 if any(one.differs for one in measured) else 0


def _size(scale: float) -> Size:
    whole = Size()
    return Size(
        customers=round(whole.customers * scale),
        invoices=round(whole.invoices * scale),
        payments=round(whole.payments * scale),
        credits=round(whole.credits * scale),
    )


def _rows(measured: Measured) -> Iterator[Row]:
    """The best run of each side by CPU, and how far the others were from it."""
    for side in SIDES:
        runs = measured.runs[side]
        best = _best(runs)
        yield (
            measured.platform,
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


def _best(runs: Sequence[Figures]) -> Figures:
    return min(runs, key=lambda run: run.cpu_s)


def _said(measured: Measured) -> Iterator[str]:
    floor, pull = (_best(measured.runs[side]) for side in SIDES)
    ratio, peak_mb = pull.cpu_s / floor.cpu_s, max(run.peak_mb for run in measured.runs["pull"])
    counts = ", ".join(f"{count:,} {table}" for table, count in measured.counts.items() if count)
    yield (
        f"{measured.platform}: {ratio:.2f} times the floor's CPU (aim: at most {MOST_CPU:g}), "
        f"{peak_mb:.0f} MB at the most (aim: at most {MOST_MB})"
    )
    yield f"{measured.platform}: rows {counts}; open {money.to_decimal(measured.open_minor, 'USD'):,}"
    yield from (f"{measured.platform}: THE TWO SIDES DIFFER in {one}" for one in measured.differs)


if __name__ == "__main__":
    raise SystemExit(main())
