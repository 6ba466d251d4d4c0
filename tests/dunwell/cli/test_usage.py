"""What the work costs, and what happens where a limit is met: in words, at a terminal and in a pipe."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from connectors.base import Call
from dunwell.clock import local
from dunwell.config import reading
from dunwell.sandbox.faults import Faults
from dunwell.wiring.house import House
from tests.dunwell.cli.desk import Desk, Firm
from tests.dunwell.cli.test_terminal import TERM, at_terminal, plain


@pytest.fixture
def faults(firm: Firm) -> Iterator[Faults]:
    yield firm.sandbox.faults
    firm.sandbox.faults.clear()


def use(desk: Desk, first: date, days: int, calls: int) -> None:
    """So many reading calls of brindle's on each of some days."""
    house = House(reading.read(desk.config))
    ledger, call = house.ledger("brindle"), Call(write=False, sent=200, received=4_000_000, status=200)
    with house.budgets.alone():
        for day in range(days):
            for _ in range(calls):
                house.budgets.add_usage(ledger.id, first + timedelta(days=day), call, metered=True)
    house.close()


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk whose ledger has asked 90 times a day for a while, and may ask 100 times."""
    use(desk, date(2026, 2, 20), 11, 90)
    desk.write("config.toml", desk.config.read_text("utf-8") + "\n[limits]\ncalls_per_day = 100\n")
    return desk


def test_the_month_is_foretold_from_its_whole_days(busy: Desk) -> None:
    busy.clock().sleep(3 * 86_400)
    use(busy, date(2026, 3, 3), 2, 90)
    found = busy.did("usage", "--json").json
    (now, before) = found["months"]
    assert (now["month"], now["forecast_days"], before["forecast"]) == ("2026-03", 4, None)
    assert now["forecast"] == round(now["metered"] / 4 * 31)
    assert found["platforms"][0]["forecast"] == now["forecast"]


def test_a_warning_is_said_by_usage_and_noted_by_check(busy: Desk) -> None:
    sentence = "of the 100 calls a day that [limits] allows"
    said = busy.did("usage")
    assert sentence in said.err
    assert sentence not in said.out
    noted = [row for row in busy.dunwell("check").rows if sentence in row[3]]
    assert [(row[0], row[2]) for row in noted] == [("note", "ledger brindle")]


def test_nothing_near_a_limit_is_nothing_said(desk: Desk) -> None:
    assert desk.did("usage").err == ""
    assert desk.did("usage", "--json").json["warnings"] == []


@pytest.mark.parametrize("columns", [80, 120])
def test_at_a_terminal_it_fits_and_bytes_can_be_read(busy: Desk, columns: int) -> None:
    shown = plain(at_terminal(TERM + busy.program(), "usage", columns=columns))
    tables = shown[: next(number for number, line in enumerate(shown) if line.startswith("ledger brindle:"))]
    assert max(map(len, tables)) <= columns
    (row,) = (line.split() for line in shown if "2026-02" in line and line.startswith("brindle"))
    assert row[2:] == ["810", "810", "162.0", "kB", "3.2", "GB"]


def test_a_pipe_gets_numbers(busy: Desk) -> None:
    (row,) = (row for row in busy.did("usage").kind("ledger") if row[2] == "2026-02")
    assert row == ["brindle", "quickbooks", "2026-02", "810", "810", "162000", "3240000000", "", ""]


def test_a_ledger_whose_day_is_used_up_says_until_when_and_is_not_asked(desk: Desk, firm: Firm, faults: Faults) -> None:
    faults.add("day_limit", path="/v3/")
    code, first = desk.failed("sync")
    tomorrow = local(desk.clock().now() + timedelta(days=1))
    assert code == 1
    assert first.startswith("brindle: QuickBooks throttles this company (ledger brindle, reading ")
    assert first.endswith(f"; nothing was lost, run the same again after {tomorrow}")
    asked = firm.sandbox.traffic.total
    for command in (["sync"], ["run"], ["run", "--send"]):
        code, again = desk.failed(*command)
        assert code == 1
        assert again.startswith("brindle: QuickBooks throttles this company (ledger brindle")
        assert f"run the same again after {tomorrow}" in again
    assert firm.sandbox.traffic.total == asked
    (day,) = desk.did("usage").kind("day")
    assert day[-1] == f"{desk.clock().now() + timedelta(days=1):%Y-%m-%dT%H:%MZ}"
    assert f"nothing is asked before {tomorrow}" in desk.did("usage").err


def test_after_the_reset_it_goes_on_by_itself(desk: Desk, firm: Firm, faults: Faults) -> None:
    faults.add("day_limit", path="/v3/")
    desk.failed("sync")
    desk.clock().sleep(86_400)
    desk.write("tokens.json", json.dumps(firm.sandbox.quickbooks.tokens()))
    desk.did("connect", "brindle", "--token-file", str(desk.folder / "tokens.json"))
    assert desk.did("sync").rows[0][0] == "brindle"


def test_the_firms_own_limit_says_what_how_many_and_until_when(busy: Desk, firm: Firm) -> None:
    use(busy, date(2026, 3, 2), 1, 100)
    asked = firm.sandbox.traffic.total
    code, said = busy.failed("run", "--send")
    assert (code, firm.sandbox.traffic.total) == (1, asked)
    assert said.startswith("brindle: All calls are made that [limits] allows for a day (100) (ledger brindle")
    assert "; nothing was lost, run the same again after 2026-03-03 " in said
