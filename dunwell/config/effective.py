"""Every setting of config.toml as it counts for one ledger, with the file and line where it was written."""

from collections.abc import Iterator
from pathlib import Path

from dunwell.config import keys
from dunwell.config.records import Config
from strategy.text.nodes import Node, load
from strategy.text.origins import Effective, of_keys
from strategy.text.parts.measures import NOTHING
from strategy.text.table import Key

_TABLES = (keys.PEOPLE, keys.MAIL, keys.LIMITS, keys.WRITE_BACK, keys.OVERRIDES)


def of_ledger(config: Config, name: str) -> Iterator[Effective]:
    """The firm's settings and the ledger's; a secret is only where it is kept. Overrides are the strategy's."""
    root = _load(config.file)
    ledgers = {
        each: node
        for one in (root, *_included(config, root))
        for each, node in (_inner(one, keys.LEDGERS).table or {}).items()
    }
    ledger = ledgers[name]
    here = f"ledgers.{name}"
    yield from of_keys("firm", _inner(root, keys.FIRM), keys.FIRM_KEYS)
    yield from of_keys(here, ledger, (key for key in keys.LEDGER_KEYS if key not in _TABLES))
    for role, entry in (_inner(ledger, keys.PEOPLE).table or {}).items():
        yield Effective(setting=f"{here}.people.{role}", value=entry.raw, place=entry.name)
    for key, known in ((keys.MAIL, keys.MAIL_KEYS), (keys.LIMITS, keys.LIMIT_KEYS)):
        yield from of_keys(f"{here}.{key.name}", _over(_inner(root, key), _inner(ledger, key)), known)
    yield from of_keys(f"{here}.write_back", _inner(ledger, keys.WRITE_BACK), keys.WRITE_BACK_KEYS)


def _load(file: Path) -> Node:
    return load(file.read_text("utf-8-sig"), str(file)).root or NOTHING


def _included(config: Config, root: Node) -> Iterator[Node]:
    for pattern in _inner(root, keys.INCLUDE).items or ():
        yield from map(_load, sorted(config.folder.glob(pattern.text or "")))


def _inner(node: Node, key: Key[object]) -> Node:
    """A table inside."""
    return (node.table or {}).get(key.name) or NOTHING


def _over(common: Node, own: Node) -> Node:
    """The ledger's own settings over those of everybody, one by one."""
    return Node(value={**(common.table or {}), **(own.table or {})}, at=own.at, name=own.name)
