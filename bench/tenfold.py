"""A ledger of ten times the size: whether memory stays as it was, and what a day's changes in it cost.

The ledger is ten copies of the company, each with ids of its own. It is read, all of it is compared with the platform's
balances, as once a day, and then 200 records change. What `dunwell sync` does about that is measured, again and again
from the same state: the pull, and the comparison of whose balances moved.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.company import Size
from bench.figures import Figures, Line
from bench.first import TIMES, best
from bench.measuring import change, run, serving
from bench.server import Served
from connectors.ahead import CONNECTIONS
from dunwell.wiring.house import DATABASE

COPIES = 10
CHANGES = 200

MOST_MORE_MB = 5
"""So much more than at a tenth of the size counts as the same: what an allocator makes of the same work differs."""

MOST_CPU_S = 0.3


def measure(platform: str, size: Size, one: Figures) -> Iterator[Line]:
    """`one` is the first pull of a single copy."""
    with TemporaryDirectory(prefix="dunwell-bench-") as folder:
        whole = Path(folder) / "whole"
        served = Served(platform=platform, size=size, copies=COPIES, changes=CHANGES)
        with serving(served) as url:
            ten = run("pull", platform, url, whole / DATABASE, CONNECTIONS, 0)
            all_compared = run("daily", platform, url, whole / DATABASE)
            change(url)
            days = [_day(platform, url, whole, Path(folder) / "day") for _ in range(TIMES)]
    yield Line(
        figure="first pull, tenfold, peak MB",
        platform=platform,
        measured=f"{ten.peak_mb:.0f} ({ten.cpu_s:.0f} CPU s)",
        beside=f"{one.peak_mb:.0f} at a tenth",
        ratio=ten.peak_mb / one.peak_mb,
        most=f"{MOST_MORE_MB} MB more",
        met=ten.peak_mb <= one.peak_mb + MOST_MORE_MB,
    )
    day = best(days)
    yield Line(
        figure=f"{CHANGES} changes in {size.invoices * COPIES:,} invoices, CPU s",
        platform=platform,
        measured=f"{day.cpu_s:.2f} ({day.tally.calls} calls)",
        beside=f"{day.start_cpu_s:.2f} to start; {all_compared.cpu_s:.2f} once a day, with all balances",
        most=f"{MOST_CPU_S:g}",
        met=day.cpu_s <= MOST_CPU_S,
    )


def _day(platform: str, url: str, whole: Path, copy: Path) -> Figures:
    shutil.copytree(whole, copy)
    try:
        return run("daily", platform, url, copy / DATABASE)
    finally:
        shutil.rmtree(copy)
