"""Triggers fire once, notices and tasks reach our own people."""

from typing import Any

import pytest
from msgspec.structs import replace

from strategy import forward, shipped
from strategy.account import Profile
from strategy.agreements import Claim, HoldKind
from strategy.decision import Decision, TouchpointKind
from strategy.model import CustomerId
from strategy.text.parse import parse
from strategy.touches import CameOf, Case
from tests.strategy.agency_builders import PLACED
from tests.strategy.builders import (
    EUR,
    STANDARD,
    TODAY,
    a_hold,
    a_ledger,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
    unapplied,
)

TRIGGERS = (
    STANDARD
    + """
[[trigger]]
name   = "large and a month late"
when   = "overdue > large and overdue_days > 30"
notify = "owner"
"""
)
LARGE = 1_000_001
NAME = "large and a month late"


def fired(days_late: int, text: str = TRIGGERS, **changes: Any) -> Decision:
    return decided(an_account(a_receivable(days_late=days_late, amount=LARGE), **changes), a_strategy(text))


UNREACHED = (
    STANDARD
    + """
[[trigger]]
name   = "nobody answers"
when   = "call.outcome == no_answer"
notify = "owner"
"""
)


@pytest.mark.parametrize(("paid_days_ago", "names"), [(3, ["nobody answers"]), (12, [])])
def test_what_came_of_a_case_counts_on_the_very_day_on_which_it_opens_again(
    paid_days_ago: int, names: list[str]
) -> None:
    """A payment was undone; and where the case had ended before, what is overdue is another."""
    case = Case(number=1, currency=EUR, opened_on=TODAY - days(20), closed_on=TODAY - days(paid_days_ago))
    call = CameOf(
        task=1, act="call", occasion="1", case=1, currency=EUR, on=TODAY - days(15), outcome="no_answer", what="overdue"
    )
    account = an_account(a_receivable(days_late=10), cases=(case,), came=(call,))
    assert [one.name for one in decided(account, a_strategy(UNREACHED)).fired] == names


def notices(decision: Decision) -> list[tuple[str, ...]]:
    return [t.to for t in decision.touchpoints if t.kind is TouchpointKind.NOTICE]


@pytest.mark.parametrize(("days_late", "count"), [(30, 0), (31, 1)])
def test_a_trigger_fires_when_it_becomes_true(days_late: int, count: int) -> None:
    assert len(fired(days_late).fired) == count


def test_a_trigger_that_was_true_already_does_not_fire_again() -> None:
    decision = fired(40, triggers_true=frozenset({NAME}))
    assert (decision.fired, decision.triggers_true) == ((), frozenset({NAME}))


def test_the_second_time_is_another_occasion() -> None:
    decision = fired(40, trigger_counts={NAME: 1})
    assert [t.occasion for t in decision.touchpoints if t.kind is TouchpointKind.NOTICE] == ["trigger-2"]


CALLED_LATE = """
[[trigger]]
name   = "late"
when   = "overdue_days > 30"
notify = "owner"
"""


def test_a_trigger_and_a_step_of_one_name_are_told_each() -> None:
    """To the manager the one, to the owner the other."""
    late = 'late   = { at = "due + 38", notify = "manager" }\ncall   = {'
    text = STANDARD.replace("call   = {", late) + CALLED_LATE
    account = an_account(
        a_receivable(days_late=37), ledger=a_ledger(people={"owner": "o@firm.example", "manager": "m@firm.example"})
    )
    first = decided(account, a_strategy(text))
    second = decided(forward.after(account, first), a_strategy(text), TODAY + days(1))
    assert (notices(first), notices(second)) == ([("o@firm.example",)], [("m@firm.example",)])


def test_a_trigger_and_a_letter_of_one_name_have_keys_of_their_own() -> None:
    text = STANDARD.replace('third  = { at = "due + 14"', 'late   = { at = "due + 14"') + CALLED_LATE
    first = a_touch("second", days_ago=7)
    said = fired(40, text, touches=(first,), cases=(an_open_case(days_ago=39),)).touchpoints
    assert [(one.act, one.occasion) for one in said] == [("late", "1"), ("late", "trigger-1")]


