"""What was announced: which ledgers are dirty, what comes twice, and how much is remembered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Announcement
from strategy.model import Platform
from sync.store import ledgers, webhooks
from sync.store.database import Store
from sync.store.webhooks import Delivery

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUICKBOOKS = Platform.QUICKBOOKS


def a_store(folder: Path) -> Store:
    """Two ledgers of one realm, one of another, one that is not connected; QuickBooks is listened for."""
    store = Store(folder / "dunwell.sqlite")
    for name, remote in (("acme", "1"), ("acme-too", "1"), ("brook", "2"), ("lost", None)):
        ledger = ledgers.known(store, name, QUICKBOOKS)
        if remote:
            ledgers.bind(store, ledger, remote, name, "http://localhost", NOON)
    ledgers.bind(store, ledgers.known(store, "cove", Platform.XERO), "1", "cove", "http://localhost", NOON)
    webhooks.listen(store, QUICKBOOKS, NOON)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return a_store(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return a_store(tmp_path_factory.mktemp("store"))


def announce(store: Store, *events: tuple[str, int], at: datetime = NOON) -> None:
    """One delivery of events: each a realm and a number."""
    announced = [Announcement(remote_id=realm, digest=number.to_bytes(16, "big")) for realm, number in events]
    webhooks.note(store, [Delivery(platform=QUICKBOOKS, announced=announced)], at)


def dirty(store: Store) -> list[str]:
    names = store.rows("SELECT name, id FROM ledger ORDER BY id")
    return [name for name, ledger_id in names if webhooks.dirty(store, ledger_id)]


def pull(store: Store, ledger_id: int) -> None:
    """What a pull does about announcements."""
    known = webhooks.announced(store, ledger_id)
    with store.transaction():
        webhooks.pulled(store, ledger_id, known)


def test_an_event_makes_every_ledger_dirty_of_its_company_and_platform(store: Store) -> None:
    announce(store, ("1", 7))
    assert dirty(store) == ["acme", "acme-too"]


def test_a_pull_makes_its_own_ledger_clean(store: Store) -> None:
    announce(store, ("1", 7), ("2", 8))
    pull(store, 1)
    assert dirty(store) == ["acme-too", "brook"]


def test_what_is_announced_again_makes_nothing_dirty_again(store: Store) -> None:
    announce(store, ("2", 7))
    pull(store, 3)
    announce(store, ("2", 7), at=NOON + timedelta(hours=6))
    assert dirty(store) == []
    announce(store, ("2", 7), ("2", 8))
    assert dirty(store) == ["brook"]


def test_events_in_any_order_come_to_the_same(store: Store) -> None:
    announce(store, ("2", 9))
    pull(store, 3)
    announce(store, ("2", 8))
    assert dirty(store) == ["brook"]


def test_what_was_announced_during_a_pull_stays(store: Store) -> None:
    announce(store, ("2", 7))
    known = webhooks.announced(store, 3)
    announce(store, ("2", 8))
    webhooks.pulled(store, 3, known)
    assert dirty(store) == ["brook"]
    pull(store, 3)
    assert dirty(store) == []


def test_of_two_pulls_at_once_the_later_one_to_end_does_not_undo_the_other(store: Store) -> None:
    announce(store, ("2", 7))
    early = webhooks.announced(store, 3)
    announce(store, ("2", 8))
    pull(store, 3)
    webhooks.pulled(store, 3, early)
    assert dirty(store) == []


def test_a_company_that_nobody_knows_is_counted_and_makes_nothing_dirty(store: Store) -> None:
    announce(store, ("99", 7), ("2", 8))
    heard = webhooks.heard(store, QUICKBOOKS)
    assert heard is not None
    assert (heard.deliveries, heard.announcements, heard.unknown) == (1, 2, 1)
    assert dirty(store) == ["brook"]


def test_what_came_is_counted(store: Store) -> None:
    later = NOON + timedelta(minutes=5)
    announce(store, ("2", 7), ("2", 8))
    announce(store, ("2", 7), at=later)
    webhooks.note(store, [Delivery(platform=QUICKBOOKS, announced=None)], later)
    webhooks.listen(store, QUICKBOOKS, later)
    heard = webhooks.heard(store, QUICKBOOKS)
    assert heard == webhooks.Heard(
        since=NOON, last_at=later, deliveries=3, announcements=3, repeated=1, unknown=0, unreadable=1
    )
    assert webhooks.heard(store, Platform.XERO) is None
    assert webhooks.last_announced(store, 3) == NOON


def test_a_storm_of_ten_thousand_events_is_one_row(store: Store) -> None:
    for start in range(0, 10_000, 500):
        announce(store, *(("2", number) for number in range(start, start + 500)))
    assert list(store.rows("SELECT ledger_id FROM webhook_ledger")) == [(3,)]
    pull(store, 3)
    announce(store, *(("2", number) for number in range(10_000)))
    assert dirty(store) == []


def test_only_so_many_events_are_remembered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "REMEMBERED", 30)
    for number in range(100):
        announce(store, ("2", number))
    assert store.row("SELECT COUNT(*), MIN(number) FROM webhook_seen") == (30, 71)


@given(st.lists(st.tuples(st.sampled_from(["announce", "pull"]), st.integers(0, 5)), max_size=12))
def test_a_ledger_is_dirty_while_something_new_came_after_its_last_pull(
    shared: Store, history: list[tuple[str, int]]
) -> None:
    store = shared
    for table in ("webhook_seen", "webhook_ledger"):
        store.run(f"DELETE FROM {table}")
    seen: set[int] = set()
    wanted = False
    for act, number in history:
        if act == "announce":
            announce(store, ("2", number))
            wanted, seen = wanted or number not in seen, seen | {number}
        else:
            pull(store, 3)
            wanted = False
        assert webhooks.dirty(store, 3) is wanted
