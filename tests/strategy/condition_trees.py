"""Condition trees and facts to generate: every kind of test, every depth, data that is there or missing."""

import operator
import string
from fractions import Fraction

from hypothesis import strategies as st

from strategy.conditions import (
    KEYWORDS,
    ZERO,
    AllOf,
    AnyOf,
    Condition,
    Facts,
    FlagTest,
    MoneyTest,
    Not,
    NumberTest,
    Op,
    Term,
    Word,
    WordTest,
)
from strategy.model import Currency
from strategy.text.grammar.condition import Scope
from strategy.text.grammar.facts import CODES, FACTS, LEGAL_FORMS, OUTCOMES, FactKind

EUR, USD, GBP = Currency("EUR"), Currency("USD"), Currency("GBP")
SCOPE = Scope(
    amounts={"small": {EUR: 2_500, USD: 2_500}, "large": {EUR: 100_000, USD: 120_000, GBP: 90_000}},
    steps=frozenset({"call", "final-letter"}),
)
SIZES: tuple[Op, ...] = ("==", "!=", "<", "<=", ">", ">=")
_SAME: tuple[Op, ...] = ("==", "!=")
_AMONG: Op = "in"


def condition(root: Term) -> Condition:
    return Condition(text=str(root), root=root)


def _named(*kinds: FactKind) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, fact in FACTS.items() if fact.kind in kinds])


money_tests = st.builds(
    lambda fact, op, amount: MoneyTest(fact=fact, op=op, amount=amount, figures=SCOPE.amounts.get(amount, {})),
    _named(FactKind.MONEY),
    st.sampled_from(SIZES),
    st.sampled_from([ZERO, "small", "large"]),
)


def _numbers(kinds: tuple[FactKind, ...], least: int) -> st.SearchStrategy[NumberTest]:
    one = st.tuples(st.sampled_from(SIZES), st.tuples(st.integers(least, 999)))
    several = st.tuples(st.just("in"), st.lists(st.integers(least, 999), min_size=1, max_size=3).map(tuple))
    return st.builds(
        lambda fact, pair: NumberTest(fact=fact, op=pair[0], values=pair[1]), _named(*kinds), st.one_of(one, several)
    )


number_tests = st.one_of(_numbers((FactKind.DAYS,), -999), _numbers((FactKind.COUNT,), 0))
share_tests = st.builds(
    lambda fact, op, hundredths: NumberTest(fact=fact, op=op, values=(Fraction(hundredths, 10_000),), share=True),
    _named(FactKind.SHARE),
    st.sampled_from(SIZES),
    st.integers(0, 20_000),
)

_LETTERS = f"{string.ascii_letters}äöü"
_bare = st.builds(operator.add, st.sampled_from(_LETTERS), st.text(f"{_LETTERS}{string.digits}_", max_size=7)).filter(
    lambda word: word not in KEYWORDS
)
_quoted = st.text(
    st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Z")), min_size=1, max_size=12
).filter(lambda text: bool(text.strip()) and not ("'" in text and '"' in text))
_free_words = st.one_of(
    st.builds(lambda text: Word(text=text), _bare),
    st.builds(lambda text: Word(text=text, quoted=True, exact=True), _quoted),
)


def _words(fact: str) -> st.SearchStrategy[Word]:
    if fact in CODES:
        code = {"country": ["DE", "in", "US"], "currency": ["EUR", "usd"], "language": ["de", "pt-BR"]}[fact]
        return st.builds(lambda text: Word(text=text, quoted=text in KEYWORDS), st.sampled_from(code))
    if fact.endswith(".outcome") or fact == "legal_form":
        known = list(LEGAL_FORMS if fact == "legal_form" else OUTCOMES)
        return st.builds(lambda text: Word(text=text), st.sampled_from(known))
    return _free_words


def _word_test(fact: str) -> st.SearchStrategy[WordTest]:
    one = st.tuples(st.sampled_from(_SAME), st.tuples(_words(fact)))
    several = st.tuples(st.just(_AMONG), st.lists(_words(fact), min_size=1, max_size=3).map(tuple))
    return st.one_of(one, several).map(lambda pair: WordTest.of(fact, pair[0], pair[1]))


word_facts = [name for name, fact in FACTS.items() if fact.kind is FactKind.WORD] + ["final-letter.outcome"]
word_tests = st.sampled_from(word_facts).flatmap(_word_test)
flag_tests = st.builds(lambda fact: FlagTest(fact=fact), _named(FactKind.FLAG))

tests: st.SearchStrategy[Term] = st.one_of(money_tests, number_tests, share_tests, word_tests, flag_tests)


def _branches(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(lambda term: Not(term=term), inner),
        st.builds(lambda terms: AllOf(terms=terms), several),
        st.builds(lambda terms: AnyOf(terms=terms), several),
    )


trees: st.SearchStrategy[Term] = st.recursive(tests, _branches, max_leaves=12)

_sums = st.dictionaries(st.sampled_from([EUR, USD, GBP, Currency("CHF")]), st.integers(-10, 150_000), max_size=3)
_figures = st.one_of(st.integers(-50, 50), st.fractions(-50, 50), st.floats(-50, 50))
_found = st.lists(st.one_of(st.sampled_from(["DE", "de", "EUR", "cheque", "unreachable"]), _bare), max_size=3)

facts = st.builds(
    lambda money, numbers, words, flags: Facts(money=money, numbers=numbers, words=words, flags=flags),
    st.dictionaries(_named(FactKind.MONEY), _sums),
    st.dictionaries(_named(FactKind.DAYS, FactKind.COUNT, FactKind.SHARE), _figures),
    st.dictionaries(st.sampled_from(word_facts), _found.map(tuple)),
    st.dictionaries(_named(FactKind.FLAG), st.booleans()),
)
