"""Exchange rates, invented: what the currencies cost in a week."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from dunwell.sandbox.dice import Dice

_AROUND = {
    "AUD": 1_930_000,
    "CAD": 1_720_000,
    "EUR": 1_172_000,
    "GBP": 1_000_000,
    "JPY": 191_000_000,
    "KWD": 389_000,
    "NZD": 2_110_000,
    "USD": 1_268_000,
}
"""Millionths for one pound."""

_MOST_WOBBLE = 24_000


@lru_cache(maxsize=4096)
def rate(currency: str, base: str, on: date) -> Decimal:
    """So much of the currency is one unit of the base, six decimals (as Xero's CurrencyRate; recorded "1.000000")."""
    if currency == base:
        return Decimal("1.000000")
    around = _AROUND.get(currency, 1_500_000) * 1_000_000 // _AROUND[base]
    most = min(_MOST_WOBBLE, around // 40)
    return Decimal(around + Dice("rate", currency, on.toordinal() // 7).number(-most, most)).scaleb(-6)


@lru_cache(maxsize=4096)
def price(currency: str, base: str, on: date) -> Decimal:
    """One unit of the currency is so much of the base, six decimals (QuickBooks' ExchangeRate: "the number of home
    currency units it takes to equal one foreign currency unit", Finance.xsd).
    """
    return (1 / rate(currency, base, on)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def in_base(minor: int, currency: str, base: str, on: date) -> int:
    """An amount in the base currency, at the rate of its document's day."""
    return int((Decimal(minor) / rate(currency, base, on)).to_integral_value(ROUND_HALF_UP))
