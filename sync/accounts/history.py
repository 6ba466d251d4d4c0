"""What happened to an account in a period, document by document."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from strategy.model import (
    Allocation,
    AllocationTarget,
    Credit,
    CreditId,
    CreditKind,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Payment,
    PaymentId,
    Sent,
)
from strategy.movements import Movement, movements
from sync.accounts import days
from sync.store.database import Row, Store, Value, from_instant
from sync.store.statements import load

SQL = load("history")


def moved(store: Store, ledger_id: int, account_id: str, first: date, last: date) -> tuple[Movement, ...]:
    """Everything that changed what the account owes from `first` to `last`, both included."""
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
    return movements(
        map(_invoice, rows("invoices")),
        (_payment(row, settled[row[0]]) for row in rows("payments")),
        map(_credit, rows("credits")),
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
