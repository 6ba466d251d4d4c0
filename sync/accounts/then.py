"""The journal as it stood on the morning of a day gone by, read back from what happened.

What people did on that day counts, as whoever decided then knew it. What was decided and said on that day does not: it
is what is asked about. So a day that is decided again comes out as it came out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from strategy.account import Account, Placement
from strategy.agreements import PromiseState
from strategy.model import Currency, InvoiceId
from strategy.touches import Skipped, Touch, TouchState
from sync.accounts import days
from sync.store.database import Row

_KINDS: Final = frozenset({"message", "notice", "task"})
"""Kinds of rows of the outbox of which deciding knows."""

_TOUCHING: Final = {"sent": TouchState.ACCEPTED, "sending": TouchState.UNKNOWN, "unknown": TouchState.UNKNOWN}

_facts = msgspec.json.Decoder(dict[str, Any]).decode


class Happened(NamedTuple):
    """An event of the account."""

    on: date
    what: str
    facts: dict[str, Any]


def happened(rows: Iterable[Row]) -> tuple[Happened, ...]:
    """The events, oldest first."""
    return tuple(Happened(days.day(on), what, _facts(facts)) for on, what, facts in rows)


def as_it_stood(account: Account, events: Sequence[Happened], left: Sequence[Row], as_of: date) -> Account:
    """The account of a day gone by with the journal of its morning. `left`: its rows of the outbox, one for each
    invoice that they name.
    """
    before = [one for one in events if one.on < as_of]
    by_then = [one for one in events if one.on <= as_of]
    rows, ended = [*_rows(left, before)], _ended(by_then)
    touches = [
        *(one for one in map(_touch, rows) if one is not None),
        *(one for one in account.touches if one.noted),
    ]
    return msgspec.structs.replace(
        account,
        touches=tuple(sorted(touches, key=lambda one: one.on)),
        skipped=tuple(_skipped(one) for one in rows if (one.kind, one.state) == ("message", "rejected")),
        done=frozenset(one.known_by for one in rows if one.kind != "message" and not one.moved),
        done_before=frozenset(one.known_by for one in rows if one.kind != "message" and one.moved),
        placement=_placement(before),
        triggers_true=frozenset(_true(before)),
        told=(),
        trigger_counts=Counter(one.facts["trigger"] for one in before if one.what == "trigger fired"),
        promises=tuple(
            msgspec.structs.replace(one, state=ended.get(one.id, PromiseState.OPEN)) for one in account.promises
        ),
    )


def known(rows: Mapping[str, list[Row]], events: Sequence[Happened], as_of: date) -> Mapping[str, list[Row]]:
    """Of what people told, what they had told by then: contacts and replies noted, and fields of the profile; and what
    had failed by then.
    """
    noted = {one.facts["touch"] for one in events if one.what == "contact noted" and one.on <= as_of}
    failed = {one.facts["key"] for one in events if one.what == "message failed" and one.on < as_of}
    return {
        "failures": [row for row in rows["failures"] if row[0] in failed or row[1] == "task"],
        "noted": [row for row in rows["noted"] if row[0] in noted],
        "profiles": [*_fields(rows["profiles"], events, as_of)],
    }


def _fields(rows: Sequence[Row], events: Sequence[Happened], as_of: date) -> Iterator[Row]:
    """Fields of the profile with what they said on the day, as far as a later change has kept it."""
    now: dict[str, str | None] = dict(rows)
    for one in reversed(events):
        if one.what == "profile changed" and one.on > as_of and "was" in one.facts:
            now[one.facts["field"]] = one.facts["was"]
    return ((field, value) for field, value in sorted(now.items()) if value is not None)


class _Left(NamedTuple):
    """A row of the outbox on that morning. `on`: the day on which it came into its state, or the work was done."""

    kind: str
    act: str
    occasion: str
    case: int | None
    currency: Currency
    channel: str
    statement: str | None
    deadline_days: int
    decided_on: date
    on: date
    state: str
    named: tuple[InvoiceId, ...]
    moved: bool

    @property
    def known_by(self) -> tuple[str, str, Currency]:
        return self.act, self.occasion, self.currency


def _rows(left: Sequence[Row], before: Sequence[Happened]) -> Iterator[_Left]:
    """The rows that there were, each in the state in which it was."""
    states: dict[str, Happened] = {one.facts["key"]: one for one in before if _kind(one) in _KINDS}
    named: dict[str, list[InvoiceId]] = defaultdict(list)
    heads: dict[str, Row] = {}
    for row in left:
        heads[row[0]] = row
        if row[-2] is not None:
            named[row[0]].append(InvoiceId(row[-2]))
    for key, (_, kind, act, occasion, case, currency, channel, statement, deadline, decided, done, *_) in heads.items():
        if key in states:
            last = states[key]
            yield _Left(
                kind=kind,
                act=act,
                occasion=occasion,
                case=case,
                currency=Currency(currency),
                channel=channel,
                statement=statement,
                deadline_days=deadline,
                decided_on=days.day(decided),
                on=days.maybe(done) or days.maybe(last.facts.get("left_on")) or last.on,
                state=last.what.partition(" ")[2],
                named=tuple(named[key]),
                moved=bool(heads[key][-1]),
            )


def _kind(one: Happened) -> str:
    """Of which kind of row of the outbox it tells; nothing where it tells of none."""
    return one.what.partition(" ")[0] if "key" in one.facts else ""


def _touch(row: _Left) -> Touch | None:
    """Contacts with the customer; nobody is contacted by a notice, or by work that belongs to no case."""
    state = _TOUCHING.get(row.state)
    if state is None or row.kind == "notice" or (row.kind == "task" and row.case is None):
        return None
    return Touch(
        on=row.on if state is TouchState.ACCEPTED else row.decided_on,
        act=row.act,
        occasion=row.occasion,
        case=row.case,
        currency=row.currency,
        channel=row.channel,
        invoices=frozenset(row.named),
        lead=next(iter(row.named), None),
        statement=row.statement,
        deadline_days=row.deadline_days,
        state=state,
        moved=row.moved,
    )


def _skipped(row: _Left) -> Skipped:
    case = None if row.moved else row.case
    return Skipped(act=row.act, occasion=row.occasion, case=case, currency=row.currency, on=row.decided_on)


def _placement(before: Sequence[Happened]) -> Placement | None:
    placed = [one for one in before if one.what == "placed"]
    return Placement(segment=placed[-1].facts["segment"], since=placed[-1].on) if placed else None


def _true(before: Sequence[Happened]) -> Iterator[str]:
    """Triggers that had become true, and not false since."""
    last = {one.facts["trigger"]: one.what for one in before if one.what in {"trigger fired", "trigger over"}}
    return (name for name, what in last.items() if what == "trigger fired")


def _ended(by_then: Sequence[Happened]) -> dict[int, PromiseState]:
    """How promises were ended by then, by their numbers; all others were open."""
    words = {f"promise {state}": state for state in PromiseState}
    return {one.facts["promise"]: words[one.what] for one in by_then if one.what in words}
