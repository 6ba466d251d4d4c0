"""What is measured of one run, and of several."""

import msgspec


class Tally(msgspec.Struct):
    """Calls, bytes as they came over the wire, and how long was waited until a call was allowed."""

    calls: int = 0
    received: int = 0
    waited_s: float = 0.0


class Figures(msgspec.Struct, frozen=True):
    """One run. `cpu_s` is of the work alone, user and system; `start_cpu_s` what the imports took before it.

    `peak_mb` is the most that the whole process ever held.
    """

    wall_s: float
    cpu_s: float
    start_cpu_s: float
    peak_mb: float
    tally: Tally
