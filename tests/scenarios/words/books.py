"""What happens in the books, and what the platform says of them."""

from typing import Final

from msgspec.structs import replace

from strategy.account import Receivable, Settlement, TieOut, TieOutState, Unapplied, UnappliedKind
from strategy.business_days import DAY
from strategy.model import Currency, CustomerId, InvoiceId, Sent, Switch
from tests.scenarios.books import Books
from tests.scenarios.words.forms import A_DAY, AN_AMOUNT, Words, day_of, minor


def _invoice(books: Books, number: str, amount: str, currency: str, due: str, sent: str) -> None:
    total = minor(amount, currency)
    books.known_since = books.known_since or books.today
    books.invoices[number] = Receivable(
        invoice_id=InvoiceId(number),
        customer_id=CustomerId("lund"),
        number=number,
        issued_on=books.today,
        due_on=day_of(books, due),
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
    _settle(books, number, minor(amount, currency), by_payment=True)


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
    now = books.invoices[number]
    books.paid_invoices += now.open_minor == 0 < now.paid_minor


def _unapplied(books: Books, kind: str, name: str, amount: str, currency: str) -> None:
    books.unapplied[name] = Unapplied(
        kind=UnappliedKind.PAYMENTS if kind == "payment" else UnappliedKind.CREDITS,
        id=name,
        number=name,
        since=books.today,
        currency=Currency(currency),
        amount_minor=minor(amount, currency),
    )


def _applied(books: Books, name: str, number: str) -> None:
    """As far as the invoice is open; what is left stays unapplied."""
    credit = books.unapplied.pop(name)
    used = min(credit.amount_minor, books.invoices[number].open_minor)
    if used < credit.amount_minor:
        books.unapplied[name] = replace(credit, amount_minor=credit.amount_minor - used)
    _settle(books, number, used, by_payment=credit.kind is UnappliedKind.PAYMENTS)


def _voided(books: Books, number: str) -> None:
    books.invoices[number] = replace(books.invoices[number], open_minor=0)


def _matched(books: Books, through: str) -> None:
    books.matched_through = None if through == "every day" else day_of(books, through.removeprefix("through "))


def _read(books: Books, again: str) -> None:
    """The last reading was the day before."""
    books.read_on = None if again == "again" else books.today - DAY


def _platform_reminders(books: Books, state: str) -> None:
    books.reminders = Switch(state)


def _platform_says(books: Books, amount: str, currency: str) -> None:
    ours = sum(one.open_minor for one in books.invoices.values() if one.currency == currency)
    theirs = minor(amount, currency)
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
    books.invoices[number] = replace(books.invoices[number], doubtful_minor=minor(amount, currency))


def _readable(books: Books, number: str, can: str) -> None:
    books.invoices[number] = replace(books.invoices[number], unreadable=can == "cannot be read")


def _customer_readable(books: Books, can: str) -> None:
    books.unreadable = (books.customer.name,) if can == "cannot be read" else ()


def _undone(books: Books, number: str) -> None:
    """The last payment on the invoice: a cheque that bounced."""
    gone = next(one for one in reversed(books.settlements) if one.invoice_id == number and one.by_payment)
    books.settlements.remove(gone)
    one = books.invoices[number]
    books.paid_invoices -= one.open_minor == 0
    books.invoices[number] = replace(
        one, open_minor=one.open_minor + gone.amount_minor, paid_minor=one.paid_minor - gone.amount_minor
    )


BOOKS: Final[Words] = (
    (rf"invoice (\w+) of {AN_AMOUNT}, due ({A_DAY})(, never sent)?", _invoice),
    (r"invoice (\w+) is sent", _invoice_is_sent),
    (rf"payment of {AN_AMOUNT} on (\w+)", _payment),
    (rf"(payment|credit) ([\w-]+) of {AN_AMOUNT}, not applied", _unapplied),
    (r"(?:payment|credit) ([\w-]+) is applied to (\w+)", _applied),
    (r"invoice (\w+) is voided", _voided),
    (rf"books matched (every day|through {A_DAY})", _matched),
    (r"books are read (no more|again)", _read),
    (r"platform's own reminders are (on|off|unknown)", _platform_reminders),
    (rf"platform says {AN_AMOUNT} is owed", _platform_says),
    (r"difference in ([A-Z]{3}) is accepted", _difference_is_accepted),
    (r"ledger is (out of|in) balance", _balance),
    (rf"payments on record settle {AN_AMOUNT} more of (\w+)", _doubtful),
    (r"invoice (\w+) (cannot be read|can be read again)", _readable),
    (r"the customer (cannot be read|can be read again)", _customer_readable),
    (r"the last payment on (\w+) is undone", _undone),
)
