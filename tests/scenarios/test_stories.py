"""Stories of an account's weeks, told day by day in the text files here; and that each of them guards its rule."""

import re

import pytest
from msgspec.structs import replace

from tests.scenarios.playing import Broken, as_told, play
from tests.scenarios.reading import Story, names, read, story, table
from tests.scenarios.switches import SWITCHES, Switch
from tests.scenarios.words.telling import WORDS


def told(one: Story, actual: str) -> str:
    """Both tables, for whoever reads the failure."""
    return f"{one.title}\n\n{one.rule}\n\nexpected\n\n{table(one.expected)}\n\nactual\n\n{actual}"


@pytest.mark.parametrize("name", names())
def test_a_story_goes_as_it_is_told(name: str) -> None:
    one = story(name)
    actual = table(as_told(name)[0])
    if actual != table(one.expected):
        pytest.fail(told(one, actual), pytrace=False)


EVERY_SWITCH = [
    pytest.param(name, switch, id=f"{name}: {switch.rule}")
    for name, switches in SWITCHES.items()
    for switch in switches
]


@pytest.mark.parametrize(("name", "switch"), EVERY_SWITCH)
def test_a_story_goes_wrong_without_its_rule(name: str, switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    one = story(name)
    for target, instead in switch.patches:
        monkeypatch.setattr(target, instead)
    one = replace(one, strategy_text=switch.text(one.strategy_text))
    try:
        actual = table(play(one))
    except Broken:
        return
    assert actual != table(one.expected)


def test_every_story_guards_a_rule() -> None:
    assert sorted(SWITCHES) == names()


def test_every_word_is_used_in_some_story() -> None:
    rows = [row.text for name in names() for row in story(name).happens]
    assert [pattern for pattern, _ in WORDS if not any(re.fullmatch(pattern, row) for row in rows)] == []


BEGIN = """A title

A rule.

days      2 Mar 2026 to 6 Mar 2026
strategy  standard
history   none

day         | what happens
"""
END = """
day         | what leaves, what is held
Mon  2 Mar  | nothing is open
"""


def test_a_wrong_weekday_is_noticed() -> None:
    with pytest.raises(AssertionError, match=r"Tue 2 Mar .*is a Mon"):
        read("story", f"{BEGIN}Tue 2 Mar | ledger is in balance\n{END}")


def test_words_that_nobody_knows_are_named() -> None:
    with pytest.raises(ValueError, match="Mon 2 Mar: nobody knows what this means: the moon is full"):
        play(read("story", f"{BEGIN}Mon  2 Mar  | the moon is full\n{END}"))


def test_what_happens_after_the_last_day_is_noticed() -> None:
    with pytest.raises(AssertionError, match="goes on after the last day"):
        play(read("story", f"{BEGIN}Mon  9 Mar  | ledger is in balance\n{END}"))
