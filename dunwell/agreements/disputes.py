"""They say an invoice is wrong."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from dunwell.agreements.fresh import again
from dunwell.agreements.refusing import Refused, minor, not_past
from dunwell.agreements.telling import Told, tell
from strategy import disputes
from strategy.account import Account, Receivable
from strategy.agreements import DisputeOutcome
from strategy.explain import amount
from strategy.model import Record
from sync.bench import Bench
from sync.store import agreeing, agreements
from sync.store.agreements import ListedDispute


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
    """What is disputed of an invoice; without an amount all of it.

    `owner` is the role of ours that answers it, by `answer_by` (None: as the strategy says).
    """

    category: Category
    amount: Decimal | None = None
    reason: str = ""
    owner: str = "owner"
    answer_by: date | None = None


def dispute(bench: Bench, account: Account, row: Receivable, objection: Objection, who: str) -> tuple[int, date]:
    """Record a dispute; its number, and the day by which we answer it. Raises `Refused`: more than is open."""
    now = bench.moment(who)
    answer_by = objection.answer_by or _answer_by(bench, now.on)
    not_past("an answer by", answer_by, now.on)
    disputed = None if objection.amount is None else minor(objection.amount, row.currency)
    with bench.store.transaction():
        account, (row,) = again(bench, account, [row])
        _check(account, row, disputed)
        raised = agreeing.Disputed(
            customer_id=account.customer.id,
            invoice_id=row.invoice_id,
            amount_minor=disputed,
            category=objection.category,
            reason=objection.reason,
            owner=objection.owner,
            answer_by=answer_by,
            counted_minor=disputes.credited(account, row.invoice_id),
        )
        dispute_id = agreeing.add_dispute(bench.store, now, raised)
        what = amount(row.open_minor if disputed is None else disputed, row.currency)
        reason = f": {objection.reason}" if objection.reason else ""
        text = f"dispute {dispute_id}: {what} of {row.number}, {objection.category}{reason} (told to {who})."
        told = Told(occasion=f"dispute-{dispute_id}", lead=row.invoice_id, currency=row.currency, text=text)
        tell(bench, now, account, told)
        return dispute_id, answer_by


def answer(bench: Bench, number: int, who: str) -> None:
    """We have told them what we think of it. Raises `Refused` where there is none that waits for that."""
    with bench.store.transaction():
        if not agreeing.answer_dispute(bench.store, bench.moment(who), number):
            raise Refused(
                f"there is no dispute {number} in {bench.ledger.name} that waits for an answer; "
                f"dunwell dispute list {bench.ledger.name} shows them"
            )


def resolve(bench: Bench, number: int, outcome: DisputeOutcome, credit: Decimal | None, who: str) -> tuple[int, str]:
    """What came of a dispute; the credit note that is expected, 0 for none, and its currency. Raises `Refused`."""
    now = bench.moment(who)
    with bench.store.transaction():
        found = _open(bench, number)
        expected = _expected(found, outcome, credit)
        account = bench.account(found.customer_id, now.on)
        resolved = agreeing.Resolved(
            outcome=outcome, credit_minor=expected, currency=found.currency, counted_minor=_counted(account, found)
        )
        agreeing.resolve_dispute(bench.store, now, number, resolved)
        if account is not None:
            credit_note = f", credit note of {amount(expected, found.currency)} expected" if expected else ""
            text = f"dispute {number} of {found.number}: {outcome}{credit_note} (says {who})."
            told = Told(
                occasion=f"dispute-{number}-{outcome}", lead=found.invoice_id, currency=found.currency, text=text
            )
            tell(bench, now, account, told)
    return expected, found.currency


def _open(bench: Bench, number: int) -> ListedDispute:
    """Raises `Refused` where there is no such dispute that is open."""
    found = next((one for one in agreements.disputes(bench.store, bench.ledger.id) if one.id == number), None)
    if found is None:
        raise Refused(
            f"there is no open dispute {number} in {bench.ledger.name}; dunwell dispute list {bench.ledger.name} "
            "shows them"
        )
    return found


def _answer_by(bench: Bench, today: date) -> date:
    within = bench.settings.strategy.holds.answer
    return bench.calendar(today).plus(bench.company().country, today, within)


def _expected(found: ListedDispute, outcome: DisputeOutcome, credit: Decimal | None) -> int:
    disputed = found.open_minor if found.amount_minor is None else found.amount_minor
    if outcome is DisputeOutcome.INVALID and credit is not None:
        raise Refused("they are not right, so there is no credit note to expect: leave out --credit")
    if outcome is DisputeOutcome.PARTIAL and credit is None:
        raise Refused("they are right in part: say of how much with --credit")
    if outcome is DisputeOutcome.INVALID:
        return 0
    expected = disputed if credit is None else minor(credit, found.currency)
    if expected > disputed:
        raise Refused(
            f"{amount(expected, found.currency)} is more than the {amount(disputed, found.currency)} that dispute "
            f"{found.id} is about"
        )
    return expected


def _counted(account: Account | None, found: ListedDispute) -> int | None:
    """Of the whole invoice a credit note is expected for what is still open; what came before is no part of that."""
    if account is None or found.amount_minor is not None:
        return None
    return disputes.credited(account, found.invoice_id)


def _check(account: Account, row: Receivable, disputed: int | None) -> None:
    others = [one for one in account.disputes if one.invoice_id == row.invoice_id and one.closed_on is None]
    for other in others:
        if other.amount_minor is None or disputed is None:
            raise Refused(
                f"invoice {row.number} is disputed already (dispute {other.id}); end that one first: "
                f"dunwell dispute end {account.ledger.name} {other.id}"
            )
    rest = disputes.resting(account)
    before = sum(rest[other.id] or 0 for other in others)
    if disputed is not None and before + disputed > row.open_minor:
        already = f", and {amount(before, row.currency)} of it is disputed already" if before else ""
        raise Refused(
            f"{amount(disputed, row.currency)} is more than can be disputed of invoice {row.number}: "
            f"{amount(row.open_minor, row.currency)} is open{already}"
        )
