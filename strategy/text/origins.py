"""Where every effective setting of a strategy comes from: the file and line that won, or nowhere, which is the default.

`written` is the way back: a table of nodes as a text that reads the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from strategy.model import Record
from strategy.text.nodes import Mark, Node, Place
from strategy.text.parts import keys, segment_keys
from strategy.text.parts.inherit import deep
from strategy.text.parts.measures import NOTHING
from strategy.text.table import Key

_PLACING: Final = (
    segment_keys.SEGMENT_NAME,
    segment_keys.SEGMENT_WHEN,
    segment_keys.STAY,
    segment_keys.DWELL,
    segment_keys.SEGMENT_SCHEDULE,
)
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


class Effective(Record):
    """A setting as it counts. `value` is what was written, or the default in words; `place` None is the default."""

    setting: str
    value: str
    place: Place | None


def of_strategy(root: Node) -> Iterator[Effective]:
    """Every setting, in the order of the reference; those of schedules, segments and triggers as far as written."""
    table = root.table or {}
    yield from _leaves("language", table.get(keys.LANGUAGE.name), keys.LANGUAGE)
    yield from _leaves("statement", table.get(keys.STATEMENT.name), keys.STATEMENT)
    yield from _leaves("thanks", table.get(keys.THANKS.name), keys.THANKS)
    for name, node in ((table.get(keys.AMOUNTS.name) or NOTHING).table or {}).items():
        yield from _leaves(f"amounts.{name}", node)
    yield from of_keys("contact", table.get(keys.CONTACT.name) or NOTHING, keys.CONTACT_KEYS)
    yield from of_keys("holds", table.get(keys.HOLDS.name) or NOTHING, keys.HOLDS_KEYS)
    yield from of_keys("start", table.get(keys.START.name) or NOTHING, keys.START_KEYS)
    yield from of_keys("plan", table.get(keys.PLAN.name) or NOTHING, keys.PLAN_KEYS)
    for name, node in ((table.get(keys.SCHEDULE.name) or NOTHING).table or {}).items():
        for step, entry in (node.table or {}).items():
            if entry.value is not Mark.DROPPED:
                yield Effective(setting=f"schedule.{name}.{step}", value=entry.raw, place=entry.name)
    for key in (keys.SEGMENTS, keys.TRIGGERS):
        for node in (table.get(key.name) or NOTHING).items or ():
            yield from _inside(f"{key.name}.{_name(node)}", node)


def of_segment(root: Node, name: str) -> Iterator[Effective]:
    """What counts in one segment: its own settings over those of everywhere."""
    table = root.table or {}
    items = (table.get(keys.SEGMENTS.name) or NOTHING).items or ()
    own = next(node.table or {} for node in items if _name(node) == name)
    contact = deep(table.get(keys.CONTACT.name) or NOTHING, own.get(segment_keys.SEGMENT_CONTACT.name) or NOTHING)
    yield from of_keys("segment", Node(value=own, at=root.at, name=root.name), _PLACING)
    yield from of_keys("contact", contact, keys.CONTACT_KEYS)
    plan = deep(table.get(keys.PLAN.name) or NOTHING, own.get(segment_keys.SEGMENT_PLAN.name) or NOTHING)
    yield from of_keys("plan", plan, keys.PLAN_KEYS)
    yield from of_keys("holds", table.get(keys.HOLDS.name) or NOTHING, keys.HOLDS_KEYS)
    statement = own.get(segment_keys.SEGMENT_STATEMENT.name)
    everywhere = table.get(keys.STATEMENT.name)
    both = deep(everywhere, statement) if everywhere and statement else statement or everywhere
    yield from _leaves("statement", both, keys.STATEMENT)


def of_keys(path: str, node: Node, known: Iterable[Key[object]]) -> Iterator[Effective]:
    """Every one of the keys: what is written, in parts where it is a table, else its default."""
    for key in known:
        yield from _leaves(f"{path}.{key.name}" if path else key.name, (node.table or {}).get(key.name), key)


def written(node: Node) -> str:
    """A table as a text of its own."""
    return "\n".join(_lines(node.table or {}, "")).strip() + "\n"


def _name(node: Node) -> str:
    """Of a segment or a trigger."""
    return ((node.table or {}).get(segment_keys.SEGMENT_NAME.name) or NOTHING).text or ""


def _leaves(setting: str, node: Node | None, key: Key[object] | None = None) -> Iterator[Effective]:
    if node is None:
        value = key.default.replace("`", "") if key and key.default else "none"
        yield Effective(setting=setting, value=value, place=None)
    elif node.table is not None:
        yield from _inside(setting, node)
    else:
        yield Effective(setting=setting, value=node.raw, place=node.name)


def _inside(setting: str, node: Node) -> Iterator[Effective]:
    for name, entry in (node.table or {}).items():
        yield from _leaves(f"{setting}.{name}", entry)


def _lines(table: Mapping[str, Node], path: str) -> Iterator[str]:
    """Settings first, then tables of their own below their headings."""
    yield from (f"{_quoted(name)} = {node.raw}" for name, node in table.items() if node.raw)
    for name, node in table.items():
        here = f"{path}.{_quoted(name)}" if path else _quoted(name)
        if node.raw:
            continue
        for item in node.items or ():
            yield from ("", f"[[{here}]]", *_lines(item.table or {}, here))
        if node.table is not None:
            yield from ("", f"[{here}]", *_lines(node.table, here))


def _quoted(name: str) -> str:
    return name if _BARE.fullmatch(name) else f'"{name}"'
