"""Messages leave once, or not at all, and only if they are still right in the last second."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from connectors.errors import OutcomeUnknown, Reconnect, Rejected, RetryLater, SetRight
from strategy.model import CustomerId
from sync import any_day, dispatch
from sync import outbox as decided
from sync.store import agreeing, journal, outbox, work
from sync.store.agreeing import Disputed
from sync.store.outbox import Kind, State
from tests.sync.firm import PLATFORMS, Firm, Killed, a_firm


@pytest.fixture(scope="module", params=PLATFORMS)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        yield opened


@pytest.fixture
def alone(firm: Firm, tmp_path: Path) -> Iterator[Firm]:
    """A firm of the test's own on the same platform, for weeks in which nobody else hears anything."""
    with a_firm(tmp_path, firm.platform) as opened:
        yield opened


class NoLetters:
    """Somebody has moved the folder."""

    def source(self, _language: str, _name: str) -> str | None:
        return None


def planned(firm: Firm) -> tuple[str, CustomerId]:
    """A customer with one overdue invoice, whose reminder waits to be sent: the invoice's number, the customer's id."""
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.run(send=False)
    assert firm.states(customer_id) == [State.APPROVED]
    return number, customer_id


def test_an_approved_message_leaves_once(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.run()
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def fetched(firm: Firm, invoice_id: str) -> list[str]:
    """What was asked about one invoice: what its path ends with. QuickBooks tells the link with the invoice itself, and
    Xero's PDF has the invoice's own path.
    """
    paths = (re.search(rf"/invoices?/{invoice_id}(/\w+)?$", one.path.casefold()) for one in firm.sandbox.traffic.calls)
    return [found[1] or "" for found in paths if found]


def test_the_payment_link_and_the_pdf_are_read_once_when_a_letter_needs_them_and_not_before(firm: Firm) -> None:
    _, customer_id = planned(firm)
    (row,) = firm.rows(customer_id)
    (asked,) = row.touchpoint().invoices
    assert fetched(firm, asked.invoice_id) == []
    firm.run()
    firm.run()
    reads = {"quickbooks": ["", "/pdf"], "xero": ["/onlineinvoice", ""]}[firm.platform]
    assert [one for one in fetched(firm, asked.invoice_id) if one != "/history"] == reads


def test_a_customer_who_paid_between_plan_and_send_is_not_written_to(firm: Firm) -> None:
    number, customer_id = planned(firm)
    firm.books.pay(number)
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.WITHDRAWN], [])


def test_money_that_names_no_invoice_is_not_asked_for_again(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run(send=False)
    firm.books.pay_on_account(name, 120_000)
    firm.sleep(hours=0.1)  # longer than books may be old
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.HELD], [])


def test_a_part_payment_lowers_what_is_asked_and_the_approval_still_holds(firm: Firm) -> None:
    number, customer_id = planned(firm)
    firm.books.pay(number, 50_000)
    dispatch.dispatch(firm.bench)
    (row,) = firm.rows(customer_id)
    assert (row.state, row.touchpoint().amount_minor) == (State.SENT, 70_000)


def test_a_dispute_entered_after_approval_holds_the_message_and_says_so(firm: Firm) -> None:
    _, customer_id = planned(firm)
    (row,) = firm.rows(customer_id)
    invoice_id = row.touchpoint().invoices[0].invoice_id
    dispute = Disputed(customer_id=customer_id, invoice_id=invoice_id, amount_minor=None, category="price", reason="")
    agreeing.add_dispute(firm.bench.store, firm.bench.moment("Ann"), dispute)
    dispatch.dispatch(firm.bench)
    (row,) = firm.rows(customer_id)
    assert (row.state, firm.post.to(customer_id)) == (State.HELD, [])
    assert row.reason == f"Disputed since {firm.bench.today()} (price)."


def test_an_invoice_deleted_after_approval_is_not_asked_for(firm: Firm) -> None:
    number, customer_id = planned(firm)
    firm.books.delete("invoice", number)
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.WITHDRAWN], [])


def test_an_invoice_voided_after_approval_is_not_asked_for(firm: Firm) -> None:
    number, customer_id = planned(firm)
    firm.books.void(number)
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.WITHDRAWN], [])


