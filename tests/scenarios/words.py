"""The words in which a story tells what happens in the books and what people do."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from strategy import money
from strategy.account import (
    Bounce,
    CameOf,
    Receivable,
    Role,
    Settlement,
    TieOut,
    TieOutState,
    TouchState,
    Unapplied,
    UnappliedKind,
)
from strategy.agreements import Claim, Dispute, DisputeOutcome, Every, Hold, HoldKind, Plan, Promise, PromiseState
from strategy.business_days import DAY
from strategy.model import Currency, CustomerId, InvoiceId, Sent, Switch
from strategy.rules import OwnContact
from tests.scenarios.books import Books
from tests.scenarios.reading import Row, day_in, every_day, written


def happens(books: Books, row: Row) -> None:
    """A row of the first table."""
    books.today = row.on
    for pattern, told in WORDS:
        if match := re.fullmatch(pattern, row.text):
            told(books, *match.groups(default=""))
            return
    raise ValueError(f"{written(row.on)}: nobody knows what this means: {row.text}")


def _day(books: Books, text: str) -> date:
    """A day of the year that it is."""
    return day_in(books.today.year, text)


def _minor(text: str, currency: str) -> int:
    return money.to_minor(Decimal(text.replace(",", "")), currency)


def _invoice(books: Books, number: str, amount: str, currency: str, due: str, sent: str) -> None:
    total = _minor(amount, currency)
    books.known_since = books.known_since or books.today
    books.invoices[number] = Receivable(
        invoice_id=InvoiceId(number),
        customer_id=CustomerId("lund"),
        number=number,
        issued_on=books.today,
        due_on=_day(books, due),
        currency=Currency(currency),
        total_minor=total,
        paid_minor=0,
        credited_minor=0,
        open_minor=total,
        sent=Sent.NO if sent else Sent.YES,
    )


def _invoice_is_sent(books: Books, number: str) -> None:
    books.invoices[number] = replace(books.invoices[number], sent=Sent.YES)


def _payment(books: Books, amount: str, currency: str, number: str) -> None:
    _settle(books, number, _minor(amount, currency), by_payment=True)


def _settle(books: Books, number: str, minor: int, *, by_payment: bool) -> None:
    one = books.invoices[number]
    settled = Settlement(
        invoice_id=one.invoice_id,
        currency=one.currency,
        due_on=one.due_on,
        settled_on=books.today,
        amount_minor=minor,
        by_payment=by_payment,
    )
    books.settlements.append(settled)
    books.invoices[number] = replace(
        one,
        open_minor=one.open_minor - minor,
        paid_minor=one.paid_minor + (minor if by_payment else 0),
        credited_minor=one.credited_minor + (0 if by_payment else minor),
    )
    books.paid_invoices += books.invoices[number].open_minor == 0


def _unapplied(books: Books, kind: str, name: str, amount: str, currency: str) -> None:
    books.unapplied[name] = Unapplied(
        kind=UnappliedKind.PAYMENTS if kind == "payment" else UnappliedKind.CREDITS,
        id=name,
        number=name,
        since=books.today,
        currency=Currency(currency),
        amount_minor=_minor(amount, currency),
    )


def _applied(books: Books, name: str, number: str) -> None:
    """As far as the invoice is open; what is left stays unapplied."""
    credit = books.unapplied.pop(name)
    used = min(credit.amount_minor, books.invoices[number].open_minor)
    if used < credit.amount_minor:
        books.unapplied[name] = replace(credit, amount_minor=credit.amount_minor - used)
    _settle(books, number, used, by_payment=credit.kind is UnappliedKind.PAYMENTS)


def _promise(books: Books, amount: str, currency: str, number: str, by: str) -> None:
    books.promises.append(
        Promise(
            id=len(books.promises) + 1,
            made_on=books.today,
            promised_on=_day(books, by),
            currency=Currency(currency),
            amounts=((InvoiceId(number), _minor(amount, currency)),),
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
            first_on=_day(books, first),
            every=Every(every),
            deposit_minor=_minor(deposit, currency) if deposit else 0,
            deposit_on=books.today if deposit else None,
        )
    )


def _plan_ends(books: Books) -> None:
    books.plans[-1] = replace(books.plans[-1], ended_on=books.today)


def _voided(books: Books, number: str) -> None:
    books.invoices[number] = replace(books.invoices[number], open_minor=0)


def _promise_is_cancelled(books: Books) -> None:
    books.promises[-1] = replace(books.promises[-1], state=PromiseState.CANCELLED)


def _dispute(books: Books, number: str, amount: str, currency: str, category: str) -> None:
    books.disputes.append(
        Dispute(
            id=len(books.disputes) + 1,
            invoice_id=InvoiceId(number),
            amount_minor=_minor(amount, currency) if amount else None,
            category=category,
            opened_on=books.today,
            answer_by=books.calendar().plus("DE", books.today, 5),
        )
    )


def _dispute_is_answered(books: Books) -> None:
    books.disputes[-1] = replace(books.disputes[-1], answered_on=books.today)


def _dispute_has_an_outcome(books: Books, outcome: str, amount: str, currency: str) -> None:
    credit = _minor(amount, currency) if amount else 0
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
        until=_day(books, until),
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
            until=_day(books, until) if until else None,
            reason=why,
        )
    )


def _hold_part(books: Books, kind: str, amount: str, currency: str, number: str, why: str) -> None:
    _hold(books, kind, number, "", why)
    books.holds[-1] = replace(books.holds[-1], amount_minor=_minor(amount, currency))


def _hold_ends(books: Books) -> None:
    books.holds[-1] = replace(books.holds[-1], ended_on=books.today)


def _matched(books: Books, through: str) -> None:
    books.matched_through = None if through == "every day" else _day(books, through.removeprefix("through "))


def _read(books: Books, again: str) -> None:
    """The last reading was the day before."""
    books.read_on = None if again == "again" else books.today - DAY


def _platform_reminders(books: Books, state: str) -> None:
    books.reminders = Switch(state)


def _platform_says(books: Books, amount: str, currency: str) -> None:
    ours = sum(one.open_minor for one in books.invoices.values() if one.currency == currency)
    theirs = _minor(amount, currency)
    books.tie_outs[Currency(currency)] = TieOut(
        currency=Currency(currency),
        state=TieOutState.LESS if theirs < ours else TieOutState.TIED,
        ours_minor=ours,
        theirs_minor=theirs,
    )


def _difference_is_accepted(books: Books, currency: str) -> None:
    known = books.tie_outs[Currency(currency)]
    books.tie_outs[known.currency] = replace(known, state=TieOutState.ACCEPTED)


def _balance(books: Books, which: str) -> None:
    books.out_of_balance = which == "out of"


def _doubtful(books: Books, amount: str, currency: str, number: str) -> None:
    books.invoices[number] = replace(books.invoices[number], doubtful_minor=_minor(amount, currency))


def _holiday(books: Books, until: str) -> None:
    books.holidays |= set(every_day(books.today, _day(books, until) if until else books.today))


def _addresses(books: Books, found: str) -> None:
    books.customer = replace(books.customer, emails=() if found == "none" else (found,))


def _role(books: Books, role: str, name: str, email: str) -> None:
    books.profile = replace(books.profile, roles=(*books.profile.roles, Role(role=role, name=name, email=email)))


def _legal_form(books: Books, form: str, country: str) -> None:
    books.profile = replace(books.profile, legal_form=None if form == "unknown" else form, country=country)


def _pays_by(books: Books, method: str) -> None:
    books.profile = replace(books.profile, method=method)


def _power(books: Books, state: str) -> None:
    books.is_off = state == "off"


def _dies(books: Books) -> None:
    books.dies = True


def _settled(books: Books, outcome: str) -> None:
    """A person has looked."""
    books.dies = False
    *books.touches, last = books.touches
    if outcome == "left":
        books.touches.append(replace(last, state=TouchState.ACCEPTED))
    else:
        books.failures[last.act, last.occasion, last.currency] += 1


def _came(books: Books, step: str, outcome: str, again: str) -> None:
    """A call is a contact of the day on which it was made; what an agency hears is none."""
    made = next((one for one in reversed(books.touches) if one.act == step), None)
    if made is not None:
        books.touches.remove(made)
        books.touches.append(replace(made, on=books.today))
    books.came.append(
        CameOf(
            task=len(books.came) + 1,
            act=step,
            occasion=made.occasion if made else "",
            case=made.case if made else None,
            currency=made.currency if made else Currency("EUR"),
            on=books.today,
            what="Northgate" if outcome == "placed" else "",
            outcome=outcome.replace(" ", "_"),
            next_on=_day(books, again) if again else None,
        )
    )


def _refused(books: Books, step: str) -> None:
    """The channel did not take it."""
    back = next(one for one in reversed(books.touches) if one.act == step)
    books.touches.remove(back)
    books.failures[back.act, back.occasion, back.currency] += 1


def _came_back(books: Books, step: str, address: str) -> None:
    """Nobody else got it: it has failed, and was not said."""
    back = next(one for one in reversed(books.touches) if one.act == step)
    _refused(books, step)
    bounce = Bounce(
        act=back.act,
        occasion=back.occasion,
        case=back.case,
        currency=back.currency,
        address=address,
        whole=True,
        on=books.today,
    )
    books.bounces.append(bounce)


def _undone(books: Books, number: str) -> None:
    """The last payment on the invoice: a cheque that bounced."""
    gone = next(one for one in reversed(books.settlements) if one.invoice_id == number and one.by_payment)
    books.settlements.remove(gone)
    one = books.invoices[number]
    books.paid_invoices -= one.open_minor == 0
    books.invoices[number] = replace(
        one, open_minor=one.open_minor + gone.amount_minor, paid_minor=one.paid_minor - gone.amount_minor
    )


def _own_gap(books: Books, gap: str) -> None:
    books.profile = replace(books.profile, contact=OwnContact(gap=int(gap)))


def _rejects(books: Books, step: str) -> None:
    books.rejects.append(step)


def _rings(books: Books) -> None:
    books.noted("noted", "call", None, ())


def _they_write(books: Books) -> None:
    books.wrote_on = books.today


def _said_before(books: Books, step: str, number: str) -> None:
    books.noted(step, "email", 1, (InvoiceId(number),))


def _reviewed(books: Books, day: str) -> None:
    books.profile = replace(books.profile, reviewed=_day(books, day))


def _first_word(books: Books, day: str) -> None:
    books.first_word_on = _day(books, day)


def _holiday_of_a_part(books: Books, place: str) -> None:
    books.holidays_of_parts.setdefault(place, set()).add(books.today)


def _region(books: Books, place: str) -> None:
    books.profile = replace(books.profile, region=place)


def _pays_on(books: Books, run: str, cutoff: str) -> None:
    books.profile = replace(books.profile, run=run, cutoff=int(cutoff))


_AMOUNT: Final = r"([\d,.]+) ([A-Z]{3})"
_DAY: Final = r"(?:[A-Z][a-z]{2} +)?\d+ [A-Z][a-z]{2}"
WORDS: Final[Iterable[tuple[str, Callable[..., None]]]] = (
    (rf"invoice (\w+) of {_AMOUNT}, due ({_DAY})(, never sent)?", _invoice),
    (r"invoice (\w+) is sent", _invoice_is_sent),
    (rf"payment of {_AMOUNT} on (\w+)", _payment),
    (rf"(payment|credit) ([\w-]+) of {_AMOUNT}, not applied", _unapplied),
    (r"(?:payment|credit) ([\w-]+) is applied to (\w+)", _applied),
    (rf"promise of {_AMOUNT} on (\w+) by ({_DAY})", _promise),
    (r"promise is cancelled", _promise_is_cancelled),
    (rf"plan of (\d+) instalments, one a (\w+) from ({_DAY})(?:, deposit {_AMOUNT})?", _plan),
    (r"plan is ended", _plan_ends),
    (r"invoice (\w+) is voided", _voided),
    (rf"dispute of (\w+)(?:, {_AMOUNT})?: (.+)", _dispute),
    (r"dispute is settled", _dispute_ends),
    (r"dispute is answered", _dispute_is_answered),
    (rf"dispute is (\w+)(?:: a credit note of {_AMOUNT})?", _dispute_has_an_outcome),
    (rf"they say (\w+) is paid; we look until ({_DAY})", _claim),
    (r"it was not paid", _claim_ends),
    (rf"hold (\w+) of {_AMOUNT} on (\w+): (.+)", _hold_part),
    (rf"hold (\w+)(?: on (\w+))?(?: until ({_DAY}))?: (.+)", _hold),
    (r"hold ends", _hold_ends),
    (rf"books matched (every day|through {_DAY})", _matched),
    (r"books are read (no more|again)", _read),
    (r"platform's own reminders are (on|off|unknown)", _platform_reminders),
    (rf"platform says {_AMOUNT} is owed", _platform_says),
    (r"difference in ([A-Z]{3}) is accepted", _difference_is_accepted),
    (r"ledger is (out of|in) balance", _balance),
    (rf"payments on record settle {_AMOUNT} more of (\w+)", _doubtful),
    (rf"public holiday(?: through ({_DAY}))?", _holiday),
    (r"address in the books: (.+)", _addresses),
    (r"profile: (\w+) is (.+) (\S+@\S+)", _role),
    (r"profile: legal form (\w+), in ([A-Z]{2})", _legal_form),
    (r"profile: pays by (.+)", _pays_by),
    (r"dunwell is (off|on)", _power),
    (r"from now on every message may or may not have left", _dies),
    (r"somebody looked: it (left|did not leave)", _settled),
    (rf"what came of (\w+): ([a-z ]+)(?:, again on ({_DAY}))?", _came),
    (r"(\w+) comes back from (\S+)", _came_back),
    (r"(\w+) is refused by the channel", _refused),
    (r"the last payment on (\w+) is undone", _undone),
    (r"profile: (\d+) days between two contacts", _own_gap),
    (r"a person rejects (\w+)", _rejects),
    (r"somebody rings", _rings),
    (r"they write to us", _they_write),
    (r"profile: pays on (\w+), approved (\d) business days? before", _pays_on),
    (r"public holiday in ([A-Z-]+)", _holiday_of_a_part),
    (r"profile: is in ([A-Z-]+)", _region),
    (rf"a person looked at what fell due before ({_DAY})", _reviewed),
    (rf"others hear their first word before ({_DAY})", _first_word),
    (r"the program before said (\w+) of (\w+)", _said_before),
)
