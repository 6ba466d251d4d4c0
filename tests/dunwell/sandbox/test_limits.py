"""Rate limits by the sandbox's clock."""

from datetime import timedelta

import pytest

from dunwell.sandbox.limits import Limiter, Window
from tests.dunwell.sandbox.api import MONDAY, Company


def test_a_window_is_full_until_its_oldest_call_leaves_it() -> None:
    limiter, window = Limiter(), Window(2, 60)
    assert limiter.fits(MONDAY, minute=window) is None
    assert limiter.fits(MONDAY + timedelta(seconds=30), minute=window) is None
    assert limiter.fits(MONDAY + timedelta(seconds=59), minute=window) == "minute"
    assert limiter.fits(MONDAY + timedelta(seconds=60), minute=window) is None


def test_a_full_window_says_when_there_is_room_again() -> None:
    limiter, window = Limiter(), Window(2, 60)
    assert limiter.wait_s(MONDAY, "minute", window) == 0
    for seconds in (0, 20):
        limiter.fits(MONDAY + timedelta(seconds=seconds), minute=window)
    assert limiter.wait_s(MONDAY + timedelta(seconds=30.5), "minute", window) == 30


def test_a_refused_call_is_not_counted_anywhere() -> None:
    limiter = Limiter()
    assert limiter.fits(MONDAY, small=Window(1, 60), large=Window(9, 60)) is None
    assert limiter.fits(MONDAY, small=Window(1, 60), large=Window(9, 60)) == "small"
    assert limiter.remaining(MONDAY, "large", Window(9, 60)) == 8


def test_the_eleventh_call_of_a_second_is_too_many(company: Company) -> None:
    company.sandbox.limits(True)
    statuses = [company.session.get("companyinfo/1").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    company.clock.move(seconds=1)
    assert company.session.get("companyinfo/1").status_code == 200


@pytest.mark.parametrize(("path", "most"), [("companyinfo/1", 500), ("batch", 40)])
def test_a_minute_has_room_for_so_many_calls(company: Company, path: str, most: int) -> None:
    company.sandbox.limits(True)
    statuses = []
    for _ in range(most + 1):
        company.clock.move(seconds=0.11)
        statuses.append(company.session.request("POST" if path == "batch" else "GET", path).status_code)
    assert 429 not in statuses[:most]
    assert statuses[most] == 429
