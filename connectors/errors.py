"""What can go wrong outside, named for what to do next.

    OutsideError
    ├── RetryLater      wait `after_s`, then the same again is right; nothing happened
    ├── Reconnect       a person must connect the ledger again; no call will succeed before
    ├── SetRight        a person must set something right, which it names; no call will succeed before
    ├── Rejected        the other side understood and refused; the same again will be refused again
    │   └── NotFound    the record is not there (any more)
    ├── OutcomeUnknown  a write may or may not have happened; read back before anything else
    └── BadAnswer       what came back is not what was asked for (broken off, not JSON, too large)

None carries a token, an address or an amount. Whoever saw the answer says what it means; the transport, which knows
where it came from, adds ledger, status and the id that support asks for; the connector adds what it was reading.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime


class OutsideError(Exception):
    """The outside failed. `code` is the other side's own, `reading` the platform's word for what was asked for."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.ledger: str | None = None
        self.reading: str | None = None
        self.status: int | None = None
        self.correlation_id: str | None = None

    def __str__(self) -> str:
        where = ", ".join(self._where())
        return f"{self.message} ({where})" if where else self.message

    def _where(self) -> Iterable[str]:
        if self.ledger:
            yield f"ledger {self.ledger}"
        if self.reading:
            yield f"reading {self.reading}"
        if self.status:
            yield f"HTTP {self.status}"
        if self.code:
            yield f"code {self.code}"
        if self.correlation_id:
            yield f"correlation id {self.correlation_id}"


class RetryLater(OutsideError):
    """Nothing happened; the same again is right after `after_s` seconds. `daily`: a limit of the day's is used up.
    `only_this`: others surely fare no worse for it.

    `until` is the same as an instant, once whoever has a clock has passed it on.
    """

    def __init__(
        self, message: str, *, after_s: float, daily: bool = False, only_this: bool = False, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.after_s = after_s
        self.daily = daily
        self.only_this = only_this
        self.until: datetime | None = None


class Reconnect(OutsideError):
    """The connection is dead or lacks a right; only a person can mend it, with the command that it names."""

    def __str__(self) -> str:
        return f"{super().__str__()}; connect it again: dunwell connect {self.ledger or 'LEDGER'}"


class SetRight(OutsideError):
    """Nothing happened, and nothing of ours will be taken before a person has changed what it names."""


class Rejected(OutsideError):
    """Understood and refused: repeating it changes nothing."""


class NotFound(Rejected):
    """The record is not there (any more)."""


class OutcomeUnknown(OutsideError):
    """A write may have happened. Only reading back tells; never repeat it blindly."""


class BadAnswer(OutsideError):
    """The answer cannot be trusted: broken off, oversized, or not what was asked for.

    `again`: asking once more may help.
    """

    def __init__(self, message: str, *, again: bool = True, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.again = again


@contextmanager
def reading(what: str) -> Iterator[None]:
    """An error from within says what was being read; not so a connection that had ended before anything was asked."""
    try:
        yield
    except OutsideError as error:
        if error.status is not None or not isinstance(error, Reconnect):
            error.reading = error.reading or what
        raise
