"""What a task asked for is asked for today as far as a message might: what changed since is taken off."""

from msgspec.structs import replace

from strategy import askable, situation
from strategy.account import Account
from strategy.agreements import Every
from strategy.askable import Askable
from strategy.decision import TaskAsked
from strategy.touches import CameOf
from tests.strategy.builders import (
    EUR,
    LUND,
    NO_HOLIDAYS,
    TODAY,
    a_ledger,
    a_receivable,
    an_account,
    an_open_case,
    days,
    decided,
    unapplied,
)
from tests.strategy.plan_builders import CALLS, a_plan, an_account_with, paid


def an_account_with_a_plan(minor: int) -> Account:
    """1,000.00 in three parts, one a week; of the first, due five days ago, so much was paid on its day."""
    return an_account_with(a_plan(every=Every.WEEK, first_on=TODAY - days(5)), paid(minor, ago=5))


def left(account: Account, task: TaskAsked) -> Askable:
    return askable.of_task(situation.situate(account, CALLS, NO_HOLIDAYS, TODAY), task)


def test_of_a_plan_that_is_kept_what_should_have_come_is_asked_for_and_no_more() -> None:
    (task,) = decided(an_account_with_a_plan(10_000), CALLS).tasks
    assert left(an_account_with_a_plan(10_000), task).amounts == {LUND: 23_333}
    since = left(an_account_with_a_plan(33_333), task)
    assert (since.amounts, {one.code for one in since.why}) == ({}, {"planned"})


def test_no_more_is_asked_for_than_the_task_asked_for_though_all_of_it_may_be() -> None:
    account = an_account_with_a_plan(10_000)
    (task,) = decided(account, CALLS).tasks
    cancelled = tuple(replace(one, ended_on=TODAY) for one in account.plans)
    assert left(replace(account, plans=cancelled), task).amounts == {LUND: 23_333}


def test_of_books_that_nobody_read_for_days_no_instalment_is_asked_for() -> None:
    account = an_account_with_a_plan(10_000)
    (task,) = decided(account, CALLS).tasks
    stale = left(replace(account, ledger=a_ledger(pulled_on=TODAY - days(9))), task)
    assert stale.amounts == {}
    assert "pull_stale" in {one.code for one in stale.why}


def test_what_a_credit_covers_of_an_instalment_is_not_asked_for() -> None:
    account = an_account_with_a_plan(10_000)
    (task,) = decided(account, CALLS).tasks
    assert left(replace(account, unapplied=(unapplied(20_000),)), task).amounts == {LUND: 3_333}


def test_of_what_is_coming_no_more_is_asked_for_than_credit_leaves() -> None:
    (task,) = decided(an_account_with_a_plan(10_000), CALLS).tasks
    coming = an_account(a_receivable(amount=100_000, days_late=-5), unapplied=(unapplied(90_000),))
    assert left(coming, replace(task, occasion="1")).amounts == {LUND: 10_000}


def test_of_what_is_paid_nothing_is_asked_for_and_nothing_is_in_the_way() -> None:
    (task,) = decided(an_account_with_a_plan(10_000), CALLS).tasks
    assert left(an_account(), task) == Askable(amounts={}, why=())


def test_who_is_called_again_is_asked_for_it_on_the_day_that_was_agreed_for_it() -> None:
    agreed = CameOf(
        task=1, act="call", occasion="1", case=1, currency=EUR, on=TODAY - days(3), outcome="no_answer", next_on=TODAY
    )
    account = an_account(a_receivable(), cases=(an_open_case(),), came=(agreed,))
    (task,) = decided(account).tasks
    assert left(account, task).amounts == {LUND: 120_000}
    earlier = replace(agreed, next_on=TODAY + days(1))
    assert left(replace(account, came=(earlier,)), task).amounts == {}
