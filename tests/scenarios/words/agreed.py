"""What people agree with the customer, and how that ends."""

from typing import Final

from msgspec.structs import replace

from strategy import payments
from strategy.agreements import Claim, Dispute, DisputeOutcome, Every, Hold, HoldKind, Plan, Promise, PromiseState
from strategy.model import Currency, InvoiceId
from tests.scenarios.books import Books
from tests.scenarios.words.forms import A_DAY, AN_AMOUNT, Words, day_of, minor


def _promise(books: Books, amount: str, currency: str, number: str, by: str) -> None:
    books.promises.append(
        Promise(
            id=len(books.promises) + 1,
            made_on=books.today,
            promised_on=day_of(books, by),
            currency=Currency(currency),
            amounts=((InvoiceId(number), minor(amount, currency)),),
            counted=_paid(books, InvoiceId(number)),
        )
    )


def _plan(books: Books, count: str, every: str, first: str, deposit: str, currency: str) -> None:
    """For all that is open, agreed on that day; a deposit is due at once."""
    rows = sorted((one for one in books.invoices.values() if one.open_minor), key=lambda one: one.due_on)
    books.plans.append(
        Plan(
            id=len(books.plans) + 1,
            currency=rows[0].currency,
            amounts=tuple((one.invoice_id, one.open_minor) for one in rows),
            made_on=books.today,
            accepted_on=books.today,
            instalments=int(count),
            first_on=day_of(books, first),
            every=Every(every),
            deposit_minor=minor(deposit, currency) if deposit else 0,
            deposit_on=books.today if deposit else None,
            counted=_paid(books, *(one.invoice_id for one in rows)),
        )
    )


def _paid(books: Books, *invoices: InvoiceId) -> tuple[tuple[InvoiceId, int], ...]:
    """What payments have settled of them, which nobody promises any more."""
    return tuple(payments.through(books.account(books.today), invoices, books.today).items())


def _plan_ends(books: Books) -> None:
    books.plans[-1] = replace(books.plans[-1], ended_on=books.today)


def _promise_is_cancelled(books: Books) -> None:
    books.promises[-1] = replace(books.promises[-1], state=PromiseState.CANCELLED)


def _dispute(books: Books, number: str, amount: str, currency: str, category: str) -> None:
    books.disputes.append(
        Dispute(
            id=len(books.disputes) + 1,
            invoice_id=InvoiceId(number),
            amount_minor=minor(amount, currency) if amount else None,
            category=category,
            opened_on=books.today,
            answer_by=books.calendar().plus("DE", books.today, 5),
        )
    )


def _dispute_is_answered(books: Books) -> None:
    books.disputes[-1] = replace(books.disputes[-1], answered_on=books.today)


def _dispute_has_an_outcome(books: Books, outcome: str, amount: str, currency: str) -> None:
    credit = minor(amount, currency) if amount else 0
    books.disputes[-1] = replace(
        books.disputes[-1],
        outcome=DisputeOutcome(outcome),
        resolved_on=books.today,
        credit_minor=credit,
        closed_on=None if credit else books.today,
    )


def _dispute_ends(books: Books) -> None:
    books.disputes[-1] = replace(books.disputes[-1], closed_on=books.today)


def _claim(books: Books, number: str, until: str) -> None:
    claim = Claim(
        id=len(books.claims) + 1,
        invoices=frozenset({InvoiceId(number)}),
        claimed_on=books.today,
        until=day_of(books, until),
    )
    books.claims.append(claim)


def _claim_ends(books: Books) -> None:
    books.claims[-1] = replace(books.claims[-1], closed_on=books.today)


def _hold(books: Books, kind: str, number: str, until: str, why: str) -> None:
    books.holds.append(
        Hold(
            id=len(books.holds) + 1,
            kind=HoldKind(kind),
            invoice_id=InvoiceId(number) if number else None,
            since=books.today,
            until=day_of(books, until) if until else None,
            reason=why,
        )
    )


def _hold_part(books: Books, kind: str, amount: str, currency: str, number: str, why: str) -> None:
    _hold(books, kind, number, "", why)
    books.holds[-1] = replace(books.holds[-1], amount_minor=minor(amount, currency))


def _hold_ends(books: Books) -> None:
    books.holds[-1] = replace(books.holds[-1], ended_on=books.today)


AGREED: Final[Words] = (
    (rf"promise of {AN_AMOUNT} on (\w+) by ({A_DAY})", _promise),
    (r"promise is cancelled", _promise_is_cancelled),
    (rf"plan of (\d+) instalments, one a (\w+) from ({A_DAY})(?:, deposit {AN_AMOUNT})?", _plan),
    (r"plan is ended", _plan_ends),
    (rf"dispute of (\w+)(?:, {AN_AMOUNT})?: (.+)", _dispute),
    (r"dispute is settled", _dispute_ends),
    (r"dispute is answered", _dispute_is_answered),
    (rf"dispute is (\w+)(?:: a credit note of {AN_AMOUNT})?", _dispute_has_an_outcome),
    (rf"they say (\w+) is paid; we look until ({A_DAY})", _claim),
    (r"it was not paid", _claim_ends),
    (rf"hold (\w+) of {AN_AMOUNT} on (\w+): (.+)", _hold_part),
    (rf"hold (\w+)(?: on (\w+))?(?: until ({A_DAY}))?: (.+)", _hold),
    (r"hold ends", _hold_ends),
)
