"""One sandbox per process; a desk of its own for every test that writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dunwell.sandbox.faults import Faults
from tests.dunwell.cli.desk import Desk, Firm


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A firm whose books were read; to be copied, not changed."""
    made = Firm(tmp_path_factory.mktemp("firm"))
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def reader(firm: Firm, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk for commands that only read, after a run that planned the day."""
    desk = firm.desk.copy(tmp_path_factory.mktemp("reader"))
    desk.did("run")
    return desk


@pytest.fixture
def desk(firm: Firm, tmp_path: Path) -> Desk:
    """A desk of one's own."""
    return firm.desk.copy(tmp_path / "firm")


@pytest.fixture
def planned(reader: Desk, tmp_path: Path) -> Desk:
    """A desk of one's own whose day is planned and waits for approval."""
    return reader.copy(tmp_path / "firm")


@pytest.fixture
def faults(firm: Firm) -> Iterator[Faults]:
    """The sandbox's faults, none of which outlives the test."""
    yield firm.sandbox.faults
    firm.sandbox.faults.clear()
