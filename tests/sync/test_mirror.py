"""Saving pages: what comes twice, odd, or late does no harm to the rest."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.base import Page, RawRecord
from strategy.model import (
    Allocation,
    AllocationTarget,
    AnyRecord,
    Currency,
    Customer,
    CustomerId,
    Kind,
    Payment,
    PaymentId,
    Person,
    Platform,
)
from sync.store import ledgers, mirror
from sync.store.database import Store
from tests.sync.pulls import a_store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(tmp_path) as opened:
        ledgers.known(opened, "harbour", Platform.QUICKBOOKS)
        yield opened


def a_payment(*amounts: int, payment_id: str = "9", version: str = "0") -> Payment:
    return Payment(
        id=PaymentId(payment_id),
        customer_id=CustomerId("1"),
        paid_on=date(2026, 3, 1),
        currency=Currency("USD"),
        total_minor=sum(amounts),
        unapplied_minor=0,
        allocations=tuple(
            Allocation(target=AllocationTarget.INVOICE, target_id=str(number), on=date(2026, 3, 1), amount_minor=amount)
            for number, amount in enumerate(amounts, start=1)
        ),
        version=version,
        updated_at=NOON,
    )


def a_page(kind: Kind, *records: AnyRecord) -> Page:
    raw = tuple(RawRecord(kind=kind.capitalize(), id=record.id, body=b"{}") for record in records)
    return Page(kind=kind, records=records, ids=tuple(one.id for one in records), raw=raw, server_time=NOON)


def save(store: Store, page: Page) -> None:
    with store.transaction():
        mirror.save_page(store, 1, page)


def allocated(store: Store) -> list[tuple[object, ...]]:
    return list(store.rows("SELECT source_id, position, amount_minor FROM allocation ORDER BY source_id, position"))


def test_a_payment_that_comes_twice_in_a_page_is_there_once(store: Store) -> None:
    save(store, a_page(Kind.PAYMENT, a_payment(500, 700), a_payment(100, payment_id="10"), a_payment(500, 700)))
    assert allocated(store) == [("10", 0, 100), ("9", 0, 500), ("9", 1, 700)]


def test_of_two_versions_in_a_page_the_newer_stands_whichever_comes_first(store: Store) -> None:
    for page in ([a_payment(500), a_payment(300, version="1")], [a_payment(300, version="1"), a_payment(500)]):
        save(store, a_page(Kind.PAYMENT, *page))
        assert allocated(store) == [("9", 0, 300)]


def test_a_customer_that_comes_twice_in_a_page_has_its_people_once(store: Store) -> None:
    people = (Person(name="Ada"), Person(name="Bruno", email="bruno@example.com"))
    customer = Customer(id=CustomerId("1"), name="Lund", people=people, version="0", updated_at=NOON)
    save(store, a_page(Kind.CUSTOMER, customer, customer))
    assert list(store.rows("SELECT name, email FROM person")) == [("Ada", None), ("Bruno", "bruno@example.com")]
