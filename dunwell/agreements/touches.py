"""Contacts that were made elsewhere: telephone calls and visits of ours, and what the program before had said."""

from collections.abc import Sequence
from datetime import date

from dunwell.agreements.refusing import Refused
from strategy import cases
from strategy.account import Account, Receivable
from strategy.model import Currency, Record
from strategy.rules import Schedule, Step, Strategy, Verb
from strategy.situation import situate
from strategy.text.mistakes import meant
from strategy.touches import BY_ITSELF, REPLY
from sync.bench import Bench
from sync.store import agreements, journal, outbox
from sync.store.journal import NO_STEP, Noted
from sync.writeback import planning


class Made(Record):
    """A contact as somebody tells of it. `rows` are the invoices that it was about, none where it was about no one."""

    on: date
    channel: str
    what: str
    rows: tuple[Receivable, ...] = ()


def note(bench: Bench, account: Account, made: Made, who: str) -> int:
    """Record a contact, and tell the books; its number. It keeps others away for the gap, and is no step.

    Raises `Refused`.
    """
    now = bench.moment(who)
    if not made.what.strip():
        raise Refused("a contact needs a word of what was said, for the next person who looks")
    over(made.on, now.on)
    noted = Noted(
        customer_id=account.customer.id,
        on=made.on,
        act=NO_STEP,
        case=None,
        currency=_currency(account, made.rows),
        channel=made.channel,
        what=made.what,
        invoices=tuple(row.invoice_id for row in made.rows),
    )
    with bench.store.transaction():
        number = journal.add_touch(bench.store, now, noted)
        if bench.settings.write_back.notes and made.channel != BY_ITSELF:  # the books know of their own
            about = planning.About(customer_id=noted.customer_id, currency=noted.currency, occasion=_occasion(number))
            by = "reply, noted by" if made.channel == REPLY else f"{made.channel} by"
            text = f"{made.on} {by} {now.who}: {' '.join(made.what.split())}"
            planning.plan_for_touch(bench, now, about, next(iter(noted.invoices), None), text)
    return number


def take_back(bench: Bench, number: int, who: str) -> bool:
    """It was noted by mistake; False where there is no such contact. The books hear it where they heard of it."""
    now = bench.moment(who)
    listed = next((one for one in agreements.noted(bench.store, bench.ledger.id) if one.id == number), None)
    if listed is None:
        return False
    with bench.store.transaction():
        customer_id = journal.end_touch(bench.store, now, number)
        if customer_id is None:
            return False
        text = f"{now.on} by {now.who}: the {listed.channel} of {listed.on} was noted by mistake."
        for row in outbox.on_occasion(bench.store, bench.ledger.id, customer_id, _occasion(number)):
            planning.take_back(bench, now, row, text)
    return True


def _occasion(number: int) -> str:
    """On which the books are told of a contact."""
    return f"touch-{number}"


def over(day: date, today: date) -> None:
    """Raises `Refused` where the day has not come."""
    if day > today:
        raise Refused(f"a contact on {day} is in the future: today is {today}")


def step_said(bench: Bench, account: Account, said: str) -> Step:
    """The step that a name, or the letter that it says, stands for: in the account's own schedule, else in another.

    Raises `Refused` where there is none.
    """
    today = bench.today()
    own = situate(account, bench.settings.strategy, bench.calendar(today), today).segment.schedule
    schedules = (own, *_others(bench.settings.strategy, own))
    steps = [step for one in schedules for step in one.steps if step.verb in {Verb.SAY, Verb.CALL}]
    found = [*(step for step in steps if step.name == said), *(step for step in steps if step.what == said)]
    if not found:
        known = {name for step in steps for name in (step.name, step.what)}
        raise Refused(f'no step of strategy {bench.settings.strategy.name} is called "{said}"; {meant(said, known)}')
    return found[0]


def said_before(account: Account, step: Step, made: Made, today: date) -> tuple[Noted, ...]:
    """What the program before had said, as steps of the account's cases; one for each currency.

    `made.rows` none: all that was overdue on that day. Raises `Refused` where nothing was. What is known already, is
    not told again.
    """
    over(made.on, today)
    rows = made.rows or tuple(row for row in account.receivables if row.due_on < made.on)
    if not rows:
        raise Refused(f"nothing that is open of {account.customer.name} was overdue on {made.on}")
    for row in rows:
        if row.issued_on > made.on:
            raise Refused(f"invoice {row.number} was issued on {row.issued_on}, after {made.on}")
    currencies = sorted({row.currency for row in rows})
    told = (_told(account, step, made, [row for row in rows if row.currency == one], today) for one in currencies)
    return tuple(one for one in told if not _is_known(account, one))


def _told(account: Account, step: Step, made: Made, rows: Sequence[Receivable], today: date) -> Noted:
    currency = rows[0].currency
    case = cases.open_case(cases.observe(account, today), currency)
    return Noted(
        customer_id=account.customer.id,
        on=made.on,
        act=step.name,
        case=case.number if case and any(row.due_on < made.on for row in rows) else None,
        currency=currency,
        channel=made.channel,
        what=made.what,
        invoices=tuple(row.invoice_id for row in sorted(rows, key=lambda one: (one.due_on, one.number))),
    )


def _is_known(account: Account, told: Noted) -> bool:
    return any(
        (one.noted, one.on, one.act, one.lead) == (True, told.on, told.act, told.invoices[0]) for one in account.touches
    )


def _currency(account: Account, rows: Sequence[Receivable]) -> Currency:
    first = next(iter((*rows, *account.receivables)), None)
    return first.currency if first else account.customer.currency or account.ledger.company.base_currency


def _others(strategy: Strategy, own: Schedule) -> Sequence[Schedule]:
    return [one for one in strategy.schedules if one.name != own.name]
