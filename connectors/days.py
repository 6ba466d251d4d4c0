"""Days as books have them."""

from datetime import date
from typing import Final

_LAST: Final = date(8999, 12, 31)


def meant(day: date) -> date:
    """The day, if somebody can have meant it. Raises `ValueError`: nothing can be counted on from the last day that
    there is, and one such record would stop its ledger.
    """
    if day > _LAST:
        raise ValueError(f"nobody can have meant the day {day}")
    return day
