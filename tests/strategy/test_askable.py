"""What a task asked for is asked for today as far as a message might: what changed since is taken off."""

from typing import Any

from msgspec.structs import replace

from strategy import askable, situation
from strategy.account import Account
from strategy.agreements import Every, Plan
from strategy.askable import Askable
from strategy.decision import TaskAsked
from strategy.model import InvoiceId
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    a_ledger,
    a_receivable,
    a_settlement,
    a_strategy,
    an_account,
    an_open_case,
    days,
    decided,
    unapplied,
)

LUND = InvoiceId("1042")
CALLS = a_strategy(
    STANDARD
    + """
[plan]
schedule = "instalments"

[schedule.instalments]
late = { at = "due + 2", say = "instalment-late", by = ["call"] }
"""
)


def an_account_with_a_plan(paid: int, *, first_ago: int = 5, **changes: Any) -> Account:
    """1,000.00 in three parts, one a week."""
    plan = Plan(
        id=1,
        currency=EUR,
        amounts=((LUND, 100_000),),
        made_on=TODAY - days(30),
        accepted_on=TODAY - days(30),
        every=Every.WEEK,
        instalments=3,
        first_on=TODAY - days(first_ago),
    )
    receivable = a_receivable(amount=100_000, open_minor=100_000 - paid, days_late=60)
    settled = (a_settlement(days_late=0, days_ago=first_ago, amount=paid, invoice_id=LUND),)
    given: dict[str, Any] = {"plans": (plan,), "settlements": settled, "cases": (an_open_case(),)}
    return an_account(receivable, **given | changes)


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
