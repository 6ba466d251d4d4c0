"""Small balances, either way: what is left over is nobody's letter, but a bookkeeper's write-off or refund."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from strategy.account import Account
from strategy.model import Currency, Record
from strategy.rules import Amount


class Way(StrEnum):
    """What would clear it: a debit is written off, a credit refunded."""

    WRITE_OFF = "write off"
    REFUND = "refund"


class Small(Record):
    """What an account is left with in one currency. `amount_minor` is never negative; `since`: the oldest due date, or
    the day of the oldest credit. `numbers` are those of what it is made of.
    """

    way: Way
    currency: Currency
    amount_minor: int
    since: date
    numbers: tuple[str, ...]


def small(account: Account, minimum: Amount, as_of: date) -> Iterator[Small]:
    """Where nothing falls due any more, and what is left is no more than the minimum below which nobody is asked."""
    currencies = {one.currency for one in account.receivables} | {one.currency for one in account.unapplied}
    for currency in sorted(currencies):
        rows = [one for one in account.receivables if one.currency == currency]
        credits_ = [one for one in account.unapplied if one.currency == currency]
        left = sum(one.open_minor for one in rows) - sum(one.amount_minor for one in credits_)
        if left and abs(left) <= minimum.get(currency, 0) and all(one.due_on < as_of for one in rows):
            days = [one.due_on for one in rows] if left > 0 else [one.since for one in credits_]
            yield Small(
                way=Way.WRITE_OFF if left > 0 else Way.REFUND,
                currency=currency,
                amount_minor=abs(left),
                since=min(days),
                numbers=(*(one.number for one in rows), *(one.number or one.id for one in credits_)),
            )
