"""A letter's table adds up in front of its reader, in every letter that is decided."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from msgspec import structs

from strategy.agreements import Dispute
from strategy.decision import Touchpoint
from strategy.model import InvoiceId
from sync.letters.fields import LetterFacts, fields
from tests.proving import examples
from tests.strategy.builders import (
    TODAY,
    a_company,
    a_customer,
    a_receivable,
    an_account,
    days,
    decided,
    unapplied,
)

Row = tuple[int, int, int]
"""An invoice: days overdue, what is open, and what of it is disputed."""


def letters(invoices: Sequence[Row], credits_: Sequence[int]) -> list[Touchpoint]:
    """What is said of them today."""
    rows = [a_receivable(f"{n}", days_late=late, amount=amount) for n, (late, amount, _) in enumerate(invoices)]
    disputes = tuple(
        Dispute(id=n, invoice_id=InvoiceId(f"{n}"), amount_minor=part, category="price", opened_on=TODAY - days(2))
        for n, (_, _, part) in enumerate(invoices)
        if part
    )
    found = tuple(unapplied(amount, id=f"c{n}", number=f"CN-{n}") for n, amount in enumerate(credits_))
    return [*decided(an_account(*rows, unapplied=found, disputes=disputes)).touchpoints]


def table(said: Touchpoint) -> dict[str, Any]:
    english = structs.replace(said, language="en")
    facts = LetterFacts(
        touchpoint=english, customer=a_customer(), country="GB", company=a_company(), today=TODAY, sender="Anna"
    )
    return cast("dict[str, Any]", fields(facts)["table"])


def figure(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d.-]", "", text))


@pytest.mark.parametrize(
    ("invoices", "credits_", "column", "taken", "total"),
    [
        ([(10, 30_000, 0)], [7_777], ["300.00"], [("Credit CN-0", "-77.77")], "€222.23"),
        ([(10, 30_000, 0), (9, 20_000, 0)], [7_777], ["300.00", "200.00"], [("Credit CN-0", "-77.77")], "€422.23"),
        ([(10, 30_000, 0), (9, 20_000, 0)], [25_000, 10_000], ["200.00"], [("Credit CN-1", "-50.00")], "€150.00"),
        ([(10, 30_000, 5_000)], [7_777], ["250.00"], [("Credit CN-0", "-77.77")], "€172.23"),
        ([(-3, 30_000, 0)], [7_777], ["300.00"], [("Credit CN-0", "-77.77")], "€222.23"),
    ],
)
def test_credit_is_taken_off_once(
    invoices: list[Row], credits_: list[int], column: list[str], taken: list[tuple[str, str]], total: str
) -> None:
    (said,) = letters(invoices, credits_)
    shown = table(said)
    assert [row[-1] for row in shown["rows"]] == column
    assert [tuple(row) for row in shown["credits"]] == taken
    assert shown["total"] == ["Please pay", total]


rows = st.tuples(st.integers(-10, 60), st.integers(1, 200_000), st.integers(0, 100_000))


@examples(200)
@given(st.lists(rows, min_size=1, max_size=5), st.lists(st.integers(1, 150_000), max_size=3))
def test_the_last_column_adds_up_to_what_is_to_be_paid(invoices: list[Row], credits_: list[int]) -> None:
    for said in letters(invoices, credits_):
        shown = table(said)
        above = [row[-1] for row in (*shown["rows"], *shown["credits"])]
        assert sum(map(figure, above)) == figure(shown["total"][1])
        event(f"{said.kind} with{'' if shown['credits'] else 'out'} credit")
