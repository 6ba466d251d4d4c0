"""They will pay by a day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from dunwell.agreements.fresh import again
from dunwell.agreements.refusing import Refused, minor, not_past, one_currency
from dunwell.agreements.telling import Told, tell
from strategy import askable, payments, promises
from strategy.account import Account, Receivable
from strategy.agreements import Promise, PromiseState
from strategy.explain import amount, sentence
from strategy.model import Currency, InvoiceId, Record
from strategy.promises import Judged, Verdict
from strategy.situation import situate
from sync.bench import Bench
from sync.store import agreeing, agreements


class Promised(Record):
    """A promise as it was recorded. `replaced` are the numbers of open ones that it ended; those `shortened` go on with
    what is still to come of their other invoices.

    `over_cap`: it is one more than the strategy lets rest.
    """

    id: int
    on: date
    currency: Currency
    amounts: tuple[tuple[Receivable, int], ...]
    replaced: tuple[int, ...]
    shortened: tuple[Promise, ...]
    over_cap: bool

    @property
    def amount_minor(self) -> int:
        return sum(part for _, part in self.amounts)


class Wish(Record):
    """What was promised. Without invoices all that is asked for is meant: what is overdue, neither disputed, planned,
    claimed paid nor held, less credit. Without an amount all of them.
    """

    on: date
    amount: Decimal | None = None
    currency: str | None = None
    invoices: tuple[Receivable, ...] = ()


def promise(bench: Bench, account: Account, wish: Wish, who: str) -> Promised:
    """Record a promise. Raises `Refused`: a day that is over, nothing to promise, more than is open."""
    now = bench.moment(who)
    not_past("a promise for", wish.on, now.on)
    with bench.store.transaction():
        account, rows = again(bench, account, wish.invoices)
        amounts = _amounts(account, wish, [(row, row.open_minor) for row in rows] or _overdue(bench, account, wish))
        currency, named = amounts[0][0].currency, {row.invoice_id for row, _ in amounts}
        before = [_without(bench, account, one, named) for one in _resting(bench, account, named, now.on)]
        promised = [(row.invoice_id, currency, part) for row, part in amounts]
        promise_id = agreeing.add_promise(bench.store, now, account.customer.id, wish.on, promised)
        _count(bench, account, promise_id, amounts, now.on)
        for one in before:
            if one.amounts:
                agreeing.shorten_promise(bench.store, now, account.customer.id, one, invoices=named, by=promise_id)
            else:
                agreeing.end_promise(bench.store, now, one.id, PromiseState.SUPERSEDED)
        total_minor = sum(part for _, part in amounts)
        numbers = ", ".join(row.number for row, _ in amounts)
        text = f"promise {promise_id}: {amount(total_minor, currency)} by {wish.on} for {numbers} (told to {who})."
        told = Told(occasion=f"promise-{promise_id}", lead=amounts[0][0].invoice_id, currency=currency, text=text)
        tell(bench, now, account, told)
    over_cap = _is_over_cap(bench, account, promise_id)
    return Promised(
        id=promise_id,
        on=wish.on,
        currency=currency,
        amounts=amounts,
        replaced=tuple(one.id for one in before if not one.amounts),
        shortened=tuple(one for one in before if one.amounts),
        over_cap=over_cap,
    )


_Free = Sequence[tuple[Receivable, int]]
"""Invoices, and how much of each may be promised."""


def _amounts(account: Account, wish: Wish, free: _Free) -> tuple[tuple[Receivable, int], ...]:
    """How much is promised of each."""
    currency = one_currency([row for row, _ in free], wish.currency)
    free = [(row, part) for row, part in free if row.currency == currency]
    credit = 0 if wish.invoices else sum(one.amount_minor for one in account.unapplied if one.currency == currency)
    return _spread(free, _promised(account, wish, free, credit), credit)


def judged(bench: Bench, account: Account) -> tuple[Judged, ...]:
    """The account's promises and what became of them."""
    today = bench.today()
    return promises.judge(account, bench.settings.strategy.holds.promise, bench.calendar(today), today)


def _is_over_cap(bench: Bench, account: Account, promise_id: int) -> bool:
    """Read again, because a promise counts those before it."""
    today = bench.account(account.customer.id, bench.today())
    return today is not None and any(
        one.promise.id == promise_id and one.verdict is Verdict.OVER_CAP for one in judged(bench, today)
    )


