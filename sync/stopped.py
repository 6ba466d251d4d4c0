"""Who is on credit hold: the accounts for which a trigger that tells its end is true now."""

from datetime import date
from itertools import groupby

from strategy import conditions, explain, segments
from strategy.decision import reason
from strategy.facts import sums
from strategy.model import Currency, CustomerId, Record
from strategy.rules import Trigger
from strategy.situation import Situation, situate
from sync.accounts import loading
from sync.bench import Bench
from sync.store import journal

COLUMNS = "customer_id number customer trigger since why overdue".split()


class Stopped(Record):
    """An account on hold, by which trigger and why. `since` is the day it fired; `overdue_minor` by currency."""

    customer_id: CustomerId
    number: str | None
    customer: str
    trigger: str
    since: date
    why: str
    overdue_minor: tuple[tuple[Currency, int], ...]


def stopped(bench: Bench) -> tuple[Stopped, ...]:
    """All of a ledger, those on hold for the longest first: as last decided, with today's figures."""
    telling = {one.name: one for one in bench.settings.strategy.triggers if one.over}
    if not telling:
        return ()
    today = bench.today()
    facts, calendar = bench.facts(today), bench.calendar(today)
    found: list[Stopped] = []
    by_account = groupby(journal.true_triggers(bench.store, bench.ledger.id, telling), key=lambda one: one.customer_id)
    for customer_id, true in by_account:
        account = loading.load_one(bench.store, bench.ledger.id, facts, today, customer_id)
        if account is not None:
            here = situate(account, bench.settings.strategy, calendar, today)
            found += (_stopped(here, telling[one.trigger], one.since or today) for one in true)
    return tuple(sorted(found, key=lambda one: (one.since, one.customer.casefold(), one.trigger)))


def _stopped(here: Situation, trigger: Trigger, since: date) -> Stopped:
    customer = here.account.customer
    verdict = conditions.decide(trigger.when, here.facts)
    why = (reason("trigger", trigger=trigger.name, condition=trigger.when.text), *segments.because(verdict))
    overdue = sums.money(here.account, here.as_of)["overdue"]
    return Stopped(
        customer_id=customer.id,
        number=customer.number,
        customer=customer.name,
        trigger=trigger.name,
        since=since,
        why=" ".join(map(explain.sentence, why)),
        overdue_minor=tuple(sorted((currency, minor) for currency, minor in overdue.items() if minor)),
    )
