"""What people told us, listed with names: promises, disputes, claims, holds, contacts that were made elsewhere.

`agreeing` writes them, and `journal` the contacts.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from strategy.agreements import DisputeOutcome, HoldKind, PromiseState
from strategy.model import Currency, CustomerId, InvoiceId, Record
from sync.store.database import Row, Store, Value
from sync.store.statements import load

SQL = load("agreements")

_ids = msgspec.json.Decoder(tuple[InvoiceId, ...]).decode


class ListedPromise(Record):
    """A promise and its total."""

    id: int
    customer_id: CustomerId
    customer: str
    made_on: date
    promised_on: date
    currency: Currency
    amount_minor: int
    state: PromiseState
    by: str


class ListedPlan(Record):
    """Whose payment plan it is; what it is now is judged by the books."""

    id: int
    customer_id: CustomerId
    customer: str
    by: str


class ListedDispute(Record):
    """A dispute. `amount_minor` None is the whole invoice, of which `open_minor` is open now; see `account.Dispute`."""

    id: int
    customer_id: CustomerId
    customer: str
    invoice_id: InvoiceId
    number: str
    currency: Currency
    amount_minor: int | None
    open_minor: int
    category: str
    reason: str
    opened_on: date
    closed_on: date | None
    owner: str
    answer_by: date | None
    answered_on: date | None
    outcome: DisputeOutcome | None
    resolved_on: date | None
    credit_minor: int | None

    @property
    def status(self) -> str:
        """What it waits for, or what came of it."""
        if self.outcome is not None:
            return self.outcome if self.closed_on else f"{self.outcome}, credit expected"
        return "ended" if self.closed_on else "answered" if self.answered_on else "open"


class ListedClaim(Record):
    """A claim. `numbers` are those of its invoices."""

    id: int
    customer_id: CustomerId
    customer: str
    invoices: tuple[InvoiceId, ...]
    numbers: tuple[str, ...]
    reference: str
    claimed_on: date
    until: date
    closed_on: date | None
    paid_on: date | None


class ListedHold(Record):
    """A hold. `number` None: the whole account. `amount_minor`: so much of it (None: all), in its `currency`."""

    id: int
    customer_id: CustomerId
    customer: str
    invoice_id: InvoiceId | None
    number: str | None
    kind: HoldKind
    reason: str
    since: date
    until: date | None
    ended_on: date | None
    amount_minor: int | None
    currency: Currency | None


class ListedTouch(Record):
    """A contact that somebody else made. `numbers` are those of its invoices."""

    id: int
    customer_id: CustomerId
    customer: str
    on: date
    act: str
    channel: str
    what: str
    who: str
    ended_on: date | None
    numbers: tuple[str, ...]


def promises(store: Store, ledger_id: int, *, ended: bool = False) -> tuple[ListedPromise, ...]:
    """By the promised day; only open ones unless the ended are asked for."""
    return tuple(
        ListedPromise(
            id=promise_id,
            customer_id=customer_id,
            customer=customer,
            made_on=date.fromisoformat(made),
            promised_on=date.fromisoformat(promised),
            currency=currency,
            amount_minor=amount,
            state=PromiseState(state),
            by=by,
        )
        for promise_id, customer_id, customer, made, promised, currency, state, by, amount in _rows(
            store, "promises", ledger_id, ended=ended
        )
    )


def promised_elsewhere(
    store: Store, promise_id: int, invoices: Iterable[InvoiceId]
) -> tuple[tuple[InvoiceId, int], ...]:
    """What stands of a promise on invoices other than these, and how much of that can still come."""
    values: dict[str, Value] = {"promise": promise_id, "here": msgspec.json.encode([*invoices]).decode()}
    return tuple((InvoiceId(one), part) for one, part in store.rows_by_name(SQL["promised_elsewhere"], values))


def plans(store: Store, ledger_id: int, *, ended: bool = False) -> tuple[ListedPlan, ...]:
    """The oldest first."""
    return tuple(
        ListedPlan(id=plan_id, customer_id=customer_id, customer=customer, by=by)
        for plan_id, customer_id, customer, by in _rows(store, "plans", ledger_id, ended=ended)
    )


def disputes(store: Store, ledger_id: int, *, ended: bool = False) -> tuple[ListedDispute, ...]:
    """The oldest first."""
    return tuple(
        ListedDispute(
            id=row[0],
            customer_id=row[1],
            customer=row[2],
            invoice_id=row[3],
            number=row[4] or f"#{row[3]}",
            currency=row[5],
            amount_minor=row[6],
            open_minor=row[7],
            category=row[8],
            reason=row[9],
            opened_on=date.fromisoformat(row[10]),
            closed_on=_maybe(row[11]),
            owner=row[12],
            answer_by=_maybe(row[13]),
            answered_on=_maybe(row[14]),
            outcome=DisputeOutcome(row[15]) if row[15] else None,
            resolved_on=_maybe(row[16]),
            credit_minor=row[17],
        )
        for row in _rows(store, "disputes", ledger_id, ended=ended)
    )


def claims(store: Store, ledger_id: int, *, ended: bool = False) -> tuple[ListedClaim, ...]:
    """By the day until which they hold."""
    return tuple(
        ListedClaim(
            id=claim_id,
            customer_id=customer_id,
            customer=customer,
            invoices=_ids(invoices),
            numbers=tuple(_number(store, ledger_id, one) for one in _ids(invoices)),
            reference=reference,
            claimed_on=date.fromisoformat(claimed),
            until=date.fromisoformat(until),
            closed_on=_maybe(closed),
            paid_on=_maybe(paid),
        )
        for claim_id, customer_id, customer, reference, claimed, until, closed, invoices, paid in _rows(
            store, "claims", ledger_id, ended=ended
        )
    )


def holds(store: Store, ledger_id: int, *, ended: bool = False) -> tuple[ListedHold, ...]:
    """The oldest first."""
    return tuple(
        ListedHold(
            id=row[0],
            customer_id=row[1],
            customer=row[2],
            invoice_id=row[3],
            number=row[4] or (f"#{row[3]}" if row[3] else None),
            kind=HoldKind(row[5]),
            reason=row[6],
            since=date.fromisoformat(row[7]),
            until=_maybe(row[8]),
            ended_on=_maybe(row[9]),
            amount_minor=row[10],
            currency=row[11],
        )
        for row in _rows(store, "holds", ledger_id, ended=ended)
    )


def noted(store: Store, ledger_id: int, *, ended: bool = False) -> tuple[ListedTouch, ...]:
    """By day; only those that were not taken back unless the ended are asked for."""
    return tuple(
        ListedTouch(
            id=row[0],
            customer_id=row[1],
            customer=row[2],
            on=date.fromisoformat(row[3]),
            act=row[4],
            channel=row[5],
            what=row[6],
            who=row[7],
            ended_on=_maybe(row[8]),
            numbers=tuple(
                _number(store, ledger_id, one)
                for (one,) in store.rows_by_name(SQL["noted_invoices"], {"touch": row[0]})
            ),
        )
        for row in list(_rows(store, "noted", ledger_id, ended=ended))
    )


def currency_of(store: Store, ledger_id: int, invoice_id: InvoiceId) -> Currency | None:
    """In which an invoice was written, whether anything of it is open or not; None where the books have it no more."""
    values: dict[str, Value] = {"ledger": ledger_id, "id": invoice_id}
    found = next(store.rows_by_name(SQL["invoice_currency"], values), None)
    return Currency(found[0]) if found else None


def _rows(store: Store, statement: str, ledger_id: int, *, ended: bool) -> Iterator[Row]:
    return store.rows_by_name(SQL[statement], {"ledger": ledger_id, "ended": ended})


def _number(store: Store, ledger_id: int, invoice_id: str) -> str:
    values: dict[str, Value] = {"ledger": ledger_id, "id": invoice_id}
    found = next(store.rows_by_name(SQL["invoice_number"], values), None)
    return found[0] if found and found[0] else f"#{invoice_id}"


def _maybe(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
