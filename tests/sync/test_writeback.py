"""The books are told once: whatever breaks between, the mark is looked for before anything is written."""

from collections.abc import Iterator

import pytest

from connectors.base import Target
from strategy.model import CustomerId
from sync.store import outbox
from sync.store.outbox import TO_BOOKS, Kind, OutboxRow, State
from sync.writeback import posting
from tests.sync.firm import CONFIG, Firm, a_firm

GENEROUS = CONFIG + (
    '\n[ledgers.brindle.write_back]\ncustomer_notes = true\npay_url = "https://pay.example/{{number}}"\n'
)
WITH_STATEMENT = """
strategy = "test"
inherits = "standard"
statement = ""

[schedule.plain]
first = { at = "due + 1", say = "friendly", attach = ["statement"] }

[[segment]]
name = "everyone"
schedule = "plain"
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), settings=GENEROUS, strategy=WITH_STATEMENT) as opened:
        opened.run()
        yield opened


@pytest.fixture(autouse=True)
def no_faults_left(firm: Firm) -> Iterator[None]:
    yield
    firm.sandbox.faults.clear()


def sent(firm: Firm) -> tuple[str, CustomerId]:
    """A customer whose reminder has just left: the invoice's number, the customer's id."""
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.run()
    return number, customer_id


def told(firm: Firm, customer_id: CustomerId) -> list[OutboxRow]:
    rows = reversed(outbox.everything(firm.bench.store, firm.bench.ledger.id))
    return [row for row in rows if row.customer_id == customer_id and row.kind in TO_BOOKS]


def marks(firm: Firm, customer_id: CustomerId) -> list[str]:
    """What the customer's record holds of ours, by the mark it begins with."""
    on_record = firm.bench.connector.written(Target.CUSTOMER, customer_id)
    return sorted(written.text for written in on_record if "Dunwell" in written.text)


def test_a_message_leaves_notes_a_statement_a_line_and_a_link(firm: Firm) -> None:
    _, customer_id = sent(firm)
    assert [(row.kind, row.state) for row in told(firm, customer_id)] == [
        (Kind.NOTE, State.SENT),
        (Kind.NOTE, State.SENT),
        (Kind.NOTE, State.SENT),
        (Kind.FILE, State.SENT),
        (Kind.LINK, State.SENT),
    ]


def test_the_statement_is_read_back_byte_for_byte(firm: Firm) -> None:
    _, customer_id = sent(firm)
    (file,) = (
        one for one in firm.bench.connector.written(Target.CUSTOMER, customer_id) if one.text.startswith("Statement")
    )
    (attached,) = firm.post.to(customer_id)[0].iter_attachments()
    assert firm.bench.connector.file_content(Target.CUSTOMER, customer_id, file) == attached.get_content()


def test_posting_again_posts_nothing(firm: Firm) -> None:
    _, customer_id = sent(firm)
    before = marks(firm, customer_id)
    assert posting.post_all(firm.bench) == 0
    assert marks(firm, customer_id) == before


@pytest.mark.parametrize("path", ["/attachable", "/upload"])
def test_a_write_whose_answer_was_lost_is_found_and_not_written_again(firm: Firm, path: str) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sandbox.faults.add("drop_after", platform="quickbooks", method="POST", path=path, times=1)
    firm.run()
    assert State.UNKNOWN in [row.state for row in told(firm, customer_id)]
    firm.run()
    assert {row.state for row in told(firm, customer_id)} == {State.SENT}
    assert len(marks(firm, customer_id)) == 2


def test_a_write_that_surely_did_not_happen_is_made_under_a_new_key(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sandbox.faults.add("drop_before", platform="quickbooks", method="POST", path="/upload", times=1)
    firm.run()
    firm.run()
    files = [(row.state, row.attempt) for row in told(firm, customer_id) if row.kind is Kind.FILE]
    assert files == [(State.FAILED, 1), (State.SENT, 2)]
    assert len(marks(firm, customer_id)) == 2


def test_an_answer_that_cannot_be_read_leaves_nothing_half_done(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sandbox.faults.add("truncated", platform="quickbooks", method="GET", path="/query", times=9)
    firm.run()
    firm.sandbox.faults.clear()
    firm.run()
    assert {row.state for row in told(firm, customer_id)} <= {State.SENT, State.FAILED}


def test_a_throttled_platform_leaves_the_rest_for_the_next_run(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sandbox.faults.add("minute_limit", platform="quickbooks", method="POST", path="/upload", times=9)
    firm.run()
    assert State.APPROVED in [row.state for row in told(firm, customer_id)]
    firm.sandbox.faults.clear()
    firm.run()
    assert {row.state for row in told(firm, customer_id)} == {State.SENT}


def test_a_refused_statement_goes_to_the_oldest_open_invoice(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sandbox.faults.add("refused", platform="quickbooks", method="POST", path="/upload", times=1)
    firm.run()
    files = [
        (row.state, row.key.split("/")[1].split("-")[0]) for row in told(firm, customer_id) if row.kind is Kind.FILE
    ]
    assert files == [(State.FAILED, "customer"), (State.APPROVED, "invoice")]
    firm.run()
    assert told(firm, customer_id)[-1].state is State.SENT


def test_a_payment_link_is_added_to_what_the_customer_reads_and_takes_nothing_away(firm: Firm) -> None:
    number, customer_id = sent(firm)
    (link,) = (row for row in told(firm, customer_id) if row.kind is Kind.LINK)
    assert f"https://pay.example/{number}" in link.decided
    assert link.state is State.SENT


def test_somebody_saving_at_the_same_time_loses_nothing(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sandbox.faults.add("stale", platform="quickbooks", method="POST", path="/customer", times=1)
    firm.run()
    assert {row.state for row in told(firm, customer_id)} == {State.SENT}
