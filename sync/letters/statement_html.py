"""The statement on a screen: one HTML page that needs nothing else, with the same words as the PDF."""

from strategy.statement import Statement
from sync.letters.layouts import layout
from sync.letters.sheet import Stationery, sheet


def statement_html(statement: Statement, stationery: Stationery) -> str:
    """The page; everything in it is escaped."""
    return layout("statement.html").render(sheet(statement, stationery))
