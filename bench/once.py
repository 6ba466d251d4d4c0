"""One measurement in a process of its own: `python -m bench.once floor quickbooks http://127.0.0.1:1234 FILE`."""

import re
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

import msgspec

from bench.figures import Figures

_STATUS = Path("/proc/self/status")
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def cpu_s() -> float:
    """User and system time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_bytes() -> int:
    """The most that this program ever held. On Linux `ru_maxrss` begins with what the process that started it held
    (getrusage(2), execve keeps it), so the program's own mark is read.
    """
    if _STATUS.exists() and (found := _PEAK.search(_STATUS.read_text("utf-8"))):
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


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
        peak_mb=_peak_bytes() / 1_000_000,
        tally=tally,
    )
    print(msgspec.json.encode(figures).decode())


if __name__ == "__main__":
    main()
