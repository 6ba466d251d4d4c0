"""Promises to pay: whether they are kept, still open, or broken, judged from the books and never from stale ones.

Kept: on the promised invoices, at least the promised amount less the tolerance was received since it was made, through
the deadline (the promised day and the grace, in business days). Broken: the deadline has passed with less, and
the books are matched through the promised day at least. Until then nobody can tell, and nobody is told. Void: nothing
is open, and it was not paid, because what was promised was voided, deleted or credited.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from strategy import money, payments
from strategy.account import Account
from strategy.agreements import Promise, PromiseState
from strategy.business_days import Calendar
from strategy.model import InvoiceId, Record
from strategy.payments import Paid
from strategy.rules import PromiseRule

_WHOLE_BP = 10_000


class Verdict(StrEnum):
    """UNJUDGED: the day has passed, but the books do not reach it yet. OVER_CAP: one promise too many to rest on.

    VOID: there is nothing left to pay of it, and it was not paid.
    """

    PENDING = "pending"
    UNJUDGED = "unjudged"
    OVER_CAP = "over_cap"
    KEPT = "kept"
    BROKEN = "broken"
    VOID = "void"
    ENDED = "ended"


class Judged(Record):
    """A promise and what became of it. `deadline` is the last day on which it can still be kept. `left`: what is still
    to come of it by invoice, 0 where nothing is; a part that was paid is promised no longer.
    """

    promise: Promise
    deadline: date
    verdict: Verdict
    left: Mapping[InvoiceId, int]

    @property
    def rests(self) -> bool:
        """Whether chasing of what was promised rests."""
        return self.verdict in {Verdict.PENDING, Verdict.UNJUDGED}

    @property
    def is_moot(self) -> bool:
        """Whether it is neither kept nor broken, nor ever will be."""
        return self.verdict in {Verdict.VOID, Verdict.ENDED}


class _Books(Record):
    """What promises are judged by: payments on what was promised, by invoice, and the invoices that are open."""

    paid: Mapping[InvoiceId, Sequence[Paid]]
    still_open: frozenset[InvoiceId]


def judge(account: Account, rule: PromiseRule, calendar: Calendar, as_of: date) -> tuple[Judged, ...]:
    """Every promise of the account made by the day, judged as on that day."""
    if not account.promises:
        return ()
    books = _Books(
        paid=_payments(account),
        still_open=frozenset(one.invoice_id for one in account.receivables),
    )
    judged: list[Judged] = []
    for promise in account.promises:
        if promise.made_on <= as_of:
            deadline = calendar.plus(account.ledger.company.country, promise.promised_on, rule.grace)
            verdict = _verdict(account, promise, rule, books=books, deadline=deadline, as_of=as_of)
            judged.append(Judged(promise=promise, deadline=deadline, verdict=verdict, left=_left(promise, books)))
    return tuple(judged)


def broken_since(judged: tuple[Judged, ...], after: date) -> int:
    """How many promises were broken after the day."""
    return sum(one.verdict is Verdict.BROKEN and one.deadline > after for one in judged)


def kept_rate(judged: tuple[Judged, ...], after: date, as_of: date) -> Fraction | None:
    """Promises that were kept, of those made for a day after the one, through the other; None where none was due.

    Those that a person ended, or the books, are no promises; one that cannot be judged yet is not counted yet.
    """
    due = [one for one in judged if after < one.promise.promised_on <= as_of]
    kept = sum(one.verdict is Verdict.KEPT for one in due)
    broken = sum(one.verdict is Verdict.BROKEN for one in due)
    return Fraction(kept, kept + broken) if kept + broken else None


def _verdict(
    account: Account, promise: Promise, rule: PromiseRule, *, books: _Books, deadline: date, as_of: date
) -> Verdict:
    if promise.state is not PromiseState.OPEN:
        return Verdict.ENDED
    if _received(promise, books, min(deadline, as_of)) >= _enough(promise, rule):
        return Verdict.KEPT
    if _is_void(promise, books, deadline, as_of):
        return Verdict.VOID
    if as_of > deadline:
        return Verdict.BROKEN if account.ledger.books_reach(promise.promised_on) else Verdict.UNJUDGED
    return Verdict.OVER_CAP if _earlier(account, promise, rule) >= rule.times else Verdict.PENDING


def _is_void(promise: Promise, books: _Books, deadline: date, as_of: date) -> bool:
    """Nothing of its invoices is open, and no money came too late for it either."""
    if any(invoice_id in books.still_open for invoice_id, _ in promise.amounts):
        return False
    return as_of <= deadline or _received(promise, books, as_of) == _received(promise, books, deadline)


def _received(promise: Promise, books: _Books, until: date) -> int:
    return sum(_since(promise, books.paid, until).values())


def _left(promise: Promise, books: _Books) -> Mapping[InvoiceId, int]:
    paid = _since(promise, books.paid, date.max)
    return {invoice_id: max(0, amount - paid[invoice_id]) for invoice_id, amount in promise.amounts}


def _payments(account: Account) -> Mapping[InvoiceId, Sequence[Paid]]:
    """Payments on what was promised, by invoice: read once, however many invoices and promises."""
    found: dict[InvoiceId, list[Paid]] = {one: [] for promise in account.promises for one, _ in promise.amounts}
    for part in account.settlements:
        if part.by_payment and part.invoice_id in found:
            found[part.invoice_id].append((part.invoice_id, part.settled_on, part.amount_minor))
    return found


def _since(promise: Promise, paid: Mapping[InvoiceId, Sequence[Paid]], until: date) -> Mapping[InvoiceId, int]:
    """Payments on its invoices since the promise was made, through the day, by invoice."""
    return payments.since(promise, chain.from_iterable(paid[one] for one, _ in promise.amounts), until)


def _enough(promise: Promise, rule: PromiseRule) -> int:
    """What keeps it: all but the tolerance, which is one unit of the currency at least where there is any; and never
    nothing.
    """
    total = sum(amount for _, amount in promise.amounts)
    if not rule.tolerance_bp:
        return total
    one_unit: int = 10 ** money.digits(promise.currency)
    return max(1, total - max(total * rule.tolerance_bp // _WHOLE_BP, one_unit))


def _earlier(account: Account, promise: Promise, rule: PromiseRule) -> int:
    """Promises of the account made before this one, within the days that the cap looks back."""
    since = promise.made_on - timedelta(days=rule.in_days)
    return sum(
        since < other.made_on <= promise.made_on and other.id < promise.id and other.state is not PromiseState.CANCELLED
        for other in account.promises
    )
