"""Servers and runs, each in a process of its own; and whether two databases hold the same."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import msgspec

from bench.figures import Figures
from bench.server import CHANGE, Served

TABLES = ("company", "term", "method", "customer", "person", "invoice", "payment", "credit", "allocation", "raw")
BEYOND = {"company", "term", "method"}
"""What the floor does not read."""


@contextmanager
def serving(served: Served) -> Iterator[str]:
    """The address of a server in a process of its own."""
    command = [sys.executable, "-m", "bench.server", msgspec.json.encode(served).decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # a pipe, as asked for
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def change(url: str) -> None:
    """Let the books behind a server change."""
    httpx.get(url + CHANGE).raise_for_status()


def run(side: str, platform: str, url: str, database: Path, *more: int) -> Figures:
    """One run of `bench.<side>` against that address. Its database stands in a folder of its own, as the count of its
    calls stands beside it.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.once", side, platform, url, str(database), *map(str, more)]
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
