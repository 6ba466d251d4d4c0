"""However much there is of an account, deciding reads each part of it so many times and no more."""

from collections.abc import Iterable, Iterator
from typing import Any

from strategy.agreements import Promise
from tests.strategy.builders import EUR, TODAY, a_receivable, a_settlement, an_account, days, decided


class Counted:
    """Records of an account that count how often somebody goes through them."""

    def __init__(self, records: Iterable[Any]) -> None:
        self.records = tuple(records)
        self.times = 0

    def __iter__(self) -> Iterator[Any]:
        self.times += 1
        return iter(self.records)


def times_read_for_a_promise(invoices: int) -> int:
    """How often settlements are gone through where so many invoices are promised in one go, and paid in part."""
    rows = [a_receivable(str(1000 + n)) for n in range(invoices)]
    promise = Promise(
        id=1,
        made_on=TODAY - days(2),
        promised_on=TODAY + days(5),
        currency=EUR,
        amounts=tuple((one.invoice_id, 50_000) for one in rows),
    )
    paid = Counted(a_settlement(days_late=1, days_ago=1, amount=10_000, invoice_id=one.invoice_id) for one in rows)
    held = decided(an_account(*rows, promises=(promise,), settlements=paid)).held
    assert [one.amount_minor for one in held] == [40_000] * invoices
    return paid.times


def test_one_promise_of_many_invoices_is_worked_out_once() -> None:
    assert times_read_for_a_promise(30) == times_read_for_a_promise(2)
