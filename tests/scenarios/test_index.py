"""The tables of README.md: nothing is missing there, and everything that they name is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import strategy
from strategy import explain, holds
from strategy.agreements import HoldKind
from strategy.rules import Anchor
from strategy.text.grammar.at import read_at
from strategy.text.parts import keys, ladder_keys, segment_keys
from strategy.text.table import Wrong
from tests.scenarios.index import Guard, guards, of
from tests.scenarios.playing import as_told
from tests.scenarios.reading import names, story
from tests.scenarios.switches import SWITCHES

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "Settings of a step": ladder_keys.STEP_KEYS,
    "Settings of contact": keys.CONTACT_KEYS,
    "Settings of holds": keys.HOLDS_KEYS,
    "Settings of start": keys.START_KEYS,
    "Settings of plan": keys.PLAN_KEYS,
    "Settings of a segment": segment_keys.SEGMENT_KEYS,
    "Settings of the statement": keys.STATEMENT_KEYS,
    "Settings of thanks": keys.THANKS_KEYS,
    "Settings of a trigger": segment_keys.TRIGGER_KEYS,
}
FORMS = {"N business days", "every N times N"}
"""Of any day."""

IN_STORIES = [one for one in guards() if one.story]
IN_TESTS = sorted({one.test for one in (*guards(), *guards(ROOT / "tests" / "README.md")) if one.test})


def whats(part: str) -> set[str]:
    return {one.what for one in of(part)}


def given_codes() -> set[str]:
    """Every code that a decision gives as a reason; `why_not` explains what was not decided."""
    files = [file for file in Path(strategy.__file__).parent.glob("*.py") if file.name != "why_not.py"]
    sources = [file.read_text("utf-8") for file in files]
    written = {code for source in sources for code in re.findall(r'[rR]eason\(\s*(?:code=)?"(\w+)"', source)}
    return written | {holds.PLANNED, holds.CREDIT_COVERS} | set(HoldKind)


@cache
def held_in(name: str) -> frozenset[str]:
    """The codes by which something is held in a story, as it is told."""
    rows = [row.text for row in story(name).expected if row.text.startswith("held ")]
    behind = [re.sub(r"waiting for \S+", "waiting", row.rsplit(": ", 1)[1]) for row in rows]
    return frozenset(code for codes in behind for code in codes.replace(",", " ").split())


def said_in(name: str) -> frozenset[str]:
    """The codes of why something is said or asked in a story."""
    return as_told(name)[1]


def test_every_story_is_named() -> None:
    assert {one.story for one in IN_STORIES} == set(names())


@pytest.mark.parametrize("guard", IN_STORIES, ids=lambda one: f"{one.part}: {one.what}")
def test_a_rule_that_is_named_is_switched_off_in_its_story(guard: Guard) -> None:
    """That the story goes wrong then is for `test_stories.py` to see."""
    assert guard.rule in {switch.rule for switch in SWITCHES[guard.story]}


@pytest.mark.parametrize("test", IN_TESTS)
def test_a_test_that_is_named_is_there(test: str) -> None:
    file, name = test.split("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_complaint_is_answered() -> None:
    numbers = [int(one.what.split()[0]) for one in of("Complaints")]
    assert sorted(set(numbers)) == list(range(1, 25))
    assert numbers == sorted(numbers)


def test_every_law_of_timing_is_guarded_by_a_story() -> None:
    assert {int(one.what.split()[0]) for one in of("Laws of timing")} == set(range(1, 8))
    assert all(one.story for one in of("Laws of timing"))


def test_every_day_that_may_be_written_is_in_a_story() -> None:
    """All anchors, in business days and repeated."""
    for one in of("Days"):
        written = f"due + 1 {one.what}" if one.what in FORMS else one.what
        at = read_at(written.replace("1 N", "1").replace("N", "2").replace("STEP", "first"))
        assert not isinstance(at, Wrong)
        assert one.story
    begins = {one.what.split(" + ")[0].split(" - ")[0] for one in of("Days")}
    assert begins == {*(anchor.value for anchor in Anchor if anchor is not Anchor.STEP), "STEP", *FORMS}


@pytest.mark.parametrize("part", SETTINGS)
def test_every_setting_that_may_be_written_is_guarded(part: str) -> None:
    assert {key.name for key in SETTINGS[part]} <= whats(part)


def test_every_hold_is_in_its_story() -> None:
    assert whats("Holds") >= set(HoldKind)
    assert {code for name in names() for code in held_in(name)} <= whats("Holds")
    assert [one.what for one in of("Holds") if one.story and one.what not in held_in(one.story)] == []


def test_every_reason_is_in_its_story() -> None:
    assert whats("Holds") | whats("Reasons") == given_codes() <= set(explain.SENTENCES)
    assert [one.what for one in of("Reasons") if one.story and one.what not in said_in(one.story)] == []
