"""The outbox's rows and their states: what waits to leave, what left, and what may have.

    planned ──> approved ──> sending ──> sent
       │  ^         │            ├──> failed      surely not taken, and surely refused
       │  └─ held <─┤            ├──> approved    surely not taken, later may work
       ├──> rejected             └──> unknown ──> sent | failed    by evidence or by a person only
       └──> withdrawn ──> planned              sent ──> failed    where it came back from everybody
                                           approved ──> failed    where no channel could carry it as it is

`sending` is committed before the first byte leaves; whoever finds a row in it after a crash calls it unknown.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from strategy.decision import TaskAsked, Touchpoint
from strategy.model import Currency, CustomerId, Record
from sync.store.database import Row, Store, from_instant, instant
from sync.store.journal import Moment, note
from sync.store.statements import load

SQL = load("outbox")


class State(StrEnum):
    """Where a row is on its way out."""

    PLANNED = "planned"
    APPROVED = "approved"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What a row is. Messages go to customers, notices and tasks to our own people, the rest to the books."""

    MESSAGE = "message"
    NOTICE = "notice"
    TASK = "task"
    NOTE = "note"
    FILE = "file"
    LINK = "link"


TO_PEOPLE: Final = frozenset({Kind.MESSAGE, Kind.NOTICE})
TO_BOOKS: Final = frozenset({Kind.NOTE, Kind.FILE, Kind.LINK})

MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.PLANNED: frozenset({State.APPROVED, State.HELD, State.REJECTED, State.WITHDRAWN}),
    State.APPROVED: frozenset(
        {State.SENDING, State.PLANNED, State.HELD, State.REJECTED, State.WITHDRAWN, State.FAILED}
    ),
    State.HELD: frozenset({State.PLANNED, State.APPROVED, State.REJECTED, State.WITHDRAWN}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNKNOWN, State.APPROVED}),
    State.UNKNOWN: frozenset({State.SENT, State.FAILED}),
    State.WITHDRAWN: frozenset({State.PLANNED, State.APPROVED}),
    State.SENT: frozenset({State.FAILED}),
    State.FAILED: frozenset(),
    State.REJECTED: frozenset(),
}
"""Every legal move; there is no other."""


class OutboxRow(Record):
    """A row. `decided` is the touchpoint, task or write, as JSON; `about_id` the message that a write tells of."""

    id: int
    key: str
    id8: str
    kind: Kind
    state: State
    customer_id: CustomerId
    currency: Currency
    decided: str
    opens_at: datetime | None
    closes_at: datetime | None
    approved_by: str | None
    reason: str | None
    about_id: int | None
    decided_on: date
    sent_on: date | None
    sent_at: datetime | None
    act: str
    attempt: int

    def touchpoint(self) -> Touchpoint:
        """What a message or notice says."""
        return msgspec.json.decode(self.decided, type=Touchpoint)

    def asked(self) -> TaskAsked:
        """What a task asks of our own people."""
        return msgspec.json.decode(self.decided, type=TaskAsked)


class New(Record):
    """A row to be. `key` as the outbox key; `about_id` and `approved_by` None where there is none."""

    key: str
    kind: Kind
    state: State
    customer_id: CustomerId
    currency: Currency
    case: int | None
    act: str
    occasion: str
    channel: str
    attempt: int
    amount_minor: int
    decided: bytes
    statement: str | None = None
    deadline_days: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    approved_by: str | None = None
    about_id: int | None = None
    invoices: tuple[str, ...] = ()


class Sealed(Record):
    """A message as it left: exact bytes, to whom, with which balances."""

    message_id: str
    recipients: Sequence[str]
    subject: str
    balances: Mapping[str, int]
    content: bytes
    sha256: str


def insert(store: Store, now: Moment, new: New, id8: str) -> int:
    """Put a row in; its id."""
    done = new.state is State.SENT
    row_id = store.insert(
        SQL["insert"],
        now.ledger_id,
        new.key,
        id8,
        new.kind,
        new.state,
        new.customer_id,
        new.currency,
        new.case,
        new.act,
        new.occasion,
        new.channel,
        new.attempt,
        new.amount_minor,
        new.decided.decode(),
        new.statement,
        new.deadline_days,
        instant(new.opens_at) if new.opens_at else None,
        instant(new.closes_at) if new.closes_at else None,
        now.on.isoformat(),
        instant(now.at),
        new.approved_by,
        now.on.isoformat() if done else None,
        instant(now.at) if done else None,
        new.about_id,
    )
    store.many(SQL["name_invoice"], ((row_id, place, invoice) for place, invoice in enumerate(new.invoices)))
    note(store, now, f"{new.kind} {new.state}", {"key": new.key}, new.customer_id)
    return row_id


