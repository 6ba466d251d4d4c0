"""Bars for long work, on stderr, at a terminal; elsewhere nothing."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from dunwell.config.locating import variable

_READING: Final[Mapping[str, str]] = {
    "company": "reading the company",
    "term": "reading terms",
    "method": "reading methods of payment",
    "customer": "reading customers",
    "invoice": "reading invoices",
    "payment": "reading payments",
    "credit": "reading credits",
}

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar(Protocol):
    """Told what is being done, how much of it is done, and how much there is (None: unknown)."""

    def __call__(self, what: str, done: int, expected: int | None) -> None: ...


@contextmanager
def progress(ledger: str) -> Iterator[Bar]:
    """A bar for each thing that is done in turn; all of them are gone when the work is over."""
    if not sys.stderr.isatty() or variable("NO_COLOR") is not None:
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        yield _Bars(shown, ledger)


def _unseen(what: str, done: int, expected: int | None) -> None:
    """Nobody looks."""


class _Bars:
    """One line per thing done."""

    def __init__(self, shown: "Progress", ledger: str) -> None:
        self._shown, self._ledger = shown, ledger
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, expected: int | None) -> None:
        if what not in self._tasks:
            said = f"{self._ledger}  {_READING.get(what, what)}"
            self._tasks[what] = self._shown.add_task(said, total=expected)
        self._shown.update(self._tasks[what], completed=done, total=expected)
