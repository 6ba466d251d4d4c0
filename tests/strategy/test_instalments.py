"""What is asked for while a payment plan is kept, and what a strategy may say of plans."""

import pytest
from msgspec.structs import replace

from strategy.agreements import Every, Hold, HoldKind
from strategy.explain import sentence
from strategy.text.parse import parse
from strategy.touches import Failures
from tests.strategy.builders import (
    EUR,
    LUND,
    STANDARD,
    TODAY,
    a_customer,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
    unapplied,
)
from tests.strategy.plan_builders import CALLS, PLAN, STRATEGY, a_plan, an_account_with, asked, held, paid


def test_while_a_plan_is_kept_nothing_of_it_is_asked_for() -> None:
    decision = decided(an_account_with(a_plan(), paid(33_333)), STRATEGY)
    assert (asked(decision), held(decision, "planned")) == ([], 66_667)


def test_the_next_instalment_is_spoken_of_before_its_day() -> None:
    decision = decided(an_account_with(a_plan(first_on=TODAY + days(3))), STRATEGY)
    assert (asked(decision), held(decision, "planned")) == ([("soon", 33_333)], 66_667)
    assert sentence(decision.touchpoints[0].why[0]) == (
        'Step "soon" (due - 3): instalment 1 of plan 1, 333.33 EUR, is due on 2026-03-05.'
    )


def test_one_that_is_late_asks_for_what_is_left_of_it() -> None:
    plan = a_plan(every=Every.WEEK, first_on=TODAY - days(5))
    assert asked(decided(an_account_with(plan, paid(10_000, ago=5)), STRATEGY)) == [("late", 23_333)]


def test_what_was_said_of_an_instalment_is_not_said_again() -> None:
    plan = a_plan(first_on=TODAY + days(3))
    said = a_touch("soon", days_ago=9, case=None, occasion="plan-1.1")
    assert asked(decided(an_account_with(plan, touches=(said,)), STRATEGY)) == []


def test_a_statement_goes_alone_where_the_instalment_that_would_carry_it_cannot_arrive() -> None:
    strategy = a_strategy(STANDARD.replace("[amounts]", 'statement = { on = "month start + 1" }\n\n[amounts]') + PLAN)
    account = an_account_with(a_plan(first_on=TODAY + days(3)))
    (along,) = decided(account, strategy).touchpoints
    assert (along.act, along.statement) == ("soon", "2026-03")
    failed = replace(account, failures={("soon", "plan-1.1", EUR): Failures(count=3)})
    decision = decided(failed, strategy)
    assert [(one.act, one.statement) for one in decision.touchpoints] == [("statement", "2026-03")]
    assert [task.kind for task in decision.tasks] == ["undeliverable"]


def test_an_instalment_that_can_be_written_to_nobody_is_a_persons_once() -> None:
    account = an_account_with(a_plan(first_on=TODAY + days(3)), customer=a_customer(emails=()))
    decision = decided(account, STRATEGY)
    (task,) = decision.tasks
    assert (task.kind, task.what, task.amount_minor, asked(decision)) == ("no_address", "soon", 33_333, [])
    assert held(decision, "planned") == 100_000
    other = replace(a_receivable("1043", days_late=10), open_minor=50_000)
    second = a_plan(id=2, amounts=((other.invoice_id, 50_000),), first_on=TODAY + days(3))
    both = replace(account, receivables=(*account.receivables, other), plans=(*account.plans, second))
    assert [one.occasion for one in decided(both, STRATEGY).tasks] == ["plan-1.1", "plan-2.1"], "all on one day"
    done = frozenset({(task.act, task.occasion, task.currency)})
    assert decided(replace(account, done=done), STRATEGY).tasks == ()


def test_where_nobody_can_be_written_to_the_next_instalment_is_no_other_work_on_the_same_day() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(4))
    account = an_account_with(weekly, customer=a_customer(emails=()))
    (task,) = decided(account, STRATEGY).tasks
    assert (task.occasion, task.amount_minor) == ("plan-1.2", 66_666), "what is late is a part of it"
    done = frozenset({(task.act, task.occasion, task.currency)})
    assert decided(replace(account, done=done), STRATEGY).tasks == ()


def test_where_nobody_could_be_written_to_about_an_instalment_the_next_one_is_asked_about_on_its_day() -> None:
    told = frozenset({("no_address", "plan-1.1", EUR)})
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(3))
    nobody = an_account_with(weekly, customer=a_customer(emails=()), done=told)
    assert decided(nobody, STRATEGY).tasks == ()
    (task,) = decided(replace(nobody, plans=(replace(weekly, first_on=TODAY - days(4)),)), STRATEGY).tasks
    assert (task.kind, task.occasion) == ("no_address", "plan-1.2")


