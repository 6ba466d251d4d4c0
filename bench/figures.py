"""What is measured of one run, and what is said of several."""

import msgspec

from strategy.model import Record


class Tally(msgspec.Struct):
    """Calls, bytes as they came over the wire, and how long was waited until a call was allowed."""

    calls: int = 0
    received: int = 0
    waited_s: float = 0.0


class Figures(msgspec.Struct, frozen=True):
    """One run. `cpu_s` is of the work alone, user and system; `start_cpu_s` what came before it: imports, and opening
    what is worked with.

    `peak_mb` is the most that the whole process ever held.
    """

    wall_s: float
    cpu_s: float
    start_cpu_s: float
    peak_mb: float
    tally: Tally


class Line(Record):
    """One figure. `beside` is what it is compared with, in the same run, and `ratio` the one to the other; `most` is
    the most that it may be.
    """

    figure: str
    platform: str
    measured: str
    beside: str = ""
    ratio: float | None = None
    most: str
    met: bool
