"""Disputes: what of an invoice they set aside, and who of us still has to do something about it.

Raised, a dispute wants an answer by its day; answered, an outcome. Where they are right, wholly or in part, it rests on
until the credit note is in the books: only then is nothing asked for that they do not owe.
"""

from collections.abc import Iterator

from strategy.account import Account
from strategy.agreements import Dispute


def rests(account: Account, dispute: Dispute) -> int | None:
    """How much of its invoice is not asked for, 0 where it is over; None is all of it."""
    if dispute.closed_on is not None:
        return 0
    if dispute.outcome is None:
        return dispute.amount_minor
    return max(0, (dispute.credit_minor or 0) - _credited(account, dispute))


def settled(account: Account) -> Iterator[Dispute]:
    """Disputes that are over by themselves: the credit note is in the books, or nothing of the invoice is open."""
    for dispute in account.disputes:
        if dispute.closed_on is None and dispute.outcome is not None:
            still_open = any(one.invoice_id == dispute.invoice_id for one in account.receivables)
            if not still_open or rests(account, dispute) == 0:
                yield dispute


def _credited(account: Account, dispute: Dispute) -> int:
    """Credit that was used for the invoice since."""
    return sum(
        part.amount_minor
        for part in account.settlements
        if part.invoice_id == dispute.invoice_id and not part.by_payment and part.settled_on >= dispute.opened_on
    )
