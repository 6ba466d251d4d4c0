"""A promise is kept, open or broken by the books alone, and never by stale ones."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from strategy.account import Settlement
from strategy.agreements import Promise, PromiseState
from strategy.model import InvoiceId
from strategy.promises import Verdict, judge, kept_rate
from strategy.touches import Touch
from tests.strategy.builders import (
    EUR,
    NO_HOLIDAYS,
    STANDARD,
    TODAY,
    a_ledger,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
)

RULE = a_strategy().holds.promise
FRIDAY = date(2026, 2, 20)
TUESDAY = date(2026, 2, 24)
"""Two business days of grace after it."""


def a_promise(**changes: Any) -> Promise:
    defaults: dict[str, Any] = {
        "id": 1,
        "made_on": FRIDAY - days(4),
        "promised_on": FRIDAY,
        "currency": EUR,
        "amounts": ((InvoiceId("1042"), 100_000),),
    }
    return Promise(**{**defaults, **changes})


def paid(on: date, amount: int = 100_000, **changes: Any) -> Settlement:
    return a_settlement(days_late=0, amount=amount, invoice_id=InvoiceId("1042"), settled_on=on, due_on=on, **changes)


def paid_on(invoice: str, on: date, amount: int) -> Settlement:
    return replace(paid(on, amount), invoice_id=InvoiceId(invoice))


def credited(amount: int) -> Settlement:
    """Of another invoice, after the promise was made."""
    return replace(paid_on("1040", FRIDAY, amount), by_payment=False)


def verdict(
    *settlements: Settlement, on: date = TODAY, promise: Promise | None = None, through: date = TODAY
) -> Verdict:
    account = an_account(
        a_receivable(),
        settlements=settlements,
        promises=(promise or a_promise(),),
        ledger=a_ledger(reconciled_on=through),
    )
    (judged,) = judge(account, RULE, NO_HOLIDAYS, on)
    return judged.verdict


@pytest.mark.parametrize(("on", "says"), [(TUESDAY, Verdict.KEPT), (TUESDAY + days(1), Verdict.BROKEN)])
def test_money_counts_through_the_last_day_of_grace(on: date, says: Verdict) -> None:
    assert verdict(paid(on)) is says


@pytest.mark.parametrize(("amount", "says"), [(99_000, Verdict.KEPT), (98_999, Verdict.BROKEN)])
def test_one_per_cent_less_is_still_kept(amount: int, says: Verdict) -> None:
    assert verdict(paid(FRIDAY, amount)) is says


SMALL = ((InvoiceId("1042"), 500),)


@pytest.mark.parametrize(("amount", "says"), [(400, Verdict.KEPT), (399, Verdict.BROKEN)])
def test_of_a_small_promise_one_unit_may_be_missing(amount: int, says: Verdict) -> None:
    assert verdict(paid(FRIDAY, amount), promise=a_promise(amounts=SMALL)) is says


def test_nothing_received_keeps_no_promise_and_a_tolerance_of_nothing_is_nothing() -> None:
    cents = a_promise(amounts=((InvoiceId("1042"), 80),))
    assert verdict(promise=cents) is Verdict.BROKEN
    exact = replace(RULE, tolerance_bp=0)
    account = an_account(
        a_receivable(), settlements=(paid(FRIDAY, 499),), promises=(a_promise(amounts=SMALL),), ledger=a_ledger()
    )
    assert judge(account, exact, NO_HOLIDAYS, TODAY)[0].verdict is Verdict.BROKEN


def test_money_that_the_books_had_when_the_promise_was_made_does_not_count() -> None:
    known = a_promise(amounts=((InvoiceId("1042"), 40_000),), counted=((InvoiceId("1042"), 40_000),))
    for on in (FRIDAY - days(4), FRIDAY - days(5)):
        assert verdict(paid(on, 40_000), promise=known) is Verdict.BROKEN
        assert verdict(paid(on, 40_000), paid(on, 40_000), promise=known) is Verdict.KEPT
        assert verdict(paid(on, 40_000), paid(FRIDAY, 40_000), promise=known) is Verdict.KEPT


def test_money_on_its_way_when_the_promise_was_made_keeps_it() -> None:
    """Transferred yesterday, promised today, in the books tomorrow, with yesterday's day."""
    assert verdict(paid(FRIDAY - days(5)), on=FRIDAY) is Verdict.KEPT


def test_money_that_the_books_had_takes_nothing_off_what_came_later_once_it_is_undone() -> None:
    known = a_promise(amounts=((InvoiceId("1042"), 60_000),), counted=((InvoiceId("1042"), 40_000),))
    assert verdict(paid(FRIDAY, 60_000), promise=known) is Verdict.KEPT


def test_money_that_the_books_had_on_one_invoice_takes_nothing_off_another() -> None:
    both = a_promise(
        amounts=((InvoiceId("1042"), 40_000), (InvoiceId("1043"), 40_000)), counted=((InvoiceId("1043"), 40_000),)
    )
    assert verdict(paid(FRIDAY - days(4), 40_000), paid_on("1043", FRIDAY, 40_000), promise=both) is Verdict.KEPT


