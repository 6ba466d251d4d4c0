"""The journal: events, and the state tables that change together with them.

Every function here that changes state also writes its event; callers hold the transaction where several belong
together.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import msgspec

from strategy.acts import Act
from strategy.model import Currency, CustomerId, InvoiceId, Record
from sync.store.database import Store, from_instant, instant
from sync.store.statements import load

SQL = load("journal")

DUNWELL = "dunwell"
"""Who did what nobody did."""


PERSONAL = ("role.", "owner")
"""Fields of a profile that name people: what they said is gone once it is changed."""


class Moment(Record):
    """When something happens and who does it. `on` is the ledger's own day."""

    ledger_id: int
    at: datetime
    on: date
    who: str = DUNWELL


class Event(Record):
    """Something that happened."""

    at: datetime
    on: date
    who: str
    what: str
    invoice_id: InvoiceId | None
    facts: Mapping[str, object]


def note(
    store: Store,
    now: Moment,
    what: str,
    facts: Mapping[str, object],
    customer_id: str | None = None,
    invoice_id: str | None = None,
) -> int:
    """Write an event; its id."""
    written = msgspec.json.encode(facts).decode()
    at, on = instant(now.at), now.on.isoformat()
    return store.insert(SQL["event"], now.ledger_id, at, on, now.who, what, customer_id, invoice_id, written)


def events(store: Store, ledger_id: int, account_id: str, most: int) -> tuple[Event, ...]:
    """What happened to an account, newest first."""
    return tuple(
        Event(
            at=from_instant(at),
            on=date.fromisoformat(on),
            who=who,
            what=what,
            invoice_id=invoice_id,
            facts=msgspec.json.decode(facts),
        )
        for at, on, who, what, invoice_id, facts in store.rows(SQL["events"], ledger_id, account_id, most)
    )


def open_case(store: Store, now: Moment, customer_id: CustomerId, currency: Currency, number: int, since: date) -> None:
    """An account became overdue."""
    store.run(SQL["open_case"], now.ledger_id, customer_id, currency, number, since.isoformat())
    note(store, now, "case opened", {"currency": currency, "case": number, "since": since}, customer_id)


def reopen_case(store: Store, now: Moment, customer_id: CustomerId, currency: Currency, number: int) -> None:
    """What ended the case was undone."""
    store.run(SQL["reopen_case"], now.ledger_id, customer_id, currency, number)
    note(store, now, "case opened again", {"currency": currency, "case": number}, customer_id)


def close_case(store: Store, now: Moment, customer_id: CustomerId, currency: Currency, number: int) -> None:
    """Nothing is overdue any more."""
    store.run(SQL["close_case"], now.on.isoformat(), now.ledger_id, customer_id, currency, number)
    note(store, now, "case closed", {"currency": currency, "case": number}, customer_id)


def place(
    store: Store, now: Moment, customer_id: CustomerId, segment: str, was: str | None, why: Sequence[str]
) -> None:
    """The account is in a segment from today."""
    store.run(SQL["place"], now.ledger_id, customer_id, segment, now.on.isoformat())
    note(store, now, "placed", {"segment": segment, "was": was, "why": why}, customer_id)


def set_trigger(
    store: Store, now: Moment, customer_id: CustomerId, name: str, *, fired: bool, told: str | None = None
) -> None:
    """A trigger fired, or is over. `told`: the role that hears when it is."""
    store.run(SQL["set_trigger"], now.ledger_id, customer_id, name, fired, fired, told)
    note(store, now, "trigger fired" if fired else "trigger over", {"trigger": name}, customer_id)


def set_told(store: Store, now: Moment, customer_id: CustomerId, name: str, told: str | None) -> None:
    """Another role hears when a trigger that holds is over, or nobody; nothing happened to the account."""
    store.run(SQL["set_told"], told, now.ledger_id, customer_id, name)


class TrueTrigger(Record):
    """A trigger that holds for an account. `since` is the day it fired; None where it was true before that was kept."""

    customer_id: CustomerId
    trigger: str
    since: date | None


