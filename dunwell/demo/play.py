"""From the curtain to the closing table."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.base import Clock
from dunwell.demo import stage, telling
from dunwell.demo.apart import play_apart


def play(*, seed: int, keep: Path | None, clock: Clock, report: Callable[[str], None], tell: bool) -> dict[str, object]:
    """Play six weeks of both ledgers; what was counted, as `demo --json` has it. Raises `DemoBroken`.

    `keep`: the folder in which everything stays; a fresh one that goes away otherwise. `clock` only tells how long it
    took. `report` hears what happens, in the order of the days. `tell`: show the closing tables.
    """
    began = clock.now()
    with _folder(keep) as folder:
        stage.furnish(folder)
        played = play_apart(folder, seed, report)
    seconds = (clock.now() - began).total_seconds()
    if tell:
        telling.tell(played, seconds)
    return telling.as_plain(played, seconds)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True)
        yield keep
    else:
        with tempfile.TemporaryDirectory(prefix="dunwell-demo-") as folder:
            yield Path(folder)
