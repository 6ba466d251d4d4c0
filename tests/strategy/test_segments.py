"""The first segment that is true takes the account, and keeps it from flipping."""

from typing import Any

import pytest
from msgspec.structs import replace

from strategy.account import Placement, Profile, Receivable
from strategy.agreements import Hold, HoldKind
from strategy.decision import Decision
from strategy.rules import Missed, Most, OwnContact
from tests.strategy.builders import (
    STANDARD,
    TODAY,
    USD,
    a_customer,
    a_receivable,
    a_settlement,
    a_strategy,
    a_touch,
    an_account,
    days,
    decided,
)

SEGMENTS = STANDARD.replace(
    "[[segment]]",
    """[[segment]]
name     = "new"
when     = "paid_invoices < 3 and known_days < 90"
schedule = "standard"

[[segment]]
name     = "late and large"
when     = "late_days > 15 and overdue > large"
stay     = "late_days > 10 and overdue > small"
dwell    = 14
schedule = "standard"

[[segment]]
name     = "good"
when     = "late_days <= 3"
schedule = "standard"

[[segment]]""",
    1,
)
LARGE = 1_000_001


def placed(*receivables: Receivable, **changes: Any) -> Decision:
    return decided(an_account(*receivables, **changes), a_strategy(SEGMENTS))


def test_the_first_true_segment_takes_the_account() -> None:
    found = placed(a_receivable(), paid_invoices=2, first_invoice_on=TODAY - days(89))
    assert found.placed.segment == "new"


def test_the_last_segment_takes_everyone_else() -> None:
    assert placed(a_receivable()).placed.segment == "everyone"


def test_what_is_unknown_takes_nobody() -> None:
    assert placed(a_receivable(days_late=-5)).placed.segment == "everyone"


def test_money_is_true_in_any_one_currency() -> None:
    small, large = a_receivable(days_late=20), a_receivable("2", days_late=20, amount=LARGE, currency=USD)
    assert placed(small, large).placed.segment == "late and large"


@pytest.mark.parametrize(
    ("country", "books", "profile", "language"),
    [("DE", None, None, "de"), ("FR", None, None, "en"), ("DE", "en", None, "en"), ("FR", "en", "de", "de")],
)
def test_the_language_of_an_account_is_that_of_its_letters(
    country: str, books: str | None, profile: str | None, language: str
) -> None:
    """The strategy writes to DE in German; books and profile may say otherwise."""
    german = STANDARD.replace(
        "[[segment]]", "[[segment]]\nname = 'german'\nwhen = \"language == de\"\nschedule = 'standard'\n[[segment]]", 1
    )
    account = an_account(
        a_receivable(), country=country, customer=a_customer(language=books), profile=Profile(language=profile)
    )
    found = decided(account, a_strategy(german))
    assert found.touchpoints[0].language == language
    assert found.placed.segment == ("german" if language == "de" else "everyone")


def test_while_there_an_account_stays_by_the_stay_condition() -> None:
    here = Placement(segment="late and large", since=TODAY - days(60))
    settled = (a_settlement(days_late=12, amount=10**8),)
    assert placed(a_receivable(days_late=12), placement=here, settlements=settled).placed.segment == "late and large"
    assert placed(a_receivable(days_late=12), settlements=settled).placed.segment == "everyone"


def test_an_account_dwells_before_another_segment_takes_it() -> None:
    settled = (a_settlement(days_late=1, amount=10**9),)
    early = placed(settlements=settled, placement=Placement(segment="late and large", since=TODAY - days(13)))
    late = placed(settlements=settled, placement=Placement(segment="late and large", since=TODAY - days(14)))
    assert (early.placed.segment, [why.code for why in early.placed.why]) == ("late and large", ["dwells"])
    assert (late.placed.segment, late.placed.was) == ("good", "late and large")


@pytest.mark.parametrize(
    ("kind", "segment"), [(HoldKind.LEGAL, "in court"), (HoldKind.PAUSED, "late and large"), (None, "late and large")]
)
def test_who_is_taken_out_of_chasing_dwells_nowhere(kind: HoldKind | None, segment: str) -> None:
    """domain.md §9: a minimum stay, except for holds."""
    text = SEGMENTS.replace(
        "[[segment]]", '[[segment]]\nname = "in court"\nwhen = "legal"\nschedule = "standard"\n\n[[segment]]', 1
    )
    held = tuple(Hold(id=1, kind=one, invoice_id=None, since=TODAY, until=None, reason="") for one in (kind,) if one)
    account = an_account(holds=held, placement=Placement(segment="late and large", since=TODAY - days(3)))
    assert decided(account, a_strategy(text)).placed.segment == segment


def test_a_segment_that_the_strategy_lost_keeps_nobody() -> None:
    gone = Placement(segment="of old", since=TODAY)
    assert placed(a_receivable(), placement=gone).placed.segment == "everyone"


def test_the_placement_says_because_of_what() -> None:
    found = placed(a_receivable(days_late=20, amount=LARGE))
    assert [why.code for why in found.placed.why] == ["segment", "test", "test"]
    assert found.placed.why[0].facts["condition"] == "late_days > 15 and overdue > large"


def test_while_there_the_placement_says_what_keeps_it() -> None:
    here = Placement(segment="late and large", since=TODAY - days(60))
    found = placed(a_receivable(days_late=20, amount=LARGE), placement=here)
    assert found.placed.why[0].facts["condition"] == "late_days > 10 and overdue > small"


def test_what_an_account_says_of_contact_wins_over_its_segment() -> None:
    """Tuesdays only, and today is Monday."""
    own = Profile(contact=OwnContact(days=frozenset({1}), by=("post",)))
    found = placed(a_receivable(), profile=own)
    assert not found.touchpoints
    assert {held.until for held in found.held} == {TODAY + days(1)}
    assert placed(a_receivable()).touchpoints


def test_an_account_may_say_how_often_at_most_and_what_becomes_of_missed_days() -> None:
    own = OwnContact(most=Most(contacts=1, days=90), missed=Missed.SEQUENCE)
    contact = own.over(a_strategy().contact)
    assert (contact.most, contact.missed) == (Most(contacts=1, days=90), Missed.SEQUENCE)
    spoken = a_touch("first", days_ago=60)
    rare = placed(a_receivable(), profile=Profile(contact=own), touches=(spoken,))
    assert {held.until for held in rare.held} == {TODAY + days(30)}
    assert placed(a_receivable(), touches=(spoken,)).touchpoints


def test_an_account_that_says_something_of_contact_still_pays_on_its_days() -> None:
    contact = replace(a_strategy().contact, run=2)
    assert OwnContact(gap=9).over(contact) == replace(contact, gap=9)
