"""What was said to an account and what came of it: contacts, outcomes, bounces, and the cases they belong to.

Part of an `account.Account`. Amounts are minor units.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from strategy.model import Currency, CustomerId, InvoiceId, Record


class TouchState(StrEnum):
    """ACCEPTED: the channel took it. UNKNOWN: it may have left; nothing more is said until somebody clears it."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


BY_ITSELF: Final = "platform"
"""The channel of what QuickBooks or Xero sent by itself, or a person from there."""

REPLY: Final = "reply"
"""What they wrote to us: it is noted like a contact, and is none of ours."""

INVOICE_SENT: Final = "invoice sent"
"""The act of an invoice that was sent from the books after its due date; no step can be called so."""


class Touch(Record):
    """One contact that was made (or may have been). `act` is the step's name, "statement", "thanks" or `INVOICE_SENT`.

    `occasion` as in the outbox key. `case` is None where it was no step of a case: a nudge, a receipt, a statement.
    `invoices` are those it named, `lead` the one whose step it was (None for calls and the like that have none).
    `statement` is the month ("2026-11") of a statement that travelled with it. `deadline_days`: so many days a letter
    before action gave, from its own; 0 for everything else. `noted`: somebody else made it and a person told us, as
    after a telephone call, or the books tell that an overdue invoice was sent again from there. `moved`: it was made
    with an account that is part of this one now, or that an invoice was on before; then `invoices` are those of it that
    are on this one. Its occasion is of another account's counting, and its `case` the one that this account has for it.
    """

    on: date
    act: str
    occasion: str
    case: int | None
    currency: Currency
    channel: str
    invoices: frozenset[InvoiceId]
    lead: InvoiceId | None = None
    statement: str | None = None
    deadline_days: int = 0
    state: TouchState = TouchState.ACCEPTED
    noted: bool = False
    moved: bool = False

    @property
    def asks(self) -> bool:
        """Whether somebody spoke of what is owed. An invoice that comes after its due date is a contact, and asks
        nothing: the books do not say whether it came before.
        """
        return self.act != INVOICE_SENT


class Handed(Record):
    """An invoice as it stood when a task asked to place it; `open_minor` is less what unapplied credit would cover, and
    in `paid_minor` is so much of that as was money.
    """

    invoice_id: InvoiceId
    open_minor: int
    paid_minor: int


class CameOf(Record):
    """What a person says came of a step, in the words of `text.grammar.facts.OUTCOMES`. `on` is the day it was done.

    `act`, `occasion` and `case` as in `Touch`. `next_on`: until then nothing is said, and on that day somebody is asked
    to do it again; None where the schedule simply goes on. `who` and `what` are whose work it was, and the script.
    `handed` is what an agency has got, empty for everything but placements. `customer_id` as in `Case`.
    """

    task: int
    act: str
    occasion: str
    case: int | None
    currency: Currency
    on: date
    outcome: str
    next_on: date | None = None
    who: str = "owner"
    what: str = ""
    handed: tuple[Handed, ...] = ()
    customer_id: CustomerId | None = None


class Bounce(Record):
    """A message came back from an address, which is not written to until (`ended_on`) somebody says that it works.

    `whole`: nobody else got it either, so that it counts as not said. `act`, `occasion` and `case` as in `Touch`,
    `customer_id` as in `Case`.
    """

    act: str
    occasion: str
    case: int | None
    currency: Currency
    address: str
    whole: bool
    on: date
    ended_on: date | None = None
    customer_id: CustomerId | None = None


class Skipped(Record):
    """A step that a person rejected: it counts as passed, though nothing was said. `case` as in `Touch`; None where it
    was a step of an account that is part of this one now.
    """

    act: str
    occasion: str
    case: int | None
    currency: Currency
    on: date


class Case(Record):
    """The account's overdue in one currency from first overdue until nothing is. `closed_on` is None while open.
    `customer_id`: whose it was, where that is an account of its own no more; None for the account's own.
    """

    number: int
    currency: Currency
    opened_on: date
    closed_on: date | None = None
    customer_id: CustomerId | None = None

    def has(self, one: CameOf | Bounce) -> bool:
        """Whether it came of a step of this case: two accounts that became one have each its case number 1."""
        return (one.customer_id, one.currency, one.case) == (self.customer_id, self.currency, self.number)


class Failures(Record):
    """Definite failures of one contact: `count` of them in all, `before` of them before somebody last finished the task
    about them, which was done `seen_to` times. `to`: of each since then whom it was to reach.
    """

    count: int = 0
    before: int = 0
    seen_to: int = 0
    to: tuple[tuple[str, ...], ...] = ()
