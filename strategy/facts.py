"""Measuring an account: the figures that conditions ask about, each as the glossary defines it.

Days late are weighted by amount and include what is still open and overdue, because a customer who stopped paying
would otherwise look better every day. They are measured per currency, and the worst currency speaks for the account:
nothing is converted or added. What there is no evidence for is left out, which conditions take as unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from strategy import promises
from strategy.account import Account, HoldKind, Settlement
from strategy.conditions import Facts
from strategy.model import Currency
from strategy.promises import Judged

YEAR = timedelta(days=365)
QUARTER = timedelta(days=90)
ENOUGH = 3
"""Settlements that a trend must rest on, before and after."""

MEASURED: Final = frozenset(
    {
        *("balance", "overdue", "disputed", "credit", "exposure"),
        *("overdue_days", "paid_invoices", "broken_promises", "touches", "known_days", "late_days", "late_trend"),
        *("method", "country", "language", "legal_form", "currency", "group", "list"),
        "insolvent",
    }
)
"""The facts that are measured where there is evidence. Conditions may name others, which are always unknown."""

_Weighted = tuple[Currency, int, int]
"""Currency, amount, days late."""


def measure(account: Account, judged: tuple[Judged, ...], as_of: date) -> Facts:
    """Everything a condition may ask about the account on the day."""
    return Facts(
        money=_money(account, as_of),
        numbers=_numbers(account, judged, as_of),
        words=_words(account),
        flags={"insolvent": _is_insolvent(account, as_of)},
    )


def days_overdue(due_on: date, as_of: date) -> int:
    """Whole days since the due date; zero and less is not overdue."""
    return (as_of - due_on).days


def _money(account: Account, as_of: date) -> dict[str, dict[Currency, int]]:
    balance = _sums((r.currency, r.open_minor) for r in account.receivables)
    credit = _sums((u.currency, u.amount_minor) for u in account.unapplied)
    currencies = balance.keys() | credit.keys()
    return {
        "balance": balance,
        "overdue": _sums((r.currency, r.open_minor if r.due_on < as_of else 0) for r in account.receivables),
        "disputed": _disputed(account),
        "credit": credit,
        "exposure": {one: balance.get(one, 0) - credit.get(one, 0) for one in currencies},
    }


def _sums(amounts: Iterable[tuple[Currency, int]]) -> dict[Currency, int]:
    sums: dict[Currency, int] = defaultdict(int)
    for currency, amount in amounts:
        sums[currency] += amount
    return dict(sums)


def _disputed(account: Account) -> dict[Currency, int]:
    open_now = {r.invoice_id: r for r in account.receivables}
    return _sums(
        (r.currency, r.open_minor if dispute.amount_minor is None else min(r.open_minor, dispute.amount_minor))
        for dispute in account.disputes
        if dispute.closed_on is None and (r := open_now.get(dispute.invoice_id))
    )


def _numbers(account: Account, judged: tuple[Judged, ...], as_of: date) -> dict[str, int | Fraction]:
    numbers: dict[str, int | Fraction] = {
        "overdue_days": max(0, *(days_overdue(r.due_on, as_of) for r in account.receivables), 0),
        "paid_invoices": account.paid_invoices,
        "broken_promises": promises.broken_since(judged, as_of - YEAR),
        "touches": _touches(account),
    }
    if account.first_invoice_on is not None:
        numbers["known_days"] = (as_of - account.first_invoice_on).days
    if (late := late_days(account, as_of)) is not None:
        numbers["late_days"] = late
    if (trend := _late_trend(account, as_of)) is not None:
        numbers["late_trend"] = trend
    return numbers


def late_days(account: Account, as_of: date) -> Fraction | None:
    """Days late weighted by amount over twelve months, open overdue included; None without any evidence."""
    paid = _settled(account.settlements, as_of - YEAR, as_of)
    return _worst([*paid, *_open_overdue(account, as_of)])


def _late_trend(account: Account, as_of: date) -> Fraction | None:
    """How much later the last quarter was than the three before it; None on thin evidence."""
    before = list(_settled(account.settlements, as_of - YEAR, as_of - QUARTER))
    lately = [*_settled(account.settlements, as_of - QUARTER, as_of), *_open_overdue(account, as_of)]
    then, now = _worst(before), _worst(lately)
    if then is None or now is None or min(len(before), len(lately)) < ENOUGH:
        return None
    return now - then


def _settled(settlements: Iterable[Settlement], after: date, until: date) -> Iterable[_Weighted]:
    for part in settlements:
        if after < part.settled_on <= until:
            yield part.currency, part.amount_minor, (part.settled_on - part.due_on).days


def _open_overdue(account: Account, as_of: date) -> Iterable[_Weighted]:
    for receivable in account.receivables:
        if receivable.due_on < as_of:
            yield receivable.currency, receivable.open_minor, days_overdue(receivable.due_on, as_of)


def _worst(parts: list[_Weighted]) -> Fraction | None:
    """The weighted days of each currency; the largest of them."""
    weights = _sums((currency, amount) for currency, amount, _ in parts)
    days = _sums((currency, amount * late) for currency, amount, late in parts)
    return max((Fraction(days[one], weights[one]) for one in weights if weights[one]), default=None)


def _touches(account: Account) -> int:
    """Contacts in the cases that are open."""
    open_cases = {(case.currency, case.number) for case in account.cases if case.closed_on is None}
    return sum((touch.currency, touch.case) in open_cases for touch in account.touches)


def _words(account: Account) -> dict[str, tuple[str, ...]]:
    profile, customer = account.profile, account.customer
    single = {
        "method": account.pays_by,
        "country": account.country,
        "language": account.language,
        "legal_form": profile.legal_form,
    }
    currencies = {r.currency for r in account.receivables} or {account.ledger.company.base_currency}
    words = {fact: (word,) for fact, word in single.items() if word is not None}
    return words | {
        "currency": tuple(sorted(currencies)),
        "group": customer.groups,
        "list": profile.lists,
    }


def _is_insolvent(account: Account, as_of: date) -> bool:
    return any(hold.kind is HoldKind.INSOLVENT and hold.stands(as_of) for hold in account.holds)
