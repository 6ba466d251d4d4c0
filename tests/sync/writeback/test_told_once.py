"""The books are told once: whatever breaks between, the mark is looked for before anything is written."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.base import Target
from connectors.errors import Reconnect
from strategy.explain import sentence
from strategy.model import CustomerId
from sync.store import outbox
from sync.store.outbox import Kind, State
from sync.writeback import planning, posting
from tests.sync.firm import Firm, Killed, a_firm
from tests.sync.writeback.writing import (
    GENEROUS,
    WITH_STATEMENT,
    broken,
    lead_id,
    marks,
    sent,
    states,
    told,
)


@pytest.fixture(scope="module")
def told_twice(firm: Firm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Firm, str, CustomerId]]:
    """Another firm, that has sent one customer a reminder for an invoice, and another a week later."""
    folder, platform = tmp_path_factory.mktemp("firm"), firm.platform
    with a_firm(folder, platform, settings=GENEROUS[platform], strategy=WITH_STATEMENT) as other:
        number, customer_id = sent(other)
        other.sleep(days=7)
        other.refresh()
        other.run()
        yield other, number, customer_id


def test_a_message_leaves_notes_a_statement_and_where_the_ledger_opts_in_a_line_and_a_link(firm: Firm) -> None:
    _, customer_id = sent(firm)
    more = {"quickbooks": ["line", "line", "file", "link"], "xero": ["file"]}[firm.platform]
    assert [row.act for row in told(firm, customer_id)] == ["note", "note", *more]
    assert states(firm, customer_id) == {State.SENT}


def test_a_note_stands_on_the_invoice_and_on_the_customer_and_begins_with_our_mark(firm: Firm) -> None:
    number, customer_id = sent(firm)
    on_invoice, on_customer = firm.rows(customer_id, Kind.NOTE)[:2]
    (at_invoice,) = firm.written(Target.INVOICE, lead_id(firm, customer_id))
    (at_customer,) = [one for one in firm.written(Target.CUSTOMER, customer_id) if not one.text.startswith("State")]
    for row, written in ((on_invoice, at_invoice), (on_customer, at_customer)):
        assert written.text.startswith(f'Dunwell {row.id8} {firm.bench.today()} reminder "first" by email to ap@cust')
        assert f" for {number}." in written.text[:250]
    why = sentence(firm.rows(customer_id)[0].touchpoint().why[0])
    assert at_invoice.text.endswith(f" {why}")
    assert why not in at_customer.text


def test_the_statement_is_read_back_byte_for_byte(firm: Firm) -> None:
    _, customer_id = sent(firm)
    (file,) = (one for one in firm.written(Target.CUSTOMER, customer_id) if one.text.startswith("Statement"))
    (attached,) = firm.post.to(customer_id)[0].iter_attachments()
    assert firm.bench.connector.file_content(Target.CUSTOMER, customer_id, file) == attached.get_content()


def test_the_next_statement_is_the_one_that_is_found(told_twice: tuple[Firm, str, CustomerId]) -> None:
    """Xero replaces a file of the same name; QuickBooks keeps both, told apart by the mark in their notes."""
    firm, _, customer_id = told_twice
    files = [one for one in firm.written(Target.CUSTOMER, customer_id) if one.text.startswith("Statement")]
    assert len(files) == {"quickbooks": 2, "xero": 1}[firm.platform]
    (attached,) = firm.post.to(customer_id)[1].iter_attachments()
    assert firm.bench.connector.file_content(Target.CUSTOMER, customer_id, files[-1]) == attached.get_content()


def test_the_platforms_own_link_to_pay_is_in_the_letter_and_in_the_notes_and_nowhere_else(firm: Firm) -> None:
    _, customer_id = sent(firm)
    link = firm.bench.connector.payment_link(firm.rows(customer_id)[0].touchpoint().invoices[0].invoice_id)
    assert link
    body = firm.post.to(customer_id)[0].get_body(("plain",))
    assert body is not None
    assert link in body.get_content()
    for target, target_id in ((Target.INVOICE, lead_id(firm, customer_id)), (Target.CUSTOMER, customer_id)):
        assert any(f" Payment link: {link}" in one.text for one in firm.written(target, target_id))
    elsewhere = [row.act for row in told(firm, customer_id) if link in row.decided and row.act != "note"]
    assert elsewhere == []


def test_posting_again_posts_nothing(firm: Firm) -> None:
    _, customer_id = sent(firm)
    before = marks(firm, customer_id)
    assert posting.post_all(firm.bench).count == 0
    firm.run()
    assert marks(firm, customer_id) == before


@pytest.mark.parametrize("kind", [Kind.NOTE, Kind.FILE])
def test_a_write_whose_answer_was_lost_is_found_and_not_written_again(firm: Firm, kind: Kind) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    broken(firm, kind, "drop_after")
    firm.run()
    assert State.UNKNOWN in states(firm, customer_id)
    firm.run()
    assert states(firm, customer_id) == {State.SENT}
    assert (len(firm.written(Target.INVOICE, lead_id(firm, customer_id))), len(marks(firm, customer_id))) == (1, 2)


@pytest.mark.parametrize("kind", [Kind.NOTE, Kind.FILE])
def test_a_write_that_surely_did_not_happen_is_made_under_a_new_key(firm: Firm, kind: Kind) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    broken(firm, kind, "drop_before")
    firm.run()
    firm.run()
    tries = [(row.state, row.attempt) for row in told(firm, customer_id) if row.kind is kind]
    assert (State.FAILED, 1) in tries
    assert (State.SENT, 2) in tries
    assert (len(firm.written(Target.INVOICE, lead_id(firm, customer_id))), len(marks(firm, customer_id))) == (1, 2)


@pytest.mark.parametrize("dies", ["before the write", "after the write"])
def test_a_process_that_dies_over_a_write_leaves_it_to_the_next_which_posts_it_once(
    firm: Firm, dies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    connector = firm.bench.connector
    write = connector.write

    def killed(*args: object) -> None:
        if dies == "after the write":
            write(*args)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(connector, "write", killed)
    with pytest.raises(Killed):
        firm.run()
    with firm.again() as survivor:
        survivor.run()
        survivor.run()
    monkeypatch.undo()
    assert (len(firm.written(Target.INVOICE, lead_id(firm, customer_id))), len(marks(firm, customer_id))) == (1, 2)


def test_a_process_that_dies_between_failing_and_trying_anew_forgets_nothing(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    broken(firm, Kind.FILE, "drop_before")
    firm.run()

    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(planning, "plan", killed)
    with pytest.raises(Killed):
        firm.run()
    monkeypatch.undo()
    firm.run()
    firm.run()
    assert any(one.startswith("Statement") for one in marks(firm, customer_id))


@pytest.mark.parametrize("fault", ["truncated", "refused"])
def test_a_look_up_without_an_answer_has_it_told_by_the_next_run(firm: Firm, fault: str) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    looked_up = {"quickbooks": {"path": "/query", "body": "attachable"}, "xero": {"method": "GET", "path": "/history"}}
    firm.fault(fault, times=9, **looked_up[firm.platform])
    firm.run()
    waiting = [row for row in told(firm, customer_id) if row.state is not State.SENT]
    assert {(row.state, row.reason is None) for row in waiting} == {(State.APPROVED, False)}
    firm.sandbox.faults.clear()
    firm.run()
    assert states(firm, customer_id) == {State.SENT}
    assert (len(firm.written(Target.INVOICE, lead_id(firm, customer_id))), len(marks(firm, customer_id))) == (1, 2)


def test_a_throttled_platform_leaves_the_rest_for_the_next_run(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    broken(firm, Kind.FILE, "day_limit", times=9)
    firm.run()
    assert State.APPROVED in states(firm, customer_id)
    firm.sandbox.faults.clear()
    firm.sleep(days=1)
    firm.run()
    assert states(firm, customer_id) == {State.SENT}


def test_a_refused_note_fails_with_its_reason_and_holds_nothing_else_up(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    broken(firm, Kind.NOTE, "refused")
    firm.run()
    refused, *others = told(firm, customer_id)
    assert (refused.state, {row.state for row in others}) == (State.FAILED, {State.SENT})
    assert "HTTP 400" in (refused.reason or "")


def test_a_refused_statement_goes_to_the_oldest_open_invoice(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    broken(firm, Kind.FILE, "refused")
    firm.run()
    firm.run()
    files = [
        (row.state, row.key.split("/")[1].split("-")[0]) for row in told(firm, customer_id) if row.kind is Kind.FILE
    ]
    assert files == [(State.FAILED, "customer"), (State.SENT, "invoice")]
    assert any(one.text.startswith("Statement") for one in firm.written(Target.INVOICE, lead_id(firm, customer_id)))


def test_a_link_to_pay_is_put_where_the_customer_sees_it_once(told_twice: tuple[Firm, str, CustomerId]) -> None:
    firm, number, _ = told_twice
    (link,) = [row for row in outbox.everything(firm.bench.store, firm.bench.ledger.id) if row.kind is Kind.LINK]
    assert f"https://pay.example/{number}" in link.decided
    assert link.state is State.SENT


@pytest.mark.parametrize("firm", ["quickbooks"], indirect=True)
def test_a_number_with_signs_of_its_own_is_one_part_of_the_address(firm: Firm) -> None:
    name, customer_id = firm.customer()
    due_on = firm.bench.today() - timedelta(days=3)
    firm.books.add_invoice(name, 120_000, due_on - timedelta(days=30), due_on, "A/7 &b")
    firm.run()
    (link,) = firm.rows(customer_id, Kind.LINK)
    assert "https://pay.example/A%2F7%20%26b" in link.decided


@pytest.mark.parametrize("firm", ["quickbooks"], indirect=True)  # in Xero it is the company's, and there already
def test_a_link_whose_call_was_lost_is_put_there_by_the_next_run(firm: Firm) -> None:
    firm.fault("drop_before", times=2, method="POST", path="/invoice")  # the line on the invoice is told there, too
    _, customer_id = sent(firm)
    firm.run()
    assert [row.state for row in told(firm, customer_id) if row.kind is Kind.LINK] == [State.FAILED, State.SENT]


RIGHTS: Mapping[str, tuple[list[str], Mapping[str, str]]] = {
    "quickbooks": (["line", "line"], {"method": "POST", "path": "/customer"}),
    "xero": (["link"], {"path": "/paymentservices"}),
}
"""By platform: something that may need a right of its own, and the calls that need it."""


def test_where_a_right_is_missing_only_what_needs_it_waits_and_a_person_is_asked(firm: Firm, tmp_path: Path) -> None:
    acts, calls = RIGHTS[firm.platform]
    with a_firm(tmp_path, firm.platform, settings=GENEROUS[firm.platform], strategy=WITH_STATEMENT) as other:
        other.fault("forbidden", times=None, **calls)
        name, customer_id = other.customer()
        other.invoice(name)
        with pytest.raises(Reconnect):
            other.run()
        assert [row.act for row in told(other, customer_id) if row.state is not State.SENT] == acts
        other.sandbox.faults.clear()
        other.run()
        assert states(other, customer_id) == {State.SENT}


def test_somebody_saving_at_the_same_time_loses_nothing(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.fault("stale", method="POST", path="/customer", times=1)
    firm.run()
    assert states(firm, customer_id) == {State.SENT}


@pytest.mark.parametrize("firm", ["quickbooks"], indirect=True)
def test_somebody_who_keeps_saving_has_it_told_by_the_next_run(firm: Firm) -> None:
    firm.fault("stale", method="POST", path="/customer", times=2)
    _, customer_id = sent(firm)
    waiting = [(row.kind, row.state) for row in told(firm, customer_id) if row.state is not State.SENT]
    assert waiting == [(Kind.NOTE, State.APPROVED)]
    firm.run()
    assert states(firm, customer_id) == {State.SENT}
