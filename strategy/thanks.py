"""A word of thanks, once, where a case that we had written about ended because they paid.

It asks for nothing, never travels on the day of another contact, and is not said at all where it would come late or
where something else is overdue by then.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from strategy import cases, contacts, speaking
from strategy.acts import Act
from strategy.decision import Touchpoint, TouchpointKind, reason
from strategy.model import Currency
from strategy.rules import Anchor, At, Step, ThanksRule, Verb
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.touches import Case, TouchState

LATE: Final = timedelta(days=10)
"""So long after the case ended thanks still make sense."""


def thank(situation: Situation, said: Sequence[Touchpoint]) -> Iterator[Touchpoint]:
    """Thanks for the case that was paid last in a currency, unless the customer hears of something else today; each
    currency has a day of its own.
    """
    rule = situation.strategy.thanks
    if rule is None or said or not _may_speak(situation):
        return
    new = next((case for case in _paid(situation) if _is_new(situation, case)), None)
    if new is not None and situation.is_meant(rule.when):
        yield from _said(situation, rule, new)


def _paid(situation: Situation) -> Iterator[Case]:
    """In each currency the last case that was spoken of and paid."""
    found = set[Currency]()
    for case in sorted(cases.own(situation.cases), key=lambda one: one.number, reverse=True):
        if case.currency not in found and _is_paid_lately(situation, case) and _was_spoken_of(situation, case):
            found.add(case.currency)
            yield case


def _may_speak(situation: Situation) -> bool:
    contact, as_of = situation.segment.contact, situation.as_of
    account, days = situation.account, situation.days
    if any(one.due_on < as_of for one in account.receivables):
        return False
    currencies = {one.currency for one in situation.cases}
    free = all(contacts.freedom(account, contact, as_of, currency).since <= as_of for currency in currencies)
    return free and days.may_contact(as_of)


def _is_paid_lately(situation: Situation, case: Case) -> bool:
    """Whether it ended not long ago, and money had come for it: a credit note is nothing to thank for."""
    closed_on = case.closed_on
    if closed_on is None or situation.as_of - closed_on > LATE:
        return False
    return any(
        one.by_payment and one.currency == case.currency and case.opened_on <= one.settled_on <= closed_on
        for one in situation.account.settlements
    )


def _was_spoken_of(situation: Situation, case: Case) -> bool:
    return any(
        (one.currency, one.case, one.state) == (case.currency, case.number, TouchState.ACCEPTED)
        for one in situation.account.touches
    )


def _is_new(situation: Situation, case: Case) -> bool:
    key = (Act.THANKS, str(case.number), case.currency)
    account = situation.account
    said = [(one.act, one.occasion, one.currency) for one in account.touches if not one.moved]
    rejected = [(one.act, one.occasion, one.currency) for one in account.skipped]
    return key not in said and key not in rejected


def _said(situation: Situation, rule: ThanksRule, case: Case) -> Iterator[Touchpoint]:
    contact = situation.segment.contact
    route = contacts.route(situation.account, None, contact.to, contact.by)
    if route is None or route.channel == contacts.TASK:
        return
    now = At(anchor=Anchor.STEP, offset=0, text="when it was paid")
    step = Step(name=Act.THANKS, at=now, verb=Verb.SAY, what=rule.say, line=rule.line)
    why = (reason("case_paid", case=case.number, on=case.closed_on),)
    occasion = Occasion(act=Act.THANKS, on=str(case.number), currency=case.currency)
    yield speaking.touchpoint(situation, TouchpointKind.THANKS, occasion, step, route=route, content=Content(why=why))
