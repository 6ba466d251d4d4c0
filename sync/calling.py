"""What somebody needs who makes a call: whom, under which number, when, and a script with today's figures."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from msgspec.structs import replace

from strategy import askable, situation, speaking
from strategy.account import Account
from strategy.askable import Askable
from strategy.business_days import DAY, window
from strategy.contacts import TASK
from strategy.decision import Asked, TaskAsked, Touchpoint, TouchpointKind, Window
from strategy.explain import sentence
from strategy.model import Record
from strategy.situation import Situation
from strategy.text.letters import SCRIPT
from sync import composing
from sync.bench import Bench
from sync.composing import NoLetter
from sync.letters.fields import fields
from sync.letters.render import BadLetter, Letter, render_letter


class Number(Record):
    """A telephone number and whose it is; `role` is empty where only the books know the person."""

    name: str
    role: str
    phone: str


class Brief(Record):
    """Everything for one call. `best`: the customer's next hours, in their `time_zone`; `ours` is the ledger's.

    `amount_minor` is what is left today of what was to be asked for; `script` None where there is none, and `trouble`
    says why.
    """

    numbers: tuple[Number, ...]
    best: Window
    time_zone: str
    ours: str
    amount_minor: int
    script: Letter | None
    trouble: str | None = None


def brief(bench: Bench, account: Account, asked: TaskAsked) -> Brief:
    """For the call that a task asks for, as of now."""
    today = bench.today()
    calendar = bench.calendar(today)
    here = situation.situate(account, bench.settings.strategy, calendar, today)
    numbers = numbers_of(account, here.segment.contact.to)
    left = askable.of_task(here, asked)
    rows = tuple(rows_of(account, asked, left))
    said = _as_touchpoint(here, asked, rows, numbers)
    letter, trouble = None, None
    try:
        said, name, source = _source(bench, said)
        letter = render_letter(source, name, fields(composing.letter_facts(bench, account, said, calendar, today)))
    except (NoLetter, BadLetter) as error:
        trouble = str(error)
    return Brief(
        numbers=numbers,
        best=_best(bench, here),
        time_zone=account.time_zone,
        ours=bench.time_zone(),
        amount_minor=sum(one.asked_minor for one in rows),
        script=letter if rows else None,
        trouble=trouble if rows else in_the_way(left) or f"Nothing of it is open any more on {today}.",
    )


def _source(bench: Bench, said: Touchpoint) -> tuple[Touchpoint, str, str]:
    """The script; where a letter is read out because nobody can be written to, the letter."""
    try:
        return composing.source_of(bench, said)
    except NoLetter:
        return composing.source_of(bench, replace(said, letter=said.letter.removeprefix(SCRIPT)))


def rows_of(account: Account, asked: TaskAsked, left: Askable) -> Iterator[Asked]:
    """The invoices of the task of which something may still be asked for, and no more of each than that."""
    open_now = {one.invoice_id: one for one in account.receivables}
    for one in asked.invoices:
        if one.invoice_id in left.amounts:
            found = open_now[one.invoice_id]
            yield Asked(
                invoice_id=one.invoice_id,
                customer_id=one.customer_id,
                number=found.number,
                reference=found.reference,
                issued_on=found.issued_on,
                due_on=found.due_on,
                days_overdue=max(0, (account.ledger.today - found.due_on).days),
                total_minor=found.total_minor,
                paid_minor=found.paid_minor,
                credited_minor=found.credited_minor,
                open_minor=found.open_minor,
                asked_minor=left.amounts[one.invoice_id],
            )


def in_the_way(left: Askable) -> str:
    """Why not everything of a task that is open may be asked for; "" where nothing stops it."""
    return " ".join(dict.fromkeys(map(sentence, left.why)))


def numbers_of(account: Account, wanted: Sequence[str] = ()) -> tuple[Number, ...]:
    """Those of the wanted roles in their order, then of all others and of the customer; each number once."""
    roles = sorted(account.profile.roles, key=lambda one: wanted.index(one.role) if one.role in wanted else len(wanted))
    found = [Number(name=one.name, role=one.role, phone=one.phone) for one in roles if one.phone]
    found += [Number(name=one.name, role="", phone=one.phone) for one in account.customer.people if one.phone]
    if account.customer.phone:
        found.append(Number(name=account.customer.name, role="", phone=account.customer.phone))
    first = {one.phone: one for one in reversed(found)}
    return tuple(one for one in found if first[one.phone] is one)


def _best(bench: Bench, here: Situation) -> Window:
    """The customer's own hours, today while they last, else of the next day on which a contact may fall."""
    contact, calendar, account = here.segment.contact, here.days.calendar, here.account
    day = bench.today() - timedelta(days=1)  # abroad it may still be yesterday
    while True:
        day = calendar.contact_day_from(contact, account.place, day)
        hours = window(contact, account.time_zone, day)
        if hours.closes > bench.clock.now():
            return hours
        day += DAY


def _as_touchpoint(
    here: Situation, asked: TaskAsked, rows: tuple[Asked, ...], numbers: tuple[Number, ...]
) -> Touchpoint:
    """The call as a contact, as letters know them; its script is `call-<name>`."""
    account = here.account
    return Touchpoint(
        ledger=asked.ledger,
        kind=TouchpointKind.REMINDER,
        customer_id=asked.customer_id,
        customer_name=asked.customer_name,
        currency=asked.currency,
        act=asked.act,
        occasion=asked.occasion,
        attempt=1,
        case=asked.case,
        segment=here.segment.name,
        stage=here.stage,
        step=asked.act,
        channel=TASK,
        to=(),
        addressee=next((one.name for one in numbers), ""),
        role="",
        letter=f"{SCRIPT}{asked.what}",
        language=speaking.language(here),
        attach=(),
        approval=False,
        amount_minor=sum(one.asked_minor for one in rows),
        invoices=rows,
        window=window(here.segment.contact, account.time_zone, here.days.theirs(here.as_of)),
        why=asked.why,
    )
