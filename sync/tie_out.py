"""The proof that the mirror is the books: our open items beside the platform's own balances, account by account.

Ours is what is open less what is unapplied. Theirs is read now: the customers' balances, or the platform's aged
report of one account where balances cannot be compared (several currencies). Xero leaves prepayments out of its
figure, and nobody says for certain whether overpayments too, so an account is tied if it is equal with or without
them; where it is not, prepayments are taken off theirs as well, so that both say what is left to pay. Only one kind of
difference stops anything: the platform saying that less is owed than we would ask for; and a ledger in which too many
accounts differ is not to be trusted at all.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from connectors.base import Connector
from connectors.errors import BadAnswer, Rejected
from strategy.account import TieOut, TieOutState
from strategy.model import Currency, CustomerId, Record
from sync.store import ledgers
from sync.store.database import Row, Store, Value, from_instant, instant
from sync.store.journal import Moment, note
from sync.store.ledgers import Ledger
from sync.store.statements import load

SQL = load("tie_out")

log = logging.getLogger("dunwell.tie_out")

MOST_APART = 0.05
"""A ledger is out of balance where more than one account and more than this share of them differ."""

REPORT_AGE = timedelta(days=7)
"""An account whose report was read within this, and whose open items have not moved, is not read again."""

DEARER = 25
"""So many more calls it takes to read a balance by its customer's id than in a page of all."""

MOST_SUSPECTS = 5

NOT_FOLLOWED = "a change that was not read yet, or what is no invoice, payment or credit, such as a journal entry"
"""The suspect where no record has exactly the amount of a difference (domain.md, 1.1)."""


class Difference(Record):
    """An account whose figures differ, or could not be read (`theirs_minor` None).

    `accepted` is a person's reason to live with it.
    """

    customer_id: CustomerId
    customer: str
    currency: Currency
    state: TieOutState
    ours_minor: int
    theirs_minor: int | None
    suspects: tuple[str, ...]
    accepted: str | None


class Summary(Record):
    """How many accounts were compared, how many differ unaccepted, and when. None: never compared."""

    compared: int
    apart: int
    checked_at: datetime | None

    @property
    def out_of_balance(self) -> bool:
        """Whether too many differ."""
        return self.apart > max(1, MOST_APART * self.compared)


def tie_out(
    store: Store, ledger: Ledger, connector: Connector, now: Moment, customers: Collection[str] | None = None
) -> Summary:
    """Compare every account that has something open, here or there, and keep the result.

    `customers`: only those whose open items may have moved since the last time, and accounts that were not tied then.
    """
    accounts = None if customers is None else _few(store, ledger, customers)
    compared = list(_Comparison(store, ledger, connector, now, accounts).run())
    with store.transaction():
        if accounts is None:
            store.run_by_name(SQL["forget"], {"ledger": ledger.id})
        for account_id in accounts or ():
            store.run_by_name(SQL["forget_of"], {"ledger": ledger.id, "account": account_id})
        store.many(SQL["save"], (_row(ledger, *one) for one in compared))
        ledgers.set_compared(store, ledger.id, now.at, everything=accounts is None)
    return summary(store, ledger.id)


def _few(store: Store, ledger: Ledger, customers: Collection[str]) -> frozenset[str] | None:
    """The accounts to compare; None for all of them, where that takes no more calls."""
    (held,) = next(store.rows_by_name(SQL["customers"], {"ledger": ledger.id}))
    accounts = {account_id for (account_id,) in store.rows_by_name(SQL["not_tied"], {"ledger": ledger.id})}
    for customer in customers:
        found = store.rows_by_name(SQL["account_of"], {"ledger": ledger.id, "customer": customer})
        accounts.update(account_id for (account_id,) in found)
    return frozenset(accounts) if len(accounts) * DEARER <= held else None


def _row(ledger: Ledger, account_id: str, one: TieOut, checked_at: datetime) -> Row:
    suspects = msgspec.json.encode(one.suspects).decode()
    figures = (one.currency, one.state, one.ours_minor, one.theirs_minor)
    return (ledger.id, account_id, *figures, suspects, instant(checked_at))


def differences(store: Store, ledger_id: int) -> Iterator[Difference]:
    """Everything that is not tied, by customer."""
    for row in store.rows_by_name(SQL["differences"], {"ledger": ledger_id}):
        customer_id, customer, currency, state, ours, theirs, suspects, difference, reason, who = row
        accepted = f"{reason} ({who})" if theirs is not None and difference == ours - theirs else None
        yield Difference(
            customer_id=customer_id,
            customer=customer,
            currency=currency,
            state=TieOutState(state),
            ours_minor=ours,
            theirs_minor=theirs,
            suspects=tuple(msgspec.json.decode(suspects)),
            accepted=accepted,
        )


