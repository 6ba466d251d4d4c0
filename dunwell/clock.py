"""The clock: the one place that reads it, and the one place that waits.

Everything else takes a clock as an argument. `VirtualClock` is for the demo, trainings and tests: an instant in a small
file that every process of a run shares; sleeping moves it on at once. Settings accept it only where all ledgers live on
loopback.
"""

import fcntl
import os
import struct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

_INSTANT = struct.Struct("<q")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """This instant, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait; zero and less return at once."""
        if seconds > 0:
            time.sleep(seconds)


class VirtualClock:
    """An instant kept in a file as microseconds since 1970 (UTC), shared by every process that names the file.

    It never goes back; sleepers at the same time, threads or processes, each add their own sleep.
    """

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        """Open the file; `start` sets the instant, and is required where the file does not exist."""
        self.path = path
        if start is not None:
            path.write_bytes(_INSTANT.pack(_micros(start)))
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self._threads = threading.Lock()

    def now(self) -> datetime:
        """The instant in the file, in UTC."""
        return _EPOCH + timedelta(microseconds=self._read())

    def sleep(self, seconds: float) -> None:
        """Move the instant on by so many seconds."""
        if seconds > 0:
            self._advance(lambda micros: micros + round(seconds * 1_000_000))

    def advance_to(self, instant: datetime) -> None:
        """Move the instant on to this one; earlier ones are ignored."""
        self._advance(lambda micros: max(micros, _micros(instant)))

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _advance(self, change: Callable[[int], int]) -> None:
        with self._threads:  # a file lock is between processes only
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                os.pwrite(self._file, _INSTANT.pack(change(self._read())), 0)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _read(self) -> int:
        (micros,) = _INSTANT.unpack(os.pread(self._file, _INSTANT.size, 0))
        return int(micros)


def local(at: datetime) -> str:
    """An instant by the clock on this machine's wall, with its zone: 2026-11-23 04:17 CET."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
