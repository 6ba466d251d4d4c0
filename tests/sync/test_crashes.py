"""The process may die anywhere: nothing is said twice, and nothing that was said goes untold to the books."""

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Target
from strategy.model import CustomerId, Record
from sync.store.database import Store
from sync.store.outbox import Kind, State
from tests.proving import examples
from tests.sync.firm import PLATFORMS, Firm, Killed, a_firm
from tests.sync.writeback.writing import WITH_STATEMENT, WRITES, told


@pytest.fixture(scope="module", params=PLATFORMS)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param, strategy=WITH_STATEMENT) as opened:
        yield opened


class Death(Record):
    """Where a process dies: at its nth commit, when that is on the disk or just before.

    Whatever happens outside happens between two commits, so that these are all the places there are.
    """

    commit: int
    kept: bool


deaths = st.lists(st.builds(Death, commit=st.integers(1, 30), kept=st.booleans()), min_size=1, max_size=3)


@contextmanager
def dying(death: Death) -> Iterator[None]:
    """The process dies there, unless it has ended before."""
    transaction = Store.transaction
    commits = itertools.count(1)

    @contextmanager
    def counted(store: Store) -> Iterator[None]:
        with transaction(store):
            yield
            fatal = next(commits) == death.commit
            if fatal and not death.kept:
                raise Killed
        if fatal:
            raise Killed

    with pytest.MonkeyPatch.context() as patched, suppress(Killed):
        patched.setattr(Store, "transaction", counted)
        yield


@examples(5)
@given(deaths=deaths, lost=st.sampled_from([None, Kind.NOTE, Kind.FILE]))
def test_wherever_processes_die_each_key_is_taken_once_at_most_and_the_books_are_told_once(
    firm: Firm, deaths: list[Death], lost: Kind | None
) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    if lost:
        firm.fault("drop_after", times=1, **WRITES[firm.platform][lost])
    for death in deaths:
        with firm.again() as another, dying(death):
            another.run()
    firm.sandbox.faults.clear()
    with firm.again() as last:
        last.run()
        last.run()
        assert_said_once(last, customer_id)
        assert_told_once(last, customer_id)


def assert_said_once(firm: Firm, customer_id: CustomerId) -> None:
    taken = Counter(str(one["X-Dunwell-Key"]) for one in firm.post.to(customer_id))
    rows = {row.key: row.state for row in firm.rows(customer_id)}
    assert set(rows.values()) <= {State.SENT, State.UNKNOWN}
    assert taken.keys() <= rows.keys()
    assert all(count == 1 for count in taken.values())
    assert all(taken[key] == 1 for key, state in rows.items() if state is State.SENT)


def assert_told_once(firm: Firm, customer_id: CustomerId) -> None:
    """Of what was sent, and of nothing else."""
    (message,) = firm.rows(customer_id)
    rows = told(firm, customer_id)
    done = sorted(row.act for row in rows if row.state is State.SENT)
    assert done == (["file", "note", "note"] if message.state is State.SENT else [])
    assert {row.state for row in rows} <= {State.SENT, State.FAILED}
    if message.state is State.SENT:
        lead = message.touchpoint().invoices[0].invoice_id
        assert len(firm.written(Target.INVOICE, lead)) == 1
        assert len(firm.written(Target.CUSTOMER, customer_id)) == 2
