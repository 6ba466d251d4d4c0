"""A dispute rests until it has an outcome, and where they are right, until the credit note is in the books."""

from typing import Any

from msgspec.structs import replace

from strategy.account import Account
from strategy.agreements import Dispute, DisputeOutcome
from strategy.disputes import rests
from strategy.explain import sentence
from tests.strategy.builders import (
    LUND,
    STANDARD,
    TODAY,
    a_dispute,
    a_receivable,
    a_settlement,
    a_strategy,
    an_account,
    codes,
    days,
    decided,
)


def unanswered(**changes: Any) -> Dispute:
    """Of a part, for nine days, and it was to be answered two days ago."""
    since = {"opened_on": TODAY - days(9), "answer_by": TODAY - days(2)}
    return a_dispute(**{"id": 1, "amount_minor": 20_000, **since, **changes})


def valid(credit: int = 20_000, **changes: Any) -> Dispute:
    return unanswered(
        outcome=DisputeOutcome.VALID, resolved_on=TODAY - days(1), credit_minor=credit, answer_by=None, **changes
    )


def credited(amount: int, **changes: Any) -> Any:
    given: dict[str, Any] = {"days_late": 0, "days_ago": 1, "amount": amount, "invoice_id": LUND, "by_payment": False}
    return a_settlement(**given | changes)


def account(dispute: Dispute, *settlements: Any) -> Account:
    return an_account(a_receivable(), disputes=(dispute,), settlements=settlements)


def test_who_is_right_is_not_asked_for_what_a_credit_note_will_take_off() -> None:
    decision = decided(account(valid()))
    assert sum(said.amount_minor for said in decision.touchpoints) == 100_000
    assert "credit_expected" in codes(decision)


def test_what_was_credited_since_is_expected_no_longer() -> None:
    assert rests(account(valid()), valid()) == 20_000
    assert rests(account(valid(), credited(15_000)), valid()) == 5_000
    assert rests(account(valid(), credited(15_000, days_ago=10)), valid()) == 5_000, "it reached the books later"
    assert rests(account(valid(), credited(15_000, by_payment=True)), valid()) == 20_000


def test_a_dispute_is_over_with_its_credit_note() -> None:
    assert decided(account(valid(), credited(20_000))).settled_disputes == (1,)
    assert decided(account(valid(), credited(19_999))).settled_disputes == ()


def first_and_second(*settlements: Any, **changes: Any) -> Account:
    """Two disputes of one invoice in which they are right, of 200.00 each; `changes` are the first's."""
    return an_account(a_receivable(), disputes=(replace(valid(), **changes), valid(id=2)), settlements=settlements)


def test_one_credit_note_is_for_one_dispute() -> None:
    assert decided(first_and_second(credited(20_000))).settled_disputes == (1,)
    assert [rests(first_and_second(credited(30_000)), one) for one in (valid(), valid(id=2))] == [0, 10_000]
    assert decided(first_and_second(credited(20_000), credited(20_000))).settled_disputes == (1, 2)


def test_what_a_dispute_that_is_over_has_got_is_for_no_other() -> None:
    over = first_and_second(credited(20_000), closed_on=TODAY - days(1))
    assert rests(over, valid(id=2)) == 20_000


def test_a_dispute_that_is_over_takes_nothing_of_what_comes_later() -> None:
    """It was ended by a person, and its credit note never came."""
    assert rests(first_and_second(credited(20_000), closed_on=TODAY - days(2)), valid(id=2)) == 0


def test_what_the_later_dispute_has_got_is_not_the_earlier_ones_when_that_is_decided() -> None:
    both = (valid(), valid(id=2, closed_on=TODAY - days(1)))
    assert rests(an_account(a_receivable(), disputes=both, settlements=(credited(20_000),)), valid()) == 20_000


def test_a_dispute_without_an_outcome_or_that_is_invalid_takes_no_credit() -> None:
    """On a day gone by, its outcome may have been told since."""
    for other in ({"outcome": None}, {"outcome": DisputeOutcome.INVALID, "credit_minor": 0}):
        assert rests(first_and_second(credited(20_000), **other), valid(id=2)) == 0


def test_credit_that_was_counted_already_is_not_what_is_expected() -> None:
    known = valid(counted_minor=20_000)
    assert rests(account(known, credited(20_000)), known) == 20_000
    assert rests(account(known, credited(20_000, days_ago=10)), known) == 20_000
    assert rests(account(known, credited(20_000), credited(15_000, days_ago=10)), known) == 5_000
    assert rests(account(known, credited(20_000), credited(20_000, days_ago=0)), known) == 0
    assert rests(account(known, credited(35_000)), known) == 5_000


def test_a_dispute_in_which_they_are_right_is_over_with_its_invoice() -> None:
    assert decided(an_account(a_receivable("1043"), disputes=(valid(),))).settled_disputes == (1,)


def test_a_dispute_without_an_outcome_is_never_over_by_itself() -> None:
    assert decided(an_account(a_receivable("1043"), disputes=(unanswered(),))).settled_disputes == ()


def asked(dispute: Dispute) -> list[tuple[str, str]]:
    return [(one.kind, one.who) for one in decided(account(dispute)).tasks]


def test_its_owner_is_asked_at_once_and_again_when_the_day_has_passed() -> None:
    assert asked(unanswered(owner="sales", answer_by=TODAY)) == [("answer dispute", "sales")]
    late = unanswered(owner="sales", answer_by=TODAY - days(1))
    assert asked(late) == [("answer dispute", "sales"), ("dispute unanswered", "sales")]


def test_who_has_answered_is_asked_no_more() -> None:
    assert asked(unanswered(answered_on=TODAY - days(3))) == []


def test_a_credit_note_that_is_expected_is_the_bookkeepers() -> None:
    (task,) = decided(account(valid(12_000))).tasks
    assert (task.kind, task.who, task.amount_minor) == ("credit wanted", "bookkeeper", 12_000)
    assert sentence(task.why[0]) == "They are right (price): give them a credit note of 120.00 EUR in the books."


def test_what_is_disputed_counts_as_disputed_until_it_is_over() -> None:
    text = """
[[trigger]]
name   = "something is disputed"
when   = "disputed > 0"
notify = "owner"
"""

    strategy = a_strategy(STANDARD + text)
    assert decided(account(valid()), strategy).triggers_true == {"something is disputed"}
    assert decided(account(valid(), credited(20_000)), strategy).triggers_true == frozenset()
