"""Accounts that an agency has: nothing is chased beside it, and what happens meanwhile is told to it at once."""

from collections.abc import Iterator
from datetime import date

from strategy.account import Account, CameOf
from strategy.decision import Reason, reason

PLACED, RECALLED = "placed", "recalled"


def placed(account: Account, as_of: date = date.max) -> CameOf | None:
    """The placement that stands: taken by an agency, not recalled since, and its case is not over. The
    agency has it still on the day (`as_of`) that ends the case, and hears that it was paid.
    """
    open_cases = {
        (case.currency, case.number) for case in account.cases if case.closed_on is None or case.closed_on >= as_of
    }
    standing: CameOf | None = None
    for one in account.came:
        if one.outcome == PLACED and (one.currency, one.case) in open_cases:
            standing = one
        elif one.outcome == RECALLED:
            standing = None
    return standing


def to_tell(account: Account, standing: CameOf) -> Iterator[tuple[str, Reason]]:
    """What the agency must hear, each with what tells it from the others: paid to us, disputed, or said to be paid."""
    paid = [
        part.amount_minor
        for part in account.settlements
        if part.currency == standing.currency and part.settled_on >= standing.on
    ]
    agency, currency = standing.what, standing.currency
    if paid:
        yield f"paid-{sum(paid)}", reason("placed_paid", agency=agency, paid=sum(paid), currency=currency)
    for dispute in account.disputes:
        if dispute.closed_on is None and dispute.opened_on >= standing.on:
            why = reason("placed_disputed", agency=agency, opened_on=dispute.opened_on, category=dispute.category)
            yield f"disputed-{dispute.id}", why
    for claim in account.claims:
        if claim.closed_on is None and claim.claimed_on >= standing.on:
            yield f"claimed-{claim.id}", reason("placed_claimed", agency=agency, claimed_on=claim.claimed_on)
