"""Disputes: what of an invoice they set aside, and who of us still has to do something about it.

Raised, a dispute wants an answer by its day; answered, an outcome. Where they are right, wholly or in part, it rests on
until the credit note is in the books: only then is nothing asked for that they do not owe.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from strategy.account import Account, Settlement
from strategy.agreements import Dispute
from strategy.model import InvoiceId

_Left = Sequence[tuple[Settlement, int]]
"""Credits, and how much of each no dispute has got."""


def rests(account: Account, dispute: Dispute) -> int | None:
    """How much of its invoice is not asked for, 0 where it is over; None is all of it."""
    return _resting(account, (dispute,))[dispute.id]


def resting(account: Account) -> Mapping[int, int | None]:
    """The same of each dispute, by its number."""
    return _resting(account, account.disputes)


def settled(account: Account) -> Iterator[Dispute]:
    """Disputes that are over by themselves: the credit note is in the books, or nothing of the invoice is open."""
    answered = [one for one in account.disputes if one.closed_on is None and one.outcome is not None]
    if answered:
        rest, still_open = _resting(account, answered), {one.invoice_id for one in account.receivables}
        yield from (one for one in answered if one.invoice_id not in still_open or rest[one.id] == 0)


def _resting(account: Account, asked: Sequence[Dispute]) -> Mapping[int, int | None]:
    """Credit is gone through once for all of them."""
    wanted = {one.invoice_id for one in asked if one.closed_on is None and one.outcome is not None}
    credited: dict[InvoiceId, list[Settlement]] = {one: [] for one in wanted}
    answered: dict[InvoiceId, list[Dispute]] = {one: [] for one in wanted}
    for part in account.settlements if wanted else ():
        if part.invoice_id in wanted and not part.by_payment:
            credited[part.invoice_id].append(part)
    for one in account.disputes:
        if one.invoice_id in wanted and one.outcome is not None:
            answered[one.invoice_id].append(one)
    rest: dict[int, int | None] = {}
    for one in asked:
        if one.closed_on is not None:
            rest[one.id] = 0
        elif one.outcome is None:
            rest[one.id] = one.amount_minor
        else:
            used = _credited(one, answered[one.invoice_id], credited[one.invoice_id])
            rest[one.id] = max(0, (one.credit_minor or 0) - used)
    return rest


def credited(account: Account, invoice_id: InvoiceId) -> int:
    """Credit that was used for an invoice, as far as the books know."""
    own = (part for part in account.settlements if part.invoice_id == invoice_id and not part.by_payment)
    return sum(part.amount_minor for part in own)


def _credited(dispute: Dispute, others: Sequence[Dispute], credits_: Sequence[Settlement]) -> int:
    """Credit that was used for the invoice since it was raised, and for it: one credit note is for one dispute. Those
    that are over have got theirs; of the others the one that was raised first comes first.
    """
    credits_left = [(part, part.amount_minor) for part in sorted(credits_, key=lambda part: part.settled_on)]
    for one in sorted(others, key=lambda one: (one.closed_on is None, one.id)):
        before = sum(left for _, left in credits_left)
        credits_left = [*_take(one, credits_left)]
        if one.id == dispute.id:
            return before - sum(left for _, left in credits_left)
    return 0


def _take(dispute: Dispute, credits_left: _Left) -> Iterator[tuple[Settlement, int]]:
    """What is left of credit after the dispute has got its part: of what was used until it was over, whatever its day,
    what was not counted already. A credit note may bear a day before the dispute and reach the books after it.
    """
    counted, wanted = dispute.counted_minor, dispute.credit_minor or 0
    for part, left in credits_left:
        if part.settled_on <= (dispute.closed_on or date.max):
            taken = min(max(0, part.amount_minor - counted), left, wanted)
            counted = max(0, counted - part.amount_minor)
            wanted -= taken
            yield part, left - taken
        else:
            yield part, left
