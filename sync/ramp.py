"""Who hears a first word today, and who on which later day: so many accounts a day, as the strategy's ramp says.

A decision is made for one account alone; this looks at all that were never spoken to, decides them as if there were no
ramp, and gives those that would be asked for something old their places, the oldest invoice first and among those of
one day the larger amount. Who has a place keeps it until the word has left, so that nobody overtakes who waits for a
person's approval.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from strategy.account import Account, LedgerFacts
from strategy.business_days import Calendar
from strategy.decision import Decision, TouchpointKind
from strategy.going_live import is_old
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.touches import Touch
from sync.accounts import loading
from sync.bench import Bench
from sync.store.database import Store


def first_words(bench: Bench, store: Store, facts: LedgerFacts, calendar: Calendar, as_of: date) -> Mapping[str, date]:
    """By account that has to wait, the day of its first word; nobody where the strategy has no ramp."""
    strategy = bench.settings.strategy
    most = strategy.start.ramp
    if most is None:
        return {}
    begun, queue = 0, []
    for account in loading.load_all(store, bench.ledger.id, facts, as_of):
        first = next((one for one in account.touches if one.asks), None)
        if first is not None:
            begun += first.on == as_of and _took_a_place(strategy, account, first)
        elif place := _place(strategy, account, plan_account(account, strategy, calendar, as_of)):
            queue.append((place, account.customer.id))
    queue.sort()
    left = max(0, most - begun)
    country = facts.company.country
    return {account_id: calendar.plus(country, as_of, 1 + n // most) for n, (_, account_id) in enumerate(queue[left:])}


def ready(bench: Bench, account: Account, as_of: date) -> Account:
    """One account as the whole ledger's decisions would have it: with its day of the ramp, where it waits for one."""
    if bench.settings.strategy.start.ramp is None or account.was_asked:
        return account
    return waiting(account, first_words(bench, bench.store, account.ledger, bench.calendar(as_of), as_of))


def every(bench: Bench, store: Store, as_of: date) -> Iterator[tuple[Account, Decision]]:
    """Every account with its decision, one at a time."""
    facts, calendar, strategy = bench.facts(as_of), bench.calendar(as_of), bench.settings.strategy
    waits = first_words(bench, store, facts, calendar, as_of)
    for one in loading.load_all(store, bench.ledger.id, facts, as_of):
        account = waiting(one, waits)
        yield account, plan_account(account, strategy, calendar, as_of)


def waiting(account: Account, waits: Mapping[str, date]) -> Account:
    """The account with the day of its first word, where it has to wait for one."""
    on = waits.get(account.customer.id)
    return account if on is None else msgspec.structs.replace(account, first_word_on=on)


def _took_a_place(strategy: Strategy, account: Account, first: Touch) -> bool:
    """Whether a first word was one for which there was a queue: a step of a case of ours, for something old."""
    if first.noted or first.case is None:
        return False
    due_on = {one.invoice_id: one.due_on for one in account.settlements}
    due_on |= {one.invoice_id: one.due_on for one in account.receivables}
    return any(is_old(strategy, due_on.get(one, date.min)) for one in first.invoices)


_Place = tuple[date, str, int]


def _place(strategy: Strategy, account: Account, decision: Decision) -> _Place | None:
    """Where it stands in the queue; None where today it would be asked for nothing old."""
    open_now = {one.invoice_id: one for one in account.receivables}
    reminders = [said.invoices for said in decision.touchpoints if said.kind is TouchpointKind.REMINDER]
    calls = [task.invoices for task in decision.tasks if task.case is not None]
    asked = [open_now[one.invoice_id] for invoices in (*reminders, *calls) for one in invoices]
    old = [one for one in asked if is_old(strategy, one.due_on)]
    if not old:
        return None
    first = min(old, key=lambda one: (one.due_on, one.currency, -one.open_minor))
    return first.due_on, first.currency, -first.open_minor
