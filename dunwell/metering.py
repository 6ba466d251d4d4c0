"""What was asked of the platforms, held beside what they allow and charge for: by ledger and month, with what the month
will come to, and what comes near a limit.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dunwell import clock
from dunwell.tiers import DAY_LIMITS, METERS, Tier
from dunwell.wiring.house import House
from strategy.model import Platform, Record
from sync.budget import Asking
from sync.store.budgets import DayTold, Month, Rest

NEAR: Final = 0.8
"""From this share of a limit on somebody should know."""

FEWEST_DAYS: Final = 3
"""Whole days that a forecast needs: the first day of a ledger is not like the others."""

FRESH: Final = timedelta(days=1)
"""What a platform said of its day longer ago than this was said of another day."""


class Used(Record):
    """One ledger's use in one month. `metered` is what the platform counts, `forecast` the same at the month's end,
    from so many whole `days`; None for a month that is over, and while there are too few. `test`: nothing of it is
    charged.
    """

    ledger: str
    platform: Platform
    month: str
    calls: int
    reads: int
    sent: int
    received: int
    metered: int
    forecast: int | None
    days: int
    test: bool


class Bill(Record):
    """A platform's month: all ledgers together, the cheapest tier that covers them, and the next one.

    `forecast` and `days` as for a ledger: those with too few days count with what they have used.
    """

    platform: Platform
    month: str
    ledgers: int
    metered: int
    forecast: int | None
    days: int
    tier: Tier
    next: Tier | None

    @property
    def share(self) -> float | None:
        """How much of the tier is used; None where it has no end."""
        return self.metered / self.tier.included if self.tier.included else None


class Today(Record):
    """A ledger's day: calls so far by its own clock, how many the firm allows it, what the platform said of its day
    (`limit` None: nothing lately), and whether it rests.
    """

    ledger: str
    platform: Platform
    calls: int
    allowed: int | None
    limit: int | None
    left: int | None
    said_at: datetime | None
    rest: Rest | None


class Warned(Record):
    """What comes near a limit, or has met it: `about` is a ledger or a platform."""

    about: str
    what: str


class Metered(Record):
    """All of it. `bills` and their warnings are about all ledgers of the firm, whichever were asked for."""

    months: tuple[Used, ...]
    bills: tuple[Bill, ...]
    days: tuple[Today, ...]
    warnings: tuple[Warned, ...]


def metered(house: House, names: Sequence[str]) -> Metered:
    """The use of these ledgers, and of all together. Raises `sync.store.ledgers.BoundElsewhere`."""
    months = {name: tuple(_months(house, name)) for name in house.config.ledgers}
    days = tuple(_today(house, name) for name in names)
    bills = tuple(_bills([one for each in months.values() for one in each]))
    this_month = [one for one in bills if one.month >= f"{house.clock.now():%Y-%m}"]
    return Metered(
        months=tuple(one for name in names for one in months[name]),
        bills=bills,
        days=days,
        warnings=(*_near_on_a_day(days), *_near_a_tier(this_month)),
    )


def _months(house: House, name: str) -> Iterator[Used]:
    asking, config = house.asking(house.ledger(name)), house.ledger_config(name)
    today, months = _day(house, asking), house.budgets.usage(asking.ledger_id)
    for month in months:
        now = month.month == f"{today:%Y-%m}"
        days = (today - _first_day(month, months)).days if now else 0
        forecast = None
        if days >= FEWEST_DAYS:
            whole = house.budgets.used_before(asking.ledger_id, _first_day(month, months), today)
            forecast = _forecast(_metered(config.platform, whole), _metered(config.platform, month), days, today)
        yield Used(
            ledger=name,
            platform=config.platform,
            month=month.month,
            calls=month.calls,
            reads=month.reads,
            sent=month.sent,
            received=month.received,
            metered=_metered(config.platform, month),
            forecast=forecast,
            days=days,
            test=config.sandbox,
        )


def _first_day(month: Month, months: Iterable[Month]) -> date:
    """The first day of a month that counts for its pace: of a ledger's first month, the day it was first used."""
    first = date.fromisoformat(f"{month.month}-01")
    return first if any(one.month < month.month for one in months) else month.first_on


