"""Statements: what a customer owes on a day, or what happened in a period. They foot, or there is none.

*Open item*: every open invoice with what was paid and credited on it, unapplied credit as negative lines beside.
*Activity*: an opening balance, every movement of the period with the balance after it, a closing balance.

Both end in the same figures, which add up in front of the reader:

    due now + not due yet + in dispute + arranged (promised, planned, held) - unapplied = total

and only what is due now, less the credit, is asked for. The one trick of the activity kind: opening and closing balance
come from what was open on those two days, never from the movements, so that a lost movement cannot hide.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from msgspec import structs

from strategy import money
from strategy.account import Account, Receivable, Unapplied
from strategy.aging import Aged, Scale, age
from strategy.model import Currency, Customer, CustomerId, InvoiceId, Issue, Record
from strategy.movements import Movement, MovementKind, in_order


class StatementKind(StrEnum):
    """What a statement lists."""

    OPEN_ITEM = "open_item"
    ACTIVITY = "activity"


class AsideReason(StrEnum):
    """Why part of an invoice is not asked for: the customer disputes it, or something else is arranged.

    DOUBTFUL is what platform and payments disagree about (`Receivable.doubtful_minor`), which statements set aside on
    their own, and what cannot be read any more.
    """

    DISPUTED = "disputed"
    DOUBTFUL = "doubtful"
    PROMISED = "promised"
    PLANNED = "planned"
    CLAIMED = "claimed"
    HELD = "held"


class Aside(Record):
    """So much of an invoice is not asked for. Several on one invoice add up, to no more than what is open of it."""

    invoice_id: InvoiceId
    reason: AsideReason
    amount_minor: int


class Line(Record):
    """One open invoice. `asides` are already cut to what is open."""

    receivable: Receivable
    days_overdue: int
    asides: tuple[Aside, ...] = ()

    @property
    def disputed_minor(self) -> int:
        return sum(aside.amount_minor for aside in self.asides if aside.reason is AsideReason.DISPUTED)

    @property
    def arranged_minor(self) -> int:
        return sum(aside.amount_minor for aside in self.asides if aside.reason is not AsideReason.DISPUTED)

    @property
    def free_minor(self) -> int:
        """What of the invoice is neither disputed nor arranged."""
        return self.receivable.open_minor - self.disputed_minor - self.arranged_minor


class Section(Record):
    """The open invoices of one customer; a billing parent has one for itself and one for each that it pays for."""

    customer: Customer
    lines: tuple[Line, ...]

    @property
    def open_minor(self) -> int:
        return sum(line.receivable.open_minor for line in self.lines)


class Entry(Record):
    """A movement and the balance after it."""

    movement: Movement
    balance_minor: int


class Activity(Record):
    """What happened from `first` to `last`, both included. `opening_minor` is the balance before the first day."""

    first: date
    last: date
    opening_minor: int
    entries: tuple[Entry, ...]

    @property
    def closing_minor(self) -> int:
        return self.entries[-1].balance_minor if self.entries else self.opening_minor


class Statement(Record):
    """A statement that foots, in one currency. `activity` is None on the open item kind; sections are on both."""

    kind: StatementKind
    customer: Customer
    members: tuple[Customer, ...] = ()
    currency: Currency
    as_of: date
    sections: tuple[Section, ...]
    unapplied: tuple[Unapplied, ...]
    aged: Aged
    activity: Activity | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def total_minor(self) -> int:
        return self.aged.total_minor

    @property
    def disputed_minor(self) -> int:
        return sum(line.disputed_minor for line in self.lines)

    @property
    def arranged_minor(self) -> int:
        return sum(line.arranged_minor for line in self.lines)

    @property
    def due_minor(self) -> int:
        """Due on `as_of` or before, and neither disputed nor arranged."""
        return sum(line.free_minor for line in self.lines if line.days_overdue >= 0)

    @property
    def not_due_minor(self) -> int:
        return sum(line.free_minor for line in self.lines if line.days_overdue < 0)

    @property
    def please_pay_minor(self) -> int:
        """What is asked for: what is due now less all credit, and never less than nothing."""
        return max(0, self.due_minor - self.aged.unapplied_minor)


class Period(Record):
    """What an activity statement needs besides the account on its last day.

    `opening_minor`: what was open less what was unapplied at the end of the day before `first`, from the books of that
    day (`aging`). `movements` may reach beyond the period and into other currencies; what is outside is passed over.
    `ahead` are dated after the last day and count on it already (`movements.in_advance`).
    """

    first: date
    opening_minor: int
    movements: tuple[Movement, ...]
    ahead: tuple[Movement, ...] = ()


def open_items(
    account: Account, currency: Currency, as_of: date, asides: Iterable[Aside] = (), scale: Scale | None = None
) -> Statement | Issue:
    """The open item statement of the account as it was on the day, or why there is none.

    Rows of other currencies are passed over: there is one statement for each of `aging.currencies_of`.
    """
    receivables = [row for row in account.receivables if row.currency == currency]
    unapplied = [item for item in account.unapplied if item.currency == currency]
    statement = Statement(
        kind=StatementKind.OPEN_ITEM,
        customer=account.customer,
        members=account.members,
        currency=currency,
        as_of=as_of,
        sections=_sections(account, _lines(receivables, as_of, asides)),
        unapplied=tuple(sorted(unapplied, key=lambda item: (item.since, item.id))),
        aged=age(currency, receivables, unapplied, as_of, scale or Scale()),
    )
    faults = [*_odd_lines(statement), *_strangers(statement, receivables)]
    return _refused(statement, faults) if faults else statement


def activity(items: Statement, period: Period) -> Statement | Issue:
    """The activity statement that ends on the day of this open item statement, or why there is none."""
    inside = [movement for movement in period.movements if period.first <= movement.on <= items.as_of]
    moved = [movement for movement in (*inside, *period.ahead) if movement.currency == items.currency]
    history = Activity(
        first=period.first,
        last=items.as_of,
        opening_minor=period.opening_minor,
        entries=_running(period.opening_minor, moved),
    )
    statement = structs.replace(items, kind=StatementKind.ACTIVITY, activity=history)
    if history.closing_minor != items.total_minor:
        return _refused(statement, [_difference(statement, history), *_suspects(statement, history)])
    return statement


def _running(opening_minor: int, moved: Sequence[Movement]) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    balance = opening_minor
    for movement in sorted(moved, key=in_order):
        balance += movement.amount_minor
        entries.append(Entry(movement=movement, balance_minor=balance))
    return tuple(entries)


def _lines(receivables: Sequence[Receivable], as_of: date, asides: Iterable[Aside]) -> list[Line]:
    of_invoice: dict[InvoiceId, list[Aside]] = {}
    for aside in asides:
        of_invoice.setdefault(aside.invoice_id, []).append(aside)
    return [
        Line(
            receivable=row,
            days_overdue=(as_of - row.due_on).days,
            asides=_cut([_doubtful(row), *of_invoice.get(row.invoice_id, ())], row),
        )
        for row in sorted(receivables, key=lambda row: (row.due_on, row.number))
    ]


def _doubtful(row: Receivable) -> Aside:
    return Aside(invoice_id=row.invoice_id, reason=AsideReason.DOUBTFUL, amount_minor=row.doubtful_minor)


def _cut(asides: Sequence[Aside], row: Receivable) -> tuple[Aside, ...]:
    """At most what is open is set aside, disputes first."""
    left = max(0, row.open_minor)
    kept = []
    for aside in sorted(asides, key=lambda aside: list(AsideReason).index(aside.reason)):
        amount = min(aside.amount_minor, left)
        left -= amount
        kept.append(structs.replace(aside, amount_minor=amount))
    return tuple(aside for aside in kept if aside.amount_minor)


def _sections(account: Account, lines: Sequence[Line]) -> tuple[Section, ...]:
    """The account's own customer first, then the others by name; whoever has nothing open has no section."""
    members = sorted(account.members, key=lambda member: member.name)
    of_customer: dict[CustomerId, list[Line]] = {}
    for line in lines:
        of_customer.setdefault(line.receivable.customer_id, []).append(line)
    return tuple(
        Section(customer=customer, lines=tuple(of_customer[customer.id]))
        for customer in (account.customer, *members)
        if customer.id in of_customer
    )


