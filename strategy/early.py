"""What is said before anything is overdue: nudges ahead of a due date, and asking whether an invoice arrived.

Anything overdue that may be asked for takes their place: the reminder mentions what is coming.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from strategy import contacts, instalments, schedule, speaking
from strategy.account import Receivable
from strategy.decision import Held, Reason, Touchpoint, TouchpointKind, reason
from strategy.holds import Coverage, Share, not_due, use_credit
from strategy.model import Currency, InvoiceId, Record
from strategy.rules import Step
from strategy.schedule import Days
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.touches import Skipped, Touch

_T = TypeVar("_T")
_Nth = tuple[int, _T]

LATE = timedelta(days=10)
"""Asking whether an invoice arrived makes sense for so long after its day."""


class Early(Record):
    """What came of one currency's coming invoices."""

    touchpoint: Touchpoint | None = None
    held: tuple[Held, ...] = ()


def speak_early(situation: Situation, coverage: Coverage, *, folded: bool) -> Early:
    """A nudge or a receipt if one is due and may be said, and everything else of what is coming held as not due.

    `folded`: something overdue is asked for, so nothing is said early.
    """
    silent = Early(held=tuple(not_due(share) for share in coverage.coming))
    if folded or not coverage.coming or not situation.days.may_contact(situation.as_of):
        return silent
    free = contacts.freedom(situation.account, situation.segment.contact, situation.as_of, coverage.currency)
    if free.since > situation.as_of:
        return silent
    for steps in (situation.segment.schedule.nudges, situation.segment.schedule.receipts):
        found = _first_due(situation, steps, coverage.coming)
        said = say(situation, coverage, *found) if found else None
        if isinstance(said, Early):
            return said
    return silent


def next_day(situation: Situation, coverage: Coverage) -> date | None:
    """The next day after this on which something coming will be spoken of, early or by its first reminder."""
    return min((day for day in _days(situation, coverage.coming) if day > situation.as_of), default=None)


def _days(situation: Situation, coming: Sequence[Share]) -> Iterator[date]:
    days, steps = situation.days, situation.segment.schedule
    for step in (*steps.nudges, *steps.receipts):
        heard = _heard(situation, step)
        for turn in range(1, step.at.times + 1):
            yield from (_day(step, share.receivable, days, turn) for share in coming if not _said(heard, share, turn))
    for share in coming:
        first = schedule.begins_on(steps, share.receivable, days)
        if first is not None:
            yield first


def say(situation: Situation, coverage: Coverage, step: Step, shares: Sequence[Share]) -> Early | Reason:
    """What is said by a step that is due of these, or why it is not: too little is asked for, or nobody is reached."""
    return (_receipt if step.is_receipt else _nudge)(situation, coverage, step, shares)


def _nudge(situation: Situation, coverage: Coverage, step: Step, shares: Sequence[Share]) -> Early | Reason:
    askable, covered, _ = use_credit(shares, coverage.unapplied, instalments.credit_left(situation, coverage))
    minimum = situation.strategy.holds.minimum.get(coverage.currency, 0)
    if sum(share.amount_minor for share in askable) <= minimum:
        return reason("below_minimum", minimum=minimum, currency=coverage.currency)
    lead = askable[0].receivable
    on = _on(lead.due_on.isoformat(), _turn(situation, step, shares[0].receivable))
    occasion = Occasion(act=step.name, on=on, currency=coverage.currency)
    content = Content(why=_why(situation, step, lead), shares=tuple(askable), unapplied=coverage.unapplied)
    said = _say(situation, TouchpointKind.NUDGE, occasion, step, content)
    named = {share.receivable.invoice_id for share in shares}
    others = (not_due(share) for share in coverage.coming if share.receivable.invoice_id not in named)
    return Early(touchpoint=said, held=(*covered, *others)) if isinstance(said, Touchpoint) else said


def _receipt(situation: Situation, coverage: Coverage, step: Step, shares: Sequence[Share]) -> Early | Reason:
    """It asks for nothing: what it names stays not due."""
    lead = shares[0].receivable
    on = _on(lead.invoice_id, _turn(situation, step, lead))
    occasion = Occasion(act=step.name, on=on, currency=coverage.currency)
    content = Content(why=_why(situation, step, lead), coming=tuple(shares))
    said = _say(situation, TouchpointKind.RECEIPT, occasion, step, content)
    held = (not_due(share) for share in coverage.coming)
    return Early(touchpoint=said, held=tuple(held)) if isinstance(said, Touchpoint) else said


def _first_due(situation: Situation, steps: Sequence[Step], coming: Sequence[Share]) -> tuple[Step, list[Share]] | None:
    """The latest step that is due for some invoices and has not been said of them, with those invoices."""
    found = [(step, shares) for step in steps if (shares := due(situation, step, coming))]
    return max(found, key=lambda one: _reached(situation, one[0], one[1][0].receivable), default=None)


def due(situation: Situation, step: Step, coming: Sequence[Share]) -> list[Share]:
    """The invoices of which a step is due, and of which it has not been said. Of a step that is said again, those of
    which it is due for the last time, before others: one message has one turn.
    """
    if not situation.is_meant(step.when):
        return []
    found = [share for share in coming if is_due(situation, step, share)]
    if not found:
        return []
    heard = _heard(situation, step)
    turns = [(share, _turn(situation, step, share.receivable)) for share in found]
    unsaid = [(share, turn) for share, turn in turns if not _said(heard, share, turn)]
    last = max((turn for _, turn in unsaid), default=1)
    return [share for share, turn in unsaid if turn == last]


