"""A dispute rests until it has an outcome, and where they are right, until the credit note is in the books."""

from typing import Any

from strategy.account import Account
from strategy.agreements import Dispute, DisputeOutcome
from strategy.disputes import rests
from strategy.explain import sentence
from strategy.model import InvoiceId
from tests.strategy.builders import (
    STANDARD,
    TODAY,
    a_receivable,
    a_settlement,
    a_strategy,
    an_account,
    codes,
    days,
    decided,
)

LUND = InvoiceId("1042")


def a_dispute(**changes: Any) -> Dispute:
    defaults: dict[str, Any] = {
        "id": 1,
        "invoice_id": LUND,
        "amount_minor": 20_000,
        "category": "price",
        "opened_on": TODAY - days(9),
        "answer_by": TODAY - days(2),
    }
    return Dispute(**{**defaults, **changes})


def valid(credit: int = 20_000, **changes: Any) -> Dispute:
    return a_dispute(
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
    assert rests(account(valid(), credited(15_000, days_ago=10)), valid()) == 20_000
    assert rests(account(valid(), credited(15_000, by_payment=True)), valid()) == 20_000


def test_a_dispute_is_over_with_its_credit_note() -> None:
    assert decided(account(valid(), credited(20_000))).settled_disputes == (1,)
    assert decided(account(valid(), credited(19_999))).settled_disputes == ()


def test_a_dispute_in_which_they_are_right_is_over_with_its_invoice() -> None:
    assert decided(an_account(a_receivable("1043"), disputes=(valid(),))).settled_disputes == (1,)


def test_a_dispute_without_an_outcome_is_never_over_by_itself() -> None:
    assert decided(an_account(a_receivable("1043"), disputes=(a_dispute(),))).settled_disputes == ()


def asked(dispute: Dispute) -> list[tuple[str, str]]:
    return [(one.kind, one.who) for one in decided(account(dispute)).tasks]


def test_its_owner_is_asked_at_once_and_again_when_the_day_has_passed() -> None:
    assert asked(a_dispute(owner="sales", answer_by=TODAY)) == [("answer dispute", "sales")]
    late = a_dispute(owner="sales", answer_by=TODAY - days(1))
    assert asked(late) == [("answer dispute", "sales"), ("dispute unanswered", "sales")]


def test_who_has_answered_is_asked_no_more() -> None:
    assert asked(a_dispute(answered_on=TODAY - days(3))) == []


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
