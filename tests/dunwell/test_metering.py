"""What was asked of the platforms, beside what they allow and charge for."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connectors.base import Call
from dunwell import metering
from dunwell.config import reading
from dunwell.metering import Metered, metered
from dunwell.tiers import METERS, Meter
from dunwell.wiring.house import House
from strategy.model import Platform
from tests.connectors.roads import Clock

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)

LEDGER = """
[ledgers.{name}]
platform = "{platform}"
client_id = "ABc1"
time_zone = "UTC"
{more}
"""

Fill = Callable[..., None]


@pytest.fixture
def a_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """A house with ledgers "name platform", and lines of settings for some of them, at noon of 11 November."""
    opened: list[House] = []

    def made(*ledgers: str, **more: str) -> House:
        named = [one.split() for one in ledgers]
        tables = (LEDGER.format(name=name, platform=on, more=more.get(name, "")) for name, on in named)
        (tmp_path / "config.toml").write_text('[firm]\nname = "Lund"\n' + "".join(tables), "utf-8")
        house = House(reading.read(tmp_path / "config.toml"))
        house.clock = Clock(NOON)
        opened.append(house)
        return house

    yield made
    for house in opened:
        house.close()


def use(house: House, name: str, on: date, *, calls: int = 1, received: int = 0) -> None:
    """So many reading calls on a day, with so many bytes received in each."""
    ledger = house.ledger(name)
    call = Call(write=False, sent=0, received=received, status=200)
    with house.budgets.alone():
        for _ in range(calls):
            house.budgets.add_usage(ledger.id, on, call, metered=True)


def every_day(house: House, name: str, first: int, last: int, **each: int) -> None:
    """The same on each of these days of November."""
    for day in range(first, last + 1):
        use(house, name, date(2026, 11, day), **each)


def told(house: House, *names: str) -> Metered:
    return metered(house, names or tuple(house.config.ledgers))


def warnings(house: House) -> list[str]:
    return [f"{one.about}: {one.what}" for one in told(house).warnings]


def test_a_month_that_goes_on_as_it_went_is_foretold(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 10, 5))
    every_day(house, "brindle", 1, 10, calls=7)
    use(house, "brindle", date(2026, 11, 11), calls=2)
    now, before = told(house).months
    assert (now.month, now.metered, now.forecast, now.days) == ("2026-11", 72, 7 * 30, 10)
    assert (before.month, before.forecast) == ("2026-10", None)


def test_a_day_that_is_beyond_the_others_counts_as_it_is(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 10, 5))
    every_day(house, "brindle", 1, 10, calls=7)
    use(house, "brindle", date(2026, 11, 11), calls=100)
    assert told(house).months[0].forecast == 7 * 29 + 100


@pytest.mark.parametrize(("first", "forecast"), [(9, None), (8, 23)])
def test_with_fewer_than_three_whole_days_nothing_is_foretold(
    a_house: Callable[..., House], first: int, forecast: int | None
) -> None:
    house = a_house("brindle quickbooks")
    every_day(house, "brindle", first, 11)
    found = told(house)
    assert found.months[0].forecast == forecast
    assert found.bills[0].forecast == forecast


def test_days_on_which_nothing_was_asked_count_too(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 10, 31))
    use(house, "brindle", date(2026, 11, 3), calls=20)
    assert told(house).months[0].forecast == 60


@given(uses=st.lists(st.integers(0, 500), min_size=3, max_size=29), today=st.integers(0, 2000))
def test_a_forecast_is_never_below_what_was_used_and_even_days_are_foretold_exactly(
    uses: list[int], today: int
) -> None:
    on = date(2026, 11, len(uses) + 1)
    foretold = metering._forecast(sum(uses), sum(uses) + today, len(uses), on)
    assert foretold >= sum(uses) + today
    assert metering._forecast(uses[0] * len(uses), uses[0] * (len(uses) + 1), len(uses), on) == uses[0] * 30


def test_what_is_metered_is_reading_calls_on_quickbooks_and_bytes_on_xero(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks", "harbour xero")
    use(house, "brindle", date(2026, 11, 11), calls=3, received=100)
    use(house, "harbour", date(2026, 11, 11), calls=3, received=100)
    assert [(one.ledger, one.metered) for one in told(house).months] == [("brindle", 3), ("harbour", 300)]


def test_a_bill_is_of_all_ledgers_whichever_were_asked_for(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks", "lund quickbooks")
    for name in ("brindle", "lund"):
        use(house, name, date(2026, 11, 11), calls=3)
    found = told(house, "lund")
    assert [one.ledger for one in found.months] == ["lund"]
    assert [(one.ledgers, one.metered) for one in found.bills] == [(2, 6)]


def test_what_a_test_company_uses_is_not_charged(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks", brindle="sandbox = true")
    use(house, "brindle", date(2026, 11, 11))
    found = told(house)
    assert [one.test for one in found.months] == [True]
    assert found.bills == ()


@pytest.fixture
def scarce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Price tiers that a test can fill: 100 reading calls for nothing, 200 for money."""
    meter = METERS[Platform.QUICKBOOKS]
    small, large = meter.tiers[:2]
    tiers = (replace(small, included=100), replace(large, included=200))
    monkeypatch.setattr("dunwell.metering.METERS", {**METERS, Platform.QUICKBOOKS: Meter(unit=meter.unit, tiers=tiers)})


