"""Records that cannot be read any more, or that do not come when they are asked for: nothing is concluded from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.base import Deleted, Page
from dunwell.sandbox.books.records import Invoice
from strategy import explain
from strategy.account import TieOutState
from strategy.decision import reason
from strategy.model import CustomerId, InvoiceId, Issue, Kind
from sync import cycle, dispatch, tie_out
from sync.pull import Options
from sync.store import mirror
from sync.store.outbox import State
from tests.connectors.meddling import Change, meddled, one_row
from tests.connectors.roads import CONNECTORS, LONG, Clock, Counted, Road, Tokens, access
from tests.sync.firm import PLATFORMS, Firm, a_firm

NO_DAY = date.max
"""What has such a day cannot be read: nothing can be counted from it."""


@pytest.fixture(scope="module", params=PLATFORMS)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        yield opened


def planned(firm: Firm, invoices: int = 1) -> tuple[CustomerId, InvoiceId]:
    """A customer whose reminder waits to be sent: its id, and that of an overdue invoice."""
    name, customer_id = firm.customer()
    for _ in range(invoices):
        firm.invoice(name)
    firm.run(send=False)
    (row,) = firm.rows(customer_id)
    return customer_id, row.touchpoint().invoices[0].invoice_id


def kept(firm: Firm, invoice_id: InvoiceId) -> Invoice:
    """The invoice in the books."""
    found = firm.sandbox.dialects[firm.platform].find("invoice", invoice_id)
    assert isinstance(found, Invoice)
    return found


def give_due_date(firm: Firm, invoice_id: InvoiceId, due_on: date) -> date:
    """Somebody edits the invoice in the books; its due date before."""
    ledger = firm.sandbox.dialects[firm.platform].ledger
    invoice = kept(firm, invoice_id)
    was = invoice.due_on
    with ledger.turn() as now:
        ledger.books.change(now, invoice, due_on=due_on)
    assert was is not None
    return was


@contextmanager
def unseen(firm: Firm, invoice_id: InvoiceId) -> Iterator[Firm]:
    """The same firm, whose platform leaves an invoice out of its answers meanwhile."""

    def without(answer: Any) -> Any:
        for found in answer.get("QueryResponse", answer).values():
            if isinstance(found, list):
                found[:] = [row for row in found if invoice_id not in (row.get("Id"), row.get("InvoiceID"))]
        return answer

    with answering(firm, without) as less:
        yield less


def _with_several_names(row: dict[str, Any]) -> None:
    """A customer's row, whose name is one text."""
    if "DisplayName" in row or "ContactID" in row:
        row["DisplayName"] = row["Name"] = ["Lund", "Lund AB"]


@contextmanager
def answering(firm: Firm, change: Change) -> Iterator[Firm]:
    """The same firm, whose platform's answers go through `change` meanwhile."""
    _, limits, _ = CONNECTORS[firm.platform]
    tokens, counted = Tokens(access(firm.books)), Counted(limits, firm.clock)
    with httpx.Client(timeout=LONG) as http:
        road = Road(firm.platform, firm.sandbox, firm.books, Clock(), tokens, counted, http, page_size=1000)
        with meddled(road, change) as connector:
            yield replace(firm, bench=replace(firm.bench, connect=lambda: connector))


def odd(firm: Firm, record_id: str) -> list[str]:
    """What is odd about a record."""
    found = mirror.issues(firm.bench.store, firm.bench.ledger.id)
    return [one.code for one in found if one.source.partition(" ")[2] == record_id]