def test_an_instalment_that_can_be_written_about_is_though_the_one_before_it_cannot() -> None:
    late = PLAN.replace('say = "instalment-late"', 'say = "instalment-late", to = ["accountant"]')
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(4))
    decision = decided(an_account_with(weekly), a_strategy(STANDARD + late))
    assert asked(decision) == [("soon", 66_666)]
    assert [(task.kind, task.occasion) for task in decision.tasks] == [("no_address", "plan-1.1")]


def test_who_is_spoken_to_by_telephone_is_called_about_an_instalment_that_did_not_come() -> None:
    ahead, late = a_plan(first_on=TODAY + days(3)), a_plan(every=Every.WEEK, first_on=TODAY - days(5))
    assert decided(an_account_with(ahead), CALLS).tasks == ()
    account = an_account_with(late, paid(10_000, ago=5))
    (task,) = decided(account, CALLS).tasks
    assert (task.kind, task.what, task.amount_minor) == ("call", "instalment-late", 23_333)
    done = frozenset({(task.act, task.occasion, task.currency)})
    assert decided(replace(account, done=done), CALLS).tasks == ()


def test_of_several_instalments_that_did_not_come_one_call_is_about_them_all_and_no_letter_follows_it() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(10))
    rarely = a_strategy(
        STANDARD + PLAN.replace("[plan]", "[plan]\nmissed = 2").replace('-late" }', '-late", by = ["call"] }')
    )
    (task,) = decided(an_account_with(weekly), rarely).tasks
    assert (task.occasion, task.amount_minor) == ("plan-1.2", 66_666)
    first = an_account_with(replace(weekly, first_on=TODAY - days(4)))
    decision = decided(first, rarely)
    assert (asked(decision), [task.occasion for task in decision.tasks]) == ([], ["plan-1.1"])
    done = replace(first, done=frozenset({("late", "plan-1.1", EUR)}))
    assert (asked(decided(done, rarely)), decided(done, rarely).tasks) == ([], ())


def test_a_call_is_asked_for_though_nobody_can_be_written_to_about_the_next_instalment() -> None:
    strategy = a_strategy(STANDARD + PLAN.replace('-late" }', '-late", by = ["call"] }'))
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(4))
    account = an_account_with(weekly, customer=a_customer(emails=()), done=frozenset({("no_address", "plan-1.2", EUR)}))
    assert [(task.kind, task.occasion) for task in decided(account, strategy).tasks] == [("call", "plan-1.1")]


def test_other_invoices_are_asked_for_as_ever() -> None:
    account = an_account_with(a_plan(), paid(33_333))
    both = an_account(*account.receivables, a_receivable("1043"), plans=account.plans, settlements=account.settlements)
    decision = decided(both, STRATEGY)
    assert [one.number for said in decision.touchpoints for one in said.invoices] == ["1043"]


def test_an_instalment_that_credit_covers_is_not_asked_for() -> None:
    account = an_account_with(a_plan(first_on=TODAY + days(3)), unapplied=(unapplied(33_333),))
    assert asked(decided(account, STRATEGY)) == []


def test_an_instalment_that_is_due_and_covered_by_credit_is_held_by_it_and_work_for_the_bookkeeper_once() -> None:
    money = unapplied(33_333, since=TODAY - days(22))
    account = an_account_with(a_plan(), unapplied=(money,))
    decision = decided(account, STRATEGY)
    (task,) = decision.tasks
    assert (task.kind, task.who, task.amount_minor) == ("apply credit", "bookkeeper", 33_333)
    assert (asked(decision), held(decision, "credit_covers"), held(decision, "planned")) == ([], 33_333, 66_667)
    done = frozenset({(task.act, task.occasion, task.currency)})
    assert decided(replace(account, done=done), STRATEGY).tasks == ()
    ahead = an_account_with(a_plan(first_on=TODAY + days(1)), unapplied=(money,))
    assert decided(ahead, STRATEGY).tasks == (), "nothing is due yet"
    other = an_account(*account.receivables, a_receivable("1043"), plans=account.plans, unapplied=account.unapplied)
    (task,) = decided(other, STRATEGY).tasks
    assert [(one.number, one.asked_minor) for one in task.invoices] == [("1043", 33_333)], "each credit is used once"


