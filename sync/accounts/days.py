"""Days as the store writes them."""

from datetime import date

day = date.fromisoformat
"""The day that was written."""


def maybe(written: str | None) -> date | None:
    """The same, None where nothing was."""
    return None if written is None else date.fromisoformat(written)


def ended(written: str | None, as_of: date) -> date | None:
    """When something ended, as known on a day: what ended later was not over yet."""
    on = maybe(written)
    return on if on is not None and on <= as_of else None
