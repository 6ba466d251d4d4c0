"""The mock server, what was asked of it, and the figures at the end."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from msgspec import Struct

from connectors.errors import OutsideError
from tests.contract import asking, mock
from tests.contract.wire import Asked, a_wire
from tests.dunwell.sandbox.xero.contract import Contract

_FIGURES = pytest.StashKey[str]()


class Run(Struct, frozen=True, kw_only=True):
    """All that a full run asked. `refused`: why, by request. `stopped`: where the connector gave up, and why.

    `differences`: of the examples that were the answers, each by name.
    """

    asked: list[Asked]
    operations: Counter[str]
    refused: dict[str, list[str]]
    stopped: list[OutsideError]
    differences: set[str]

    def __str__(self) -> str:
        told = f"{len(self.asked)} requests, {len(self.operations)} operations, {len(self.refused)} refused"
        differ = "; ".join(sorted(self.differences))
        return f"{told}; {len(self.differences)} differences of Xero's examples from Xero's schema: {differ}"


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The contract that is served, for our own reading of it."""
    file = tmp_path_factory.mktemp("strict") / "contract.json"
    file.write_text(json.dumps(mock.contract()), "utf-8")
    return Contract(file)


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the mock server is."""
    with mock.running(tmp_path_factory.mktemp("prism")) as url:
        yield url


@pytest.fixture(scope="session")
def run(url: str, strict: Contract, request: pytest.FixtureRequest) -> Run:
    """Everything, asked once."""
    with a_wire(url) as (connector, http, caught):
        asks = (partial(asking.connect, http, url), partial(asking.read, connector), partial(asking.write, connector))
        stopped = [error for ask in asks if (error := _stopped(ask))]
    operations = [(one, strict.operation(one.request.method, one.request.path)) for one in caught]
    told = Run(
        asked=caught,
        operations=Counter(operation.id for _, operation in operations if operation),
        stopped=stopped,
        refused={f"{one.request.method} {one.request.path}": said for one in caught if (said := one.refusals(strict))},
        differences={name for one, operation in operations if operation for name in one.differences(operation)},
    )
    request.config.stash[_FIGURES] = str(told)
    return told


def _stopped(ask: Callable[[], None]) -> OutsideError | None:
    try:
        ask()
    except OutsideError as error:
        return error
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures, above the runner's own last line."""
    if figures := config.stash.get(_FIGURES, None):
        terminalreporter.write_line(figures)
