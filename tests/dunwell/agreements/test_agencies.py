"""What an agency has is chased by nobody else, until it is taken back."""

from collections.abc import Iterator

import pytest

from dunwell.agreements import agencies, calls
from dunwell.agreements.calls import Came
from dunwell.agreements.refusing import Refused
from strategy import placements
from strategy.account import Account
from strategy.model import CustomerId
from sync.store import outbox
from sync.store.outbox import State, Task
from tests.sync.firm import Firm, a_firm

PLACING = """
strategy = "test"
inherits = "standard"
statement = ""

[schedule.short]
final  = { at = "due + 2", say = "final", approve = true }
agency = { at = "final + 7", place = "northgate", after = "final" }
later  = { at = "final + 14", say = "firm" }

[[segment]]
name = "everyone"
schedule = "short"
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=PLACING) as opened:
        yield opened


def next_days(firm: Firm, days: int) -> None:
    firm.sleep(days=days)
    firm.refresh()
    firm.run()


def to_place(firm: Firm) -> tuple[CustomerId, Task]:
    """A customer whom somebody is to hand over."""
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run()
    outbox.approve(firm.bench.store, firm.bench.moment("Ann"), firm.rows(customer_id)[0])
    firm.run()
    next_days(firm, 7)
    (task,) = [one for one in outbox.tasks(firm.bench.store, firm.bench.ledger.id) if _of(one, customer_id)]
    return customer_id, task


def _of(task: Task, customer_id: CustomerId) -> bool:
    return task.asked is not None and task.asked.customer_id == customer_id


def account(firm: Firm, customer_id: CustomerId) -> Account:
    found = firm.bench.account(customer_id, firm.bench.today())
    assert found is not None
    return found


def test_whom_an_agency_has_nobody_writes_to_until_they_are_taken_back(firm: Firm) -> None:
    customer_id, task = to_place(firm)
    calls.finish(firm.bench, task.id, Came(outcome="placed", note="their number 77"), "Ann")
    standing = placements.placed(account(firm, customer_id))
    assert standing is not None
    assert (standing.what, standing.on) == ("northgate", firm.bench.today())
    next_days(firm, 14)
    assert [row.act for row in firm.rows(customer_id)] == ["final"]
    assert agencies.recall(firm.bench, account(firm, customer_id), "settled with them", "Ann") == "northgate"
    assert placements.placed(account(firm, customer_id)) is None
    firm.run()
    assert [(row.act, row.state) for row in firm.rows(customer_id)][1:] == [("later", State.SENT)]


@pytest.mark.parametrize("outcome", ["declined", "Declined"])
def test_what_somebody_decided_against_stays_ours(firm: Firm, outcome: str) -> None:
    customer_id, task = to_place(firm)
    calls.finish(firm.bench, task.id, Came(outcome=outcome), "Ann")
    assert placements.placed(account(firm, customer_id)) is None
    with pytest.raises(Refused, match="no agency has Customer"):
        agencies.recall(firm.bench, account(firm, customer_id), "why not", "Ann")


def test_a_placement_has_outcomes_of_its_own(firm: Firm) -> None:
    _, task = to_place(firm)
    with pytest.raises(Refused, match=r"no outcome of a place \(placed: the agency has it; declined: "):
        calls.finish(firm.bench, task.id, Came(outcome="promised"), "Ann")