def test_a_customer_merged_away_after_approval_is_not_written_to_and_the_survivor_is_asked_once(firm: Firm) -> None:
    _, loser = planned(firm)
    _, winner = firm.customer()
    firm.merge(loser, winner)
    firm.sleep(hours=0.1)  # longer than books may be old
    dispatch.dispatch(firm.bench)
    assert (firm.states(loser), firm.post.to(loser)) == ([State.WITHDRAWN], [])
    firm.run()
    firm.run()
    assert (firm.states(winner), len(firm.post.to(winner)), firm.post.to(loser)) == ([State.SENT], 1, [])


def test_what_a_channel_refuses_fails_and_is_tried_under_a_new_key(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.post.fails[customer_id] = Rejected("550 no such mailbox")
    firm.run()
    firm.run()
    assert firm.states(customer_id) == [State.FAILED, State.SENT]
    assert [row.attempt for row in firm.rows(customer_id)] == [1, 2]


def test_a_notice_that_is_refused_becomes_a_task_of_its_reader(firm: Firm) -> None:
    name, customer_id = firm.customer(email=None)
    firm.invoice(name, days_late=75, amount=3_000_000)
    firm.run(send=False)
    firm.post.fails[customer_id] = Rejected("550 no such mailbox")
    dispatch.dispatch(firm.bench)
    (notice,) = (row for row in firm.rows(customer_id, Kind.NOTICE) if row.state is State.FAILED)
    (task,) = (one for one in work.tasks(firm.bench.store, firm.bench.ledger.id) if one.customer == name)
    assert (task.who, task.asked and task.asked.act) == ("owner", notice.act)


def test_a_notice_to_an_address_that_is_none_becomes_a_task_of_its_reader(firm: Firm) -> None:
    name, customer_id = firm.customer(email=None)
    firm.invoice(name, days_late=75, amount=3_000_000)
    with firm.bench.store.transaction():
        journal.set_profile(firm.bench.store, firm.bench.moment("Ann"), customer_id, "owner", "owner@firm..example")
    firm.run()
    failed = [row.act for row in firm.rows(customer_id, Kind.NOTICE) if row.state is State.FAILED]
    tasks = [one for one in work.tasks(firm.bench.store, firm.bench.ledger.id) if one.customer == name]
    assert failed
    assert {one.asked.act for one in tasks if one.kind == "look" and one.asked} >= set(failed)


def test_a_letter_that_cannot_be_written_is_held_and_explain_says_why(alone: Firm) -> None:
    _, customer_id = planned(alone)
    settings = structs.replace(alone.bench.settings, letters=NoLetters())
    bench = replace(alone.bench, settings=settings)
    dispatch.dispatch(bench)
    assert alone.states(customer_id) == [State.HELD]
    found = any_day.standing(bench, customer_id, bench.today())
    assert found is not None
    (receivable,) = found.account.receivables
    (row,) = alone.rows(customer_id)
    told = any_day.told(bench, found, receivable, ())
    assert told.next == (f"Next: today, but {row.id8} cannot be written as it is: {row.reason}",)
    assert "there is no letters/en/friendly.txt; run dunwell check" in str(row.reason)


def test_a_channel_that_asks_for_patience_leaves_the_message_approved(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.post.fails[customer_id] = RetryLater("421 try again later", after_s=300)
    firm.run()
    assert firm.states(customer_id) == [State.APPROVED]
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def test_a_channel_that_refuses_us_leaves_every_message_approved_and_says_what_to_look_at(alone: Firm) -> None:
    (_, first), (_, second) = planned(alone), planned(alone)
    for _ in range(4):
        refused = SetRight("the mail server refuses our sign-in: look at password", code="AUTH 535")
        alone.post.fails |= {first: refused, second: refused}
        ran = alone.run()
        assert str(ran.later) == "the mail server refuses our sign-in: look at password (code AUTH 535)"
    assert alone.states(first) + alone.states(second) == [State.APPROVED] * 2
    alone.post.fails.clear()
    alone.run()
    assert alone.states(first) + alone.states(second) == [State.SENT] * 2


@pytest.mark.parametrize("step", ["seal", "send"])
def test_what_a_person_must_set_right_for_one_message_has_the_others_tried_first_the_next_time(
    alone: Firm, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, first), (_, second) = planned(alone), planned(alone)
    takes = getattr(alone.post, step)

    def refuses(given: object) -> object:
        if f"/{first}-" in str(given):
            raise SetRight("the mail server refuses our address: look at from")
        return takes(given)

    monkeypatch.setattr(alone.post, step, refuses)
    alone.run()
    (row,) = alone.rows(first)
    assert (row.state, row.reason) == (State.APPROVED, "the mail server refuses our address: look at from")
    alone.run()
    assert alone.states(first) + alone.states(second) == [State.APPROVED, State.SENT]


def test_a_channel_that_must_be_connected_again_has_taken_nothing(alone: Firm) -> None:
    _, customer_id = planned(alone)
    alone.post.fails[customer_id] = Reconnect("the mail account must be connected again")
    with pytest.raises(Reconnect):
        alone.run()
    assert alone.states(customer_id) == [State.APPROVED]


def test_an_unclear_outcome_is_not_repeated_and_rests_the_account(alone: Firm) -> None:
    _, customer_id = planned(alone)
    alone.post.fails[customer_id] = OutcomeUnknown("the connection broke after the text")
    alone.run()
    alone.sleep(days=7)
    alone.refresh()
    alone.run()
    assert (alone.states(customer_id), alone.post.to(customer_id)) == ([State.UNKNOWN], [])


def test_what_a_person_says_did_not_leave_is_sent_under_a_new_key(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.post.fails[customer_id] = OutcomeUnknown("the connection broke after the text")
    firm.run()
    (row,) = firm.rows(customer_id)
    outbox.move(firm.bench.store, firm.bench.moment("Ann"), row, State.FAILED, "It is not in the sent folder.")
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.FAILED, State.SENT], 1)


def test_a_process_that_dies_after_the_handover_leaves_an_unknown_row_and_nothing_is_sent_twice(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.post.kills.add(customer_id)
    with pytest.raises(Killed):
        firm.run()
    with firm.again() as survivor:
        survivor.run()
        survivor.run()
        assert (survivor.states(customer_id), len(firm.post.to(customer_id))) == ([State.UNKNOWN], 1)


LINKS = {"quickbooks": {"method": "GET", "path": "/invoice/"}, "xero": {"path": "/onlineinvoice"}}
"""How each platform is asked for its payment link, which the letter names."""


def test_a_connection_that_is_lost_while_a_letter_is_written_takes_no_approval_back(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.fault("forbidden", **LINKS[firm.platform])
    with pytest.raises(Reconnect):
        firm.run()
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.APPROVED], [])
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def test_an_answer_that_cannot_be_read_while_a_letter_is_written_takes_no_approval_back(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.fault("truncated", times=5, **LINKS[firm.platform])
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.APPROVED], [])
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def test_a_process_that_dies_over_a_refused_notice_does_not_leave_it_failed_without_a_task(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, customer_id = firm.customer(email=None)
    firm.invoice(name, days_late=75, amount=3_000_000)
    firm.run(send=False)
    firm.post.fails[customer_id] = Rejected("550 no such mailbox")

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(decided, "ask_instead", killed)
    with pytest.raises(Killed):
        firm.run()
    monkeypatch.undo()
    with firm.again() as survivor:
        survivor.run()
        assert State.FAILED not in [row.state for row in survivor.rows(customer_id, Kind.NOTICE)]


def test_outside_the_customers_hours_nothing_leaves(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.sleep(hours=9)
    dispatch.dispatch(firm.bench)
    firm.sleep(hours=15)
    firm.refresh()
    assert firm.states(customer_id) == [State.APPROVED]


def test_books_older_than_five_minutes_are_read_again_before_anything_leaves(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.sleep(hours=0.2)
    assert not firm.bench.pulled_within(dispatch.FRESH)
    dispatch.dispatch(firm.bench)
    assert firm.states(customer_id) == [State.SENT]
    assert firm.bench.pulled_within(dispatch.FRESH)


def test_the_message_is_kept_exactly_as_it_left(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.run()
    (row,) = firm.rows(customer_id)
    kept = firm.bench.store.row("SELECT sealed FROM message WHERE outbox_id = ?", row.id)
    assert kept is not None
    assert kept[0] in firm.post.taken


def test_a_second_reminder_continues_the_thread_of_the_first(alone: Firm) -> None:
    _, customer_id = planned(alone)
    alone.run()
    alone.sleep(days=7)
    alone.refresh()
    alone.run()
    first, second = alone.post.to(customer_id)
    assert second["In-Reply-To"] == first["Message-ID"]
