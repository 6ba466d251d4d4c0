"""The budget of a ledger, on a clock that only moves when it is slept on."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Call
from connectors.errors import RetryLater
from connectors.limits import QUICKBOOKS, XERO, Limiter, Limits, Window
from tests.connectors.roads import Clock


def a_call(*, write: bool = False, sent: int = 0, received: int = 0) -> Call:
    return Call(write=write, sent=sent, received=received, status=200)


def starts(limiter: Limiter, clock: Clock, calls: int, **remaining: int) -> list[datetime]:
    """When each of so many calls, one after another, could start."""
    found = []
    for _ in range(calls):
        limiter.enter()
        found.append(clock.now())
        limiter.leave(Call(write=False, sent=0, received=0, status=200, remaining=remaining))
    return found


def fits(started: list[datetime], window: Window) -> bool:
    """Whether no span of the window's length holds more starts than it may."""
    within: deque[datetime] = deque()
    for at in started:
        within.append(at)
        while at - within[0] >= timedelta(seconds=window.seconds):
            within.popleft()
        if len(within) > window.calls:
            return False
    return True


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
    started = starts(Limiter(limits, clock), clock, calls)
    assert [(at - started[0]).total_seconds() for at in started] == earliest(limits, calls)


def test_quickbooks_lets_ten_calls_start_in_a_second_and_the_eleventh_in_the_next() -> None:
    clock = Clock()
    started = starts(Limiter(QUICKBOOKS, clock), clock, 11)
    assert [(at - started[0]).total_seconds() for at in started[9:]] == [0, 1]


def test_xero_lets_sixty_calls_start_in_a_minute_and_the_next_in_the_next() -> None:
    clock = Clock()
    started = starts(Limiter(XERO, clock), clock, 61)
    assert [(at - started[0]).total_seconds() for at in started[59:]] == [0, 60]


@given(pauses=st.lists(st.floats(min_value=0, max_value=20), max_size=150))
def test_however_calls_are_spread_no_window_is_ever_overfull(pauses: list[float]) -> None:
    clock, window = Clock(), Window(calls=7, seconds=11)
    limiter = Limiter(Limits(windows=(window,), concurrent=1), clock)
    started = []
    for pause in pauses:
        clock.move(seconds=pause)
        started += starts(limiter, clock, 1)
    assert fits(started, window)


def test_a_window_rolls_and_frees_one_place_at_a_time() -> None:
    clock = Clock()
    limiter = Limiter(Limits(windows=(Window(calls=2, seconds=10),), concurrent=1), clock)
    starts(limiter, clock, 1)
    clock.move(seconds=6)
    starts(limiter, clock, 2)
    assert clock.slept == [4]


def test_threads_share_one_budget() -> None:
    clock = Clock()
    limiter = Limiter(QUICKBOOKS, clock)
    with ThreadPoolExecutor(8) as threads:
        started = sorted(at for each in threads.map(lambda _: starts(limiter, clock, 30), range(8)) for at in each)
    assert len(started) == 240
    assert all(fits(started, window) for window in QUICKBOOKS.windows)


def test_five_calls_of_xeros_are_under_way_at_once_and_no_sixth() -> None:
    limiter, inside, most = Limiter(XERO, Clock()), 0, 0
    lock, full = threading.Lock(), threading.Barrier(5)

    def call(number: int) -> None:
        nonlocal inside, most
        limiter.enter()
        with lock:
            inside += 1
            most = max(most, inside)
        full.wait(timeout=5)
        with lock:
            inside -= 1
        limiter.leave(a_call())

    with ThreadPoolExecutor(15) as threads:
        list(threads.map(call, range(15)))
    assert most == 5


def test_a_minute_that_others_used_up_is_believed() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 1, minute=0)
    starts(limiter, clock, 1)
    assert clock.slept == [60]


def test_less_left_than_we_thought_is_believed_too() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 1, minute=10)
    starts(limiter, clock, 10)
    assert clock.slept == []
    starts(limiter, clock, 1)
    assert clock.slept == [60]


def test_more_left_than_we_thought_changes_nothing() -> None:
    clock = Clock()
    started = starts(Limiter(XERO, clock), clock, 61, minute=59)
    assert (started[-1] - started[0]).total_seconds() == 60


def test_the_last_fifty_calls_of_a_day_are_left_to_people() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 1, day=51)
    starts(limiter, clock, 1, day=50)
    with pytest.raises(RetryLater) as caught:
        limiter.enter()
    assert (caught.value.daily, caught.value.after_s, clock.slept) == (True, 3600, [])


def test_a_day_that_is_used_up_stays_so_however_often_somebody_asks() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 1, day=3)
    for _ in range(5):
        with pytest.raises(RetryLater):
            limiter.enter()


def test_after_an_hour_one_call_finds_out_whether_a_new_day_has_begun() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 1, day=3)
    clock.move(hours=1)
    starts(limiter, clock, 1, day=3)
    with pytest.raises(RetryLater):
        limiter.enter()
    clock.move(hours=1)
    starts(limiter, clock, 1, day=4990)
    assert len(starts(limiter, clock, 40)) == 40


def test_a_refused_entry_gives_its_slot_back() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 1, day=3)
    for _ in range(XERO.concurrent + 1):
        with pytest.raises(RetryLater):
            limiter.enter()
    clock.move(hours=1)
    assert starts(limiter, clock, 1)


def test_a_clock_that_is_set_back_does_not_stop_everything() -> None:
    clock = Clock()
    limiter = Limiter(XERO, clock)
    starts(limiter, clock, 60)
    clock.move(hours=-3)
    starts(limiter, clock, 1)
    assert sum(clock.slept) <= 60


def test_calls_and_bytes_are_counted_until_they_are_taken() -> None:
    limiter = Limiter(QUICKBOOKS, Clock())
    for call in (a_call(sent=5, received=7), a_call(write=True, sent=11, received=13)):
        limiter.enter()
        limiter.leave(call)
    spent = limiter.take_spent()
    assert (spent.calls, spent.reads, spent.sent, spent.received) == (2, 1, 16, 20)
    assert limiter.take_spent().calls == 0
