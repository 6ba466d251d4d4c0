"""What was agreed with a customer, or said of its invoices: promises, payment plans, disputes, claims, and holds.

An account carries them; whoever decides weighs them. Amounts are minor units of the currency beside them.
"""

from datetime import date
from enum import StrEnum

from strategy.model import Currency, InvoiceId, Record


class PromiseState(StrEnum):
    """OPEN promises are judged on every decision; the others were ended by a person."""

    OPEN = "open"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


class Promise(Record):
    """So much was promised on these invoices by a day. `amounts`: invoice and amount, oldest invoice first.

    `counted`: what payments had settled of its invoices when it was made, which is no part of it; with money that no
    invoice had used by then, as far as that is no part of it either.
    """

    id: int
    made_on: date
    promised_on: date
    currency: Currency
    amounts: tuple[tuple[InvoiceId, int], ...]
    state: PromiseState = PromiseState.OPEN
    by: str = ""
    counted: tuple[tuple[InvoiceId, int], ...] = ()


class Every(StrEnum):
    """How far apart the instalments of a plan are."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


class Elsewhere(Record):
    """An invoice of a plan that is on another account: what is open of it, and what payments settled, by day."""

    invoice_id: InvoiceId
    open_minor: int
    paid: tuple[tuple[date, int], ...] = ()


class Plan(Record):
    """Invoices that are paid in instalments. `amounts`: invoice and what was open of it, oldest invoice first.

    `deposit_minor` (0 for none) is due on `deposit_on`, then so many `instalments`, `every` so often from `first_on`.
    `accepted_on` None: only proposed. `ended_on`: a person ended it. `counted`: what payments had settled of its
    invoices when it was made, which is no part of it. `parts` are the amounts of its instalments, where they are not
    equal. `elsewhere`: those of its invoices that another account has by now, and pays.
    """

    id: int
    currency: Currency
    amounts: tuple[tuple[InvoiceId, int], ...]
    made_on: date
    accepted_on: date | None
    instalments: int
    first_on: date
    every: Every = Every.MONTH
    deposit_minor: int = 0
    deposit_on: date | None = None
    counted: tuple[tuple[InvoiceId, int], ...] = ()
    ended_on: date | None = None
    by: str = ""
    parts: tuple[int, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def total_minor(self) -> int:
        """What was agreed on in all."""
        return sum(amount for _, amount in self.amounts)

    @property
    def invoices(self) -> tuple[InvoiceId, ...]:
        """Those of its invoices that are on this account, oldest first."""
        others = {one.invoice_id for one in self.elsewhere}
        return tuple(invoice_id for invoice_id, _ in self.amounts if invoice_id not in others)

    @property
    def own_minor(self) -> int:
        """What was agreed on of these."""
        own = {*self.invoices}
        return sum(amount for invoice_id, amount in self.amounts if invoice_id in own)


class DisputeOutcome(StrEnum):
    """VALID: they are right, a credit note is expected. PARTIAL: in part. INVALID: all of it is owed."""

    VALID = "valid"
    INVALID = "invalid"
    PARTIAL = "partial"


class Dispute(Record):
    """An invoice is disputed, wholly (`amount_minor` None) or in part.

    `invoiced_minor` is the invoice's total in `currency`, paid or not; None and 0 where the books have it no more.
    `owner` is the role of ours that answers it, by the day `answer_by`. Resolved with an `outcome`, `credit_minor` is
    the credit note that is expected; `closed_on` is when nothing is expected any more. `counted_minor`: credit used for
    the invoice that is not for it: of a part, what the books had when it was opened; of the whole, when its outcome was
    told.
    """

    id: int
    invoice_id: InvoiceId
    amount_minor: int | None
    category: str
    opened_on: date
    owner: str = "owner"
    answer_by: date | None = None
    answered_on: date | None = None
    outcome: DisputeOutcome | None = None
    resolved_on: date | None = None
    credit_minor: int | None = None
    closed_on: date | None = None
    counted_minor: int = 0
    currency: Currency | None = None
    invoiced_minor: int = 0


class Claim(Record):
    """They say it is paid: these invoices rest until the bookkeeper has looked, at the latest until `until`.

    `paid_on` is the day on which they say they paid, `reference` what to look for.
    """

    id: int
    invoices: frozenset[InvoiceId]
    claimed_on: date
    until: date
    paid_on: date | None = None
    reference: str = ""
    closed_on: date | None = None

    def rests(self, day: date) -> bool:
        """Whether its invoices rest on the day."""
        return self.closed_on is None and day <= self.until


class HoldKind(StrEnum):
    """Why a person told us not to act. All but PAUSED and OPTED_OUT are standing exclusions."""

    PAUSED = "paused"
    OPTED_OUT = "opted_out"
    INTERCOMPANY = "intercompany"
    DIRECT_DEBIT = "direct_debit"
    RETENTION = "retention"
    FACTORED = "factored"
    INSURED = "insured"
    LEGAL = "legal"
    INSOLVENT = "insolvent"
    DO_NOT_CONTACT = "do_not_contact"


class Hold(Record):
    """A person's reason not to act, on one invoice or (None) the whole account, through `until` (None: until ended).

    `amount_minor`: so much of the invoice; None is all of it.
    """

    id: int
    kind: HoldKind
    invoice_id: InvoiceId | None
    since: date
    until: date | None
    reason: str
    amount_minor: int | None = None
    ended_on: date | None = None

    @property
    def excludes(self) -> bool:
        """Whether it is a standing exclusion: a reason of law or contract, which somebody must look after."""
        return self.kind not in {HoldKind.PAUSED, HoldKind.OPTED_OUT}

    def stands(self, day: date) -> bool:
        """Whether it holds on the day."""
        ended = self.ended_on is not None and self.ended_on <= day
        return self.since <= day and not ended and (self.until is None or day <= self.until)
