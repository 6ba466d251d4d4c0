"""Calls within a budget, on a clock that only moves when it is slept on and when a call takes its time."""

from collections import deque
from datetime import datetime, timedelta

from connectors.base import Call
from connectors.limits import Window
from tests.connectors.roads import Clock, Counted


def a_call(*, write: bool = False, sent: int = 0, received: int = 0) -> Call:
    return Call(write=write, sent=sent, received=received, status=200)


def starts(budget: Counted, clock: Clock, calls: int, **remaining: int) -> list[datetime]:
    """When each of so many calls, one after another, could start."""
    found = []
    for _ in range(calls):
        number = budget.enter()
        found.append(clock.now())
        budget.leave(number, Call(write=False, sent=0, received=0, status=200, remaining=remaining))
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


def failed(*, pause_s: float, status: int = 429) -> Call:
    return Call(write=False, sent=0, received=0, status=status, pause_s=pause_s, why="Xero's limit is used up")
