"""What came in a pass, and what of the mirror did not."""

from pathlib import Path

import pytest

from strategy.model import Kind
from sync.store.database import Store
from sync.store.seen import Seen


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "dunwell.sqlite")
    for ledger in (1, 2):
        store.run("INSERT INTO ledger (id, name, platform) VALUES (?, ?, 'xero')", ledger, f"ledger {ledger}")
        for method in "abc":
            store.run("INSERT INTO method (ledger_id, id, name) VALUES (?, ?, ?)", ledger, method, method)
    return store


def test_an_id_that_comes_twice_counts_once(store: Store) -> None:
    seen = Seen(store, ledger_id=1)
    assert seen.add(Kind.METHOD, ["a", "b", "a"]) == 2
    assert seen.add(Kind.METHOD, ["b", "c"]) == seen.count(Kind.METHOD) == 3
    assert seen.count(Kind.INVOICE) == 0


def test_what_the_mirror_holds_and_did_not_come_is_missing(store: Store) -> None:
    seen = Seen(store, ledger_id=1)
    seen.add(Kind.METHOD, ["a"])
    seen.add(Kind.INVOICE, ["b"])
    assert list(seen.missing(Kind.METHOD)) == ["b", "c"]
    assert seen.holds(Kind.METHOD, "a")
    assert not seen.holds(Kind.METHOD, "b")


def test_a_kind_that_is_read_anew_and_a_pull_that_begins_know_nothing_of_before(store: Store) -> None:
    seen = Seen(store, ledger_id=1)
    seen.add(Kind.METHOD, ["a"])
    seen.add(Kind.INVOICE, ["a"])
    seen.forget(Kind.METHOD)
    assert (seen.holds(Kind.METHOD, "a"), seen.holds(Kind.INVOICE, "a")) == (False, True)
    assert seen.add(Kind.METHOD, ["b"]) == 1
    assert not Seen(store, ledger_id=2).holds(Kind.INVOICE, "a")
