"""Payment plans: what each instalment is, whether it came, and what is asked for meanwhile."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from strategy import plans
from strategy.account import Account
from strategy.agreements import Dispute, DisputeOutcome, Every, Hold, HoldKind, Plan
from strategy.decision import Decision, TouchpointKind
from strategy.explain import sentence
from strategy.model import InvoiceId
from strategy.plans import Standing, judge
from strategy.rules import DisputeStops, Less, PlanRule
from strategy.text.parse import parse
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    USD,
    a_customer,
    a_ledger,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    codes,
    days,
    decided,
    unapplied,
)

LUND = InvoiceId("1042")
PLAN = """
[plan]
schedule = "instalments"

[schedule.instalments]
soon = { at = "due - 3", say = "instalment" }
late = { at = "due + 2", say = "instalment-late" }
"""
STRATEGY = a_strategy(STANDARD + PLAN)


def a_plan(**changes: Any) -> Plan:
    """1,000.00 in three parts, one a month; the first was due three weeks ago."""
    defaults: dict[str, Any] = {
        "id": 1,
        "currency": EUR,
        "amounts": ((LUND, 100_000),),
        "made_on": TODAY - days(30),
        "accepted_on": TODAY - days(30),
        "instalments": 3,
        "first_on": TODAY - days(21),
    }
    return Plan(**{**defaults, **changes})


def a_rule(**changes: Any) -> PlanRule:
    return replace(STRATEGY.plan, **changes)


def paid(amount: int, ago: int = 21, **changes: Any) -> Any:
    return a_settlement(days_late=0, days_ago=ago, amount=amount, **{"invoice_id": LUND} | changes)


def an_account_with(plan: Plan, *settlements: Any, left: int | None = None, **changes: Any) -> Account:
    """What is open is what was planned less what was settled, unless said otherwise."""
    settled = sum(one.amount_minor for one in settlements)
    open_minor = plan.total_minor - settled if left is None else left
    rows = (a_receivable(amount=plan.total_minor, open_minor=open_minor, days_late=60),) if open_minor else ()
    given: dict[str, Any] = {"plans": (plan,), "settlements": settlements, "cases": (an_open_case(),)}
    return an_account(*rows, **given | changes)


def judged(
    account: Account, rule: PlanRule | None = None, on: date = TODAY, stops: DisputeStops = DisputeStops.PART
) -> plans.Judged:
    holds = replace(STRATEGY.holds, dispute=stops)
    (one,) = judge(account, replace(STRATEGY, plan=rule or a_rule(), holds=holds), NO_HOLIDAYS, on)
    return one


def standing(
    account: Account, rule: PlanRule | None = None, on: date = TODAY, stops: DisputeStops = DisputeStops.PART
) -> Standing:
    return judged(account, rule, on, stops).standing


def disputed(amount: int | None = None, *, ago: int = 25, ended: int | None = None, **changes: Any) -> Dispute:
    """Opened before the first instalment was due, unless said otherwise; `ended` so many days ago, nothing credited."""
    over = None if ended is None else TODAY - days(ended)
    outcome = None if over is None else DisputeOutcome.INVALID
    defaults = {
        "id": 1,
        "invoice_id": LUND,
        "amount_minor": amount,
        "category": "price",
        "opened_on": TODAY - days(ago),
    }
    resolved = {"outcome": outcome, "resolved_on": over, "closed_on": over, "credit_minor": over and 0}
    return Dispute(**{**defaults, **resolved, **changes})


def asked(decision: Decision) -> list[tuple[str, int]]:
    return [(said.step, said.amount_minor) for said in decision.touchpoints if said.kind is not TouchpointKind.NOTICE]


def held(decision: Decision, code: str) -> int:
    return sum(one.amount_minor for one in decision.held if one.reasons[0].code == code)


# What each instalment is


def test_a_thousand_in_three_leaves_the_odd_cent_to_the_last() -> None:
    assert plans.amounts(a_plan(), 100_000, Less.LAST) == (33_333, 33_333, 33_334)


@pytest.mark.parametrize(
    ("less", "amounts"), [(Less.LAST, (33_333, 33_333, 13_334)), (Less.ALL, (26_667, 26_667, 26_666))]
)
def test_a_credit_note_of_two_hundred_takes_off_the_last_or_all(less: Less, amounts: tuple[int, ...]) -> None:
    assert plans.amounts(a_plan(), 80_000, less) == amounts


def test_a_deposit_comes_first_and_is_kept_when_the_rest_shrinks() -> None:
    plan = a_plan(deposit_minor=40_000, deposit_on=TODAY)
    assert plans.amounts(plan, 100_000, Less.LAST) == (40_000, 20_000, 20_000, 20_000)
    assert plans.amounts(plan, 70_000, Less.ALL) == (40_000, 10_000, 10_000, 10_000)
    assert plans.amounts(plan, 30_000, Less.LAST) == (30_000, 0, 0, 0)


@given(
    total=st.integers(1, 10**9),
    count=st.integers(1, 60),
    share=st.integers(0, 99),
    left=st.integers(0, 100),
    less=st.sampled_from(Less),
)
def test_instalments_sum_to_the_total_and_shrink_from_the_end(
    total: int, count: int, share: int, left: int, less: Less
) -> None:
    deposit = total * share // 100
    plan = a_plan(amounts=((LUND, total),), instalments=count, deposit_minor=deposit, deposit_on=TODAY)
    now = total * left // 100
    agreed, sums = plans.amounts(plan, total, less), plans.amounts(plan, now, less)
    assert (sum(agreed), sum(sums)) == (total, now)
    assert min(sums) >= 0
    if less is Less.LAST:
        assert all(one <= before for one, before in zip(sums, agreed, strict=True))


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (Every.WEEK, [date(2026, 1, 31), date(2026, 2, 7), date(2026, 2, 14)]),
        (Every.FORTNIGHT, [date(2026, 1, 31), date(2026, 2, 14), date(2026, 2, 28)]),
        (Every.MONTH, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]),
    ],
)
def test_a_month_ends_where_it_is_short(every: Every, expected: list[date]) -> None:
    assert [day for _, day in plans.days(a_plan(first_on=date(2026, 1, 31), every=every))] == expected


# Where a plan stands


@pytest.mark.parametrize(
    ("total", "less", "amounts"),
    [
        (100_000, Less.LAST, (50_000, 30_000, 20_000)),
        (70_000, Less.LAST, (50_000, 20_000, 0)),
        (70_000, Less.ALL, (35_000, 21_000, 14_000)),
        (99_999, Less.ALL, (50_000, 29_999, 20_000)),
    ],
)
def test_instalments_may_have_amounts_of_their_own_and_shrink_like_equal_ones(
    total: int, less: Less, amounts: tuple[int, ...]
) -> None:
    assert plans.amounts(a_plan(parts=(50_000, 30_000, 20_000)), total, less) == amounts


def test_a_plan_that_came_so_far_is_active() -> None:
    assert standing(an_account_with(a_plan(), paid(33_333))) is Standing.ACTIVE


def test_a_plan_of_which_nothing_is_due_yet_is_accepted() -> None:
    assert standing(an_account_with(a_plan(first_on=TODAY + days(1)))) is Standing.ACCEPTED


def test_a_plan_that_nobody_accepted_is_proposed_and_lets_nothing_rest() -> None:
    account = an_account_with(a_plan(accepted_on=None, first_on=TODAY + days(9)))
    assert standing(account) is Standing.PROPOSED
    assert "planned" not in codes(decided(account, STRATEGY))


def test_a_plan_that_a_person_ended_lets_nothing_rest() -> None:
    account = an_account_with(a_plan(ended_on=TODAY, first_on=TODAY + days(9)))
    assert (standing(account), "planned" in codes(decided(account, STRATEGY))) == (Standing.CANCELLED, False)


def test_a_plan_is_completed_with_its_last_invoice() -> None:
    assert standing(an_account_with(a_plan(), paid(100_000), left=0)) is Standing.COMPLETED


def test_a_plan_whose_invoices_are_void_is_over_and_nobody_kept_or_missed_anything() -> None:
    void = judged(an_account_with(a_plan(), left=0))
    assert (void.standing, void.missed) == (Standing.VOID, None)
    assert standing(an_account_with(a_plan(accepted_on=None), left=0)) is Standing.VOID
    assert standing(an_account_with(a_plan(ended_on=TODAY), left=0)) is Standing.CANCELLED


def test_a_plan_whose_invoices_were_credited_has_nothing_left() -> None:
    assert standing(an_account_with(a_plan(), paid(100_000, by_payment=False), left=0)) is Standing.COMPLETED
    of_another = paid(100_000, invoice_id=InvoiceId("1043"))
    assert standing(an_account_with(a_plan(), of_another, left=0)) is Standing.VOID


def test_a_late_instalment_may_still_come_through_its_days_of_cure() -> None:
    friday = TODAY - days(10)
    account = an_account_with(a_plan(first_on=friday))
    assert standing(account, on=friday + days(7)) is Standing.IN_CURE
    assert standing(account, on=friday + days(8)) is Standing.DEFAULTED


def test_what_came_after_the_days_of_cure_makes_up_for_nothing() -> None:
    assert standing(an_account_with(a_plan(), paid(33_333, ago=3))) is Standing.DEFAULTED
    assert standing(an_account_with(a_plan(), paid(33_333, ago=14))) is Standing.ACTIVE


def test_a_plan_does_not_end_while_the_books_do_not_reach_the_instalment() -> None:
    behind = a_ledger(reconciled_on=TODAY - days(22))
    assert standing(an_account_with(a_plan(), ledger=behind)) is Standing.IN_CURE


def test_two_in_a_row_may_be_needed_to_end_it() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(21))
    rule = a_rule(missed=2)
    assert standing(an_account_with(weekly, paid(33_333, ago=15)), rule) is Standing.IN_CURE
    assert standing(an_account_with(weekly), rule) is Standing.DEFAULTED


FIRST = TODAY - days(21)
CURED = FIRST + days(7)
"""The last of the days of cure of the first instalment."""


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        (unapplied(33_333, since=FIRST), Standing.IN_CURE),
        (unapplied(33_332, since=FIRST), Standing.DEFAULTED),
        (unapplied(33_333, since=CURED), Standing.IN_CURE),
        (unapplied(33_333, since=CURED + days(1)), Standing.DEFAULTED),
        (unapplied(33_333, since=FIRST, currency=USD), Standing.DEFAULTED),
    ],
)
def test_an_instalment_that_lies_unapplied_in_the_books_was_not_missed(credit: Any, expected: Standing) -> None:
    assert standing(an_account_with(a_plan(), unapplied=(credit,))) is expected
    both = an_account_with(
        a_plan(), paid(10_000), unapplied=(replace(credit, amount_minor=credit.amount_minor - 10_000),)
    )
    assert standing(both) is expected


def test_an_instalment_that_credit_covered_has_its_days_of_cure_once_the_credit_was_used_for_others() -> None:
    """It took off the last instalments: the first is to be paid after all, and nobody was asked for it."""
    account = an_account_with(a_plan(), paid(40_000, ago=5, by_payment=False))
    assert judged(account).standing is Standing.IN_CURE
    assert judged(account).instalments[0].deadline == TODAY + days(2)
    assert standing(account, on=TODAY + days(3)) is Standing.DEFAULTED


@pytest.mark.parametrize("stops", DisputeStops)
def test_an_instalment_that_is_disputed_was_not_missed(stops: DisputeStops) -> None:
    assert standing(an_account_with(a_plan(), disputes=(disputed(),)), stops=stops) is Standing.IN_CURE
    later = disputed(ago=13)
    assert standing(an_account_with(a_plan(), disputes=(later,)), stops=stops) is Standing.DEFAULTED, "missed before"


def test_a_dispute_excuses_what_it_holds_by_the_strategy() -> None:
    of_part = an_account_with(a_plan(), disputes=(disputed(30_000),))
    assert [standing(of_part, stops=one) for one in DisputeStops] == [
        Standing.DEFAULTED,
        Standing.IN_CURE,
        Standing.IN_CURE,
    ]
    of_other = an_account_with(a_plan(), disputes=(disputed(invoice_id=InvoiceId("1043")),))
    assert [standing(of_other, stops=one) for one in DisputeStops] == [
        Standing.DEFAULTED,
        Standing.DEFAULTED,
        Standing.IN_CURE,
    ]


def test_what_a_dispute_leaves_of_an_instalment_has_to_come() -> None:
    account = an_account_with(a_plan(), paid(10_000), disputes=(disputed(80_000),))
    assert standing(account) is Standing.DEFAULTED, "another 100.00 could be asked for"
    assert standing(an_account_with(a_plan(), paid(20_000), disputes=(disputed(80_000),))) is Standing.IN_CURE
    too_late = an_account_with(a_plan(), paid(33_333, ago=3), disputes=(disputed(80_000, ended=5),))
    assert standing(too_late) is Standing.DEFAULTED, "200.00 could be asked for all the while"


def test_the_days_of_cure_begin_anew_when_a_dispute_ends() -> None:
    account = an_account_with(a_plan(), disputes=(disputed(ended=5),))
    assert judged(account).standing is Standing.IN_CURE
    assert judged(account).instalments[0].deadline == TODAY + days(2)
    assert standing(account, on=TODAY + days(3)) is Standing.DEFAULTED
    behind = replace(account, ledger=a_ledger(reconciled_on=TODAY - days(6)))
    assert standing(behind, on=TODAY + days(3)) is Standing.IN_CURE, "the books do not reach the end of the dispute"
    came = an_account_with(a_plan(), paid(33_333, ago=0), disputes=(disputed(ended=5),))
    assert standing(came, on=TODAY + days(3)) is Standing.ACTIVE


def test_a_dispute_excuses_until_its_credit_note_is_there() -> None:
    waits: dict[str, Any] = {"outcome": DisputeOutcome.VALID, "resolved_on": TODAY - days(20), "credit_minor": 100_000}
    assert standing(an_account_with(a_plan(), disputes=(disputed(**waits),))) is Standing.IN_CURE
    waits = {**waits, "credit_minor": 10_000}
    account = an_account_with(a_plan(), disputes=(disputed(**waits),))
    assert standing(account) is Standing.DEFAULTED, "all but 100.00 of it may be asked for again since weeks"


def test_after_a_dispute_that_was_none_an_instalment_is_asked_for_and_not_all() -> None:
    weekly = a_plan(every=Every.WEEK, first_on=TODAY - days(14))
    decision = decided(an_account_with(weekly, disputes=(disputed(ended=0),)), STRATEGY)
    assert (asked(decision), held(decision, "planned")) == ([("late", 33_333)], 66_667)


def test_payments_of_the_day_it_was_made_that_were_known_do_not_count() -> None:
    account = an_account_with(a_plan(counted_minor=5_000), paid(5_000, ago=30), left=100_000)
    assert judged(account).instalments[0].paid_minor == 0


def test_what_is_paid_ahead_counts_for_the_instalments_to_come() -> None:
    account = an_account_with(a_plan(), paid(50_000))
    assert [one.left_minor for one in judged(account).instalments] == [0, 16_666, 33_334]


# What is asked for meanwhile


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


def test_who_is_spoken_to_by_telephone_is_called_about_an_instalment_that_did_not_come() -> None:
    strategy = a_strategy(STANDARD + PLAN.replace(" }", ', by = ["call"] }'))
    ahead, late = a_plan(first_on=TODAY + days(3)), a_plan(every=Every.WEEK, first_on=TODAY - days(5))
    assert decided(an_account_with(ahead), strategy).tasks == ()
    account = an_account_with(late, paid(10_000, ago=5))
    (task,) = decided(account, strategy).tasks
    assert (task.kind, task.what, task.amount_minor) == ("call", "instalment-late", 23_333)
    done = frozenset({(task.act, task.occasion, task.currency)})
    assert decided(replace(account, done=done), strategy).tasks == ()


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


# What a strategy may say of plans


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