def test_an_instalment_that_credit_covers_does_not_keep_the_next_one_from_being_spoken_of() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(14))
    account = an_account_with(weekly, unapplied=(unapplied(33_333, since=TODAY - days(15)),))
    decision = decided(account, STRATEGY)
    assert (asked(decision), decision.touchpoints[0].occasion) == ([("late", 33_333)], "plan-1.2")
    assert (held(decision, "credit_covers"), held(decision, "planned")) == (33_333, 33_334)
    (rest,) = (one for one in decision.held if one.reasons[0].code == "planned")
    assert rest.until == TODAY + days(1), "the second may come today"


def test_credit_covers_an_instalment_that_is_due_before_a_nudge_has_of_it() -> None:
    account = an_account_with(a_plan(), unapplied=(unapplied(50_000, since=TODAY - days(22)),))
    coming = a_receivable("1043", amount=40_000, days_late=-3)
    decision = decided(replace(account, receivables=(*account.receivables, coming)), STRATEGY)
    assert asked(decision) == [("nudge", 23_333)]
    (task,) = decision.tasks
    assert (task.kind, task.amount_minor) == ("apply credit", 33_333)


def test_credit_for_a_part_of_an_instalment_is_work_for_the_bookkeeper_on_the_day_it_is_spoken_of() -> None:
    account = an_account_with(a_plan(first_on=TODAY + days(3)), unapplied=(unapplied(10_000),))
    decision = decided(account, STRATEGY)
    assert asked(decision) == [("soon", 23_333)]
    assert [(one.kind, one.amount_minor) for one in decision.tasks] == [("apply credit", 10_000)]


def test_an_instalment_asks_for_nothing_that_rests_for_another_reason() -> None:
    retention = Hold(
        id=1, kind=HoldKind.RETENTION, invoice_id=LUND, since=TODAY, until=None, reason="so", amount_minor=80_000
    )
    account = an_account_with(a_plan(first_on=TODAY + days(3)), holds=(retention,))
    assert asked(decided(account, STRATEGY)) == [("soon", 20_000)]


def test_a_plan_that_was_not_kept_is_all_asked_for_where_the_ladder_stood_and_the_owner_hears_of_it() -> None:
    account = an_account_with(a_plan(), touches=(a_touch("first", days_ago=40),))
    decision = decided(account, STRATEGY)
    assert asked(decision) == [("second", 100_000)]
    assert ("plan missed", "owner") in [(task.kind, task.who) for task in decision.tasks]
    assert "plan_not_kept" in [why.code for why in decision.touchpoints[0].why]


def test_without_acceleration_only_what_was_missed_is_asked_for() -> None:
    strategy = a_strategy(STANDARD + PLAN.replace("[plan]", "[plan]\naccelerate = false"))
    decision = decided(an_account_with(a_plan(), touches=(a_touch("first", days_ago=40),)), strategy)
    assert (asked(decision), held(decision, "planned")) == ([("second", 33_333)], 66_667)


def test_a_plan_that_is_kept_is_a_flag_for_conditions() -> None:
    strategy = a_strategy(STANDARD + '\n[[trigger]]\nname = "t"\nwhen = "planned"\nnotify = "owner"\n')
    assert decided(an_account_with(a_plan(), paid(33_333)), strategy).triggers_true == {"t"}
    assert decided(an_account_with(a_plan()), strategy).triggers_true == frozenset()


def mistakes(text: str) -> list[str]:
    """Those that the text adds."""
    found = [parse(each, "test.toml", lambda name: None).mistakes for each in (STANDARD, STANDARD + text)]
    before, after = ([mistake.message for mistake in each] for each in found)
    return [message for message in after if message not in before]


def test_the_schedule_of_a_plan_is_used_by_it() -> None:
    assert mistakes(PLAN) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[plan]\nschedule = "instalment"\n', 'there is no schedule "instalment"'),
        (PLAN.replace('say = "instalment"', 'call = "x"'), '"soon" writes nothing, and speaks of an instalment'),
        (PLAN.replace("due - 3", "month start + 1"), '"soon" speaks of an instalment, which has only its day'),
        (
            PLAN.replace('say = "instalment"', 'say = "instalment", deadline = 9'),
            '"soon" speaks of an instalment, and gives a deadline',
        ),
        ('[plan]\nmost = "huge"\n', '"huge" is no amount'),
    ],
)
def test_what_a_plan_cannot_be_is_a_mistake(text: str, message: str) -> None:
    assert mistakes(text)[:1] == [message]
