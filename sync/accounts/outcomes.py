"""What came of calls and placements, from the store's rows."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from strategy.decision import Asked
from strategy.model import Currency, Record
from strategy.text.grammar.facts import OUTCOMES
from strategy.touches import CameOf, Handed
from sync.accounts import days
from sync.store.database import Row


class _Decided(Record):
    """As much of a task as says what it asked to place."""

    invoices: tuple[Asked, ...]


_asked: Final = msgspec.json.Decoder(_Decided).decode


def came(rows: Sequence[Row]) -> tuple[CameOf, ...]:
    """In the order of their days. What people wrote before outcomes had words of their own counts as none."""
    return tuple(
        CameOf(
            task=task,
            act=act,
            occasion=occasion,
            case=case,
            currency=Currency(currency),
            on=days.day(on),
            outcome=outcome,
            next_on=days.maybe(next_on),
            who=who,
            what=what,
            customer_id=whose,
            handed=() if decided is None else tuple(_handed(_asked(decided).invoices)),
        )
        for task, act, occasion, case, currency, on, outcome, next_on, who, what, decided, whose in rows
        if outcome in OUTCOMES
    )


def _handed(asked: Sequence[Asked]) -> Iterator[Handed]:
    """What covered them counts as money where nobody stored whether it was: no agency hears of it as paid since."""
    for one in asked:
        money = one.covered_by_payment_minor
        yield Handed(
            invoice_id=one.invoice_id,
            open_minor=one.open_minor - one.covered_minor,
            paid_minor=one.paid_minor + (one.covered_minor if money is None else money),
        )
