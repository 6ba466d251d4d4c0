"""What every command works with: the settings, and everything opened from them, when it is first asked for."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from dunwell.cli.ending import Wrong

if TYPE_CHECKING:
    from dunwell.wiring.house import House
    from sync.bench import Bench


class Session:
    """One call of the program."""

    def __init__(self, config: Path | None = None) -> None:
        self._config = config

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "house" in self.__dict__:
            self.house.close()

    @cached_property
    def house(self) -> "House":
        """Everything of the firm, opened."""
        from dunwell.wiring.house import open_house

        return open_house(self._config)

    def config_file(self) -> Path:
        """Where config.toml is. Raises `NoConfig`."""
        from dunwell.config import locating

        return locating.find(self._config)

    def bench(self, name: str) -> "Bench":
        """A ledger with everything at hand."""
        return self.house.bench(name)

    def books(self, name: str) -> "Bench":
        """The same, for commands that need books: raises `NeverPulled` where none were read yet."""
        bench = self.bench(name)
        bench.company()
        return bench

    def ledgers(self, given: Sequence[str]) -> tuple[str, ...]:
        """The ledgers that were named, or all of them. The settings of those that were named are read, so that nothing
        runs on wrong ones; where all of several are meant, what is wrong with one is its own, and the others go on.
        """
        names = tuple(dict.fromkeys(given)) or tuple(self.house.config.ledgers)
        if not names:
            raise Wrong(f"there is no ledger in {self.house.config.file}; add one, then run: dunwell check")
        if given or len(names) == 1:
            self._check(names)
        return names

    def _check(self, names: Sequence[str]) -> None:
        from dunwell.wiring.house import Misconfigured

        mistakes = []
        for name in names:
            try:
                self.house.settings(name)
            except Misconfigured as error:
                mistakes.append(str(error))
        if mistakes:
            raise Wrong("\n\n".join(dict.fromkeys(mistakes)))

    def who(self, by: str | None) -> str:
        """Who does it: as named, or whoever is logged in."""
        from dunwell.config.locating import login

        return by or login()


pass_session = click.make_pass_decorator(Session)
