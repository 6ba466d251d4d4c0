"""Conditions are read as written, and printed as read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.conditions import AllOf, AnyOf, Facts, MoneyTest, Not, Term, truth
from strategy.text.grammar.condition import read_condition
from strategy.text.grammar.implies import implies, overlap
from tests.strategy.condition_trees import EUR, SCOPE, USD, condition, facts, trees
from tests.strategy.test_conditions import read


@given(trees)
def test_a_tree_printed_and_read_again_is_the_same_tree(root: Term) -> None:
    parsed, wrongs = read_condition(str(root), SCOPE)
    assert wrongs == ()
    assert parsed is not None
    assert parsed.root == root


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_has_mistakes_inside_it(text: str) -> None:
    parsed, wrongs = read_condition(text, SCOPE)
    assert (parsed is None) == bool(wrongs)
    assert all(0 <= (wrong.index or 0) <= len(text) for wrong in wrongs)


TOKENS = ["overdue", "late_days", "insolvent", "country", "and", "or", "not", "in", "(", ")", "[", "]", ",", ">", "=="]


@given(st.lists(st.sampled_from([*TOKENS, "0", "3", "20%", "large", "DE", "'x'", "call.outcome", "=", "'"])))
def test_any_words_of_the_grammar_are_a_condition_or_have_mistakes(words: list[str]) -> None:
    parsed, wrongs = read_condition(" ".join(words), SCOPE)
    assert (parsed is None) == bool(wrongs)


def test_and_binds_closer_than_or() -> None:
    root = read("legal or insured and paused").root
    assert root == AnyOf(terms=(read("legal").root, read("insured and paused").root))


def test_not_binds_closest() -> None:
    root = read("not legal and insured").root
    assert root == AllOf(terms=(Not(term=read("legal").root), read("insured").root))


def test_brackets_keep_what_belongs_together() -> None:
    assert str(read("(legal or insured) and not (paused or legal)").root) == (
        "(legal or insured) and not (paused or legal)"
    )


def test_spaces_do_not_matter() -> None:
    assert read("overdue>large and(late_days>=3)").root == read(" overdue > large  and late_days >= 3 ").root


def test_a_condition_keeps_the_text_that_was_written() -> None:
    assert read("overdue>large").text == "overdue>large"


def test_an_amount_is_read_with_its_figures() -> None:
    assert read("overdue > small").root == MoneyTest(
        fact="overdue", op=">", amount="small", figures={EUR: 2_500, USD: 2_500}
    )


def test_a_country_may_be_called_like_a_word_of_the_grammar() -> None:
    assert str(read("country in [IN, OR, US]").root) == "country in [IN, OR, US]"


def test_brackets_may_go_twenty_deep_and_no_deeper() -> None:
    assert read_condition("(" * 20 + "legal" + ")" * 20, SCOPE)[0] is not None
    parsed, (wrong,) = read_condition("(" * 21 + "legal" + ")" * 21, SCOPE)
    assert (parsed, wrong.index) == (None, 20)


def test_brackets_side_by_side_are_not_deep() -> None:
    assert read_condition(" and ".join(["(legal)"] * 30), SCOPE)[0] is not None


def test_every_unknown_word_of_a_condition_is_told_at_once() -> None:
    _, wrongs = read_condition("overdu > 0 and (lat_days > 3 or country in [Germany])", SCOPE)
    assert [wrong.message for wrong in wrongs] == [
        '"overdu" is no fact',
        '"lat_days" is no fact',
        '"Germany" is no code of a country',
    ]


# What two conditions have to do with each other


@given(trees, trees, facts)
def test_what_implies_another_is_never_true_alone(first: Term, second: Term, known: Facts) -> None:
    for one, other in ((first, second), (AllOf(terms=(first, second)), second), (first, AnyOf(terms=(first, second)))):
        if implies(one, other) and truth(condition(one), known):
            assert truth(condition(other), known) is True


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("late_days > 10", "late_days > 3", True),
        ("late_days > 3", "late_days > 10", False),
        ("late_days > 3", "late_days >= 3", True),
        ("late_days >= 3", "late_days > 3", False),
        ("late_days == 3", "late_days != 4", True),
        ("late_days in [3, 4]", "late_days < 5", True),
        ("late_days in [3, 5]", "late_days < 5", False),
        ("late_days > 3", "known_days > 3", False),
        ("overdue > large", "overdue > 0", True),
        ("overdue > large", "overdue > small", False),
        ("overdue > small", "overdue > large", False),
        ("overdue > 0", "overdue >= 0", True),
        ("overdue > 0", "overdue > small", False),
        ("country == DE", "country in [DE, AT]", True),
        ("country in [DE, AT]", "country == DE", False),
        ("country == DE", "country != AT", False),
        ("group == north", "group == 'north'", False),
        ("group == 'north'", "group == north", True),
        ("legal and late_days > 10", "late_days > 3", True),
        ("legal", "legal or late_days > 3", True),
        ("legal or insured", "legal", False),
        ("late_days > 10", "late_days > 3 and late_days > 5", True),
    ],
)
def test_one_condition_implies_another_where_that_is_sure(first: str, second: str, expected: bool) -> None:
    assert implies(read(first).root, read(second).root) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("late_days > 3", "late_days <= 10", "late_days above 3 and to 10"),
        ("late_days < 3", "late_days > 10", None),
        ("late_days >= 3", "late_days <= 3", "late_days = 3"),
        ("late_days > 3", "late_days > 10", None),
        ("share_late > 20%", "share_late < 50%", "share_late above 20% and below 50%"),
        ("country in [DE, AT]", "country in [at, CH]", "country AT"),
        ("country in [DE, AT]", "country in [CH, FR]", None),
        ("country != DE", "country in [DE, AT]", None),
        ("late_days > 3", "known_days < 10", None),
    ],
)
def test_conditions_overlap_where_both_can_be_true(first: str, second: str, expected: str | None) -> None:
    assert overlap(read(first).root, read(second).root) == expected
