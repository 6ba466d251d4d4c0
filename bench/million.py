"""A ledger in which a million invoices are open: deciding it, beside fetching its rows, and the memory of both."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import open_book
from bench.figures import Figures, Line
from bench.first import best
from bench.measuring import run
from bench.tenfold import MOST_MORE_MB
from dunwell.wiring.house import DATABASE

ACCOUNTS = 100_000

MOST_TIMES = 3
"""So many times the CPU of fetching the rows deciding may take."""

_NOWHERE = "http://127.0.0.1:9"
"""Nothing is asked of it."""


def measure(scale: float) -> Iterator[Line]:
    """The whole, and a tenth of it for the memory."""
    accounts = max(10, round(ACCOUNTS * scale))
    tenth, whole = _sides(accounts // 10), _sides(accounts)
    fetch, plan = whole["fetch"], whole["plan"]
    ratio = plan.cpu_s / fetch.cpu_s
    yield Line(
        figure=f"{accounts * open_book.OPEN_OF_EACH:,} open invoices decided, CPU s",
        platform="",
        measured=f"{plan.cpu_s:.1f} ({plan.cpu_s / accounts * 1e6:.0f} us an account)",
        beside=f"{fetch.cpu_s:.1f} to fetch the rows",
        ratio=ratio,
        most=f"{MOST_TIMES} times",
        met=ratio <= MOST_TIMES,
    )
    yield Line(
        figure="the same, peak MB",
        platform="",
        measured=f"{plan.peak_mb:.0f}",
        beside=f"{tenth['plan'].peak_mb:.0f} at a tenth",
        ratio=plan.peak_mb / tenth["plan"].peak_mb,
        most=f"{MOST_MORE_MB} MB more",
        met=plan.peak_mb <= tenth["plan"].peak_mb + MOST_MORE_MB,
    )


def _sides(accounts: int) -> dict[str, Figures]:
    """Both sides on one database, in turns; of each the run that took the least CPU."""
    with TemporaryDirectory(prefix="dunwell-bench-") as folder:
        database = Path(folder) / DATABASE
        open_book.write(accounts, database)
        runs: dict[str, list[Figures]] = {"fetch": [], "plan": []}
        for _ in range(2):
            for side, figures in runs.items():
                figures.append(run(side, "quickbooks", _NOWHERE, database))
        return {side: best(figures) for side, figures in runs.items()}
