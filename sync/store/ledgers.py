"""The ledgers themselves: what each is bound to, how far it was read, and when."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from strategy.model import AgingBasis, Company, CompanyId, Currency, Kind, Platform, Record, Switch
from sync.store.database import Store, from_instant, instant
from sync.store.statements import load

SQL = load("ledgers")

LATEST = datetime.max.replace(tzinfo=UTC)
"""After everything that was ever written."""


class Ledger(Record):
    """A ledger as the store knows it. `remote_id` is the realm or tenant, None until connected."""

    id: int
    name: str
    platform: Platform
    remote_id: str | None
    remote_name: str | None
    api_url: str | None


class BoundElsewhere(Exception):
    """The ledger is bound to another company, or its name to another platform."""


class Matched(Record):
    """The books are matched through a day, as somebody said on another."""

    through: date
    who: str
    said_on: date


def known(store: Store, name: str, platform: Platform) -> Ledger:
    """The ledger of this name, numbered on first sight. Raises `BoundElsewhere` where the name was another
    platform's.
    """
    store.run(SQL["upsert_ledger"], name, platform)
    found = store.row(SQL["ledger"], name)
    assert found is not None  # noqa: S101 - inserted above
    ledger = Ledger(
        id=found[0],
        name=found[1],
        platform=Platform(found[2]),
        remote_id=found[3],
        remote_name=found[4],
        api_url=found[5],
    )
    if ledger.platform is not platform:
        raise BoundElsewhere(
            f"ledger {name} is a {ledger.platform} ledger in this database; give the {platform} one another name"
        )
    return ledger


def bind(store: Store, ledger: Ledger, remote_id: str, remote_name: str, api_url: str, at: datetime) -> None:
    """Bind the ledger to its company for good. Binding it to the same one again is fine."""
    if ledger.remote_id not in {None, remote_id}:
        raise BoundElsewhere(
            f"ledger {ledger.name} belongs to {ledger.remote_name} ({ledger.remote_id}), not to {remote_name} "
            f"({remote_id}); name a new ledger for that company"
        )
    store.run(SQL["bind"], remote_id, remote_name, api_url, instant(at), ledger.id)


def of_company(store: Store, platform: Platform, api_url: str, remote_id: str) -> tuple[str, ...]:
    """The names of ledgers that are bound to a company, in settings or not any more."""
    return tuple(name for (name,) in store.rows(SQL["of_company"], platform, api_url, remote_id))


def cursor(store: Store, ledger_id: int) -> datetime | None:
    """Everything that changed before this instant is in the mirror; None before the first complete pull."""
    found = store.row(SQL["cursor"], ledger_id)
    return from_instant(found[0]) if found else None


def set_cursor(store: Store, ledger_id: int, since: datetime) -> None:
    """Belongs into the transaction that makes it true."""
    store.run(SQL["set_cursor"], ledger_id, instant(since))


def swept_at(store: Store, ledger_id: int) -> datetime | None:
    """When all open invoices were last read, or everything was."""
    found = store.row(SQL["swept_at"], ledger_id)
    return from_instant(found[0]) if found and found[0] else None


def set_swept(store: Store, ledger_id: int, at: datetime) -> None:
    """Belongs into the transaction that makes it true, behind its cursor."""
    store.run(SQL["set_swept"], instant(at), ledger_id)


class Compared(Record):
    """When open items were last compared with the platform's balances: of some accounts (`at`), and of all. None:
    never.
    """

    at: datetime | None = None
    all_at: datetime | None = None


def compared(store: Store, ledger_id: int) -> Compared:
    """When it was last compared."""
    at, all_at = store.row(SQL["compared"], ledger_id) or (None, None)
    return Compared(at=from_instant(at) if at else None, all_at=from_instant(all_at) if all_at else None)


def set_compared(store: Store, ledger_id: int, at: datetime, *, everything: bool) -> None:
    """Belongs into the transaction that keeps what was found."""
    store.run(SQL["set_compared"], instant(at), instant(at) if everything else None, ledger_id)


def start_run(store: Store, ledger_id: int, at: datetime, mode: str) -> int:
    """Note that a sync began, and what it means to read; its id."""
    return store.insert(SQL["start_run"], ledger_id, mode, instant(at))


class Ended(Record):
    """How a sync ended. `mode` is what was read in the end, `differed` what a full one found otherwise."""

    mode: str
    counts: Mapping[Kind, int] = {}
    differed: Mapping[Kind, int] | None = None
    error: str | None = None


def finish_run(store: Store, run_id: int, at: datetime, ended: Ended) -> None:
    """Note how it ended."""
    state = "failed" if ended.error else "done"
    counts, differed = (None if one is None else _plain(one) for one in (ended.counts, ended.differed))
    store.run(SQL["finish_run"], ended.mode, state, instant(at), counts, ended.error, differed, run_id)


def _plain(counts: Mapping[Kind, int]) -> str:
    return msgspec.json.encode(counts).decode()


def last_complete(store: Store, ledger_id: int, before: datetime = LATEST) -> datetime | None:
    """When the last complete sync began, before an instant: the books are known as of then."""
    found = store.row(SQL["last_run"], ledger_id, instant(before))
    return from_instant(found[0]) if found else None


def last_full(store: Store, ledger_id: int) -> datetime | None:
    """When everything was last read."""
    found = store.row(SQL["last_full_run"], ledger_id)
    return from_instant(found[0]) if found else None


def last_try(store: Store, ledger_id: int, mode: str) -> datetime | None:
    """When a sync of that mode last began, however it ended."""
    found = store.row(SQL["last_try"], ledger_id, mode)
    return from_instant(found[0]) if found else None


def last_proof(store: Store, ledger_id: int) -> tuple[datetime, Mapping[Kind, int]] | None:
    """When everything was last compared with the mirror, and how many records of a kind were otherwise."""
    found = store.row(SQL["last_proof"], ledger_id)
    if found is None:
        return None
    return from_instant(found[0]), msgspec.json.decode(found[1], type=dict[Kind, int])


def brought_since(store: Store, ledger_id: int, at: datetime) -> bool:
    """Whether a sync that began after the instant has, or may have, changed the mirror."""
    return store.row(SQL["brought_since"], ledger_id, instant(at)) is not None


def broke_off(store: Store, ledger_id: int) -> str | None:
    """Why the last sync broke off; None where it went well, or runs, or there was none."""
    found = store.row(SQL["broke_off"], ledger_id)
    return found[0] if found else None


def company(store: Store, ledger_id: int) -> Company | None:
    """The company, as last read."""
    found = store.row(SQL["company"], ledger_id)
    if found is None:
        return None
    return Company(
        id=CompanyId(found[0]),
        name=found[1],
        legal_name=found[2],
        country=found[3],
        time_zone=found[4],
        base_currency=Currency(found[5]),
        several_currencies=bool(found[6]),
        aging_basis=AgingBasis(found[7]),
        reminders=Switch(found[8]),
        books_closed_on=date.fromisoformat(found[9]) if found[9] else None,
        tax_number=found[10],
        email=found[11],
        phone=found[12],
        address=tuple(msgspec.json.decode(found[13])),
    )


def company_read_at(store: Store, ledger_id: int) -> datetime | None:
    """When the company and its preferences were last read."""
    found = store.row(SQL["company"], ledger_id)
    return from_instant(found[14]) if found else None


def set_reminders(store: Store, ledger_id: int, switch: Switch) -> None:
    """The platform's own reminder switch, as it is now."""
    store.run(SQL["set_reminders"], switch, ledger_id)


def set_reconciled(store: Store, ledger_id: int, through: date, who: str, said_on: date) -> None:
    """A named person says, on a day of the ledger's, that the books are matched through another."""
    store.run(SQL["say_matched"], ledger_id, through.isoformat(), who, said_on.isoformat())


def matched(store: Store, ledger_id: int, as_of: date) -> Matched | None:
    """Through which day the books are matched, and who said so: the last word on it that was known on a day.

    Also where it goes back behind an earlier one: that was a slip of the pen, or matching was undone.
    """
    found = store.row(SQL["matched"], ledger_id, as_of.isoformat())
    if found is None:
        return None
    through, who, said_on = found
    return Matched(through=date.fromisoformat(through), who=who, said_on=date.fromisoformat(said_on))
