"""The pace of a ledger's calls: windows, calls under way, and what is counted of them."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Call
from connectors.limits import QUICKBOOKS, XERO, Limits, Window
from sync.budget import Asking
from sync.store.budgets import KEPT, Budgets
from tests.connectors.roads import Clock, Counted
from tests.sync.pacing import a_call, fits, starts


def earliest(limits: Limits, calls: int) -> list[float]:
    """The earliest possible starts, in seconds from the first."""
    found: list[float] = []
    for number in range(calls):
        floors = (found[number - one.calls] + one.seconds for one in limits.windows if number >= one.calls)
        found.append(max(floors, default=0))
    return found


@pytest.mark.parametrize(("limits", "calls"), [(QUICKBOOKS, 1200), (XERO, 200)], ids=["quickbooks", "xero"])
def test_every_call_starts_as_early_as_it_may_and_no_earlier(limits: Limits, calls: int) -> None:
    clock = Clock()
    started = starts(Counted(limits, clock), clock, calls)
    assert [(at - started[0]).total_seconds() for at in started] == earliest(limits, calls)


def test_quickbooks_lets_ten_calls_start_in_a_second_and_the_eleventh_in_the_next() -> None:
    clock = Clock()
    started = starts(Counted(QUICKBOOKS, clock), clock, 11)
    assert [(at - started[0]).total_seconds() for at in started[9:]] == [0, 1]


def test_xero_lets_sixty_calls_start_in_a_minute_and_the_next_in_the_next() -> None:
    clock = Clock()
    started = starts(Counted(XERO, clock), clock, 61)
    assert [(at - started[0]).total_seconds() for at in started[59:]] == [0, 60]


@given(pauses=st.lists(st.floats(min_value=0, max_value=20), max_size=150))
def test_however_calls_are_spread_no_window_is_ever_overfull(pauses: list[float]) -> None:
    clock, window = Clock(), Window(calls=7, seconds=11)
    budget = Counted(Limits(windows=(window,), concurrent=1), clock)
    started = []
    for pause in pauses:
        clock.move(seconds=pause)
        started += starts(budget, clock, 1)
    assert fits(started, window)


def test_a_window_rolls_and_frees_one_place_at_a_time() -> None:
    clock = Clock()
    budget = Counted(Limits(windows=(Window(calls=2, seconds=10),), concurrent=1), clock)
    starts(budget, clock, 1)
    clock.move(seconds=6)
    starts(budget, clock, 2)
    assert clock.slept == [4]


def test_a_budget_says_that_it_holds_calls_back_while_one_waits_for_its_turn() -> None:
    told: list[bool] = []

    class Watched(Clock):
        def sleep(self, seconds: float) -> None:
            told.append(budget.holds_back)
            super().sleep(seconds)

    clock = Watched()
    budget = Counted(Limits(windows=(Window(calls=2, seconds=10),), concurrent=1), clock)
    starts(budget, clock, 3)
    assert told == [True]
    assert not budget.holds_back


def test_threads_share_one_budget() -> None:
    clock = Clock()
    budget = Counted(QUICKBOOKS, clock)
    with ThreadPoolExecutor(8) as threads:
        started = sorted(at for each in threads.map(lambda _: starts(budget, clock, 30), range(8)) for at in each)
    assert len(started) == 240
    assert all(fits(started, window) for window in QUICKBOOKS.windows)


def test_five_calls_of_xeros_are_under_way_at_once_and_no_sixth() -> None:
    budget, inside, most = Counted(XERO, Clock()), 0, 0
    lock, full = threading.Lock(), threading.Barrier(5)

    def call(number: int) -> None:
        nonlocal inside, most
        entered = budget.enter()
        with lock:
            inside += 1
            most = max(most, inside)
        full.wait(timeout=60)
        with lock:
            inside -= 1
        budget.leave(entered, a_call())

    with ThreadPoolExecutor(15) as threads:
        list(threads.map(call, range(15)))
    assert most == 5


def test_a_minute_that_others_used_up_is_believed() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, minute=0)
    starts(budget, clock, 1)
    assert clock.slept == [60]


def test_less_left_than_we_thought_is_believed_too() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, minute=10)
    starts(budget, clock, 10)
    assert clock.slept == []
    starts(budget, clock, 1)
    assert clock.slept == [60]


def test_what_is_left_is_believed_also_after_the_clock_was_set_back() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1)
    clock.move(minutes=-5)
    starts(budget, clock, 1)
    clock.move(seconds=65)
    starts(budget, clock, 1, minute=58)
    starts(budget, clock, 58)
    assert clock.slept == []


def test_more_left_than_we_thought_changes_nothing() -> None:
    clock = Clock()
    started = starts(Counted(XERO, clock), clock, 61, minute=59)
    assert (started[-1] - started[0]).total_seconds() == 60


def test_a_clock_that_is_set_back_does_not_stop_everything() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 60)
    clock.move(hours=-3)
    starts(budget, clock, 1)
    assert sum(clock.slept) <= 60


def test_calls_and_bytes_are_counted() -> None:
    budget = Counted(QUICKBOOKS, Clock())
    for call in (a_call(sent=5, received=7), a_call(write=True, sent=11, received=13)):
        budget.leave(budget.enter(), call)
    assert budget.spent() == (2, 1, 16, 20)


def test_a_window_counts_from_the_end_of_a_call_since_nobody_knows_when_it_arrived() -> None:
    clock = Clock()
    budget = Counted(Limits(windows=(Window(calls=1, seconds=10),), concurrent=2), clock)
    number = budget.enter()
    clock.move(seconds=30)
    budget.leave(number, a_call())
    starts(budget, clock, 1)
    assert clock.slept == [10]


@given(moves=st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1), st.booleans()), max_size=60))
def test_wherever_between_its_start_and_its_end_a_call_arrives_no_window_is_overfull(
    moves: list[tuple[float, float, bool]],
) -> None:
    """Several calls are under way at once; each has arrived at some share of its time."""
    clock, window = Clock(), Window(calls=4, seconds=5)
    budget = Counted(Limits(windows=(window,), concurrent=3), clock)
    under_way: list[tuple[int, datetime, float]] = []
    arrived = []
    for pause, share, ends in [*moves, *[(0.0, 1.0, True)] * 3]:
        clock.move(seconds=pause)
        if under_way and (ends or len(under_way) == 3):
            number, began, part = under_way.pop(0)
            budget.leave(number, a_call())
            arrived.append(began + (clock.now() - began) * part)
        elif len(under_way) < 3:
            under_way.append((budget.enter(), clock.now(), share))
    assert fits(sorted(arrived), window)


def test_the_windows_of_an_app_are_shared_by_its_companies_and_not_by_those_of_another() -> None:
    clock, budgets = Clock(), Budgets()
    narrow = Limits(windows=(Window(calls=60, seconds=60),), concurrent=5, app_windows=(Window(calls=10, seconds=60),))

    def of(company: str, app: str) -> Counted:
        return Counted(narrow, clock, budgets, Asking(ledger_id=1, company=company, app=app))

    starts(of("harbour", "ours"), clock, 6)
    starts(of("lund", "ours"), clock, 4)
    starts(of("brindle", "theirs"), clock, 10)
    assert clock.slept == []
    starts(of("lund", "ours"), clock, 1)
    assert clock.slept == [60]


def test_what_another_program_leaves_of_the_apps_minute_is_believed() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, app=2)
    starts(budget, clock, 2)
    assert clock.slept == []
    starts(budget, clock, 1)
    assert clock.slept == [60]


def test_a_call_that_never_left_takes_no_place() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    for _ in range(200):
        budget.leave(budget.enter(), None)
    assert (clock.slept, budget.spent()) == ([], (0, 0, 0, 0))


def test_only_what_was_answered_well_is_metered() -> None:
    budget = Counted(QUICKBOOKS, Clock())
    for status in (200, 304, 400, 429, 500, None):
        budget.leave(budget.enter(), Call(write=False, sent=0, received=0, status=status))
    assert budget.spent()[:2] == (6, 2)


def test_no_window_is_longer_than_calls_are_remembered() -> None:
    windows = [one for limits in (QUICKBOOKS, XERO) for one in (*limits.windows, *limits.app_windows)]
    assert all(timedelta(seconds=one.seconds) < KEPT for one in windows)


def test_calls_that_no_window_needs_are_forgotten(tmp_path: Path) -> None:
    clock, budgets = Clock(), Budgets(tmp_path / "calls.sqlite")
    budget = Counted(XERO, clock, budgets)
    starts(budget, clock, 1000)
    budgets.close()
    with closing(sqlite3.connect(tmp_path / "calls.sqlite")) as looked:
        ((kept,),) = looked.execute("SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM ended GROUP BY scope_id)")
        assert kept < 300
