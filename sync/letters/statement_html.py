"""The statement on a screen: one HTML page that needs nothing else, with the same words as the PDF."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from strategy.statement import Statement
from sync.letters.sheet import Stationery, sheet


def statement_html(statement: Statement, stationery: Stationery) -> str:
    """The page; everything in it is escaped."""
    return _template().render(sheet(statement, stationery))


@cache
def _template() -> Template:
    source = (Path(__file__).parent / "statement.html").read_text("utf-8")
    trusted = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return trusted.from_string(source)
