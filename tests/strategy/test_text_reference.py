"""docs/strategy.md is what the code says, and says all that the code knows."""

import re
from pathlib import Path

import pytest

from strategy.text.grammar.facts import FACTS, OUTCOMES
from strategy.text.parse import parse
from strategy.text.parts import keys
from strategy.text.reference import LINTS, reference
from strategy.text.table import Key

PAGE = Path(__file__).parents[2] / "docs" / "strategy.md"


def test_the_page_is_what_the_code_generates() -> None:
    assert PAGE.read_text("utf-8") == reference(), "python -m strategy.text.reference > docs/strategy.md"


EVERY_KEY = [value for value in vars(keys).values() if isinstance(value, Key)]


@pytest.mark.parametrize("key", EVERY_KEY, ids=lambda key: key.name)
def test_every_setting_is_on_the_page_with_its_meaning(key: Key[object]) -> None:
    assert key is keys.ONE_LANGUAGE or (f"| `{key.name}` |" in reference() and key.meaning in reference())


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_every_fact_is_on_the_page(fact: object) -> None:
    assert f"| `{getattr(fact, 'name', '')}` | {getattr(fact, 'meaning', '')} |" in reference()


def test_every_outcome_is_on_the_page() -> None:
    assert all(f"| `{name}` | {meaning} |" in reference() for name, meaning in OUTCOMES.items())


def test_every_lint_says_what_to_do() -> None:
    assert all(all(lint) for lint in LINTS)


def test_the_examples_on_the_page_that_are_whole_strategies_parse() -> None:
    texts = re.findall(r"```toml\n(.*?)```", reference(), re.DOTALL)
    assert texts
    assert all(parse(text, "docs/strategy.md", lambda _: None).mistakes == () for text in texts)


@pytest.mark.parametrize("key", [key for key in EVERY_KEY if key.default.startswith("`")], ids=lambda key: key.name)
def test_a_documented_default_is_one_that_can_be_written(key: Key[object]) -> None:
    assert not key.default.strip("`").startswith("`")
    assert key.default.strip("`") in key.written or key in (keys.MINIMUM, keys.PLAN_LEAST)