@pytest.mark.usefixtures("scarce")
@pytest.mark.parametrize(("calls", "warned"), [(79, False), (80, True)])
def test_from_four_fifths_of_a_tier_on_somebody_is_told(
    a_house: Callable[..., House], calls: int, warned: bool
) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 11, 11), calls=calls)
    said = (
        "quickbooks: 80 of the 100 reading calls of Builder are used (80 %); above that comes Silver, 300 USD a month"
    )
    assert warnings(house) == ([said] if warned else [])


@pytest.mark.usefixtures("scarce")
def test_a_month_that_will_come_near_a_tier_is_told_of_before_it_does(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 10, 31))
    every_day(house, "brindle", 1, 10, calls=4)
    (said,) = warnings(house)
    assert said.startswith("quickbooks: as the last 10 days went, 2026-11 ends at 120 reading calls, 120 % of the 100")


@pytest.mark.usefixtures("scarce")
def test_above_the_last_tier_comes_none(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 11, 11), calls=190)
    assert warnings(house) == ["quickbooks: 190 of the 200 reading calls of Silver are used (95 %)"]


@pytest.mark.usefixtures("scarce")
def test_a_month_that_is_over_warns_of_nothing(a_house: Callable[..., House]) -> None:
    house = a_house("brindle quickbooks")
    use(house, "brindle", date(2026, 10, 31), calls=99)
    assert warnings(house) == []


@pytest.mark.parametrize(("calls", "warned"), [(7, False), (8, True)])
def test_the_firms_own_limit_of_a_day_is_told_of_from_four_fifths_on(
    a_house: Callable[..., House], calls: int, warned: bool
) -> None:
    house = a_house("brindle quickbooks", brindle="limits = { calls_per_day = 10 }")
    use(house, "brindle", date(2026, 11, 11), calls=calls)
    said = "ledger brindle: 8 of the 10 calls a day that [limits] allows (80 %)"
    assert warnings(house) == ([said] if warned else [])


@pytest.mark.parametrize(
    ("first", "left", "warned"),
    [
        (4_990, 1_001, None),
        (4_990, 1_000, "4,000 of the 5,000"),
        (990, 201, None),
        (990, 200, "800 of the 1,000"),
    ],
)
def test_the_platforms_limit_of_a_day_is_told_of_from_four_fifths_on(
    a_house: Callable[..., House], first: int, left: int, warned: str | None
) -> None:
    house = a_house("harbour xero")
    company = house.budgets.number(house.asking(house.ledger("harbour")).company)
    for said in (first, left):
        house.budgets.tell_day(company, said, NOON)
    found = warnings(house)
    assert len(found) == (warned is not None)
    assert warned is None or found[0].startswith(f"ledger harbour: {warned} calls of its day are used (80 %), as the")


def test_what_a_platform_said_a_day_ago_is_of_another_day(a_house: Callable[..., House]) -> None:
    house = a_house("harbour xero")
    company = house.budgets.number(house.asking(house.ledger("harbour")).company)
    house.budgets.tell_day(company, 12, NOON - timedelta(days=1, seconds=1))
    assert [one.left for one in told(house).days] == [None]


def test_a_ledger_that_rests_is_told_of_until_it_wakes(a_house: Callable[..., House]) -> None:
    house = a_house("harbour xero")
    company = house.budgets.number(house.asking(house.ledger("harbour")).company)
    house.budgets.rest(company, NOON + timedelta(hours=2), "Xero's daily limit for this organisation is used up")
    (said,) = warnings(house)
    assert said.startswith(
        "ledger harbour: Xero's daily limit for this organisation is used up; nothing is asked before"
    )
    house.clock.sleep(7200)
    assert warnings(house) == []
