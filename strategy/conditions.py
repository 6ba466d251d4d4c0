"""Conditions of a strategy: parsing, and deciding with three values."""

from strategy.model import Record


class Condition(Record):
    """A parsed condition."""

    text: str
