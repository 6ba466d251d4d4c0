"""Runs, each in a fresh process, against a server in another; and whether both sides ended with the same."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.company import Size
from bench.figures import Figures
from strategy.model import Record

SIDES = ("floor", "pull")
TIMES = 3
"""So often each side is run, in turns."""

TABLES = ("company", "term", "method", "customer", "person", "invoice", "payment", "credit", "allocation", "raw")
BEYOND = {"company", "term", "method"}
"""What the floor does not read."""


class Measured(Record):
    """All runs of one platform. `counts` are the rows that both sides ended with, `open_minor` what is owed in them.

    `differs` names what the two sides do not agree on.
    """

    platform: str
    runs: dict[str, list[Figures]]
    counts: dict[str, int]
    open_minor: int
    differs: list[str]


def measure(platform: str, size: Size) -> Measured:
    """Floor and pull, in turns."""
    runs: dict[str, list[Figures]] = {side: [] for side in SIDES}
    with TemporaryDirectory(prefix="dunwell-bench-") as folder, _served(platform, size) as url:
        for time in range(TIMES):
            for side in SIDES:
                runs[side].append(_run(side, platform, url, Path(folder) / f"{side}-{time}.sqlite"))
        floor, pull = (Path(folder) / f"{side}-0.sqlite" for side in SIDES)
        counts, open_minor = totals(pull)
        return Measured(
            platform=platform, runs=runs, counts=counts, open_minor=open_minor, differs=differences(floor, pull)
        )


@contextmanager
def _served(platform: str, size: Size) -> Iterator[str]:
    """The address of a server in a process of its own."""
    counts = [str(count) for count in (size.customers, size.invoices, size.payments, size.credits)]
    command = [sys.executable, "-m", "bench.server", platform, *counts]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # a pipe, as asked for
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _run(side: str, platform: str, url: str, database: Path) -> Figures:
    command = [sys.executable, "-m", "bench.once", side, platform, url, str(database)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Figures)


def totals(database: Path) -> tuple[dict[str, int], int]:
    """How many rows each table has, and what is open in all."""
    with closing(sqlite3.connect(database)) as connection:
        counts = {table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in TABLES}
        (open_minor,) = connection.execute("SELECT TOTAL(open_minor) FROM invoice").fetchone()
    return counts, int(open_minor)


def differences(floor: Path, pull: Path) -> list[str]:
    """The tables that are not the same to the last column, with how many rows of each side the other has not."""
    found = []
    with closing(sqlite3.connect(pull)) as connection:
        connection.execute("ATTACH ? AS floor", (str(floor),))
        for table in TABLES:
            if table in BEYOND:
                continue
            ours, theirs = _rows("main", table), _rows("floor", table)
            (more,) = connection.execute(f"SELECT COUNT(*) FROM ({ours} EXCEPT {theirs})").fetchone()
            (less,) = connection.execute(f"SELECT COUNT(*) FROM ({theirs} EXCEPT {ours})").fetchone()
            if more or less:
                found.append(
                    f"{table}: {more} rows of the pull are not the floor's, {less} of the floor's not the pull's"
                )
    return found


def _rows(side: str, table: str) -> str:
    """All rows of a table on one side; of the bodies those whose records the floor reads."""
    beyond = "WHERE kind NOT IN ('CompanyInfo', 'Preferences', 'Term', 'PaymentMethod', 'Organisation')"
    return f"SELECT * FROM {side}.{table} {beyond if table == 'raw' else ''}"
