"""Facts that are measured when a condition asks for them: a strategy asks for few of all there are."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

V = TypeVar("V")

Measure = Callable[[], V | None]
"""Works one fact out; None where there is no evidence for it."""


class Asked(Mapping[str, V]):
    """Facts by name, each measured once, and not before it is asked for. What has no evidence is not there."""

    def __init__(self, measures: Callable[[], Mapping[str, Measure[V]]]) -> None:
        """`measures` is called once, by whoever asks first: of most accounts nobody does."""
        self._make = measures
        self._made: Mapping[str, Measure[V]] | None = None
        self._found: dict[str, V | None] = {}

    def _measures(self) -> Mapping[str, Measure[V]]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def get(self, name: str, default: Any = None) -> Any:
        """The fact; the default where nothing is known of it."""
        if name not in self._found:
            measure = self._measures().get(name)
            self._found[name] = measure() if measure else None
        found = self._found[name]
        return default if found is None else found

    def __getitem__(self, name: str) -> V:
        found: V | None = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._measures() if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
