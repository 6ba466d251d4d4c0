"""A mirror at the end of a road: pulling into it, and comparing it with what the sandbox knows to be true."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from connectors.base import Connector
from strategy.model import Kind, Platform
from sync.pull import Options, pull
from sync.reader import Pulled
from sync.store import ledgers
from sync.store.database import Store
from sync.store.ledgers import Ledger
from tests.connectors import books
from tests.connectors.roads import MONDAY, Road, a_road

PLATFORMS = ("quickbooks", "xero")

QUIET = -68
"""Weeks after the start at which a shorter story ends, for tests that need few records and no business of the day."""

BUSY = 26
"""Weeks for which the whole story goes on."""

_DEAD = {"deleted"}


class Killed(BaseException):
    """The process died here: nothing after this ran, not even what catches errors."""


class Wrong(NamedTuple):
    """Rows that the mirror has not, has in an older version, or has although they are no more."""

    missing: set[str]
    stale: set[str]
    ghosts: set[str]


NOTHING = Wrong(set(), set(), set())


@dataclass
class Puller:
    """One ledger and its mirror. `between` is called after each page with the kind and how many pages came so far."""

    road: Road
    store: Store
    ledger: Ledger
    between: Callable[[str, int], None] = lambda _kind, _pages: None
    pages: list[str] = field(default_factory=list)

    def pull(self, *, connector: Connector | None = None, **options: bool) -> Pulled:
        self.pages.clear()
        return pull(
            self.store,
            self.ledger,
            connector or self.road.connector,
            self.road.clock,
            options=Options(**options),
            progress=self._progress,
        )

    def _progress(self, what: str, done: int, expected: int | None) -> None:
        self.pages.append(what)
        self.between(what, len(self.pages))

    def cursor(self) -> object:
        return ledgers.cursor(self.store, self.ledger.id)

    def open_invoices(self) -> dict[str, int]:
        """By id, what the mirror says is owed."""
        found = self.store.rows("SELECT id, open_minor FROM invoice WHERE status = 'issued' AND open_minor <> 0")
        return dict(found)

    def status(self, kind: str, record_id: str) -> str:
        found = self.store.row(f"SELECT status FROM {kind} WHERE id = ?", record_id)
        assert found is not None
        return str(found[0])

    def live(self, kind: Kind) -> dict[str, str]:
        """Ids of the mirror's records that are not gone, with their versions."""
        found = self.store.rows(f"SELECT id, version, status FROM {kind}")
        return {record_id: version for record_id, version, status in found if status not in _DEAD}

    def figures(self) -> books.Figures:
        """As `books.truth`, out of the mirror."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, select in enumerate(_FIGURES):
            for customer_id, currency, amount in self.store.rows(select):
                found.setdefault((customer_id, currency), [0, 0, 0])[place] += amount
        return {key: (one, two, three) for key, (one, two, three) in found.items() if one or two or three}

    def wrong(self) -> Wrong:
        """Rows of the mirror that are not those of the books, by id and version."""
        truth = self.road.control.live()
        truth["credit"] = truth["credit"] | truth.get("overpayment", {}) | truth.get("prepayment", {})
        missing, stale, ghosts = set[str](), set[str](), set[str]()
        for kind in (Kind.CUSTOMER, Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT):
            wanted = {record_id: str(version) for record_id, version in truth[kind].items()}
            held = self.live(kind)
            missing |= wanted.keys() - held.keys()
            stale |= {one for one in wanted.keys() & held.keys() if held[one] != wanted[one]}
            ghosts |= {one for one in held.keys() - wanted.keys() if self.status(kind, one) != "voided"}
        return Wrong(missing, stale, ghosts)

    def is_true(self) -> bool:
        """Whether the mirror is the books: ids, versions, and every cent."""
        assert self.wrong() == NOTHING
        assert self.figures() == books.truth(self.road)
        return True

    def sync_runs(self) -> list[tuple[str, str]]:
        """Mode and state of each, oldest first."""
        return [(mode, state) for mode, state in self.store.rows("SELECT mode, state FROM sync_run ORDER BY id")]


_FIGURES = (
    "SELECT customer_id, currency, SUM(open_minor) FROM invoice WHERE status = 'issued' GROUP BY 1, 2",
    """SELECT customer_id, currency, SUM(unapplied_minor) FROM payment WHERE status = 'issued' GROUP BY 1, 2
    UNION ALL SELECT customer_id, currency, SUM(remaining_minor) FROM credit
    WHERE status = 'issued' AND kind <> 'credit_note' GROUP BY 1, 2""",
    """SELECT customer_id, currency, SUM(remaining_minor) FROM credit
    WHERE status = 'issued' AND kind = 'credit_note' GROUP BY 1, 2""",
)


@contextmanager
def a_puller(
    folder: Path, platform: str, *, page_size: int = 25, weeks: int = QUIET, at: datetime = MONDAY, seed: int = 1
) -> Iterator[Puller]:
    """An empty mirror at the end of a road of its own: by default to small books that nobody works in."""
    with a_road(platform, page_size=page_size, weeks=weeks, at=at, seed=seed) as road, a_store(folder) as store:
        yield Puller(road, store, ledgers.known(store, "harbour", Platform(platform)))


@contextmanager
def a_store(folder: Path) -> Iterator[Store]:
    with closing(Store(folder / "dunwell.sqlite")) as store:
        yield store


TABLES = "company term method customer person invoice payment credit allocation raw issue".split()


def everything_in(store: Store) -> Mapping[str, list[tuple[object, ...]]]:
    """All rows of the mirror's tables, in one order."""
    return {table: sorted(store.rows(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
