"""Conditions of a strategy: a tree of tests, decided with three values.

True, False, and None for *unknown*: a comparison with missing data is unknown, "not unknown" is unknown, "and" and
"or" are Kleene's; only True matches. Named amounts stand in the tree with their figures, so that deciding needs
nothing else. `text.grammar.condition` makes the tree from what a consultant wrote; `str` of a tree is the text again.

`truth` is the quick way, `decide` the one that can say why; neither ever raises.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final, Literal, Self

from strategy.model import Currency, Record

Op = Literal["==", "!=", "<", "<=", ">", ">=", "in"]
Number = int | float | Fraction
Found = Number | tuple[str, ...] | None

ZERO: Final = "0"
"""How a money test names nothing, the one amount that is the same in every currency."""

KEYWORDS: Final = frozenset({"and", "or", "not", "in"})

# The operands are numbers or minor units; the operator module types its own functions with Any.
_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Facts(Record):
    """What conditions are asked about one account; a key that is missing is *unknown*.

    `money` is in minor units; a fact without any currency is nothing in every currency. `numbers` are days, counts and
    shares (20% is 1/5). `words` may be several, as with groups; an empty tuple is known to be none.
    """

    money: Mapping[str, Mapping[Currency, int]] = {}
    numbers: Mapping[str, Number] = {}
    words: Mapping[str, tuple[str, ...]] = {}
    flags: Mapping[str, bool] = {}


class Result(Record):
    """One test and what it met: `found` is None where nothing was known.

    A money test has one result per currency that bears on it: `found` and `figure` in minor units of `currency`,
    `figure` None where the amount has none in that currency. `value` is the test's own, a "not" before it left aside.
    """

    test: "Test"
    value: bool | None
    found: Found = None
    currency: Currency | None = None
    figure: int | None = None


class Verdict(Record):
    """What a condition came to, and the results that made it so: those that would have to change to change it."""

    value: bool | None
    because: tuple[Result, ...]


class MoneyTest(Record, tag="money"):
    """True if true in any one currency; unknown if true in none and some currency has no figure.

    `amount` is the name of `figures`, or ZERO and no figures.
    """

    fact: str
    op: Op
    amount: str
    figures: Mapping[Currency, int]

    def truth(self, facts: Facts) -> bool | None:
        """Whether it holds; None is unknown."""
        found = facts.money.get(self.fact)
        if found is None:
            return None
        compare, figures = _COMPARE[self.op], self.figures
        default = None if figures else 0
        unknown = False
        for currency, amount in found.items() or self._nothing():
            figure = figures.get(currency, default)
            if figure is None:
                unknown = True
            elif compare(amount, figure):
                return True
        return None if unknown else False

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The results, one per currency, that made it so."""
        found = facts.money.get(self.fact)
        if found is None:
            return [Result(test=self, value=None)]
        results = [self._in(currency, amount) for currency, amount in found.items() or self._nothing()]
        return [result for result in results if result.value is value]

    def _nothing(self) -> Iterable[tuple[Currency, int]]:
        return [(currency, 0) for currency in self.figures] or [(Currency(""), 0)]

    def _in(self, currency: Currency, amount: int) -> Result:
        figure = self.figures.get(currency, None if self.figures else 0)
        value = None if figure is None else _COMPARE[self.op](amount, figure)
        return Result(test=self, value=value, found=amount, currency=currency or None, figure=figure)

    def __str__(self) -> str:
        return f"{self.fact} {self.op} {self.amount}"


class NumberTest(Record, tag="number"):
    """Days, counts and shares. `values` is one number, or several for "in"."""

    fact: str
    op: Op
    values: tuple[int | Fraction, ...]
    share: bool = False

    def truth(self, facts: Facts) -> bool | None:
        """Whether it holds; None is unknown."""
        found = facts.numbers.get(self.fact)
        if found is None:
            return None
        if self.op == "in":
            return found in self.values
        value: Number = self.values[0]
        if type(found) is Fraction:  # across, since Fraction's own comparison takes a microsecond
            whole, parts = self.values[0].as_integer_ratio()
            found, value = found.numerator * parts, whole * found.denominator
        return _COMPARE[self.op](found, value)

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The one result that made it so."""
        return [Result(test=self, value=value, found=facts.numbers.get(self.fact))]

    def __str__(self) -> str:
        texts = [_percent(value) if self.share else str(value) for value in self.values]
        return _compared(self.fact, self.op, texts)


class Word(Record):
    """A word to compare with. `exact`: as spelled, capitals too; codes and bare words match in any case."""

    text: str
    quoted: bool = False
    exact: bool = False

    def matches(self, found: str) -> bool:
        """Whether what was found is this word."""
        return found == self.text if self.exact else found.casefold() == self.text.casefold()

    def __str__(self) -> str:
        if not self.quoted:
            return self.text
        return f'"{self.text}"' if "'" in self.text else f"'{self.text}'"


class WordTest(Record, tag="word"):
    """True if any of the account's words (it may have several) is one of these; "!=" if none is.

    `exact` and `loose` (in small letters) are the same words, made ready by `of` so that deciding is quick.
    """

    fact: str
    op: Op
    words: tuple[Word, ...]
    exact: frozenset[str]
    loose: frozenset[str]

    @classmethod
    def of(cls, fact: str, op: Op, words: tuple[Word, ...]) -> Self:
        """The test for these words."""
        exact = frozenset(word.text for word in words if word.exact)
        loose = frozenset(word.text.casefold() for word in words if not word.exact)
        return cls(fact=fact, op=op, words=words, exact=exact, loose=loose)

    def truth(self, facts: Facts) -> bool | None:
        """Whether it holds; None is unknown."""
        found = facts.words.get(self.fact)
        if found is None:
            return None
        for each in found:
            if each in self.exact or each.casefold() in self.loose:
                return self.op != "!="
        return self.op == "!="

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The one result that made it so."""
        return [Result(test=self, value=value, found=facts.words.get(self.fact))]

    def __str__(self) -> str:
        return _compared(self.fact, self.op, [str(word) for word in self.words])


