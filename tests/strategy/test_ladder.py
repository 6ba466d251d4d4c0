"""Where steps stand on the ladder: what comes late, counts from another or comes after one lets nothing else pass."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

import pytest

from strategy import forward
from strategy.account import Account
from strategy.business_days import Calendar
from strategy.decision import Decision
from tests.strategy.builders import TODAY, a_receivable, a_strategy, an_account

Said = list[tuple[str, int]]
"""Steps, and how many days after the due date each came."""


def course(steps: str, *, late: int, new: bool = False, contact: str = 'days = "mon-sun"\ngap = 1\nmost = ""') -> Said:
    """What is said or asked of one invoice within half a year, from so many days after its due date on."""
    text = f'[contact]\n{contact}\n[schedule.s]\n{steps}\n[[segment]]\nname = "all"\nschedule = "s"\n'
    receivable = a_receivable(days_late=late)
    account = an_account(receivable, touches=()) if new else an_account(receivable)
    rolled = islice(forward.roll(account, a_strategy(text), Calendar(), TODAY), 180)
    return [(act, (day - receivable.due_on).days) for day, act in _acts(rolled)]


def _acts(rolled: Iterable[tuple[Account, Decision]]) -> Iterator[tuple[date, str]]:
    for _, decision in rolled:
        yield from ((decision.as_of, one.act) for one in decision.touchpoints)
        yield from ((decision.as_of, one.act) for one in decision.tasks)


LATE = """first  = { at = "due + 1", say = "a" }
second = { at = "due + 10", say = "b" }
third  = { at = "second + 10", say = "c" }
last   = { at = "due + 35", say = "d", approve = true }
away   = { at = "last + 15", place = "northgate", after = "last", approve = true }"""


def test_what_is_planned_behind_a_step_that_came_late_still_comes() -> None:
    early = [("first", 1), ("second", 10), ("third", 20), ("last", 35), ("away", 50)]
    assert course(LATE, late=1, new=True) == early
    assert course(LATE, late=40, new=True) == [(step, day + 39) for step, day in early]


def test_a_step_that_is_said_again_is_not_lost_behind_one_that_counts_from_it() -> None:
    steps = 's0 = { at = "due + 1 every 11 times 2", say = "a" }\ns1 = { at = "s0 + 5", say = "b" }'
    assert course(steps, late=30, new=True) == [("s0", 30), ("s1", 35), ("s0", 41)]


def test_days_counted_from_a_step_are_not_delayed_by_what_was_said_between() -> None:
    steps = """final  = { at = "due + 20", say = "a", approve = true }
call   = { at = "due + 26", call = "b" }
agency = { at = "final + 14", place = "northgate", after = "final", approve = true }"""
    soft = f'soft = {{ at = "due + 1", say = "s" }}\n{steps}'
    told = course(soft, late=31, new=True, contact='days = "mon-sun"\ngap = 7\nmost = ""')
    assert told == [("soft", 31), ("final", 50), ("call", 57), ("agency", 64)]


def test_what_counts_from_a_step_and_is_said_again_follows_its_own_first_time() -> None:
    steps = 's0 = { at = "due + 1", say = "a" }\ns1 = { at = "s0 + 7 every 7 times 3", say = "b" }'
    sparse = 'days = "mon-sun"\ngap = 6\nmost = ""'
    assert course(steps, late=1, new=True) == [("s0", 1), ("s1", 8), ("s1", 15), ("s1", 22)]
    steps += '\nx = { at = "due + 7", say = "c" }'
    assert course(steps, late=1, new=True, contact=sparse)[:4] == [("s0", 1), ("x", 7), ("s1", 13), ("s1", 20)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_step_stands_behind_the_one_that_it_comes_after(order: tuple[int, ...]) -> None:
    same = [
        'first = { at = "due + 1", say = "a" }',
        'last  = { at = "due + 20", say = "b" }',
        'more  = { at = "due + 20", say = "c", after = "last" }',
    ]
    ladder = "\n".join(same[n] for n in order)
    assert course(ladder, late=1) == [("first", 1), ("last", 20), ("more", 21)]


def test_what_comes_after_a_later_step_comes_once_that_was_said() -> None:
    """Which of the two is planned first depends on the invoice: 20 business days, or 27 days."""
    steps = """first = { at = "due + 1", say = "a" }
extra = { at = "due + 20 business days", say = "b", after = "last" }
last  = { at = "due + 35", say = "c" }"""
    assert course(steps, late=1) == [("first", 1), ("last", 35), ("extra", 36)]


@pytest.mark.parametrize(
    ("at", "due_on", "days"),
    [
        ("month start + 2", date(2026, 3, 20), 14),
        ("month start + 2", date(2026, 3, 2), 1),
        ("month start + 2", date(2026, 2, 28), 3),
        ("month end - 1", date(2026, 3, 6), 24),
        ("month end - 20", date(2026, 3, 20), 21),
        ("month end + 5", date(2026, 3, 20), 16),
        ("month start - 3", date(2026, 3, 20), 9),
        ("month start - 3 business days", date(2026, 3, 31), 28),
    ],
)
def test_a_day_of_the_month_is_the_first_one_after_the_due_date(at: str, due_on: date, days: int) -> None:
    late = (TODAY - due_on).days
    assert course(f'only = {{ at = "{at}", say = "a" }}', late=late) == [("only", days)]