def day_of(situation: Situation, step: Step, receivable: Receivable) -> date:
    """The first day on which a nudge or a receipt may be said of an invoice; of one that is said again, in its turn."""
    return _day(step, receivable, situation.days, _turn(situation, step, receivable))


def _day(step: Step, receivable: Receivable, days: Days, turn: int) -> date:
    if step.is_receipt:
        return schedule.receipt_day(step, receivable.issued_on, days, turn)
    return schedule.nudge_day(step, receivable.due_on, days, turn)


def _turn(situation: Situation, step: Step, receivable: Receivable) -> int:
    """How often it will have been said by now, if never missed: the last turn whose day has come, else the first."""
    come = (n for n in range(step.at.times, 1, -1) if _day(step, receivable, situation.days, n) <= situation.as_of)
    return next(come, 1)


def _reached(situation: Situation, step: Step, receivable: Receivable) -> int:
    """How far it is by now; see `_place`."""
    return _place(step, _turn(situation, step, receivable), receivable, situation.days)


def _place(step: Step, turn: int, receivable: Receivable, days: Days) -> int:
    """How many days after its anchor a turn of a step is, below 0 before it: what is said lets all before it pass."""
    return schedule.ahead(step.at, receivable.issued_on if step.is_receipt else receivable.due_on, days, turn)


def is_due(situation: Situation, step: Step, share: Share) -> bool:
    """Whether its day has come and it is not too late for it; for what is coming."""
    return (_receipt_is_due if step.is_receipt else _nudge_is_due)(situation, step, share)


def _nudge_is_due(situation: Situation, step: Step, share: Share) -> bool:
    return day_of(situation, step, share.receivable) <= situation.as_of <= share.receivable.due_on


def _receipt_is_due(situation: Situation, step: Step, share: Share) -> bool:
    day = day_of(situation, step, share.receivable)
    return day <= situation.as_of <= day + LATE


_Heard = Callable[[Receivable, int], Touch | Skipped | None]
"""Because of what a turn of a nudge or a receipt is not said of an invoice any more."""


def _said(heard: _Heard, share: Share, turn: int) -> bool:
    return heard(share.receivable, turn) is not None


def passed_by(situation: Situation, step: Step, receivable: Receivable) -> Touch | Skipped | None:
    """Because of what a nudge or a receipt is not said any more: this step or one after it was said of the invoice, or
    of another that falls due on its day, which is the same occasion; or a person rejected it. Steps of a case have
    occasions of their own.
    """
    return _heard(situation, step)(receivable, _turn(situation, step, receivable))


def _on(day: str, turn: int) -> str:
    """The occasion of a turn: a number stands behind the second and later ones."""
    return day if turn == 1 else f"{day}.{turn}"


def _of(occasion: str) -> tuple[str, int]:
    """An occasion without the number of its turn, and that number."""
    day, _, turn = occasion.rpartition(".")
    return (day, int(turn)) if day and turn.isdecimal() else (occasion, 1)


def _heard(situation: Situation, step: Step) -> _Heard:
    """The same for any invoice: contacts are gone through once, however many invoices there are."""
    steps = {one.name: one for one in situation.segment.schedule.steps if one.at.anchor is step.at.anchor}
    named: dict[InvoiceId, list[_Nth[Touch]]] = {}
    on_day: dict[tuple[str, Currency], list[_Nth[Touch]]] = {}
    for n, touch in enumerate(situation.account.touches):
        if touch.act in steps:
            on_day.setdefault((_of(touch.occasion)[0], touch.currency), []).append((n, touch))
            for invoice_id in touch.invoices:
                named.setdefault(invoice_id, []).append((n, touch))
    rejected: dict[tuple[str, Currency], list[_Nth[Skipped]]] = {}
    for n, one in enumerate(situation.account.skipped):
        if one.act in steps and one.case is None:
            rejected.setdefault((_of(one.occasion)[0], one.currency), []).append((n, one))

    def heard(receivable: Receivable, turn: int) -> Touch | Skipped | None:
        place = _place(step, turn, receivable, situation.days)

        def lets_pass(nth: _Nth[Touch] | _Nth[Skipped]) -> bool:
            act, number = steps[nth[1].act], _of(nth[1].occasion)[1]
            return _place(act, min(number, act.at.times), receivable, situation.days) >= place

        day, own = ((on, receivable.currency) for on in (receivable.due_on.isoformat(), receivable.invoice_id))
        said = (*on_day.get(day, ()), *named.get(receivable.invoice_id, ()))
        given_up = (*rejected.get(day, ()), *rejected.get(own, ()))
        return _first(filter(lets_pass, said)) or _first(filter(lets_pass, given_up))

    return heard


def _first(found: Iterable[_Nth[_T]]) -> _T | None:
    """What comes first of these, by their numbers."""
    return min(found, key=lambda one: one[0], default=(0, None))[1]


def _say(
    situation: Situation, kind: TouchpointKind, occasion: Occasion, step: Step, content: Content
) -> Touchpoint | Reason:
    """Nobody is called about what is not owed yet."""
    contact = situation.segment.contact
    lead = (content.shares or content.coming)[0].receivable
    to = step.to or contact.to
    route = contacts.route(situation.account, lead, to, step.by or contact.by)
    if route is None or route.channel == contacts.TASK:
        return contacts.reaches_nobody(step.name, to)
    return speaking.touchpoint(situation, kind, occasion, step, route=route, content=content)


def _why(situation: Situation, step: Step, lead: Receivable) -> tuple[Reason, ...]:
    due = reason("early_step", step=step.name, at=step.at.text, invoice=lead.number, due_on=lead.due_on)
    return (due, *situation.placed.why)
