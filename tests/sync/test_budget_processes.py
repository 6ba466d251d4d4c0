"""Processes that ask the same companies at once, on real sockets and one clock: together they stay under the limits."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from connectors.limits import QUICKBOOKS, XERO
from dunwell.clock import VirtualClock
from dunwell.sandbox.server import Sandbox
from sync.budget import Asking, LedgerBudget
from sync.store.budgets import Budgets
from tests.connectors import servers
from tests.connectors.roads import MONDAY
from tests.connectors.servers import Server
from tests.proving import counted, times
from tests.sync.calling import DIED, NARROW
from tests.sync.pacing import a_call, fits

ROUNDS = 14
"""Calls of each process to each company."""

MOST_ROUNDS = 150
"""More would outlive Xero's access tokens, on the clock of the race."""


@contextmanager
def a_clock(folder: Path) -> Iterator[VirtualClock]:
    """The clock that the processes of a folder go by."""
    with closing(VirtualClock(folder / "clock", MONDAY)) as clock:
        yield clock


def start(folder: Path, calls: int, *roads: str, threads: int = 3, dies: int = 0) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.sync.calling", str(folder), str(calls), str(threads), str(dies), *roads]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


def race(*processes: "subprocess.Popen[str]") -> list[str]:
    """What each process said in the end; all of them begin at once."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate(timeout=900)[0] for process in processes]


def answered(*processes: "subprocess.Popen[str]") -> list[int]:
    """How many answers each process got; all of them have ended well."""
    told = race(*processes)
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [int(one) for one in told]


def roads(sandbox: Sandbox) -> list[str]:
    """A road to each of the sandbox's companies."""
    ids = {name: sandbox.dialects[name].company_id() for name in ("quickbooks", "xero")}
    urls = {
        "quickbooks": f"{sandbox.url}/v3/company/{ids['quickbooks']}/companyinfo/1",
        "xero": f"{sandbox.url}/api.xro/2.0/Organisation",
    }
    return [f"{name}|{ids[name]}|{urls[name]}|{sandbox.control(name).tokens()['access_token']}" for name in ids]


def arrived(sandbox: Sandbox, path: str) -> list[datetime]:
    return sorted(one.at for one in sandbox.traffic.calls if path in one.path)


@pytest.mark.prove
def test_five_processes_together_meet_no_limit_of_either_platform(tmp_path: Path) -> None:
    """The sandbox enforces the limits by itself, on the clock that all share and that any waiting of anybody moves."""
    rounds = min(times(ROUNDS), MOST_ROUNDS)
    with a_clock(tmp_path) as clock, Sandbox(clock) as sandbox:
        asked = roads(sandbox)
        assert answered(*[start(tmp_path, rounds, *asked) for _ in range(5)]) == [2 * rounds] * 5
        assert {one.status for one in sandbox.traffic.calls} == {200}
        for platform, path, limits in (("quickbooks", "/v3/", QUICKBOOKS), ("xero", "/api.xro/", XERO)):
            at = arrived(sandbox, path)
            assert len(at) == 5 * rounds
            assert all(fits(at, window) for window in limits.windows)
            counted(f"calls that five processes together made within the limits of {platform}", len(at))


def test_the_minute_of_an_app_is_shared_by_processes_that_ask_different_companies(tmp_path: Path) -> None:
    at: list[datetime] = []
    with a_clock(tmp_path) as clock:

        def noted(connection: socket.socket) -> bool:
            at.append(clock.now())
            return servers.answer()(connection)

        with Server(*[noted] * 500) as server:
            each = [start(tmp_path, 25, f"narrow|{company}|{server.url}|token") for company in ("harbour", "lund")]
            assert answered(*each) == [25, 25]
    assert len(at) == 50
    assert all(fits(sorted(at), window) for window in NARROW.app_windows)


def test_the_firms_own_limit_for_a_day_is_shared_by_processes(tmp_path: Path) -> None:
    with a_clock(tmp_path), Server() as server:
        road = f"quickbooks|harbour|{server.url}|token|37"
        each = answered(*[start(tmp_path, 25, road) for _ in range(2)])
        assert (sum(each), len(server.asked)) == (37, 37)


def test_never_are_more_calls_of_a_company_under_way_than_it_takes(tmp_path: Path) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def slow(connection: socket.socket) -> bool:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.03)
        with lock:
            inside -= 1
        return servers.answer()(connection)

    with a_clock(tmp_path), Server(*[slow] * 500) as server:
        road = f"xero|harbour|{server.url}|token"
        assert answered(*[start(tmp_path, 9, road, threads=5) for _ in range(2)]) == [9] * 2
    assert 1 < most <= XERO.concurrent


def test_what_a_process_that_died_had_under_way_is_free_again(tmp_path: Path) -> None:
    with a_clock(tmp_path) as clock, Server() as server, closing(Budgets(tmp_path / "calls.sqlite")) as budgets:
        road = f"xero|harbour|{server.url}|token"
        process = start(tmp_path, 9, road, threads=9, dies=XERO.concurrent)
        race(process)
        asking = Asking(ledger_id=0, company="xero harbour", app="xero")
        assert (process.returncode, server.asked) == (DIED, [])
        began = clock.now()
        budget = LedgerBudget(budgets, asking, XERO, clock)
        for _ in range(XERO.windows[0].calls - XERO.concurrent):
            budget.leave(budget.enter(), a_call())
        assert clock.now() == began
        budget.leave(budget.enter(), a_call())
        assert (clock.now() - began).total_seconds() == 60
