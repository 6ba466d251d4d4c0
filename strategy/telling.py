"""One invoice on one day, told whole: the only place that puts these sentences together, whoever shows them.

What is open; what left on that day; the segment and why; the step due and why; every hold that bites, and until when;
what our own people hear; what would change each of these; and what happens next, if nothing changes.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from strategy.account import Account, Receivable
from strategy.changes import change, whose
from strategy.decision import Decision, Held, Reason, TaskAsked, Touchpoint, TouchpointKind
from strategy.explain import amount, sentence
from strategy.forward import HORIZON
from strategy.model import InvoiceId, Record


class Waiting(Record):
    """A message that is in the outbox. `row`: its eight characters; `held`: why it cannot leave, "" where it can."""

    row: str
    approved: bool
    held: str = ""


class View(Record):
    """What is told from. `today` is the ledger's own. `following`: the next decisions by which something happens with
    the invoice, none where nothing will. `asked_on`: the first day on which something asks for it, as far as that comes
    before what holds it may end. `waiting`: messages of the day that are in the outbox, by key.
    """

    account: Account
    decision: Decision
    today: date
    following: tuple[Decision, ...] = ()
    asked_on: date | None = None
    waiting: Mapping[str, Waiting] = {}


class Told(Record):
    """The sentences, by what they are about, in the order in which they are read."""

    invoice: str
    beside: tuple[str, ...]
    segment: tuple[str, ...]
    step: tuple[str, ...]
    held: tuple[str, ...]
    people: tuple[str, ...]
    change: tuple[str, ...]
    next: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """All of them; what was said once is not said again."""
        parts = (self.beside, self.segment, self.step, self.held, self.people, self.change, self.next)
        return tuple(dict.fromkeys((self.invoice, *(line for part in parts for line in part))))


def tell(view: View, row: Receivable, beside: tuple[str, ...] = ()) -> Told:
    """Everything of one invoice that is open on the day. `beside`: what else is to be known of that day."""
    decision, this = view.decision, row.invoice_id
    return Told(
        invoice=_open(decision, row),
        beside=beside,
        segment=tuple(map(sentence, decision.placed.why)),
        step=tuple(_steps(view, this)),
        held=tuple(_holds(view, this)),
        people=tuple(_people(decision, this)),
        change=tuple(dict.fromkeys(_changes(view, this))),
        next=tuple(_next(view, row)),
    )


def speaking(decision: Decision, invoice_id: InvoiceId) -> Iterator[tuple[Touchpoint, int]]:
    """The contacts with the customer that name an invoice, with what they ask of it: 0 where they only mention it."""
    for touchpoint in decision.touchpoints:
        for asked in (*touchpoint.invoices, *touchpoint.coming):
            if asked.invoice_id == invoice_id and touchpoint.kind is not TouchpointKind.NOTICE:
                yield touchpoint, asked.asked_minor


def asking(decision: Decision, invoice_id: InvoiceId) -> Iterator[tuple[Touchpoint, int]]:
    """The touchpoints that ask for an invoice, with what they ask, in minor units."""
    return (pair for pair in speaking(decision, invoice_id) if pair[1])


def holding(decision: Decision, invoice_id: InvoiceId) -> Iterator[Held]:
    """The parts of an invoice that are held."""
    return (held for held in decision.held if held.invoice_id == invoice_id)


def _open(decision: Decision, row: Receivable) -> str:
    days = (decision.as_of - row.due_on).days
    age = "not due yet" if days <= 0 else "1 day overdue" if days == 1 else f"{days} days overdue"
    owed = amount(row.open_minor, row.currency)
    return f"Invoice {row.number} of {decision.customer_name}: {owed} open, due on {row.due_on}, {age}."


def _steps(view: View, this: InvoiceId) -> Iterator[str]:
    zone = ZoneInfo(view.account.ledger.time_zone)
    for said, minor in speaking(view.decision, this):
        opens = said.window.opens.astimezone(zone)
        what = f"Asked for {amount(minor, said.currency)}" if minor else "Mentioned, and not asked for,"
        to = ", ".join(said.to)
        yield f'{what} by {said.channel} to {to}, step "{said.step}", not before {opens:%Y-%m-%d %H:%M %Z}.'
        yield from map(sentence, said.why)


def _holds(view: View, this: InvoiceId) -> Iterator[str]:
    """Until when is told unless something asks for it before: a nudge, or what announces an instalment."""
    first = view.asked_on or date.max
    for held in holding(view.decision, this):
        until = f", at least until {held.until}" if held.until and held.until <= first else ""
        yield f"Held: {amount(held.amount_minor, held.currency)}{until}."
        yield from map(sentence, held.reasons)


def _people(decision: Decision, this: InvoiceId) -> Iterator[str]:
    for said in noticing(decision, this):
        yield f"Told to {said.role}: {' '.join(map(sentence, said.why))}"
    for task in working(decision, this):
        yield f"Work for {task.who} ({task.kind.replace('_', ' ')}): {' '.join(map(sentence, task.why))}"


def noticing(decision: Decision, this: InvoiceId) -> Iterator[Touchpoint]:
    """What our own people, or an agency, are told of an invoice."""
    for said in decision.touchpoints:
        if said.kind is TouchpointKind.NOTICE and any(one.invoice_id == this for one in said.invoices):
            yield said


def working(decision: Decision, this: InvoiceId) -> Iterator[TaskAsked]:
    """The work that is given to people because of an invoice."""
    return (task for task in decision.tasks if any(one.invoice_id == this for one in task.invoices))


def _changes(view: View, this: InvoiceId) -> Iterator[str]:
    """Nothing changes a day gone by, and what changes a day to come is typed today."""
    for why, row in _reasons(view, this) if view.decision.as_of >= view.today else ():
        text = change(why, whose(view.account, view.today, row))
        if text is not None:
            yield text


def _reasons(view: View, this: InvoiceId) -> Iterator[tuple[Reason, str | None]]:
    """Why it is asked for, each with its row of the outbox, and why not."""
    for said, _ in speaking(view.decision, this):
        waits = view.waiting.get(said.key)
        yield from ((why, waits.row if waits else None) for why in said.why)
    yield from ((why, None) for held in holding(view.decision, this) for why in held.reasons)


def _next(view: View, row: Receivable) -> Iterator[str]:
    """What happens next: today, where something is decided, else on the next days on which something is."""
    day = view.decision.as_of
    said = [said for said, _ in speaking(view.decision, row.invoice_id)]
    if said and day == view.today:
        yield from dict.fromkeys(_leaves(view, one) for one in said)
    elif not said and not view.following:
        yield _nothing_soon(view.decision, row.invoice_id)
    elif not said:
        then = "; ".join(f"on {one.as_of} {_happens(one, row)}" for one in view.following)
        before = "Next, as it looked then" if day < view.today else "Next, if nothing is paid, said or changed before"
        yield f"{before}: {then}."


def next_on(decision: Decision, following: tuple[Decision, ...], this: InvoiceId) -> date | None:
    """The day on which something happens with an invoice next: the decision's own where it is asked for; or, where that
    is too far ahead to be told, the first on which what holds it may end. None where nothing happens by itself.
    """
    if any(asking(decision, this)):
        return decision.as_of
    return following[0].as_of if following else _far_ahead(decision, this)


def _far_ahead(decision: Decision, this: InvoiceId) -> date | None:
    days = (held.until for held in holding(decision, this) if held.until)
    return min((day for day in days if day - decision.as_of > HORIZON), default=None)


def _nothing_soon(decision: Decision, this: InvoiceId) -> str:
    until = _far_ahead(decision, this)
    if until is None:
        return "Nothing more happens by itself: what holds it has to be settled first."
    return f"Nothing happens by itself within {HORIZON.days} days; it is looked at again on {until}."


def _leaves(view: View, said: Touchpoint) -> str:
    """What a message of today still waits for."""
    ledger, waits = view.account.ledger.name, view.waiting.get(said.key)
    if waits is None and not said.approval:
        return f"Next: today, with: dunwell run {ledger} --send"
    if waits is None:
        return f"Next: today, once it is approved: dunwell outbox {ledger}"
    if waits.held:
        return f"Next: today, but {waits.row} cannot be written as it is: {waits.held}"
    if waits.approved:
        return f"Next: today; it is approved and leaves with: dunwell run {ledger} --send"
    return f"Next: today, once it is approved: dunwell approve {ledger} {waits.row}"


def _happens(decision: Decision, row: Receivable) -> str:
    """What comes of the invoice by a decision, in a few words."""
    return " and ".join(dict.fromkeys(_events(decision, row))).removesuffix(".")


def _events(decision: Decision, row: Receivable) -> Iterator[str]:
    this = row.invoice_id
    for said, minor in speaking(decision, this):
        if said.kind is TouchpointKind.STATEMENT:
            yield f"the statement lists it, by {said.channel}"
        else:
            asks = f"asks for {amount(minor, said.currency)}" if minor else "mentions it"
            yield f'step "{said.step}" {asks} by {said.channel}'
    for said in noticing(decision, this):
        yield f'{said.role} is told ("{said.step}")'
    for task in working(decision, this):
        yield f"{task.who} gets work ({task.kind.replace('_', ' ')})"
    if not any(speaking(decision, this)):
        for held in holding(decision, this):
            yield f"{amount(held.amount_minor, held.currency)} is held: {sentence(held.reasons[0])}"