def test_a_trigger_and_a_call_of_one_name_are_two_tasks() -> None:
    text = STANDARD + CALLED_LATE.replace('"late"', '"call"').replace('notify = "owner"', 'call = "overdue"')
    decision = fired(40, text, touches=(a_touch("third", days_ago=20),), cases=(an_open_case(days_ago=39),))
    assert len({task.key for task in decision.tasks}) == len(decision.tasks) == 2


def test_the_notice_goes_to_our_own_person_without_approval() -> None:
    decision = fired(40, ledger=a_ledger(approve_all=True))
    (notice,) = (t for t in decision.touchpoints if t.kind is TouchpointKind.NOTICE)
    assert (notice.to, notice.approval) == (("owner@firm.example",), False)


def test_the_accounts_own_person_comes_before_the_ledgers() -> None:
    assert notices(fired(40, profile=Profile(owner="mia@firm.example"))) == [("mia@firm.example",)]


def test_without_an_address_the_notice_becomes_a_task() -> None:
    decision = fired(40, ledger=a_ledger(people={}))
    assert (notices(decision), [task.kind for task in decision.tasks]) == ([], ["look"])


def test_a_trigger_may_ask_for_a_call() -> None:
    decision = fired(40, TRIGGERS.replace('notify = "owner"', 'call = "overdue-large"\nwho = "sales"'))
    assert [(task.kind, task.who, task.what) for task in decision.tasks] == [("call", "sales", "overdue-large")]


def test_held_amounts_do_not_keep_people_from_being_told() -> None:
    assert notices(fired(40, ledger=a_ledger(reconciled_on=None))) == [("owner@firm.example",)]


def test_a_step_tells_people_once_in_a_case() -> None:
    text = STANDARD.replace("call   = {", 'tell   = { at = "due + 10", notify = "owner" }\ncall   = {')
    assert len(notices(fired(12, text))) == 1
    assert notices(fired(12, text, done=frozenset({("tell", "1", EUR)}))) == []


def test_a_step_that_tells_waits_for_its_condition_and_for_the_step_that_it_counts_from() -> None:
    when = 'tell   = { at = "due + 10", notify = "owner", when = "overdue_days > 12" }\ncall   = {'
    late = STANDARD.replace("call   = {", when)
    assert [len(notices(fired(days_late, late))) for days_late in (12, 13)] == [0, 1]
    counted = STANDARD.replace("call   = {", 'tell   = { at = "third + 2", notify = "owner" }\ncall   = {')
    assert notices(fired(40, counted)) == []
    said = {"touches": (a_touch("third", days_ago=2),), "cases": (an_open_case(days_ago=39),)}
    assert len(notices(fired(40, counted, **said))) == 1


# Orders are stopped, and released

STOP = TRIGGERS + "over = true\n"
STOPPED = {"triggers_true": frozenset({NAME}), "trigger_counts": {NAME: 1}}


def test_who_was_told_hears_that_it_is_over_once() -> None:
    decision = fired(1, STOP, **STOPPED)
    (notice,) = (t for t in decision.touchpoints if t.kind is TouchpointKind.NOTICE)
    assert (notice.occasion, notice.why[0].code, decision.triggers_true) == (
        "trigger-1-over",
        "trigger_over",
        frozenset(),
    )
    assert notices(fired(1, STOP, trigger_counts={NAME: 1})) == []


def test_nobody_hears_of_the_end_unless_the_strategy_says_so() -> None:
    assert notices(fired(1, TRIGGERS, **STOPPED)) == []


def test_what_is_not_known_any_more_is_not_over() -> None:
    limit = STOP.replace("overdue > large and overdue_days > 30", "limit_used > 100%")
    decision = fired(40, limit, **STOPPED)
    assert (notices(decision), decision.triggers_true) == ([], frozenset({NAME}))


