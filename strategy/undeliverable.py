"""What surely failed to arrive too often is left to a person, who finds another address or another way."""

from collections.abc import Sequence

from strategy import speaking
from strategy.decision import Asked, Held, Reason, TaskAsked, Touchpoint, reason
from strategy.holds import Share
from strategy.model import Record
from strategy.situation import Situation
from strategy.speaking import Content, Occasion

TRIES = 3
"""Definite failures of one contact before it is a person's."""


class HandedOver(Record):
    """Contacts that may be tried, and for the others their amounts held and a task."""

    touchpoints: tuple[Touchpoint, ...]
    held: tuple[Held, ...]
    tasks: tuple[TaskAsked, ...]


def hand_over(situation: Situation, touchpoints: Sequence[Touchpoint]) -> HandedOver:
    """Take out what failed too often. A person is asked once for each."""
    failed = {one.key: _why(one) for one in touchpoints if one.attempt > TRIES}
    given_up = [one for one in touchpoints if one.key in failed]
    return HandedOver(
        touchpoints=tuple(one for one in touchpoints if one.key not in failed),
        held=tuple(_held(one, asked, failed[one.key]) for one in given_up for asked in one.invoices),
        tasks=tuple(
            _task(situation, one, failed[one.key])
            for one in given_up
            if not situation.is_done(_problem(one).act, _problem(one).on, one.currency)
        ),
    )


def _why(touchpoint: Touchpoint) -> Reason:
    return reason("undeliverable", step=touchpoint.step, tries=touchpoint.attempt - 1)


def _problem(touchpoint: Touchpoint) -> Occasion:
    on = f"{touchpoint.act}-{touchpoint.occasion}"
    return Occasion(act="undeliverable", on=on, currency=touchpoint.currency)


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
    content = Content(why=(why,), shares=shares)
    return speaking.task(situation, why.code, _problem(touchpoint), who="owner", what=touchpoint.act, content=content)
