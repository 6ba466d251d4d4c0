"""Loading what deciding needs: accounts, one at a time, from mirror and journal, as of a day.

All statements stream in the order of accounts, and are read side by side, so that memory does not grow with the ledger.
On the ledger's own day what is open is the platform's figure; on an earlier day it is what the allocations leave, the
platform's balance of today has nothing to say, and the journal is as it stood that morning (`then`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from strategy.account import Account, LedgerFacts, Placement, Profile, Receivable
from strategy.facts.evidence import QUARTER, YEAR
from strategy.model import SOMEWHERE, Customer, Person, Term
from strategy.thanks import LATE
from sync import places
from sync.accounts import books, days, journal, moved, outcomes, then
from sync.store.database import Row, Store, Value
from sync.store.statements import load

SQL = {**load("accounts"), **load("accounts_journal")}

_LAST = "\U0010ffff"
"""No id sorts after it."""


_NO_MORE: Final[tuple[None, Iterator[Row]]] = (None, iter(()))
_WITHOUT_ID: Final = itemgetter(slice(1, None))


class _Stream:
    """Rows of one statement by account: asked for accounts in rising order, it reads on no further than it must."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._accounts = groupby(rows, itemgetter(0))
        self._account_id: str | None
        self._rows: Iterator[Row]
        self._next()

    def _next(self) -> None:
        self._account_id, self._rows = next(self._accounts, _NO_MORE)

    @property
    def empty(self) -> bool:
        """Whether there is no further row."""
        return self._account_id is None

    def of(self, account_id: str) -> list[Row]:
        """The account's rows, without the account's id; rows of accounts never asked for are passed over."""
        while self._account_id is not None and self._account_id < account_id:
            self._next()
        if self._account_id != account_id:
            return []
        found = [*map(_WITHOUT_ID, self._rows)]
        self._next()
        return found


def load_all(store: Store, ledger_id: int, facts: LedgerFacts, as_of: date) -> Iterator[Account]:
    """Accounts that there is something to say or to remember of, in the order of their ids."""
    return _load(store, ledger_id, facts, as_of, which="accounts" if as_of >= facts.today else "every_account")


def load_every(store: Store, ledger_id: int, facts: LedgerFacts, as_of: date) -> Iterator[Account]:
    """All accounts, whatever is open, in the order of their ids: reports show credit too."""
    return _load(store, ledger_id, facts, as_of, which="every_account")


def load_one(store: Store, ledger_id: int, facts: LedgerFacts, as_of: date, account_id: str) -> Account | None:
    """One account, whatever is open; None where there is none of this id."""
    return next(_load(store, ledger_id, facts, as_of, which="every_account", only=account_id), None)


def holiday_places(store: Store, ledger_id: int) -> set[str]:
    """Countries, and parts of them, whose public holidays matter to the ledger."""
    return {country for (country,) in store.rows_by_name(SQL["countries"], {"ledger": ledger_id})}


def _load(
    store: Store, ledger_id: int, facts: LedgerFacts, as_of: date, *, which: str, only: str | None = None
) -> Iterator[Account]:
    asked = values(ledger_id, as_of, facts.today, only)
    names = statements(as_of, facts.today)
    streams = {role: _Stream(store.rows_by_name(SQL[name], asked)) for role, name in names.items()}
    nothing: dict[str, list[Row]] = {role: [] for role in streams}
    filled = {role: stream for role, stream in streams.items() if not stream.empty}
    terms = {row[0]: books.term(row) for row in store.rows_by_name(SQL["terms"], asked)}
    for (account_id,) in store.rows_by_name(SQL[which], asked):
        rows = nothing | {role: stream.of(account_id) for role, stream in filled.items()}
        if rows["members"]:
            yield _account(account_id, rows, facts, as_of, terms)


def statements(as_of: date, today: date) -> Mapping[str, str]:
    """By what they are of, the statements whose rows accounts are made of."""
    return {name: name for name in _STREAMS} | (_THEN if as_of < today else _NOW)


def values(ledger_id: int, as_of: date, today: date, only: str | None = None) -> Mapping[str, Value]:
    """What these statements are asked with: of all accounts, or of one."""
    return {
        "ledger": ledger_id,
        "first": only or "",
        "last": only or _LAST,
        "as_of": as_of.isoformat(),
        "lately": (as_of - LATE).isoformat(),
        "since": (as_of - YEAR).isoformat(),
        "remembered": (as_of - YEAR).isoformat() if as_of >= today else "",
        "quarter": (as_of - QUARTER).isoformat(),
    }


