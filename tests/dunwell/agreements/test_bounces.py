"""What came back was not said, where nobody else got it; and its address is not written to again."""

from collections.abc import Iterator

import pytest

from connectors.base import Target
from dunwell.agreements import bounces
from dunwell.agreements.refusing import Refused
from strategy.model import CustomerId
from sync.store import bounces as kept
from sync.store.outbox import Kind, State
from tests.sync.firm import Firm, a_firm


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm")) as opened:
        yield opened


def written_to(firm: Firm, email: str) -> CustomerId:
    name, customer_id = firm.customer(email=email)
    firm.invoice(name)
    firm.run()
    return customer_id


def came_back(firm: Firm, customer_id: CustomerId, *addresses: str) -> bounces.CameBack:
    return bounces.came_back(firm.bench, firm.rows(customer_id)[-1], addresses, "Ann")


def test_what_nobody_got_has_failed_and_is_not_sent_there_again(firm: Firm) -> None:
    customer_id = written_to(firm, "gone@customer.example")
    assert came_back(firm, customer_id).whole
    firm.run()
    assert firm.states(customer_id) == [State.FAILED]
    assert [task.act for task in firm.rows(customer_id, Kind.TASK)] == ["no_address"]
    texts = [one.text for one in firm.written(Target.CUSTOMER, customer_id)]
    assert any('"first" of 2026-03-02 came back from gone@customer.example.' in text for text in texts)


def test_an_address_that_works_again_is_written_to_again(firm: Firm) -> None:
    customer_id = written_to(firm, "full@customer.example")
    came_back(firm, customer_id)
    (one,) = (one for one in kept.bounces(firm.bench.store, firm.bench.ledger.id, ended=False) if "full" in one.address)
    assert kept.end(firm.bench.store, firm.bench.moment("Ann"), one.id)
    firm.run()
    assert [(row.state, row.attempt) for row in firm.rows(customer_id)] == [(State.FAILED, 1), (State.SENT, 2)]


def test_what_somebody_else_got_was_said(firm: Firm) -> None:
    customer_id = written_to(firm, "one@customer.example, two@customer.example")
    assert not came_back(firm, customer_id, "One@customer.example").whole
    firm.run()
    assert firm.states(customer_id) == [State.SENT]
    assert came_back(firm, customer_id, "two@customer.example").whole
    assert firm.states(customer_id) == [State.FAILED]


def test_what_never_left_or_went_to_somebody_else_cannot_come_back(firm: Firm) -> None:
    customer_id = written_to(firm, "ap@customer.example")
    with pytest.raises(Refused, match=r"did not go to jo@lund\.example, but to ap@customer\.example"):
        came_back(firm, customer_id, "jo@lund.example")
    came_back(firm, customer_id)
    with pytest.raises(Refused, match="is a message that is failed; only a message that was sent can come back"):
        came_back(firm, customer_id)
