"""What the platforms allow and charge for the use of their APIs, to hold the measured use beside it.

QuickBooks meters calls that read (per app, all companies together); Xero counts connected organisations and the bytes
it sends. Read 2026-11-21: Intuit, builder tier limits (blog, 8 January 2026) and, for its paid tiers, secondary sources
of April 2026; Xero, pricing of 2 March 2026, in Australian dollars before tax, per app.
"""

from collections.abc import Mapping
from typing import Final

from strategy.model import Platform, Record

GIGABYTE: Final = 1_000_000_000


class Tier(Record):
    """One tier of a price list. `included`: metered units a month; `ledgers`: connections; None is without limit."""

    name: str
    price: str
    included: int | None
    ledgers: int | None = None


class Meter(Record):
    """What a platform counts: `unit` for people, and its tiers from the cheapest."""

    unit: str
    tiers: tuple[Tier, ...]

    def tier(self, used: int, ledgers: int) -> Tier:
        """The cheapest tier that covers so much use in a month and so many ledgers; the last where none does."""
        for tier in self.tiers:
            if _within(used, tier.included) and _within(ledgers, tier.ledgers):
                return tier
        return self.tiers[-1]

    def above(self, tier: Tier) -> Tier | None:
        """The next tier; None above the last."""
        return next(iter(self.tiers[self.tiers.index(tier) + 1 :]), None)


METERS: Final[Mapping[Platform, Meter]] = {
    Platform.QUICKBOOKS: Meter(
        unit="reading calls",
        tiers=(
            Tier(name="Builder", price="free", included=500_000),
            Tier(name="Silver", price="300 USD", included=1_000_000),
            Tier(name="Gold", price="1,700 USD", included=10_000_000),
            Tier(name="Platinum", price="4,500 USD", included=75_000_000),
        ),
    ),
    Platform.XERO: Meter(
        unit="bytes received",
        tiers=(
            Tier(name="Starter", price="free", included=None, ledgers=5),
            Tier(name="Core", price="35 AUD", included=10 * GIGABYTE, ledgers=50),
            Tier(name="Plus", price="245 AUD", included=50 * GIGABYTE, ledgers=1_000),
            Tier(name="Advanced", price="1,445 AUD", included=250 * GIGABYTE, ledgers=10_000),
            Tier(name="Enterprise", price="on request", included=None),
        ),
    ),
}

DAY_LIMITS: Final[Mapping[Platform, tuple[int, ...]]] = {Platform.QUICKBOOKS: (), Platform.XERO: (1_000, 5_000)}
"""Calls a day that a company allows an app, the smallest first: in Xero's Starter tier 1,000, in all others 5,000."""


def _within(used: int, limit: int | None) -> bool:
    return limit is None or used <= limit
