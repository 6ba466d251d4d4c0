"""What came of a call is an outcome that conditions know, a contact of its day, and a note in the books."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.base import Target
from dunwell.agreements import calls
from dunwell.agreements.calls import Came
from dunwell.agreements.refusing import Refused
from strategy.business_days import DAY
from strategy.model import CustomerId
from sync.store import work
from sync.store.outbox import Kind
from sync.store.work import Task
from tests.sync.firm import Firm, a_firm, a_ladder

CALLS = a_ladder("""
call   = { at = "due + 2", call = "overdue" }
letter = { at = "due + 9", say = "firm", when = "call.outcome in [no_answer, unreachable]" }
""")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=CALLS) as opened:
        yield opened


def called(firm: Firm) -> tuple[CustomerId, Task]:
    """A customer whom somebody is to call, on a day on which one may, whatever day other tests have left."""
    while firm.bench.today().weekday() > 4:
        firm.sleep(days=1)
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    firm.run()
    return customer_id, waiting(firm, customer_id)[0]


def waiting(firm: Firm, customer_id: CustomerId) -> list[Task]:
    tasks = work.tasks(firm.bench.store, firm.bench.ledger.id)
    return [one for one in tasks if one.asked and one.asked.customer_id == customer_id]


def test_what_came_of_a_call_is_known_from_its_day_on_and_the_books_are_told(firm: Firm) -> None:
    customer_id, task = called(firm)
    firm.sleep(days=2)
    calls.finish(firm.bench, task.id, Came(outcome="No answer", note="rang twice"), "Ann")
    assert [one.outcome for one in firm.account(customer_id).came] == ["no_answer"]
    assert firm.account(customer_id, days_ago=1).came == ()
    firm.refresh()
    firm.run()
    (told,) = firm.written(Target.CUSTOMER, customer_id)
    assert told.text.endswith(f'{firm.bench.today()} call "call" by Ann: no answer. rang twice')
    assert len(firm.rows(customer_id, Kind.NOTE)) == 2


def test_a_call_is_a_contact_of_the_day_on_which_it_was_made(firm: Firm) -> None:
    customer_id, task = called(firm)
    asked_on = firm.bench.today()
    firm.sleep(days=2)
    calls.finish(firm.bench, task.id, Came(outcome="answered"), "Ann")
    assert [touch.on for touch in firm.account(customer_id).touches] == [asked_on + 2 * DAY]
    assert [touch.on for touch in firm.account(customer_id, days_ago=1).touches] == [asked_on]


def test_the_next_call_is_a_task_on_its_day_and_is_asked_for_once(firm: Firm) -> None:
    customer_id, task = called(firm)
    again_on = firm.bench.today() + timedelta(days=4)
    calls.finish(firm.bench, task.id, Came(outcome="no_answer", again_on=again_on), "Ann")
    firm.next_days(3)
    assert waiting(firm, customer_id) == []
    firm.next_days()
    firm.run()
    (again,) = waiting(firm, customer_id)
    assert (again.kind, again.what, again.created_on) == ("call", "overdue", again_on)


def test_what_is_no_outcome_of_a_call_is_refused_with_those_that_are(firm: Firm) -> None:
    _, task = called(firm)
    with pytest.raises(Refused, match=r"no_answer: nobody answered; unreachable:.*goes into --note"):
        calls.finish(firm.bench, task.id, Came(outcome="will pay on Friday"), "Ann")


@pytest.mark.parametrize("days", [0, 91])
def test_a_day_that_is_over_or_too_far_is_no_day_to_call_again(firm: Firm, days: int) -> None:
    _, task = called(firm)
    again_on = firm.bench.today() + timedelta(days=days)
    with pytest.raises(Refused, match="is no day to call again: from tomorrow through"):
        calls.finish(firm.bench, task.id, Came(outcome="no_answer", again_on=again_on), "Ann")


def test_a_note_that_the_books_would_cut_off_is_refused(firm: Firm) -> None:
    _, task = called(firm)
    with pytest.raises(Refused, match="the note has 1001 characters; the books take 1000"):
        calls.finish(firm.bench, task.id, Came(outcome="answered", note="x" * 1001), "Ann")
