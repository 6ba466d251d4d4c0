"""What is told of one invoice on a day, and of what comes next."""

from datetime import date

from strategy import forward
from strategy.account import Account
from strategy.agreements import Hold, HoldKind
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.telling import Told, View, tell
from sync.any_day import Standing
from tests.strategy.builders import NO_HOLIDAYS, TODAY, a_ledger, a_receivable, a_strategy, an_account, days
from tests.strategy.plan_builders import STRATEGY, a_plan, an_account_with


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
        "The books were last read on 2026-02-26: run dunwell sync.",
        (
            "The books must be matched through a day at most 5 business days back (last: 2026-01-31): match them, then "
            "say so with dunwell reconciled."
        ),
    )
    assert said.change[-1] == "Chasing goes on with: dunwell reconciled harbour 2026-03-02"


def test_nothing_is_held_until_a_day_before_which_something_asks_for_it() -> None:
    """Somebody holds it until next week; two weeks later the plan asks for its first instalment."""
    paused = Hold(id=1, kind=HoldKind.PAUSED, invoice_id=None, since=TODAY, until=TODAY + days(5), reason="ill")
    account = an_account_with(a_plan(first_on=TODAY + days(20)), holds=(paused,))
    said = told(account, STRATEGY)
    assert said.held[0] == "Held: 1,000.00 EUR."
    assert said.next[0].startswith(
        "Next, if nothing is paid, said or changed before: on 2026-03-08 1,000.00 EUR is held"
    )
