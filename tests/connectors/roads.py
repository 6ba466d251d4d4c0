"""What connectors are driven on: a clock that remembers how long it was slept on, tokens in the hand, the transport
alone, or a whole road from a connector to the sandbox.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from connectors import limits
from connectors.base import Clock as ClockOf
from connectors.base import Connector, Page
from connectors.limits import Limits
from connectors.quickbooks import faults as quickbooks_faults
from connectors.quickbooks.connector import QuickBooks
from connectors.transport import Dialect, Transport
from connectors.xero import faults as xero_faults
from connectors.xero.connector import Xero
from dunwell.sandbox.control import Control
from dunwell.sandbox.faults import Rule
from dunwell.sandbox.server import Sandbox
from dunwell.sandbox.traffic import Seen
from strategy.model import Kind
from sync.budget import Asking, LedgerBudget
from sync.store.budgets import Budgets

MONDAY = datetime(2026, 3, 2, 17, tzinfo=UTC)

SHORT = httpx.Timeout(0.1, connect=1.0)
"""For servers that stay silent on purpose."""

LONG = httpx.Timeout(60.0)


class Clock:
    """Stands still unless it is slept on; remembers each sleep."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.at += timedelta(seconds=max(0, seconds))

    def move(self, **span: float) -> None:
        with self._lock:
            self.at += timedelta(**span)


@dataclass
class Tokens:
    """The access token of one ledger; `more` makes the next one when a token is renewed."""

    token: str = "token-one"
    more: Callable[[], str] = lambda: "token-two"
    renewed: list[str] = field(default_factory=list)

    def access(self) -> str:
        return self.token

    def renew(self, rejected: str) -> str:
        self.renewed.append(rejected)
        self.token = self.more()
        return self.token


ASKING = Asking(ledger_id=1, company="company 1", app="app")


class Counted(LedgerBudget):
    """A budget of one ledger, with its counts at hand."""

    def __init__(self, limits: Limits, clock: ClockOf, budgets: Budgets | None = None, asking: Asking = ASKING) -> None:
        self.budgets = budgets or Budgets()
        super().__init__(self.budgets, asking, limits, clock)

    def spent(self) -> tuple[int, int, int, int]:
        """Calls, metered calls, bytes sent and received."""
        months = self.budgets.usage(1)
        return (
            sum(one.calls for one in months),
            sum(one.reads for one in months),
            sum(one.sent for one in months),
            sum(one.received for one in months),
        )


@dataclass
class Line:
    """A transport to a server that speaks for itself."""

    clock: Clock
    tokens: Tokens
    budget: Counted
    transport: Transport
    url: str

    def read(self, path: str = "/v3/company/1/companyinfo/1") -> bytes:
        return self.transport.call(httpx.Request("GET", self.url + path), write=False).body

    def write(self, path: str = "/v3/company/1/attachable") -> bytes:
        return self.transport.call(httpx.Request("POST", self.url + path, content=b'{"Note":"x"}'), write=True).body


@contextmanager
def a_line(
    url: str,
    *,
    dialect: Dialect = quickbooks_faults.DIALECT,
    timeout: httpx.Timeout = LONG,
    budget: Limits = limits.QUICKBOOKS,
) -> Iterator[Line]:
    """A line to that address, for a ledger called harbour."""
    clock, tokens = Clock(), Tokens()
    counted = Counted(budget, clock)
    with httpx.Client(timeout=timeout, verify=False) as http:
        transport = Transport(dialect, "harbour", tokens=tokens, budget=counted, clock=clock, http=http)
        yield Line(clock, tokens, counted, transport, url)


CONNECTORS: Mapping[str, tuple[Dialect, Limits, Callable[..., Connector]]] = {
    "quickbooks": (quickbooks_faults.DIALECT, limits.QUICKBOOKS, QuickBooks),
    "xero": (xero_faults.DIALECT, limits.XERO, Xero),
}


@dataclass
class Road:
    """A connector, and the sandbox's company at its other end."""

    platform: str
    sandbox: Sandbox
    control: Control
    clock: Clock
    tokens: Tokens
    budget: Counted
    http: httpx.Client
    page_size: int
    read: dict[Kind, list[Page]] = field(default_factory=dict)
    """What was read of books that nobody changes: see `books.as_read`."""

    def __post_init__(self) -> None:
        self.connector = self.connector_at(self.sandbox.url)

    def connector_at(self, url: str, *, connections: int = 1) -> Connector:
        """A connector to the same company at another address, or over several connections."""
        dialect, _, connect = CONNECTORS[self.platform]
        transport = Transport(
            dialect, "harbour", tokens=self.tokens, budget=self.budget, clock=self.clock, http=self.http
        )
        company_id = self.sandbox.dialects[self.platform].company_id()
        return connect(transport, self.clock, url, company_id, page_size=self.page_size, connections=connections)

    def fault(self, kind: str, **conditions: object) -> Rule:
        """Something goes wrong with the next call that fits."""
        return self.sandbox.faults.add(kind, platform=self.platform, **conditions)

    def answered(self, path: str = "") -> int:
        """How many requests on a path had a good answer."""
        return len([one for one in self.asked(None, path) if one.status == 200])

    def asked(self, method: str | None = None, path: str = "") -> list[Seen]:
        """The requests that arrived, of a method and on a path."""
        return [
            one for one in self.sandbox.traffic.calls if method in (None, one.method) and path in one.path.casefold()
        ]


@contextmanager
def a_road(
    platform: str = "quickbooks",
    *,
    seed: int = 1,
    page_size: int = 1000,
    timeout: httpx.Timeout = LONG,
    at: datetime = MONDAY,
    weeks: int = 26,
) -> Iterator[Road]:
    """A road to a sandbox of its own, whose limits are enforced. `weeks`: how long after the start its story goes on;
    below zero it has ended so long ago.
    """
    _, budget, _ = CONNECTORS[platform]
    clock = Clock(at)
    with (
        Sandbox(clock, seed=seed, weeks=weeks, platforms=[platform]) as sandbox,
        httpx.Client(timeout=timeout, verify=False) as http,
    ):
        control = sandbox.control(platform)
        tokens = Tokens(access(control), lambda: access(control))
        yield Road(platform, sandbox, control, clock, tokens, Counted(budget, clock), http, page_size)


def access(control: Control) -> str:
    return str(control.tokens()["access_token"])