def true_triggers(store: Store, ledger_id: int, names: Collection[str]) -> tuple[TrueTrigger, ...]:
    """Those of these names that hold, as last decided, by account."""
    return tuple(
        TrueTrigger(customer_id=customer_id, trigger=name, since=_fired_on(store, ledger_id, customer_id, name))
        for customer_id, name in store.rows(SQL["true_triggers"], ledger_id)
        if name in names
    )


def _fired_on(store: Store, ledger_id: int, customer_id: str, name: str) -> date | None:
    facts = msgspec.json.encode({"trigger": name}).decode()
    found = store.row(SQL["fired_on"], ledger_id, customer_id, facts)
    return date.fromisoformat(found[0]) if found and found[0] else None


def keep_strategy(store: Store, now: Moment, name: str, version: str, text: str) -> None:
    """Keep the text by which decisions are made, once per version, and note when another comes into use."""
    store.run(SQL["keep_strategy"], now.ledger_id, version, name, text, instant(now.at))
    if version_in_use(store, now.ledger_id) != version:
        note(store, now, "strategy in use", {"strategy": name, "version": version})


def strategy_in_use(store: Store, ledger_id: int, on: date = date.max) -> str | None:
    """The text (see `strategy.text.bundle`) by which was decided last, up to a day; None where nothing was decided."""
    version = version_in_use(store, ledger_id, on)
    return next((text for (text,) in store.rows(SQL["strategy_text"], ledger_id, version)), None)


def version_in_use(store: Store, ledger_id: int, on: date = date.max) -> str | None:
    """The version by which was decided last, up to a day; None where nothing was decided yet."""
    rows = store.rows(SQL["strategy_in_use"], ledger_id, on.isoformat())
    return next((msgspec.json.decode(facts)["version"] for (facts,) in rows), None)


class Noted(Record):
    """A contact that somebody else made. `act`: the step that it was, in its `case`; NO_STEP where it was none."""

    customer_id: CustomerId
    on: date
    act: str
    case: int | None
    currency: Currency
    channel: str
    what: str
    invoices: tuple[InvoiceId, ...]


NO_STEP = Act.NOTED
"""The act of a contact that was no step of the strategy's."""


def add_touch(store: Store, now: Moment, noted: Noted) -> int:
    """A contact that was made elsewhere; the number under which it is known."""
    noted_id = store.insert(
        SQL["add_touch"],
        now.ledger_id,
        noted.customer_id,
        noted.on.isoformat(),
        noted.act,
        noted.case,
        noted.currency,
        noted.channel,
        noted.what,
        now.who,
    )
    store.many(SQL["add_touch_invoice"], ((noted_id, place, invoice) for place, invoice in enumerate(noted.invoices)))
    facts = {"touch": noted_id, "act": noted.act, "on": noted.on, "channel": noted.channel, "reason": noted.what}
    note(store, now, "contact noted", facts, noted.customer_id, next(iter(noted.invoices), None))
    return noted_id


def end_touch(store: Store, now: Moment, noted_id: int) -> CustomerId | None:
    """It was noted by mistake. Of which customer it was noted; None where there is no such."""
    ended = store.row(SQL["end_touch"], now.on.isoformat(), now.ledger_id, noted_id)
    if ended is None:
        return None
    note(store, now, "contact taken back", {"touch": noted_id}, *ended)
    return CustomerId(ended[0])


def set_profile(store: Store, now: Moment, customer_id: CustomerId, field: str, value: str | None) -> None:
    """Keep a field of an account's profile; None forgets it. The event keeps what it said, if it names nobody."""
    facts: dict[str, object] = {"field": field}
    if not field.startswith(PERSONAL):
        facts["was"] = next(iter(store.row(SQL["profile_field"], now.ledger_id, customer_id, field) or ()), None)
    if value is None:
        store.run(SQL["clear_profile"], now.ledger_id, customer_id, field)
    else:
        store.run(SQL["set_profile"], now.ledger_id, customer_id, field, value)
    note(store, now, "profile changed", facts, customer_id)
