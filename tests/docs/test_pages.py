"""What the documentation says is so: its links lead somewhere, and its commands exist."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from connectors.oauth import AppSettings
from connectors.quickbooks import connecting as quickbooks
from connectors.xero import connecting as xero
from dunwell.cli.main import cli
from dunwell.config import keys
from strategy.text.table import Key
from tests.data import DATA
from tests.docs.pages import PAGES, ROOT, blocks, prose, quoted

COMMAND: Final = re.compile(r"(?:dunwell|make) \S")
_LINK: Final = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"(?m)^#+ +(.+)$")
_FOLDERS: Final = frozenset(
    ".git .venv .prism .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache".split()
)
_BELONGS_ELSEWHERE: Final = re.compile(
    "|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + "js", r"(?<![\w}])/(?:root|home|Users)/"))
)
"""Where packages are fetched from, and whose machine something was made on, is nobody's business but that machine's."""


def anchors(page: Path) -> set[str]:
    """What a link may point at on a page, as GitHub names it."""
    headings = _HEADING.findall(prose(page))
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert file.is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(file), target


def typed() -> Iterator[tuple[str, str]]:
    """Every command that a page tells people to type, with the page."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "sh":
                yield from ((page.name, line) for line in block.text.splitlines() if COMMAND.match(line))


def spoken_of() -> Iterator[tuple[str, str]]:
    """Every command in the text of a page, with the page."""
    return ((page.name, line) for page in PAGES for line in quoted(page) if COMMAND.match(line))


def words(line: str) -> list[str]:
    """A command's words, as a shell splits them; what another command would print is some day."""
    return shlex.split(re.sub(r"\$\([^)]*\)", "2026-11-24", line), comments=True)


def parsed(command: click.Command, name: str, args: list[str], above: click.Context | None = None) -> None:
    """Let a command read its words, and do nothing. Raises `click.UsageError`."""
    try:
        context = command.make_context(name, args, parent=above)
    except click.exceptions.Exit:
        return  # --help
    if isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        name_below, below, rest = command.resolve_command(context, rest)
        assert below is not None
        parsed(below, name_below or "", rest, context)


TYPED, SPOKEN_OF = sorted(set(typed())), sorted(set(spoken_of()))


def lines(found: list[tuple[str, str]], program: str) -> list[str]:
    return sorted({line for _, line in found if line.startswith(f"{program} ")})


@pytest.mark.parametrize("line", lines(TYPED, "dunwell"))
def test_every_command_can_be_typed_as_it_stands(line: str) -> None:
    try:
        parsed(cli, "dunwell", words(line)[1:])
    except click.UsageError as error:
        pytest.fail(error.format_message())


@pytest.mark.parametrize("line", lines(SPOKEN_OF, "dunwell"))
def test_every_command_that_is_spoken_of_is_there(line: str) -> None:
    """It may leave out what it is about: `dunwell plan`."""
    try:
        parsed(cli, "dunwell", words(line)[1:])
    except (click.MissingParameter, click.exceptions.NoArgsIsHelpError):
        pass
    except click.UsageError as error:
        pytest.fail(error.format_message())


@pytest.mark.parametrize("line", lines([*TYPED, *SPOKEN_OF], "make"))
def test_every_target_of_make_is_there(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in (word for word in words(line)[1:] if "=" not in word):
        assert re.search(rf"(?m)^{re.escape(target)}:", makefile), target


def test_commands_are_found_on_the_pages() -> None:
    assert {page for page, _ in TYPED} >= {"README.md", "quickstart.md"}
    assert len(TYPED) > 30


def test_every_setting_that_a_page_shows_is_one() -> None:
    """Also in pieces of config.toml, which `config.example.toml` has whole."""
    known = {one.name for one in vars(keys).values() if isinstance(one, Key)}
    shown = "".join(block.text for page in PAGES for block in blocks(page) if "[ledgers." in block.text)
    named = set(re.findall(r"(?m)^(\w+) *= ", shown))
    assert named
    assert named - known <= {"owner", "bookkeeper"}, "a table of people has roles"


def files() -> Iterator[Path]:
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in _FOLDERS and name != "__pycache__"]
        yield from (Path(folder) / name for name in names)


def test_no_file_says_where_packages_come_from_or_on_whose_machine_it_was_made() -> None:
    found = []
    for file in files():
        if file.suffix in {".pdf", ".pyc"} or file == Path(__file__) or file.is_relative_to(DATA):
            continue
        text = file.read_bytes().decode("utf-8", "replace")
        found += [f"{file.relative_to(ROOT)}: {match[0]}" for match in _BELONGS_ELSEWHERE.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", ["build", "run", "keyring", "dev"])
def test_every_dependency_has_its_reason(name: str) -> None:
    listed = (ROOT / "requirements" / f"{name}.in").read_text("utf-8")
    asked = set(re.findall(r"(?m)^([a-z][\w.-]+)", listed))
    reasons = prose(ROOT / "docs" / "decisions.md")
    assert {one for one in asked if f"**{one}**" not in reasons} == set()


def test_the_readme_names_the_scopes_that_are_asked_for() -> None:
    settings = AppSettings(client_id="", client_secret=None)
    scopes = {*quickbooks.app(settings).scopes, *xero.app(settings).scopes}
    named = set(re.findall(r"`((?:com\.intuit|accounting|offline)[\w.]+)`", prose(ROOT / "README.md")))
    assert named == scopes


def test_the_readme_shows_what_the_demo_prints() -> None:
    """`make docs` takes the picture; it fetches nothing, and tells of a demo whose three sides agree."""
    picture = (ROOT / "docs" / "demo.svg").read_text("utf-8").replace("&#160;", " ")
    assert "All three sides agree; nothing went twice." in picture
    assert not re.search(r"@font-face|@import|url\(http", picture)
