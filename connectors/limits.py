"""How much the platforms let be asked, of one company and by one app. `sync.budget` keeps to it."""

from datetime import timedelta

from strategy.model import Record


class Window(Record):
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


class Limits(Record):
    """The limits of one company and of the app that asks, the widest window first; `concurrent`: so many calls of a
    company are under way at once. `day_floor`: so many calls of the day are left for people and other apps.
    """

    windows: tuple[Window, ...]
    concurrent: int
    app_windows: tuple[Window, ...] = ()
    day_floor: int = 50


PATIENCE_S = 90
"""So long a limit is waited for; a longer wait is reported to whoever schedules the next run."""

DAY_REST = timedelta(hours=1)
"""So long nothing is asked once the day is used up; then one call shows whether a new day has begun."""


QUICKBOOKS = Limits(windows=(Window(calls=500, seconds=60), Window(calls=10, seconds=1)), concurrent=10)
"""Per company: 500 a minute, and 10 a second by one app; in older words, 10 at once (Intuit, limits and throttles, read
2026-11-21). No limit over all companies of an app is known.
"""

XERO = Limits(windows=(Window(calls=60, seconds=60),), concurrent=5, app_windows=(Window(calls=10_000, seconds=60),))
"""Per organisation: 60 a minute, 5 at once, and a daily limit that its headers tell; by one app over all organisations
10,000 a minute (Xero, limits FAQ, read 2026-11-21).
"""
