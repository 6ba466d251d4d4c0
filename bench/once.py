"""One measurement in a process of its own: `python -m bench.once floor quickbooks http://127.0.0.1:1234 FILE`."""

import resource
import sys
import time
from importlib import import_module
from pathlib import Path

import msgspec

from bench.figures import Figures

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in what `ru_maxrss` counts."""


def cpu_s() -> float:
    """User and system time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Do one side's work on the database and print the figures."""
    side, platform, url, database, *more = sys.argv[1:]
    work = import_module(f"bench.{side}").ready(platform, url, Path(database), *map(int, more))
    started, before = time.perf_counter(), cpu_s()
    tally = work()
    figures = Figures(
        wall_s=time.perf_counter() - started,
        cpu_s=cpu_s() - before,
        start_cpu_s=before,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1_000_000,
        tally=tally,
    )
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
