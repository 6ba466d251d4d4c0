"""What may have left is cleared by a person who looked: it counts as said, or is decided anew."""

from collections.abc import Iterator

import pytest

from connectors.base import Target
from connectors.errors import OutcomeUnknown
from dunwell.agreements import bounces
from strategy.model import Currency, CustomerId
from sync import dossier, settling
from sync.settling import NotUnknown
from sync.store import journal, work
from sync.store.outbox import Kind, OutboxRow, State
from tests.sync.firm import Firm, a_firm

USD = Currency("USD")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm")) as opened:
        yield opened


def unclear(firm: Firm, *, email: str | None = "ap@customer.example", **invoice: int) -> CustomerId:
    """A customer of whose message nobody knows whether it left."""
    name, customer_id = firm.customer(email=email)
    firm.invoice(name, **invoice)
    firm.post.fails[customer_id] = OutcomeUnknown("the connection broke after the text")
    firm.run()
    return customer_id


def unclear_notice(firm: Firm) -> tuple[CustomerId, OutboxRow]:
    """A notice to our own people of which nobody knows whether it left."""
    customer_id = unclear(firm, email=None, days_late=75, amount=3_000_000)
    (row,) = [one for one in firm.rows(customer_id, Kind.NOTICE) if one.state is State.UNKNOWN]
    return customer_id, row


def test_what_is_found_to_have_left_counts_as_said_and_the_books_are_told(firm: Firm) -> None:
    customer_id = unclear(firm)
    (row,) = firm.rows(customer_id)
    settling.settle(firm.bench, row, left=True, who="Ann")
    firm.run()
    (row,) = firm.rows(customer_id)
    assert row.state is State.SENT
    (told,) = firm.written(Target.CUSTOMER, customer_id)
    assert 'reminder "first" by email to ap@customer.example' in told.text


def test_what_is_found_to_have_left_opens_the_account_for_the_next_step(firm: Firm) -> None:
    customer_id = unclear(firm)
    settling.settle(firm.bench, firm.rows(customer_id)[0], left=True, who="Ann")
    firm.next_days(7)
    assert [row.act for row in firm.rows(customer_id)] == ["first", "second"]


def test_what_is_found_not_to_have_left_is_decided_anew_under_a_new_key(firm: Firm) -> None:
    customer_id = unclear(firm)
    settling.settle(firm.bench, firm.rows(customer_id)[0], left=False, who="Ann")
    firm.run()
    assert [(row.state, row.attempt) for row in firm.rows(customer_id)] == [(State.FAILED, 1), (State.SENT, 2)]


def test_of_two_who_looked_at_the_same_row_the_first_is_believed(firm: Firm) -> None:
    customer_id = unclear(firm)
    (row,) = firm.rows(customer_id)
    settling.settle(firm.bench, row, left=False, who="Ann")
    with pytest.raises(NotUnknown, match="is failed"):
        settling.settle(firm.bench, row, left=True, who="Bob")
    assert (firm.states(customer_id), firm.rows(customer_id, Kind.NOTE)) == ([State.FAILED], [])


def test_it_is_written_down_who_looked(firm: Firm) -> None:
    customer_id = unclear(firm)
    settling.settle(firm.bench, firm.rows(customer_id)[0], left=False, who="Ann")
    assert firm.rows(customer_id)[0].reason == "Ann found that it did not leave."


def test_a_notice_that_did_not_leave_becomes_a_task_so_that_nobody_stays_uninformed(firm: Firm) -> None:
    customer_id, row = unclear_notice(firm)
    settling.settle(firm.bench, row, left=False, who="Ann")
    firm.run()
    asked = [one.asked for one in work.tasks(firm.bench.store, firm.bench.ledger.id)]
    assert [one.act for one in asked if one and one.customer_id == customer_id and one.kind == "look"] == [row.act]


def test_a_notice_that_left_is_no_news_for_the_books(firm: Firm) -> None:
    customer_id, row = unclear_notice(firm)
    settling.settle(firm.bench, row, left=True, who="Ann")
    firm.run()
    assert firm.written(Target.CUSTOMER, customer_id) == []


