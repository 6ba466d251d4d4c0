"""Public holidays of countries and of parts of them, as data."""

from collections import Counter
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.account import Profile
from strategy.plan import plan_account
from sync import places
from tests.proving import examples
from tests.strategy.builders import a_ledger, a_receivable, a_strategy, an_account

ASSUMPTION, UNITY, REFORMATION = date(2025, 8, 15), date(2025, 10, 3), date(2025, 10, 31)


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("DE", {UNITY, REFORMATION}),
        ("DE-BY", {UNITY}),
        ("DE-SL", {UNITY, ASSUMPTION}),
        ("DE-SN", {UNITY, REFORMATION}),
        ("DE-XX", {UNITY, REFORMATION}),
        ("XX-BY", set()),
    ],
)
def test_a_part_of_a_country_has_its_own_holidays_and_the_national_ones(place: str, kept: set[date]) -> None:
    calendar = places.calendar({place}, date(2025, 9, 1))
    assert {day for day in (ASSUMPTION, UNITY, REFORMATION) if calendar.is_holiday(place, day)} == kept


def test_a_part_that_nobody_asked_for_has_the_holidays_of_its_country() -> None:
    calendar = places.calendar({"DE"}, date(2025, 9, 1))
    assert calendar.is_holiday("DE-SL", UNITY)
    assert not calendar.is_holiday("DE-SL", ASSUMPTION)


@pytest.mark.parametrize(
    ("country", "day", "is_one"),
    [
        ("GB", date(2026, 4, 6), True),  # Easter Monday: not in Scotland
        ("GB", date(2026, 3, 17), False),  # Saint Patrick: in Northern Ireland alone
        ("CH", date(2026, 4, 3), True),  # Good Friday: not in Ticino and Valais
        ("US", date(2026, 4, 3), False),  # in a dozen states of fifty
    ],
)
def test_of_a_country_alone_the_holidays_of_most_of_its_parts_count(country: str, day: date, is_one: bool) -> None:
    assert places.calendar({country}, day).is_holiday(country, day) is is_one


def test_every_country_is_known_whose_parts_keep_days_that_are_not_national() -> None:
    for country in holidays.list_supported_countries(include_aliases=False):
        parts = places.regions(country)
        kept = Counter(day for part in parts for day in holidays.country_holidays(country, subdiv=part, years=2026))
        most = {day for day, count in kept.items() if 2 * count > len(parts)}
        calendar = places.calendar({country}, date(2026, 6, 1))
        assert all(calendar.is_holiday(country, day) for day in most), country


def easter(year: int) -> date:
    """Easter Sunday, by the rule of Meeus, Jones and Butcher."""
    golden, century, rest = year % 19, year // 100, year % 100
    leaps, over = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * over + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize(("year", "sunday"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))])
def test_easter_is_when_it_is(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == date(year, *sunday)


@examples(10)
@given(year=st.integers(2024, 2040), place=st.sampled_from(["DE", "GB-ENG", "NZ"]), before=st.integers(0, 12))
def test_nobody_is_contacted_on_a_day_that_the_sun_and_the_moon_make_a_holiday(
    year: int, place: str, before: int
) -> None:
    """Good Friday and Easter Monday, reckoned here; Christmas and New Year; and weekends."""
    sunday = easter(year)
    fixed = [date(year, 12, 25), date(year, 12, 26), date(year, 1, 1)]
    closed = {sunday - timedelta(days=2), sunday + timedelta(days=1), *fixed}
    for day in closed:
        due_on = day - timedelta(days=1 + before)
        country, _, part = place.partition("-")
        profile = Profile(region=place if part else None)
        ledger = a_ledger(today=day, pulled_on=day, reconciled_on=day)
        account = an_account(a_receivable(due_on=due_on), ledger=ledger, country=country, profile=profile)
        calendar = places.calendar({place}, day)
        assert plan_account(account, a_strategy(), calendar, day).touchpoints == ()
        opens = calendar.contact_day_from(a_strategy().contact, place, day)
        assert opens not in closed
        assert opens.weekday() < 5


def test_parts_are_known_by_their_codes() -> None:
    assert {"BY", "SN", "BE"} <= set(places.regions("DE"))
    assert "CA" in places.regions("US")
    assert places.regions("XX") == ()
