"""Everything at hand for working on one ledger: its store, settings, connector, channels and clock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from connectors.base import Channel, Clock, Connector
from strategy.account import Account, LedgerFacts
from strategy.aging import Aging, Owing, Scale, age, report
from strategy.business_days import Calendar
from strategy.model import Company, Currency, Switch
from strategy.movements import Movement, in_advance, movements
from strategy.statement import Period
from sync import places, tie_out
from sync.accounts import history, loading
from sync.lately import within
from sync.settings import LedgerSettings
from sync.store import ledgers
from sync.store.database import Store
from sync.store.journal import DUNWELL, Moment
from sync.store.ledgers import Ledger


class NeverPulled(Exception):
    """The ledger has never been read."""


@dataclass(frozen=True)
class Bench:
    """One ledger at hand. `channels` by name; `connect` makes what speaks to its platform."""

    store: Store
    ledger: Ledger
    settings: LedgerSettings
    connect: Callable[[], Connector]
    channels: Mapping[str, Channel]
    clock: Clock

    @cached_property
    def connector(self) -> Connector:
        """What speaks to the platform, made when it is first asked for: it costs an SDK, certificates and the key of
        the tokens, and most work needs none of them.
        """
        return self.connect()

    def company(self) -> Company:
        """The company as last read. Raises `NeverPulled`."""
        company = ledgers.company(self.store, self.ledger.id)
        if company is None:
            raise NeverPulled(
                f"ledger {self.ledger.name} has never been read; read it: dunwell sync {self.ledger.name}"
            )
        return company

    def time_zone(self) -> str:
        """The ledger's own time: as configured, as the platform says, or UTC."""
        company = ledgers.company(self.store, self.ledger.id)
        return self.settings.time_zone or (company.time_zone if company else None) or "UTC"

    def today(self) -> date:
        """The ledger's own day."""
        return self._local(self.clock.now())

    def moment(self, who: str = DUNWELL, at: datetime | None = None) -> Moment:
        """Here, by somebody, now or at another instant."""
        at = at or self.clock.now()
        return Moment(ledger_id=self.ledger.id, at=at, on=self._local(at), who=who)

    def facts(self, as_of: date) -> LedgerFacts:
        """What decisions need to know of the ledger. On a day gone by its books were as they had been read by then, and
        the platform's balances of today say nothing of it.
        """
        company, settings = self.company(), self.settings
        matched = ledgers.matched(self.store, self.ledger.id, as_of)
        pulled_at = ledgers.last_complete(self.store, self.ledger.id, self._end(as_of))
        differs = as_of >= self.today() and tie_out.summary(self.store, self.ledger.id).out_of_balance
        return LedgerFacts(
            name=self.ledger.name,
            platform=self.ledger.platform,
            company=company,
            time_zone=self.time_zone(),
            today=self.today(),
            pulled_on=self._local(pulled_at) if pulled_at else None,
            reconciled_on=matched.through if matched else None,
            reminders=_reminders(company, settings),
            approve_all=settings.approve_all,
            invoices_leave_here=settings.invoices_leave_here,
            channels=tuple(self.channels),
            people=settings.people,
            agencies={name: hands.agency for name, hands in settings.agencies.items()},
            out_of_balance=differs,
        )

    def calendar(self, as_of: date) -> Calendar:
        """Public holidays wherever the ledger has customers."""
        return places.calendar(loading.holiday_places(self.store, self.ledger.id), as_of)

    def account(self, account_id: str, as_of: date) -> Account | None:
        """One account as of a day."""
        return loading.load_one(self.store, self.ledger.id, self.facts(as_of), as_of, account_id)

    def accounts(self, as_of: date) -> Iterator[Account]:
        """Every account as of a day, whatever is open."""
        return loading.load_every(self.store, self.ledger.id, self.facts(as_of), as_of)

    def aging(self, as_of: date) -> Aging:
        """The aged report of a day, by the company's own way of counting age; customers by name."""
        owing = (
            Owing(
                customer_id=account.customer.id,
                name=account.customer.name,
                receivables=account.receivables,
                unapplied=account.unapplied,
            )
            for account in self.accounts(as_of)
        )
        by_name = sorted(owing, key=lambda one: (one.name.casefold(), one.customer_id))
        return report(by_name, as_of, Scale(basis=self.company().aging_basis))

    def period(self, account_id: str, currency: Currency, first: date, last: date) -> Period:
        """What happened to an account from `first` to `last`, both included, and what it owed on the day before."""
        before = first - timedelta(days=1)
        then = self.account(account_id, before)
        opening = age(currency, then.receivables, then.unapplied, before, Scale()).total_minor if then else 0
        transfers = history.transfers(self.store, self.ledger.id, account_id)
        ahead: tuple[Movement, ...] = ()
        if last >= self.today():
            later = in_advance(*self._documents(account_id, last + timedelta(days=1), date.max))
            ahead = (*later, *(one for one in transfers if one.on > last))
        moved = movements(*self._documents(account_id, first, last))
        return Period(first=first, opening_minor=opening, movements=(*moved, *transfers), ahead=ahead)

    def _documents(self, account_id: str, first: date, last: date) -> history.Documents:
        return history.documents(self.store, self.ledger.id, account_id, first, last)

    def pulled_within(self, age: timedelta) -> bool:
        """Whether the books were read that lately."""
        pulled_at = ledgers.last_complete(self.store, self.ledger.id)
        return within(age, self.clock.now(), pulled_at)

    def _end(self, day: date) -> datetime:
        """The instant at which a day of the ledger's ends."""
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.time_zone())).astimezone(UTC)

    def _local(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.time_zone())).date()


def _reminders(company: Company, settings: LedgerSettings) -> Switch:
    """What the platform says; where it does not, what a person has confirmed."""
    if company.reminders is Switch.UNKNOWN and settings.reminders_off_on is not None:
        return Switch.OFF
    return company.reminders
