"""Looking at the webhooks: whether anything comes, and whether what comes is about ledgers of ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from dunwell.checking.findings import Finding, Level
from dunwell.wiring.house import House
from strategy.model import Platform
from sync.store import webhooks
from sync.store.ledgers import Ledger
from sync.store.webhooks import Heard

ABOUT: Final = "webhooks"
QUIET: Final = timedelta(days=3)
"""So long a ledger may be silent while readings find changes in it."""

_PAGE: Final = "docs/webhooks.md"


def listening(house: House) -> Iterator[Finding]:
    """Everything about the platforms that are listened for, and their ledgers."""
    for platform in house.config.webhooks:
        heard = webhooks.heard(house.store, platform)
        if heard is None:
            yield _note(platform, "nobody has listened for it yet", "dunwell serve")
            continue
        yield from _heard(platform, heard)
        for name, config in house.config.ledgers.items():
            if config.platform is platform:
                yield from _ledger(house, house.ledger(name), heard)


def _heard(platform: Platform, heard: Heard) -> Iterator[Finding]:
    if heard.last_at is None:
        what = f"nothing came since it was first listened for, {_instant(heard.since)}"
        yield _note(platform, what, f"see that its address is reachable and right at the platform: {_PAGE}")
        return
    again = f", {heard.repeated} of them again" if heard.repeated else ""
    so_far = f"{_many(heard.announcements, 'announcement', 'announcements')} so far{again}"
    what = f"last heard {_instant(heard.last_at)}; {so_far}"
    yield Finding(level=Level.GOOD, about=ABOUT, record=platform, what=what)
    if heard.unknown:
        what = f"{_many(heard.unknown, 'announcement', 'announcements')} of companies that no ledger is connected to"
        yield _note(platform, what, "connect them, or leave them be: they cost nothing")
    if heard.unreadable:
        what = f"{_many(heard.unreadable, 'delivery', 'deliveries')} with a right signature that could not be read"
        yield _note(platform, what, "the platform may have changed its form: look for a newer Dunwell")


def _ledger(house: House, ledger: Ledger, heard: Heard) -> Iterator[Finding]:
    """When it was last announced, unless it has fallen silent. One reading may repeat what was announced before it."""
    last = webhooks.last_announced(house.store, ledger.id)
    silent = webhooks.changes_after(house.store, ledger.id, (last or heard.since) + QUIET)
    if len(silent) > 1:
        but = f"nothing was announced since {_instant(last)}" if last else "nothing was ever announced"
        what = f"{len(silent)} readings found changes, the last {_instant(silent[-1])}; {but}"
        yield _note(ledger.name, what, f"see that dunwell serve runs and that the platform still sends: {_PAGE}")
    elif last is not None:
        yield Finding(level=Level.GOOD, about=ABOUT, record=ledger.name, what=f"last announced {_instant(last)}")


def _note(record: str, what: str, next_: str) -> Finding:
    return Finding(level=Level.NOTE, about=ABOUT, record=record, what=what, next=next_)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