PAYS_LATE = TRIGGERS.replace("overdue > large and overdue_days > 30", "late_median > 20")


def test_a_trigger_does_not_fire_again_because_it_was_not_known_meanwhile() -> None:
    """Nothing was paid or overdue for a year."""
    account = an_account(a_receivable(days_late=40))
    first = decided(account, a_strategy(PAYS_LATE))
    resting = replace(forward.after(account, first), receivables=())
    between = decided(resting, a_strategy(PAYS_LATE))
    late_again = replace(forward.after(resting, between), receivables=account.receivables)
    assert [
        [one.name for one in each.fired] for each in (first, between, decided(late_again, a_strategy(PAYS_LATE)))
    ] == [
        [NAME],
        [],
        [],
    ]


@pytest.mark.parametrize("over", ["", "over = true\n"])
def test_what_came_of_a_call_is_over_with_its_case(over: str) -> None:
    """So that it fires again for the next."""
    case = Case(number=1, currency=EUR, opened_on=TODAY - days(50), closed_on=TODAY - days(10))
    call = CameOf(task=1, act="call", occasion="1", case=1, currency=EUR, on=TODAY - days(30), outcome="no_answer")
    true = {"triggers_true": frozenset({"nobody answers"}), "trigger_counts": {"nobody answers": 1}}
    account = an_account(a_receivable(days_late=5), cases=(case,), came=(call,), **true)
    decision = decided(account, a_strategy(UNREACHED + over))
    assert (decision.triggers_true, len(notices(decision))) == (frozenset(), 1 if over else 0)


def test_what_is_over_is_told_by_a_notice_only() -> None:
    called = STOP.replace('notify = "owner"', 'call = "overdue"')
    assert '"over" means nothing beside "call"' in parse(called, "test.toml", shipped.find).shown()


AGAIN = CameOf(
    task=4, act="call", occasion="1", case=1, currency=EUR, on=TODAY - days(3), outcome="no_answer", next_on=TODAY
)


def called_again(*came: CameOf, **changes: Any) -> list[tuple[str, int]]:
    account = an_account(a_receivable(), cases=(an_open_case(),), came=(AGAIN, *came), **changes)
    return [(one.occasion, one.amount_minor) for one in decided(account).tasks if one.why[0].code == "call_again"]


LATER = replace(AGAIN, task=6, act="second call", on=TODAY - days(1), next_on=TODAY + days(1))


@pytest.mark.parametrize(
    "held",
    [
        {"holds": (a_hold(HoldKind.DO_NOT_CONTACT),)},
        {"holds": (a_hold(HoldKind.LEGAL),)},
        {"claims": (Claim(id=1, invoices=frozenset({a_receivable().invoice_id}), claimed_on=TODAY, until=TODAY),)},
        {"unapplied": (unapplied(120_000),)},
        {"ledger": a_ledger(reconciled_on=None)},
    ],
)
def test_nobody_calls_again_about_what_is_held(held: dict[str, Any]) -> None:
    assert called_again(**held) == []


def test_a_call_in_another_case_of_the_same_number_is_not_made_again_and_hides_no_other() -> None:
    assert called_again(replace(AGAIN, task=7, customer_id=CustomerId("child"))) == [("1+4", 120_000)]


@pytest.mark.parametrize("came", [replace(PLACED, task=5, on=TODAY - days(1)), LATER])
def test_nobody_calls_again_whom_an_agency_has_or_with_whom_another_day_was_agreed_since(came: CameOf) -> None:
    assert called_again(came) == []


def test_only_so_much_is_called_about_again_as_may_be_asked_for() -> None:
    assert called_again(unapplied=(unapplied(20_000),)) == [("1+4", 100_000)]


def test_two_calls_that_are_to_be_made_again_on_one_day_do_not_hold_back_each_other() -> None:
    assert called_again(replace(LATER, next_on=TODAY)) == [("1+6", 120_000), ("1+4", 120_000)]
