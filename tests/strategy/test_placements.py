"""Which account an agency has, and what it must hear."""

from typing import Any

from msgspec.structs import replace

from strategy import placements
from strategy.account import Account
from strategy.agreements import Claim, Dispute
from strategy.model import CustomerId, InvoiceId
from strategy.touches import CameOf
from tests.strategy.builders import EUR, TODAY, USD, a_receivable, an_account, an_open_case, days, decided

PLACED = CameOf(
    task=4, act="agency", occasion="1", case=1, currency=EUR, on=TODAY - days(5), outcome="placed", what="northgate"
)
RECALLED = replace(PLACED, task=5, act="recall", occasion="4-by-hand", case=None, outcome="recalled")


def placed(*came: CameOf, **changes: Any) -> Account:
    changes = {"cases": (an_open_case(days_ago=60),), **changes}
    return an_account(a_receivable(days_late=60), came=came or (PLACED,), **changes)


def told(account: Account) -> list[str]:
    """What our people are to tell the agency today."""
    return [task.why[0].code for task in decided(account).tasks if task.kind == "recall"]


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
    account = replace(placed(), cases=(replace(an_open_case(days_ago=60), closed_on=TODAY - days(1)),))
    decision = decided(account)
    assert decision.touchpoints == ()
    assert [why.code for held in decision.held for why in held.reasons] == ["placed"]


def test_everything_of_the_account_is_held_and_no_statement_is_sent() -> None:
    decision = decided(placed())
    assert decision.touchpoints == ()
    assert [why.code for held in decision.held for why in held.reasons] == ["placed"]


def test_the_agency_hears_of_what_is_disputed_or_said_to_be_paid_since() -> None:
    assert told(placed()) == []
    dispute = Dispute(id=1, invoice_id=InvoiceId("1042"), amount_minor=None, category="price", opened_on=TODAY)
    assert told(placed(disputes=(dispute,))) == ["placed_disputed"]
    claim = Claim(id=1, invoices=frozenset({InvoiceId("1042")}), claimed_on=TODAY, until=TODAY)
    assert told(placed(claims=(claim,))) == ["placed_claimed"]
