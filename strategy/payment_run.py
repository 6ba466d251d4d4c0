"""Days on which a customer pays all that is approved: a weekday, a day of the month, or its end."""

from datetime import date
from typing import Final

from strategy.account import Profile
from strategy.business_days import DAY, Calendar
from strategy.model import Record

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_END: Final = "month end"


class PaymentRun(Record):
    """When they pay, and how many business days before it must be approved."""

    run: str
    cutoff: int

    def approved_by(self, day: date, calendar: Calendar, place: str | None) -> date:
        """The first day after the given one by which something must be approved to be paid."""
        paid_on = day
        while True:
            paid_on += DAY
            if self._falls_on(paid_on):
                last = calendar.plus(place, paid_on, -self.cutoff)
                if last > day:
                    return last

    def _falls_on(self, day: date) -> bool:
        if self.run == MONTH_END:
            return (day + DAY).day == 1
        return day.day == int(self.run) if self.run.isdecimal() else WEEKDAYS[day.weekday()] == self.run


def of(profile: Profile) -> PaymentRun | None:
    """The account's own, None where nobody has said."""
    return None if profile.run is None else PaymentRun(run=profile.run, cutoff=profile.cutoff)


def is_run(text: str) -> bool:
    """Whether a text names such days. Of the month only those that every month has: later is its end."""
    return text in {*WEEKDAYS, MONTH_END} or (text.isdecimal() and 1 <= int(text) <= 28)
