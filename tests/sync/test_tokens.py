"""One ledger's token, whoever asks for it: refreshed by one at a time, stored before it is used."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from connectors.base import TokenSet
from connectors.errors import OutsideError, Reconnect, RetryLater
from sync.store.vault import Vault
from sync.tokens import Ending, LedgerTokens, ending
from tests.connectors.roads import Clock
from tests.sync.refreshing import KEY


@dataclass
class Issuer:
    """A token server that rotates at every refresh: only the newest refresh token is good. `fails`: raised instead."""

    clock: Clock
    given: int = 0
    at_once: int = 0
    most_at_once: int = 0
    fails: list[OutsideError] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def issue(self) -> TokenSet:
        expires_at = self.clock.now() + timedelta(hours=1)
        number = self.given
        return TokenSet(access_token=f"access-{number}", refresh_token=f"refresh-{number}", expires_at=expires_at)

    def refresh(self, stored: TokenSet) -> TokenSet:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.fails:
                raise self.fails.pop(0)
            if stored.refresh_token != f"refresh-{self.given}":
                raise Reconnect("replaced")
            self.given += 1
            return self.issue()
        finally:
            with self._lock:
                self.at_once -= 1


@dataclass
class Shop:
    """A connected ledger, and any number of processes' views of its tokens."""

    folder: Path
    clock: Clock
    issuer: Issuer
    vault: Vault

    def tokens(self) -> LedgerTokens:
        return LedgerTokens(self.vault, "harbour", self.issuer.refresh, self.clock)

    def stored(self) -> TokenSet:
        """As another process would read it now."""
        with closing(Vault(self.folder / "tokens.sqlite", lambda: (KEY,))) as other:
            found = other.read("harbour")
            assert found is not None
            return found


@contextmanager
def a_shop(folder: Path) -> Iterator[Shop]:
    clock = Clock()
    issuer = Issuer(clock)
    with closing(Vault(folder / "tokens.sqlite", lambda: (KEY,))) as vault:
        vault.save("harbour", issuer.issue())
        yield Shop(folder, clock, issuer, vault)


