"""What is told of one invoice on a day, and of what comes next."""

from datetime import date
from typing import Final

import pytest
from msgspec.structs import replace

from strategy import forward
from strategy.account import Account
from strategy.agreements import Hold, HoldKind
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.telling import Told, View, next_on, tell
from sync.any_day import Standing
from tests.strategy.builders import (
    LUND,
    NO_HOLIDAYS,
    TODAY,
    a_ledger,
    a_receivable,
    a_strategy,
    an_account,
    days,
    decided,
)
from tests.strategy.plan_builders import STRATEGY, a_plan, an_account_with

PAUSED: Final = Hold(id=1, kind=HoldKind.PAUSED, invoice_id=None, since=TODAY, until=TODAY + days(5), reason="ill")


def told(account: Account, strategy: Strategy | None = None, on: date = TODAY) -> Told:
    """What is told today of the first invoice."""
    strategy = strategy or a_strategy()
    there = forward.stand(account, strategy, NO_HOLIDAYS, TODAY, on)
    found = Standing(there, plan_account(there, strategy, NO_HOLIDAYS, on), strategy, NO_HOLIDAYS)
    row = there.receivables[0]
    following = tuple(found.ahead(row.invoice_id))
    asked_on = found.asked_on(row.invoice_id)
    return tell(View(account=there, decision=found.decision, today=TODAY, following=following, asked_on=asked_on), row)


def test_of_a_day_to_come_is_told_what_was_really_read_and_matched_and_what_to_type_today() -> None:
    late = a_ledger(pulled_on=TODAY - days(4), reconciled_on=TODAY - days(30))
    said = told(an_account(a_receivable(), ledger=late), on=TODAY + days(9))
    assert said.held[1:] == (
        "The books must be at most a day old (last read: 2026-02-26): run dunwell sync.",
        (
            "The books must be matched through a day at most 5 business days back (last: 2026-01-31): match them, then "
            "say so with dunwell reconciled."
        ),
    )
    assert said.change[-1] == "Chasing goes on with: dunwell reconciled harbour 2026-03-02"


def test_books_that_were_never_read_say_so() -> None:
    said = told(an_account(a_receivable(), ledger=a_ledger(pulled_on=None)))
    assert said.held[1] == "The books must be at most a day old (last read: never): run dunwell sync."


def test_nothing_is_held_until_a_day_before_which_something_asks_for_it() -> None:
    """Somebody holds it until next week; two weeks later the plan asks for its first instalment."""
    account = an_account_with(a_plan(first_on=TODAY + days(20)), holds=(PAUSED,))
    said = told(account, STRATEGY)
    assert said.held[0] == "Held: 1,000.00 EUR."
    assert said.next[0].startswith(
        "Next, if nothing is paid, said or changed before: on 2026-03-08 1,000.00 EUR is held"
    )


@pytest.mark.parametrize(
    ("late", "held", "on"),
    [(-400, (), 401), (10, (replace(PAUSED, until=TODAY + days(500)),), 501)],
)
def test_what_ends_more_than_a_year_ahead_is_looked_at_again_on_that_day(
    late: int, held: tuple[Hold, ...], on: int
) -> None:
    account = an_account(a_receivable(days_late=late), holds=held)
    day = TODAY + days(on)
    assert told(account).next == (f"Nothing happens by itself within 366 days; it is looked at again on {day}.",)
    assert next_on(decided(account), (), LUND) == day


def test_what_has_no_end_is_settled_by_somebody() -> None:
    account = an_account(a_receivable(), holds=(replace(PAUSED, until=None),))
    assert told(account).next == ("Nothing more happens by itself: what holds it has to be settled first.",)
    assert next_on(decided(account), (), LUND) is None
