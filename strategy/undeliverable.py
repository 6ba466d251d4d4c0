"""What surely failed to arrive too often is left to a person, who finds another address or another way.

What failed for other recipients, or before the person was done, does not count: a new address is tried, and so is the
old one where somebody has looked.
"""

from collections.abc import Sequence
from typing import Final

from strategy import contacts, speaking
from strategy.acts import Act
from strategy.decision import Asked, Held, Reason, TaskAsked, Touchpoint
from strategy.holds import Share
from strategy.model import Record
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.touches import Failures

TRIES = 3
"""Definite failures of one contact with the same people before it is a person's."""

UNDELIVERABLE: Final = Act.UNDELIVERABLE
"""The act of the task."""

_AGAIN: Final = "+"


class HandedOver(Record):
    """Contacts that may be tried, and for the others their amounts held and a task."""

    touchpoints: tuple[Touchpoint, ...]
    held: tuple[Held, ...]
    tasks: tuple[TaskAsked, ...]


def hand_over(situation: Situation, touchpoints: Sequence[Touchpoint]) -> HandedOver:
    """Take out what failed too often. A person is asked once for each."""
    tried = {one.key: _tries(situation, one) for one in touchpoints}
    failed = {one.key: _why(one, tried[one.key]) for one in touchpoints if tried[one.key] >= TRIES}
    given_up = [one for one in touchpoints if one.key in failed]
    return HandedOver(
        touchpoints=tuple(one for one in touchpoints if one.key not in failed),
        held=tuple(_held(one, asked, failed[one.key]) for one in given_up for asked in one.invoices),
        tasks=tuple(
            _task(situation, one, failed[one.key])
            for one in given_up
            if not situation.is_done_in_case(_problem(situation, one).act, _problem(situation, one).on, one.currency)
        ),
    )


def is_about(occasion: str, act: str, on: str) -> bool:
    """Whether a task with this occasion is about the failures of a contact."""
    return occasion == f"{act}-{on}" or occasion.startswith(f"{act}-{on}{_AGAIN}")


def _failures(situation: Situation, touchpoint: Touchpoint) -> Failures:
    key = (touchpoint.act, touchpoint.occasion, touchpoint.currency)
    return situation.account.failures.get(key, Failures())


def _tries(situation: Situation, touchpoint: Touchpoint) -> int:
    """How often it failed with those whom it would go to now."""
    failures = _failures(situation, touchpoint)
    return failures.count - failures.before - sum(set(to) != set(touchpoint.to) for to in failures.to)


def _why(touchpoint: Touchpoint, tries: int) -> Reason:
    return contacts.failed(touchpoint.step, touchpoint.role, tries)


def _problem(situation: Situation, touchpoint: Touchpoint) -> Occasion:
    """Once somebody has seen to it, it is another one."""
    times = _failures(situation, touchpoint).seen_to
    again = f"{_AGAIN}{times}" if times else ""
    on = f"{touchpoint.act}-{touchpoint.occasion}{again}"
    return Occasion(act=UNDELIVERABLE, on=on, currency=touchpoint.currency)


def _held(touchpoint: Touchpoint, asked: Asked, why: Reason) -> Held:
    return Held(
        invoice_id=asked.invoice_id,
        customer_id=asked.customer_id,
        number=asked.number,
        currency=touchpoint.currency,
        amount_minor=asked.asked_minor,
        until=None,
        reasons=(why,),
    )


def _task(situation: Situation, touchpoint: Touchpoint, why: Reason) -> TaskAsked:
    asked = {one.invoice_id: one.asked_minor for one in touchpoint.invoices}
    shares = tuple(
        Share(receivable=one, amount_minor=asked[one.invoice_id])
        for one in situation.account.receivables
        if one.invoice_id in asked
    )
    content, about = Content(why=(why,), shares=shares), _problem(situation, touchpoint)
    return speaking.task(situation, why.code, about, who="owner", what=touchpoint.act, content=content)
