"""What a check says of letters before action is what stops them: by each customer's own schedule, country and form."""

from collections.abc import Iterator

import pytest

from dunwell.checking import customers
from strategy.model import CustomerId
from sync import profiles
from tests.sync.firm import Firm, a_firm

STRATEGY = """
strategy = "test"
inherits = "standard"
statement = ""

[schedule.soft]
first = { at = "due + 2", say = "friendly" }

[schedule.hard]
first = { at = "due + 2", say = "friendly" }
final = { at = "due + 9", say = "final", approve = true, deadline = 14, lawful = ["GB"] }

[[segment]]
name     = "north"
when     = "list == north"
schedule = "hard"

[[segment]]
name     = "others"
schedule = "soft"
"""

NORTH = '["north"]'

WAITS = "a letter before action, waits for it"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("checked"), strategy=STRATEGY) as opened:
        yield opened


def owes(firm: Firm, *, days_late: int = 3, **known: str) -> CustomerId:
    """Another customer, of whose profile so much is known."""
    name, customer_id = firm.customer()
    firm.invoice(name, days_late=days_late)
    firm.refresh()
    profiles.apply(firm.bench.store, firm.bench.moment("Ann"), customer_id, known)
    return customer_id


def notes(firm: Firm) -> list[str]:
    return [what for _, what, _ in customers.found(firm.bench)]


def test_only_who_would_be_sent_a_letter_and_may_not_be_waits_for_what_their_profile_lacks(firm: Firm) -> None:
    owes(firm, country="US")  # nothing in their schedule is such a letter
    owes(firm, country="GB", lists=NORTH)  # where it is lawful whatever their form
    owes(firm, country="US", lists=NORTH, legal_form="consumer")  # stopped by the law, and not by what they lack
    owes(firm, country="US", lists=NORTH, days_late=-3)
    assert notes(firm) == []
    owes(firm, country="US", lists=NORTH)
    assert notes(firm) == [f'1 customer who owes has no legal form: "final", {WAITS}']
    owes(firm, country="US", lists=NORTH)
    owes(firm, lists=NORTH, legal_form="company")
    assert notes(firm) == [
        f'1 customer who owes has no country: "final", {WAITS}',
        f'2 customers who owe have no legal form: "final", {WAITS}',
    ]


def test_all_of_it_is_counted_in_one_reading_of_the_customers(firm: Firm) -> None:
    asked: list[str] = []
    firm.bench.store.on_trace(asked.append)
    notes(firm)
    firm.bench.store.on_trace(None)
    assert len([one for one in asked if one.startswith("-- Promises")]) == 1, asked
