"""A first pull where every answer takes 300 ms: how much less four connections wait than one."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.company import Size
from bench.figures import Line
from bench.measuring import run, serving
from bench.server import Served
from connectors.ahead import CONNECTIONS
from dunwell.wiring.house import DATABASE

LATENCY_S = 0.3

MOST = 1 / 3
"""Of the time over one connection."""


def measure(platform: str, size: Size) -> Iterator[Line]:
    """Over one connection, and over all."""
    served = Served(platform=platform, size=size, latency_s=LATENCY_S)
    with TemporaryDirectory(prefix="dunwell-bench-") as folder, serving(served) as url:
        one, several = (
            run("pull", platform, url, Path(folder) / str(connections) / DATABASE, connections)
            for connections in (1, CONNECTIONS)
        )
    ratio = several.wall_s / one.wall_s
    yield Line(
        figure=f"first pull at {LATENCY_S * 1000:.0f} ms, {CONNECTIONS} connections, wall s",
        platform=platform,
        measured=f"{several.wall_s:.1f} ({several.peak_mb:.0f} MB)",
        beside=f"{one.wall_s:.1f} one connection",
        ratio=ratio,
        most="a third",
        met=ratio <= MOST,
    )
