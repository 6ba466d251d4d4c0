"""Our pull, exactly as a first sync does it: connector, transport, the platform's limits, mirror."""

from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path

import msgspec

from bench.figures import Tally
from connectors import limits
from connectors.ahead import CONNECTIONS
from connectors.base import Connector
from connectors.errors import Reconnect
from connectors.limits import Window
from connectors.transport import Dialect, Transport, session
from dunwell.clock import SystemClock
from strategy.model import Platform
from sync.budget import Asking, LedgerBudget
from sync.pull import pull
from sync.store import ledgers
from sync.store.budgets import Budgets
from sync.store.database import Store

_PLATFORMS = {"quickbooks": ("QuickBooks", limits.QUICKBOOKS), "xero": ("Xero", limits.XERO)}

REMOTE_ID = "1"

_OFTEN = Window(calls=10_000, seconds=60)


class _Clock(SystemClock):
    """Remembers how long it was slept on."""

    def __init__(self) -> None:
        self.waited_s = 0.0

    def sleep(self, seconds: float) -> None:
        self.waited_s += max(0.0, seconds)
        super().sleep(seconds)


class _Tokens:
    """One token, at which the server does not look."""

    def access(self) -> str:
        return "token"

    def renew(self, rejected: str) -> str:
        raise Reconnect("the bench's server refused a token")


def ready(
    platform: str, url: str, database: Path, connections: int = CONNECTIONS, limited: int = 1
) -> Callable[[], Tally]:
    """What pulls everything from an address into an empty database, with all imports done.

    `limited`: 0 to ask more often than the platform allows, for a ledger that would take minutes of waiting.
    """
    name, budget = _PLATFORMS[platform]
    if not limited:
        budget = msgspec.structs.replace(budget, windows=(_OFTEN,), app_windows=())
    connect: Callable[..., Connector] = getattr(import_module(f"connectors.{platform}.connector"), name)
    dialect: Dialect = import_module(f"connectors.{platform}.faults").DIALECT

    def fill() -> Tally:
        clock = _Clock()
        calls = Budgets(database.with_name("calls.sqlite"))
        with closing(Store(database)) as store, session() as http, closing(calls):
            ledger = ledgers.known(store, "harbour", Platform(platform))
            asking = Asking(ledger_id=ledger.id, company=url, app="bench")
            shared = LedgerBudget(calls, asking, budget, clock)
            transport = Transport(dialect, "harbour", tokens=_Tokens(), budget=shared, clock=clock, http=http)
            pull(store, ledger, connect(transport, clock, url, REMOTE_ID, connections=connections), clock)
            (used,) = calls.usage(ledger.id)
        return Tally(calls=used.calls, received=used.received, waited_s=clock.waited_s)

    return fill
