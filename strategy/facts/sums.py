"""Money, currency by currency, and shares of it. Nothing is converted or added: the worst currency speaks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from strategy.account import Account, Invoiced
from strategy.agreements import Dispute
from strategy.disputes import resting
from strategy.facts.asked import Asked, Measure
from strategy.facts.evidence import QUARTER, YEAR
from strategy.model import Currency, InvoiceId

_Sums = dict[Currency, int]


def money(account: Account, as_of: date) -> Asked[_Sums]:
    """Every fact that is compared with an amount."""
    return Asked(
        lambda: {
            "balance": lambda: _sums((r.currency, r.open_minor) for r in account.receivables),
            "overdue": lambda: _sums(
                (r.currency, r.open_minor if r.due_on < as_of else 0) for r in account.receivables
            ),
            "disputed": lambda: _disputed(account),
            "credit": lambda: _sums((u.currency, u.amount_minor) for u in account.unapplied),
            "exposure": lambda: _exposure(account),
        }
    )


def shares(
    account: Account, money: Mapping[str, Mapping[Currency, int]], as_of: date, *, new: bool
) -> Mapping[str, Measure[int | Fraction]]:
    """Of a `new` account only the use of its limit is known."""
    limit: dict[str, Measure[int | Fraction]] = {"limit_used": lambda: _limit_used(account, money["exposure"])}
    if new:
        return limit
    return {
        **limit,
        "dispute_rate": lambda: _dispute_rate(account, as_of),
        "volume_change": lambda: _volume_change(account, as_of),
    }


def _exposure(account: Account) -> _Sums:
    """What is open less what is in the customer's favour."""
    open_now = [(r.currency, r.open_minor) for r in account.receivables]
    return _sums([*open_now, *((u.currency, -u.amount_minor) for u in account.unapplied)])


def _sums(amounts: Iterable[tuple[Currency, int]]) -> _Sums:
    sums: _Sums = defaultdict(int)
    for currency, amount in amounts:
        sums[currency] += amount
    return dict(sums)


def _disputed(account: Account) -> _Sums:
    """Of each invoice what is open of it at most, however many disputes there are."""
    open_now, rest = {r.invoice_id: r for r in account.receivables}, resting(account)
    parts: dict[InvoiceId, int] = defaultdict(int)
    for dispute in account.disputes:
        if r := open_now.get(dispute.invoice_id):
            part = rest[dispute.id]
            parts[r.invoice_id] += r.open_minor if part is None else part
    return _sums((open_now[one].currency, min(open_now[one].open_minor, part)) for one, part in parts.items())


def _limit_used(account: Account, exposure: Mapping[Currency, int]) -> Fraction | None:
    """Of the credit limit most used; a limit of nothing counts as one of the smallest unit. None without any limit."""
    limits = account.profile.credit_limit.items()
    return max((Fraction(max(0, exposure.get(one, 0)), max(1, limit)) for one, limit in limits), default=None)


def _dispute_rate(account: Account, as_of: date) -> Fraction | None:
    """What was disputed in a year, as a part of what was invoiced in it; None where nothing was.

    Credit notes take nothing off: they settle disputes, and who is right would seem to dispute more of what is left.
    """
    disputed = _sums(_raised(account, as_of - YEAR))
    invoiced = {one.currency: one.year_minor for one in account.invoiced if one.year_minor > 0}
    return max((Fraction(disputed.get(one, 0), total) for one, total in invoiced.items()), default=None)


def _raised(account: Account, after: date) -> Iterator[tuple[Currency, int]]:
    """What was disputed of each invoice since a day; the whole of it at most, however often."""
    by_invoice: dict[tuple[Currency, InvoiceId], list[Dispute]] = defaultdict(list)
    for dispute in account.disputes:
        if dispute.opened_on > after and dispute.currency is not None:
            by_invoice[dispute.currency, dispute.invoice_id].append(dispute)
    for (currency, _), disputes in by_invoice.items():
        total = disputes[0].invoiced_minor
        yield currency, min(total, sum(total if one.amount_minor is None else one.amount_minor for one in disputes))


def _volume_change(account: Account, as_of: date) -> Fraction | None:
    """What was invoiced in the last quarter beside the average quarter of the year before it, where it fell most.

    Credit notes count against the span of their own date; more of them than was invoiced in the quarter leave nothing.
    None where the account is not known for a quarter before that, or nothing is left of what was invoiced in it.
    """
    first = account.first_invoice_on
    known = min((as_of - first).days, YEAR.days) - QUARTER.days if first else 0
    if known < QUARTER.days:
        return None
    changes = (
        Fraction(max(0, lately) * known, earlier * QUARTER.days) - 1
        for lately, earlier in map(_net, account.invoiced)
        if earlier > 0
    )
    return min(changes, default=None)


def _net(invoiced: Invoiced) -> tuple[int, int]:
    """In the last quarter and in the year before it, less the credit notes of these days."""
    lately = invoiced.quarter_minor - invoiced.quarter_credited_minor
    return lately, invoiced.year_minor - invoiced.year_credited_minor - lately