def test_only_what_is_unknown_can_be_settled(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run()
    (row,) = firm.rows(customer_id)
    with pytest.raises(NotUnknown, match=f"{row.id8} is sent, and only what is unknown can be settled"):
        settling.settle(firm.bench, row, left=False, who="Ann")


def unclear_note(firm: Firm) -> tuple[CustomerId, OutboxRow]:
    """A note that may be in the books, which refuse to say."""
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.fault("drop_before", method="POST", path="/attachable", times=1)
    firm.run()
    firm.fault("refused", path="/query", body="attachable", times=1)
    firm.run()
    (row,) = [one for one in firm.rows(customer_id, Kind.NOTE) if one.state is State.UNKNOWN]
    return customer_id, row


def test_a_note_that_cannot_be_looked_for_says_so(firm: Firm) -> None:
    _, row = unclear_note(firm)
    assert row.reason is not None
    assert row.reason.startswith("It may be in the books, and cannot be looked for: ")
    assert "HTTP 400" in row.reason
    settling.settle(firm.bench, row, left=True, who="Ann")


def test_a_note_that_a_person_found_in_the_books_is_not_written_again(firm: Firm) -> None:
    customer_id, row = unclear_note(firm)
    settling.settle(firm.bench, row, left=True, who="Ann")
    firm.run()
    assert [one.state for one in firm.rows(customer_id, Kind.NOTE)] == [State.SENT] * 2
    happened = journal.events(firm.bench.store, firm.bench.ledger.id, customer_id, most=20)
    assert [one.facts["reference"] for one in happened if one.who == "Ann"] == ["Ann found it in the books."]


def test_a_note_that_a_person_did_not_find_in_the_books_is_written_under_a_new_key(firm: Firm) -> None:
    customer_id, row = unclear_note(firm)
    settling.settle(firm.bench, row, left=False, who="Ann")
    firm.run()
    tries = [(one.state, one.attempt) for one in firm.rows(customer_id, Kind.NOTE) if one.id8 != row.id8]
    assert sorted(tries) == [(State.SENT, 1), (State.SENT, 2)]
    (failed,) = [one for one in firm.rows(customer_id, Kind.NOTE) if one.id8 == row.id8]
    assert (failed.state, failed.reason) == (State.FAILED, "Ann found that it is not in the books.")


def test_what_is_found_to_have_left_is_on_record_on_the_day_on_which_it_did_and_with_who_found_it(firm: Firm) -> None:
    customer_id = unclear(firm)
    left_on, left_at = firm.bench.today(), firm.clock.now()
    firm.sleep(days=2)
    (row,) = firm.rows(customer_id)
    settling.settle(firm.bench, row, left=True, who="Ann")
    (row,) = firm.rows(customer_id)
    assert (row.sent_on, row.sent_at) == (left_on, left_at)
    account = firm.account(customer_id)
    assert [(one.on, one.act) for one in dossier.said(firm.bench, account, USD)] == [(left_on, "first")]
    events = journal.events(firm.bench.store, firm.bench.ledger.id, customer_id, most=20)
    (found,) = [one for one in events if one.what == "message sent"]
    assert (found.who, found.on) == ("Ann", firm.bench.today())
    assert found.facts["reference"] == "Ann found that it left."
    bounces.came_back(firm.bench, row, (), "Ann")
    notes = [row.decided for row in firm.rows(customer_id, Kind.NOTE)]
    assert any(f"of {left_on} came back from ap@customer.example" in note for note in notes)


def test_a_past_day_knows_what_left_before_it_was_found_to_have_left(firm: Firm) -> None:
    customer_id = unclear(firm)
    left_on = firm.bench.today()
    firm.sleep(days=2)
    settling.settle(firm.bench, firm.rows(customer_id)[0], left=True, who="Ann")
    firm.sleep(days=2)
    for days_ago in (0, 1):
        assert [one.on for one in firm.account(customer_id, days_ago).touches] == [left_on]
