"""What the sandbox asks of a clock. It never reads the machine's own."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from. `now` is an aware instant in UTC; `sleep` returns after so many seconds of that clock."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...
