"""They say an invoice is wrong."""

from decimal import Decimal
from enum import StrEnum

from dunwell.agreements.refusing import Refused, minor
from strategy.account import Account, Receivable
from strategy.explain import amount
from strategy.model import Record
from sync.bench import Bench
from sync.store import journal


class Category(StrEnum):
    """What a dispute is about."""

    PRICE = "price"
    QUANTITY = "quantity"
    QUALITY = "quality"
    DELIVERY = "delivery"
    ORDER_NUMBER = "order-number"
    DUPLICATE = "duplicate"
    PAID = "paid"
    NOT_OURS = "not-ours"
    TAX = "tax"
    OTHER = "other"


class Objection(Record):
    """What is disputed of an invoice; without an amount all of it."""

    category: Category
    amount: Decimal | None = None
    reason: str = ""


def dispute(bench: Bench, account: Account, row: Receivable, objection: Objection, who: str) -> int:
    """Record a dispute; its number. Raises `Refused` where more would be disputed than is open."""
    disputed = None if objection.amount is None else minor(objection.amount, row.currency)
    _check(account, row, disputed)
    raised = journal.Disputed(
        customer_id=account.customer.id,
        invoice_id=row.invoice_id,
        amount_minor=disputed,
        category=objection.category,
        reason=objection.reason,
    )
    with bench.store.transaction():
        return journal.add_dispute(bench.store, bench.moment(who), raised)


def _check(account: Account, row: Receivable, disputed: int | None) -> None:
    others = [one for one in account.disputes if one.invoice_id == row.invoice_id and one.closed_on is None]
    for other in others:
        if other.amount_minor is None or disputed is None:
            raise Refused(
                f"invoice {row.number} is disputed already (dispute {other.id}); end that one first: "
                f"dunwell dispute end {account.ledger.name} {other.id}"
            )
    before = sum(other.amount_minor or 0 for other in others)
    if disputed is not None and before + disputed > row.open_minor:
        already = f", and {amount(before, row.currency)} of it is disputed already" if before else ""
        raise Refused(
            f"{amount(disputed, row.currency)} is more than can be disputed of invoice {row.number}: "
            f"{amount(row.open_minor, row.currency)} is open{already}"
        )
