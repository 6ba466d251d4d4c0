"""A reason of ours not to write to a customer, or not about one invoice."""

from datetime import date

from dunwell.agreements.refusing import Refused, not_past
from strategy.account import Account, HoldKind, Receivable
from strategy.model import Record
from sync.bench import Bench
from sync.store import journal
from sync.store.journal import HoldGiven


class Reason(Record):
    """Why, and how long: through `until`, or (None) until it is ended."""

    kind: HoldKind
    text: str
    until: date | None = None


def hold(bench: Bench, account: Account, row: Receivable | None, reason: Reason, who: str) -> int:
    """Record a hold on one invoice, or (None) the whole account; its number. Raises `Refused`."""
    now = bench.moment(who)
    if not reason.text.strip():
        raise Refused("a hold needs a reason that the next person understands")
    if reason.until is not None:
        not_past("a hold until", reason.until, now.on)
    invoice_id = row.invoice_id if row else None
    for other in account.holds:
        if other.stands(now.on) and other.kind is reason.kind and other.invoice_id in {None, invoice_id}:
            raise Refused(
                f"{row.number if row else account.customer.name} is held already ({reason.kind}, hold {other.id}); "
                f"end that one first: dunwell hold end {account.ledger.name} {other.id}"
            )
    given = HoldGiven(
        customer_id=account.customer.id, invoice_id=invoice_id, kind=reason.kind, reason=reason.text, until=reason.until
    )
    with bench.store.transaction():
        return journal.add_hold(bench.store, now, given)
