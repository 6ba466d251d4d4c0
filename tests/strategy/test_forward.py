"""Days to come: deciding rolled forward is what playing those days comes to, if nothing happens on them."""

from copy import deepcopy
from datetime import date
from random import Random

import pytest

from strategy import forward
from strategy.agreements import Promise
from strategy.decision import Decision
from strategy.explain import sentence
from strategy.model import Sent
from strategy.plan import plan_account
from tests.proving import FACTOR, counted
from tests.scenarios.books import Books
from tests.scenarios.reading import Story, every_day, names, story
from tests.scenarios.words.telling import happens
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
)

AHEAD = days(30)


def books_on(one: Story, day: date) -> Books:
    """The story's books on the morning of the day."""
    strategy, books, coming = one.strategy(), Books(one), list(one.happens)
    for today in every_day(one.first, day):
        while coming and coming[0].on <= today:
            happens(books, coming.pop(0))
        books.today = today
        if today < day and not books.is_off:
            books.remember(plan_account(books.account(today), strategy, books.calendar(), today))
    return books


def left_alone(books: Books) -> Books:
    """Books that are read and matched from now on, in which nothing happens and everything leaves."""
    books.matched_through = books.read_on = None
    books.is_off = books.dies = False
    books.rejects = []
    return books


def played(one: Story, books: Books, first: date) -> list[Decision]:
    """What is decided on the days from the first on, each fed back."""
    found: list[Decision] = []
    strategy = one.strategy()
    for day in every_day(first, first + AHEAD):
        found.append(plan_account(books.account(day), strategy, books.calendar(), day))
        books.remember(found[-1])
    return found


STARTS = {"dispute-valid": 15, "legal": 0, "payment-undone": 3}
"""So many days into these stories something is remembered that later days rest on: a dispute that is settled, a month's
statement, a case that was closed and is open again.
"""


@pytest.mark.parametrize("name", names() if FACTOR > 1 else sorted({*names()[::8], *STARTS}))
def test_days_to_come_are_decided_as_they_will_be_if_nothing_happens(name: str) -> None:
    one = story(name)
    first = one.first + days(STARTS.get(name, Random(name).randrange((one.last - one.first).days + 1)))
    books = left_alone(books_on(one, first))
    ahead = forward.roll(books.account(first), one.strategy(), books.calendar(), first)
    rolled = [decision for _, (_, decision) in zip(range(AHEAD.days + 1), ahead, strict=False)]
    assert rolled == played(one, deepcopy(books), first)
    counted("account-days rolled forward", len(rolled))


def test_what_happens_next_is_the_next_step() -> None:
    account = an_account(a_receivable(), touches=(a_touch("first", days_ago=1),), cases=(an_open_case(),))
    found = forward.next_change(account, a_strategy(), NO_HOLIDAYS, TODAY)
    assert found is not None
    assert (found.as_of, [one.step for one in found.touchpoints]) == (TODAY + days(7), ["second"])


def test_a_promise_that_ends_unkept_is_what_happens_next() -> None:
    promise = Promise(
        id=1,
        made_on=TODAY,
        promised_on=TODAY + days(3),
        currency=EUR,
        amounts=(("1042", 120_000),),  # type: ignore[arg-type]
    )
    account = an_account(a_receivable(), promises=(promise,))
    found = forward.next_change(account, a_strategy(), NO_HOLIDAYS, TODAY)
    assert found is not None
    assert found.as_of > TODAY + days(3)


def test_only_waiting_for_a_day_is_nothing_that_happens() -> None:
    """Not due becomes overdue, a weekend comes and goes: the first thing that happens is the first step."""
    account = an_account(a_receivable(due_on=date(2026, 3, 6)))
    strategy = a_strategy()
    found = forward.next_change(account, strategy, NO_HOLIDAYS, date(2026, 3, 4))
    assert found is not None
    assert (found.as_of, [one.step for one in found.touchpoints]) == (date(2026, 3, 9), ["first"])


def test_of_what_a_person_has_to_settle_nothing_comes_by_itself() -> None:
    account = an_account(a_receivable(sent=Sent.NO))
    assert forward.next_change(account, a_strategy(), NO_HOLIDAYS, TODAY) is None


def test_what_stands_on_a_day_to_come_has_heard_what_leaves_until_then() -> None:
    account = an_account(a_receivable(days_late=1))
    then = forward.stand(account, a_strategy(), NO_HOLIDAYS, TODAY, TODAY + days(8))
    assert [one.act for one in then.touches[1:]] == ["first", "second"]


def test_a_trigger_that_fires_ahead_has_fired_once_more() -> None:
    text = STANDARD + '[[trigger]]\nname = "large"\nwhen = "overdue > large"\nnotify = "owner"\n'
    account = an_account(a_receivable(amount=1_200_000), trigger_counts={"large": 1})
    then = forward.after(account, decided(account, a_strategy(text)))
    assert (dict(then.trigger_counts), set(then.triggers_true)) == ({"large": 2}, {"large"})
    assert ("large", "trigger-2", EUR) in then.done


def test_a_step_waits_for_the_day_from_which_they_may_be_contacted_and_names_the_gap() -> None:
    """The second step comes tomorrow by the schedule; somebody rang yesterday, and five days lie between two."""
    first, rang = a_touch("first", days_ago=5), a_touch("noted", days_ago=1, case=None, channel="call", noted=True)
    account = an_account(a_receivable(days_late=6), touches=(first, rang), cases=(an_open_case(days_ago=5),))
    (held,) = decided(account).held
    free = TODAY + days(4)
    assert held.until == free
    assert [sentence(why) for why in held.reasons] == [
        f'Waits for step "second" on {free}.',
        f"The last contact was on {TODAY - days(1)}, and 5 days lie between two.",
    ]
    said = next(one for _, one in forward.roll(account, a_strategy(), NO_HOLIDAYS, TODAY) if one.touchpoints)
    assert said.as_of == free
