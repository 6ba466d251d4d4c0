"""How late an account pays, whether that changes, and whether it leaves its own habit.

Open overdue invoices count with the days they are late by now, because a customer who stopped paying would otherwise
look better every day. Averages weigh by amount, per currency, and the worst currency speaks; medians are over invoices,
large and small alike, so that one large invoice does not make a habit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, Self

from strategy.account import Account, Settlement
from strategy.facts.evidence import QUARTER, YEAR
from strategy.model import Currency, InvoiceId, Record

ENOUGH: Final = 3
"""Settlements that a trend must rest on, before and after."""

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


class History(Record):
    """What was settled in twelve months and what is overdue now, in days late.

    `earlier` and `lately` part the weighted settlements at the last quarter; `paid` has the days late of each invoice
    paid in full, in the order of its last payment.
    """

    earlier: tuple[_Weighted, ...]
    lately: tuple[_Weighted, ...]
    overdue: tuple[_Weighted, ...]
    paid: tuple[int, ...]
    share_late: Fraction | None

    @classmethod
    def of(cls, account: Account, as_of: date) -> Self:
        """The history of the account up to the day."""
        within = [part for part in account.settlements if as_of - YEAR < part.settled_on <= as_of]
        return cls(
            earlier=tuple(_weighted(part) for part in within if part.settled_on <= as_of - QUARTER),
            lately=tuple(_weighted(part) for part in within if part.settled_on > as_of - QUARTER),
            overdue=tuple(
                (one.currency, one.open_minor, days_overdue(one.due_on, as_of))
                for one in account.receivables
                if one.due_on < as_of
            ),
            paid=_paid_in_full(within, {one.invoice_id for one in account.receivables}),
            share_late=_share_late(within),
        )

    def numbers(self) -> dict[str, int | Fraction]:
        """Those there is evidence for."""
        numbers = {
            "late_days": _worst((*self.earlier, *self.lately, *self.overdue)),
            "late_median": _median(self._invoices()) if self._invoices() else None,
            "late_trend": self._trend(),
            "share_late": self.share_late,
        }
        return {name: number for name, number in numbers.items() if number is not None}

    def flags(self) -> dict[str, bool]:
        """Whether it leaves its habit, either way; nothing where there are too few invoices for a habit."""
        if len(self.paid) < HABIT:
            return {}
        usual = _median(self.paid)
        spread = _median([abs(days - usual) for days in self.paid])
        bound = max(Fraction(LEAST_DRIFT), DRIFT * spread)
        lately = _median([*self.paid[-LATELY:], *(days for _, _, days in self.overdue)])
        return {"worsening": lately > usual + bound, "improving": lately < usual - bound}

    def _invoices(self) -> tuple[int, ...]:
        return (*self.paid, *(days for _, _, days in self.overdue))

    def _trend(self) -> Fraction | None:
        """How much later the last quarter was than the three before it; None on thin evidence."""
        now = (*self.lately, *self.overdue)
        late_then, late_now = _worst(self.earlier), _worst(now)
        if late_then is None or late_now is None or min(len(self.earlier), len(now)) < ENOUGH:
            return None
        return late_now - late_then


def _weighted(part: Settlement) -> _Weighted:
    return part.currency, part.amount_minor, (part.settled_on - part.due_on).days


def _worst(parts: Iterable[_Weighted]) -> Fraction | None:
    """The weighted days of each currency; the largest of them."""
    weights: dict[Currency, int] = defaultdict(int)
    days: dict[Currency, int] = defaultdict(int)
    for currency, amount, late in parts:
        weights[currency] += amount
        days[currency] += amount * late
    return max((Fraction(days[one], weights[one]) for one in weights if weights[one]), default=None)


def _paid_in_full(settled: Sequence[Settlement], still_open: set[InvoiceId]) -> tuple[int, ...]:
    """Days from the due date to the last payment of each invoice; what credit alone settled says nothing of habits."""
    last = {part.invoice_id: part for part in sorted(settled, key=_settled_on) if part.by_payment}
    paid = [part for invoice_id, part in last.items() if invoice_id not in still_open]
    return tuple((part.settled_on - part.due_on).days for part in sorted(paid, key=_settled_on))


def _settled_on(part: Settlement) -> date:
    return part.settled_on


def _share_late(settled: Sequence[Settlement]) -> Fraction | None:
    """The part of what was paid that came after its due date, in the worst currency; None where nothing was paid."""
    paid: dict[Currency, int] = defaultdict(int)
    late: dict[Currency, int] = defaultdict(int)
    for part in settled:
        if part.by_payment:
            paid[part.currency] += part.amount_minor
            late[part.currency] += part.amount_minor if part.settled_on > part.due_on else 0
    return max((Fraction(late[one], paid[one]) for one in paid if paid[one]), default=None)


def _median(values: Sequence[int | Fraction]) -> Fraction:
    """The middle one, or half way between the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return Fraction(ordered[middle]) if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle]) / 2
