"""Where things stand in a TOML text, and what breaks the rule of one setting per line. For config.toml too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.text.lines import Path, scan
from strategy.text.nodes import Mark, Node, load, made

TEXT = """\
# a comment
name = "acme"   # and another

[contact]
  gap  = 5
most   = { contacts = 4, days = 30 }
to     = ["billing", 'owner']

[schedule."very late"]
first = { at = "due + 1", say = "friendly # not a comment" }

[[segment]]
name = "a"

[[segment]]
name = "b"
[segment.contact]
gap = 3
"""


@pytest.mark.parametrize(
    ("path", "line", "column", "value"),
    [
        (("name",), 2, 1, 8),
        (("contact",), 4, 1, 1),
        (("contact", "gap"), 5, 3, 10),
        (("contact", "most"), 6, 1, 10),
        (("contact", "most", "days"), 6, 26, 33),
        (("contact", "to", 0), 7, 11, 11),
        (("contact", "to", 1), 7, 22, 22),
        (("schedule", "very late", "first", "say"), 10, 27, 33),
        (("segment", 0), 12, 1, 1),
        (("segment", 0, "name"), 13, 1, 8),
        (("segment", 1, "name"), 16, 1, 8),
        (("segment", 1, "contact", "gap"), 18, 1, 7),
    ],
)
def test_a_setting_is_found_by_its_names(path: Path, line: int, column: int, value: int) -> None:
    spot = scan(TEXT, "x.toml").spots[path]
    assert (spot.line, spot.column, spot.value) == (line, column, value)


def test_a_value_is_kept_as_it_was_written() -> None:
    spots = scan(TEXT, "x.toml").spots
    assert spots["contact", "most"].raw == "{ contacts = 4, days = 30 }"
    assert spots["schedule", "very late", "first", "say"].raw == '"friendly # not a comment"'


def test_a_text_that_keeps_the_rule_has_no_mistakes() -> None:
    assert scan(TEXT, "x.toml").mistakes == ()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_may_end_as_on_windows(ending: str) -> None:
    loaded = load(TEXT.replace("\n", ending), "x.toml")
    assert loaded.mistakes == ()
    assert loaded.root is not None


def test_the_mark_that_some_editors_put_first_is_passed_over() -> None:
    assert load("\ufeff" + TEXT, "x.toml").mistakes == ()


def told(text: str) -> list[str]:
    return [str(mistake) for mistake in load(text, "x.toml").mistakes]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a.b = 1", 'x.toml:1:1: a dotted name, "a.b"; write b in a table [a]'),
        ("[t]\na.b = 1", 'x.toml:2:1: a dotted name, "a.b"; write b in a table [t.a]'),
        ("t = { a.b = 1 }", 'x.toml:1:7: a dotted name, "a.b"; write b in a table [t.a]'),
        ('a = """b"""', 'x.toml:1:5: a text in triple quotes; write it on one line in single "quotes"'),
        ("a = '''\nb\n'''\nc = 1", 'x.toml:1:5: a text in triple quotes; write it on one line in single "quotes"'),
        ("a = [1,\n 2]\nb = 1", "x.toml:1:5: a list over several lines; write it on one line"),
        ('a = [ # why\n "]",\n]\nb = 1', "x.toml:1:5: a list over several lines; write it on one line"),
        ("a = [1, 2\nb = 1", 'x.toml:1:5: this bracket is not closed on its line; close it: "]"'),
        ("a = { b = 1\nc = 1", 'x.toml:1:5: this bracket is not closed on its line; close it: "}"'),
        ("a = { b = [1, 2 }\nc = 1", "x.toml:1:17: this [ is not closed on its line; close it: ]"),
        ("a = 1\nb = 2\na = 3", 'x.toml:3:1: "a" is set twice; it stands in line 1 already: keep one of the two'),
        ("[a]\n[b]\n[a]", 'x.toml:3:1: "a" is set twice; it stands in line 1 already: keep one of the two'),
        ("a = {}\n[a]", 'x.toml:2:1: "a" is set twice; it stands in line 1 already: keep one of the two'),
        ("a = { b = 1, b = 2 }", 'x.toml:1:14: "b" is set twice; it stands here already: keep one of the two'),
        ('a = "b\nc = 1', 'x.toml:1:7: the text is not closed on its line; close it: "'),
        ("a = b", 'x.toml:1:5: it cannot be read; put texts in "quotes", write numbers without'),
        ("a = “b”", 'x.toml:1:5: a curly quote, “; write a straight one: "'),
        ("a", 'x.toml:1: after a name comes "="; write name = value'),
        ("a = 1 b = 2", "x.toml:1:7: more stands on this line than one setting; give each setting a line of its own"),
        ("[a", "x.toml:1: the heading is not closed; write [table], or [[table]] for each of several"),
        ("= 3", "x.toml:1:1: it is neither a setting nor a heading; write name = value, or [table]"),
        ('a = "\\q"', "x.toml:1:8: a backslash in a text; write it twice, or put the text in 'single quotes'"),
        (
            "a = 2026-02-30",
            "x.toml:1:5: this is not TOML: Invalid date or datetime; write name = value, texts in quotes",
        ),
    ],
)
def test_a_mistake_of_form_is_told_with_its_place(text: str, mistake: str) -> None:
    assert [each[: len(mistake)] for each in told(text)] == [mistake]


def test_a_text_in_triple_quotes_that_never_ends_spoils_its_own_line_only() -> None:
    assert told('a = """b\nc = d') == [
        'x.toml:1:5: a text in triple quotes; write it on one line in single "quotes"',
        'x.toml:2:5: it cannot be read; put texts in "quotes", write numbers without',
    ]


