"""A ledger's access token, refreshed by one process at a time and stored before it is used."""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

from connectors.base import Clock, TokenSet
from connectors.errors import OutsideError, Reconnect
from strategy.model import Record
from sync.store.vault import Vault

Refresh = Callable[[TokenSet], TokenSet]
"""Asks the token server; raises `Reconnect` or `RetryLater`."""

EARLY = timedelta(seconds=60)
"""Refreshed so long before the end, so that no call starts with a token that dies on the way."""


WARNED = timedelta(days=30)
"""So long before a connection is lost, people are told."""


class Ending(Record):
    """When a connection is lost: `for_good`, whatever anybody does; otherwise unless it is used before."""

    at: datetime
    for_good: bool


def ending(tokens: TokenSet, now: datetime) -> Ending | None:
    """The end of a connection, where it is near or over; the one that nothing but a new consent moves comes first."""
    ends = ((tokens.hard_expires_at, True), (tokens.refresh_expires_at, False))
    return next((Ending(at=at, for_good=hard) for at, hard in ends if at is not None and at - now <= WARNED), None)


class LedgerTokens:
    """`connectors.base.Tokens` over the vault."""

    def __init__(self, vault: Vault, ledger: str, refresh: Refresh, clock: Clock) -> None:
        self._vault = vault
        self._ledger = ledger
        self._refresh = refresh
        self._clock = clock
        self._threads = threading.Lock()
        self._latest: TokenSet | None = None

    def access(self) -> str:
        """A token good for a minute at least."""
        with self._threads:
            if self._latest is None or not self._good(self._latest):
                self._latest = self._renewed(rejected=None)
            return self._latest.access_token

    def renew(self, rejected: str) -> str:
        """A token that is not the rejected one."""
        with self._threads:
            self._latest = self._renewed(rejected)
            return self._latest.access_token

    def _renewed(self, rejected: str | None) -> TokenSet:
        try:
            with self._vault.alone(self._ledger):
                stored = self._stored()
                if self._good(stored) and stored.access_token != rejected:
                    return stored  # another process was quicker
                return _to_the_end(lambda: self._refreshed(stored))
        except OutsideError as error:
            error.ledger = self._ledger
            raise

    def _refreshed(self, stored: TokenSet) -> TokenSet:
        """New tokens, kept. Where the server calls these dead, the store is read once more before that is believed:
        somebody may have kept others who does not heed the lock (a file put back, a disk shared by two machines).
        """
        try:
            fresh = self._refresh(stored)
        except Reconnect:
            by_now = self._stored()
            if by_now.refresh_token == stored.refresh_token:
                raise
            if self._good(by_now):
                return by_now
            fresh = self._refresh(by_now)
        self._vault.save(self._ledger, fresh)
        return fresh

    def _stored(self) -> TokenSet:
        stored = self._vault.read(self._ledger)
        if stored is None:
            raise Reconnect("It is not connected")
        return stored

    def _good(self, tokens: TokenSet) -> bool:
        return tokens.expires_at - self._clock.now() > EARLY


def _to_the_end(work: Callable[[], TokenSet]) -> TokenSet:
    """Do what must not be left half done: who interrupts or stops the process meanwhile is heard when it is. Between
    the server's answer and our disk the only refresh token may be in this process alone. The second time waits no more.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()  # signals reach the main thread only, which waits for its threads
    held: list[int] = []
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def hold(number: int, frame: FrameType | None) -> None:
        held.append(number)
        handler = before[signal.Signals(number)]
        if len(held) > 1 and callable(handler):
            handler(number, frame)

    for each in before:
        signal.signal(each, hold)
    try:
        return work()
    finally:
        for each, handler in before.items():
            signal.signal(each, signal.SIG_DFL if handler is None else handler)
        if held:
            signal.raise_signal(held[0])
