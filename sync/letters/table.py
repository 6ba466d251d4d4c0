"""The invoices of a letter as an aligned text, and cut into cells for the HTML layout.

Both are made of the plain rows of `fields`: six columns, or seven where not all that is open is asked for. Numbers
stand right; credits and the total have one amount, under the last column.
"""

from typing import cast
from unicodedata import east_asian_width

from sync.letters.fields import Fields, Plain

_GAP = 2


def as_text(table: Fields) -> str:
    """The table in a fixed pitch, with a rule above the total; each row's note stands on a line below it."""
    headings, notes, rows = _texts(table["headings"]), _texts(table["notes"]), _rows(table["rows"])
    label, total = _texts(table["total"])
    ends = [(label, amount) for label, amount in _rows(table["credits"])]
    widths = [max(_width(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    widths[-1] = max(widths[-1], *(_width(amount) for amount in (total, *(amount for _, amount in ends))))
    whole = sum(widths) + _GAP * (len(widths) - 1)
    lines = [_line(headings, widths), "-" * whole]
    for row, note in zip(rows, notes, strict=True):
        lines += [_line(row, widths), f"  {note}"] if note else [_line(row, widths)]
    lines += [_ends(*end, whole) for end in ends]
    return "\n".join([*lines, "-" * whole, _ends(label, total, whole)])


def as_cells(table: Fields) -> dict[str, object]:
    """The same for the layout: each row with its note, each amount with its heading, so that it can be stacked.

    What is `nothing` need not be shown where there is little room.
    """
    headings = _texts(table["headings"])
    notes = _texts(table["notes"])
    return {
        "headings": headings,
        "rows": [
            {"title": row[0], "note": note, "cells": list(zip(headings[1:], row[1:], strict=True))}
            for row, note in zip(_rows(table["rows"]), notes, strict=True)
        ],
        "credits": _rows(table["credits"]),
        "total": _texts(table["total"]),
        "nothing": table["nothing"],
    }


def _line(row: list[str], widths: list[int]) -> str:
    """The first two columns are words and stand left."""
    cells = [
        cell + " " * (width - _width(cell)) if column < 2 else " " * (width - _width(cell)) + cell
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return (" " * _GAP).join(cells).rstrip()


def _ends(label: str, amount: str, whole: int) -> str:
    return label + " " * max(_GAP, whole - _width(label) - _width(amount)) + amount


def _width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _texts(value: Plain) -> list[str]:
    return cast("list[str]", value)


def _rows(value: Plain) -> list[list[str]]:
    return cast("list[list[str]]", value)