def update(store: Store, now: Moment, row: OutboxRow, new: New) -> None:
    """The same key, decided anew; nothing is written where nothing of it is new. What was put off stays so."""
    _check_move(row, new.state)
    decided = new.decided.decode()
    reason = row.reason if row.state is new.state is State.APPROVED else None
    was = (row.state, row.decided, row.approved_by, row.reason, row.decided_on)
    if was == (new.state, decided, new.approved_by, reason, now.on):
        return
    store.run(
        SQL["update"],
        new.state,
        new.amount_minor,
        decided,
        new.statement,
        new.deadline_days,
        instant(new.opens_at) if new.opens_at else None,
        instant(new.closes_at) if new.closes_at else None,
        now.on.isoformat(),
        new.approved_by,
        reason,
        reason,
        instant(now.at),
        row.id,
    )
    store.run(SQL["forget_invoices"], row.id)
    store.many(SQL["name_invoice"], ((row.id, place, invoice) for place, invoice in enumerate(new.invoices)))
    if new.state is not row.state:
        note(store, now, f"{row.kind} {new.state}", {"key": row.key, "was": row.state}, row.customer_id)


def move(store: Store, now: Moment, row: OutboxRow, to: State, reason: str | None = None) -> bool:
    """Move a row to another state, with its event. False where another process has moved it meanwhile."""
    _check_move(row, to)
    if not store.run(SQL["move"], to, instant(now.at), reason, to, row.id, row.state):
        return False
    facts = {"key": row.key, "was": row.state, "reason": reason}
    note(store, now, f"{row.kind} {to}", facts, row.customer_id)
    return True


def put_off(store: Store, now: Moment, row: OutboxRow, reason: str) -> None:
    """It waits where it is, and comes after the others from now on. Nothing happens where it has moved meanwhile."""
    store.run(SQL["put_off"], reason, instant(now.at), row.id, row.state)


def approve(store: Store, now: Moment, row: OutboxRow, text: str) -> bool:
    """A person lets it go, with the letter's text of this hash. False where it is not (any longer) planned, or not what
    the row says.
    """
    if not store.run(SQL["approve"], now.who, text, instant(now.at), row.id, row.decided):
        return False
    note(store, now, f"{row.kind} approved", {"key": row.key}, row.customer_id)
    return True


def approved_text(store: Store, row: OutboxRow) -> str | None:
    """The hash of the letter's text when a person let it go; None where it was not kept yet."""
    found = store.row(SQL["approved_text"], row.id)
    return found[0] if found else None


def accepted(store: Store, now: Moment, row: OutboxRow, reference: str, left: Moment | None = None) -> bool:
    """The channel or the books took it. `left`: when it did, where that was found out later; None: now. False where
    nobody was waiting to know any more.
    """
    when = left or now
    if not store.run(SQL["accepted"], when.on.isoformat(), instant(when.at), instant(now.at), reference, row.id):
        return False
    facts = {"key": row.key, "reference": reference, **({"left_on": when.on} if left else {})}
    note(store, now, f"{row.kind} sent", facts, row.customer_id)
    return True


def seal(store: Store, row: OutboxRow, sealed: Sealed, at: datetime) -> None:
    """Keep the exact bytes before they leave."""
    store.run(
        SQL["seal"],
        row.id,
        sealed.message_id,
        msgspec.json.encode(sealed.recipients).decode(),
        sealed.subject,
        msgspec.json.encode(sealed.balances).decode(),
        sealed.content,
        sealed.sha256,
        instant(at),
    )


def sealed_at(store: Store, row: OutboxRow) -> datetime | None:
    """When the row was last sealed, which is right before it left; None where it never was."""
    found = store.row(SQL["sealed_at"], row.id)
    return from_instant(found[0]) if found else None


