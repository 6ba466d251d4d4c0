"""Days are read as the grammar says, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules import Anchor, At
from strategy.text.grammar.at import read_at
from strategy.text.table import Wrong


def at(text: str, anchor: Anchor, offset: int, **more: object) -> At:
    return At(**{"text": text, "anchor": anchor, "offset": offset} | more)  # type: ignore[arg-type] # fields by name


@pytest.mark.parametrize(
    "day",
    [
        at("due - 3", Anchor.DUE, -3),
        at("due+3", Anchor.DUE, 3),
        at("due-3", Anchor.DUE, -3),
        at("due + 0", Anchor.DUE, 0),
        at(" due  +  3 ", Anchor.DUE, 3),
        at("invoiced + 3", Anchor.INVOICED, 3),
        at("month start + 2", Anchor.MONTH_START, 2),
        at("month  end - 1", Anchor.MONTH_END, -1),
        at("final + 14", Anchor.STEP, 14, step="final"),
        at("last-word + 14", Anchor.STEP, 14, step="last-word"),
        at("due + 3 business days", Anchor.DUE, 3, business=True),
        at("due + 1 business day", Anchor.DUE, 1, business=True),
        at("due + 7 every 7 times 3", Anchor.DUE, 7, every=7, times=3),
        at("call + 2 business days every 5 times 2", Anchor.STEP, 2, step="call", business=True, every=5, times=2),
        at("due + 1000", Anchor.DUE, 1000),
    ],
    ids=lambda day: day.text,
)
def test_a_day_is_read(day: At) -> None:
    assert read_at(day.text) == day


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("", 0),
        ("3 days", 0),
        ("due", 3),
        ("due 3", 4),
        ("due + ", 4),
        ("due + three", 4),
        ("due + 3 days", 8),
        ("due + 3 every 7", 8),
        ("due + 3 times 3", 8),
        ("due + 3 every 0 times 3", 14),
        ("due + 3 every 7 times 1", 14),
        ("due + 1001", 6),
        ("final - 1", 6),
        ("month + 1", 0),
    ],
)
def test_what_is_no_day_is_told_with_its_place(text: str, index: int) -> None:
    read = read_at(text)
    assert isinstance(read, Wrong)
    assert read.index == index


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_a_mistake_inside_it(text: str) -> None:
    read = read_at(text)
    assert not isinstance(read, Wrong) or 0 <= (read.index or 0) <= len(text)
