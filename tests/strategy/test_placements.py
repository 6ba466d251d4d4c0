"""Which account an agency has, and until when."""

from msgspec.structs import replace

from strategy import placements
from strategy.model import CustomerId
from tests.strategy.agency_builders import CLAIMED, DISPUTED, PLACED, RECALLED, asked, placed
from tests.strategy.builders import TODAY, USD, an_open_case, days, decided


def test_an_agency_has_it_until_it_is_recalled_and_may_have_it_again() -> None:
    assert placements.placed(placed()) == (PLACED,)
    assert placements.placed(placed(PLACED, RECALLED)) == ()
    again = replace(PLACED, task=6)
    assert placements.placed(placed(PLACED, RECALLED, again)) == (again,)


def test_what_one_task_placed_is_not_taken_back_with_what_another_did() -> None:
    dollars = replace(PLACED, task=3, currency=USD)
    cases = (an_open_case(days_ago=60), an_open_case(days_ago=60, currency=USD))
    both = placed(dollars, PLACED, cases=cases)
    assert placements.placed(both) == (dollars, PLACED)
    later = replace(both, came=(PLACED, dollars, RECALLED))
    assert placements.placed(later) == (dollars,)
    assert placements.recalled(later, TODAY) == (PLACED,)
    assert [why.code for held in decided(later).held for why in held.reasons] == ["placed"], "also what is in EUR"


def test_a_placement_ends_with_its_case() -> None:
    over = replace(an_open_case(days_ago=60), closed_on=TODAY)
    assert placements.placed(replace(placed(), cases=(over, an_open_case(number=2)))) == ()


def test_a_placement_of_another_case_of_the_same_number_holds_nothing() -> None:
    child = CustomerId("child")
    theirs = replace(PLACED, customer_id=child)
    assert placements.placed(placed(theirs)) == ()
    case = replace(an_open_case(days_ago=60), customer_id=child)
    assert placements.placed(placed(theirs, cases=(case,))) == (theirs,)


def test_the_agency_has_it_still_on_the_day_on_which_a_payment_is_undone() -> None:
    undone = replace(an_open_case(days_ago=60), closed_on=TODAY - days(1))
    account = placed(agency=None, cases=(undone,))
    decision = decided(account)
    assert decision.touchpoints == ()
    assert [why.code for held in decision.held for why in held.reasons] == ["placed"]


def test_everything_of_the_account_is_held_and_no_statement_is_sent() -> None:
    decision = decided(placed(agency=None))
    assert decision.touchpoints == ()
    assert [why.code for held in decision.held for why in held.reasons] == ["placed"]


def test_our_people_tell_an_agency_without_settings_what_is_disputed_or_said_to_be_paid() -> None:
    assert asked(decided(placed(agency=None))) == []
    assert asked(decided(placed(agency=None, **DISPUTED))) == ["placed_disputed"]
    assert asked(decided(placed(agency=None, **CLAIMED))) == ["placed_claimed"]
