"""Cases: one account's overdue in one currency, from the first overdue until nothing is.

Holds do not close a case: what is disputed is still overdue. A payment that is undone opens its case again: then
something is overdue that was so before the case was closed. A case is numbered within account and currency, so that
the same day decided twice, before and after it was stored, gives the same number.

Where customers were accounts of their own before, their cases are among the account's: they end like its own, and what
an agency has of them it keeps until then. No step is of them any more, and none is opened again.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from strategy.account import Account
from strategy.business_days import DAY
from strategy.model import Currency
from strategy.touches import Case


def observe(account: Account, as_of: date) -> tuple[Case, ...]:
    """All cases as they stand on the day: those that ended are closed, new ones opened and numbered."""
    overdue = _overdue_since(account, as_of)
    cases = [_kept_or_closed(case, overdue, as_of) for case in account.cases]
    for currency, since in sorted(overdue.items()):
        if open_case(cases, currency) is None:
            last = max((case for case in own(cases) if case.currency == currency), key=_number, default=None)
            if last is not None and last.closed_on is not None and since <= last.closed_on:
                cases[cases.index(last)] = msgspec.structs.replace(last, closed_on=None)
            else:
                cases.append(Case(number=_number(last) + 1, currency=currency, opened_on=since))
    return tuple(cases)


def _number(case: Case | None) -> int:
    return case.number if case else 0


def open_case(cases: Iterable[Case], currency: Currency) -> Case | None:
    """The account's own open case in a currency, if there is one."""
    for case in cases:
        if case.currency == currency and case.closed_on is None and case.customer_id is None:
            return case
    return None


def own(cases: Iterable[Case]) -> Iterator[Case]:
    """Without those of accounts that are part of this one now."""
    return (case for case in cases if case.customer_id is None)


def own_open(cases: Iterable[Case]) -> Iterator[Case]:
    """The account's own open cases: one for each currency in which something is overdue."""
    return (case for case in cases if case.closed_on is None and case.customer_id is None)


def _overdue_since(account: Account, as_of: date) -> dict[Currency, date]:
    """By currency, the first day on which something was overdue that still is."""
    since: dict[Currency, date] = {}
    for receivable in account.receivables:
        if receivable.due_on < as_of and receivable.open_minor > 0:
            day = receivable.due_on + DAY
            since[receivable.currency] = min(day, since.get(receivable.currency, day))
    return since


def _kept_or_closed(case: Case, overdue: dict[Currency, date], as_of: date) -> Case:
    if case.closed_on is not None or case.currency in overdue:
        return case
    return msgspec.structs.replace(case, closed_on=as_of)
