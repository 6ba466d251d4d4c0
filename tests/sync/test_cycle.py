"""A day's work on one ledger: whatever breaks off, nothing is half done, and the next run goes on from there."""

import logging
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Target
from connectors.errors import BadAnswer, OutsideError, Reconnect
from strategy import model
from strategy.account import TieOutState
from strategy.decision import Touchpoint, TouchpointKind
from sync import cycle
from sync.cycle import Busy
from sync.pull import Options
from sync.store import ledgers, mirror, outbox, trouble
from sync.store.outbox import Kind, State
from tests.connectors.books import an_open_invoice, id_of
from tests.connectors.meddling import meddled, one_row
from tests.proving import examples
from tests.sync.firm import CONFIG, PLATFORMS, Firm, a_firm
from tests.sync.pulls import a_puller

APPROVING = CONFIG.replace('approval = "steps"', 'approval = "all"')

CONTACTS: Mapping[str, Mapping[str, object]] = {
    "quickbooks": {"path": "/query", "body": "from customer"},
    "xero": {"path": "/contacts", "skip": 1},
}
"""How the tie-out reads the balances; on Xero the changes have read the contacts before."""


@pytest.fixture(scope="module", params=PLATFORMS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        yield opened


@pytest.fixture
def firm(shared: Firm) -> Iterator[Firm]:
    yield shared
    shared.sandbox.faults.clear()


def counted(firm: Firm) -> tuple[object, ...]:
    """What stands in outbox and journal."""
    rows = outbox.counts(firm.bench.store, firm.bench.ledger.id)
    return rows, firm.bench.store.row("SELECT COUNT(*) FROM event"), firm.bench.store.row("SELECT COUNT(*) FROM task")


def test_a_second_process_is_told_and_does_nothing(firm: Firm, tmp_path: Path) -> None:
    with (
        cycle.alone(tmp_path, "brindle"),
        pytest.raises(Busy, match="another dunwell is working on ledger brindle"),
        cycle.alone(tmp_path, "brindle"),
    ):
        raise AssertionError("it was let in")


def test_another_ledger_may_be_worked_on_meanwhile(tmp_path: Path) -> None:
    with cycle.alone(tmp_path, "brindle"), cycle.alone(tmp_path, "harbour"):
        pass


def test_a_process_that_was_killed_lets_go(tmp_path: Path) -> None:
    holds = (
        "import sys, time, pathlib\nfrom sync import cycle\n"
        "with cycle.alone(pathlib.Path(sys.argv[1]), 'brindle'):\n    print('in', flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holds, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(Busy), cycle.alone(tmp_path, "brindle"):
            raise AssertionError("it was let in")
        process.kill()
    with cycle.alone(tmp_path, "brindle"):
        pass


def test_a_comparison_that_broke_off_is_made_up_for_though_nothing_changed_since(firm: Firm) -> None:
    firm.invoice(firm.customer()[0])
    firm.refresh()
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.sleep(hours=1)
    firm.fault("truncated", times=9, **CONTACTS[firm.platform])
    with pytest.raises(BadAnswer):
        firm.run(send=False)
    firm.sandbox.faults.clear()
    firm.sleep(hours=1)  # what is read again behind the cursor is read by now
    assert cycle.bring_up_to_date(firm.bench, Options()).counts == {}
    account = firm.account(customer_id)
    assert [one.state for one in account.tie_outs] == [TieOutState.TIED]


@pytest.mark.parametrize("fault", ["forbidden", "unavailable", "truncated", "day_limit"])
def test_a_pull_that_breaks_off_decides_and_sends_nothing_and_the_next_run_does(firm: Firm, fault: str) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    cursor, before = ledgers.cursor(firm.bench.store, firm.bench.ledger.id), counted(firm)
    firm.fault(fault, times=None)
    with pytest.raises(OutsideError) as failed:
        firm.run()
    assert failed.value.ledger == "brindle"
    assert (ledgers.cursor(firm.bench.store, firm.bench.ledger.id), counted(firm)) == (cursor, before)
    firm.sandbox.faults.clear()
    firm.sleep(days=1 if fault == "day_limit" else 0)
    firm.run(send=False)
    assert firm.states(customer_id) == [State.APPROVED]


def test_a_lost_connection_names_the_command_that_mends_it(tmp_path: Path) -> None:
    with a_firm(tmp_path) as firm:
        firm.books.disconnect()
        with pytest.raises(Reconnect, match="connect it again: dunwell connect brindle"):
            firm.run()


def test_a_full_disk_leaves_no_half_state_wherever_it_is_met(tmp_path: Path) -> None:
    """A little more room each time, until the run comes through."""
    with a_firm(tmp_path) as firm:
        customers = [firm.customer() for _ in range(5)]
        for name, _ in customers:
            firm.invoice(name)
        met: list[str] = []
        while said_of_it := trouble_with_room_for(firm, len(met) // 2):
            met.append(said_of_it)
        assert len(met) > 5
        assert {one.partition(";")[0] for one in met} == {
            "the disk is full: nothing of what was being written was kept"
        }
        firm.run()
        for _, customer_id in customers:
            taken = Counter(str(one["X-Dunwell-Key"]) for one in firm.post.to(customer_id))
            (row,) = firm.rows(customer_id)
            assert (row.state, taken[row.key]) in {(State.SENT, 1), (State.UNKNOWN, 1), (State.UNKNOWN, 0)}
            notes = [one.state for one in firm.rows(customer_id, Kind.NOTE)]
            assert notes.count(State.SENT) == (2 if row.state is State.SENT else 0)
            assert len(firm.written(Target.CUSTOMER, customer_id)) == (1 if row.state is State.SENT else 0)


def trouble_with_room_for(firm: Firm, room: int) -> str:
    """What is said of a run with room for so many pages; "" where that was enough."""
    pages = firm.bench.store.row("PRAGMA page_count")
    assert pages is not None
    firm.bench.store.run(f"PRAGMA max_page_count = {pages[0] + room}")
    try:
        firm.run()
    except sqlite3.DatabaseError as error:
        return trouble.sentence(error)
    finally:
        firm.bench.store.run("PRAGMA max_page_count = 1000000")
    return ""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_odd_record_is_an_issue_until_it_can_be_read_and_the_rest_of_the_ledger_goes_on(
    tmp_path: Path, platform: str
) -> None:
    total = {"quickbooks": "TotalAmt", "xero": "Total"}[platform]
    with a_puller(tmp_path, platform) as puller:
        odd = an_open_invoice(puller.road)
        odd_id = id_of(puller.road, odd)
        with meddled(puller.road, one_row(odd_id, lambda row: row.update({total: "a lot"}))) as connector:
            puller.pull(connector=connector)
        (issue,) = mirror.issues(puller.store, puller.ledger.id)
        assert (issue.code, issue.source.split()[-1]) == ("unreadable", odd_id)
        live = puller.road.control.live()["invoice"]
        assert puller.live(model.Kind.INVOICE).keys() >= live.keys() - {odd_id}
        assert odd_id not in puller.open_invoices()
        puller.pull(full=True)
        assert mirror.issues(puller.store, puller.ledger.id) == ()
        assert puller.is_true()


@pytest.fixture(scope="module", params=PLATFORMS)
def busy_firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A firm with the sandbox's story, in approval mode."""
    with a_firm(tmp_path_factory.mktemp("firm"), request.param, settings=APPROVING, weeks=26) as opened:
        yield opened


def said(touchpoint: Touchpoint) -> tuple[object, ...]:
    return touchpoint.key, touchpoint.kind, touchpoint.to, touchpoint.amount_minor, touchpoint.letter


@examples(3)
@given(days=st.integers(1, 12))
def test_the_dry_run_is_the_next_run_and_deciding_twice_adds_nothing(busy_firm: Firm, days: int) -> None:
    busy_firm.sleep(days=days)
    busy_firm.refresh()
    told = {
        said(one)
        for decision in cycle.preview(busy_firm.bench, busy_firm.bench.today())
        for one in decision.touchpoints
    }
    assert busy_firm.run(send=False).pulled.gone == 0
    rows = outbox.everything(busy_firm.bench.store, busy_firm.bench.ledger.id)
    planned = {said(row.touchpoint()) for row in rows if row.state is State.PLANNED}
    assert {one for one in told if one[1] is not TouchpointKind.NOTICE} == planned
    before = counted(busy_firm)
    cycle.decide(busy_firm.bench)
    cycle.bring_up_to_date(busy_firm.bench, Options())
    cycle.decide(busy_firm.bench)
    assert counted(busy_firm) == before


def test_the_same_day_decided_again_writes_nothing(busy_firm: Firm) -> None:
    for _ in range(2):  # whoever is placed the first time stays for other reasons the second
        cycle.decide(busy_firm.bench)
    before = changes(busy_firm)
    assert cycle.decide(busy_firm.bench).accounts > 20
    assert changes(busy_firm) == before


def changes(firm: Firm) -> int:
    """How many rows were written so far."""
    (count,) = firm.bench.store.row("SELECT total_changes()") or (0,)
    return int(count)


def test_several_accounts_wait_for_the_disk_together(busy_firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "AT_ONCE", 7)
    said_to_the_store: list[str] = []
    busy_firm.bench.store.on_trace(said_to_the_store.append)
    accounts = cycle.decide(busy_firm.bench).accounts
    busy_firm.bench.store.on_trace(None)
    for_the_strategy = 1
    assert said_to_the_store.count("COMMIT") == -(-accounts // 7) + for_the_strategy


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_line_of_the_log_holds_a_name_an_address_an_amount_or_a_token(
    platform: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a call was signed with is a secret, and a traceback is in the log too."""
    caplog.set_level(logging.DEBUG, "dunwell")
    signed = set[str]()
    with a_firm(tmp_path, platform) as firm:  # on a morning on which letters leave
        watchers = firm.sandbox.traffic.watchers
        watchers.append(lambda call, _seen: signed.update(call.header("authorization").split()[-1:]))
        names = [firm.customer()[0] for _ in range(3)]
        numbers = [firm.invoice(name, amount=123_456) for name in names]
        firm.refresh()
        firm.sleep(hours=1)  # the access token is over, and another is asked for
        assert firm.run().dispatched is not None
        grants = firm.sandbox.dialects[firm.platform].desk.grants.grants
    tokens = {token for grant in grants for token in (grant.refresh, *grant.spent) if token}
    assert len(signed) == 3, "two access tokens, and the client's secret"
    private = [*names, *numbers, *tokens, *signed, "@", "1,234.56", "1234.56", "123456", "Bearer"]
    lines = "\n".join(map(logging.Formatter().format, caplog.records))
    assert "left by email" in lines
    assert [one for one in private if one in lines] == []
