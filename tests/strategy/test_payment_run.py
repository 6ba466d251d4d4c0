"""Who pays on set days is contacted right before one, and never not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from strategy.account import Profile
from strategy.business_days import Calendar
from strategy.explain import sentence
from strategy.payment_run import PaymentRun, is_run
from strategy.schedule import Days
from tests.strategy.builders import NO_HOLIDAYS, TODAY, a_receivable, a_strategy, an_account, days, decided

EASTER = Calendar(holidays={"DE": frozenset({date(2026, 4, 3), date(2026, 4, 6)})})


@pytest.mark.parametrize(
    ("run", "cutoff", "last"),
    [
        ("fri", 0, date(2026, 4, 3)),
        ("fri", 1, date(2026, 4, 2)),
        ("fri", 2, date(2026, 4, 1)),
        ("wed", 0, date(2026, 4, 1)),
        ("tue", 0, date(2026, 4, 7)),
        ("tue", 1, date(2026, 4, 2)),
        ("15", 3, date(2026, 4, 10)),
        ("month end", 0, date(2026, 4, 30)),
    ],
)
def test_it_must_be_approved_so_many_business_days_before_they_pay(run: str, cutoff: int, last: date) -> None:
    assert PaymentRun(run=run, cutoff=cutoff).approved_by(date(2026, 3, 31), EASTER, "DE") == last


def test_such_days_are_written_so() -> None:
    assert all(map(is_run, ("mon", "sun", "1", "28", "month end")))
    assert not any(map(is_run, ("", "friday", "0", "29", "month start", "²")))


@given(
    run=st.sampled_from(["mon", "fri", "sun", "1", "15", "28", "month end"]),
    cutoff=st.integers(0, 10),
    before=st.integers(1, 10),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    after=st.integers(0, 400),
)
def test_whatever_the_run_there_is_a_day_for_a_contact_within_six_weeks(
    run: str, cutoff: int, before: int, weekdays: frozenset[int], after: int
) -> None:
    contact = replace(a_strategy().contact, days=weekdays, run=before)
    here = Days(calendar=NO_HOLIDAYS, place="DE", contact=contact, run=PaymentRun(run=run, cutoff=cutoff))
    day = TODAY + days(after)
    found = here.contact_day_from(day)
    assert here.may_contact(found)
    assert found - day <= days(42)


def test_a_day_that_is_not_right_before_a_run_says_so() -> None:
    strategy = a_strategy()
    (segment,) = strategy.segments
    strategy = replace(strategy, segments=(replace(segment, contact=replace(segment.contact, run=2, gap=0)),))
    account = an_account(a_receivable(days_late=30), profile=Profile(run="fri"))
    (held,) = decided(account, strategy).held
    assert held.until == TODAY + days(2)
    assert [sentence(why) for why in held.reasons][1:] == [
        "2026-03-02 is not right before a day on which they pay (fri)."
    ]
