"""A day's limit that is reached in the middle of the work: what was begun is whole, and the rest comes the next day."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from connectors.base import Target
from connectors.errors import RetryLater
from dunwell.wiring.house import House
from sync.store import outbox
from sync.store.outbox import State
from tests.proving import FACTOR
from tests.sync.firm import Firm, a_firm, at_work

ROOM = (2, 5, 8, 10) if FACTOR == 1 else range(16)
"""So many calls the day still has when the work begins: the limit falls into pull, dispatch and write-back."""

FRIDAY = 4

BEGUN = {State.SENDING, State.UNKNOWN, State.FAILED}


@pytest.fixture(scope="module", params=["quickbooks", "xero"])
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        yield opened


@contextmanager
def with_room_for(firm: Firm, calls: int) -> Iterator[Firm]:
    """The same firm in a process whose settings allow so many calls more today."""
    used = firm.house.budgets.calls_on(firm.bench.ledger.id, firm.bench.today())
    ledger = msgspec.structs.replace(firm.house.config.ledgers["brindle"], calls_per_day=used + calls)
    house = House(msgspec.structs.replace(firm.house.config, ledgers={"brindle": ledger}))
    house.clock = firm.clock
    try:
        yield replace(firm, house=house, bench=at_work(house, firm.post))
    finally:
        house.close()


@pytest.mark.prove
def test_wherever_the_day_ends_nothing_is_half_done_and_the_next_day_does_the_rest_once(firm: Firm) -> None:
    for calls in ROOM:
        name, customer_id = firm.customer()
        firm.invoice(name)
        before = len(firm.sandbox.traffic.calls)
        with with_room_for(firm, calls) as narrow, suppress(RetryLater):
            narrow.run()
        assert len(firm.sandbox.traffic.calls) - before <= calls
        states = {one.state for one in outbox.everything(firm.bench.store, firm.bench.ledger.id)}
        assert not states & BEGUN
        firm.sleep(days=3 if firm.bench.today().weekday() == FRIDAY else 1)
        firm.refresh()
        firm.run()
        assert len(firm.post.to(customer_id)) == 1
        assert len(firm.written(Target.CUSTOMER, customer_id)) == 1
        states = {one.state for one in outbox.everything(firm.bench.store, firm.bench.ledger.id)}
        assert not states & {*BEGUN, State.APPROVED}


def test_a_rest_asks_for_nothing_not_even_a_token_and_ends_by_itself(tmp_path: Path) -> None:
    with a_firm(tmp_path) as firm:
        firm.fault("day_limit")
        with pytest.raises(RetryLater):
            firm.refresh()
        firm.sandbox.traffic.clear()
        firm.sleep(hours=23)  # the access token has ended by now
        with firm.again() as another, pytest.raises(RetryLater, match="throttles this company"):
            another.refresh()
        assert firm.sandbox.traffic.total == 0
        firm.sleep(hours=1)
        firm.refresh()
        assert firm.sandbox.traffic.total > 0
