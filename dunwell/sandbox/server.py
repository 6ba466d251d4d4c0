"""The sandbox itself: put together, started and stopped."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from types import TracebackType
from typing import Any, Self

from dunwell.sandbox.clock import Clock
from dunwell.sandbox.control import Control
from dunwell.sandbox.control_desk import ControlDesk
from dunwell.sandbox.dialect import Dialect, Ledger
from dunwell.sandbox.faults import Faults
from dunwell.sandbox.quickbooks.dialect import QuickBooks
from dunwell.sandbox.story.company import QUICKBOOKS, XERO, Plot
from dunwell.sandbox.traffic import Traffic
from dunwell.sandbox.web.gate import Gate
from dunwell.sandbox.web.host import Host
from dunwell.sandbox.xero.dialect import Xero

PLATFORMS: dict[str, tuple[Plot, Callable[[Ledger], Dialect]]] = {
    "quickbooks": (QUICKBOOKS, QuickBooks),
    "xero": (XERO, Xero),
}
"""The dialects there are: whose story each plays, and what makes it."""

EVERY_S = 2.0
"""Real seconds between two announcements."""


class Sandbox:
    """Both platforms on loopback, on one port.

    `platforms`: which, or by name whose books each of them keeps instead of the story's company.
    `start`: the day around which the stories are told, by default the clock's day in each company's zone. `weeks`: how
    long they go on after it. `port` 0 takes any free one. The same seed and start make the same bodies.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 1,
        port: int = 0,
        start: date | None = None,
        weeks: int = 26,
        platforms: Sequence[str] | Mapping[str, Plot] = tuple(PLATFORMS),
    ) -> None:
        self._port = port
        self.faults, self.traffic = Faults(), Traffic()
        plots = platforms if isinstance(platforms, Mapping) else {name: PLATFORMS[name][0] for name in platforms}
        self.dialects = {
            name: PLATFORMS[name][1](Ledger(clock, plot, seed, start, weeks)) for name, plot in plots.items()
        }
        self._controls = {name: Control(dialect) for name, dialect in self.dialects.items()}
        desk = ControlDesk(clock, self.about(), self._controls, self.faults, self.traffic)
        gate = Gate(clock, list(self.dialects.values()), self.faults, self.traffic, desk.answer)
        self._host = Host(gate.app())
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen on 127.0.0.1; `url` is known from now on. Raises `OSError` where the port is taken."""
        self.url = f"http://localhost:{self._host.start(self._port)}"

    def stop(self) -> None:
        """Break all connections and stop listening; the books are gone with the object."""
        self._host.stop()

    def serve(self, ready: Callable[[], None]) -> None:
        """Start, and block until the keyboard interrupts; then stop. `ready` is called once it answers.

        Changes are announced as they happen, where somebody subscribed. Raises `OSError` where the port is taken.
        """
        never = threading.Event()
        with suppress(KeyboardInterrupt), self:
            ready()
            while not never.wait(EVERY_S):
                for control in self._controls.values():
                    control.announce()

    def limits(self, on: bool) -> None:
        """Enforce rate limits, or do not: a test that stops the clock would run into ten calls a second."""
        for control in self._controls.values():
            control.limits(on)

    def control(self, platform: str) -> Control:
        """The owner's hands and eyes in one company."""
        return self._controls[platform]

    @property
    def quickbooks(self) -> Control:
        """The control of the QuickBooks company."""
        return self._controls["quickbooks"]

    @property
    def xero(self) -> Control:
        """The control of the Xero organisation."""
        return self._controls["xero"]

    def about(self) -> dict[str, Any]:
        """Per platform: the company's id and name, and the registered apps' credentials."""
        return {
            name: {
                "company_id": dialect.company_id(),
                "company": dialect.ledger.books.company.name,
                "apps": list(dialect.desk.rules.apps),
                "scopes": sorted(dialect.desk.rules.scopes),
            }
            for name, dialect in self.dialects.items()
        }