def test_every_line_that_cannot_be_read_is_told_in_one_pass() -> None:
    assert [mistake.line for mistake in load("a = x\nb = 1\nc = y\nd = \n", "x.toml").mistakes] == [1, 3, 4]


def table(node: Node | None) -> dict[str, Node]:
    assert node is not None
    assert node.table is not None
    return dict(node.table)


def test_a_line_that_cannot_be_read_leaves_its_setting_marked_and_the_others_sound() -> None:
    inside = table(load("[t]\na = x\nb = 1\n", "x.toml").root)["t"]
    assert {name: node.value for name, node in table(inside).items()} == {"a": Mark.BROKEN, "b": 1}


def test_of_a_setting_that_stands_twice_the_first_counts() -> None:
    assert {name: node.value for name, node in table(load("a = 1\na = 2\n", "x.toml").root).items()} == {"a": 1}


def test_tables_that_cannot_be_told_apart_are_no_tree() -> None:
    assert load("[a]\nb = 1\n[a]\nb = 2\n", "x.toml").root is None


def test_a_number_with_a_point_is_exact() -> None:
    assert table(load("a = 0.1", "x.toml").root)["a"].value == Decimal("0.1")


@pytest.mark.parametrize(
    ("written", "index", "column"),
    [('"abc"', 0, 6), ('"abc"', 2, 8), (r'"a\"bc"', 2, 9), (r'"\u00e9bc"', 1, 12), (r"'a\bc'", 2, 8), ('"abc"', 3, 9)],
)
def test_a_character_of_a_text_is_found_behind_escapes(written: str, index: int, column: int) -> None:
    assert table(load(f"a = {written}", "x.toml").root)["a"].inside(index).column == column


def test_a_character_of_a_default_has_no_column() -> None:
    assert made("abc").inside(1).column is None


def test_reading_goes_on_behind_a_list_over_several_lines() -> None:
    spots = scan("a = [1,\n 2]\nb = 1\n[c]\n", "x.toml").spots
    assert (spots["b",].line, spots["c",].line) == (3, 4)


def test_a_second_setting_on_a_line_is_found_where_it_stands() -> None:
    spot = scan("a = 1   b = 2", "x.toml").spots["b",]
    assert (spot.column, spot.value) == (9, 13)


@given(st.text(st.sampled_from("ab=.[]{}\"'#,\\ \n\t01\r“\x00")), st.booleans())
def test_any_text_is_a_tree_or_has_mistakes_on_lines_that_exist(text: str, windows: bool) -> None:
    whole = text.replace("\n", "\r\n") if windows else text
    loaded = load(whole, "x.toml")
    assert loaded.root is not None or loaded.mistakes
    assert all(1 <= mistake.line <= whole.count("\n") + 1 for mistake in loaded.mistakes)


@pytest.mark.parametrize("text", ["a = " + "[" * 500 + "]" * 500, "a = " + "9" * 5000, "a=1 " * 3000, "[" * 3000])
def test_absurd_texts_are_mistakes_too(text: str) -> None:
    assert load(text, "x.toml").mistakes
