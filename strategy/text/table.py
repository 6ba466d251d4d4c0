"""Reading a table of settings by a list of keys, which is also what the reference and a schema are made from.

A `Key` says what a setting may be; `Table` reads one and reports what is wrong with it to `Findings`, then goes on. The
same for strategies and config.toml.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from strategy.model import Record
from strategy.text.mistakes import Level, Mistake, meant
from strategy.text.nodes import Node, Place, load

T_co = TypeVar("T_co", covariant=True)


class Wrong(Record):
    """Why a value is none of its kind; empty where naming the kind says it all.

    Where exactly, if that is not the whole value: `index` in a text, from 0, or `at`, an item of a list.
    """

    message: str = ""
    right: str = ""
    index: int | None = None
    width: int = 1
    at: Place | None = None


class Kind(Record, Generic[T_co]):
    """What a setting may be: in words that follow "takes", as a function, and as JSON Schema, which may be laxer."""

    says: str
    read: Callable[[Node], T_co | Wrong]
    shape: Mapping[str, object]


class Key(Record, Generic[T_co]):
    """A setting: its name, its kind, a unit where the kind has one, what it means, and an example of its value.

    `default` is what absence means, in words, where it means anything; a missing `required` one is a mistake.
    """

    name: str
    kind: Kind[T_co]
    meaning: str
    example: str
    unit: str = ""
    default: str = ""
    required: bool = False

    @property
    def written(self) -> str:
        """How one writes it; for a table of its own, its heading."""
        heading = self.example.startswith("[") and not self.example.startswith('["')
        return self.example if heading else f"{self.name} = {self.example}"


class Setting(Key[T_co], Generic[T_co]):
    """A key with a value of its own where nothing is written: `default`, as one would write it."""

    value: T_co


def setting(name: str, kind: Kind[T_co], default: str, meaning: str, unit: str = "") -> Setting[T_co]:
    """A key whose default is read by its own kind, so that the documented one is the one that counts."""
    root = load(f"x = {default}", "").root
    value = kind.read((root.table or {})["x"]) if root else Wrong()
    if isinstance(value, Wrong):
        raise TypeError(f"{default} is no default for {name}")
    return Setting(
        name=name, kind=kind, meaning=meaning, example=default, unit=unit, default=f"`{default}`", value=value
    )


class Findings:
    """The mistakes of one reading, told all at once."""

    def __init__(self) -> None:
        self._found: dict[Mistake, None] = {}

    def add(self, mistakes: Iterable[Mistake]) -> None:
        """Mistakes found elsewhere."""
        self._found.update(dict.fromkeys(mistakes))

    def wrong(self, place: Place, message: str, right: str, level: Level = Level.ERROR) -> None:
        """Something wrong at a place; said twice, it counts once."""
        mistake = Mistake(
            file=place.file,
            line=place.line,
            column=place.column,
            message=message,
            right=right,
            level=level,
            width=place.width,
        )
        self._found[mistake] = None

    def warn(self, place: Place, message: str, right: str) -> None:
        """Something that somebody should look at."""
        self.wrong(place, message, right, Level.WARNING)

    def mistakes(self, first: str = "") -> tuple[Mistake, ...]:
        """All of them in order of their places, those of the file `first` before others."""
        order = sorted(self._found, key=lambda each: (each.file != first, each.file, each.line, each.column or 0))
        return tuple(order)


class Table:
    """A table that may have the given keys and no others. A table that is not there is empty."""

    def __init__(self, node: Node, keys: Iterable[Key[object]], findings: Findings) -> None:
        self.node = node
        self._findings = findings
        self._entries = entries(node, findings)
        known = [key.name for key in keys]
        for name, entry in self._entries.items():
            if name not in known:
                findings.wrong(entry.name, f'"{name}" is no setting here', meant(name, known))

    def has(self, key: Key[object]) -> bool:
        """Whether it is written, rightly or not."""
        return key.name in self._entries

    def entry(self, key: Key[object]) -> Node | None:
        """What is written, unread."""
        return self._entries.get(key.name)

    def get(self, key: Setting[T_co]) -> T_co:
        """Its value; the default where it is absent or wrong."""
        value = self.find(key)
        return key.value if value is None else value

    def find(self, key: Key[T_co]) -> T_co | None:
        """Its value; None where it is absent or wrong. A required one that is absent is a mistake."""
        entry = self._entries.get(key.name)
        if entry is None:
            if key.required and self.node.table is not None:
                self._findings.wrong(self.node.name, f'"{key.name}" is missing', f"add {key.name} = {key.example}")
            return None
        return read(entry, key, self._findings)


def entries(node: Node, findings: Findings) -> Mapping[str, Node]:
    """The settings in a table; something else in its place is a mistake."""
    if node.table is None and not node.broken:
        findings.wrong(
            node.at, f"a table is meant here, not {what(node)}", "write its settings in { }, as name = value"
        )
    return node.table or {}


def read(node: Node, key: Key[T_co], findings: Findings) -> T_co | None:
    """The value of a key; None where it is wrong, which is reported."""
    if node.broken:
        return None
    value = key.kind.read(node)
    if not isinstance(value, Wrong):
        return value
    place = (value.at or node.at) if value.index is None else node.inside(value.index, value.width)
    message = value.message or f'"{key.name}" takes {key.kind.says}, not {what(node)}'
    findings.wrong(place, message, value.right or f"for example {key.written}")
    return None


def what(node: Node) -> str:
    """A value in a sentence."""
    if node.table is not None and not node.raw:
        return "a table"
    if node.items is not None and not node.raw:
        return "several tables"
    return node.raw if len(node.raw) <= 40 else node.raw[:40] + "…"
