"""What would change an answer: a sentence for every reason that holds, and for every step."""

import pytest

from strategy import shipped
from strategy.agreements import Hold, HoldKind
from strategy.changes import CHANGES, NEED_NONE, WITHOUT, change, whose
from strategy.decision import reason
from strategy.explain import SENTENCES
from strategy.plan import plan_account
from strategy.text.parse import parse
from tests.strategy.builders import (
    TODAY,
    a_customer,
    a_dispute,
    a_receivable,
    an_account,
    days,
    decided,
)
from tests.strategy.life_books import CALENDAR
from tests.strategy.lives import Life


def test_every_reason_says_what_would_change_it_or_is_named_as_needing_none() -> None:
    assert set(CHANGES) | NEED_NONE == set(SENTENCES)
    assert not set(CHANGES) & NEED_NONE
    assert set(WITHOUT) <= set(CHANGES)


def test_whatever_happens_each_hold_and_each_step_is_told_with_facts_that_are_known() -> None:
    strategy = parse(shipped.text("standard"), "standard.toml", shipped.find).strategy
    assert strategy is not None
    for number in range(4):
        life = Life(7, number, lively=0.5)
        for _ in range(40):
            decision = plan_account(life.account(), strategy, CALENDAR, life.today)
            reasons = [why for held in decision.held for why in held.reasons]
            reasons += [why for said in decision.touchpoints for why in said.why]
            for why in reasons:
                text = change(why, whose(life.account(), life.today))
                assert (text is None) == (why.code in NEED_NONE), why
                assert text is None or not {"None", "never"} & set(text.split()), text
            assert all(life.remember(decision))
            life.next_day()


def told(why_code: str, **changes: object) -> list[str | None]:
    account = an_account(a_receivable(), **changes)
    decision = decided(account)
    reasons = [why for held in decision.held for why in held.reasons if why.code == why_code]
    return [change(why, whose(account, TODAY)) for why in reasons]


def test_a_dispute_ends_with_its_own_number() -> None:
    assert told("disputed", disputes=(a_dispute(),)) == [
        "The dispute ends once it is settled, with: dunwell dispute end harbour 7"
    ]


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (TODAY + days(9), "The hold ends after 2026-03-11, or before with: dunwell hold end harbour 4"),
        (None, "The hold ends with: dunwell hold end harbour 4"),
    ],
)
def test_a_hold_without_a_last_day_ends_only_by_hand(until: object, text: str) -> None:
    hold = Hold(id=4, kind=HoldKind.PAUSED, invoice_id=None, since=TODAY, until=until, reason="ill")  # type: ignore[arg-type]
    assert told("paused", holds=(hold,)) == [text]


def test_a_step_is_rejected_where_its_message_waits_and_else_held() -> None:
    why, account = reason("step_due", step="first"), an_account()
    assert str(change(why, whose(account, TODAY, "1a2b3c4d"))).endswith("dunwell reject harbour 1a2b3c4d")
    assert str(change(why, whose(account, TODAY))).endswith(
        'dunwell hold add harbour "Brasserie Lund" --kind paused --reason WHY'
    )


def test_a_name_that_a_command_line_would_not_take_is_told_by_its_id() -> None:
    account = an_account(customer=a_customer(name='Lund "the $ place"'))
    assert whose(account, TODAY).customer == "lund"