_NOW = {
    "invoices": "open_invoices",
    "unapplied": "unapplied",
    "acquaintance": "acquaintance",
    "delivered": "delivered",
    "tie_outs": "tie_outs",
}
_THEN = {
    "invoices": "invoices_then",
    "unapplied": "unapplied_then",
    "acquaintance": "acquaintance_then",
    "delivered": "delivered_then",
    "left": "left",
    "events": "events",
}
"""By role, the statements that differ by whether it is about today or a day before."""

_STREAMS = (
    "members",
    "people",
    "settlements",
    "credited",
    "touches",
    "noted",
    "skipped",
    "came",
    "bounces",
    "failures",
    "done",
    "cases",
    "promises",
    "plans",
    "disputes",
    "claims",
    "holds",
    "segments",
    "triggers",
    "profiles",
)


_JOURNAL: Final[Mapping[str, Callable[[Sequence[Row]], Any]]] = {
    "skipped": journal.skipped,
    "came": outcomes.came,
    "failures": journal.failures,
    "promises": journal.promises,
    "tie_outs": journal.tie_outs,
}
_JOURNAL_AS_OF: Final[Mapping[str, Callable[[Sequence[Row], date], Any]]] = {
    "bounces": journal.bounces,
    "cases": journal.cases,
    "plans": journal.plans,
    "disputes": journal.disputes,
    "claims": journal.claims,
    "holds": journal.holds,
}
"""What is read of the journal, by the field of `Account`, which is empty where there are no rows: so it is for most."""


def _account(
    account_id: str, rows: Mapping[str, list[Row]], facts: LedgerFacts, as_of: date, terms: Mapping[str, Term]
) -> Account:
    people = tuple(Person(name=name, email=email, phone=phone) for name, email, phone in rows["people"])
    members = [books.customer(row, people if row[0] == account_id else ()) for row in rows["members"]]
    customer = next(one for one in members if one.id == account_id)
    method = next(row[-2] for row in rows["members"] if row[0] == account_id)
    events = then.happened(rows.get("events", ()))
    if as_of < facts.today:
        rows = {**rows, **then.known(rows, events, as_of)}
    profile = journal.profile(rows["profiles"])
    country = _country(profile, customer, facts)
    receivables, negative, issues = books.receivables(rows["invoices"], terms)
    known = rows["acquaintance"]
    account = Account(
        ledger=facts,
        customer=customer,
        country=country,
        time_zone=profile.time_zone or _zone(country, facts),
        method=method,
        members=tuple(one for one in members if one.id != account_id),
        unreadable=tuple(row[1] for row in rows["members"] if row[-1]) if as_of >= facts.today else (),
        receivables=receivables,
        unapplied=(*books.unapplied(rows["unapplied"]), *negative),
        settlements=books.settlements(rows["settlements"], terms),
        paid_invoices=sum(paid for _, paid, *_ in known),
        first_invoice_on=min((days.day(first) for _, _, first, *_ in known), default=None),
        invoiced=books.invoiced(known, rows["credited"]),
        profile=profile,
        touches=journal.all_touches(rows["touches"], rows["noted"], _of_open(rows["delivered"], receivables)),
        done=journal.done(rows["done"], before=False),
        done_before=journal.done(rows["done"], before=True),
        wrote_on=journal.wrote_on(rows["noted"]),
        placement=next((Placement(segment=name, since=days.day(since)) for name, since in rows["segments"]), None),
        triggers_true=frozenset(row[2] for row in rows["triggers"] if row[0] == account_id and row[3]),
        trigger_counts={row[2]: row[4] for row in rows["triggers"] if row[0] == account_id},
        told=journal.told(rows["triggers"]),
        issues=(*issues, *books.odd_country(customer, country)),
        **{name: read(rows[name]) for name, read in _JOURNAL.items() if rows.get(name)},
        **{name: read(rows[name], as_of) for name, read in _JOURNAL_AS_OF.items() if rows[name]},
    )
    if as_of < facts.today:
        account = then.as_it_stood(account, events, rows["left"], as_of)
    return moved.in_their_cases(account, as_of)


def _of_open(delivered: Sequence[Row], receivables: Sequence[Receivable]) -> Sequence[Row]:
    """Those of invoices that are open on the day, which is what there was to speak of."""
    if not delivered:
        return delivered
    open_ids = {one.invoice_id for one in receivables}
    return [row for row in delivered if row[0] in open_ids]


def _country(profile: Profile, customer: Customer, facts: LedgerFacts) -> str | None:
    """None only where what the books say is not known: home would be a guess then."""
    country = profile.country or customer.country or facts.company.country
    return None if country == SOMEWHERE else country


def _zone(country: str | None, facts: LedgerFacts) -> str:
    """Customers at home keep the ledger's time; abroad, their country's where it has only one."""
    if country == facts.company.country:
        return facts.time_zone
    return places.time_zone(country) or facts.time_zone
