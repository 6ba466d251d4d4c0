"""Finding customers and invoices by what a person types."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.base import Page
from strategy.model import (
    Currency,
    Customer,
    CustomerId,
    CustomerStatus,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Kind,
    Platform,
)
from sync.store import ledgers, mirror, search
from sync.store.database import Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_customer(id_: str, name: str, number: str | None = None, **changes: Any) -> Customer:
    return Customer(
        **{"id": CustomerId(id_), "name": name, "number": number, "version": "1", "updated_at": NOW} | changes
    )


def an_invoice(id_: str, number: str | None, status: DocumentStatus = DocumentStatus.ISSUED) -> Invoice:
    return Invoice(
        id=InvoiceId(id_),
        customer_id=CustomerId("1"),
        number=number,
        issued_on=date(2026, 2, 1),
        due_on=None,
        currency=Currency("EUR"),
        total_minor=100,
        open_minor=100,
        status=status,
        version="1",
        updated_at=NOW,
    )


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, int]]:
    store = Store(tmp_path_factory.mktemp("search") / "dunwell.sqlite")
    ledger = ledgers.known(store, "acme", Platform.XERO)
    customers = (
        a_customer("1", "Brasserie Lund", "C-7"),
        a_customer("2", "Lund & Söhne"),
        a_customer("3", "ÖSTERREICHER GmbH", "1"),
        a_customer("4", "Paris", parent_id=CustomerId("1"), bills_parent=True),
        a_customer("5", "Gone Ltd", status=CustomerStatus.DELETED),
        a_customer("6", "lund & söhne"),
        a_customer("C-7", "Confusing"),
        a_customer("7", "Seven"),
        a_customer("8", "7"),
    )
    invoices = (
        an_invoice("10", "1042"),
        an_invoice("11", "1043", DocumentStatus.VOIDED),
        an_invoice("12", "1043"),
        an_invoice("13", None),
        an_invoice("14", "13"),
        an_invoice("15", "1044", DocumentStatus.VOIDED),
        an_invoice("16", "1050"),
        an_invoice("17", "1050"),
        an_invoice("18", None),
        an_invoice("b7", "1060"),
    )
    with store.transaction():
        mirror.save_page(store, ledger.id, Page(kind=Kind.CUSTOMER, records=customers, server_time=NOW))
        mirror.save_page(store, ledger.id, Page(kind=Kind.INVOICE, records=invoices, server_time=NOW))
        mirror.resolve_accounts(store, ledger.id)
    yield store, ledger.id
    store.close()


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("2", ["2"]),
        ("1", ["1", "3"]),
        ("#1", ["1"]),
        ("C-7", ["1", "C-7"]),
        ("#C-7", ["C-7"]),
        ("7", ["7", "8"]),
        ("#8", ["8"]),
        ("Lund & Söhne", ["2"]),
        ("LUND & SÖHNE", ["2", "6"]),
        ("österreicher", ["3"]),
        ("rasserie", ["1"]),
        ("lund", ["1", "2", "6"]),
        ("gone", []),
        ("nobody", []),
    ],
)
def test_a_customer_is_meant_by_id_or_number_or_name_else_by_part_and_with_a_sign_by_id_alone(
    books: tuple[Store, int], typed: str, ids: list[str]
) -> None:
    assert sorted(one.id for one in search.customers(*books, typed)) == sorted(ids)


def test_a_customer_comes_with_its_account(books: tuple[Store, int]) -> None:
    (paris,) = search.customers(*books, "Paris")
    assert (paris.id, paris.account_id, paris.account) == ("4", "1", "Brasserie Lund")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Brasserie Lnd", "Brasserie Lund"),
        ("Brasery", "Brasserie Lund"),
        ("osterreicher", "ÖSTERREICHER GmbH"),
        ("x", None),
    ],
)
def test_the_nearest_name_is_suggested(books: tuple[Store, int], typed: str, near: str | None) -> None:
    assert search.like_customer(*books, typed) == near


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("1042", ["10"]),
        ("10", []),
        ("#10", ["10"]),
        ("1043", ["12"]),
        ("1044", ["15"]),
        ("13", ["14"]),
        ("#13", ["13"]),
        ("#14", ["14"]),
        ("18", ["18"]),
        ("b7", ["b7"]),
        ("1050", ["16", "17"]),
        ("9", []),
    ],
)
def test_an_invoice_is_meant_by_number_then_id_but_never_by_bare_figures_that_are_not_its_number(
    books: tuple[Store, int], typed: str, ids: list[str]
) -> None:
    assert sorted(one.id for one in search.invoices(*books, typed)) == ids


def test_an_invoice_without_a_number_is_called_by_its_id(books: tuple[Store, int]) -> None:
    (found,) = search.invoices(*books, "#13")
    assert (found.number, found.account, found.due_on) == ("#13", "Brasserie Lund", None)


def test_the_nearest_number_is_suggested(books: tuple[Store, int]) -> None:
    assert search.like_invoice(*books, "10422") == "1042"
    assert search.like_invoice(*books, "zzz") is None
