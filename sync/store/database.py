"""Opening the database, and the few ways in which everything else talks to it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from sync.store.migrations import MIGRATIONS

Value = str | int | float | bytes | None
Row = tuple[Any, ...]

_encode = msgspec.json.Encoder().encode
"""Writes an instant twice as fast as `isoformat`, but its fraction in any width."""

BUSY_S = 30.0
"""How long a writer waits for another process's transaction before it gives up."""


class Store:
    """One open connection to a firm's database.

    Every commit is on the disk before it returns (`synchronous=FULL`): a committed `sending` must survive a power cut.
    Outside `transaction` each statement commits by itself.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, creating it and bringing its schema up to date where needed."""
        self._path = path
        self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        MIGRATIONS.apply(Database(self._connection))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def give_up_after(self, seconds: float) -> None:
        """Wait no longer than this for another process's transaction, instead of `BUSY_S`."""
        self._connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    @contextmanager
    def reading(self) -> Iterator["Store"]:
        """A second connection that reads the database as it is now, whatever this one writes meanwhile."""
        other = Store(self._path)
        try:
            with other.snapshot():
                yield other
        finally:
            other.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")

    def rows(self, sql: str, *values: Value) -> Iterator[Row]:
        """The rows, streamed."""
        return iter(self._connection.execute(sql, values))

    def rows_by_name(self, sql: str, values: Mapping[str, Value]) -> Iterator[Row]:
        """The rows of a statement with named parameters, streamed; values that it does not name are ignored."""
        return iter(self._connection.execute(sql, dict(values)))

    def row(self, sql: str, *values: Value) -> Row | None:
        """The first row, or None."""
        found: Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def run(self, sql: str, *values: Value) -> int:
        """Run a statement; how many rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def run_by_name(self, sql: str, values: Mapping[str, Value]) -> int:
        """Run a statement with named parameters; how many rows it changed."""
        return self._connection.execute(sql, dict(values)).rowcount

    def insert(self, sql: str, *values: Value) -> int:
        """Run an INSERT; the new row's id."""
        return int(self._connection.execute(sql, values).lastrowid or 0)

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run a statement once for each of the rows; how many rows it changed in all."""
        return self._connection.executemany(sql, rows).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Takes the write lock at once, so that what is read inside is what is written upon."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self._connection.execute("ROLLBACK")
            raise

    def on_trace(self, callback: Callable[[str], None] | None) -> None:
        """Tell the callback every statement that runs; None ends it."""
        self._connection.set_trace_callback(callback)


def instant(at: datetime) -> str:
    """An instant as the store writes it: UTC, milliseconds, one width, so that text order is time order."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{_encode(utc)[1:20].decode()}.{utc.microsecond // 1000:03}Z"


def from_instant(written: str) -> datetime:
    """The instant that `instant` wrote."""
    return datetime.fromisoformat(written)
