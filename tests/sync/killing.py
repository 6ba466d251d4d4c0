"""Pulls in processes of their own, to be killed in the middle.

A server that has loaded everything forks one for each pull: it has no threads, so nothing is inherited half done.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import httpx

from connectors.transport import Transport
from dunwell.sandbox.exchange import Call
from dunwell.sandbox.traffic import Seen
from strategy.model import Platform
from sync.pull import pull
from sync.store import ledgers
from sync.store.database import Store
from tests.connectors.roads import CONNECTORS, Clock, Counted, Road, Tokens
from tests.sync.pulls import Puller

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


class Work(NamedTuple):
    """What a process needs to know to pull."""

    path: Path
    url: str
    platform: str
    company_id: str
    token: str
    at: datetime
    page_size: int


def _pull(work: Work) -> None:
    dialect, budget, connect = CONNECTORS[work.platform]
    clock = Clock(work.at)
    with httpx.Client(verify=False, timeout=60) as http:
        tokens, counted = Tokens(work.token), Counted(budget, clock)
        transport = Transport(dialect, "harbour", tokens=tokens, budget=counted, clock=clock, http=http)
        connector = connect(transport, clock, work.url, work.company_id, page_size=work.page_size)
        store = Store(work.path)
        pull(store, ledgers.known(store, "harbour", Platform(work.platform)), connector, clock)


def killed(puller: Puller, path: Path, call: int) -> bool:
    """Pull in a process that is killed when it asks for so many things; whether it asked for as many."""
    road = puller.road
    work = Work(path, road.sandbox.url, road.platform, _company(road), road.tokens.token, road.clock.at, road.page_size)
    process = _FORKS.Process(target=_pull, args=(work,), daemon=True)
    process.start()
    assert process.pid  # zero would be everybody
    with _killing(road, process.pid, call):
        process.join()
    return process.exitcode == -signal.SIGKILL


def _company(road: Road) -> str:
    return road.sandbox.dialects[road.platform].company_id()


@contextmanager
def _killing(road: Road, pid: int, call: int) -> Iterator[None]:
    asked = 0

    def watch(_call: Call, _seen: Seen) -> None:
        nonlocal asked
        asked += 1
        if asked == call:
            os.kill(pid, signal.SIGKILL)

    road.sandbox.traffic.watchers.append(watch)
    try:
        yield
    finally:
        road.sandbox.traffic.watchers.remove(watch)
