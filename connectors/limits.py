"""How much may be asked of one ledger: rolling windows, concurrency, and what the platform says is left of the day.

A rolling window, because a fixed one lets twice the limit through around its edge and then stands still.
"""

import threading
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from connectors.base import Call, Clock
from connectors.errors import RetryLater
from strategy.model import Record


class Window(Record):
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


class Limits(Record):
    """The limits of one ledger, the widest window first. `day_floor`: so many calls of the day are left for people and
    other apps.
    """

    windows: tuple[Window, ...]
    concurrent: int
    day_floor: int = 50


class Spent(Record):
    """What a limiter has counted. `reads` are the metered calls of QuickBooks."""

    calls: int
    reads: int
    sent: int
    received: int


DAY_REST = timedelta(hours=1)
"""So long nothing is asked once the day is used up; then one call shows whether a new day has begun."""


class Limiter:
    """A `Budget` for the threads of one process."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(limits.concurrent)
        self._started: deque[datetime] = deque(maxlen=max(window.calls for window in limits.windows))
        self._rests_until: datetime | None = None
        self._calls = self._reads = self._sent = self._received = 0

    def enter(self) -> None:
        """Wait for a slot and for room in every window; `RetryLater(daily=True)` when the day is used up."""
        self._slots.acquire()
        try:
            while (wait := self._try_start()) > 0:
                self._clock.sleep(wait)
        except BaseException:
            self._slots.release()
            raise

    def leave(self, call: Call) -> None:
        """Count the call, and believe the platform where it says that less is left than we thought."""
        with self._lock:
            self._calls += 1
            self._reads += not call.write
            self._sent += call.sent
            self._received += call.received
            if (left := call.remaining.get("day")) is not None:
                self._rests_until = self._clock.now() + DAY_REST if left <= self._limits.day_floor else None
            if (left := call.remaining.get("minute")) is not None:
                self._believe(left)
        self._slots.release()

    def take_spent(self) -> Spent:
        """The counts since this was last asked."""
        with self._lock:
            spent = Spent(calls=self._calls, reads=self._reads, sent=self._sent, received=self._received)
            self._calls = self._reads = self._sent = self._received = 0
            return spent

    def _try_start(self) -> float:
        """Start a call and return 0, or return the seconds after which to ask again."""
        with self._lock:
            now = self._clock.now()
            if self._rests_until is not None and now < self._rests_until:
                after_s = (self._rests_until - now).total_seconds()
                message = "The platform's daily limit is used up but for the reserve"
                raise RetryLater(message, after_s=after_s, daily=True)
            if self._started and self._started[-1] > now:
                self._started.clear()  # the machine's clock was set back
            wait = max(self._waits(now), default=0.0)
            if wait <= 0:
                self._started.append(now)
            return wait

    def _waits(self, now: datetime) -> Iterable[float]:
        for window in self._limits.windows:
            if len(self._started) >= window.calls:
                free_at = self._started[-window.calls] + timedelta(seconds=window.seconds)
                yield (free_at - now).total_seconds()

    def _believe(self, left: int) -> None:
        """Less is left of the widest window than we counted (another program calls too): act as if we had called."""
        widest, now = self._limits.windows[0], self._clock.now()
        edge = now - timedelta(seconds=widest.seconds)
        counted = sum(started > edge for started in self._started)
        self._started.extend([now] * (widest.calls - left - counted))


QUICKBOOKS = Limits(windows=(Window(calls=500, seconds=60), Window(calls=10, seconds=1)), concurrent=4)
"""Per company: 500 a minute and 10 a second (Intuit, limits and throttles, read 2026-11-21)."""

XERO = Limits(windows=(Window(calls=60, seconds=60),), concurrent=5)
"""Per organisation: 60 a minute, 5 at once, and a daily limit that its headers tell (Xero, limits FAQ, 2026-11-21)."""
