"""Why not: the first law that stopped what was expected, whatever was expected."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from strategy import forward, shipped
from strategy.account import Account
from strategy.agreements import Hold, HoldKind, Promise
from strategy.explain import sentence
from strategy.model import InvoiceId, Sent
from strategy.plan import plan_account
from strategy.text.parse import parse
from strategy.touches import Skipped
from strategy.why_not import CONTACT, Answer, steps, why_not
from tests.proving import counted, times
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    USD,
    a_customer,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
    unapplied,
)
from tests.strategy.life_books import CALENDAR
from tests.strategy.lives import Life

PATIENT = f"""
{STANDARD.partition("[[segment]]")[0]}
[schedule.patient]
like  = "standard"
first = ""

[[segment]]
name     = "good"
when     = "paid_invoices > 5"
schedule = "patient"

[[segment]]
name     = "everyone"
schedule = "standard"
"""
ONLY_LARGE = STANDARD.replace('say = "firm"', 'say = "firm", when = "overdue > large"')
AFTER = STANDARD.replace('say = "firm"', 'say = "firm", after = "second"')
COUNTS = STANDARD.replace('third  = { at = "due + 14"', 'third  = { at = "second + 3"')
RECEIPT = STANDARD.replace("call   =", 'receipt = { at = "invoiced + 3", say = "receipt" }\ncall   =')
DESK = STANDARD.replace("call   =", 'desk   = { at = "due + 2", notify = "owner" }\ncall   =')
DESK_AFTER = DESK.replace('"owner" }', '"owner", after = "third" }', 1)
DESK_WHEN = DESK.replace('"owner" }', '"owner", when = "overdue > large" }', 1)
NUDGE_WHEN = STANDARD.replace('say = "nudge"', 'say = "nudge", when = "balance > large"')
PLACED = STANDARD.replace(
    'say = "final", approve = true }',
    'say = "final", approve = true, deadline = 14 }\nagency = { at = "due + 50", place = "x", after = "final" }',
)
FIRST_SAID = (a_touch("first", days_ago=8),)
LONG_AGO = (a_touch("first", days_ago=20),)
TWO_SAID = (a_touch("first", days_ago=18), a_touch("second", days_ago=12))
SOON = (TODAY + days(2)).isoformat()
NUDGE_REJECTED = Skipped(act="nudge", occasion=SOON, case=None, currency=EUR, on=TODAY - days(1))
TWO_NUDGES = STANDARD.replace("first  =", 'again  = { at = "due - 2", say = "nudge" }\nfirst  =')
RUNG = (*FIRST_SAID, a_touch("noted", days_ago=2, case=None, noted=True))


def asked(account: Account, expected: str, text: str = STANDARD, on: date = TODAY) -> Answer:
    strategy = a_strategy(text)
    decision = decided(account, strategy, on)
    return why_not(account, strategy, NO_HOLIDAYS, decision, account.receivables[-1], expected)


def late(days_late: int = 10, **changes: Any) -> Account:
    """In the tenth day of a case, of which the first letter was said two days after it began."""
    given = {"touches": FIRST_SAID, "cases": (an_open_case(days_ago=days_late - 1),), **changes}
    return an_account(a_receivable(days_late=days_late), **given)


HELD = Hold(id=4, kind=HoldKind.LEGAL, invoice_id=None, since=TODAY - days(2), until=None, reason="at court")
PART = replace(HELD, invoice_id=InvoiceId("1042"), amount_minor=20_000)
REJECTED = Skipped(act="second", occasion="1", case=1, currency=EUR, on=TODAY - days(1))


@pytest.mark.parametrize(
    ("account", "expected", "text", "law"),
    [
        (late(holds=(HELD,)), "second", STANDARD, "legal"),
        (an_account(a_receivable(days_late=-2), holds=(HELD,)), "nudge", STANDARD, "legal"),
        (an_account(a_receivable(days_late=-2), holds=(HELD,)), "contact", STANDARD, "legal"),
        (an_account(a_receivable(sent=Sent.NO)), "first", STANDARD, "never_sent"),
        (an_account(a_receivable(unreadable=True)), "first", STANDARD, "unreadable"),
        (late(unapplied=(unapplied(120_000),)), "second", STANDARD, "credit_covers"),
        (an_account(a_receivable(amount=2_000)), "first", STANDARD, "below_minimum"),
        (late(), "first", PATIENT, "no_such_step"),
        (late(), "first", STANDARD, "said_before"),
        (late(skipped=(REJECTED,)), "second", STANDARD, "skipped_before"),
        (late(touches=(a_touch("second", days_ago=3),)), "first", STANDARD, "step_passed"),
        (late(), "third", STANDARD, "step_ahead"),
        (late(20, touches=TWO_SAID), "third", ONLY_LARGE, "when_not_true"),
        (late(20, touches=LONG_AGO), "third", AFTER, "needs_step"),
        (late(20), "third", COUNTS, "counts_from"),
        (late(30, touches=LONG_AGO), "second", STANDARD, "another_step"),
        (
            late(touches=(a_touch("first", days_ago=8), a_touch("call", days_ago=2, case=None))),
            "second",
            STANDARD,
            "gap",
        ),
        (late(), "nudge", STANDARD, "step_behind"),
        (an_account(a_receivable(days_late=-9)), "nudge", STANDARD, "step_ahead"),
        (an_account(a_receivable(), a_receivable("1043", days_late=-1)), "nudge", STANDARD, "folded"),
        (an_account(a_receivable(currency=USD), a_receivable("1043", days_late=-1)), "nudge", STANDARD, "folded"),
        (an_account(a_receivable(days_late=-9)), "contact", STANDARD, "not_due"),
        (late(touches=(a_touch("first", days_ago=1),)), "contact", STANDARD, "waiting"),
        (late(touches=RUNG), "contact", STANDARD, "gap"),
        (late(holds=(PART, replace(HELD, kind=HoldKind.PAUSED))), "contact", STANDARD, "paused"),
        (late(touches=RUNG, holds=(PART,)), "contact", STANDARD, "gap"),
        (late(touches=RUNG, holds=(PART,)), "second", STANDARD, "gap"),
        (late(60, touches=(a_touch("final", days_ago=8, deadline_days=14),)), "agency", PLACED, "deadline_runs"),
        (an_account(a_receivable(days_late=-9)), "third", STANDARD, "step_ahead"),
        (an_account(a_receivable(days_late=-9)), "third", COUNTS, "counts_from"),
        (an_account(a_receivable(days_late=-10)), "receipt", RECEIPT, "receipt_late"),
        (
            an_account(a_receivable(days_late=-2), a_receivable("1043", days_late=-3)),
            "nudge",
            TWO_NUDGES,
            "other_first",
        ),
        (an_account(a_receivable(days_late=-2, amount=2_000)), "nudge", STANDARD, "below_minimum"),
        (an_account(a_receivable(days_late=-2), customer=a_customer(emails=())), "nudge", STANDARD, "no_address"),
        (an_account(a_receivable(days_late=-26), customer=a_customer(emails=())), "receipt", RECEIPT, "no_address"),
        (an_account(a_receivable(days_late=-2), skipped=(NUDGE_REJECTED,)), "nudge", STANDARD, "skipped_before"),
        (
            an_account(a_receivable(days_late=-2), skipped=(replace(NUDGE_REJECTED, act="again"),)),
            "nudge",
            TWO_NUDGES,
            "step_passed",
        ),
        (
            an_account(
                a_receivable(days_late=-2),
                a_receivable("1043", days_late=-2),
                touches=(a_touch("nudge", days_ago=1, case=None, occasion=SOON),),
            ),
            "nudge",
            STANDARD,
            "said_before",
        ),
        (late(done=frozenset({("desk", "1", EUR)})), "desk", DESK, "told_before"),
        (an_account(a_receivable(), a_receivable("1043", days_late=-9)), "desk", DESK, "not_due"),
        (late(), "desk", DESK_AFTER, "needs_step"),
        (late(), "desk", DESK_WHEN, "when_not_true"),
        (an_account(a_receivable(days_late=-2)), "nudge", NUDGE_WHEN, "when_not_true"),
    ],
)
def test_the_first_law_that_stopped_it_is_named(account: Account, expected: str, text: str, law: str) -> None:
    answer = asked(account, expected, text)
    assert answer.said is None
    assert answer.laws[0].code == law, [sentence(one) for one in answer.laws]


def test_what_was_decided_is_said_to_be() -> None:
    assert getattr(asked(late(), "second").said, "step", "") == "second"
    assert getattr(asked(late(), "reminder").said, "step", "") == "second"
    assert getattr(asked(late(), "contact").said, "step", "") == "second"


def test_a_weekend_stops_what_was_due() -> None:
    assert asked(late(), "second", on=TODAY - days(1)).laws[0].code == "step_ahead"


def test_our_own_people_hear_of_a_step_on_a_weekend_too() -> None:
    friday = TODAY - days(3)
    ahead = asked(late(4, touches=()), "desk", DESK, on=friday)
    assert (ahead.laws[0].code, ahead.laws[0].facts["day"]) == ("step_ahead", "2026-02-28")
    assert getattr(asked(late(4, touches=()), "desk", DESK, on=friday + days(1)).said, "step", "") == "desk"


def test_our_own_people_hear_of_a_younger_invoice_on_the_day_of_the_oldest() -> None:
    account = an_account(a_receivable(), a_receivable("1043", days_late=2), touches=FIRST_SAID)
    answer = asked(account, "desk", DESK.replace("due + 2", "due + 12"))
    assert [one.code for one in answer.laws][:2] == ["step_ahead", "lead"]
    assert answer.laws[0].facts["day"] == "2026-03-04"


def test_a_younger_invoice_waits_for_the_steps_of_the_oldest() -> None:
    account = late()
    account = an_account(
        *account.receivables, a_receivable("1043", days_late=2), touches=FIRST_SAID, cases=account.cases
    )
    answer = asked(account, "third")
    assert [one.code for one in answer.laws][:2] == ["step_ahead", "lead"]


def test_the_law_that_chose_among_several_is_told() -> None:
    """Of a call, where a letter is due, too; and after a promise that was not kept."""
    call = asked(an_account(a_receivable(days_late=30)), "call")
    assert (call.laws[0].code, call.laws[0].facts["due"]) == ("another_step", "third")
    assert call.laws[0].facts["rule"] == "no case begins with what a person has to take or to approve"
    promise = Promise(
        id=1,
        made_on=TODAY - days(12),
        promised_on=TODAY - days(8),
        currency=EUR,
        amounts=((InvoiceId("1042"), 120_000),),
    )
    louder = asked(late(16, touches=(a_touch("first", days_ago=15),), promises=(promise,)), "second")
    assert (louder.laws[0].code, louder.laws[0].facts["due"]) == ("another_step", "third")
    assert louder.laws[0].facts["rule"] == "after what was agreed and not kept, the tone rises by a step"


def test_what_stands_against_it_twice_is_named_once() -> None:
    assert [one.code for one in asked(late(touches=RUNG), "second").laws] == ["gap", "waiting"]


def test_a_letter_stands_for_the_steps_that_say_it() -> None:
    strategy = a_strategy()
    assert steps(strategy, "firm") == {"third"}
    assert steps(strategy, "third") == {"third"}
    assert steps(strategy, "contact") >= {"nudge", "first", "call"}
    assert steps(strategy, "nosuch") == frozenset()


def test_whatever_happens_every_expectation_gets_an_answer() -> None:
    """Random lives, every open invoice, any step: it is decided, or a law is named that has a sentence. That is never
    the due date, which stops no step that goes to the customer.
    """
    for number in range(times(6)):
        name = ("standard", "habits", "firm", "gentle")[number % 4]
        strategy = parse(shipped.text(name), f"{name}.toml", shipped.find).strategy
        assert strategy is not None
        ours = {step.name for each in strategy.schedules for step in each.notices}
        life = Life(11, number, lively=0.5)
        for _ in range(30):
            account = life.account()
            decision = plan_account(account, strategy, CALENDAR, life.today)
            for row in account.receivables:
                expected = life.random.choice((*sorted(steps(strategy, CONTACT)), CONTACT))
                answer = why_not(account, strategy, CALENDAR, decision, row, expected)
                assert answer.said or answer.laws, (row, expected, decision)
                assert all(map(sentence, answer.laws))
                if answer.laws and expected not in {CONTACT, *ours}:
                    assert answer.laws[0].code != "not_due", (row, expected, decision)
                counted("expectations that got an answer")
            assert all(life.remember(decision))
            life.next_day()


def test_where_nothing_is_overdue_yet_a_step_comes_by_the_ladder_of_an_older_one_that_will_name_it() -> None:
    """One is due in two days, one in eight, one long after: the second step names two of them on one day."""
    account = an_account(*(a_receivable(number, days_late=-late) for number, late in (("A", 2), ("B", 8), ("C", 90))))
    decision, days_of = decided(account), dict[str, str]()
    for row in account.receivables:
        first, *more = why_not(account, a_strategy(), NO_HOLIDAYS, decision, row, "second").laws
        days_of[row.number] = str(first.facts["day"])
        assert ("lead" in {one.code for one in more}) == (row.number == "B")
    said = next(
        one
        for _, one in forward.roll(account, a_strategy(), NO_HOLIDAYS, TODAY)
        for touchpoint in one.touchpoints
        if touchpoint.step == "second"
    )
    assert [one.number for one in said.touchpoints[0].invoices] == ["A", "B"]
    assert days_of["A"] == days_of["B"] <= said.as_of.isoformat() < days_of["C"]
