"""Money: an `int` of minor units beside its currency, never a float, never two currencies in one sum.

A yen has no minor unit, a Kuwaiti dinar has a thousand; every other currency here has a hundred (ISO 4217, list one,
read 2026-11-21). Decimal appears at the edges only: JSON, letters, PDFs.
"""

import re
from decimal import Decimal
from typing import Final

_DIGITS: Final = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)

_MOST_DIGITS: Final = 17

_WRITTEN: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)


class NotRepresentable(ValueError):
    """The amount has more decimal places than its currency has minor units, or is none at all."""


def digits(currency: str) -> int:
    """Decimal places of the currency's minor unit."""
    return _DIGITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount in minor units, exactly.

    Raises `NotRepresentable` where rounding would be needed: the books said something we must not guess. Likewise for
    a number that no book means and no database keeps.
    """
    if not amount:
        return 0
    places = _DIGITS.get(currency, 2)
    if not amount.is_finite() or amount.adjusted() + places > _MOST_DIGITS:
        raise NotRepresentable(f"{amount:.3e} is no amount of money")
    scaled = amount.scaleb(places)
    minor = int(scaled)
    if minor != scaled:
        raise NotRepresentable(f"{amount} has more decimal places than {currency} has")
    return minor


def as_written(text: str) -> Decimal | None:
    """The amount that a person wrote, as in 1200.50 or 1,200.50; None where it is none, or could mean another."""
    return Decimal(text.replace(",", "")) if _WRITTEN.fullmatch(text) else None


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount as people write it: 120000 minor units of EUR are `Decimal("1200.00")`."""
    return Decimal(minor).scaleb(-digits(currency))


def plain(number: Decimal | None) -> str | None:
    """A number that is no money, such as a rate, with every digit it came with and without exponent."""
    return None if number is None else format(number, "f")


def split(total_minor: int, weights: list[int]) -> list[int]:
    """Shares of the total in proportion to the weights, rounded down, the rest on the last: they sum to the total."""
    whole = sum(weights)
    shares = [total_minor * weight // whole for weight in weights]
    shares[-1] += total_minor - sum(shares)
    return shares
