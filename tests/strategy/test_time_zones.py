"""Wherever customer and ledger are, and whatever the clocks do: never two contacts a day, and never none for good."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from strategy.account import Touch
from strategy.business_days import DAY, days_ahead, window
from strategy.decision import TaskAsked, Touchpoint
from strategy.rules import Contact, Missed
from tests.proving import examples
from tests.strategy.builders import EUR, TODAY, a_ledger, a_receivable, an_account, days, decided

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
