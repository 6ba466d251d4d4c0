"""Saying no to what cannot be right, before anything is written."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from strategy import money
from strategy.account import Account, Receivable
from strategy.model import Currency, InvoiceId

FAR: Final = timedelta(days=366)
"""A day later than this is a slip of the pen."""


class Refused(Exception):
    """What was said cannot be right; the message says why and what would be."""


def not_past(what: str, day: date, today: date) -> None:
    """Raises `Refused` where the day is over, or so far away that the year must be wrong."""
    if day < today:
        raise Refused(f"{what} {day} is in the past: today is {today}")
    if day - today > FAR:
        raise Refused(f"{what} {day} is more than a year away; is the year right?")


def open_invoice(account: Account, invoice_id: InvoiceId, number: str, whose: str) -> Receivable:
    """What is open of an invoice of this account. `whose`: the account that it really belongs to."""
    found = next((one for one in account.receivables if one.invoice_id == invoice_id), None)
    if found is not None:
        return found
    if whose != account.customer.name:
        raise Refused(f"invoice {number} belongs to {whose}, not to {account.customer.name}")
    raise Refused(f"nothing is open of invoice {number}: it is paid, credited or void")


def minor(given: Decimal, currency: Currency) -> int:
    """The amount in minor units; raises `Refused` where the currency has none so small."""
    try:
        return money.to_minor(given, currency)
    except money.NotRepresentable as error:
        raise Refused(str(error)) from None


def one_currency(rows: Sequence[Receivable], wanted: str | None) -> Currency:
    """The one currency of what is spoken of. `wanted`: as typed, in either case."""
    wanted = wanted and wanted.upper()
    currencies = sorted({row.currency for row in rows if wanted in {None, row.currency}})
    if len(currencies) == 1:
        return currencies[0]
    if wanted is not None:
        there = ", ".join(sorted({row.currency for row in rows}))
        raise Refused(f"nothing of it is in {wanted}; there is {there}")
    raise Refused(f"it is in {' and '.join(currencies)}: say which with --currency")
