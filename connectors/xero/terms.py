"""Payment terms as Xero has them: no list, and so no ids; each contact spells its own out."""

from collections.abc import Iterable

from connectors.xero import bodies
from strategy.model import AnyRecord, Customer, Term, TermId, TermKind

_TERMS = {
    "DAYSAFTERBILLDATE": (TermKind.DAYS_AFTER_INVOICE, "days after the invoice date"),
    "DAYSAFTERBILLMONTH": (TermKind.DAYS_AFTER_MONTH, "days after the end of the invoice month"),
    "OFCURRENTMONTH": (TermKind.DAY_OF_MONTH, "of the current month"),
    "OFFOLLOWINGMONTH": (TermKind.DAY_OF_NEXT_MONTH, "of the following month"),
}
"""By Xero's types (contract, PaymentTermType), with Xero's own words for them."""

_LONGEST_TERM = 36_500


def term_id(body: bodies.ContactBody) -> TermId | None:
    """The terms of a contact; None where it has none that can be understood."""
    sales = body.payment_terms.sales if body.payment_terms else None
    if sales is None or sales.day is None or sales.type not in _TERMS or not 0 <= sales.day <= _LONGEST_TERM:
        return None
    return TermId(f"{sales.type} {sales.day}")


def named(found: Iterable[AnyRecord]) -> tuple[Term, ...]:
    """The terms that contacts among these refer to."""
    ids = {one.term_id for one in found if isinstance(one, Customer) and one.term_id}
    return tuple(_term(one) for one in sorted(ids))


def _term(one: TermId) -> Term:
    written, day = one.split()
    kind, words = _TERMS[written]
    return Term(id=one, name=f"{day} {words}", kind=kind, day=int(day))
