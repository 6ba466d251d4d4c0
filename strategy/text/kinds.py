"""Kinds of values: what a setting may be. Strategies and config.toml share them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from strategy.text.mistakes import meant
from strategy.text.nodes import Node
from strategy.text.table import Kind, Wrong

E = TypeVar("E", bound=StrEnum)

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?%")
_CLOCK: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _text(node: Node) -> str | Wrong:
    return node.text.strip() if node.text and node.text.strip() else Wrong()


def _name(node: Node) -> str | Wrong:
    return node.text if node.text and _NAME.fullmatch(node.text) else Wrong()


def _yes(node: Node) -> bool | Wrong:
    return node.value if isinstance(node.value, bool) else Wrong()


def _node(node: Node) -> Node | Wrong:
    return node if node.text is not None else Wrong()


def _date(node: Node) -> date | Wrong:
    return node.value if type(node.value) is date else Wrong()


def _table(node: Node) -> Node | Wrong:
    return node if node.table is not None else Wrong()


def _table_or_none(node: Node) -> Node | Wrong:
    return node if node.table is not None or node.text == "" else Wrong()


NAME_SHAPE: Final = {"type": "string", "pattern": f"^{_NAME.pattern}$"}
TABLE_SHAPE: Final = {"type": "object"}

TEXT: Final = Kind(says="a text in quotes", read=_text, shape={"type": "string", "pattern": "\\S"})
NAME: Final = Kind(says="a name in quotes: letters, digits, _ and -", read=_name, shape=NAME_SHAPE)
YES: Final = Kind(says="true or false", read=_yes, shape={"type": "boolean"})
TABLE: Final = Kind(says="settings in { }", read=_table, shape=TABLE_SHAPE)
SECTION: Final = Kind(says="a table of its own", read=_table, shape=TABLE_SHAPE)
TABLE_OR_NONE: Final = Kind(says='settings in { }, or "" for none', read=_table_or_none, shape=TABLE_SHAPE)
DATE: Final = Kind(
    says="a day, as in 2026-11-21 without quotes", read=_date, shape={"type": "string", "format": "date"}
)


def written(says: str, pattern: str = "") -> Kind[Node]:
    """A text left as it stands, with its place, because it has a grammar of its own; `pattern` is about what it is."""
    return Kind(says=f"{says} in quotes", read=_node, shape={"type": "string", "pattern": pattern})


def whole(least: int, most: int) -> Kind[int]:
    """A whole number, both bounds included."""

    def number(node: Node) -> int | Wrong:
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            return Wrong()
        return node.value if least <= node.value <= most else Wrong()

    shape = {"type": "integer", "minimum": least, "maximum": most}
    return Kind(says=f"a whole number from {least} to {most:,}", read=number, shape=shape)


def one_of(words: Iterable[str]) -> Kind[str]:
    """One word of a list."""
    known = tuple(words)
    return Kind(says=_list(known), read=lambda node: _known(node, known), shape={"enum": list(known)})


def choice(enum: type[E]) -> Kind[E]:
    """One word of an enumeration."""
    known = tuple(enum)

    def member(node: Node) -> E | Wrong:
        word = _known(node, known)
        return word if isinstance(word, Wrong) else enum(word)

    return Kind(says=_list(known), read=member, shape={"enum": [str(word) for word in known]})


def some_of(words: Iterable[str]) -> Kind[tuple[str, ...]]:
    """At least one word of a list, in the order written, none twice."""
    known = tuple(words)
    says, shape = f"a list of {_list(known, 'and')}", _list_shape({"enum": list(known)})
    return Kind(says=says, read=lambda node: _several(node, known), shape=shape)


def _list_shape(item: Mapping[str, object]) -> Mapping[str, object]:
    """At least one, none twice."""
    return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}


NAMES: Final = Kind(
    says="a list of names in quotes, at least one",
    read=lambda node: _several(node, None),
    shape=_list_shape(NAME_SHAPE),
)


def _list(words: tuple[str, ...], joint: str = "or") -> str:
    quoted = [f'"{word}"' for word in words]
    return f" {joint} ".join([", ".join(quoted[:-1])] * (len(quoted) > 1) + quoted[-1:])


def _known(node: Node, known: tuple[str, ...] | None) -> str | Wrong:
    word = _name(node)
    if isinstance(word, Wrong) or known is None or word in known:
        return word
    return Wrong(message=f'"{word}" is none of {_list(known)}', right=meant(word, known))


def _several(node: Node, known: tuple[str, ...] | None) -> tuple[str, ...] | Wrong:
    words: list[str] = []
    for item in node.items or ():
        word = _known(item, known)
        if isinstance(word, Wrong):
            return Wrong(message=word.message, right=word.right, at=item.at)
        if word in words:
            return Wrong(message=f'"{word}" stands twice in the list', right="name each once", at=item.at)
        words.append(word)
    return tuple(words) or Wrong()


def _codes(what: str, pattern: re.Pattern[str], example: str) -> Kind[tuple[str, ...]]:
    """A list of codes that stand in capitals."""

    def codes(node: Node) -> tuple[str, ...] | Wrong:
        words = _several(node, None)
        odd = next((item for item in node.items or () if item.text and not pattern.fullmatch(item.text)), None)
        if isinstance(words, Wrong) or odd is None:
            return words
        return Wrong(message=f'"{odd.text}" is no {what}', right=f'write it as in "{example}"', at=odd.at)

    shape = _list_shape({"type": "string", "pattern": f"^{pattern.pattern}$"})
    return Kind(says=f'a list of codes, each as in "{example}"', read=codes, shape=shape)


COUNTRIES: Final = _codes("country", re.compile("[A-Z]{2}"), "GB")
CURRENCIES: Final = _codes("currency", re.compile("[A-Z]{3}"), "EUR")


def _share(node: Node) -> int | Wrong:
    match = _SHARE.fullmatch(node.text or "")
    points = int(Decimal(match[1]) * 100) if match else 10_001
    return points if points <= 10_000 else Wrong()


SHARE: Final = Kind(
    says='a share from "0%" to "100%"',
    read=_share,
    shape={"type": "string", "pattern": f"^{_SHARE.pattern}$"},
)
"""A share in basis points."""


def _days(node: Node) -> frozenset[int] | Wrong:
    days: set[int] = set()
    if not node.text:
        return Wrong()
    for part in re.finditer(r"[^,]+", node.text):
        ends = [end.strip().casefold() for end in part.group().split("-")]
        odd = next((end for end in ends if end not in WEEKDAYS), None)
        if odd is not None:
            index = part.start() + part.group().casefold().find(odd)
            return Wrong(message=f'"{odd}" is no weekday', right=meant(odd, WEEKDAYS), index=index, width=len(odd))
        if len(ends) > 2:
            message = f'"{part.group().strip()}" is no range of weekdays'
            return Wrong(message=message, right='write "mon-fri", or "mon, wed, fri"')
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days) or Wrong()


def _hours(node: Node) -> tuple[int, int] | Wrong:
    match = _CLOCK.fullmatch((node.text or "").replace(" ", ""))
    if match is None:
        return Wrong()
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if int(match[2]) > 59 or int(match[4]) > 59 or closes > 24 * 60:
        return Wrong(message=f'"{node.text}" is no time of day', right="hours go to 24:00, minutes to 59")
    if opens >= closes:
        return Wrong(message=f'"{node.text}" closes before it opens', right='for example hours = "09:00-16:30"')
    return opens, closes


_DAY: Final = f"({'|'.join(WEEKDAYS)})(-({'|'.join(WEEKDAYS)}))?"
DAYS: Final = Kind(
    says='weekdays, as in "mon-fri" or "mon, wed, fri"',
    read=_days,
    shape={"type": "string", "pattern": f"^ *{_DAY} *(, *{_DAY} *)*$"},
)
"""Weekdays, Monday is 0; a range may pass over Sunday."""
HOURS: Final = Kind(
    says='hours from and to, as in "09:00-16:30"',
    read=_hours,
    shape={"type": "string", "pattern": r"^ *\d\d:\d\d *- *\d\d:\d\d *$"},
)
"""Minutes after midnight, the second excluded."""
