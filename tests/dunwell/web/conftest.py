"""Firms that have settings and nothing else: no key, no tokens. One server for all tests that only send to it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dunwell.clock import VirtualClock
from tests.dunwell.cli.desk import CONFIG, Desk
from tests.dunwell.web.announcing import listens
from tests.dunwell.web.served import Served, serving

IMPATIENT = "import dunwell.web.manners as m, dunwell.web.serving as s\nm.BODY_S = s.HEAD_S = 2.0"
"""The same server, that waits two seconds for a request where it else waits five or ten."""

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_desk(folder: Path) -> Desk:
    """A desk in this folder."""
    desk = Desk(folder)
    desk.write("config.toml", CONFIG.format(url="http://localhost:9"))
    VirtualClock(folder / "clock", NOON).close()
    return desk


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A desk of one's own."""
    return a_desk(tmp_path)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with keys for webhooks, and a ledger of each platform that is bound to its company."""
    return listens(a_desk(tmp_path_factory.mktemp("firm")))


@pytest.fixture(scope="session")
def served(desk: Desk) -> Iterator[Served]:
    """A server for it."""
    with serving(desk, first=IMPATIENT) as served:
        yield served
