"""Who is on credit hold: the accounts for which a trigger that tells its end is true now."""

from datetime import date

from strategy import conditions, explain, segments
from strategy.decision import reason
from strategy.facts import sums
from strategy.model import Currency, CustomerId, Record
from strategy.situation import situate
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
    today = bench.today()
    found: list[Stopped] = []
    for standing in journal.true_triggers(bench.store, bench.ledger.id):
        trigger, account = telling.get(standing.trigger), bench.account(standing.customer_id, today)
        if trigger is None or account is None:
            continue
        here = situate(account, bench.settings.strategy, bench.calendar(today), today)
        verdict = conditions.decide(trigger.when, here.facts)
        why = (
            reason("trigger", trigger=trigger.name, condition=trigger.when.text),
            *segments.because(verdict),
        )
        overdue = sums.money(account, today)["overdue"]
        found.append(
            Stopped(
                customer_id=account.customer.id,
                number=account.customer.number,
                customer=account.customer.name,
                trigger=trigger.name,
                since=standing.since or today,
                why=" ".join(map(explain.sentence, why)),
                overdue_minor=tuple(sorted((currency, minor) for currency, minor in overdue.items() if minor)),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.since, one.customer.casefold(), one.trigger)))
