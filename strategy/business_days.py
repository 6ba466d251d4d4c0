"""Days on which one may act: weekdays, public holidays as data, and counting in business days.

A business day is Monday to Friday and no public holiday of the place. Which days a *contact* may fall on is the
strategy's own choice of weekdays, less the same holidays.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from strategy.decision import Window
from strategy.model import Record
from strategy.rules import Contact

DAY = timedelta(days=1)
_MONDAY_TO_FRIDAY = frozenset(range(5))


class Calendar(Record):
    """Public holidays by place: a country, or a part of one, as ISO 3166 codes ("DE", "DE-BY").

    A part that is missing has its country's, a country that is missing has none.
    """

    holidays: Mapping[str, frozenset[date]] = {}

    def is_holiday(self, place: str | None, day: date) -> bool:
        """Whether the day is a public holiday there."""
        known = self.holidays.get(place or "")
        if known is None:
            known = self.holidays.get((place or "").partition("-")[0], frozenset())
        return day in known

    def is_business_day(self, place: str | None, day: date) -> bool:
        """Whether business is done there on the day."""
        return day.weekday() in _MONDAY_TO_FRIDAY and not self.is_holiday(place, day)

    def plus(self, place: str | None, day: date, business_days: int) -> date:
        """So many business days after the day (before it, where negative); zero is the day itself."""
        step = DAY if business_days >= 0 else -DAY
        left = abs(business_days)
        while left:
            day += step
            left -= self.is_business_day(place, day)
        return day

    def between(self, place: str | None, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; 0 where `end` is not after `start`."""
        days = (end - start).days
        return sum(self.is_business_day(place, start + timedelta(days=n)) for n in range(1, days + 1))

    def may_contact(self, contact: Contact, place: str | None, day: date) -> bool:
        """Whether a contact may fall on the day."""
        return day.weekday() in contact.days and not self.is_holiday(place, day)

    def contact_day_from(self, contact: Contact, place: str | None, day: date) -> date:
        """The day itself if a contact may fall on it, else the next that allows one."""
        while not self.may_contact(contact, place, day):
            day += DAY
        return day


@cache
def days_ahead(here: str, there: str, year: int) -> int:
    """How many days later it is in one time zone than in another, for deciding a day here and speaking there: -1, 0, 1.

    Where clocks are half a day or more apart, most of a day here falls on the next (or last) day there. What counts is
    the mean of winter and summer, so that no change of the clocks moves it: each day there belongs to one day here.
    """
    apart = [_offset(there, year, month) - _offset(here, year, month) for month in (1, 7)]
    half = timedelta(hours=12)
    mean = (apart[0] + apart[1]) / 2
    return (mean >= half) - (mean <= -half)


def _offset(zone: str, year: int, month: int) -> timedelta:
    return datetime(year, month, 1, 12, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()


def window(contact: Contact, time_zone: str, day: date) -> Window:
    """The instants between which a contact may leave on the customer's own day."""
    zone = ZoneInfo(time_zone)
    midnight = datetime.combine(day, time(), zone)
    opens, closes = _at(midnight, contact.opens), _at(midnight, contact.closes)
    if closes <= opens:  # the clocks went forward over all of it
        closes = opens + timedelta(minutes=contact.closes - contact.opens)
    return Window(opens=opens, closes=closes)


def _at(midnight: datetime, minutes: int) -> datetime:
    """By the clock on the wall: 9 o'clock is 9 o'clock on the day the clocks change, too."""
    wall = midnight + timedelta(minutes=minutes)
    return wall.astimezone(ZoneInfo("UTC"))
