"""Conditions are decided with three values, and say because of what."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Facts,
    FlagTest,
    MoneyTest,
    Not,
    Term,
    decide,
    every_test,
    truth,
)
from strategy.model import Currency
from strategy.text.grammar.condition import Scope, read_condition
from tests.strategy.condition_trees import EUR, GBP, SCOPE, USD, condition, facts, trees

YES, NO, UNKNOWN = FlagTest(fact="legal"), FlagTest(fact="insured"), FlagTest(fact="paused")
FLAGS = Facts(flags={"legal": True, "insured": False})
VALUES = [(YES, True), (NO, False), (UNKNOWN, None)]


def read(text: str, scope: Scope = SCOPE) -> Condition:
    parsed, wrongs = read_condition(text, scope)
    assert parsed is not None, wrongs
    return parsed


def value(term: Term) -> bool | None:
    return truth(condition(term), FLAGS)


@pytest.mark.parametrize(("term", "expected"), [(YES, False), (NO, True), (UNKNOWN, None)])
def test_not_unknown_is_unknown(term: Term, expected: bool | None) -> None:
    assert value(Not(term=term)) is expected


@pytest.mark.parametrize(("left", "a"), VALUES)
@pytest.mark.parametrize(("right", "b"), VALUES)
def test_and_is_kleenes(left: Term, a: bool | None, right: Term, b: bool | None) -> None:
    expected = False if False in (a, b) else None if None in (a, b) else True
    assert value(AllOf(terms=(left, right))) is expected


@pytest.mark.parametrize(("left", "a"), VALUES)
@pytest.mark.parametrize(("right", "b"), VALUES)
def test_or_is_kleenes(left: Term, a: bool | None, right: Term, b: bool | None) -> None:
    expected = True if True in (a, b) else None if None in (a, b) else False
    assert value(AnyOf(terms=(left, right))) is expected


@given(st.lists(trees, min_size=2, max_size=4), facts)
def test_not_all_is_any_not(terms: list[Term], known: Facts) -> None:
    left = Not(term=AllOf(terms=tuple(terms)))
    right = AnyOf(terms=tuple(Not(term=term) for term in terms))
    assert truth(condition(left), known) is truth(condition(right), known)


@given(st.lists(trees, min_size=2, max_size=4), facts)
def test_not_any_is_all_not(terms: list[Term], known: Facts) -> None:
    left = Not(term=AnyOf(terms=tuple(terms)))
    right = AllOf(terms=tuple(Not(term=term) for term in terms))
    assert truth(condition(left), known) is truth(condition(right), known)


ORDER = (False, None, True)


def by_order(root: Term, known: Facts) -> bool | None:
    """The same by another road: unknown lies between false and true, "and" is the least, "or" the greatest."""
    if isinstance(root, Not):
        return ORDER[2 - ORDER.index(by_order(root.term, known))]
    if isinstance(root, AllOf | AnyOf):
        values = [ORDER.index(by_order(term, known)) for term in root.terms]
        return ORDER[min(values) if isinstance(root, AllOf) else max(values)]
    return root.truth(known)


@given(trees, facts)
def test_deciding_never_raises_and_unknown_lies_between_false_and_true(root: Term, known: Facts) -> None:
    assert truth(condition(root), known) is by_order(root, known)
    assert decide(condition(root), known).value is by_order(root, known)


@given(trees)
def test_a_condition_about_nothing_known_is_unknown(root: Term) -> None:
    assert truth(condition(root), Facts()) is None


@given(trees, facts)
def test_the_reasons_of_a_condition_are_tests_of_it(root: Term, known: Facts) -> None:
    verdict = decide(condition(root), known)
    assert verdict.because
    assert all(result.test in every_test(root) for result in verdict.because)
    singles = [result for result in verdict.because if not isinstance(result.test, MoneyTest)]
    assert all(result.value is result.test.truth(known) for result in singles)


@given(trees, facts)
def test_what_is_known_never_turns_unknown_when_more_is_known(root: Term, known: Facts) -> None:
    fewer = Facts(money=known.money, numbers={}, words=known.words, flags={})
    less, more = truth(condition(root), fewer), truth(condition(root), known)
    assert less is None or less is more


# Money


def owing(fact: str = "overdue", **amounts: int) -> Facts:
    return Facts(money={fact: {Currency(currency): amount for currency, amount in amounts.items()}})


@pytest.mark.parametrize(
    ("text", "minor", "expected"),
    [
        ("overdue > small", 2_500, False),
        ("overdue > small", 2_501, True),
        ("overdue >= small", 2_500, True),
        ("overdue < small", 2_500, False),
        ("overdue <= small", 2_500, True),
        ("overdue == small", 2_500, True),
        ("overdue != small", 2_500, False),
        ("overdue > 0", 0, False),
        ("overdue > 0", 1, True),
        ("balance > 0", 1, None),
    ],
)
def test_money_is_compared_at_its_bounds(text: str, minor: int, expected: bool | None) -> None:
    assert truth(read(text), owing(EUR=minor)) is expected


def test_money_is_enough_in_any_one_currency() -> None:
    assert truth(read("overdue > small"), owing(EUR=1, USD=2_501)) is True


def test_money_is_never_added_over_currencies() -> None:
    assert truth(read("overdue > small"), owing(EUR=2_000, USD=2_000)) is False


def test_money_in_a_currency_without_a_figure_is_unknown_where_no_other_is_enough() -> None:
    assert truth(read("overdue > small"), owing(EUR=1, GBP=9_999_999)) is None


def test_money_that_is_enough_in_one_currency_needs_no_figure_in_another() -> None:
    assert truth(read("overdue > small"), owing(GBP=9_999_999, EUR=2_501)) is True


def test_nothing_has_a_figure_in_every_currency() -> None:
    assert truth(read("overdue > 0"), owing(CHF=1)) is True


@pytest.mark.parametrize(("text", "expected"), [("overdue <= small", True), ("overdue > small", False)])
def test_an_account_without_any_currency_has_nothing_in_each(text: str, expected: bool) -> None:
    assert truth(read(text), owing()) is expected


@pytest.mark.parametrize(("text", "expected"), [("overdue == 0", True), ("overdue > 0", False)])
def test_an_account_without_any_currency_is_at_zero(text: str, expected: bool) -> None:
    assert truth(read(text), owing()) is expected


def test_the_reason_of_a_money_test_has_its_currency_and_its_figure() -> None:
    verdict = decide(read("overdue > large"), owing(EUR=120_000, USD=5))
    (result,) = verdict.because
    assert (str(result.test), result.found, result.currency, result.figure) == (
        "overdue > large",
        120_000,
        EUR,
        100_000,
    )


def test_a_money_test_that_fails_gives_every_currency_as_a_reason() -> None:
    verdict = decide(read("overdue > large"), owing(EUR=1, USD=2))
    assert [(result.currency, result.found) for result in verdict.because] == [(EUR, 1), (USD, 2)]


def test_an_unknown_money_test_names_the_currency_without_a_figure() -> None:
    verdict = decide(read("overdue > small"), owing(EUR=1, GBP=2))
    assert [(result.currency, result.figure) for result in verdict.because] == [(GBP, None)]


# Numbers


@pytest.mark.parametrize("found", [15, 15.0, Fraction(15)])
@pytest.mark.parametrize(("op", "expected"), [(">", False), (">=", True), ("==", True), ("<=", True), ("<", False)])
def test_days_are_compared_whatever_kind_of_number_they_are(found: float | Fraction, op: str, expected: bool) -> None:
    assert truth(read(f"late_days {op} 15"), Facts(numbers={"late_days": found})) is expected


def test_days_between_two_whole_ones_are_more_than_the_first() -> None:
    assert truth(read("late_days > 15"), Facts(numbers={"late_days": Fraction(151, 10)})) is True


def test_days_early_are_below_zero() -> None:
    assert truth(read("late_days < -3"), Facts(numbers={"late_days": -4})) is True


def test_a_count_may_be_one_of_a_list() -> None:
    assert truth(read("paid_invoices in [1, 2]"), Facts(numbers={"paid_invoices": 2})) is True


@pytest.mark.parametrize(("share", "expected"), [(Fraction(1, 5), False), (Fraction(2, 9), True)])
def test_a_share_is_compared_exactly(share: Fraction, expected: bool) -> None:
    assert truth(read("share_late > 20%"), Facts(numbers={"share_late": share})) is expected


# Words


def named(fact: str, *words: str) -> Facts:
    return Facts(words={fact: words})


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("group == 'Pays by cheque'", ("Pays by cheque",), True),
        ("group == 'Pays by cheque'", ("pays by cheque",), False),
        ("method == cheque", ("Cheque",), True),
        ("method == 'cheque'", ("Cheque",), False),
        ("country == de", ("DE",), True),
        ("country == 'de'", ("DE",), True),
        ("country in [AT, DE]", ("DE",), True),
        ("country in [AT, CH]", ("DE",), False),
        ("country != DE", ("DE",), False),
        ("group == North", ("South", "North"), True),
        ("group != North", ("South", "North"), False),
        ("group != West", ("South", "North"), True),
        ("group == North", (), False),
        ("group != North", (), True),
        ("call.outcome == unreachable", ("unreachable",), True),
    ],
)
def test_a_word_matches_in_quotes_exactly_and_otherwise_in_any_case(
    text: str, words: tuple[str, ...], expected: bool
) -> None:
    assert truth(read(text), named(text.split(maxsplit=1)[0], *words)) is expected


def test_a_word_nobody_knows_is_unknown() -> None:
    assert truth(read("method == cheque"), named("group", "cheque")) is None


# Reasons


def test_a_true_or_is_true_because_of_its_true_terms_only() -> None:
    verdict = decide(read("legal or insured or paused"), FLAGS)
    assert [str(result.test) for result in verdict.because] == ["legal"]


def test_a_false_and_is_false_because_of_its_false_terms_only() -> None:
    verdict = decide(read("legal and insured and paused"), FLAGS)
    assert [str(result.test) for result in verdict.because] == ["insured"]


def test_an_unknown_and_is_unknown_because_of_what_is_not_known() -> None:
    verdict = decide(read("legal and paused"), FLAGS)
    assert [(str(result.test), result.value, result.found) for result in verdict.because] == [("paused", None, None)]


def test_the_reason_behind_a_not_is_the_test_as_it_came_out() -> None:
    verdict = decide(read("not insured"), FLAGS)
    assert [(verdict.value, str(result.test), result.value) for result in verdict.because] == [(True, "insured", False)]
