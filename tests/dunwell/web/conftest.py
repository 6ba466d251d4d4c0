"""A firm that has settings and nothing else: no key, no tokens, no connection."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dunwell.clock import VirtualClock
from tests.dunwell.cli.desk import CONFIG, Desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_desk(folder: Path) -> Desk:
    """A desk in this folder."""
    desk = Desk(folder)
    desk.write("config.toml", CONFIG.format(url="http://localhost:9"))
    VirtualClock(folder / "clock", NOON).close()
    return desk


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A desk of one's own."""
    return a_desk(tmp_path)
