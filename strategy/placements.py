"""Accounts that an agency has: nothing is chased beside it, and what happens meanwhile is told to it at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from strategy.account import Account, CameOf
from strategy.acts import Act
from strategy.decision import Reason, reason
from strategy.model import Currency, Record

PLACED, RECALLED = "placed", "recalled"

PACKED: Final = Act.PACK
"""The act of the message that goes with a pack; its occasion is the task and the day."""

_LATELY: Final = timedelta(days=30)
"""So long after it was taken back an agency is still told, should it not have been told before."""


class Packed(Record):
    """A pack that an agency was sent for a task that asks for a placement."""

    task: int
    on: date
    agency: str
    currency: Currency


def occasion_of_pack(task: int, on: date, agency: str) -> str:
    """As `packed` reads it."""
    return f"{task}-{on:%Y%m%d}-{agency}"


def placed(account: Account, as_of: date = date.max) -> tuple[CameOf, ...]:
    """The placements that stand: each taken by an agency, not recalled since, and its case is not over. The
    agency has it still on the day (`as_of`) that ends the case, and hears that it was paid.
    """
    if not account.came:
        return ()
    open_cases = {
        (case.currency, case.number) for case in account.cases if case.closed_on is None or case.closed_on >= as_of
    }
    back = _recalls(account)
    return tuple(
        one
        for one in account.came
        if one.outcome == PLACED and (one.currency, one.case) in open_cases and one.task not in back
    )


def recalled(account: Account, as_of: date) -> tuple[CameOf, ...]:
    """The placements that were taken back lately, where none stands in their currency since."""
    back = _recalls(account)
    again = {one.currency for one in placed(account, as_of)}
    return tuple(
        one
        for one in account.came
        if one.outcome == PLACED
        and one.currency not in again
        and one.task in back
        and as_of - back[one.task] <= _LATELY
    )


def _recalls(account: Account) -> dict[int, date]:
    """On which day what was placed by a task was taken back: a recall's occasion begins with that task."""
    return {
        int(one.occasion.partition("-")[0]): one.on
        for one in account.came
        if one.act == Act.RECALL and one.outcome == RECALLED
    }


def packed(account: Account) -> tuple[Packed, ...]:
    """The last pack for each task of which nobody has said what came of it."""
    finished = {one.task for one in account.came}
    found = [
        Packed(task=int(task), on=date.fromisoformat(on), agency=agency, currency=currency)
        for act, occasion, currency in account.done
        if act == PACKED
        for task, on, agency in [occasion.split("-", 2)]
    ]
    last = {one.task: one for one in sorted(found, key=lambda one: one.on) if one.task not in finished}
    return tuple(last.values())


def was_lately(standing: CameOf, as_of: date) -> bool:
    """Whether it is so new that the agency may still hear of it for the first time."""
    return as_of - standing.on <= _LATELY


def to_tell(account: Account, standing: CameOf) -> Iterator[tuple[str, Reason]]:
    """What the agency must hear, each with what tells it from the others: paid to us, disputed, or said to be paid."""
    paid = [
        part.amount_minor
        for part in account.settlements
        if part.currency == standing.currency and part.settled_on >= standing.on
    ]
    agency, currency = standing.what, standing.currency
    if paid:
        yield f"paid-{sum(paid)}", reason("placed_paid", agency=agency, paid=sum(paid), currency=currency)
    for dispute in account.disputes:
        if dispute.closed_on is None and dispute.opened_on >= standing.on:
            why = reason("placed_disputed", agency=agency, opened_on=dispute.opened_on, category=dispute.category)
            yield f"disputed-{dispute.id}", why
    for claim in account.claims:
        if claim.closed_on is None and claim.claimed_on >= standing.on:
            yield f"claimed-{claim.id}", reason("placed_claimed", agency=agency, claimed_on=claim.claimed_on)
