"""Messages that came back: the addresses are not written to again, and a message that reached nobody was not said."""

from collections.abc import Sequence
from datetime import date

from strategy.model import CustomerId, Record
from sync.store.database import Store
from sync.store.journal import Moment, note
from sync.store.outbox import OutboxRow
from sync.store.statements import load

SQL = load("bounces")


class ListedBounce(Record):
    """An address from which a message came back. `id8` is the message's in the outbox."""

    id: int
    customer_id: CustomerId
    customer: str
    address: str
    step: str
    id8: str
    on: date
    ended_on: date | None


def add(store: Store, now: Moment, row: OutboxRow, addresses: Sequence[str], *, whole: bool) -> None:
    """A message came back from these. `whole`: so nobody got it."""
    for address in addresses:
        store.insert(SQL["add"], now.ledger_id, row.customer_id, row.id, address, whole, now.on.isoformat())
    note(store, now, "came back", {"key": row.key, "addresses": len(addresses)}, row.customer_id)


def bounces(store: Store, ledger_id: int, *, ended: bool) -> tuple[ListedBounce, ...]:
    """What came back, oldest first."""
    rows = store.rows_by_name(SQL["listed"], {"ledger": ledger_id, "ended": ended})
    return tuple(
        ListedBounce(
            id=bounce_id,
            customer_id=CustomerId(customer_id),
            customer=customer,
            address=address,
            step=step,
            id8=id8,
            on=date.fromisoformat(on),
            ended_on=date.fromisoformat(ended_on) if ended_on else None,
        )
        for bounce_id, customer_id, customer, address, step, id8, on, ended_on in rows
    )


def of_message(store: Store, row: OutboxRow) -> tuple[str, ...]:
    """The addresses from which the message is known to have come back."""
    return tuple(address for (address,) in store.rows(SQL["of_message"], row.id))


def end(store: Store, now: Moment, bounce_id: int) -> bool:
    """The address works again. Whether there was one to end."""
    ended = store.row(SQL["end"], now.on.isoformat(), now.ledger_id, bounce_id)
    if ended is not None:
        note(store, now, "bounce ended", {"bounce": bounce_id}, *ended)
    return ended is not None
