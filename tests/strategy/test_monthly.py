"""Statements go out once a month, with a reminder where one is near, and never on top of another contact."""

from datetime import date
from itertools import islice

from msgspec.structs import replace

from strategy import forward
from strategy.account import LedgerFacts, Profile
from strategy.decision import TouchpointKind
from strategy.touches import Failures, Touch
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    USD,
    a_ledger,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
)

MONTHLY = STANDARD.replace("[amounts]", 'statement = { on = "month start + 2", when = "balance > small" }\n\n[amounts]')
STRATEGY = a_strategy(MONTHLY)
WEDNESDAY = date(2026, 3, 4)


def ledger(day: date) -> LedgerFacts:
    return a_ledger(today=day, pulled_on=day, reconciled_on=day)


def test_a_statement_alone_names_everything_open_and_asks_for_nothing() -> None:
    account = an_account(a_receivable(days_late=-20), ledger=ledger(WEDNESDAY))
    (statement,) = decided(account, STRATEGY, WEDNESDAY).touchpoints
    assert (statement.kind, statement.occasion, statement.amount_minor) == (TouchpointKind.STATEMENT, "2026-03", 0)
    assert [one.number for one in statement.coming] == ["1042"]


def test_before_its_day_there_is_none() -> None:
    assert not decided(an_account(a_receivable(days_late=-20)), STRATEGY).touchpoints


def test_a_reminder_takes_the_statement_along() -> None:
    account = an_account(a_receivable(days_late=10), ledger=ledger(WEDNESDAY))
    (reminder,) = decided(account, STRATEGY, WEDNESDAY).touchpoints
    assert (reminder.kind, reminder.statement, reminder.attach) == (TouchpointKind.REMINDER, "2026-03", ("statement",))


def test_a_reminder_within_the_gap_is_waited_for() -> None:
    account = an_account(
        a_receivable(days_late=3),
        touches=(a_touch("first", days_ago=-2 + 9),),
        cases=(an_open_case(),),
        ledger=ledger(WEDNESDAY),
    )
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints


def test_a_reminder_within_the_gap_is_waited_for_before_anything_is_overdue_too() -> None:
    """Due tomorrow, and first reminded of the day after: a statement today would hold that back."""
    account = an_account(
        a_receivable(due_on=WEDNESDAY + days(1)),
        touches=(a_touch("nudge", days_ago=20, case=None),),
        ledger=ledger(WEDNESDAY),
    )
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints


def test_a_nudge_within_the_gap_is_waited_for() -> None:
    account = an_account(a_receivable(due_on=WEDNESDAY + days(8)), ledger=ledger(WEDNESDAY))
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints


def test_it_is_sent_once_a_month_alone_or_with_a_reminder() -> None:
    alone = a_touch("statement", days_ago=-1, case=None, occasion="2026-03")
    along = a_touch("first", days_ago=-1, statement="2026-03")
    for touch in (alone, along):
        account = an_account(a_receivable(days_late=-20), touches=(touch,), ledger=ledger(WEDNESDAY + days(9)))
        assert not decided(account, STRATEGY, WEDNESDAY + days(9)).touchpoints


def test_a_small_balance_gets_none() -> None:
    account = an_account(a_receivable(days_late=-20, amount=2_500), ledger=ledger(WEDNESDAY))
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints


def test_books_that_are_not_matched_send_none() -> None:
    account = an_account(
        a_receivable(days_late=-20), ledger=a_ledger(today=WEDNESDAY, pulled_on=WEDNESDAY, reconciled_on=None)
    )
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints


def test_a_statement_that_failed_three_times_is_left_to_a_person() -> None:
    account = an_account(
        a_receivable(days_late=-20),
        ledger=ledger(WEDNESDAY),
        failures={("statement", "2026-03", a_receivable().currency): Failures(count=3)},
    )
    decision = decided(account, STRATEGY, WEDNESDAY)
    assert (decision.touchpoints, [task.kind for task in decision.tasks]) == ((), ["undeliverable"])


