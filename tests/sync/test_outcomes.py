"""What an agency has been handed, from the task as it was stored."""

from typing import Any

import msgspec
import pytest

from sync.accounts import outcomes
from sync.letters.example import example_facts

LEAD = msgspec.to_builtins(example_facts("en").touchpoint.invoices[0])


@pytest.mark.parametrize(
    ("stored", "paid"),
    [({"covered_by_payment_minor": 5_000}, 25_000), ({"covered_by_payment_minor": None}, 40_000), ({}, 40_000)],
    ids=["money in part", "not known", "stored before"],
)
def test_what_covered_an_invoice_was_paid_before_it_was_handed_over_unless_it_is_known_to_be_no_money(
    stored: dict[str, Any], paid: int
) -> None:
    invoice = {name: value for name, value in LEAD.items() if name != "covered_by_payment_minor"} | stored
    decided = msgspec.json.encode({"invoices": [invoice]})
    row = (4, "agency", "1", 1, "EUR", "2026-03-16", "placed", None, "", "northgate", decided, None)
    ((one,),) = [one.handed for one in outcomes.came([row])]
    assert (one.open_minor, one.paid_minor) == (80_000, paid)
