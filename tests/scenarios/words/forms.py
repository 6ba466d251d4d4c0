"""The forms that all words share: amounts and days."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from strategy import money
from strategy.model import Currency
from tests.scenarios.books import Books
from tests.scenarios.reading import day_in

Words = tuple[tuple[str, Callable[..., None]], ...]
"""Patterns, each with what is told by it: a function of the books and of the pattern's groups."""

AN_AMOUNT: Final = r"([\d,.]+) ([A-Z]{3})"
A_DAY: Final = r"(?:[A-Z][a-z]{2} +)?\d+ [A-Z][a-z]{2}"


def day_of(books: Books, text: str) -> date:
    """A day of the year that it is."""
    return day_in(books.today.year, text)


def minor(text: str, currency: str) -> int:
    return money.to_minor(Decimal(text.replace(",", "")), Currency(currency))
