"""Every hold bites, by amount, and what is asked plus what is held is what is open."""

from datetime import date

import pytest

from strategy.account import TieOut, TieOutState
from strategy.agreements import Claim, Dispute, HoldKind, Promise
from strategy.decision import Decision
from strategy.model import Customer, Sent, Switch
from strategy.touches import Failures, TouchState
from tests.strategy.builders import (
    EUR,
    LUND,
    STANDARD,
    TODAY,
    USD,
    a_customer,
    a_dispute,
    a_hold,
    a_ledger,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    codes,
    days,
    decided,
    unapplied,
)


def asked(decision: Decision) -> int:
    return sum(touchpoint.amount_minor for touchpoint in decision.touchpoints)


def held(decision: Decision, code: str) -> int:
    return sum(one.amount_minor for one in decision.held if any(why.code == code for why in one.reasons))


def a_promise(*, on: date, amount: int = 120_000) -> Promise:
    return Promise(id=1, made_on=TODAY - days(3), promised_on=on, currency=EUR, amounts=((LUND, amount),))


def test_nothing_held_means_everything_overdue_is_asked_for() -> None:
    assert asked(decided(an_account(a_receivable()))) == 120_000


def test_a_dispute_of_a_part_leaves_the_rest_to_be_asked_for() -> None:
    decision = decided(an_account(a_receivable(), disputes=(a_dispute(amount_minor=20_000),)))
    assert (asked(decision), held(decision, "disputed")) == (100_000, 20_000)


def test_a_dispute_without_an_amount_holds_its_invoice() -> None:
    decision = decided(an_account(a_receivable(), a_receivable("1043"), disputes=(a_dispute(),)))
    assert (asked(decision), held(decision, "disputed")) == (120_000, 120_000)


def test_a_strategy_may_let_a_dispute_hold_the_whole_invoice() -> None:
    strategy = a_strategy(STANDARD.replace('minimum = "small"', 'minimum = "small"\ndispute = "invoice"'))
    decision = decided(an_account(a_receivable(), disputes=(a_dispute(amount_minor=20_000),)), strategy)
    assert (asked(decision), held(decision, "disputed")) == (0, 120_000)


def test_a_strategy_may_let_a_dispute_hold_the_whole_customer() -> None:
    strategy = a_strategy(STANDARD.replace('minimum = "small"', 'minimum = "small"\ndispute = "customer"'))
    decision = decided(
        an_account(a_receivable(), a_receivable("1043"), disputes=(a_dispute(amount_minor=20_000),)), strategy
    )
    assert (asked(decision), held(decision, "disputed")) == (0, 240_000)


def test_a_settled_dispute_holds_nothing() -> None:
    settled = Dispute(
        id=1, invoice_id=LUND, amount_minor=None, category="price", opened_on=TODAY - days(9), closed_on=TODAY - days(1)
    )
    assert asked(decided(an_account(a_receivable(), disputes=(settled,)))) == 120_000


def test_an_open_promise_holds_what_was_promised() -> None:
    account = an_account(a_receivable(), promises=(a_promise(on=TODAY + days(3), amount=50_000),))
    decision = decided(account)
    assert (asked(decision), held(decision, "promised")) == (70_000, 50_000)


def test_what_was_paid_of_a_promise_is_promised_no_longer() -> None:
    """700.00 of 1,200.00 were promised, 300.00 of them came: what was not promised is asked for as before."""
    part = a_settlement(days_late=10, days_ago=1, amount=30_000, invoice_id=LUND)
    account = an_account(
        a_receivable(open_minor=90_000, paid_minor=30_000),
        promises=(a_promise(on=TODAY + days(3), amount=70_000),),
        settlements=(part,),
    )
    decision = decided(account)
    assert (asked(decision), held(decision, "promised")) == (50_000, 40_000)


def test_a_promise_rests_through_its_grace_and_says_until_when() -> None:
    friday = TODAY - days(3)  # grace of two business days: through Tuesday
    (part,) = decided(an_account(a_receivable(), promises=(a_promise(on=friday),))).held
    assert part.until == TODAY + days(2)


