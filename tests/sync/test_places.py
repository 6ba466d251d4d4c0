"""Public holidays of countries and of parts of them, as data."""

from datetime import date

import pytest

from sync import places

ASSUMPTION, UNITY, REFORMATION = date(2025, 8, 15), date(2025, 10, 3), date(2025, 10, 31)


@pytest.mark.parametrize(
    ("place", "holidays"),
    [
        ("DE", {UNITY}),
        ("DE-BY", {UNITY}),
        ("DE-SL", {UNITY, ASSUMPTION}),
        ("DE-SN", {UNITY, REFORMATION}),
        ("DE-XX", {UNITY}),
        ("XX-BY", set()),
    ],
)
def test_a_part_of_a_country_has_its_own_holidays_and_the_national_ones(place: str, holidays: set[date]) -> None:
    calendar = places.calendar({place}, date(2025, 9, 1))
    assert {day for day in (ASSUMPTION, UNITY, REFORMATION) if calendar.is_holiday(place, day)} == holidays


def test_a_part_that_nobody_asked_for_has_the_holidays_of_its_country() -> None:
    calendar = places.calendar({"DE"}, date(2025, 9, 1))
    assert calendar.is_holiday("DE-SN", UNITY)
    assert not calendar.is_holiday("DE-SN", REFORMATION)


def test_parts_are_known_by_their_codes() -> None:
    assert {"BY", "SN", "BE"} <= set(places.regions("DE"))
    assert "CA" in places.regions("US")
    assert places.regions("XX") == ()
