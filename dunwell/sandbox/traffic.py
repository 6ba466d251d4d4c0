"""What was asked of the sandbox: for counting calls and bytes in tests, benchmarks and the demo."""

import re
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from dunwell.sandbox.exchange import Call

_NUMBER_OR_UUID = re.compile(r"/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)", re.IGNORECASE)


class Seen(Struct, frozen=True, kw_only=True):
    """One request as it was answered. `query` is without the access token; `status` 0 means no answer was given."""

    at: datetime
    method: str
    path: str
    query: str
    status: int
    received: int
    sent: int
    fault: str | None = None


class Traffic:
    """The last ten thousand requests, and totals since the last `clear`.

    `watchers` are called with every request itself: bodies and headers are told to them and not kept.
    """

    def __init__(self) -> None:
        self.watchers: list[Callable[[Call, Seen], None]] = []
        self.calls: deque[Seen] = deque(maxlen=10_000)
        self.by_path: Counter[str] = Counter()
        self.received = 0
        self.sent = 0

    def note(self, call: Call, seen: Seen) -> None:
        """Count a request; ids in its path become `{id}`."""
        for watcher in self.watchers:
            watcher(call, seen)
        self.calls.append(seen)
        self.by_path[f"{seen.method} {_NUMBER_OR_UUID.sub('/{id}', seen.path)}"] += 1
        self.received += seen.received
        self.sent += seen.sent

    @property
    def total(self) -> int:
        """How many requests were answered, or left without an answer."""
        return self.by_path.total()

    def clear(self) -> None:
        """Start counting anew."""
        self.calls.clear()
        self.by_path.clear()
        self.received = self.sent = 0
