"""What a platform's dialect brings along, and the ledger it works on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from dunwell.sandbox.books.books import UNSTAMPED, Books
from dunwell.sandbox.books.player import Player
from dunwell.sandbox.books.records import AnyKept
from dunwell.sandbox.clock import Clock
from dunwell.sandbox.exchange import Answer, Call
from dunwell.sandbox.faults import Kind
from dunwell.sandbox.limits import Limiter
from dunwell.sandbox.oauth.desk import Desk
from dunwell.sandbox.story.company import Plot
from dunwell.sandbox.story.script import story


class Ledger:
    """One company: its books, and the story that goes on in them. Everything happens under one lock.

    `start`: the day around which the story is told, by default the clock's day in the company's zone. `switches`
    are settings of the company that the control may change.
    """

    def __init__(self, clock: Clock, plot: Plot, seed: int, start: date | None, weeks: int) -> None:
        self.clock, self.seed, self.plot = clock, seed, plot
        self.start = start or clock.now().astimezone(ZoneInfo(plot.company.zone)).date()
        self.switches: dict[str, bool] = {UNSTAMPED: False}
        self.books = Books(plot.company, self.switches)
        self.limiter = Limiter()
        self._player = Player(self.books, story(plot, seed, self.start, weeks))
        self._lock = threading.RLock()

    @contextmanager
    def turn(self) -> Iterator[datetime]:
        """Hold the ledger alone, with everything happened that should have by now; yields the instant."""
        with self._lock:
            now = self.clock.now()
            self._player.advance(now)
            yield now


class Dialect(Protocol):
    """One platform's way to speak of a ledger. All methods are called within the ledger's turn."""

    name: str
    ledger: Ledger
    desk: Desk

    def speaks(self, path: str) -> bool:
        """Whether a path is this platform's."""
        ...

    def answer(self, call: Call) -> Answer:
        """Answer a request: API and OAuth."""
        ...

    def fault(self, kind: Kind, call: Call) -> Answer:
        """The platform's own form of a fault that comes instead of an answer."""
        ...

    def meddle(self, call: Call) -> None:
        """Somebody else edits the record that the call is about to change; nothing where the platform cannot tell."""
        ...

    def id_of(self, record: AnyKept) -> str:
        """The platform's id of a record."""
        ...

    def find(self, kind: str, platform_id: str) -> AnyKept | None:
        """The record ("customer", "invoice", "payment", "credit", "paper") of a platform's id."""
        ...

    def live(self) -> dict[str, dict[str, int]]:
        """Per kind: the platform's id of everything that is not deleted, with its version."""
        ...

    def company_id(self) -> str:
        """What the platform calls the company: a realm, a tenant."""
        ...

    def token_file(self, scope: str | None = None) -> dict[str, object]:
        """New tokens of a company whose user has just consented, as `dunwell connect --token-file` takes them.

        `scope`: to what, separated by spaces; by default to what reading and writing back need.
        """
        ...
