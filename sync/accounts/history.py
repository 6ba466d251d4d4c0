"""What changed what an account owes: its documents of a period, and what it shares with other accounts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from strategy.model import (
    Allocation,
    AllocationTarget,
    Credit,
    CreditId,
    CreditKind,
    Currency,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Payment,
    PaymentId,
    Sent,
)
from strategy.movements import Movement, MovementKind
from sync.accounts import days
from sync.store.database import Row, Store, Value, from_instant
from sync.store.statements import load

SQL = load("history")


class Documents(NamedTuple):
    """Documents that count, of one account."""

    invoices: Iterable[Invoice]
    payments: Iterable[Payment]
    credits_: Iterable[Credit]


def documents(store: Store, ledger_id: int, account_id: str, first: date, last: date) -> Documents:
    """An account's documents dated from `first` to `last`, both included."""
    values: dict[str, Value] = {
        "ledger": ledger_id,
        "account": account_id,
        "first": first.isoformat(),
        "last": last.isoformat(),
    }

    def rows(name: str) -> Iterator[Row]:
        return store.rows_by_name(SQL[name], values)

    settled: dict[str, list[Allocation]] = defaultdict(list)
    for source_id, target, target_id, on, amount in rows("payment_allocations"):
        settled[source_id].append(
            Allocation(target=AllocationTarget(target), target_id=target_id, on=days.day(on), amount_minor=amount)
        )
    return Documents(
        map(_invoice, rows("invoices")),
        (_payment(row, settled[row[0]]) for row in rows("payments")),
        map(_credit, rows("credits")),
    )


def transfers(store: Store, ledger_id: int, account_id: str) -> tuple[Movement, ...]:
    """Money and credit of the account that settled invoices of others, up; of others that settled its own, down.

    A parent may pay what its sub-customers are billed themselves. Each counts once invoice and credit are there.
    """
    given: dict[_Given, int] = defaultdict(int)
    for row in store.rows_by_name(SQL["across"], {"ledger": ledger_id, "account": account_id}):
        source_id, currency, number, giver, taker, lender, amount, allocated, issued, credited = row
        on = max(days.day(allocated), days.day(issued))
        credit_on = max(on, days.maybe(credited) or on)
        parts = [(giver, taker, credit_on)]
        if lender:  # what a payment applied of a credit came out of the credit, not out of the payer's money
            parts = [(taker, giver, on), (lender, taker, credit_on)]
        for source, target, day in parts:
            given[day, source_id, number, currency] += amount * ((source == account_id) - (target == account_id))
    return tuple(_transfer(key, amount) for key, amount in given.items() if amount)


_Given = tuple[date, str, str | None, Currency]
"""From when on; the payment's or credit's id; the invoice's number; currency."""


def _transfer(given: _Given, amount_minor: int) -> Movement:
    on, source_id, number, currency = given
    return Movement(
        on=on,
        kind=MovementKind.TRANSFER,
        id=source_id,
        customer_id=None,
        number=number,
        currency=currency,
        amount_minor=amount_minor,
    )


def _invoice(row: Row) -> Invoice:
    return Invoice(
        id=InvoiceId(row[0]),
        customer_id=row[1],
        number=row[2],
        reference=row[3],
        issued_on=days.day(row[4]),
        due_on=days.maybe(row[5]),
        currency=row[6],
        total_minor=row[7],
        open_minor=row[8],
        deposit_minor=row[9],
        status=DocumentStatus(row[10]),
        sent=Sent.UNKNOWN,
        version=row[11],
        updated_at=from_instant(row[12]),
    )


def _payment(row: Row, settled: list[Allocation]) -> Payment:
    return Payment(
        id=PaymentId(row[0]),
        customer_id=row[1],
        reference=row[2],
        paid_on=days.day(row[3]),
        currency=row[4],
        total_minor=row[5],
        unapplied_minor=row[6],
        status=DocumentStatus(row[7]),
        version=row[8],
        updated_at=from_instant(row[9]),
        allocations=tuple(settled),
    )


def _credit(row: Row) -> Credit:
    return Credit(
        id=CreditId(row[0]),
        customer_id=row[1],
        kind=CreditKind(row[2]),
        number=row[3],
        issued_on=days.day(row[4]),
        currency=row[5],
        total_minor=row[6],
        remaining_minor=row[7],
        status=DocumentStatus(row[8]),
        version=row[9],
        updated_at=from_instant(row[10]),
    )
