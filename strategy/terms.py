"""Due dates from payment terms, for the invoices whose books have none."""

from datetime import date, timedelta

from strategy.business_days import DAY
from strategy.model import Term, TermKind


def due_date(issued_on: date, term: Term | None) -> date:
    """The day an invoice falls due under a term; without one, the day it was issued."""
    if term is None:
        return issued_on
    match term.kind:
        case TermKind.DAYS_AFTER_INVOICE:
            return issued_on + timedelta(days=term.day)
        case TermKind.DAYS_AFTER_MONTH:
            return _next_month(issued_on) - DAY + timedelta(days=term.day)
        case TermKind.DAY_OF_NEXT_MONTH:
            return _on(_next_month(issued_on), term.day)
        case TermKind.DAY_OF_MONTH:
            due = _on(issued_on, term.day)
            too_near = (due - issued_on).days < term.next_month_within
            return _on(_next_month(issued_on), term.day) if due < issued_on or too_near else due


def _next_month(day: date) -> date:
    """The first of the month after."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _on(month: date, day: int) -> date:
    """The day of the month, or its last where it has fewer."""
    last = _next_month(month) - DAY
    return min(month.replace(day=1) + timedelta(days=day - 1), last)
