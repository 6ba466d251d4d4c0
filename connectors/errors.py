"""What can go wrong outside, named for what to do next.

    OutsideError
    ├── RetryLater      wait `after_s`, then the same again is right; nothing happened
    ├── Reconnect       a person must connect the ledger again; no call will succeed before
    ├── Rejected        the other side understood and refused; the same again will be refused again
    ├── OutcomeUnknown  a write may or may not have happened; read back before anything else
    └── BadAnswer       what came back is not what was asked for (truncated, not JSON, too large)

None carries a token, an address or an amount; all carry what support needs: platform, ledger, status, code,
correlation id.
"""


class OutsideError(Exception):
    """The outside failed."""

    def __init__(
        self,
        message: str,
        *,
        platform: str = "",
        ledger: str = "",
        status: int | None = None,
        code: str | None = None,
        correlation_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.platform = platform
        self.ledger = ledger
        self.status = status
        self.code = code
        self.correlation_id = correlation_id

    def __str__(self) -> str:
        where = [
            f"{name} {value}"
            for name, value in (
                ("ledger", self.ledger),
                ("HTTP", self.status),
                ("code", self.code),
                ("correlation id", self.correlation_id),
            )
            if value
        ]
        return f"{self.message} ({', '.join(where)})" if where else self.message


class RetryLater(OutsideError):
    """Nothing happened; the same again is right after `after_s` seconds. `daily`: the limit is one of the day's."""

    def __init__(self, message: str, *, after_s: float, daily: bool = False, **where: object) -> None:
        super().__init__(message, **where)  # type: ignore[arg-type]  # passed through by name
        self.after_s = after_s
        self.daily = daily


class Reconnect(OutsideError):
    """The connection is dead or lacks a right; only a person can mend it, with `dunwell connect`."""


class Rejected(OutsideError):
    """Understood and refused: repeating it changes nothing."""


class NotFound(Rejected):
    """The record is not there (any more)."""


class OutcomeUnknown(OutsideError):
    """A write may have happened. Only reading back tells; never repeat it blindly."""


class BadAnswer(OutsideError):
    """The answer cannot be trusted: truncated, oversized, or not what was asked for."""
