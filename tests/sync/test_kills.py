"""Processes killed while they pull, at every call in `make prove` and at some in `make test`: the next pull makes up
for it, and the mirror is exactly the books.
"""

from pathlib import Path

import pytest

from tests.connectors import books
from tests.proving import FACTOR, counted
from tests.sync.killing import killed
from tests.sync.pulls import NOTHING, PLATFORMS, a_puller

CALLS = range(1, 60) if FACTOR > 1 else (4, 14)
"""At which call of the process it is killed; the list ends itself where a pull makes no more."""

pytestmark = [pytest.mark.prove, pytest.mark.parametrize("platform", PLATFORMS)]


def test_a_first_pull_that_was_killed_is_made_whole_by_the_next(
    tmp_path_factory: pytest.TempPathFactory, platform: str
) -> None:
    for call in CALLS:
        folder: Path = tmp_path_factory.mktemp("killed")
        with a_puller(folder, platform) as puller:
            puller.road.sandbox.limits(False)
            if not killed(puller, folder / "dunwell.sqlite", call):
                break
            assert puller.cursor() is None
            puller.road.control.edit("invoice", count=3)
            assert puller.pull().mode == "full"
            assert (puller.wrong(), puller.figures()) == (NOTHING, books.truth(puller.road))
        counted(f"kills of a first pull on {platform}")


def test_nor_does_killing_it_among_the_changes_lose_any(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        road = puller.road
        road.sandbox.limits(False)
        puller.pull()
        for call in range(1, 7) if FACTOR > 1 else (1,):
            road.clock.move(hours=1)
            road.control.edit("invoice", count=30)
            cursor = puller.cursor()
            if not killed(puller, tmp_path / "dunwell.sqlite", call):
                break
            assert puller.cursor() == cursor
            assert puller.pull().mode == "changes"
            assert (puller.wrong(), puller.figures()) == (NOTHING, books.truth(road))
            counted(f"kills among the changes on {platform}")
