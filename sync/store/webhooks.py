"""What the platforms announced: which ledgers are dirty, and whether anything comes at all.

A ledger costs one row, however much is announced of it. Being dirty means that a pull would find something, and nothing
else: what changed is asked of the platform.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from connectors.base import Announcement
from strategy.model import Platform, Record
from sync.store.database import Store, from_instant, instant
from sync.store.statements import load

SQL = load("webhooks")

REMEMBERED: Final = 20_000
"""Announcements over all ledgers. One that comes again after so many others costs a needless pull, nothing worse."""


class Delivery(Record):
    """What came at once. `announced` None: it was genuine, and could not be read."""

    platform: Platform
    announced: Sequence[Announcement] | None


class Heard(Record):
    """What came of a platform since it is listened for. `deliveries` and `unreadable` count those, the rest what they
    announced.
    """

    since: datetime
    last_at: datetime | None
    deliveries: int
    announcements: int
    repeated: int
    unknown: int
    unreadable: int


def listen(store: Store, platform: Platform, at: datetime) -> None:
    """From now on the platform is listened for."""
    store.run(SQL["listen"], platform, instant(at))


def note(store: Store, deliveries: Iterable[Delivery], at: datetime) -> None:
    """Make the ledgers dirty of which something new is announced; one transaction for all."""
    with store.transaction():
        for delivery in deliveries:
            _note(store, delivery, at)
        store.run(SQL["forget"], REMEMBERED)


def _note(store: Store, delivery: Delivery, at: datetime) -> None:
    announced = delivery.announced or ()
    new = Counter(one.remote_id for one in announced if store.run(SQL["remember"], one.digest))
    unknown = sum(
        count
        for remote_id, count in new.items()
        if not store.run(SQL["announce"], instant(at), delivery.platform, remote_id)
    )
    repeated, unreadable = len(announced) - new.total(), delivery.announced is None
    store.run(SQL["count"], instant(at), len(announced), repeated, unknown, unreadable, delivery.platform)


def announced(store: Store, ledger_id: int) -> int:
    """How often something new was announced; to be asked before a pull begins."""
    found = store.row(SQL["announced"], ledger_id)
    return found[0] if found else 0


def pulled(store: Store, ledger_id: int, known: int) -> None:
    """A pull is complete that began when so much was announced. Belongs into the transaction that makes it so."""
    store.run(SQL["pulled"], known, ledger_id, known)


def dirty(store: Store, ledger_id: int) -> bool:
    """Whether something was announced that no complete pull has looked for."""
    return store.row(SQL["dirty"], ledger_id) is not None


def heard(store: Store, platform: Platform) -> Heard | None:
    """What came of a platform; None where it was never listened for."""
    found = store.row(SQL["heard"], platform)
    if found is None:
        return None
    since, last_at, deliveries, announcements, repeated, unknown, unreadable = found
    return Heard(
        since=from_instant(since),
        last_at=from_instant(last_at) if last_at else None,
        deliveries=deliveries,
        announcements=announcements,
        repeated=repeated,
        unknown=unknown,
        unreadable=unreadable,
    )


def last_announced(store: Store, ledger_id: int) -> datetime | None:
    """When something new was last announced of a ledger."""
    found = store.row(SQL["last_announced"], ledger_id)
    return from_instant(found[0]) if found else None


def changes_after(store: Store, ledger_id: int, at: datetime) -> tuple[datetime, ...]:
    """When pulls began that found changes every platform announces, of those that began after the instant."""
    return tuple(from_instant(began) for (began,) in store.rows(SQL["changes_after"], ledger_id, instant(at)))