class FlagTest(Record, tag="flag"):
    """Something that is so or not."""

    fact: str

    def truth(self, facts: Facts) -> bool | None:
        """Whether it is so; None is unknown."""
        return facts.flags.get(self.fact)

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The one result that made it so."""
        return [Result(test=self, value=value, found=facts.flags.get(self.fact))]

    def __str__(self) -> str:
        return self.fact


class Not(Record, tag="not"):
    """The opposite; unknown stays unknown."""

    term: "Term"

    def truth(self, facts: Facts) -> bool | None:
        """Whether it holds; None is unknown."""
        value = self.term.truth(facts)
        return None if value is None else not value

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The results of its term that made it so, as they came out: the opposite of this."""
        return self.term.because(facts, None if value is None else not value)

    def __str__(self) -> str:
        return f"not {_inside(self.term, Not, AllOf, AnyOf)}"


class AllOf(Record, tag="and"):
    """All of its terms: false if one is false, else unknown if one is unknown."""

    terms: tuple["Term", ...]

    def truth(self, facts: Facts) -> bool | None:
        """Whether all hold; None is unknown."""
        unknown = False
        for term in self.terms:
            value = term.truth(facts)
            if value is False:
                return False
            unknown = unknown or value is None
        return None if unknown else True

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The results of those terms that came out as this did."""
        return _because(self.terms, facts, value)

    def __str__(self) -> str:
        return " and ".join(_inside(term, AllOf, AnyOf) for term in self.terms)


class AnyOf(Record, tag="or"):
    """Any of its terms: true if one is true, else unknown if one is unknown."""

    terms: tuple["Term", ...]

    def truth(self, facts: Facts) -> bool | None:
        """Whether any holds; None is unknown."""
        unknown = False
        for term in self.terms:
            value = term.truth(facts)
            if value:
                return True
            unknown = unknown or value is None
        return None if unknown else False

    def because(self, facts: Facts, value: bool | None) -> list[Result]:
        """The results of those terms that came out as this did."""
        return _because(self.terms, facts, value)

    def __str__(self) -> str:
        return " or ".join(_inside(term, AnyOf) for term in self.terms)


Test = MoneyTest | NumberTest | WordTest | FlagTest
Term = Test | Not | AllOf | AnyOf


class Condition(Record):
    """A parsed condition: what was written, and what it says."""

    text: str
    root: Term


def truth(condition: Condition, facts: Facts) -> bool | None:
    """Whether the condition holds; None is unknown. Only True matches."""
    return condition.root.truth(facts)


def decide(condition: Condition, facts: Facts) -> Verdict:
    """Whether the condition holds, and because of which tests."""
    value = condition.root.truth(facts)
    return Verdict(value=value, because=tuple(condition.root.because(facts, value)))


def every_test(term: Term) -> tuple[Test, ...]:
    """Every test of a tree, in the order written."""
    if isinstance(term, Not):
        return every_test(term.term)
    if isinstance(term, AllOf | AnyOf):
        return tuple(test for each in term.terms for test in every_test(each))
    return (term,)


def _because(terms: tuple[Term, ...], facts: Facts, value: bool | None) -> list[Result]:
    return [result for term in terms if term.truth(facts) is value for result in term.because(facts, value)]


def _inside(term: Term, *loose: type) -> str:
    return f"({term})" if isinstance(term, loose) else str(term)


def _compared(fact: str, op: Op, texts: list[str]) -> str:
    return f"{fact} in [{', '.join(texts)}]" if op == "in" else f"{fact} {op} {texts[0]}"


def _percent(value: int | Fraction) -> str:
    hundredths = value * 100
    return f"{hundredths.numerator}%" if hundredths.denominator == 1 else f"{float(hundredths):g}%"