def test_a_credit_note_keeps_no_promise() -> None:
    assert verdict(paid(FRIDAY, by_payment=False)) is Verdict.BROKEN


GONE = ((InvoiceId("1040"), 60_000),)
"""Promised of an invoice of which nothing is open."""


@pytest.mark.parametrize("settled", [(), (credited(60_000),), (paid_on("1040", FRIDAY, 30_000), credited(30_000))])
@pytest.mark.parametrize("on", [FRIDAY, TODAY])
def test_a_promise_of_what_was_voided_or_credited_is_void(settled: tuple[Settlement, ...], on: date) -> None:
    """So it is where the rest was credited of what was paid in part."""
    assert verdict(*settled, on=on, promise=a_promise(amounts=GONE)) is Verdict.VOID


def test_a_promise_that_was_paid_too_late_is_broken_though_nothing_is_open() -> None:
    late = paid_on("1040", TUESDAY + days(1), 60_000)
    assert verdict(late, promise=a_promise(amounts=GONE)) is Verdict.BROKEN


def test_a_promise_is_not_void_while_any_of_it_is_open() -> None:
    both = a_promise(amounts=(*GONE, (InvoiceId("1042"), 40_000)))
    assert verdict(promise=both) is Verdict.BROKEN


def test_a_void_promise_makes_no_letter_louder_and_no_rate_lower() -> None:
    said = a_touch("first", days_ago=9)
    account = an_account(a_receivable(days_late=13), promises=(a_promise(amounts=GONE),), touches=(said,))
    assert [touchpoint.step for touchpoint in decided(account).touchpoints] == ["second"]
    judged = judge(account, RULE, NO_HOLIDAYS, TODAY)
    assert kept_rate(judged, TODAY - days(365), TODAY) is None


def test_until_its_deadline_a_promise_is_open() -> None:
    assert verdict(on=TUESDAY) is Verdict.PENDING


def test_a_promise_is_not_broken_while_the_books_do_not_reach_its_day() -> None:
    assert verdict(through=FRIDAY - days(1)) is Verdict.UNJUDGED
    assert verdict(through=FRIDAY) is Verdict.BROKEN


@pytest.mark.parametrize("state", [PromiseState.CANCELLED, PromiseState.SUPERSEDED])
def test_a_promise_that_a_person_ended_is_neither_kept_nor_broken(state: PromiseState) -> None:
    assert verdict(promise=a_promise(state=state)) is Verdict.ENDED


def test_the_third_promise_in_sixty_days_rests_nothing() -> None:
    made = TODAY - days(1)
    promises = tuple(a_promise(id=n, made_on=made - days(20 * (3 - n)), promised_on=TODAY + days(5)) for n in (1, 2, 3))
    account = an_account(a_receivable(), promises=promises)
    assert [one.verdict for one in judge(account, RULE, NO_HOLIDAYS, TODAY)] == [
        Verdict.PENDING,
        Verdict.PENDING,
        Verdict.OVER_CAP,
    ]


def test_a_broken_promise_ends_its_rest_and_the_schedule_goes_on() -> None:
    account = an_account(a_receivable(days_late=20), promises=(a_promise(),))
    assert [touchpoint.step for touchpoint in decided(account).touchpoints] == ["third"]


@pytest.mark.parametrize("statement", [(), (a_touch("statement", days_ago=5, case=None),)])
def test_a_statement_is_no_word_about_a_broken_promise(statement: tuple[Touch, ...]) -> None:
    """The next letter is one step louder, and not the last of those that are due."""
    account = an_account(
        a_receivable(days_late=60), promises=(a_promise(),), touches=(a_touch("first", days_ago=40), *statement)
    )
    assert [touchpoint.step for touchpoint in decided(account).touchpoints] == ["third"]


def test_the_kept_rate_counts_promises_whose_day_has_passed_and_that_nobody_ended() -> None:
    kept = a_promise(id=1, amounts=((InvoiceId("1042"), 50_000),))
    broken = a_promise(id=2, amounts=((InvoiceId("1043"), 50_000),))
    ended = a_promise(id=3, state=PromiseState.CANCELLED, amounts=((InvoiceId("1043"), 50_000),))
    pending = a_promise(id=4, promised_on=TODAY + days(2), amounts=((InvoiceId("1043"), 50_000),))
    account = an_account(
        a_receivable("1043"), promises=(kept, broken, ended, pending), settlements=(paid(FRIDAY, 50_000),)
    )
    judged = judge(account, RULE, NO_HOLIDAYS, TODAY)
    assert kept_rate(judged, TODAY - days(365), TODAY) == Fraction(1, 2)
    assert kept_rate(judged, FRIDAY, TODAY) is None


def test_conditions_may_ask_for_the_kept_rate() -> None:
    text = '\n[[trigger]]\nname = "t"\nwhen = "kept_rate < 50%"\nnotify = "owner"\n'
    account = an_account(a_receivable(), promises=(a_promise(),))
    assert decided(account, a_strategy(STANDARD + text)).triggers_true == {"t"}
    assert decided(an_account(a_receivable()), a_strategy(STANDARD + text)).triggers_true == frozenset()
