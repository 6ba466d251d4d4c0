"""What deciding yields for one account: touchpoints, tasks, and for everything else that is open, what holds it and
why.

Coverage is by amount: for each invoice, what is asked plus what is held equals what is open. Not being due and waiting
for a day are reasons like any other. Reasons are data; `explain.sentence` turns them into the same words everywhere.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from strategy.account import Told
from strategy.model import Currency, CustomerId, InvoiceId, Issue, Record
from strategy.touches import Case

Fact = str | int | bool | None


class Reason(Record):
    """Why: a code that never changes and the facts it rests on.

    Amounts are in minor units with a "currency" beside them, days ISO text.
    """

    code: str
    facts: Mapping[str, Fact] = {}


def reason(code: str, **facts: Fact | date) -> Reason:
    """A reason, written briefly."""
    for name, fact in facts.items():
        if isinstance(fact, date):
            facts[name] = fact.isoformat()
    return Reason(code=code, facts=cast("dict[str, Fact]", facts))


class TouchpointKind(StrEnum):
    """REMINDER asks for what is overdue, NUDGE speaks before the due date, RECEIPT asks whether an invoice arrived.
    STATEMENT and THANKS ask for nothing. NOTICE goes to our own people.
    """

    REMINDER = "reminder"
    NUDGE = "nudge"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    THANKS = "thanks"
    NOTICE = "notice"


class Stage(StrEnum):
    """Where the account stands: nothing overdue, something overdue, or handed to people."""

    CURRENT = "current"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


class Asked(Record):
    """One invoice that a touchpoint names. `asked_minor` is what it asks for, 0 where it only mentions; `covered_minor`
    what it would ask for besides, did not unapplied credit cover that, and `covered_by_payment_minor` how much of that
    is money; None where nobody stored it.
    """

    invoice_id: InvoiceId
    customer_id: CustomerId
    number: str
    reference: str | None
    issued_on: date
    due_on: date
    days_overdue: int
    total_minor: int
    paid_minor: int
    credited_minor: int
    open_minor: int
    asked_minor: int
    covered_minor: int = 0
    covered_by_payment_minor: int | None = None


class CreditLine(Record):
    """So much of an unapplied credit as a touchpoint has taken off what it asks for."""

    id: str
    number: str | None
    amount_minor: int


class Window(Record):
    """The instants (UTC) between which the contact may leave, closing excluded."""

    opens: datetime
    closes: datetime


class Touchpoint(Record):
    """One contact to make. `act`, `occasion` and `attempt` identify it with account, currency and channel (see `key`).

    `coming`: invoices falling due that a reminder mentions without asking for them. `statement`: the month of a
    statement that travels with it. `deadline_days`: a letter before action gives so many days, counted from its own.
    `to` are addresses of the channel; `why` says why this, why now.
    """

    ledger: str
    kind: TouchpointKind
    customer_id: CustomerId
    customer_name: str
    currency: Currency
    act: str
    occasion: str
    attempt: int
    case: int | None
    segment: str
    stage: Stage
    step: str
    channel: str
    to: tuple[str, ...]
    addressee: str
    role: str
    letter: str
    language: str
    attach: tuple[str, ...]
    approval: bool
    amount_minor: int
    invoices: tuple[Asked, ...]
    coming: tuple[Asked, ...] = ()
    credits: tuple[CreditLine, ...] = ()
    statement: str | None = None
    deadline_days: int = 0
    window: Window
    why: tuple[Reason, ...]

    @property
    def key(self) -> str:
        """The outbox key: unique in the firm, the same on every run until something definite happened."""
        subject = f"{self.customer_id}-{self.currency}"
        return "/".join((self.ledger, subject, self.act, self.occasion, self.channel, str(self.attempt)))


class Held(Record):
    """So much of one invoice is not asked for. `until`: the first day on which that may change by itself, or None."""

    invoice_id: InvoiceId
    customer_id: CustomerId
    number: str
    currency: Currency
    amount_minor: int
    until: date | None
    reasons: tuple[Reason, ...]


class TaskAsked(Record):
    """Work for a person, created once per key. `kind` is "call", "apply credit", "find address"…"""

    ledger: str
    kind: str
    customer_id: CustomerId
    customer_name: str
    currency: Currency
    act: str
    occasion: str
    case: int | None
    who: str
    what: str
    amount_minor: int
    invoices: tuple[Asked, ...]
    why: tuple[Reason, ...]

    @property
    def key(self) -> str:
        """The outbox key; tasks never fail, so there is one attempt."""
        return "/".join(
            (
                self.ledger,
                f"{self.customer_id}-{self.currency}",
                self.act,
                self.occasion,
                "task",
                "1",
            )
        )


class SegmentPlaced(Record):
    """The segment the account is in on this day. `since` is the day it came; `was` the segment it left today."""

    segment: str
    since: date
    was: str | None
    why: tuple[Reason, ...]


class TriggerFired(Record):
    """A trigger became true today; its effect stands among the touchpoints or tasks. `told`: the role that hears its
    end, None where nobody does.
    """

    name: str
    why: tuple[Reason, ...]
    told: str | None = None


class EndHeard(Record):
    """A trigger that holds on, whose end is heard by another role of ours than before; None: by nobody."""

    trigger: str
    role: str | None


class Decision(Record):
    """Everything decided for one account on one day. `cases` are all of them as they stand after it.

    `triggers_true`: names of all triggers that are true now, fired or not. `settled_disputes`: numbers of those that
    are over by themselves, because the credit note is in the books. `left_behind`: triggers that are over because
    nobody decides them any more. `end_heard`: who hears the end of those that hold on, where that is new.
    """

    customer_id: CustomerId
    customer_name: str
    as_of: date
    placed: SegmentPlaced
    stage: Stage
    cases: tuple[Case, ...]
    touchpoints: tuple[Touchpoint, ...]
    tasks: tuple[TaskAsked, ...]
    held: tuple[Held, ...]
    triggers_true: frozenset[str]
    fired: tuple[TriggerFired, ...]
    left_behind: tuple[Told, ...] = ()
    end_heard: tuple[EndHeard, ...] = ()
    settled_disputes: tuple[int, ...] = ()
    issues: tuple[Issue, ...]
