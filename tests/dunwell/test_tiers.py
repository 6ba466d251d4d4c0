"""Which price tier covers a month's use."""

import pytest

from dunwell.tiers import GIGABYTE, METERS
from strategy.model import Platform


@pytest.mark.parametrize(
    ("platform", "used", "ledgers", "name"),
    [
        (Platform.QUICKBOOKS, 500_000, 1, "Builder"),
        (Platform.QUICKBOOKS, 500_001, 1, "Silver"),
        (Platform.QUICKBOOKS, 10**9, 1, "Platinum"),
        (Platform.XERO, 90 * GIGABYTE, 5, "Starter"),
        (Platform.XERO, 0, 6, "Core"),
        (Platform.XERO, 11 * GIGABYTE, 6, "Plus"),
        (Platform.XERO, 251 * GIGABYTE, 6, "Enterprise"),
    ],
)
def test_the_cheapest_tier_that_covers_the_use(platform: Platform, used: int, ledgers: int, name: str) -> None:
    assert METERS[platform].tier(used, ledgers).name == name
