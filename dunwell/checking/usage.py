"""Looking at what was asked of the platforms: what comes near a limit or a price tier, or rests."""

from collections.abc import Iterator

from dunwell.checking.findings import Finding, Level
from dunwell.metering import metered
from dunwell.wiring.house import House
from sync.store.ledgers import BoundElsewhere


def usage(house: House) -> Iterator[Finding]:
    """Everything that `dunwell usage` warns of."""
    try:
        found = metered(house, tuple(house.config.ledgers))
    except BoundElsewhere:
        return  # said of its ledger already
    for one in found.warnings:
        yield Finding(level=Level.NOTE, about="usage", record=one.about, what=one.what, next="dunwell usage")
