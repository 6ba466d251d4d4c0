"""The version of a strategy is that of its rules, however and wherever they are written."""

import pytest

from tests.strategy.texts import SHORT, TRIGGERS, conditional, strategy


def test_a_version_is_the_same_on_every_machine() -> None:
    assert strategy(SHORT).version == "e36ec45e8ef0"


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n\n" + SHORT,
        SHORT.replace("due + 3", "due+3"),
        SHORT.replace("\n", "\r\n"),
        "[contact]\ngap = 5\n" + SHORT,
        'strategy = "acme"\n' + SHORT,
    ],
)
def test_a_version_does_not_change_with_the_way_of_writing(text: str) -> None:
    assert strategy(text).version == strategy(SHORT).version


def test_a_version_is_the_same_wherever_rules_are_inherited_from() -> None:
    assert strategy('inherits = "house"\n', house=SHORT).version == strategy(SHORT).version


@pytest.mark.parametrize(
    "text",
    [
        SHORT.replace("due + 3", "due + 4"),
        SHORT.replace("friendly", "firm"),
        SHORT.replace("everyone", "all"),
        "[contact]\ngap = 6\n" + SHORT,
        "[amounts]\nsmall = { EUR = 1 }\n" + SHORT,
        SHORT + TRIGGERS,
    ],
)
def test_a_version_changes_with_every_rule(text: str) -> None:
    assert strategy(text).version != strategy(SHORT).version


def test_a_version_changes_with_a_condition_and_not_with_its_spaces() -> None:
    first, second = strategy(conditional("group == North")), strategy(conditional("group == South"))
    assert first.version != second.version
    assert strategy(conditional("group  ==  North")).version == first.version


def test_a_version_tells_and_from_or() -> None:
    both, either = conditional("legal and insured"), conditional("legal or insured")
    assert strategy(both).version != strategy(either).version
