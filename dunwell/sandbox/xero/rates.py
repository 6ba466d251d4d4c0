"""Exchange rates, invented: how much of a currency one unit of the company's own buys in a week."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from dunwell.sandbox.dice import Dice

BASE = "GBP"
_AROUND = {"EUR": 1_172_000, "USD": 1_268_000}


@lru_cache(maxsize=4096)
def rate(currency: str, on: date) -> Decimal:
    """Xero's CurrencyRate, six decimals: foreign units for one of the base currency (recorded "1.000000")."""
    if currency == BASE:
        return Decimal("1.000000")
    wobble = Dice("rate", currency, on.toordinal() // 7).number(-24_000, 24_000)
    return Decimal(_AROUND.get(currency, 1_500_000) + wobble).scaleb(-6)


def in_base(minor: int, currency: str, on: date) -> int:
    """An amount in the base currency, at the rate of its document's day."""
    return int((Decimal(minor) / rate(currency, on)).to_integral_value(ROUND_HALF_UP))
