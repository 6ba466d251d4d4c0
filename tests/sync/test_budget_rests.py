"""When nothing may be asked for a while: a throttle, a day that is used up, the firm's own limit for a day."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import RetryLater
from connectors.limits import XERO
from sync.budget import DAY_USED, Asking
from sync.store.budgets import Budgets
from tests.connectors.roads import Clock, Counted
from tests.sync.pacing import a_call, failed, starts


def test_the_last_fifty_calls_of_a_day_are_left_to_people() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, day=51)
    starts(budget, clock, 1, day=50)
    with pytest.raises(RetryLater) as caught:
        budget.enter()
    assert (caught.value.daily, caught.value.after_s, clock.slept) == (True, 3600, [])


def test_a_day_that_is_used_up_stays_so_however_often_somebody_asks() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, day=3)
    for _ in range(5):
        with pytest.raises(RetryLater):
            budget.enter()


def test_after_an_hour_one_call_finds_out_whether_a_new_day_has_begun() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, day=3)
    clock.move(hours=1)
    starts(budget, clock, 1, day=3)
    with pytest.raises(RetryLater):
        budget.enter()
    clock.move(hours=1)
    starts(budget, clock, 1, day=4990)
    assert len(starts(budget, clock, 40)) == 40


def test_a_refused_entry_gives_its_slot_back() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    starts(budget, clock, 1, day=3)
    for _ in range(XERO.concurrent + 1):
        with pytest.raises(RetryLater):
            budget.enter()
    clock.move(hours=1)
    assert starts(budget, clock, 1)


def test_a_throttle_that_one_met_is_waited_for_by_all() -> None:
    clock, budgets = Clock(), Budgets()
    first, second = (Counted(XERO, clock, budgets) for _ in range(2))
    first.leave(first.enter(), failed(pause_s=7))
    starts(second, clock, 1)
    assert clock.slept == [7]


def test_a_day_that_one_met_is_over_for_all_until_the_instant_that_the_platform_named() -> None:
    clock, budgets = Clock(), Budgets()
    first, second = (Counted(XERO, clock, budgets) for _ in range(2))
    first.leave(first.enter(), failed(pause_s=7 * 3600))
    clock.move(hours=6)
    with pytest.raises(RetryLater, match="Xero's limit is used up") as caught:
        second.enter()
    assert (caught.value.daily, caught.value.after_s, clock.slept) == (True, 3600, [])
    clock.move(hours=1)
    assert starts(second, clock, 1)


def test_a_short_pause_does_not_shorten_a_long_one() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    both = budget.enter(), budget.enter()
    budget.leave(both[0], failed(pause_s=7200))
    budget.leave(both[1], failed(pause_s=1))
    with pytest.raises(RetryLater) as caught:
        budget.enter()
    assert caught.value.after_s == 7200


def test_however_long_a_platform_wants_to_be_left_alone_it_is_asked_again_after_a_day() -> None:
    clock = Clock()
    budget = Counted(XERO, clock)
    budget.leave(budget.enter(), failed(pause_s=999_999_999))
    clock.move(days=1)
    assert starts(budget, clock, 1)


def test_a_rest_from_a_clock_that_was_ahead_is_no_rest() -> None:
    clock, budgets = Clock(), Budgets()
    ahead = Clock(clock.now() + timedelta(days=300))
    early = Counted(XERO, ahead, budgets)
    early.leave(early.enter(), failed(pause_s=3600))
    assert starts(Counted(XERO, clock, budgets), clock, 1)


def test_a_rest_is_kept_on_the_disk(tmp_path: Path) -> None:
    clock = Clock()
    for first in (True, False):
        with closing(Budgets(tmp_path / "calls.sqlite")) as budgets:
            budget = Counted(XERO, clock, budgets)
            if first:
                budget.leave(budget.enter(), failed(pause_s=7200))
            else:
                with pytest.raises(RetryLater):
                    budget.enter()


def capped(calls: int, clock: Clock, budgets: Budgets | None = None, zone: str = "America/New_York") -> Counted:
    asking = Asking(ledger_id=1, company="harbour", app="ours", time_zone=zone, calls_per_day=calls)
    return Counted(XERO, clock, budgets, asking)


def test_the_firms_own_limit_for_a_day_is_kept_by_all_together() -> None:
    clock, budgets = Clock(), Budgets()
    starts(capped(7, clock, budgets), clock, 4)
    second = capped(7, clock, budgets)
    under_way = [second.enter() for _ in range(3)]
    with pytest.raises(RetryLater):
        capped(7, clock, budgets).enter()
    for number in under_way:
        second.leave(number, a_call())
    with pytest.raises(RetryLater, match=r"All calls are made that \[limits\] allows for a day \(7\)") as caught:
        second.enter()
    assert caught.value.daily


def test_the_firms_own_limit_ends_at_the_ledgers_midnight() -> None:
    clock = Clock()  # noon in New York
    budget = capped(1, clock)
    starts(budget, clock, 1)
    with pytest.raises(RetryLater) as caught:
        budget.enter()
    assert caught.value.after_s == 12 * 3600
    clock.move(hours=12)
    assert starts(budget, clock, 1)


def test_what_is_told_of_a_day_is_kept_with_what_it_began_with() -> None:
    clock, budgets = Clock(), Budgets()
    budget = Counted(XERO, clock, budgets)
    for left in (4000, 3000, 2000):
        starts(budget, clock, 1, day=left)
    told, rest = budgets.told("company 1", clock.now())
    assert told is not None
    assert (told.left, told.most, told.told_at, rest) == (2000, 4000, clock.now(), None)
    starts(budget, clock, 1, day=4999)
    starts(budget, clock, 1, day=12)
    told, rest = budgets.told("company 1", clock.now())
    assert told is not None
    assert rest is not None
    assert (told.left, told.most, rest.until, rest.why) == (12, 4999, clock.now() + timedelta(hours=1), DAY_USED)
