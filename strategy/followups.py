"""What our own people are asked about what was agreed and what we were told: each once, and no contact of customers."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Final

from strategy import speaking
from strategy.account import Hold, HoldKind
from strategy.decision import Reason, TaskAsked, reason
from strategy.holds import Share
from strategy.situation import Situation
from strategy.speaking import Content, Occasion

ENDS_SOON: Final = timedelta(days=7)
"""So long before a standing exclusion ends, somebody hears of it again."""

DISAGREE: Final = frozenset(
    {
        frozenset({HoldKind.DIRECT_DEBIT, HoldKind.INSOLVENT}),
        frozenset({HoldKind.DIRECT_DEBIT, HoldKind.LEGAL}),
        frozenset({HoldKind.FACTORED, HoldKind.DIRECT_DEBIT}),
        frozenset({HoldKind.FACTORED, HoldKind.INSURED}),
        frozenset({HoldKind.INTERCOMPANY, HoldKind.FACTORED}),
        frozenset({HoldKind.INTERCOMPANY, HoldKind.INSURED}),
    }
)
"""Kinds of which one cannot be right: we collect what may not be collected, or what is no longer ours, or insure
ourselves against ourselves. Both hold all the same.
"""


def ask(situation: Situation) -> Iterator[TaskAsked]:
    """Everything that is to be asked today and was not asked before."""
    if situation.account.receivables:
        yield from _exclusions(situation)


def _exclusions(situation: Situation) -> Iterator[TaskAsked]:
    """Whoever is not to be chased at all is somebody's to look after; and again before that ends."""
    standing = [hold for hold in situation.account.holds if hold.excludes and hold.stands(situation.as_of)]
    for hold in standing:
        ends_soon = hold.until is not None and hold.until - situation.as_of <= ENDS_SOON
        begun = tuple(_once(situation, "exclusion", str(hold.id), _excluded(hold), hold))
        yield from begun
        if ends_soon and not begun:
            ends = reason("exclusion_ends", kind=_name(hold), reason=hold.reason, until=hold.until)
            yield from _once(situation, "exclusion-ends", str(hold.id), ends, hold)
    for one, other in combinations(standing, 2):
        if frozenset({one.kind, other.kind}) in DISAGREE and _meet(one, other):
            why = reason("holds_disagree", hold=one.id, kind=_name(one), other=other.id, other_kind=_name(other))
            yield from _once(situation, "holds-disagree", f"{one.id}-{other.id}", why, one)


def _excluded(hold: Hold) -> Reason:
    return reason("exclusion", kind=_name(hold), since=hold.since, reason=hold.reason)


def _name(hold: Hold) -> str:
    return hold.kind.replace("_", " ")


def _meet(one: Hold, other: Hold) -> bool:
    """Whether there is anything that both hold."""
    return None in {one.invoice_id, other.invoice_id} or one.invoice_id == other.invoice_id


def _once(situation: Situation, act: str, on: str, why: Reason, hold: Hold) -> Iterator[TaskAsked]:
    """A task for the account's owner about what is held; in the currency of what is due first."""
    receivables = situation.account.receivables
    rows = [one for one in receivables if hold.invoice_id in {None, one.invoice_id}]
    if not rows or any(done[:2] == (act, on) for done in situation.account.done):
        return
    currency, most = rows[0].currency, hold.amount_minor
    shares = tuple(
        Share(receivable=one, amount_minor=one.open_minor if most is None else min(most, one.open_minor))
        for one in rows
        if one.currency == currency
    )
    occasion = Occasion(act=act, on=on, currency=currency)
    kind = act.replace("-", " ")
    yield speaking.task(situation, kind, occasion, who="owner", what="", content=Content(why=(why,), shares=shares))
