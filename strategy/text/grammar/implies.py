"""What two conditions have to do with each other, as far as their texts alone can tell.

`implies` never errs on the side of yes: where it says so, the first is true of no account of which the second is not.
"""

from fractions import Fraction
from math import inf
from typing import Final

from strategy.conditions import AllOf, AnyOf, MoneyTest, NumberTest, Op, Term, Word, WordTest

Bound = tuple[int | Fraction | float, int]
"""A value, and 1 or -1 where the bound lies just above or below it."""

Span = tuple[Bound, Bound]

_LEAST: Final[Bound] = (-inf, 0)
_MOST: Final[Bound] = (inf, 0)


def implies(first: Term, second: Term) -> bool:
    """Whether the second is surely true wherever the first is."""
    if first == second:
        return True
    if isinstance(first, AnyOf):
        return all(implies(term, second) for term in first.terms)
    if isinstance(second, AllOf):
        return all(implies(first, term) for term in second.terms)
    if isinstance(first, AllOf) and any(implies(term, second) for term in first.terms):
        return True
    if isinstance(second, AnyOf):
        return any(implies(first, term) for term in second.terms)
    return _test_implies(first, second)


def overlap(first: Term, second: Term) -> str | None:
    """Where both can be true though neither implies the other, in words; None where that cannot be said simply."""
    if implies(first, second) or implies(second, first):
        return None
    if isinstance(first, NumberTest) and isinstance(second, NumberTest) and first.fact == second.fact:
        return _common_span(first, second)
    if isinstance(first, WordTest) and isinstance(second, WordTest) and first.fact == second.fact:
        return _common_words(first, second)
    return None


def _test_implies(first: Term, second: Term) -> bool:
    if isinstance(first, MoneyTest) and isinstance(second, MoneyTest):
        return first.fact == second.fact and _money_implies(first, second)
    if isinstance(first, NumberTest) and isinstance(second, NumberTest):
        return first.fact == second.fact and _within(_spans(first), _spans(second))
    if isinstance(first, WordTest) and isinstance(second, WordTest):
        positive = first.op != "!=" and second.op != "!="
        return first.fact == second.fact and positive and _words_within(first, second)
    return False


def _money_implies(first: MoneyTest, second: MoneyTest) -> bool:
    """In every currency in which the first can be true, the second must be: nothing for figures is unknown."""
    if not first.figures:
        return not second.figures and _within(_span(first.op, 0), _span(second.op, 0))
    default = None if second.figures else 0
    for currency, figure in first.figures.items():
        other = second.figures.get(currency, default)
        if other is None or not _within(_span(first.op, figure), _span(second.op, other)):
            return False
    return True


def _span(op: Op, value: int | Fraction) -> tuple[Span, ...]:
    below: Span = (_LEAST, (value, -1))
    above: Span = ((value, 1), _MOST)
    spans: dict[str, tuple[Span, ...]] = {
        "<": (below,),
        "<=": ((_LEAST, (value, 0)),),
        ">": (above,),
        ">=": (((value, 0), _MOST),),
        "!=": (below, above),
    }
    return spans.get(op, (((value, 0), (value, 0)),))


def _spans(test: NumberTest) -> tuple[Span, ...]:
    return tuple(span for value in test.values for span in _span(test.op, value))


def _within(first: tuple[Span, ...], second: tuple[Span, ...]) -> bool:
    return all(any(low <= inner[0] and inner[1] <= high for low, high in second) for inner in first)


def _words_within(first: WordTest, second: WordTest) -> bool:
    return all(any(_covers(word, inner) for word in second.words) for inner in first.words)


def _covers(word: Word, inner: Word) -> bool:
    return word.matches(inner.text) and (inner.exact or not word.exact)


def _common_span(first: NumberTest, second: NumberTest) -> str | None:
    for low, high in _spans(first):
        for other_low, other_high in _spans(second):
            common = max(low, other_low), min(high, other_high)
            if common[0] <= common[1]:
                return f"{first.fact} {_said(common, share=first.share)}"
    return None


def _said(span: Span, *, share: bool) -> str:
    (low, over), (high, under) = span
    if low == high:
        return f"= {_number(low, share=share)}"
    parts = []
    if low != -inf:
        parts.append(f"{'above' if over else 'from'} {_number(low, share=share)}")
    if high != inf:
        parts.append(f"{'below' if under else 'to'} {_number(high, share=share)}")
    return " and ".join(parts) or "of any value"


def _number(value: float | Fraction, *, share: bool) -> str:
    return f"{float(value) * 100:g}%" if share else f"{float(value):g}"


def _common_words(first: WordTest, second: WordTest) -> str | None:
    if "!=" in (first.op, second.op):
        return None
    common = [word.text for word in first.words if any(_covers(other, word) for other in second.words)]
    return f"{first.fact} {', '.join(common)}" if common else None
