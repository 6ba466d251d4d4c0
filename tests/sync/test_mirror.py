"""Saving pages: what comes twice, odd, or late does no harm to the rest."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Deleted, Page, RawRecord
from connectors.quickbooks import records as quickbooks
from connectors.xero import records as xero
from strategy.model import (
    Allocation,
    AllocationTarget,
    AnyRecord,
    Currency,
    Customer,
    CustomerId,
    Issue,
    Kind,
    Payment,
    PaymentId,
    Person,
    Platform,
)
from sync.store import ledgers, mirror
from sync.store.database import Store
from tests.connectors.contract_bodies import JSON
from tests.connectors.roads import a_road
from tests.sync.pulls import PLATFORMS, a_store

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


def mapped(platform: str, kind: Kind, bodies: list[bytes]) -> Page:
    """What the platform's connector makes of these bodies."""
    raws = [msgspec.Raw(body) for body in bodies]
    if platform == "quickbooks":
        return quickbooks.page(quickbooks.ENTITIES[kind], raws, NOON)
    rows = xero.rows(next(one for one in xero.ENTITIES if one.kind is kind), raws)
    return Page(kind=kind, records=rows.records, ids=rows.ids, raw=rows.raw, issues=rows.issues, server_time=NOON)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_whatever_becomes_of_one_field_its_page_is_saved(store: Store, platform: str) -> None:
    with a_road(platform) as road:
        pages = {kind: next(road.connector.everything(kind)) for kind in road.connector.kinds}
    whole = {kind: [raw.body for raw in page.raw[:4]] for kind, page in pages.items()}

    @given(data=st.data(), value=JSON | st.sampled_from([2**63, -(2**200), 1e300, "\x00", "9" * 40]))
    def damage(data: st.DataObject, value: object) -> None:
        kind = data.draw(st.sampled_from(sorted(whole)))
        first, *others = whole[kind]
        plain = msgspec.json.decode(first)
        plain[data.draw(st.sampled_from(sorted(plain)))] = value
        page = mapped(platform, kind, [msgspec.json.encode(plain), *others])
        save(store, page)
        assert len(page.records) >= len(others)

    damage()


def shown(payment_id: str, hours: int) -> Page:
    page = a_page(Kind.PAYMENT, a_payment(500, 700, payment_id=payment_id))
    return msgspec.structs.replace(page, server_time=NOON + timedelta(hours=hours))


def gone(payment_id: str, hours: int) -> Page:
    deleted = Deleted(kind=Kind.PAYMENT, id=payment_id)
    return Page(kind=Kind.PAYMENT, records=(), deleted=(deleted,), server_time=NOON + timedelta(hours=hours))


def save_in_any_order(store: Store, *told: Callable[[str, int], Page]) -> int:
    """What is told hour by hour of one payment, in every order, each of a payment of its own; how many orders."""
    orders = list(permutations(enumerate(told)))
    for number, order in enumerate(orders):
        for hours, page in order:
            save(store, page(f"P{number}", hours))
    return len(orders)


def test_what_is_shown_after_it_was_said_to_be_gone_is_there_in_whatever_order_that_is_read(store: Store) -> None:
    """In the version that was buried: it was never gone."""
    orders = save_in_any_order(store, shown, gone, shown)
    assert list(store.rows("SELECT status, COUNT(*) FROM payment GROUP BY status")) == [("issued", orders)]
    assert len(allocated(store)) == 2 * orders


def test_what_is_said_to_be_gone_last_is_gone_in_whatever_order_that_is_read(store: Store) -> None:
    save_in_any_order(store, shown, gone, shown, gone)
    assert list(store.rows("SELECT id FROM payment WHERE status <> 'deleted'")) == []
    assert allocated(store) == []


def test_nothing_is_odd_about_a_record_that_is_gone_in_whatever_order_that_is_read(store: Store) -> None:
    def odd(payment_id: str, hours: int) -> Page:
        issue = Issue(code="unreadable", source=f"Payment {payment_id}", message="It cannot be read.")
        return msgspec.structs.replace(shown(payment_id, hours), records=(), issues=(issue,))

    save_in_any_order(store, odd, gone)
    assert mirror.issues(store, 1) == ()
