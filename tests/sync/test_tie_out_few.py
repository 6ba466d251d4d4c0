"""After a small pull only the accounts that it touched are compared, and everything else within a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from strategy.account import TieOutState
from strategy.model import CustomerId
from sync import cycle, tie_out
from sync.pull import Options
from sync.store import ledgers
from tests.sync.firm import PLATFORMS, Firm, a_firm

MANY = 60
"""Customers: reading the balances of two by their ids is cheaper then than reading them all."""

TUESDAY = 1
"""When the firm's one ledger is read again in whole."""


@pytest.fixture(scope="module", params=PLATFORMS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        for _ in range(MANY):
            owing(opened)
        yield opened


@pytest.fixture
def firm(shared: Firm) -> Firm:
    """The firm in balance, on a day before none on which everything is read again by itself."""
    shared.sleep(days=1)
    while shared.clock.now().weekday() <= TUESDAY:
        shared.sleep(days=1)
    cycle.bring_up_to_date(shared.bench, Options(full=True))
    return shared


def owing(firm: Firm) -> tuple[str, str, CustomerId]:
    """A customer with one overdue invoice: its name, the invoice's number, its id."""
    name, customer_id = firm.customer()
    return name, firm.invoice(name), customer_id


def some(firm: Firm, count: int) -> list[tuple[str, str, CustomerId]]:
    """Customers that owe, read and compared, and behind all that a pull reads again."""
    made = [owing(firm) for _ in range(count)]
    for _ in range(2):
        firm.refresh()
        firm.sleep(hours=1)
    return made


def go_over(firm: Firm, customer_id: CustomerId, account_id: CustomerId) -> None:
    """The customer is billed with another from now on, or, where there are no parents, is merged into it."""
    if firm.platform == "xero":
        firm.merge(customer_id, account_id)
        return
    dialect = firm.sandbox.dialects[firm.platform]
    with dialect.ledger.turn() as now:
        below, above = (dialect.find("customer", one) for one in (customer_id, account_id))
        assert below is not None
        assert above is not None
        dialect.ledger.books.change(now, below, parent_id=above.id, bills_parent=True)


def compare(firm: Firm, *customers: CustomerId) -> None:
    """With the platform as it is now, without reading what changed: as if a change had not been told."""
    bench = firm.bench
    tie_out.tie_out(bench.store, bench.ledger, bench.connector, bench.moment(), customers or None)


@contextmanager
def a_ghost(firm: Firm, customer_id: CustomerId) -> Iterator[None]:
    """A payment that the books do not have any more, and of which nothing told us."""
    store = firm.bench.store
    store.run(
        """INSERT INTO payment (ledger_id, id, customer_id, paid_on, currency, total_minor, unapplied_minor, status,
            version, updated_at)
        SELECT ledger_id, 'ghost', customer_id, issued_on, currency, 500, 500, 'issued', '1', updated_at
        FROM invoice WHERE customer_id = ?""",
        customer_id,
    )
    yield
    store.run("DELETE FROM payment WHERE id = 'ghost'")


def differing(firm: Firm) -> dict[CustomerId, TieOutState]:
    return {one.customer_id: one.state for one in tie_out.differences(firm.bench.store, firm.bench.ledger.id)}


def compared_now(firm: Firm) -> set[CustomerId]:
    """The accounts whose figures are of this instant."""
    rows = firm.bench.store.rows("SELECT customer_id, checked_at FROM tie_out")
    latest = firm.clock.now().isoformat()[:19]
    return {CustomerId(customer_id) for customer_id, checked_at in rows if checked_at[:19] == latest}


def test_only_those_that_moved_are_compared_and_those_that_were_not_tied(firm: Firm) -> None:
    (_, one, moved), (_, two, apart), (_, three, silent) = some(firm, 3)
    firm.books.pay(two, 120_000)
    compare(firm)
    firm.sleep(hours=1)
    firm.books.pay(one, 50_000)
    firm.books.pay(three, 50_000)
    compare(firm, moved)
    assert differing(firm) == {moved: TieOutState.LESS, apart: TieOutState.LESS}
    assert compared_now(firm) == {moved, apart}
    compare(firm)
    assert differing(firm).keys() == {moved, apart, silent}


def test_a_difference_that_no_pull_touches_is_found_within_a_day(firm: Firm) -> None:
    (name, _, moved), (_, _, quiet) = some(firm, 2)
    with a_ghost(firm, quiet):
        firm.invoice(name)
        firm.refresh()
        assert (compared_now(firm), differing(firm)) == ({moved}, {})
        firm.sleep(hours=15)
        firm.invoice(name)
        firm.refresh()
        firm.sleep(hours=4)
        firm.refresh()
        assert differing(firm) == {quiet: TieOutState.MORE}


def test_a_comparison_by_a_clock_that_was_ahead_was_none(firm: Firm) -> None:
    ((_, _, quiet),) = some(firm, 1)
    ahead = firm.clock.now() + timedelta(days=365)
    with firm.bench.store.transaction():
        ledgers.set_compared(firm.bench.store, firm.bench.ledger.id, ahead, everything=True)
    with a_ghost(firm, quiet):
        firm.refresh()
        assert differing(firm) == {quiet: TieOutState.MORE}


def test_where_customers_go_over_to_another_account_everything_is_compared(firm: Firm) -> None:
    (_, _, stays), (_, _, goes) = some(firm, 2)
    go_over(firm, goes, stays)
    firm.refresh()
    assert len(compared_now(firm)) > MANY
    assert differing(firm) == {}


def test_the_customers_of_an_account_are_compared_as_one(firm: Firm) -> None:
    (_, one, stays), (_, two, goes) = some(firm, 2)
    go_over(firm, goes, stays)
    for _ in range(2):
        firm.refresh()
        firm.sleep(hours=1)
    for number in (one, two):
        firm.books.pay(number, 50_000)
        firm.refresh()
        assert (compared_now(firm), differing(firm)) == ({stays}, {})
        firm.sleep(hours=1)


def test_where_open_invoices_were_read_besides_everything_is_compared(firm: Firm) -> None:
    """QuickBooks stamps every change, so there none are."""
    firm.sleep(hours=15)
    compare(firm)
    firm.sleep(hours=6)
    swept = cycle.bring_up_to_date(firm.bench, Options()).swept
    assert swept is (firm.platform == "xero")
    assert (len(compared_now(firm)) >= MANY) is swept


def test_where_open_invoices_were_read_just_now_a_difference_reads_them_no_second_time(firm: Firm) -> None:
    ((_, _, quiet),) = some(firm, 1)
    with a_ghost(firm, quiet):
        firm.sleep(hours=21)
        firm.sandbox.traffic.clear()
        cycle.bring_up_to_date(firm.bench, Options())
        assert differing(firm) == {quiet: TieOutState.MORE}
        lists = [one for one in firm.sandbox.traffic.calls if "AUTHORISED" in one.query]
        assert len(lists) == (1 if firm.platform == "xero" else 0)
