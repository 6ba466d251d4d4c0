"""A strategy with everything it inherits, as one tree whose nodes still know the file they were written in.

The rule: values merge one by one, all the way down, and the child's win. Taken whole are a step, a trigger (by its
name) and the list of segments: their order is their meaning.
"""

from collections.abc import Callable, Collection, Mapping

from strategy.model import Record
from strategy.text.mistakes import meant
from strategy.text.nodes import Mark, Node, load
from strategy.text.parts import keys, segment_keys
from strategy.text.table import Findings, read


class SourceText(Record):
    """A strategy as it was written, and the name of its file."""

    file: str
    text: str


Find = Callable[[str], SourceText | None]
"""The text of a strategy by its name, None where there is none."""


class Gathered(Record):
    """The merged tree, None where a file could not be read at all; and every text it came from, by file. `whole`: what
    it inherits from was found.
    """

    root: Node | None
    sources: Mapping[str, str]
    whole: bool = True


def gather(source: SourceText, find: Find, findings: Findings, names: Collection[str] = ()) -> Gathered:
    """The text, and all that it inherits from, merged. `names` are the strategies that there are."""
    sources: dict[str, str] = {}
    roots: list[Node] = []
    current: SourceText | None = source
    while current is not None:
        sources[current.file] = current.text
        loaded = load(current.text, current.file)
        findings.add(loaded.mistakes)
        if loaded.root is None:
            return Gathered(root=None, sources=sources)
        roots.append(loaded.root)
        asked, current = _parent(loaded.root, find, sources, findings, names)
    root = roots.pop()
    while roots:
        root = merged(root, roots.pop())
    return Gathered(root=root, sources=sources, whole=not asked)


def _parent(
    root: Node, find: Find, sources: Mapping[str, str], findings: Findings, names: Collection[str]
) -> tuple[bool, SourceText | None]:
    """Whether another text is inherited from, and that text, where it is there."""
    node = (root.table or {}).get(keys.INHERITS.name)
    name = read(node, keys.INHERITS, findings) if node else None
    if node is None or name is None:
        return node is not None, None
    source = find(name)
    if source is None:
        right = meant(name, names, "name one that exists, or leave inherits out")
        findings.wrong(node.at, f'there is no strategy "{name}"', right)
    elif source.file in sources:
        circle = " -> ".join([*sources, source.file])
        findings.wrong(node.at, f"strategies inherit in a circle: {circle}", "take inherits out of one of them")
        return True, None
    return True, source


def merged(parent: Node, child: Node) -> Node:
    """A child's text over its parent's."""
    old, new = parent.table or {}, child.table or {}
    every = {name: _merged(name, old.get(name), new.get(name)) for name in {**old, **new}}
    own = (keys.STRATEGY.name, keys.INHERITS.name)
    return _table(
        child, {name: node for name, node in every.items() if node is not None and (name in new or name not in own)}
    )


def overridden(root: Node, overrides: Node, findings: Findings) -> Node:
    """A strategy's text with what one ledger says otherwise: as a child's over its parent's, but it is no strategy."""
    table = dict(overrides.table or {})
    for key in (keys.STRATEGY, keys.INHERITS):
        if node := table.pop(key.name, None):
            findings.wrong(node.name, f'"{key.name}" is not for one ledger to say', "name another strategy there")
    both = merged(root, _table(overrides, table))
    own = {key.name: (root.table or {})[key.name] for key in (keys.STRATEGY,) if key.name in (root.table or {})}
    return _table(root, {**own, **(both.table or {})})


def _merged(name: str, old: Node | None, new: Node | None) -> Node | None:
    if old is None or new is None:
        return old if new is None else new
    if name == keys.SEGMENTS.name:
        return new if new.items or new.broken else old
    if name == keys.TRIGGERS.name:
        return _triggers(old, new)
    if name == keys.SCHEDULE.name:
        return _deep(old, new, _schedule)
    return _deep(old, new, deep)


def deep(old: Node, new: Node) -> Node:
    """Tables merged setting by setting; anything else is the new one's."""
    return _deep(old, new, deep)


def _deep(old: Node, new: Node, inner: Callable[[Node, Node], Node]) -> Node:
    if old.table is None or new.table is None:
        return new
    both = {name: inner(old.table[name], node) if name in old.table else node for name, node in new.table.items()}
    return _table(new, {**old.table, **both})


def _schedule(old: Node, new: Node) -> Node:
    return _deep(old, new, _step)


def _step(old: Node, new: Node) -> Node:
    """A step is taken whole; "" takes it out of what is inherited, where it then is not missed."""
    gone = new.text == "" and old.table is not None
    return Node(value=Mark.DROPPED, at=new.at, name=new.name, raw=new.raw) if gone else new


def _triggers(old: Node, new: Node) -> Node:
    """By name: the child's in the place of the parent's, new ones at the end; an empty `when` takes it out."""
    changed = {_name(node): node for node in new.items or ()}
    olds = {_name(node) for node in old.items or ()}
    kept = [changed.get(_name(node), node) for node in old.items or ()]
    added = [node for node in new.items or () if _name(node) not in olds]
    every = [node for node in kept if not _emptied(node)] + added
    return Node(value=tuple(every), at=new.at, name=new.name)


def _name(node: Node) -> str | None:
    entry = (node.table or {}).get(segment_keys.TRIGGER_NAME.name)
    return entry.text if entry else None


def _emptied(node: Node) -> bool:
    entry = (node.table or {}).get(segment_keys.TRIGGER_WHEN.name)
    return entry is not None and entry.text == ""


def _table(node: Node, table: dict[str, Node]) -> Node:
    return Node(value=table, at=node.at, name=node.name, raw=node.raw)