def summary(store: Store, ledger_id: int) -> Summary:
    """The last comparison."""
    compared, apart, checked_at = next(store.rows_by_name(SQL["summary"], {"ledger": ledger_id}))
    return Summary(compared=compared, apart=apart or 0, checked_at=from_instant(checked_at) if checked_at else None)


def accept(store: Store, now: Moment, difference: Difference, reason: str) -> None:
    """A person knows the difference and accepts it until it changes."""
    apart = difference.ours_minor - (difference.theirs_minor or 0)
    with store.transaction():
        store.run(
            SQL["accept"],
            now.ledger_id,
            difference.customer_id,
            difference.currency,
            apart,
            reason,
            now.who,
            instant(now.at),
        )
        facts = {"currency": difference.currency, "difference_minor": apart, "reason": reason}
        note(store, now, "difference accepted", facts, difference.customer_id)


class _Owed(Record):
    """What we say is owed in one currency, and what was taken off it as prepayments and as overpayments."""

    net_minor: int
    prepaid_minor: int
    overpaid_minor: int

    def plus(self, net_minor: int, prepaid_minor: int, overpaid_minor: int) -> "_Owed":
        """With what another customer of the account owes in this currency."""
        return _Owed(
            net_minor=self.net_minor + net_minor,
            prepaid_minor=self.prepaid_minor + prepaid_minor,
            overpaid_minor=self.overpaid_minor + overpaid_minor,
        )

    def ties(self, theirs_minor: int) -> bool:
        """Whether the platform says the same, whichever of the two it leaves out."""
        without = self.net_minor + self.prepaid_minor
        return theirs_minor in {self.net_minor, without, without + self.overpaid_minor}


_NOTHING = _Owed(net_minor=0, prepaid_minor=0, overpaid_minor=0)

_Ours = dict[Currency, _Owed]
"""By currency."""

_Compared = tuple[str, TieOut, datetime]
"""Account, result, and when the platform's figure was read."""


