"""Money keeps every minor unit and refuses what it cannot hold."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1200.00", "EUR", 120000),
        ("1200.0", "EUR", 120000),
        ("1200", "JPY", 1200),
        ("0.125", "KWD", 125),
        ("-3", "USD", -300),
    ],
)
def test_an_amount_becomes_its_minor_units(amount: str, currency: str, minor: int) -> None:
    assert money.to_minor(Decimal(amount), currency) == minor


def test_an_amount_finer_than_its_currency_is_refused_not_rounded() -> None:
    with pytest.raises(money.NotRepresentable, match=r"10\.5 has more decimal places than JPY has"):
        money.to_minor(Decimal("10.5"), "JPY")


@pytest.mark.parametrize("amount", ["1e30", "1e999999", "-1e400", "NaN", "Infinity"])
def test_a_number_that_no_book_means_is_refused(amount: str) -> None:
    with pytest.raises(money.NotRepresentable, match="is no amount of money"):
        money.to_minor(Decimal(amount), "USD")


def test_nothing_is_nothing_however_it_is_written() -> None:
    assert [money.to_minor(Decimal(zero), "USD") for zero in ("0", "-0.00", "0E-30", "0E+999999")] == [0, 0, 0, 0]


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_minor_units_survive_the_way_out_and_back(minor: int, currency: str) -> None:
    assert money.to_minor(money.to_decimal(minor, currency), currency) == minor


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_shares_sum_to_what_was_split(total: int, weights: list[int]) -> None:
    assert sum(money.split(total, weights)) == total


def test_the_rounding_of_a_split_lands_on_the_last_share() -> None:
    assert money.split(100000, [1, 1, 1]) == [33333, 33333, 33334]
