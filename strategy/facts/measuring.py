"""Measuring an account: every figure, word and flag that conditions ask about, each as the glossary defines it.

Money is measured per currency, and nothing is converted or added: where one figure must speak for the account, it is
that of the worst currency. A fact for which there is no evidence is left out, which conditions take as unknown.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from strategy import cases, promises
from strategy.account import Account
from strategy.conditions import Facts
from strategy.facts import lateness, marks, sums
from strategy.facts.asked import Asked, Measure
from strategy.facts.evidence import YEAR, is_new
from strategy.promises import Judged


def measure(
    account: Account,
    judged: tuple[Judged, ...],
    as_of: date,
    *,
    planned: bool = False,
    language: str | None = None,
) -> Facts:
    """Everything a condition may ask about the account on the day. `planned`: a payment plan is kept. `language` is
    that of its letters, None where no strategy says one.
    """
    money = sums.money(account, as_of)
    new = is_new(account, as_of)
    history = lateness.History(account, as_of)
    return Facts(
        money=money,
        numbers=Asked(
            lambda: {
                **_counted(account, judged, as_of),
                **sums.shares(account, money, as_of, new=new),
                **({} if new else history.numbers()),
            }
        ),
        words=marks.words(account, language),
        flags=Asked(
            lambda: {
                "new": lambda: new,
                "planned": lambda: planned,
                **marks.flags(account, judged, as_of),
                **({} if new else history.flags()),
            }
        ),
    )


def _counted(account: Account, judged: tuple[Judged, ...], as_of: date) -> Mapping[str, Measure[int | Fraction]]:
    first = account.first_invoice_on
    return {
        "overdue_days": lambda: max(0, *(lateness.days_overdue(r.due_on, as_of) for r in account.receivables), 0),
        "paid_invoices": lambda: account.paid_invoices,
        "broken_promises": lambda: promises.broken_since(judged, as_of - YEAR),
        "touches": lambda: _touches(account),
        "kept_rate": lambda: promises.kept_rate(judged, as_of - YEAR, as_of),
        "known_days": lambda: None if first is None else (as_of - first).days,
    }


def _touches(account: Account) -> int:
    """Contacts in the cases that are open: ours by their case, what others made by its day."""
    open_cases = {(case.currency, case.number): case for case in cases.own_open(account.cases)}
    since = min((case.opened_on for case in open_cases.values()), default=date.max)
    return sum(
        (touch.currency, touch.case) in open_cases or (touch.noted and touch.case is None and touch.on >= since)
        for touch in account.touches
    )
