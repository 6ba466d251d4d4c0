"""Broken strategies, each with everything that is said about it: the files in data/broken, told in lines of "#> "."""

from collections.abc import Callable
from pathlib import Path

import pytest

from strategy.text.mistakes import errors
from strategy.text.parse import Parsed, parse
from strategy.text.parts.inherit import SourceText

BROKEN = sorted((Path(__file__).parent / "data" / "broken").glob("*.toml"))
HOUSES = {"circle": 'inherits = "acme"\n', "broken": '[contact]\ngap = "five"\n'}


def finding(own: SourceText) -> Callable[[str], SourceText | None]:
    """The strategy itself as "acme", and two houses."""
    houses = {name: SourceText(file=f"{name}.toml", text=text) for name, text in HOUSES.items()}
    return ({"acme": own} | houses).get


def read(path: Path) -> tuple[Parsed, list[str]]:
    source = SourceText(file=path.name, text=path.read_text("utf-8"))
    told = [line.removeprefix("#> ") for line in source.text.splitlines() if line.startswith("#> ")]
    return parse(source.text, source.file, finding(source)), told


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_everything_that_is_wrong_is_told_in_one_pass(path: Path) -> None:
    parsed, told = read(path)
    assert [str(mistake) for mistake in parsed.mistakes] == told


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_strategy_with_errors_is_none_and_one_with_warnings_is(path: Path) -> None:
    parsed, _ = read(path)
    assert (parsed.strategy is None) == bool(errors(parsed.mistakes))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_is_meant_can_be_underlined(path: Path) -> None:
    parsed, told = read(path)
    blocks = parsed.shown().split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == told
    assert all("^" in block for mistake, block in zip(parsed.mistakes, blocks, strict=True) if mistake.column)


def test_no_broken_strategy_is_left_out() -> None:
    assert len(BROKEN) >= 100