def _odd_lines(statement: Statement) -> Iterable[str]:
    for row in (line.receivable for line in statement.lines):
        left = row.total_minor - row.paid_minor - row.credited_minor
        if left != row.open_minor:
            said, found, off = (
                _text(minor, row.currency) for minor in (row.open_minor, left, abs(left - row.open_minor))
            )
            yield f"invoice {row.number} is off by {off}: {said} is open, but less what was applied it is {found}"


def _strangers(statement: Statement, receivables: Iterable[Receivable]) -> Iterable[str]:
    listed = {line.receivable.invoice_id for line in statement.lines}
    for row in receivables:
        if row.invoice_id not in listed:
            amount = _text(row.open_minor, row.currency)
            yield f"invoice {row.number} of {amount} belongs to customer {row.customer_id}, who is not of this account"


def _difference(statement: Statement, history: Activity) -> str:
    opening, closing, total = (
        _text(minor, statement.currency)
        for minor in (history.opening_minor, history.closing_minor, statement.total_minor)
    )
    off = _text(abs(history.closing_minor - statement.total_minor), statement.currency)
    return f"off by {off}: {opening} on {history.first} and the movements since make {closing}, but {total} is open"


def _suspects(statement: Statement, history: Activity) -> Iterable[str]:
    """What is open or unapplied since the period began, and is not among its movements as it should be."""
    moved: dict[str, int] = {}
    for entry in history.entries:
        if entry.movement.kind is not MovementKind.DEPOSIT:
            moved[entry.movement.id] = moved.get(entry.movement.id, 0) + entry.movement.amount_minor
    for row in (line.receivable for line in statement.lines):
        if row.issued_on >= history.first and moved.get(row.invoice_id) != row.total_minor:
            yield f"invoice {row.number} of {_text(row.total_minor, row.currency)} is not among the movements as such"
    for item in statement.unapplied:
        if item.since >= history.first and item.id not in moved:
            yield f"{item.number or item.id}, with {_text(item.amount_minor, item.currency)} unapplied, is no movement"


def _refused(statement: Statement, faults: Iterable[str]) -> Issue:
    return Issue(
        code="statement_does_not_foot",
        source=f"statement of {statement.customer.name} in {statement.currency}",
        message=f"{'; '.join(faults)}. It is not sent; pull the ledger in full, or correct the books.",
    )


def _text(minor: int, currency: Currency) -> str:
    return f"{money.to_decimal(minor, currency)} {currency}"
