"""Numbers that look drawn and are always the same.

The standard library's generator may change its methods between versions of Python; the story may not. So this is
splitmix64, seeded by a text: each customer throws its own dice, and a longer story never changes the earlier part.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

_T = TypeVar("_T")

_MASK = (1 << 64) - 1


class Dice:
    """A stream of numbers that follows from a text alone."""

    def __init__(self, *label: object) -> None:
        self._state = int.from_bytes(blake2b("/".join(map(str, label)).encode(), digest_size=8).digest())

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def number(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self._next() % (high - low + 1)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred throws."""
        return self._next() % 100 < percent

    def pick(self, choices: Sequence[_T]) -> _T:
        """One of the choices."""
        return choices[self._next() % len(choices)]

    def shuffled(self, items: Sequence[_T]) -> list[_T]:
        """The items in another order."""
        rest = list(items)
        for last in range(len(rest) - 1, 0, -1):
            other = self.number(0, last)
            rest[last], rest[other] = rest[other], rest[last]
        return rest


def digest(*label: object, size: int = 16) -> str:
    """Lower-case hex of `size` bytes that follows from the label: ids, tokens and the like."""
    return blake2b("/".join(map(str, label)).encode(), digest_size=size).hexdigest()
