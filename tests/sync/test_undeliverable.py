"""What no channel takes is a person's after three refusals, and is tried again once the person is done."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from connectors.errors import Rejected
from strategy.model import CustomerId
from sync import any_day
from sync.store import journal, work
from sync.store.outbox import State
from sync.store.work import Task
from tests.sync.firm import Firm, a_firm


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    with a_firm(tmp_path) as opened:
        yield opened


def refused(firm: Firm) -> CustomerId:
    """A customer whose address three runs of an hour found refused."""
    name, customer_id = firm.customer()
    firm.invoice(name)
    again(firm, customer_id)
    return customer_id


def again(firm: Firm, customer_id: CustomerId) -> None:
    """Refused three more times, and a run that finds out."""
    for _ in range(3):
        firm.post.fails[customer_id] = Rejected("the mail server refused", code="RCPT 550 5.1.1")
        firm.run()
    firm.run()


def open_tasks(firm: Firm) -> list[Task]:
    return [one for one in work.tasks(firm.bench.store, firm.bench.ledger.id) if one.kind == "undeliverable"]


def write_to(firm: Firm, customer_id: CustomerId, address: str) -> None:
    told = f'{{"role":"billing","name":"New","email":"{address}"}}'
    with firm.bench.store.transaction():
        journal.set_profile(firm.bench.store, firm.bench.moment("Ann"), customer_id, "role.billing", told)


def finish(firm: Firm) -> None:
    (task,) = open_tasks(firm)
    with firm.bench.store.transaction():
        work.finish_task(firm.bench.store, firm.bench.moment("Ann"), task.id, work.Done(outcome="looked"))


def test_another_address_is_tried_at_once_whether_or_not_the_task_is_done(firm: Firm) -> None:
    customer_id = refused(firm)
    assert (firm.states(customer_id), len(open_tasks(firm))) == ([State.FAILED] * 3, 1)
    write_to(firm, customer_id, "new@customer.example")
    firm.run()
    last = firm.rows(customer_id)[-1]
    assert (last.state, last.attempt, last.touchpoint().to) == (State.SENT, 4, ("new@customer.example",))


def test_the_same_address_is_tried_again_once_the_task_is_done(firm: Firm) -> None:
    customer_id = refused(firm)
    finish(firm)
    firm.run()
    assert firm.states(customer_id) == [State.FAILED] * 3 + [State.SENT]


def test_what_fails_again_after_the_task_is_done_is_another_task(firm: Firm) -> None:
    customer_id = refused(firm)
    finish(firm)
    again(firm, customer_id)
    assert (firm.states(customer_id), len(open_tasks(firm))) == ([State.FAILED] * 6, 1)


def test_a_past_day_knows_of_no_failure_of_later(firm: Firm) -> None:
    customer_id = refused(firm)
    firm.sleep(days=1)
    assert [one.count for one in firm.account(customer_id).failures.values()] == [3]
    assert not firm.account(customer_id, days_ago=1).failures


def test_what_failed_once_needs_nobodys_approval_for_the_next_try(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.post.fails[customer_id] = Rejected("the mail server refused", code="RCPT 550 5.1.1")
    firm.run()
    found = any_day.standing(firm.bench, customer_id, firm.bench.today())
    assert found is not None
    told = any_day.told(firm.bench, found, found.account.receivables[0], ())
    assert told.next == ("Next: today, with: dunwell run brindle --send",)


def test_an_address_that_is_none_is_a_persons_after_three_tries(firm: Firm) -> None:
    name, customer_id = firm.customer(email="ap@customer-.example")
    firm.invoice(name)
    for _ in range(4):
        firm.run()
    assert (firm.states(customer_id), len(open_tasks(firm))) == ([State.FAILED] * 3, 1)
    assert firm.rows(customer_id)[0].reason == "the recipient is at no domain that can exist"


def test_a_tab_in_an_invoices_number_keeps_no_letter_back(firm: Firm) -> None:
    name, customer_id = firm.customer()
    due_on = firm.bench.today() - timedelta(days=3)
    firm.books.add_invoice(name, 120_000, due_on - timedelta(days=30), due_on, "INV\t7")
    firm.run()
    (message,) = firm.post.to(customer_id)
    assert "INV 7" in str(message["Subject"])


def test_a_sender_at_a_domain_that_is_not_ascii_is_no_reason_to_keep_a_letter_back(firm: Firm) -> None:
    settings = firm.bench.settings
    sender = structs.replace(settings.sender, address="buchhaltung@müller.example")
    firm.bench = replace(firm.bench, settings=structs.replace(settings, sender=sender))
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run()
    (message,) = firm.post.to(customer_id)
    assert str(message["Message-ID"]).endswith("@xn--mller-kva.example>")
