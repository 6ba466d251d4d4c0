"""How long ago something was, by a clock that may have been wrong then."""

from datetime import datetime, timedelta


def within(age: timedelta, now: datetime, at: datetime | None) -> bool:
    """Whether it was that lately, `age` ago at most. None is never, and so is what a clock that was ahead wrote."""
    return at is not None and timedelta(0) <= now - at <= age
