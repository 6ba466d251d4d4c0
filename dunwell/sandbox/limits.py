"""Rate limits by the sandbox's clock: so many calls within a sliding window."""

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from msgspec import Struct


class Window(Struct, frozen=True):
    """At most `calls` within any `seconds`."""

    calls: int
    seconds: int


class Limiter:
    """Counts calls under names ("realm 1, all") and says whether one more fits. Refused calls do not count."""

    def __init__(self) -> None:
        self.enforced = True
        self._seen: dict[str, deque[datetime]] = {}

    def fits(self, now: datetime, **windows: Window) -> str | None:
        """None and the call is counted in every window; else the name of the window that is full."""
        if not self.enforced:
            return None
        for name, window in windows.items():
            if self.remaining(now, name, window) <= 0:
                return name
        for name in windows:
            self._seen.setdefault(name, deque()).append(now)
        return None

    def remaining(self, now: datetime, name: str, window: Window) -> int:
        """How many more calls fit under that name now."""
        seen = self._seen.setdefault(name, deque())
        while seen and seen[0] <= now - timedelta(seconds=window.seconds):
            seen.popleft()
        return window.calls - len(seen)

    def wait_s(self, now: datetime, name: str, window: Window) -> int:
        """In how many whole seconds one more call fits under that name."""
        seen = self._seen.setdefault(name, deque())
        if len(seen) < window.calls:
            return 0
        free_at = seen[-window.calls] + timedelta(seconds=window.seconds)
        return max(0, ceil((free_at - now).total_seconds()))
