"""The virtual clock is one instant for every process that shares its file."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dunwell.clock import SystemClock, VirtualClock

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_sleeping_moves_the_virtual_clock_at_once(tmp_path: Path) -> None:
    clock = VirtualClock(tmp_path / "clock", MONDAY)
    clock.sleep(86_400)
    assert clock.now() == MONDAY + timedelta(days=1)


def test_another_process_sleeps_on_the_same_clock(tmp_path: Path) -> None:
    clock = VirtualClock(tmp_path / "clock", MONDAY)
    script = (
        "import sys, pathlib; from dunwell.clock import VirtualClock; VirtualClock(pathlib.Path(sys.argv[1])).sleep(60)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "clock")], check=True)
    assert clock.now() == MONDAY + timedelta(minutes=1)


def test_the_virtual_clock_never_goes_back(tmp_path: Path) -> None:
    clock = VirtualClock(tmp_path / "clock", MONDAY)
    clock.advance_to(MONDAY - timedelta(days=1))
    assert clock.now() == MONDAY


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