def test_what_they_say_is_paid_rests_until_the_bookkeeper_has_looked() -> None:
    claim = Claim(id=1, invoices=frozenset({LUND}), claimed_on=TODAY - days(1), until=TODAY + days(4))
    decision = decided(an_account(a_receivable(), a_receivable("1043"), claims=(claim,)))
    assert (asked(decision), held(decision, "claimed_paid")) == (120_000, 120_000)


def test_a_claim_that_ran_out_holds_nothing() -> None:
    claim = Claim(id=1, invoices=frozenset({LUND}), claimed_on=TODAY - days(9), until=TODAY - days(1))
    assert asked(decided(an_account(a_receivable(), claims=(claim,)))) == 120_000


def test_an_invoice_that_was_never_sent_is_not_asked_for() -> None:
    decision = decided(an_account(a_receivable(sent=Sent.NO), a_receivable("1043")))
    assert (asked(decision), held(decision, "never_sent")) == (120_000, 120_000)


def test_a_firm_that_sends_invoices_elsewhere_is_not_held_by_the_sent_mark() -> None:
    account = an_account(a_receivable(sent=Sent.NO), ledger=a_ledger(invoices_leave_here=False))
    assert asked(decided(account)) == 120_000


def test_what_the_history_calls_settled_is_not_chased_though_the_platform_calls_it_open() -> None:
    decision = decided(an_account(a_receivable(doubtful_minor=30_000)))
    assert (asked(decision), held(decision, "history_incomplete")) == (90_000, 30_000)


def test_unapplied_credit_is_taken_off_the_oldest_invoice_first() -> None:
    account = an_account(a_receivable("old", days_late=40), a_receivable("new"), unapplied=(unapplied(150_000),))
    decision = decided(account)
    covered = {one.number: one.amount_minor for one in decision.held}
    assert (covered, asked(decision)) == ({"old": 120_000, "new": 30_000}, 90_000)


def test_credit_that_covers_everything_leaves_nothing_to_say_but_work_for_the_bookkeeper() -> None:
    decision = decided(an_account(a_receivable(), unapplied=(unapplied(500_000),)))
    assert not decision.touchpoints
    assert [task.kind for task in decision.tasks] == ["apply credit"]


def test_credit_in_another_currency_covers_nothing() -> None:
    decision = decided(an_account(a_receivable(), unapplied=(unapplied(500_000, currency=USD),)))
    assert asked(decision) == 120_000


@pytest.mark.parametrize(("amount", "says"), [(2_500, 0), (2_501, 2_501)])
def test_nothing_is_asked_for_at_or_below_the_minimum(amount: int, says: int) -> None:
    assert asked(decided(an_account(a_receivable(amount=amount)))) == says


def test_nobody_is_asked_for_more_than_the_platform_says_is_owed() -> None:
    less = TieOut(currency=EUR, state=TieOutState.LESS, ours_minor=120_000, theirs_minor=100_000)
    decision = decided(an_account(a_receivable(), tie_outs=(less,)))
    assert (asked(decision), codes(decision)) == (0, {"platform_says_less"})


def test_a_difference_in_the_other_direction_warns_and_holds_nothing() -> None:
    more = TieOut(currency=EUR, state=TieOutState.MORE, ours_minor=120_000, theirs_minor=150_000)
    assert asked(decided(an_account(a_receivable(), tie_outs=(more,)))) == 120_000


def test_an_accepted_difference_holds_nothing() -> None:
    known = TieOut(currency=EUR, state=TieOutState.ACCEPTED, ours_minor=120_000, theirs_minor=100_000)
    assert asked(decided(an_account(a_receivable(), tie_outs=(known,)))) == 120_000


@pytest.mark.parametrize("kind", list(HoldKind))
def test_a_hold_on_the_account_holds_everything(kind: HoldKind) -> None:
    decision = decided(an_account(a_receivable(), a_receivable("1043"), holds=(a_hold(kind),)))
    assert (asked(decision), codes(decision)) == (0, {kind.value})


def test_a_hold_on_one_invoice_leaves_the_others() -> None:
    account = an_account(a_receivable(), a_receivable("1043"), holds=(a_hold(HoldKind.RETENTION, invoice_id=LUND),))
    decision = decided(account)
    assert (asked(decision), held(decision, "retention")) == (120_000, 120_000)


