"""Wherever customer and ledger are, and whatever the clocks do: never two contacts a day, and never none for good."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from strategy.business_days import DAY, days_ahead, window
from strategy.decision import TaskAsked, Touchpoint, TouchpointKind
from strategy.rules import Contact, Missed
from strategy.touches import Touch
from tests.proving import examples
from tests.strategy.builders import (
    EUR,
    STANDARD,
    TODAY,
    a_ledger,
    a_receivable,
    a_strategy,
    an_account,
    days,
    decided,
)

ZONES = (
    *("Pacific/Pago_Pago", "America/Los_Angeles", "America/New_York", "America/St_Johns", "America/Sao_Paulo"),
    *("Europe/London", "Europe/Berlin", "Africa/Casablanca", "Asia/Tehran", "Asia/Kolkata", "Asia/Tokyo"),
    *("Australia/Lord_Howe", "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati"),
)
"""From one end of the day to the other, with halves, quarters, and changes of the clocks in both halves of the year."""

zones = st.sampled_from(ZONES)
some_day = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def hours(opens: int, closes: int) -> Contact:
    return Contact(
        days=frozenset(range(7)),
        opens=opens,
        closes=closes,
        gap=0,
        most=None,
        to=("billing",),
        by=("email",),
        missed=Missed.LATEST,
    )


def changes_of_the_clocks(zone: str, first: int, last: int) -> list[date]:
    """The days, both ways, on which the clocks of a zone are changed; by asking the zone alone."""
    offset = [datetime(first, 1, 1, 12, tzinfo=ZoneInfo(zone)) + days(n) for n in range((last - first + 1) * 366)]
    return [now.date() for before, now in pairwise(offset) if before.utcoffset() != now.utcoffset()]


CHANGES = [(zone, day) for zone in ZONES for day in changes_of_the_clocks(zone, 2025, 2027)]

OFFICE = hours(9 * 60, 16 * 60 + 30)


@given(zone=zones, day=some_day, opens=st.integers(0, 23 * 60), length=st.integers(15, 60))
def test_the_hours_of_a_day_are_never_none_and_never_those_of_another(
    zone: str, day: date, opens: int, length: int
) -> None:
    contact = hours(opens, opens + length)
    today, tomorrow = (window(contact, zone, one) for one in (day, day + DAY))
    assert today.opens < today.closes <= tomorrow.opens
    assert today.opens.astimezone(ZoneInfo(zone)).date() == day


@given(here=zones, there=zones, day=some_day)
def test_every_day_of_the_ledger_has_hours_in_which_the_customer_may_be_written_to(
    here: str, there: str, day: date
) -> None:
    theirs = window(OFFICE, there, day + days(days_ahead(here, there, day.year)))
    begins = datetime.combine(day, time(), ZoneInfo(here)).astimezone(UTC)
    ends = datetime.combine(day + DAY, time(), ZoneInfo(here)).astimezone(UTC)
    assert min(theirs.closes, ends) - max(theirs.opens, begins) >= timedelta(hours=1)


def test_the_clocks_are_changed_both_ways_in_the_years_that_are_looked_at() -> None:
    assert {zone for zone, _ in CHANGES} >= {
        "Europe/Berlin",
        "America/New_York",
        "Australia/Sydney",
        "Africa/Casablanca",
    }
    assert [day for zone, day in CHANGES if zone == "Europe/Berlin"][:2] == [date(2025, 3, 30), date(2025, 10, 26)]


def on_the_wall(zone: str, day: date) -> list[tuple[time, datetime]]:
    """Every quarter of an hour that a clock shows on the day, in order, and its instant; some are there twice."""
    begins = datetime.combine(day, time(), UTC) - timedelta(hours=14)
    instants = (begins + timedelta(minutes=15 * n) for n in range(4 * 50))
    shown = ((one.astimezone(ZoneInfo(zone)), one) for one in instants)
    return [(local.time(), one) for local, one in shown if local.date() == day]


def test_on_the_day_of_a_change_the_hours_begin_when_the_clock_first_says_so() -> None:
    """Those that the clock leaves out begin by so much later."""
    for zone, day in CHANGES:
        shown = on_the_wall(zone, day)
        for opens in range(0, 4 * 60, 15):
            wanted = time(opens // 60, opens % 60)
            told = window(hours(opens, 6 * 60), zone, day).opens
            first = next((one for local, one in shown if local == wanted), None)
            goes_on = next(one for local, one in shown if local >= wanted)
            assert told == first or (first is None and goes_on <= told <= goes_on + timedelta(hours=1)), (zone, day)


@examples(5)
@given(change=st.sampled_from(CHANGES), here=zones, away=st.integers(-2, 1))
def test_a_run_every_hour_over_a_change_of_the_clocks_says_each_step_once(
    change: tuple[str, date], here: str, away: int
) -> None:
    """A first step that is due around the change, on either side of it, and a second a week later."""
    zone, day = change
    due = day + days(away)
    account = an_account(a_receivable(due_on=due - DAY), time_zone=zone, touches=())
    strategy = a_strategy(STANDARD.replace("mon-fri", "mon-sun"))
    begins = datetime.combine(due - days(2), time(), UTC)
    said: list[tuple[str, date]] = []
    for hour in range(24 * 12):
        now = begins + timedelta(hours=hour)
        today = now.astimezone(ZoneInfo(here)).date()
        ledger = a_ledger(time_zone=here, today=today, pulled_on=today, reconciled_on=today)
        decision = decided(replace(account, ledger=ledger), strategy, on=today)
        reminders = [one for one in decision.touchpoints if one.kind is TouchpointKind.REMINDER]
        leaving = [one for one in reminders if one.window.opens <= now < one.window.closes]
        said += [(one.act, now.astimezone(ZoneInfo(zone)).date()) for one in leaving]
        heard_now = tuple(heard(one, today) for one in leaving)
        account = replace(account, cases=decision.cases, touches=(*account.touches, *heard_now))
    assert [act for act, _ in said] == ["first", "second"]
    assert abs((said[0][1] - due).days) <= 1


def test_the_weekend_is_the_customers_own() -> None:
    """On Friday in New York it is Saturday in Auckland, whose Monday is New York's Sunday."""
    ledger = a_ledger(time_zone="America/New_York")
    account = an_account(a_receivable(days_late=20), ledger=ledger, time_zone="Pacific/Auckland")
    friday, sunday = TODAY + days(4), TODAY + days(6)
    assert decided(account, on=friday).touchpoints == ()
    (said,) = decided(account, on=sunday).touchpoints
    assert said.window.opens.astimezone(ZoneInfo("Pacific/Auckland")) == datetime(
        2026, 3, 9, 9, tzinfo=ZoneInfo("Pacific/Auckland")
    )


def heard(one: Touchpoint | TaskAsked, on: date) -> Touch:
    named = tuple(row.invoice_id for row in one.invoices)
    return Touch(
        on=on,
        act=one.act,
        occasion=one.occasion,
        case=one.case,
        currency=EUR,
        channel="email",
        invoices=frozenset(named),
        lead=named[0],
    )


@examples(10)
@given(moves=st.lists(zones, min_size=30, max_size=30))
def test_a_customer_who_moves_hears_every_step_once(moves: list[str]) -> None:
    account = an_account(a_receivable(days_late=1), ledger=a_ledger(time_zone="America/New_York"))
    said: list[str] = []
    for n, zone in enumerate(moves):
        day = TODAY + days(n)
        ledger = replace(account.ledger, today=day, pulled_on=day, reconciled_on=day)
        account = replace(account, time_zone=zone, ledger=ledger)
        decision = decided(account, on=day)
        touches = [
            *(heard(one, day) for one in decision.touchpoints),
            *(heard(one, day) for one in decision.tasks),
        ]
        said += [one.act for one in touches]
        account = replace(account, cases=decision.cases, touches=(*account.touches, *touches))
    assert said == ["first", "second", "third", "call"]