class _Comparison:
    """One tie-out of one ledger, of these accounts or (None) of all."""

    def __init__(
        self, store: Store, ledger: Ledger, connector: Connector, now: Moment, accounts: Collection[str] | None
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._connector = connector
        self._now = now
        self._accounts = accounts
        self._before = self._last_time()

    def run(self) -> Iterator[_Compared]:
        ours = self._ours()
        theirs = self._theirs()
        for account_id in sorted(ours.keys() | theirs.keys()):
            yield from self._account(account_id, ours.get(account_id, {}), theirs.get(account_id, {}))

    def _ours(self) -> dict[str, _Ours]:
        ours: dict[str, _Ours] = defaultdict(dict)
        for account_id, currency, *minor in self._owed():
            ours[account_id][currency] = ours[account_id].get(currency, _NOTHING).plus(*minor)
        return ours

    def _owed(self) -> Iterator[Row]:
        """Account, currency, and the three amounts of `_Owed`."""
        if self._accounts is None:
            yield from self._rows("ours")
        for account_id in self._accounts or ():
            for customer_id, _ in self._rows("customers_of", account=account_id):
                for row in self._rows("ours_of", customer=customer_id):
                    yield account_id, *row

    def _theirs(self) -> dict[str, dict[Currency, int]]:
        """By account and currency: the balances of a parent and of the customers billed to it belong together."""
        accounts = dict(self._billed())
        theirs: dict[str, dict[Currency, int]] = defaultdict(lambda: defaultdict(int))
        if accounts:
            for balance in self._connector.balances(None if self._accounts is None else tuple(accounts)):
                if account_id := accounts.get(balance.customer_id):
                    theirs[account_id][balance.currency] += balance.owed_minor
        return theirs

    def _billed(self) -> Iterator[tuple[CustomerId, str]]:
        """Customers that the platform can have balances of, with their accounts."""
        if self._accounts is None:
            yield from ((customer_id, account_id) for account_id, customer_id in self._rows("billing"))
        for account_id in self._accounts or ():
            yield from ((one, account_id) for one, gone in self._rows("customers_of", account=account_id) if not gone)

    def _account(self, account_id: str, ours: _Ours, theirs: dict[Currency, int]) -> Iterator[_Compared]:
        if ours.keys() <= theirs.keys():
            yield from self._compare(account_id, ours, theirs)
        elif not self._fell_silent(ours, theirs) and (unchanged := self._unchanged(account_id, ours)):
            yield from unchanged
        else:
            yield from self._compare(account_id, ours, self._reported(account_id, ours))

    def _fell_silent(self, ours: _Ours, theirs: Mapping[Currency, int]) -> bool:
        """Whether the platform tells no balance where it could: in the company's own currency. Nothing may be owed."""
        company = ledgers.company(self._store, self._ledger.id)
        base = company.base_currency if company else None
        return base in ours and base not in theirs and ours[base].net_minor != 0

    def _reported(self, account_id: str, ours: _Ours) -> Mapping[Currency, int]:
        """The platform's report of the account; nothing where there is none, or none that can be read.

        Of a currency that we have and the report has not, nothing is owed. That is only believed where the report says
        of all others what we say, or where nothing but prepayments is there: else it may be a report that names its
        currencies in no way we know.
        """
        try:
            told = self._connector.open_by_report(CustomerId(account_id), self._last_day(account_id))
        except (BadAnswer, Rejected) as error:
            log.warning("%s has no figure of account %s to compare with: %s", self._ledger.name, account_id, error)
            return {}
        if told is None:
            return {}
        known = all(ours.get(currency, _NOTHING).ties(owed) for currency, owed in told.items())
        return dict.fromkeys((one for one, owed in ours.items() if known or owed.ties(0)), 0) | dict(told)

    def _last_day(self, account_id: str) -> date:
        """Today, or the last day of any of the account's documents: what is open by now already counts those dated
        after today, and a report counts only up to its day.
        """
        values: dict[str, Value] = {"ledger": self._ledger.id, "account": account_id}
        (last,) = next(self._store.rows_by_name(SQL["last_day"], values))
        return max(self._now.on, date.fromisoformat(last)) if last else self._now.on

    def _compare(self, account_id: str, ours: _Ours, theirs: Mapping[Currency, int]) -> Iterator[_Compared]:
        for currency in sorted(ours.keys() | {one for one, owed in theirs.items() if owed}):
            one = _result(currency, ours.get(currency, _NOTHING), theirs.get(currency))
            if one.state in {TieOutState.LESS, TieOutState.MORE}:
                one = msgspec.structs.replace(one, suspects=self._suspects(account_id, one))
            yield account_id, one, self._now.at

    def _unchanged(self, account_id: str, ours: _Ours) -> list[_Compared]:
        """What was tied lately, in all currencies, and has not moved on our side: one report is a call of its own."""
        before = self._before.get(account_id, [])
        good = all(one.state is TieOutState.TIED and self._now.at - at < REPORT_AGE for _, one, at in before)
        then = {one.currency: one.ours_minor for _, one, _ in before}
        return before if good and then == {currency: owed.net_minor for currency, owed in ours.items()} else []

    def _last_time(self) -> dict[str, list[_Compared]]:
        before: dict[str, list[_Compared]] = defaultdict(list)
        for account_id, currency, state, ours, theirs, checked_at in self._kept():
            one = TieOut(currency=currency, state=TieOutState(state), ours_minor=ours, theirs_minor=theirs)
            before[account_id].append((account_id, one, from_instant(checked_at)))
        return before

    def _kept(self) -> Iterator[Row]:
        if self._accounts is None:
            yield from self._rows("last_time")
        for account_id in self._accounts or ():
            yield from self._rows("last_time_of", account=account_id)

    def _suspects(self, account_id: str, one: TieOut) -> tuple[str, ...]:
        """Records the difference may come from; those of exactly its amount first. Where there is none, it may be
        something that we do not follow.
        """
        difference = abs(one.ours_minor - (one.theirs_minor or 0))
        values: dict[str, Value] = {
            "ledger": self._ledger.id,
            "account": account_id,
            "currency": one.currency,
            "difference": difference,
        }
        found = list(self._store.rows_by_name(SQL["suspects"], values))
        found.sort(key=lambda row: row[1] != difference)
        named = [text for text, _ in found[:MOST_SUSPECTS]]
        return tuple(named if any(amount == difference for _, amount in found) else [*named, NOT_FOLLOWED])

    def _rows(self, statement: str, **values: Value) -> Iterator[Row]:
        return self._store.rows_by_name(SQL[statement], {"ledger": self._ledger.id, **values})


def _result(currency: Currency, ours: _Owed, theirs_minor: int | None) -> TieOut:
    if theirs_minor is None:
        state = TieOutState.UNREAD
    elif ours.ties(theirs_minor):
        state = TieOutState.TIED
    else:
        theirs_minor -= ours.prepaid_minor
        state = TieOutState.LESS if theirs_minor < ours.net_minor else TieOutState.MORE
    return TieOut(currency=currency, state=state, ours_minor=ours.net_minor, theirs_minor=theirs_minor)
