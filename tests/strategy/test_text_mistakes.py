"""A mistake says where, what is wrong and what would be right, as a compiler does."""

import pytest

from strategy.text.mistakes import Level, Mistake, errors, meant, nearest, shown

MISTAKE = Mistake(
    file="strategies/acme.toml",
    line=2,
    column=9,
    message='"overdu" is no fact',
    right='did you mean "overdue"?',
    width=6,
)
WARNING = Mistake(file="a.toml", line=1, column=None, message="x", right="y", level=Level.WARNING)


def test_a_mistake_is_one_sentence_with_its_place() -> None:
    assert str(MISTAKE) == 'strategies/acme.toml:2:9: "overdu" is no fact; did you mean "overdue"?'


def test_a_mistake_of_a_whole_line_has_no_column() -> None:
    assert str(WARNING) == "a.toml:1: warning: x; y"


def test_a_mistake_is_shown_with_its_line_and_what_is_meant_underlined() -> None:
    assert shown(MISTAKE, 'name = "x"\nwhen = "overdu > 0"\n') == (
        'strategies/acme.toml:2:9: "overdu" is no fact; did you mean "overdue"?\n'
        '    2 | when = "overdu > 0"\n'
        "      |         ^^^^^^"
    )


def test_the_caret_stands_right_behind_tabs() -> None:
    assert shown(MISTAKE, "\n\twhen =\toverdu").split("\n")[2] == "      | \t      \t^^^^^^"


def test_the_line_is_shown_without_what_ends_it_on_windows() -> None:
    assert shown(MISTAKE, 'a\r\nwhen = "overdu"\r\n').split("\n")[1] == '    2 | when = "overdu"'


def test_a_caret_never_passes_the_end_of_the_line() -> None:
    assert shown(MISTAKE, "\nabcdefghij").split("\n")[2] == "      |         ^^"


def test_a_mistake_at_the_end_of_a_line_stands_behind_it() -> None:
    assert shown(MISTAKE, "\nabcdefgh").split("\n")[2] == "      |         ^"


def test_a_mistake_of_a_whole_line_shows_no_caret() -> None:
    assert shown(WARNING, "abc") == "a.toml:1: warning: x; y\n    1 | abc"


def test_a_mistake_in_a_text_that_is_not_at_hand_is_its_sentence() -> None:
    assert shown(MISTAKE, "") == str(MISTAKE)


def test_a_very_long_line_is_cut() -> None:
    assert len(shown(WARNING, "a" * 5000).split("\n")[1]) == 169


def test_only_errors_stop_a_text_from_being_used() -> None:
    assert errors([MISTAKE, WARNING]) == (MISTAKE,)


@pytest.mark.parametrize(
    ("word", "expected"), [("overdu", "overdue"), ("Overdue", "overdue"), ("lates_day", "late_days"), ("xyz", None)]
)
def test_the_nearest_word_is_the_one_that_was_probably_meant(word: str, expected: str | None) -> None:
    assert nearest(word, ["overdue", "late_days"]) == expected


def test_where_no_word_is_near_all_of_them_are_named() -> None:
    assert meant("xyz", ["mon", "tue"]) == "write one of mon, tue"
    assert meant("xyz", {"b", "a"}) == "write one of a, b"


def test_where_there_is_nothing_to_name_the_word_is_too_much() -> None:
    assert meant("xyz", []) == "leave it out"