def test_the_gap_to_the_last_contact_holds_for_statements_too() -> None:
    account = an_account(
        a_receivable(days_late=-20), touches=(a_touch("x", days_ago=0, case=None),), ledger=ledger(WEDNESDAY)
    )
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints


def test_no_statement_lists_what_a_person_has_to_look_at_first() -> None:
    first_looked_at = a_strategy(f"{MONTHLY}\n[start]\nreview = 365\n")
    account = an_account(a_receivable(days_late=900), touches=(), ledger=ledger(WEDNESDAY))
    decision = decided(account, first_looked_at, WEDNESDAY)
    assert (decision.touchpoints, [task.kind for task in decision.tasks]) == ((), ["review"])
    asked_before = replace(account, done=frozenset({("review", "1", EUR)}))
    assert not decided(asked_before, first_looked_at, WEDNESDAY).touchpoints


def test_no_statement_is_a_first_word_before_its_day_of_the_ramp() -> None:
    ramped = a_strategy(f"{MONTHLY}\n[start]\nramp = 1\n")
    account = an_account(
        a_receivable(days_late=60), touches=(), first_word_on=WEDNESDAY + days(20), ledger=ledger(WEDNESDAY)
    )
    assert not decided(account, ramped, WEDNESDAY).touchpoints


def test_a_statement_in_another_currency_does_not_wait_for_who_looks_first() -> None:
    """Reminders in that currency do not, either."""
    first_looked_at = a_strategy(f"{MONTHLY}\n[start]\nreview = 365\n")
    old, coming = a_receivable(days_late=900), a_receivable("2000", days_late=-60, currency=USD)
    account = an_account(old, coming, touches=(), ledger=ledger(WEDNESDAY))
    assert [one.currency for one in decided(account, first_looked_at, WEDNESDAY).touchpoints] == [USD]


def test_a_reminder_in_another_currency_is_not_held_back_by_a_statement() -> None:
    """It goes on the day of the reminder, as one contact."""
    coming, overdue = a_receivable(days_late=-60), a_receivable("2000", due_on=WEDNESDAY, currency=USD)
    nudged = a_touch("nudge", days_ago=20, case=None, invoices=("2000",), currency=USD)
    account = an_account(coming, overdue, touches=(nudged,), ledger=ledger(WEDNESDAY))
    assert not decided(account, STRATEGY, WEDNESDAY).touchpoints
    thursday = WEDNESDAY + days(1)
    said = decided(replace(account, ledger=ledger(thursday)), STRATEGY, thursday).touchpoints
    assert [(one.currency, one.step) for one in said] == [(USD, "first"), (EUR, "statement")]


def test_a_statement_goes_on_the_day_of_a_nudge_in_another_currency() -> None:
    coming, due = a_receivable(days_late=-60), a_receivable("2000", due_on=WEDNESDAY, currency=USD)
    said = decided(an_account(coming, due, ledger=ledger(WEDNESDAY)), STRATEGY, WEDNESDAY).touchpoints
    assert [(one.currency, one.step) for one in said] == [(USD, "nudge"), (EUR, "statement")]


def test_a_statement_goes_on_the_day_of_a_call_in_another_currency_decided_once_or_twice() -> None:
    coming, overdue = a_receivable(days_late=-60), a_receivable("2000", due_on=WEDNESDAY - days(21), currency=USD)
    first = a_touch("third", days_ago=5, invoices=("2000",), currency=USD)
    case = an_open_case(currency=USD)
    account = an_account(coming, overdue, touches=(first,), cases=(case,), ledger=ledger(WEDNESDAY))
    decision = decided(account, STRATEGY, WEDNESDAY)
    assert [one.kind for one in decision.tasks] == ["call"]
    assert [one.currency for one in decision.touchpoints] == [EUR]
    assert not decided(forward.after(account, decision), STRATEGY, WEDNESDAY).touchpoints


