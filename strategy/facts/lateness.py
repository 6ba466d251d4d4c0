"""How late an account pays, whether that changes, and whether it leaves its own habit.

Open overdue invoices count with the days they are late by now, because a customer who stopped paying would otherwise
look better every day. Averages weigh by amount, per currency, and the worst currency speaks; medians are over invoices,
large and small alike, so that one large invoice does not make a habit. What credit settled was not paid, and is nowhere
counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

from strategy.account import Account, Settlement
from strategy.facts.asked import Measure
from strategy.facts.evidence import QUARTER, YEAR
from strategy.model import Currency, InvoiceId

ENOUGH: Final = 3
"""Payments in one currency that a trend must rest on, before and after."""

HABIT: Final = 6
"""Invoices paid in twelve months that a habit must rest on."""
LATELY: Final = 3
"""Invoices paid last that are held against the habit, with what is open and overdue."""
LEAST_DRIFT: Final = 7
"""Days; less is never a change of habit."""
DRIFT: Final = 2 * Fraction(14_826, 10_000)
"""Of the median absolute deviation: two standard deviations where lateness is spread normally."""

_Weighted = tuple[Currency, int, int]
"""Currency, amount, days late."""


def days_overdue(due_on: date, as_of: date) -> int:
    """Whole days since the due date; zero and less is not overdue."""
    return (as_of - due_on).days


class History:
    """What an account paid in twelve months up to a day and what is overdue then, in days late."""

    def __init__(self, account: Account, as_of: date) -> None:
        self._account = account
        self._as_of = as_of

    def numbers(self) -> Mapping[str, Measure[int | Fraction]]:
        """Averages and shares."""
        return {
            "late_days": lambda: _worst((*map(_weighted, self._within), *self._overdue)),
            "late_median": lambda: _median(self._invoices()) if self._invoices() else None,
            "late_trend": self._trend,
            "share_late": lambda: _share_late(self._within),
        }

    def flags(self) -> Mapping[str, Measure[bool]]:
        """Whether it leaves its habit, either way."""
        return {"worsening": lambda: self._drifts(1), "improving": lambda: self._drifts(-1)}

    @cached_property
    def _within(self) -> Sequence[Settlement]:
        after = self._as_of - YEAR
        paid = (part for part in self._account.settlements if part.by_payment)
        return [part for part in paid if after < part.settled_on <= self._as_of]

    @cached_property
    def _earlier(self) -> Sequence[_Weighted]:
        """Before the last quarter."""
        quarter = self._as_of - QUARTER
        return [_weighted(part) for part in self._within if part.settled_on <= quarter]

    @cached_property
    def _lately(self) -> Sequence[_Weighted]:
        """In the last quarter."""
        quarter = self._as_of - QUARTER
        return [_weighted(part) for part in self._within if part.settled_on > quarter]

    @cached_property
    def _overdue(self) -> Sequence[_Weighted]:
        return [
            (one.currency, one.open_minor, days_overdue(one.due_on, self._as_of))
            for one in self._account.receivables
            if one.due_on < self._as_of
        ]

    @cached_property
    def _paid(self) -> Sequence[int]:
        """The days late of each invoice paid in full, in the order of its last payment."""
        return _paid_in_full(self._within, {one.invoice_id for one in self._account.receivables})

    def _drifts(self, way: int) -> bool | None:
        """None where there are too few invoices for a habit."""
        if len(self._paid) < HABIT:
            return None
        usual = _median(self._paid)
        spread = _median([abs(days - usual) for days in self._paid])
        bound = max(Fraction(LEAST_DRIFT), DRIFT * spread)
        lately = _median([*self._paid[-LATELY:], *(days for _, _, days in self._overdue)])
        return way * (lately - usual) > bound

    def _invoices(self) -> tuple[int, ...]:
        return (*self._paid, *(days for _, _, days in self._overdue))

    def _trend(self) -> Fraction | None:
        """How much later the last quarter was than the three before, in the worst currency; None on thin evidence."""
        late_then = _averages(self._earlier, ENOUGH)
        late_now = _averages((*self._lately, *self._overdue), ENOUGH)
        return max((late_now[one] - late_then[one] for one in late_now.keys() & late_then.keys()), default=None)


def _weighted(part: Settlement) -> _Weighted:
    return part.currency, part.amount_minor, (part.settled_on - part.due_on).days


def _worst(parts: Iterable[_Weighted]) -> Fraction | None:
    """The weighted days of each currency; the largest of them."""
    return max(_averages(parts).values(), default=None)


def _averages(parts: Iterable[_Weighted], enough: int = 1) -> Mapping[Currency, Fraction]:
    """The weighted days of each currency that has so many parts."""
    weights: dict[Currency, int] = defaultdict(int)
    days: dict[Currency, int] = defaultdict(int)
    counts: dict[Currency, int] = defaultdict(int)
    for currency, amount, late in parts:
        weights[currency] += amount
        days[currency] += amount * late
        counts[currency] += 1
    return {one: Fraction(days[one], weights[one]) for one in weights if weights[one] and counts[one] >= enough}


def _paid_in_full(paid: Sequence[Settlement], still_open: set[InvoiceId]) -> tuple[int, ...]:
    """Days from the due date to the last payment of each invoice."""
    last = {part.invoice_id: part for part in sorted(paid, key=_settled_on)}
    whole = [part for invoice_id, part in last.items() if invoice_id not in still_open]
    return tuple((part.settled_on - part.due_on).days for part in sorted(whole, key=_settled_on))


def _settled_on(part: Settlement) -> date:
    return part.settled_on


def _share_late(settled: Sequence[Settlement]) -> Fraction | None:
    """The part of what was paid that came after its due date, in the worst currency; None where nothing was paid."""
    paid: dict[Currency, int] = defaultdict(int)
    late: dict[Currency, int] = defaultdict(int)
    for part in settled:
        paid[part.currency] += part.amount_minor
        late[part.currency] += part.amount_minor if part.settled_on > part.due_on else 0
    return max((Fraction(late[one], paid[one]) for one in paid if paid[one]), default=None)


def _median(values: Sequence[int | Fraction]) -> Fraction:
    """The middle one, or half way between the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return Fraction(ordered[middle]) if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle]) / 2
