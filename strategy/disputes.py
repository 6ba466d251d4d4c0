"""Disputes: what of an invoice they set aside, and who of us still has to do something about it.

Raised, a dispute wants an answer by its day; answered, an outcome. Where they are right, wholly or in part, it rests on
until the credit note is in the books: only then is nothing asked for that they do not owe.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from strategy.account import Account, Settlement
from strategy.agreements import Dispute
from strategy.model import InvoiceId

_Left = Sequence[tuple[Settlement, int]]
"""Credits, and how much of each no dispute has got."""


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


def credited_since(account: Account, invoice_id: InvoiceId, day: date) -> int:
    """Credit that was used for an invoice on the day or after it."""
    return sum(part.amount_minor for part in _credits(account, invoice_id) if part.settled_on >= day)


def _credited(account: Account, dispute: Dispute) -> int:
    """Credit that was used for the invoice since, and for it: one credit note is for one dispute. Those that are over
    have got theirs; of the others the one that was raised first comes first.
    """
    credits_left = [(part, part.amount_minor) for part in _credits(account, dispute.invoice_id)]
    others = (one for one in account.disputes if one.invoice_id == dispute.invoice_id and one.outcome is not None)
    for one in sorted(others, key=lambda one: (one.closed_on is None, one.id)):
        before = sum(left for _, left in credits_left)
        credits_left = [*_take(one, credits_left)]
        if one.id == dispute.id:
            return before - sum(left for _, left in credits_left)
    return 0


def _take(dispute: Dispute, credits_left: _Left) -> Iterator[tuple[Settlement, int]]:
    """What is left of credit after the dispute has got its part: of its days, and what was not counted already."""
    counted, wanted = dispute.counted_minor, dispute.credit_minor or 0
    for part, left in credits_left:
        if dispute.opened_on <= part.settled_on <= (dispute.closed_on or date.max):
            taken = min(max(0, part.amount_minor - counted), left, wanted)
            counted = max(0, counted - part.amount_minor)
            wanted -= taken
            yield part, left - taken
        else:
            yield part, left


def _credits(account: Account, invoice_id: InvoiceId) -> Sequence[Settlement]:
    """Credit that was used for an invoice, oldest first."""
    found = (part for part in account.settlements if part.invoice_id == invoice_id and not part.by_payment)
    return sorted(found, key=lambda part: part.settled_on)
