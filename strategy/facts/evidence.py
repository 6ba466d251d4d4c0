"""How much must be known of an account before its habits are spoken of."""

from datetime import date, timedelta
from typing import Final

from strategy.account import Account

YEAR: Final = timedelta(days=365)
QUARTER: Final = timedelta(days=90)

PAID: Final = 3
"""So many invoices paid in full are evidence enough, however short the acquaintance."""
KNOWN: Final = QUARTER
"""So long an acquaintance is evidence enough, however few were paid: who has not paid in all that time has a habit."""


def is_new(account: Account, as_of: date) -> bool:
    """Whether too little is known of the account for its habits to mean anything."""
    first = account.first_invoice_on
    return account.paid_invoices < PAID and (first is None or as_of - first < KNOWN)
