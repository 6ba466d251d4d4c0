"""Whoever was told that a trigger became true hears that it is over, also where nobody decides it any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from strategy.model import CustomerId
from sync.stopped import stopped
from sync.store import journal
from sync.store.outbox import Kind
from tests.sync.firm import Firm, a_firm, with_strategy
from tests.sync.stopping import GENTLE, STOPPING


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    with a_firm(tmp_path, strategy=STOPPING) as opened:
        yield opened


def told(firm: Firm, customer_id: CustomerId) -> list[tuple[str, str]]:
    """Of what our own people were told of an account, and why."""
    rows = [row.touchpoint() for row in firm.rows(customer_id, Kind.NOTICE)]
    return sorted((one.step, one.why[0].code) for one in rows)


@pytest.mark.parametrize("paid", [True, False])
def test_whoever_was_told_of_a_trigger_that_was_taken_out_hears_that_it_is_over(firm: Firm, paid: bool) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name)
    firm.run()
    firm.bench = with_strategy(firm.bench, GENTLE)
    if paid:
        firm.books.pay(number)
    firm.next_days(2)
    assert told(firm, customer_id) == [
        ("anything at all", "trigger"),
        ("stop orders", "trigger"),
        ("stop orders", "trigger_gone"),
    ]


def test_who_was_told_before_that_was_kept_hears_that_it_is_over(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run()
    firm.bench.store.run("UPDATE trigger_state SET told = NULL")
    firm.next_days()
    firm.bench = with_strategy(firm.bench, GENTLE)
    firm.next_days()
    assert ("stop orders", "trigger_gone") in told(firm, customer_id)
    events = journal.events(firm.bench.store, firm.bench.ledger.id, customer_id, most=50)
    assert [one.what for one in events].count("trigger fired") == 2


@pytest.mark.parametrize("merged", [True, False])
def test_whoever_was_told_of_an_account_that_is_another_s_part_now_hears_that_it_is_over(
    firm: Firm, merged: bool
) -> None:
    (name, customer_id), (_, taken_by) = firm.customer(), firm.customer()
    number = firm.invoice(name)
    firm.run()
    if merged:
        firm.merge(customer_id, taken_by)
    else:
        firm.bill_with_parent(customer_id, taken_by)
    firm.next_days(2)
    first = [("anything at all", "trigger"), ("stop orders", "trigger")]
    assert told(firm, customer_id) == first
    assert told(firm, taken_by) == [*first, ("stop orders", "trigger_moved")]
    assert [one.customer_id for one in stopped(firm.bench)] == [taken_by]
    firm.books.pay(number)
    firm.next_days(2)
    assert told(firm, taken_by) == [*first, ("stop orders", "trigger_moved"), ("stop orders", "trigger_over")]


def test_who_is_an_account_again_is_stopped_again(firm: Firm) -> None:
    (name, customer_id), (_, parent_id) = firm.customer(), firm.customer()
    firm.invoice(name)
    firm.run()
    for above in (parent_id, None):
        firm.bill_with_parent(customer_id, above)
        firm.next_days(2)
    assert told(firm, customer_id).count(("stop orders", "trigger")) == 2
    assert [one.customer_id for one in stopped(firm.bench)] == [customer_id]
