"""Rules of contact for one account, as its profile writes them: without quotes and brackets, a list with commas."""

import re
from collections.abc import Mapping
from typing import Final

from strategy.rules import Most
from strategy.text.nodes import made
from strategy.text.parts import keys
from strategy.text.table import Key, Wrong

OWN: Final[Mapping[str, Key[object]]] = {
    key.name: key for key in (keys.CONTACT_DAYS, keys.CONTACT_HOURS, keys.GAP, keys.TO, keys.BY, keys.MOST, keys.MISSED)
}
"""The settings of [contact] that an account may have of its own."""

_MOST: Final = re.compile(r"(\d{1,3})/(\d{1,3})")
_PLAIN: Final = str.maketrans("", "", '[]"')
"""A text or list of a strategy without its signs."""

_LISTS: Final = frozenset({keys.TO.name, keys.BY.name})


def read_own(name: str, text: str) -> object | Wrong:
    """The value of one of `OWN`."""
    if name == keys.MOST.name:
        return _most(text)
    value: object = text
    if name in _LISTS:
        value = [part.strip() for part in text.split(",") if part.strip()]
    elif name == keys.GAP.name and text.isdecimal():
        value = int(text)
    return OWN[name].kind.read(made(value))


def own_example(name: str) -> str:
    """How a value of one of `OWN` is written."""
    return "3/30" if name == keys.MOST.name else OWN[name].example.translate(_PLAIN)


def _most(text: str) -> Most | Wrong:
    """So many contacts in so many days, as in 3/30."""
    match = _MOST.fullmatch(text.strip())
    if match is None:
        return Wrong()
    contacts = keys.MOST_CONTACTS.kind.read(made(int(match[1])))
    days = keys.MOST_DAYS.kind.read(made(int(match[2])))
    if isinstance(contacts, Wrong) or isinstance(days, Wrong):
        return Wrong()
    return Most(contacts=contacts, days=days)