def test_an_invoice_that_cannot_be_read_any_more_is_held_until_it_can(firm: Firm) -> None:
    customer_id, invoice_id = planned(firm)
    was = give_due_date(firm, invoice_id, NO_DAY)
    firm.run(send=False)
    (row,) = firm.rows(customer_id)
    assert (row.state, row.reason) == (State.HELD, explain.sentence(reason("unreadable")))
    give_due_date(firm, invoice_id, was)
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def test_a_customer_who_cannot_be_read_any_more_is_held_until_he_can(firm: Firm) -> None:
    customer_id, _ = planned(firm)
    name = firm.account(customer_id).customer.name
    with answering(firm, one_row(customer_id, _with_several_names)) as odd_books:
        cycle.bring_up_to_date(odd_books.bench, Options(full=True))
        cycle.run(odd_books.bench, send=True)
    (row,) = firm.rows(customer_id)
    assert (row.state, row.reason) == (State.HELD, explain.sentence(reason("customer_unreadable", customer=name)))
    cycle.bring_up_to_date(firm.bench, Options(full=True))
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def test_an_invoice_that_cannot_be_read_before_its_message_leaves_keeps_the_message_back(firm: Firm) -> None:
    """All of it: with the next reading it is decided what is said of the rest."""
    customer_id, invoice_id = planned(firm, invoices=2)
    give_due_date(firm, invoice_id, NO_DAY)
    dispatch.dispatch(firm.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.HELD], [])
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.state, row.touchpoint().amount_minor) == (State.SENT, 120_000)


def test_an_invoice_that_once_does_not_come_keeps_its_message_back_and_is_not_taken_for_gone(firm: Firm) -> None:
    customer_id, invoice_id = planned(firm)
    with unseen(firm, invoice_id) as less:
        dispatch.dispatch(less.bench)
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.WITHDRAWN], [])
    firm.run()
    assert (firm.states(customer_id), len(firm.post.to(customer_id))) == ([State.SENT], 1)


def test_what_was_once_taken_for_gone_comes_back_with_the_next_full_reading_and_counts_as_a_difference(
    firm: Firm,
) -> None:
    customer_id, invoice_id = planned(firm)
    firm.sleep(hours=1)
    firm.refresh()
    gone = Deleted(kind=Kind.INVOICE, id=invoice_id)
    mirror.bury(firm.bench.store, firm.bench.ledger.id, gone, firm.clock.now())
    assert firm.account(customer_id).receivables == ()
    firm.sleep(hours=1)
    proof = cycle.bring_up_to_date(firm.bench, Options(full=True))
    assert [one.invoice_id for one in firm.account(customer_id).receivables] == [invoice_id]
    assert proof.differed == {"invoice": 1}


def test_what_was_odd_about_an_invoice_goes_with_it(firm: Firm) -> None:
    """QuickBooks says that it is gone; in Xero it stands as voided, and can be read."""
    _, invoice_id = planned(firm)
    was = give_due_date(firm, invoice_id, NO_DAY)
    firm.refresh()
    assert odd(firm, invoice_id) == ["unreadable"]
    firm.books.delete("invoice", f"id:{invoice_id}")
    if firm.platform == "xero":
        give_due_date(firm, invoice_id, was)
    firm.refresh()
    assert odd(firm, invoice_id) == []


def test_what_was_odd_and_comes_no_more_is_forgotten_after_a_full_reading(firm: Firm) -> None:
    issue = Issue(code="unreadable", source="Invoice gone", message="It cannot be read.")
    page = Page(kind=Kind.INVOICE, records=(), issues=(issue,), server_time=firm.clock.now())
    mirror.save_page(firm.bench.store, firm.bench.ledger.id, page)
    firm.sleep(hours=1)
    firm.refresh()
    assert odd(firm, "gone") == ["unreadable"]
    cycle.bring_up_to_date(firm.bench, Options(full=True))
    assert odd(firm, "gone") == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_credit_that_cannot_be_read_has_its_account_compared_at_once(tmp_path: Path, platform: str) -> None:
    with a_firm(tmp_path, platform) as firm:
        name, customer_id = firm.customer()
        firm.invoice(name)
        for _ in range(2):  # the second reads again behind the cursor, and the third finds it quiet
            firm.refresh()
            firm.sleep(hours=0.3)
        firm.books.add_credit(name, 120_000, NO_DAY)
        firm.run()
        states = {one.customer_id: one.state for one in tie_out.differences(firm.bench.store, firm.bench.ledger.id)}
        assert (states, firm.post.to(customer_id)) == ({customer_id: TieOutState.LESS}, [])
