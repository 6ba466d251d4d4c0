"""A reason of ours not to write to a customer, or not about one invoice."""

from datetime import date
from decimal import Decimal

from dunwell.agreements.fresh import again
from dunwell.agreements.refusing import Refused, minor, not_past
from strategy.account import Account, Receivable
from strategy.agreements import HoldKind
from strategy.explain import amount
from strategy.model import Record
from sync.bench import Bench
from sync.store import agreeing
from sync.store.agreeing import HoldGiven


class Reason(Record):
    """Why, and how long: through `until`, or (None) until it is ended. `amount`: so much of an invoice, None is all."""

    kind: HoldKind
    text: str
    until: date | None = None
    amount: Decimal | None = None


def hold(bench: Bench, account: Account, row: Receivable | None, reason: Reason, who: str) -> int:
    """Record a hold on one invoice, or (None) the whole account; its number. Raises `Refused`."""
    now = bench.moment(who)
    if not reason.text.strip():
        raise Refused("a hold needs a reason that the next person understands")
    if reason.until is not None:
        not_past("a hold until", reason.until, now.on)
    with bench.store.transaction():
        account, rows = again(bench, account, [row] if row else [])
        row = next(iter(rows), None)
        held = _held(row, reason)
        _check(account, row, reason, now.on)
        given = HoldGiven(
            customer_id=account.customer.id,
            invoice_id=row.invoice_id if row else None,
            kind=reason.kind,
            reason=reason.text,
            until=reason.until,
            amount_minor=held,
            currency=row.currency if row else None,
        )
        return agreeing.add_hold(bench.store, now, given)


def _check(account: Account, row: Receivable | None, reason: Reason, today: date) -> None:
    for other in account.holds:
        same = other.invoice_id in {None, row.invoice_id if row else None}
        if other.stands(today) and other.kind is reason.kind and same:
            raise Refused(
                f"{row.number if row else account.customer.name} is held already ({reason.kind}, hold {other.id}); "
                f"end that one first: dunwell hold end {account.ledger.name} {other.id}"
            )


def _held(row: Receivable | None, reason: Reason) -> int | None:
    """So much of the invoice; None is all of it."""
    if reason.amount is None:
        return None
    if row is None:
        raise Refused("an amount is held of one invoice: say which with --invoice")
    held = minor(reason.amount, row.currency)
    if held > row.open_minor:
        raise Refused(
            f"{amount(held, row.currency)} is more than can be held of invoice {row.number}: "
            f"{amount(row.open_minor, row.currency)} is open"
        )
    return held
