"""What really left on a day, as the outbox has it."""

from datetime import date, datetime

import msgspec

from strategy.decision import TaskAsked, Touchpoint
from strategy.model import InvoiceId, Record
from sync.store.database import Store, from_instant
from sync.store.outbox import Kind
from sync.store.statements import load

SQL = load("outbox")

_said = msgspec.json.Decoder(Touchpoint).decode
_asked = msgspec.json.Decoder(TaskAsked).decode


class Left(Record):
    """A message or notice that the channel took, or work that was given to somebody."""

    at: datetime
    what: Touchpoint | TaskAsked


def left_on(store: Store, ledger_id: int, account_id: str, day: date, invoice_id: InvoiceId) -> tuple[Left, ...]:
    """What left on the day and named the invoice, in its order."""
    return tuple(
        Left(at=from_instant(at), what=_asked(decided) if kind == Kind.TASK else _said(decided))
        for kind, at, decided in store.rows(SQL["left_on"], ledger_id, account_id, day.isoformat(), invoice_id)
    )
