"""How long `dunwell --help` takes: whoever looks something up waits for it."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from bench.figures import Line

TIMES = 20

MOST_MS = 120

_PROGRAM = (sys.executable, "-c", "from dunwell.cli.main import main; main()", "--help")


def measure() -> Iterator[Line]:
    """The median of twenty; beside it the CPU of the cheapest, which other work on the machine does not lengthen."""
    runs = [_run() for _ in range(TIMES)]
    wall_ms = median(wall for wall, _ in runs)
    yield Line(
        figure="dunwell --help, wall ms",
        platform="",
        measured=f"{wall_ms:.0f}",
        beside=f"{min(cpu for _, cpu in runs):.0f} CPU ms",
        most=f"{MOST_MS}",
        met=wall_ms <= MOST_MS,
    )


def _run() -> tuple[float, float]:
    """Wall and CPU time of one, in milliseconds."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(_PROGRAM, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall * 1000, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
