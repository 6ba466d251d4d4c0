"""A first pull beside the floor: what it costs in CPU, and the most memory that it ever holds."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.company import Size
from bench.figures import Figures, Line
from bench.measuring import differences, run, serving, totals
from bench.server import Served
from dunwell.wiring.house import DATABASE
from strategy.model import Record

SIDES = ("floor", "pull")

TIMES = 3
"""So often each side is run, in turns."""

MOST_CPU = 1.3
"""So many times the floor's CPU a first pull may take."""

MOST_MB = 80


class First(Record):
    """All runs of one platform. `counts` are the rows that both sides ended with, `open_minor` what is owed in them.

    `differs` names what the two sides do not agree on.
    """

    platform: str
    runs: dict[str, list[Figures]]
    counts: dict[str, int]
    open_minor: int
    differs: list[str]

    def best(self, side: str) -> Figures:
        """The run of a side that took the least CPU."""
        return best(self.runs[side])

    def lines(self) -> Iterator[Line]:
        """What is said of it."""
        floor, pull = self.best("floor"), self.best("pull")
        ratio, peak_mb = pull.cpu_s / floor.cpu_s, max(run.peak_mb for run in self.runs["pull"])
        yield Line(
            figure="first pull, CPU s",
            platform=self.platform,
            measured=f"{pull.cpu_s:.2f}",
            beside=f"{floor.cpu_s:.2f} floor",
            ratio=ratio,
            most=f"{MOST_CPU:g} times",
            met=ratio <= MOST_CPU,
        )
        yield Line(
            figure="first pull, peak MB",
            platform=self.platform,
            measured=f"{peak_mb:.0f}",
            beside=f"{floor.peak_mb:.0f} floor",
            ratio=peak_mb / floor.peak_mb,
            most=f"{MOST_MB}",
            met=peak_mb <= MOST_MB,
        )


def best(runs: Sequence[Figures]) -> Figures:
    """The run that took the least CPU."""
    return min(runs, key=lambda one: one.cpu_s)


def measure(platform: str, size: Size) -> First:
    """Floor and pull, in turns."""
    runs: dict[str, list[Figures]] = {side: [] for side in SIDES}
    with TemporaryDirectory(prefix="dunwell-bench-") as folder, serving(Served(platform=platform, size=size)) as url:
        for time in range(TIMES):
            for side in SIDES:
                runs[side].append(run(side, platform, url, Path(folder) / f"{side}-{time}" / DATABASE))
        floor, pull = (Path(folder) / f"{side}-0" / DATABASE for side in SIDES)
        counts, open_minor = totals(pull)
        return First(
            platform=platform, runs=runs, counts=counts, open_minor=open_minor, differs=differences(floor, pull)
        )
