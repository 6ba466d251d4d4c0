"""Handing a browser's answer over from one process to another that waits for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from strategy.model import Platform
from sync.store import consents, ledgers
from sync.store.database import Store

LEDGER = 1
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BROUGHT = {"state": "word", "code": "a-code-that-nobody-else-should-read", "realmId": "42"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "dunwell.sqlite")
    assert ledgers.known(store, "harbour", Platform.XERO).id == LEDGER
    yield store
    store.close()


def test_who_waits_gets_what_was_brought(store: Store) -> None:
    with consents.waiting(store, LEDGER, "word", AT) as pending:
        assert pending.answer() is None
        assert consents.hand_over(store, BROUGHT, AT)
        assert pending.answer() == BROUGHT


def test_only_the_first_answer_counts(store: Store) -> None:
    with consents.waiting(store, LEDGER, "word", AT) as pending:
        consents.hand_over(store, BROUGHT, AT)
        assert not consents.hand_over(store, {**BROUGHT, "code": "another"}, AT)
        assert pending.answer() == BROUGHT


@pytest.mark.parametrize("state", ["another", ""])
def test_an_answer_to_another_question_is_nobodys(store: Store, state: str) -> None:
    with consents.waiting(store, LEDGER, "word", AT) as pending:
        assert not consents.hand_over(store, {**BROUGHT, "state": state}, AT)
        assert pending.answer() is None


def test_what_was_asked_long_ago_has_been_given_up(store: Store) -> None:
    with consents.waiting(store, LEDGER, "word", AT):
        assert not consents.hand_over(store, BROUGHT, AT + timedelta(minutes=10, seconds=1))
        assert consents.hand_over(store, BROUGHT, AT + timedelta(minutes=10))


def test_nobody_waits_afterwards_nor_for_who_died(store: Store) -> None:
    died = consents.waiting(store, LEDGER, "died", AT)
    died.__enter__()
    with consents.waiting(store, LEDGER, "word", AT + timedelta(minutes=11)):
        pass
    assert list(store.rows("SELECT state FROM consent")) == []


def test_who_can_read_the_database_can_read_neither_code_nor_state(store: Store, tmp_path: Path) -> None:
    with consents.waiting(store, LEDGER, "a-state-of-some-length", AT):
        consents.hand_over(store, {**BROUGHT, "state": "a-state-of-some-length"}, AT)
        content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"a-code-that" not in content
        assert b"a-state-of" not in content
