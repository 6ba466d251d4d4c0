"""Statements by the month: with the reminder where one is near, alone where none is, and never on top of another
contact.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta

import msgspec

from strategy import contacts, schedule, speaking
from strategy.account import Receivable
from strategy.acts import Act
from strategy.business_days import DAY
from strategy.decision import Touchpoint, TouchpointKind, reason
from strategy.holds import Share
from strategy.model import Currency
from strategy.rules import StatementRule, Step, Verb
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.touches import Touch

STATEMENT = Act.STATEMENT
"""The act, the letter and the attachment all go by this name."""

LATE = timedelta(days=10)
"""So long after its day a statement of last month still goes."""

NextOn = Callable[[Currency], date | None]
"""The day on which something is said next in a currency."""


def with_statements(
    situation: Situation,
    said: Sequence[Touchpoint],
    next_on: NextOn,
    unheard: Collection[Currency],
) -> list[Touchpoint]:
    """The same contacts, those of today carrying the statement that is due, and statements that travel alone.

    `next_on` is asked for only where a statement may be due.
    `unheard`: currencies of whose overdue nothing may be said yet, which a statement alone would list.
    """
    made = list(said)
    for currency, receivables in _open_by_currency(situation).items():
        month = _due(situation, currency)
        carrier = next((n for n, one in enumerate(made) if one.currency == currency), None)
        if month is None:
            continue
        if carrier is not None:
            made[carrier] = _carrying(made[carrier], month)
        elif currency not in unheard and _free(situation, currency) and not _waits(situation, currency, made, next_on):
            alone = _alone(situation, currency, month, receivables)
            made += [alone] if alone else []
    return made


def _open_by_currency(situation: Situation) -> dict[Currency, list[Receivable]]:
    found: dict[Currency, list[Receivable]] = {}
    for receivable in situation.account.receivables:
        found.setdefault(receivable.currency, []).append(receivable)
    return found


def _due(situation: Situation, currency: Currency) -> str | None:
    """The month whose statement is due and was neither sent nor rejected."""
    rule, as_of = situation.segment.statement, situation.as_of
    if rule is None or _is_done(situation, currency, as_of):
        return None
    month = as_of if schedule.month_day(rule.on, as_of, situation.days) <= as_of else _late(situation, currency, rule)
    if month is None or (month != as_of and _is_done(situation, currency, month)) or not situation.is_meant(rule.when):
        return None
    return _name(month)


def _late(situation: Situation, currency: Currency, rule: StatementRule) -> date | None:
    """A day of last month, where its statement is late and not by much: its day moved on into this month, or was none
    for a contact. There must have been anything to list then.
    """
    last = situation.as_of.replace(day=1) - DAY
    day = schedule.month_day(rule.on, last, situation.days)
    if not day <= situation.as_of <= day + LATE:
        return None
    receivables = situation.account.receivables
    return last if any(one.currency == currency and one.issued_on <= day for one in receivables) else None


def _is_done(situation: Situation, currency: Currency, day: date) -> bool:
    """Whether the statement of the day's month was sent or rejected."""
    account, month = situation.account, _name(day)
    sent = any(
        touch.currency == currency
        and (touch.statement == month or (touch.act == STATEMENT and touch.occasion == month))
        for touch in account.touches
    )
    return sent or any((one.act, one.occasion, one.currency) == (STATEMENT, month, currency) for one in account.skipped)


def _name(day: date) -> str:
    return day.isoformat()[:7]


def _carrying(touchpoint: Touchpoint, month: str) -> Touchpoint:
    attach = touchpoint.attach if STATEMENT in touchpoint.attach else (*touchpoint.attach, STATEMENT)
    return msgspec.structs.replace(touchpoint, attach=attach, statement=month)


def _waits(situation: Situation, currency: Currency, made: Sequence[Touchpoint], next_on: NextOn) -> bool:
    """Whether a reminder within the gap will take it along, or in another currency go on one day with it, which a
    statement before it would hold back. On a day on which we write it holds back nothing; a call is a person's to make,
    and nothing is sent because it was made.
    """
    if _soon(situation, next_on(currency)):
        return True
    if made or any(_is_letter_of(situation.as_of, touch) for touch in situation.account.touches):
        return False
    days = [next_on(other) for other in _open_by_currency(situation)]
    return situation.as_of not in days and any(_soon(situation, day) for day in days)


def _is_letter_of(day: date, touch: Touch) -> bool:
    """Whether we wrote on the day. Where somebody else spoke on it, the gap has said no before this is asked."""
    return touch.on == day and touch.channel != contacts.TASK


def _soon(situation: Situation, next_on: date | None) -> bool:
    return next_on is not None and next_on <= situation.as_of + timedelta(days=situation.segment.contact.gap)


def _free(situation: Situation, currency: Currency) -> bool:
    contact, as_of = situation.segment.contact, situation.as_of
    free = contacts.freedom(situation.account, contact, as_of, currency)
    return free.since <= as_of and situation.days.may_contact(as_of)


def _alone(
    situation: Situation, currency: Currency, month: str, receivables: Sequence[Receivable]
) -> Touchpoint | None:
    """It mentions everything open and asks for nothing."""
    rule, contact = situation.segment.statement, situation.segment.contact
    route = contacts.route(situation.account, receivables[0], contact.to, contact.by)
    if rule is None or route is None or route.channel == contacts.TASK:
        return None
    step = Step(name=STATEMENT, at=rule.on, verb=Verb.SAY, what=STATEMENT, attach=(STATEMENT,), line=0)
    content = Content(
        why=(reason("statement_due", month=month, at=rule.on.text),),
        coming=tuple(Share(receivable=one, amount_minor=one.open_minor) for one in receivables),
    )
    occasion = Occasion(act=STATEMENT, on=month, currency=currency)
    alone = speaking.touchpoint(situation, TouchpointKind.STATEMENT, occasion, step, route=route, content=content)
    return msgspec.structs.replace(alone, statement=month)
