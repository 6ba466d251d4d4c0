"""From the curtain to the closing table."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.base import Clock
from dunwell.demo import counting, telling
from dunwell.demo.stage import LEDGERS, staged
from dunwell.demo.story import Story
from dunwell.demo.weeks import Weeks


def play(*, seed: int, keep: Path | None, clock: Clock, report: Callable[[str], None], tell: bool) -> dict[str, object]:
    """Play six weeks; what was counted, as `demo --json` has it.

    `keep`: the folder in which everything stays; a fresh one that goes away otherwise. `clock` only tells how long it
    took. `tell`: show the closing tables.
    """
    began = clock.now()
    with _folder(keep) as folder, staged(folder, seed) as stage:
        weeks = Weeks(stage, Story(stage, report))
        weeks.play()
        counted = counting.count(stage)
        held = {code: len(invoices) for code, invoices in weeks.held.items() if code not in telling.OWN_DAYS}
        seconds = (clock.now() - began).total_seconds()
        if tell:
            telling.tell(counted, held, {ledger: counting.show(stage, ledger) for ledger in LEDGERS}, seconds)
        if keep:
            _leave(folder, stage.sink.received)
    return telling.as_plain(counted, held, seconds)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True)
        yield keep
    else:
        with tempfile.TemporaryDirectory(prefix="dunwell-demo-") as folder:
            yield Path(folder)


def _leave(folder: Path, received: list[bytes]) -> None:
    """The messages, in the order in which they came."""
    mailbox = folder / "mail"
    mailbox.mkdir()
    for number, message in enumerate(received, start=1):
        (mailbox / f"{number:04}.eml").write_bytes(message)