def recipients(store: Store, row: OutboxRow) -> tuple[str, ...]:
    """Who the sealed message was for; nobody where it was never sealed."""
    found = store.row(SQL["recipients"], row.id)
    return tuple(msgspec.json.decode(found[0])) if found else ()


class Said(Record):
    """A message or a call. `outcome` and `note` are a call's; `sealed` the bytes of a message."""

    id8: str
    on: date
    act: str
    channel: str
    state: State
    who: str
    recipients: tuple[str, ...]
    outcome: str
    note: str
    sealed: bytes | None


def said(store: Store, ledger_id: int, account_id: str, currency: Currency) -> tuple[Said, ...]:
    """What an account was told and asked in a currency, oldest first."""
    return tuple(
        Said(
            id8=id8,
            on=date.fromisoformat(on),
            act=act,
            channel=channel,
            state=State(state),
            who=who,
            recipients=tuple(msgspec.json.decode(recipients)) if recipients else (),
            outcome=outcome or "",
            note=noted or "",
            sealed=sealed,
        )
        for id8, on, act, channel, state, who, recipients, outcome, noted, sealed in store.rows(
            SQL["said"], ledger_id, account_id, currency
        )
    )


def conversation(store: Store, ledger_id: int, touchpoint: Touchpoint) -> tuple[str, ...]:
    """Message ids that this one continues: what was sent in the same case, oldest first."""
    found = store.rows(SQL["conversation"], ledger_id, touchpoint.customer_id, touchpoint.currency, touchpoint.case)
    return tuple(message_id for (message_id,) in found)


def by_key(store: Store, ledger_id: int, key: str) -> OutboxRow | None:
    """The row of a key."""
    found = store.row(SQL["by_key"], ledger_id, key)
    return _row(found) if found else None


def by_id(store: Store, row_id: int) -> OutboxRow:
    """The row as it is now."""
    found = store.row(SQL["by_id"], row_id)
    assert found is not None  # noqa: S101 - rows are never removed
    return _row(found)


def in_state(store: Store, ledger_id: int, state: State) -> list[OutboxRow]:
    """Rows in a state, oldest first; those put off come last, so that they hold up no other."""
    return [_row(found) for found in store.rows(SQL["in_state"], ledger_id, state)]


def waiting(store: Store, ledger_id: int, customer_id: CustomerId) -> list[OutboxRow]:
    """Messages of an account that the next decision may change."""
    return [_row(found) for found in store.rows(SQL["of_customer_waiting"], ledger_id, customer_id)]


def everything(store: Store, ledger_id: int) -> list[OutboxRow]:
    """The whole outbox of a ledger, newest first."""
    return [_row(found) for found in store.rows(SQL["of_ledger"], ledger_id)]


def about(store: Store, row_id: int) -> list[OutboxRow]:
    """What tells the books of a message."""
    return [_row(found) for found in store.rows(SQL["about"], row_id)]


def on_occasion(store: Store, ledger_id: int, customer_id: CustomerId, occasion: str) -> list[OutboxRow]:
    """What was to leave because of something, oldest first; `customer_id` is whose it was then, merged or not."""
    return [_row(found) for found in store.rows(SQL["on_occasion"], ledger_id, customer_id, occasion)]


def counts(store: Store, ledger_id: int) -> dict[tuple[Kind, State], int]:
    """How many rows of each kind are in each state."""
    return {(Kind(kind), State(state)): count for kind, state, count in store.rows(SQL["counts"], ledger_id)}


def _check_move(row: OutboxRow, to: State) -> None:
    if to is not row.state and to not in MOVES[row.state]:
        raise AssertionError(f"{row.key} may not go from {row.state} to {to}")


def _row(found: Row) -> OutboxRow:
    return OutboxRow(
        id=found[0],
        key=found[1],
        id8=found[2],
        kind=Kind(found[3]),
        state=State(found[4]),
        customer_id=CustomerId(found[5]),
        currency=Currency(found[6]),
        decided=found[7],
        opens_at=from_instant(found[8]) if found[8] else None,
        closes_at=from_instant(found[9]) if found[9] else None,
        approved_by=found[10],
        reason=found[11],
        about_id=found[12],
        decided_on=date.fromisoformat(found[13]),
        sent_on=date.fromisoformat(found[14]) if found[14] else None,
        sent_at=from_instant(found[15]) if found[15] else None,
        attempt=found[16],
        act=found[17],
    )