def test_a_token_that_is_good_for_more_than_a_minute_is_used_as_it_is(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(minutes=58, seconds=59)
        assert shop.tokens().access() == "access-0"
        assert shop.issuer.given == 0


def test_a_token_with_a_minute_left_is_refreshed_first(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        tokens = shop.tokens()
        tokens.access()
        shop.clock.move(minutes=59)
        assert tokens.access() == "access-1"


def test_a_fresh_token_is_stored_before_anybody_has_it(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)
        assert shop.tokens().access() == shop.stored().access_token == "access-1"
        assert shop.stored().refresh_token == "refresh-1"


def test_a_rejected_token_is_renewed_though_it_looks_good(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        tokens = shop.tokens()
        assert tokens.renew(tokens.access()) == "access-1"
        assert tokens.access() == "access-1"


def test_who_comes_second_with_the_same_rejected_token_gets_the_firsts(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        first, second = shop.tokens(), shop.tokens()
        rejected = second.access()
        assert first.renew(rejected) == second.renew(rejected) == "access-1"
        assert shop.issuer.given == 1


def test_tokens_that_somebody_connected_anew_are_taken_up_after_a_rejection(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        tokens = shop.tokens()
        rejected = tokens.access()
        later = shop.clock.now() + timedelta(hours=1)
        shop.vault.save("harbour", TokenSet(access_token="new", refresh_token="new", expires_at=later))
        assert tokens.renew(rejected) == "new"
        assert shop.issuer.given == 0


def test_many_threads_refresh_once(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop, ThreadPoolExecutor(8) as threads:
        shop.clock.move(hours=2)
        views = [shop.tokens() for _ in range(4)]
        ready = threading.Barrier(8)

        def take(number: int) -> str:
            ready.wait(timeout=60)
            return views[number % 4].access()

        assert set(threads.map(take, range(8))) == {"access-1"}
        assert (shop.issuer.given, shop.issuer.most_at_once) == (1, 1)


def test_many_threads_with_the_same_rejected_token_renew_once(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop, ThreadPoolExecutor(8) as threads:
        views = [shop.tokens() for _ in range(4)]
        ready = threading.Barrier(8)

        def renew(number: int) -> str:
            ready.wait(timeout=60)
            return views[number % 4].renew("access-0")

        assert set(threads.map(renew, range(8))) == {"access-1"}
        assert (shop.issuer.given, shop.issuer.most_at_once) == (1, 1)


def test_a_token_server_in_trouble_costs_nothing(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)
        shop.issuer.fails.append(RetryLater("The token server cannot answer now", after_s=60))
        tokens, before = shop.tokens(), shop.stored()
        with pytest.raises(RetryLater):
            tokens.access()
        assert shop.stored() == before
        assert tokens.access() == "access-1"


def test_a_dead_connection_is_reported_each_time_and_not_forgotten(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)
        shop.issuer.given = 5
        tokens = shop.tokens()
        for _ in range(2):
            with pytest.raises(Reconnect):
                tokens.access()
        assert shop.stored().refresh_token == "refresh-0"


def test_a_connection_is_called_dead_only_after_the_store_was_read_again(tmp_path: Path) -> None:
    """As on a disk that two machines share: the lock holds on neither."""
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)

        def overtaken(stored: TokenSet) -> TokenSet:
            shop.vault.save("harbour", shop.issuer.refresh(stored))
            return shop.issuer.refresh(stored)

        tokens = LedgerTokens(shop.vault, "harbour", overtaken, shop.clock)
        assert tokens.access() == "access-1"
        assert shop.issuer.given == 1


def test_tokens_that_somebody_else_kept_and_that_have_aged_since_are_refreshed_once(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)
        asked: list[str | None] = []

        def overtaken(stored: TokenSet) -> TokenSet:
            asked.append(stored.refresh_token)
            if len(asked) == 1:
                shop.vault.save("harbour", shop.issuer.refresh(stored))
                shop.clock.move(hours=2)
            return shop.issuer.refresh(stored)

        assert LedgerTokens(shop.vault, "harbour", overtaken, shop.clock).access() == "access-2"
        assert asked == ["refresh-0", "refresh-1"]
        assert shop.stored().refresh_token == "refresh-2"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """As at a terminal, whatever the tests' own runner does with signals."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_waits_until_the_rotated_token_is_stored_and_a_second_one_does_not(
    tmp_path: Path, times: int
) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)

        def interrupted(stored: TokenSet) -> TokenSet:
            fresh = shop.issuer.refresh(stored)
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
            return fresh

        with pytest.raises(KeyboardInterrupt):
            LedgerTokens(shop.vault, "harbour", interrupted, shop.clock).access()
        assert shop.stored().refresh_token == {1: "refresh-1", 2: "refresh-0"}[times]
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


AT = datetime(2026, 3, 2, tzinfo=UTC)


def ends(unused: int | None, hard: int | None) -> Ending | None:
    """What is said of tokens that end in so many days."""
    at = [None if many is None else AT + timedelta(days=many) for many in (unused, hard)]
    tokens = TokenSet(access_token="a", refresh_token="r", expires_at=AT)
    return ending(msgspec.structs.replace(tokens, refresh_expires_at=at[0], hard_expires_at=at[1]), AT)


@pytest.mark.parametrize(
    ("unused", "hard", "told"),
    [
        (None, None, None),
        (31, 31, None),
        (30, None, Ending(at=AT + timedelta(days=30), for_good=False)),
        (60, 30, Ending(at=AT + timedelta(days=30), for_good=True)),
        (9, 20, Ending(at=AT + timedelta(days=20), for_good=True)),
        (-1, 900, Ending(at=AT - timedelta(days=1), for_good=False)),
    ],
)
def test_people_are_told_thirty_days_before_a_connection_is_lost(
    unused: int | None, hard: int | None, told: Ending | None
) -> None:
    assert ends(unused, hard) == told


def test_a_ledger_that_was_never_connected_says_how_to_connect_it(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        tokens = LedgerTokens(shop.vault, "quay", shop.issuer.refresh, shop.clock)
        with pytest.raises(Reconnect, match=r"dunwell connect quay$"):
            tokens.access()


def test_two_ledgers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        shop.clock.move(hours=2)
        shop.vault.save("quay", shop.issuer.issue())
        with shop.vault.alone("harbour"):
            tokens = LedgerTokens(shop.vault, "quay", shop.issuer.refresh, shop.clock)
            assert tokens.renew("access-0") == "access-1"
