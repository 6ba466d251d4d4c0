"""A mirror filled by hand, for books that no platform should send and some do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.base import Page
from strategy.account import Account
from strategy.model import (
    Allocation,
    AllocationTarget,
    AnyRecord,
    Credit,
    CreditId,
    CreditKind,
    Customer,
    CustomerId,
    Invoice,
    InvoiceId,
    Kind,
    Payment,
    PaymentId,
    Platform,
    Term,
)
from sync.accounts import loading
from sync.store import ledgers, mirror
from sync.store.database import Store
from tests.strategy.builders import EUR, TODAY, a_ledger
from tests.strategy.builders import a_customer as _a_customer
from tests.sync.pulls import a_store

READ_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
_KINDS: dict[type, Kind] = {
    Customer: Kind.CUSTOMER,
    Invoice: Kind.INVOICE,
    Payment: Kind.PAYMENT,
    Credit: Kind.CREDIT,
    Term: Kind.TERM,
}


def a_customer(customer_id: str = "lund", **changes: Any) -> Customer:
    return _a_customer(id=CustomerId(customer_id), name=customer_id.capitalize(), **changes)


def an_invoice(
    invoice_id: str = "1042", *, customer: str = "lund", open_minor: int = 100_000, **changes: Any
) -> Invoice:
    """An invoice of 1,000.00 EUR, ten days late."""
    values: dict[str, Any] = {
        "id": InvoiceId(invoice_id),
        "customer_id": CustomerId(customer),
        "number": invoice_id,
        "issued_on": TODAY - timedelta(days=40),
        "due_on": TODAY - timedelta(days=10),
        "currency": EUR,
        "total_minor": 100_000,
        "open_minor": open_minor,
        "version": "1",
        "updated_at": READ_AT,
    }
    return Invoice(**(values | changes))


def a_payment(
    payment_id: str = "p1", *, of: str = "1042", amount: int = 40_000, days_ago: int = 5, **changes: Any
) -> Payment:
    """Money that settled an invoice."""
    on = TODAY - timedelta(days=days_ago)
    settled = Allocation(target=AllocationTarget.INVOICE, target_id=of, on=on, amount_minor=amount)
    values: dict[str, Any] = {
        "id": PaymentId(payment_id),
        "customer_id": CustomerId("lund"),
        "paid_on": on,
        "currency": EUR,
        "total_minor": amount,
        "unapplied_minor": 0,
        "allocations": (settled,),
        "version": "1",
        "updated_at": READ_AT,
    }
    return Payment(**(values | changes))


def a_credit(credit_id: str = "c1", *, amount: int = 10_000, **changes: Any) -> Credit:
    """A credit note that nothing was taken from."""
    values: dict[str, Any] = {
        "id": CreditId(credit_id),
        "customer_id": CustomerId("lund"),
        "kind": CreditKind.CREDIT_NOTE,
        "number": credit_id,
        "issued_on": TODAY - timedelta(days=5),
        "currency": EUR,
        "total_minor": amount,
        "remaining_minor": amount,
        "version": "1",
        "updated_at": READ_AT,
    }
    return Credit(**(values | changes))


class Mirror:
    """The mirror of one ledger."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ledger = ledgers.known(store, "harbour", Platform.XERO)

    def put(self, *records: AnyRecord) -> None:
        """As if the platform had sent them."""
        with self.store.transaction():
            for record in records:
                page = Page(kind=_KINDS[type(record)], records=(record,), server_time=READ_AT)
                mirror.save_page(self.store, self.ledger.id, page)
            mirror.resolve_accounts(self.store, self.ledger.id)

    def account(self, account_id: str) -> Account:
        """An account today, whatever is open."""
        found = loading.load_one(self.store, self.ledger.id, a_ledger(), TODAY, account_id)
        assert found is not None
        return found

    def accounts(self, *, days_ago: int = 0) -> dict[str, Account]:
        """All accounts as of a day, by id."""
        as_of = TODAY - timedelta(days=days_ago)
        return {one.customer.id: one for one in loading.load_every(self.store, self.ledger.id, a_ledger(), as_of)}


@contextmanager
def a_mirror(folder: Path, *records: AnyRecord) -> Iterator[Mirror]:
    """A mirror of these records."""
    with a_store(folder) as store:
        filled = Mirror(store)
        filled.put(*records)
        yield filled
