"""Deciding a ledger's every account, as `dunwell plan` does it: from the store, written nowhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

from bench import daily
from bench.figures import Tally
from bench.open_book import TODAY
from dunwell.clock import SystemClock
from dunwell.wiring.house import House
from sync import cycle
from sync.bench import Bench


def ready(platform: str, url: str, database: Path) -> Callable[[], Tally]:
    """What decides them, one at a time."""
    house = daily.house(platform, url, database.parent)
    bench = replace(house.bench("harbour"), clock=_Then())
    return partial(_decide, house, bench)


class _Then(SystemClock):
    def now(self) -> datetime:
        return datetime.combine(TODAY, time(9), UTC)


def _decide(house: House, bench: Bench) -> Tally:
    for _ in cycle.preview(bench, bench.today()):
        pass
    house.close()
    return Tally()