def _overdue(bench: Bench, account: Account, wish: Wish) -> _Free:
    """What is asked for, by invoice. Raises `Refused` where that is nothing."""
    today, wanted = bench.today(), wish.currency and wish.currency.upper()
    rows = tuple(row for row in account.receivables if row.due_on < today)
    if not rows:
        raise Refused(f"nothing of {account.customer.name} is overdue; name the invoices that are promised")
    here = situate(account, bench.settings.strategy, bench.calendar(today), today)
    coverages = [askable.before_promises(here, currency) for currency in sorted({row.currency for row in rows})]
    free = [(share.receivable, share.amount_minor) for coverage in coverages for share in coverage.overdue]
    if not any(wanted in {None, row.currency} for row, _ in free):
        late = {row.invoice_id for row in rows if wanted in {None, row.currency}}
        held = (one for coverage in coverages for one in coverage.held if one.invoice_id in late)
        why = "; ".join(f"{one.number}: {sentence(one.reasons[0]).rstrip('.')}" for one in held)
        if why:
            raise Refused(f"nothing of what is overdue is asked for ({why}); name the invoices that are promised")
    return free


def _promised(account: Account, wish: Wish, free: _Free, credit: int) -> int:
    currency, whole = free[0][0].currency, sum(part for _, part in free)
    if wish.amount is not None:
        promised = minor(wish.amount, currency)
        if promised > whole:
            rest = "" if whole == sum(row.open_minor for row, _ in free) else ", what is set aside left out"
            raise Refused(
                f"{amount(promised, currency)} is more than the {amount(whole, currency)} that {account.customer.name} "
                f"owes on {', '.join(row.number for row, _ in free)}{rest}"
            )
        return promised
    if credit >= whole:
        raise Refused(f"unapplied credit covers all that {account.customer.name} owes; apply it in the books")
    return whole - credit


def _spread(free: _Free, promised: int, credit: int) -> tuple[tuple[Receivable, int], ...]:
    """The amount over the invoices, the oldest first, of each what credit leaves of it: that is applied in this order,
    too. Where more was promised than credit leaves, so much less of it counts.
    """
    parts = []
    covered = min(credit, sum(part for _, part in free) - promised)
    for row, whole in sorted(free, key=lambda one: (one[0].due_on, one[0].number)):
        by_credit = min(whole, covered)
        part = min(whole - by_credit, promised)
        covered -= by_credit
        promised -= part
        parts.append((row, part))
    return tuple((row, part) for row, part in parts if part)


def _count(
    bench: Bench, account: Account, promise_id: int, amounts: Sequence[tuple[Receivable, int]], today: date
) -> None:
    """Keep what is paid of its invoices and is no part of the promise, in the books read again: of one that is promised
    it is known however old it is. Also what no invoice has used yet: that will go to what is not promised of these, the
    oldest first.
    """
    account = bench.account(account.customer.id, today) or account
    counted = payments.through(account, {row.invoice_id for row, _ in amounts}, today)
    money = (one for one in account.unapplied if one.is_money and one.since <= today)
    left = sum(one.amount_minor for one in money if one.currency == amounts[0][0].currency)
    for row, part in amounts:
        used = min(left, row.open_minor - part)
        counted[row.invoice_id] += used
        left -= used
    agreeing.count_promise(bench.store, promise_id, counted)


def _resting(bench: Bench, account: Account, invoices: set[InvoiceId], today: date) -> tuple[Judged, ...]:
    """Open promises that can still be kept and name one of the invoices: there the new one takes their place."""
    return tuple(
        one
        for one in judged(bench, account)
        if one.promise.state is PromiseState.OPEN
        and one.deadline >= today
        and one.verdict is not Verdict.KEPT
        and invoices & {invoice_id for invoice_id, _ in one.promise.amounts}
    )


def _without(bench: Bench, account: Account, one: Judged, invoices: set[InvoiceId]) -> Promise:
    """The promise with what is still to come on its other invoices, and with those that are on another account now."""
    others = {row.invoice_id for row in account.receivables} - invoices
    left = [(invoice_id, part) for invoice_id, part in one.left.items() if invoice_id in others and part]
    there = agreements.promised_elsewhere(bench.store, one.promise.id, [*one.left])
    return replace(one.promise, amounts=(*left, *there))