@pytest.mark.parametrize(("until", "says"), [(TODAY, 0), (TODAY - days(1), 120_000)])
def test_a_pause_holds_through_its_last_day(until: date, says: int) -> None:
    assert asked(decided(an_account(a_receivable(), holds=(a_hold(HoldKind.PAUSED, until=until),)))) == says


@pytest.mark.parametrize(
    ("ledger", "code"),
    [
        ({"pulled_on": TODAY - days(2)}, "pull_stale"),
        ({"pulled_on": None}, "pull_stale"),
        ({"reconciled_on": TODAY - days(10)}, "books_not_reconciled"),
        ({"reconciled_on": None}, "books_not_reconciled"),
        ({"reminders": Switch.ON}, "platform_reminders_on"),
        ({"reminders": Switch.UNKNOWN}, "platform_reminders_unconfirmed"),
        ({"out_of_balance": True}, "ledger_out_of_balance"),
    ],
)
def test_books_that_cannot_be_trusted_hold_every_account(ledger: dict[str, object], code: str) -> None:
    decision = decided(an_account(a_receivable(), ledger=a_ledger(**ledger)))
    assert (asked(decision), codes(decision)) == (0, {code})


def test_an_account_is_held_of_which_a_customer_cannot_be_read() -> None:
    decision = decided(an_account(a_receivable(), unreadable=("Lund AB",)))
    assert (asked(decision), codes(decision)) == (0, {"customer_unreadable"})


@pytest.mark.parametrize(("through", "says"), [(TODAY - days(7), 120_000), (TODAY - days(10), 0)])
def test_books_may_be_matched_through_five_business_days_ago(through: date, says: int) -> None:
    assert asked(decided(an_account(a_receivable(), ledger=a_ledger(reconciled_on=through)))) == says


def test_books_read_yesterday_are_not_stale() -> None:
    assert asked(decided(an_account(a_receivable(), ledger=a_ledger(pulled_on=TODAY - days(1))))) == 120_000


def test_a_message_that_may_have_left_holds_the_account() -> None:
    maybe = a_touch("first", days_ago=8, state=TouchState.UNKNOWN)
    decision = decided(an_account(a_receivable(), touches=(maybe,)))
    assert (asked(decision), codes(decision)) == (0, {"outcome_unknown"})


def test_without_an_address_the_amount_is_held_and_somebody_is_asked_to_find_one() -> None:
    decision = decided(an_account(a_receivable(), customer=nobody()))
    assert codes(decision) == {"no_address"}
    assert [task.kind for task in decision.tasks] == ["no_address"]


def test_somebody_is_asked_for_an_address_only_once() -> None:
    before = frozenset({("no_address", "1", EUR)})
    assert not decided(an_account(a_receivable(), customer=nobody(), done=before)).tasks


def test_after_three_definite_failures_a_person_takes_over() -> None:
    decision = decided(an_account(a_receivable(), failures={("second", "1", EUR): Failures(count=3)}))
    assert (asked(decision), codes(decision)) == (0, {"undeliverable"})


@pytest.mark.parametrize(
    "failures",
    [
        Failures(count=5, to=(("gone@lund.example",),) * 3),
        Failures(count=5, before=3, seen_to=1),
    ],
)
def test_failures_at_another_address_or_before_somebody_looked_do_not_count(failures: Failures) -> None:
    (again,) = decided(an_account(a_receivable(), failures={("second", "1", EUR): failures})).touchpoints
    assert again.attempt == 6


def test_a_failed_message_is_tried_again_under_a_new_key() -> None:
    (again,) = decided(an_account(a_receivable(), failures={("second", "1", EUR): Failures(count=1)})).touchpoints
    assert (again.attempt, again.key) == (2, "harbour/lund-EUR/second/1/email/2")


def test_everything_that_holds_an_amount_is_named() -> None:
    account = an_account(
        a_receivable(), disputes=(a_dispute(),), holds=(a_hold(HoldKind.LEGAL),), ledger=a_ledger(reconciled_on=None)
    )
    assert codes(decided(account)) == {"disputed", "legal", "books_not_reconciled"}


def nobody() -> Customer:
    return a_customer(emails=())
