"""One word per idea: the glossary has every word that people meet, and words that mean the same are used nowhere."""

import re
from collections.abc import Iterator
from enum import StrEnum

import click
import pytest

from dunwell.agreements.disputes import Category
from dunwell.cli.main import cli
from strategy import shipped
from strategy.account import TieOutState, UnappliedKind
from strategy.agreements import DisputeOutcome, Every, HoldKind
from strategy.decision import Stage, TouchpointKind
from strategy.explain import SENTENCES
from strategy.model import CreditKind, DocumentStatus
from strategy.plans import Standing
from strategy.promises import Verdict
from strategy.rules import Verb
from strategy.statement import StatementKind
from strategy.text.reference import reference
from sync.store.outbox import State
from tests.docs.pages import PAGES, ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"

DESIGN = """
firm ledger customer account invoice payment credit allocation receivable days_overdue aging_bucket strategy segment
schedule step stage case touchpoint hold promise dispute plan claim escalation task profile outbox write-back cursor
cycle tie-out
"""
"""The words that the design rests on."""

ENUMS: tuple[type[StrEnum], ...] = (
    State,
    TouchpointKind,
    Stage,
    HoldKind,
    UnappliedKind,
    CreditKind,
    DocumentStatus,
    TieOutState,
    StatementKind,
    Verdict,
    Verb,
    DisputeOutcome,
    Every,
    Standing,
    Category,
)
"""Whose values people see."""

NEVER = re.compile(
    r"\b([Dd]ebtors?|partners?|AR items|[Hh]andl(?:es?|ed|ing)|(?:HTTP|API) clients?|[Pp]rocess(?:ed|ing)|to process)\b"
)


def explained() -> set[str]:
    """The words of the glossary, printed bold, or slanted where they belong to another."""
    return {one.strip("*") for one in re.findall(r"\*\*?[^*|]+\*\*?", GLOSSARY.read_text("utf-8"))}


@pytest.mark.parametrize("word", DESIGN.split())
def test_every_word_of_the_design_is_explained(word: str) -> None:
    assert f"| **{word.replace('_', ' ')}** |" in GLOSSARY.read_text("utf-8")


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_word_that_people_see_is_explained(enum: type[StrEnum]) -> None:
    assert {one.value.replace("_", " ").replace("-", " ") for one in enum} <= explained()


def seen_by_people() -> Iterator[tuple[str, str]]:
    """Every text that a user reads, with where it stands."""
    for page in PAGES:
        if page != GLOSSARY:
            yield page.name, page.read_text("utf-8")
    for file in ("config.example.toml", "dunwell/config/starter.toml", "dunwell/config/house.toml"):
        yield file, (ROOT / file).read_text("utf-8")
    yield "strategy reference", reference()
    yield "reasons", "\n".join(SENTENCES.values())
    for name in shipped.names():
        yield name, shipped.text(name)
    for (language, name), letter in shipped.letters().items():
        if language == "en":
            yield f"letter {name}", letter
    yield from helps(cli, "dunwell")


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """The help of a command and of all below it."""
    context = click.Context(command, info_name=name)
    yield f"{name} --help", command.get_help(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from helps(found, f"{name} {inner}")


def test_what_people_read_uses_no_other_word_for_the_same() -> None:
    found = [(where, word[0]) for where, text in seen_by_people() for word in NEVER.finditer(text)]
    assert found == []
