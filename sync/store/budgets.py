"""What is asked of the platforms: which calls are under way, when the latest ones ended, and how many a day has seen.

A file of its own beside the firm's database, shared by every process: each call writes here twice, and the journal's
commits wait for the disk. These do not (`synchronous=NORMAL`): after a power cut the last second's calls may be
forgotten, and by then the windows have rolled on.

A process that makes calls holds a numbered lock. Who finds it open knows that its holder has died, and ends the
calls that were under way there.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from connectors.base import Call
from strategy.model import Record
from sync.store.migrations import BUDGETS
from sync.store.statements import load

SQL = load("budgets")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BUSY_S = 30.0

KEPT = timedelta(minutes=2)
"""Longer than any window: calls that ended before are forgotten."""

PRUNE = 64
"""So many calls apart, what is older is deleted."""


class Payers(Record):
    """Whose limits a call counts against: a company's number, and an app's where it has limits of its own, else 0."""

    company: int
    app: int


class Standing(Record):
    """How a company or an app stands. `ended`: the number of its latest call; `under_way`: how many are."""

    id: int
    ended: int
    under_way: int
    rests_until: datetime | None
    why: str


class Month(Record):
    """Calls and bytes of one month ("2026-11"), and the first day in it on which anything was asked.

    `reads` are what QuickBooks meters, `received` what Xero meters.
    """

    month: str
    calls: int
    reads: int
    sent: int
    received: int
    first_on: date


class DayTold(Record):
    """What a platform said of the day: calls `left` at `told_at`, and the `most` that were left since it began."""

    left: int
    most: int
    told_at: datetime


class Rest(Record):
    """Nothing is asked `until` then, and why."""

    until: datetime
    why: str


class Budgets:
    """The counts of a firm. Used by the threads of a process one at a time, by processes together."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the file, making it where there is none; without a path the counts are this process's own."""
        self._path = path
        self._threads = threading.RLock()
        self._turn = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644) if path else None
        self._claim: FileLock | None = None
        self._owner = 0
        with self._in_turn():
            self._connection = sqlite3.connect(
                path or ":memory:", timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            for pragma in ("page_size = 1024", "journal_mode = WAL", "synchronous = NORMAL"):
                self._connection.execute(f"PRAGMA {pragma}")
            BUDGETS.apply(Database(self._connection))

    def close(self) -> None:
        """Let go of the file, and of the number."""
        with self._in_turn():
            self._connection.close()
        if self._claim is not None:
            self._claim.release()
        if self._turn is not None:
            os.close(self._turn)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else counts meanwhile, in this process or another; what breaks off leaves nothing."""
        with self._in_turn():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def number(self, name: str) -> int:
        """The number of a company or an app."""
        with self._threads:
            found = self._connection.execute(SQL["scope_id"], (name,)).fetchone()
            if found is None:
                self._connection.execute(SQL["add_scope"], (name,))
                return self.number(name)
            return int(found[0])

    def standings(self, payers: Payers) -> tuple[Standing, Standing | None]:
        """How the company stands, and its app where that has limits."""
        flights = self._connection.execute(SQL["under_way"], (payers.company, payers.app)).fetchone()
        under_way = dict(zip((payers.company, payers.app), flights, strict=True))
        rows = self._connection.execute(SQL["scopes"], (payers.company, payers.app))
        found = {
            row[0]: Standing(
                id=row[0], ended=row[1], under_way=under_way[row[0]], rests_until=_instant(row[2]), why=row[3]
            )
            for row in rows
        }
        return found[payers.company], found.get(payers.app)

    def ended_at(self, scope: Standing, number: int) -> datetime | None:
        """When the scope's call of this number ended; None where that is too long ago to matter."""
        if number < 1:
            return None
        found = self._connection.execute(SQL["ended_at"], (scope.id, number)).fetchone()
        return _instant(found[0]) if found else None

    def ended_since(self, scope: Standing, at: datetime) -> int:
        """How many of the scope's calls ended after an instant."""
        return int(self._connection.execute(SQL["ended_since"], (scope.id, _micros(at))).fetchone()[0])

    def take_off(self, payers: Payers, at: datetime) -> int:
        """A call begins; its number. Belongs into `alone`."""
        values = (self._claimed(at), payers.company, payers.app)
        return int(self._connection.execute(SQL["take_off"], values).lastrowid or 0)

    def land(self, flight: int, at: datetime | None) -> None:
        """A call is over; `at` None: it never left. Belongs into `alone`."""
        found = self._connection.execute(SQL["land"], (flight,)).fetchone()
        if found is not None and at is not None:
            for scope_id in filter(None, found):
                self.count(scope_id, 1, at)

    def count(self, scope_id: int, calls: int, at: datetime) -> None:
        """So many calls ended at an instant. Belongs into `alone`."""
        (last,) = self._connection.execute(SQL["count_ended"], (calls, scope_id)).fetchone()
        if calls == 1:
            self._connection.execute(SQL["put_ended"], (scope_id, last, _micros(at)))
        else:
            self._connection.execute(SQL["put_many_ended"], (last - calls, last, scope_id, _micros(at)))
        if last // PRUNE != (last - calls) // PRUNE:
            self._connection.execute(SQL["forget_ended"], (scope_id, _micros(at - KEPT)))

    def release_dead(self, at: datetime) -> bool:
        """End the calls of processes that died; whether there were any."""
        with self.alone():
            flights: list[int] = []
            for (owner,) in self._connection.execute(SQL["owners"]).fetchall():
                if owner != self._owner and not self._lives(owner):
                    flights += (flight for (flight,) in self._connection.execute(SQL["flights_of"], (owner,)))
            for flight in flights:
                self.land(flight, at)
            return bool(flights)

    def rest(self, scope_id: int, until: datetime, why: str) -> None:
        """Nothing is asked before an instant."""
        self._connection.execute(SQL["rest"], (_micros(until), why, scope_id, _micros(until)))

    def wake(self, scope_id: int) -> None:
        """A rest that cannot be meant is over."""
        self._connection.execute(SQL["wake"], (scope_id,))

    def forget(self, scope_id: int) -> None:
        """All that was counted of a scope: the machine's clock was set back over it."""
        self._connection.execute(SQL["forget_all"], (scope_id,))

    def tell_day(self, scope_id: int, left: int, at: datetime) -> None:
        """The platform says what is left of the day."""
        self._connection.execute(SQL["tell_day"], {"left_now": left, "at": _micros(at), "scope_id": scope_id})

    def told(self, name: str, now: datetime) -> tuple[DayTold | None, Rest | None]:
        """What a platform said of the day of a company, and whether that rests now."""
        found = self._connection.execute(SQL["day_told"], (name,)).fetchone()
        if found is None:
            return None, None
        until, why, left, most, told_at = found
        told = None if left is None else DayTold(left=left, most=most, told_at=_from_micros(told_at))
        rests_until = _instant(until)
        rests = Rest(until=rests_until, why=why) if rests_until is not None and rests_until > now else None
        return told, rests

    def add_usage(self, ledger_id: int, on: date, call: Call, *, metered: bool) -> None:
        """Add a call and its bytes to a ledger's day."""
        values = (ledger_id, on.isoformat(), int(metered), call.sent, call.received)
        self._connection.execute(SQL["add_usage"], values)

    def calls_on(self, ledger_id: int, on: date) -> int:
        """How many calls a ledger has made on a day of its own."""
        found = self._connection.execute(SQL["calls_on"], (ledger_id, on.isoformat())).fetchone()
        return int(found[0]) if found else 0

    def usage(self, ledger_id: int) -> tuple[Month, ...]:
        """Use by month, newest first."""
        return tuple(
            Month(
                month=month,
                calls=calls,
                reads=reads,
                sent=sent,
                received=received,
                first_on=date.fromisoformat(first),
            )
            for month, calls, reads, sent, received, first in self._connection.execute(SQL["usage"], (ledger_id,))
        )

    def used_before(self, ledger_id: int, first: date, before: date) -> Month:
        """Use from one day on and before another."""
        values = (ledger_id, first.isoformat(), before.isoformat())
        calls, reads, sent, received = self._connection.execute(SQL["used_before"], values).fetchone()
        return Month(month=f"{first:%Y-%m}", calls=calls, reads=reads, sent=sent, received=received, first_on=first)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One thread of one process after the other. SQLite alone would let whoever asks most often go first, and does
        not wait at all where two begin a new file at once.
        """
        with self._threads:
            if self._turn is not None:
                fcntl.flock(self._turn, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if self._turn is not None:
                    fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _claimed(self, at: datetime) -> int:
        """This process's number: the first that nobody holds. What its dead holder left under way is over."""
        if self._path is not None and self._claim is None:
            for number in count(1):
                lock = self._lock(number)
                try:
                    lock.acquire(timeout=0)
                except Timeout:
                    continue
                self._claim, self._owner = lock, number
                break
            for (flight,) in self._connection.execute(SQL["flights_of"], (self._owner,)).fetchall():
                self.land(flight, at)
        return self._owner

    def _lives(self, owner: int) -> bool:
        lock = self._lock(owner)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    def _lock(self, number: int) -> FileLock:
        return FileLock(f"{self._path}.{number}.lock", thread_local=False)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _from_micros(written: int) -> datetime:
    return _EPOCH + timedelta(microseconds=written)


def _instant(written: int | None) -> datetime | None:
    return None if written is None else _from_micros(written)
