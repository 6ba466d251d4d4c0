"""A process that asks platforms for something, over and over, within the budget that it shares with others:

    python -m tests.sync.calling FOLDER CALLS THREADS DIES ROAD...

A road is a platform's name, a ledger's, an address, a token, and maybe how many calls a day the firm allows, with "|"
between; its calls are spread over the threads, and all roads are walked at once. DIES above zero: the process ends
itself, as a kill would, while that many calls are under way. Prints a line when it is ready, begins when it is told a
line, and prints how many calls had an answer. The clock is the file `clock` in the folder.
"""

import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from connectors.answers import Answer
from connectors.errors import Reconnect, RetryLater
from connectors.limits import QUICKBOOKS, XERO, Limits, Window
from connectors.quickbooks import faults as quickbooks
from connectors.transport import Dialect, Transport
from connectors.xero import faults as xero
from dunwell.clock import VirtualClock
from sync.budget import Asking, LedgerBudget
from sync.store.budgets import Budgets

DIED = 9

NARROW = Limits(windows=(Window(calls=30, seconds=60),), concurrent=5, app_windows=(Window(calls=40, seconds=60),))
"""An app that may ask little: what Xero allows, ten thousand a minute, takes too long to use up."""

PLATFORMS: Mapping[str, tuple[Dialect, Limits]] = {
    "quickbooks": (quickbooks.DIALECT, QUICKBOOKS),
    "xero": (xero.DIALECT, XERO),
    "narrow": (xero.DIALECT, NARROW),
}


class _Token(str):
    """A token that is good for as long as the process lives."""

    __slots__ = ()

    def access(self) -> str:
        return self

    def renew(self, rejected: str) -> str:
        raise Reconnect(f"nobody renews {rejected}")


class _Together(VirtualClock):
    """Who sleeps wakes at the instant that was meant, though others slept to the same one meanwhile, and lets them
    work for a moment.
    """

    seen = threading.local()

    def now(self) -> datetime:
        at = super().now()
        self.seen.at = at
        return at

    def sleep(self, seconds: float) -> None:
        self.advance_to(self.seen.at + timedelta(seconds=seconds))
        threading.Event().wait(0.003)


class _Doomed(LedgerBudget):
    """Ends the process once so many calls are under way, and lets none of them go on before."""

    all_under_way: threading.Barrier | None = None

    def enter(self) -> int:
        number = super().enter()
        if self.all_under_way is not None:
            self.all_under_way.wait()
            os._exit(DIED)
        return number


def work(folder: Path, calls: int, threads: int, dies: int, *roads: str) -> int:
    """How many calls were answered."""
    clock, budgets = _Together(folder / "clock"), Budgets(folder / "calls.sqlite")
    print("ready", flush=True)  # noqa: T201 - to whoever starts the race
    sys.stdin.readline()
    _Doomed.all_under_way = threading.Barrier(dies) if dies else None
    with httpx.Client(verify=False, timeout=30) as http, ThreadPoolExecutor(threads * len(roads)) as pool:
        answers = []
        for number, road in enumerate(roads):
            platform, company, url, token, *allowed = road.split("|")
            dialect, limits = PLATFORMS[platform]
            asking = Asking(
                ledger_id=number,
                company=f"{platform} {company}",
                app=platform,
                calls_per_day=int(allowed[0]) if allowed else None,
            )
            budget = _Doomed(budgets, asking, limits, clock)
            transport = Transport(dialect, company, tokens=_Token(token), budget=budget, clock=clock, http=http)
            headers = {"xero-tenant-id": company, "accept": "application/json"}
            answers += [
                pool.submit(transport.call, httpx.Request("GET", url, headers=headers), write=False)
                for _ in range(calls)
            ]
        answered = sum(map(_answered, answers))
    budgets.close()
    return answered


def _answered(call: Future[Answer]) -> bool:
    """Whether it had an answer, and not the word that the day is used up."""
    error = call.exception()
    if isinstance(error, RetryLater) and error.daily:
        return False
    return call.result().status == httpx.codes.OK


if __name__ == "__main__":
    where, calls, threads, dies, *roads = sys.argv[1:]
    print(work(Path(where), int(calls), int(threads), int(dies), *roads))  # noqa: T201 - its answer
