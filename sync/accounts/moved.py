"""Contacts made with an account that an invoice was on before, or that is part of this one now."""

from datetime import date

from msgspec import structs

from strategy import cases
from strategy.account import Account
from strategy.touches import Touch


def in_their_cases(account: Account, as_of: date) -> Account:
    """What was said of an invoice that is open here now is a step of the account's own open case: it is not said twice.

    Cases are numbered within their account: the number that the contact had means nothing here.
    """
    if not any(touch.moved for touch in account.touches):
        return account
    now = {one.currency: one.number for one in cases.own_open(cases.observe(account, as_of))}
    open_ids = {one.invoice_id for one in account.receivables}

    def placed(touch: Touch) -> Touch:
        if not touch.moved or touch.case is None:
            return touch
        return structs.replace(touch, case=now.get(touch.currency) if open_ids & touch.invoices else None)

    return structs.replace(account, touches=tuple(map(placed, account.touches)))