def test_a_statement_is_not_sent_because_somebody_called_about_another_currency() -> None:
    coming, due = a_receivable(days_late=-60), a_receivable("2000", due_on=WEDNESDAY, currency=USD)
    called = a_touch("again", days_ago=-2, case=None, currency=USD, channel="task")
    nudged = a_touch("nudge", days_ago=20, case=None, invoices=("2000",), currency=USD)
    before = an_account(coming, due, touches=(nudged,), ledger=ledger(WEDNESDAY))
    assert not decided(before, STRATEGY, WEDNESDAY).touchpoints
    assert not decided(replace(before, touches=(nudged, called)), STRATEGY, WEDNESDAY).touchpoints


def test_a_statement_still_goes_once_the_reminder_in_another_currency_has_left() -> None:
    """A person may let the two go one after the other."""
    coming, overdue = a_receivable(days_late=-60), a_receivable("2000", due_on=WEDNESDAY - days(3), currency=USD)
    said = a_touch("first", days_ago=-2, invoices=("2000",), currency=USD)
    account = an_account(
        coming, overdue, touches=(said,), cases=(an_open_case(currency=USD),), ledger=ledger(WEDNESDAY)
    )
    weekly = a_strategy(MONTHLY.replace("gap   = 5", "gap   = 7"))
    assert [one.currency for one in decided(account, weekly, WEDNESDAY).touchpoints] == [EUR]


MONTH_END = a_strategy(MONTHLY.replace("month start + 2", "month end - 0"))


def of_month(day: date, *touches: Touch, issued_on: date = TODAY) -> list[str]:
    """The months whose statements leave on a day."""
    account = an_account(
        a_receivable(due_on=date(2026, 12, 31), issued_on=issued_on), touches=touches, ledger=ledger(day)
    )
    return [said.occasion for said in decided(account, MONTH_END, day).touchpoints]


def test_a_statement_whose_day_moves_on_into_the_next_month_is_of_its_own() -> None:
    assert date(2026, 5, 31).weekday() == 6
    assert of_month(date(2026, 6, 1)) == ["2026-05"]
    sent = a_touch("statement", days_ago=-91, case=None, occasion="2026-05")
    assert of_month(date(2026, 6, 8), sent) == []
    assert of_month(date(2026, 6, 30), sent) == ["2026-06"]


def test_a_statement_of_last_month_still_goes_for_some_days() -> None:
    assert [of_month(date(2026, 6, day)) for day in (11, 12)] == [["2026-05"], []]


def test_what_came_after_the_day_of_last_months_statement_waits_for_this_months() -> None:
    assert [of_month(date(2026, 6, 3), issued_on=date(2026, 6, day)) for day in (1, 2)] == [["2026-05"], []]


def test_a_late_statement_is_of_a_currency_in_which_there_was_something_to_list_on_its_day() -> None:
    """What was open in another on that day makes none."""
    coming = a_receivable(due_on=date(2026, 12, 31), issued_on=TODAY, currency=USD)
    since = a_receivable("2000", due_on=date(2026, 12, 31), issued_on=date(2026, 6, 2))
    said = decided(an_account(coming, since, ledger=ledger(date(2026, 6, 3))), MONTH_END, date(2026, 6, 3)).touchpoints
    assert [(one.occasion, one.currency) for one in said] == [("2026-05", USD)]


def test_who_is_contacted_before_a_payment_run_gets_each_months_statement_before_the_next() -> None:
    text = a_strategy(MONTHLY.replace("month start + 2", "month start + 19").replace("gap   = 5", "gap = 5\nrun = 3"))
    account = an_account(
        a_receivable(due_on=date(2027, 3, 1), issued_on=date(2026, 1, 5)), touches=(), profile=Profile(run="15")
    )
    told: dict[str, date] = {}
    for day, decision in ((one.as_of, one) for _, one in islice(forward.roll(account, text, NO_HOLIDAYS, TODAY), 120)):
        told |= {said.occasion: day for said in decision.touchpoints}
    assert list(told) == ["2026-02", "2026-03", "2026-04", "2026-05"]
    assert [day.month for day in told.values()] == [3, 4, 5, 6]
