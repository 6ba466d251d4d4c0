"""The bench compares like with like: what its server tells is understood, and both sides end with the same books."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench import daily, floor, pull
from bench.company import Size, company
from bench.measuring import change, differences, totals
from bench.news import news
from bench.server import PLATFORMS, Served, Server
from dunwell.wiring.house import DATABASE

SIZE = Size(customers=7, invoices=1_003, payments=40, credits=9)
"""Two pages of invoices, of which five are voided."""

pytestmark = pytest.mark.parametrize("platform", PLATFORMS)


@contextmanager
def served(platform: str, size: Size = SIZE, changes: int = 0) -> Iterator[str]:
    server = Server(Served(platform=platform, size=size, changes=changes))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_floor_and_pull_end_with_the_same_books_to_the_last_column(tmp_path: Path, platform: str) -> None:
    with served(platform) as url:
        fewest = floor.ready(platform, url, tmp_path / "floor.sqlite")()
        asked = pull.ready(platform, url, tmp_path / "pull.sqlite")()
    assert differences(tmp_path / "floor.sqlite", tmp_path / "pull.sqlite") == []
    books = company(SIZE)
    counts, open_minor = totals(tmp_path / "pull.sqlite")
    documents = sum(counts[table] for table in ("customer", "invoice", "payment", "credit"))
    assert documents == counts["raw"] - _beyond(platform, counts) == 7 + 1_003 + 40 + 9
    assert counts["allocation"] == 40 + (
        len([one for one in books.credits if one.used_for]) if platform == "xero" else 0
    )
    assert open_minor == sum(invoice.open_minor for invoice in books.invoices)
    assert 0 < fewest.calls < asked.calls
    assert 0 < fewest.received < asked.received


def _beyond(platform: str, counts: dict[str, int]) -> int:
    """Bodies of what only the pull reads: the company, and on QuickBooks its preferences, terms and methods. Xero's
    terms stand in its contacts.
    """
    return 1 if platform == "xero" else 2 + counts["term"] + counts["method"]


def test_a_day_reads_what_changed_and_compares_whose_balances_moved(tmp_path: Path, platform: str) -> None:
    size, database = Size(customers=60, invoices=200, payments=40, credits=0), tmp_path / DATABASE
    with served(platform, size, changes=4) as url:
        pull.ready(platform, url, database)()
        daily.ready(platform, url, database)()
        (_, before), compared = totals(database), states(database)
        change(url)
        tally = daily.ready(platform, url, database)()
    counts, after = totals(database)
    paid = sum(one.amount_minor for one in news(company(size), 4).payments)
    assert (counts["invoice"], counts["payment"], before - after) == (200, 42, paid)
    assert set(compared) == set(states(database)) == {"tied"}
    assert tally.calls <= 8


def states(database: Path) -> dict[str, int]:
    """How many accounts were found how beside the platform's balances."""
    with closing(sqlite3.connect(database)) as connection:
        return dict(connection.execute("SELECT state, COUNT(*) FROM tie_out GROUP BY state"))


def test_a_single_column_that_differs_is_told(tmp_path: Path, platform: str) -> None:
    paths = [tmp_path / "floor.sqlite", tmp_path / "pull.sqlite"]
    with served(platform) as url:
        for path in paths:
            floor.ready(platform, url, path)()
    with closing(sqlite3.connect(paths[1])) as connection:
        connection.execute("UPDATE invoice SET reference = 'another' WHERE rowid = 5")
        connection.commit()
    assert differences(*paths) == ["invoice: 1 rows of the pull are not the floor's, 1 of the floor's not the pull's"]
