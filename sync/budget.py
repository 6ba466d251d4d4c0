"""What may still be asked of one ledger, agreed among all processes that ask.

A call counts from its start, and in every window until so long after its end: somewhere between the two it arrived at
the platform, and wherever that was, the platform never counts more in its window than we did in ours. So five
processes together never meet a limit, however late a call was sent or answered.

Windows roll: a fixed one lets twice the limit through around its edge and then stands still.
"""

import threading
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from connectors.base import Call, Clock
from connectors.errors import RetryLater
from connectors.limits import DAY_REST, PATIENCE_S, Limits, Window
from strategy.model import Record
from sync.store.budgets import Budgets, Payers, Standing

POLL_S = 0.02
"""So often it is looked again whether a call of another process has ended."""

LONGEST_REST = timedelta(days=1)
"""However long a platform asks for: then one call shows whether it still does."""

DAY_USED = "The platform's daily limit is used up but for the reserve"


class Asking(Record):
    """Who asks: a ledger, the names of its company and of the firm's app at the platform, its time zone, and how many
    calls a day it is allowed (None: as many as the platform allows).
    """

    ledger_id: int
    company: str
    app: str
    time_zone: str = "UTC"
    calls_per_day: int | None = None


class LedgerBudget:
    """`connectors.base.Budget` over the counts that all processes share."""

    def __init__(self, budgets: Budgets, asking: Asking, limits: Limits, clock: Clock) -> None:
        self._budgets = budgets
        self._asking = asking
        self._limits = limits
        self._clock = clock
        self._zone = ZoneInfo(asking.time_zone)
        self._slots = threading.Semaphore(limits.concurrent)
        self._waiting: set[int] = set()
        self._payers = Payers(
            company=budgets.number(asking.company), app=budgets.number(asking.app) if limits.app_windows else 0
        )

    @property
    def holds_back(self) -> bool:
        """Whether a thread of this process waits for room in a window."""
        return bool(self._waiting)

    def enter(self) -> int:
        """Wait for a slot and for room in every window; `RetryLater(daily=True)` when the day is used up."""
        self._slots.acquire()
        try:
            return self._started()
        except BaseException:
            self._slots.release()
            raise

    def leave(self, number: int, call: Call | None) -> None:
        """Count the call, and believe the platform where it says that less is left than we thought."""
        try:
            with self._budgets.alone():
                now = self._clock.now()
                self._budgets.land(number, now if call else None)
                if call is not None:
                    metered = not call.write and call.status is not None and call.status < HTTPStatus.BAD_REQUEST
                    self._budgets.add_usage(self._asking.ledger_id, self._day(now), call, metered=metered)
                    self._listen(call, now)
        finally:
            self._slots.release()

    def _started(self) -> int:
        """The number of a call, once it may start."""
        while isinstance(tried := self._try_start(), float):
            if not self._budgets.release_dead(self._clock.now()):
                self._wait_for(tried)
        return tried

    def _wait_for(self, seconds: float) -> None:
        self._waiting.add(threading.get_ident())
        try:
            self._clock.sleep(seconds)
        finally:
            self._waiting.discard(threading.get_ident())

    def _try_start(self) -> int | float:
        """Start a call and return its number, or return the seconds after which to ask again."""
        with self._budgets.alone():
            now = self._clock.now()
            company, app = self._budgets.standings(self._payers)
            self._keep_to_the_day(company, now)
            waits = [*self._rests(company, now), *self._waits(company, now), *self._app_waits(app, now)]
            if not waits:
                return self._budgets.take_off(self._payers, now)
            return max(waits)

    def _rests(self, company: Standing, now: datetime) -> Iterator[float]:
        """A short pause that the platform asked for is waited for. Raises `RetryLater` for a long one."""
        if company.rests_until is None or company.rests_until <= now:
            return
        after_s = (company.rests_until - now).total_seconds()
        if company.rests_until - now > LONGEST_REST:
            self._budgets.wake(company.id)  # the machine's clock was set back
        elif after_s > PATIENCE_S:
            raise RetryLater(company.why, after_s=after_s, daily=True)
        else:
            yield after_s

    def _keep_to_the_day(self, company: Standing, now: datetime) -> None:
        """Raises `RetryLater` once the firm's own limit for the day is reached."""
        allowed = self._asking.calls_per_day
        if allowed is None:
            return
        today = self._day(now)
        if self._budgets.calls_on(self._asking.ledger_id, today) + company.under_way >= allowed:
            midnight = datetime.combine(today + timedelta(days=1), time(), self._zone)
            message = f"All calls are made that [limits] allows for a day ({allowed:,})"
            raise RetryLater(message, after_s=(midnight - now).total_seconds(), daily=True)

    def _waits(self, company: Standing, now: datetime) -> Iterator[float]:
        if company.under_way >= self._limits.concurrent:
            yield POLL_S
        for window in self._limits.windows:
            yield from self._wait(company, window, now)

    def _app_waits(self, app: Standing | None, now: datetime) -> Iterator[float]:
        if app is not None:
            for window in self._limits.app_windows:
                yield from self._wait(app, window, now)

    def _wait(self, scope: Standing, window: Window, now: datetime) -> Iterator[float]:
        """What must end, or have ended for long enough, before the window has room for one more."""
        room = window.calls - scope.under_way
        if room <= 0:
            yield POLL_S
        elif (ended_at := self._budgets.ended_at(scope, scope.ended - room + 1)) is not None:
            if ended_at > now:
                self._budgets.forget(scope.id)  # the machine's clock was set back
            elif (free_at := ended_at + timedelta(seconds=window.seconds)) > now:
                yield (free_at - now).total_seconds()

    def _listen(self, call: Call, now: datetime) -> None:
        """What the platform said with its answer."""
        if call.pause_s:
            self._budgets.rest(self._payers.company, now + min(timedelta(seconds=call.pause_s), LONGEST_REST), call.why)
        if (left := call.remaining.get("day")) is not None:
            self._budgets.tell_day(self._payers.company, left, now)
            if left <= self._limits.day_floor:
                self._budgets.rest(self._payers.company, now + DAY_REST, DAY_USED)
        if call.remaining:
            company, app = self._budgets.standings(self._payers)
            if (left := call.remaining.get("minute")) is not None:
                self._believe(company, self._limits.windows[0], left, now)
            if app and (left := call.remaining.get("app")) is not None:
                self._believe(app, self._limits.app_windows[0], left, now)

    def _believe(self, scope: Standing, window: Window, left: int, now: datetime) -> None:
        """Less is left of a window than we counted (another program calls too): act as if we had called."""
        edge = now - timedelta(seconds=window.seconds)
        uncounted = window.calls - left - scope.under_way - self._budgets.ended_since(scope, edge)
        if uncounted > 0:
            self._budgets.count(scope.id, uncounted, now)

    def _day(self, at: datetime) -> date:
        """The ledger's own day."""
        return at.astimezone(self._zone).date()
