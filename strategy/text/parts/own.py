"""Rules of contact for one account, as its profile writes them: without quotes and brackets, a list with commas."""

from collections.abc import Mapping
from typing import Final

from strategy.text.nodes import made
from strategy.text.parts import keys
from strategy.text.table import Key, Wrong

OWN: Final[Mapping[str, Key[object]]] = {
    key.name: key for key in (keys.CONTACT_DAYS, keys.CONTACT_HOURS, keys.GAP, keys.TO, keys.BY)
}
"""The settings of [contact] that an account may have of its own."""

_LISTS: Final = frozenset({keys.TO.name, keys.BY.name})


def read_own(name: str, text: str) -> object | Wrong:
    """The value of one of `OWN`."""
    value: object = text
    if name in _LISTS:
        value = [part.strip() for part in text.split(",") if part.strip()]
    elif name == keys.GAP.name and text.isdecimal():
        value = int(text)
    return OWN[name].kind.read(made(value))
