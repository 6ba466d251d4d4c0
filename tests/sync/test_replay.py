"""Replaying what a platform sent, in any order and as often as one likes, ends with the same book."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Page
from strategy.decision import Decision
from strategy.model import Platform
from strategy.plan import plan_account
from sync.accounts import loading
from sync.store import ledgers, mirror
from tests.proving import examples
from tests.strategy.builders import NO_HOLIDAYS, TODAY, a_ledger, a_strategy
from tests.sync.firm import PLATFORMS, Firm, a_firm
from tests.sync.histories import Act, Life, acts
from tests.sync.pulls import a_store, everything_in


@pytest.fixture(scope="module", params=PLATFORMS)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        yield opened


def feed(firm: Firm, history: list[Act]) -> list[Page]:
    """What is read of a customer's history, after each act once more, from before its beginning; a page per record."""
    firm.sleep(hours=1)
    began = firm.clock.now()
    firm.sleep(hours=0.1)
    life = Life(firm)
    pages = []
    for act in history:
        life.play(act)
        firm.sleep(hours=0.01)
        pages += [one for page in firm.bench.connector.changes(began) for one in _singly(page)]
    return pages


def _singly(page: Page) -> Iterator[Page]:
    """The page's records, each on a page of its own, and its deletions."""
    for record, raw in zip(page.records, page.raw, strict=True):
        yield msgspec.structs.replace(page, records=(record,), raw=(raw,), ids=(record.id,), deleted=())
    for deleted in page.deleted:
        yield msgspec.structs.replace(page, records=(), raw=(), ids=(), deleted=(deleted,))


Book = tuple[Mapping[str, list[tuple[object, ...]]], list[Decision]]


def book(folder: Path, pages: list[Page]) -> Book:
    """What the mirror holds after reading the pages in this order, and what is decided by it; what is deleted is in no
    book.
    """
    with a_store(folder) as store:
        ledger = ledgers.known(store, "harbour", Platform.XERO)
        with store.transaction():
            for page in pages:
                mirror.save_page(store, ledger.id, page)
            mirror.resolve_accounts(store, ledger.id)
        rows = {table: [row for row in rows if "deleted" not in row] for table, rows in everything_in(store).items()}
        decisions = [
            plan_account(account, a_strategy(), NO_HOLIDAYS, TODAY)
            for account in loading.load_every(store, ledger.id, a_ledger(), TODAY)
        ]
        return rows, decisions


@examples(10)
@given(history=acts, order=st.integers(0, 9999))
def test_the_feed_in_any_order_makes_the_same_book_and_the_same_work(
    firm: Firm, tmp_path_factory: pytest.TempPathFactory, history: list[Act], order: int
) -> None:
    told = feed(firm, history)
    mixed = told + told[::3]
    Random(order).shuffle(mixed)
    folder = tmp_path_factory.mktemp("mirror")
    (one, work), (other, same) = book(_sub(folder, "mixed"), mixed), book(_sub(folder, "told"), told)
    assert work == same
    assert {table: set(one[table]) ^ set(other[table]) for table in one if one[table] != other[table]} == {}


def _sub(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made
