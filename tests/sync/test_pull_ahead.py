"""A first pull over several connections: the same books, whatever arrives first and whatever fails."""

import threading
from pathlib import Path

import pytest

from connectors.base import Connector
from connectors.errors import OutsideError
from sync.passes import Incomplete
from tests.sync.pulls import PLATFORMS, Puller, a_puller

pytestmark = pytest.mark.parametrize("platform", PLATFORMS)

QUIET = -52
"""Weeks after the start at which a shorter story ends."""


def ahead(puller: Puller) -> Connector:
    """A connector that reads ahead."""
    return puller.road.connector_at(puller.road.sandbox.url, connections=4)


def running() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("reading-ahead")]


def test_four_connections_bring_the_books_whole_and_in_the_same_order(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=20, weeks=QUIET) as puller:
        puller.pull()
        in_turn, rows = list(puller.pages), list(puller.store.rows("SELECT * FROM invoice ORDER BY id"))
        puller.pull(connector=ahead(puller), full=True)
        assert puller.is_true()
        assert puller.pages == in_turn
        assert list(puller.store.rows("SELECT * FROM invoice ORDER BY id")) == rows
        assert running() == []


def test_books_that_are_edited_meanwhile_come_whole_or_not_at_all(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=20, weeks=QUIET) as puller:

        def edit(_kind: str, pages: int) -> None:
            puller.road.control.edit("invoice", count=5 + pages)

        puller.between = edit
        try:
            puller.pull(connector=ahead(puller))
        except Incomplete:
            assert puller.cursor() is None
        puller.between = lambda _kind, _pages: None
        puller.road.clock.move(minutes=1)
        puller.pull(connector=ahead(puller))
        assert puller.is_true()


@pytest.mark.parametrize("fault", ["broken", "expired"])
def test_a_page_that_fails_once_is_asked_for_again(tmp_path: Path, platform: str, fault: str) -> None:
    with a_puller(tmp_path, platform, page_size=20, weeks=QUIET) as puller:
        puller.road.fault(fault, skip=12)
        puller.pull(connector=ahead(puller))
        assert puller.is_true()


def test_a_page_that_never_comes_stops_all_and_keeps_what_came_before(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=20, weeks=QUIET) as puller:
        puller.road.fault("forbidden", skip=12, times=None)
        with pytest.raises(OutsideError):
            puller.pull(connector=ahead(puller))
        assert running() == []
        assert puller.cursor() is None
        assert 0 < len(puller.pages) <= 12
        puller.road.sandbox.faults.clear()
        puller.pull(connector=ahead(puller))
        assert puller.is_true()