def _forecast(before: int, so_far: int, days: int, today: date) -> int:
    """What `so_far` will have come to at the end of today's month, if the days go on as the whole ones `before` today
    did. Today counts as one of these, unless it is already beyond.
    """
    pace = before / days
    remaining = calendar.monthrange(today.year, today.month)[1] - today.day
    return round(max(so_far, before + pace) + pace * remaining)


def _metered(platform: Platform, month: Month) -> int:
    return month.reads if platform is Platform.QUICKBOOKS else month.received


def _day(house: House, asking: Asking) -> date:
    return house.clock.now().astimezone(ZoneInfo(asking.time_zone)).date()


def _bills(used: Sequence[Used]) -> Iterator[Bill]:
    """By month, newest first. What test companies use is not charged."""
    charged = [one for one in used if not one.test]
    for month, platform in sorted({(one.month, one.platform) for one in charged}, reverse=True):
        rows = [one for one in charged if (one.month, one.platform) == (month, platform)]
        so_far = sum(one.metered for one in rows)
        days = min((one.days for one in rows if one.forecast is not None), default=0)
        forecast = sum(one.metered if one.forecast is None else one.forecast for one in rows) if days else None
        meter = METERS[platform]
        tier = meter.tier(so_far, len(rows))
        yield Bill(
            platform=platform,
            month=month,
            ledgers=len(rows),
            metered=so_far,
            forecast=forecast,
            days=days,
            tier=tier,
            next=meter.above(tier),
        )


def _today(house: House, name: str) -> Today:
    ledger = house.ledger(name)
    asking, now = house.asking(ledger), house.clock.now()
    told, rest = house.budgets.told(asking.company, now)
    if told is not None and now - told.told_at > FRESH:
        told = None
    return Today(
        ledger=name,
        platform=ledger.platform,
        calls=house.budgets.calls_on(ledger.id, _day(house, asking)),
        allowed=asking.calls_per_day,
        limit=_limit(ledger.platform, told) if told else None,
        left=told.left if told else None,
        said_at=told.told_at if told else None,
        rest=rest,
    )


def _limit(platform: Platform, told: DayTold) -> int:
    """The platform's limit of the day: the smallest that leaves as much as it said was left."""
    return next((limit for limit in DAY_LIMITS[platform] if told.most <= limit), told.most)


def _near_on_a_day(days: Iterable[Today]) -> Iterator[Warned]:
    for day in days:
        about = f"ledger {day.ledger}"
        if day.rest is not None:
            yield Warned(about=about, what=f"{day.rest.why}; nothing is asked before {clock.local(day.rest.until)}")
        if day.allowed is not None and day.calls >= NEAR * day.allowed:
            share = _percent(day.calls / day.allowed)
            yield Warned(
                about=about, what=f"{day.calls:,} of the {day.allowed:,} calls a day that [limits] allows ({share})"
            )
        if day.limit is not None and day.left is not None and day.said_at is not None:
            used = day.limit - day.left
            if used >= NEAR * day.limit:
                what = f"{used:,} of the {day.limit:,} calls of its day are used ({_percent(used / day.limit)})"
                yield Warned(about=about, what=f"{what}, as the platform said at {clock.local(day.said_at)}")


def _near_a_tier(bills: Sequence[Bill]) -> Iterator[Warned]:
    for bill in bills:
        included = bill.tier.included
        if included is None or max(bill.metered, bill.forecast or 0) < NEAR * included:
            continue
        unit = METERS[bill.platform].unit
        above = f"; above that comes {bill.next.name}, {bill.next.price} a month" if bill.next else ""
        if bill.metered >= NEAR * included:
            share = _percent(bill.metered / included)
            what = f"{bill.metered:,} of the {included:,} {unit} of {bill.tier.name} are used ({share})"
        else:
            ahead = bill.forecast or 0
            what = (
                f"as the last {bill.days} days went, {bill.month} ends at {ahead:,} {unit}, "
                f"{_percent(ahead / included)} of the {included:,} of {bill.tier.name}"
            )
        yield Warned(about=bill.platform.value, what=what + above)


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
