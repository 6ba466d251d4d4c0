"""What happens, in time order, told so that either platform can play it.

Customers and documents go by the story's own keys. An amount of None means "whatever is open then": the story does not
know what others will have done to the books by that time.
"""

from datetime import date, datetime

from msgspec import Struct

from dunwell.sandbox.books.records import Address, Line, Surplus


class Event(Struct, frozen=True, kw_only=True, tag=True):
    """Something that happens at an instant (UTC)."""

    at: datetime


class CustomerAdded(Event, frozen=True, kw_only=True, tag=True):
    """A customer enters the books. `parent` is a key."""

    key: str
    name: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    address: Address
    currency: str
    term_days: int | None
    parent: str | None = None
    bills_parent: bool = False
    pays_online: bool = True


class InvoiceIssued(Event, frozen=True, kw_only=True, tag=True):
    """An invoice is written; a `draft` is not owed until it is sent. `number` None: it never gets one."""

    key: str
    customer: str
    currency: str
    number: str | None
    issued_on: date
    due_on: date | None
    term_days: int | None
    lines: tuple[Line, ...]
    deposit: int = 0
    draft: bool = False


class InvoiceSent(Event, frozen=True, kw_only=True, tag=True):
    """The company sends the invoice from its books to the customer's address."""

    invoice: str


class InvoiceVoided(Event, frozen=True, kw_only=True, tag=True):
    """The invoice is void."""

    invoice: str


class InvoiceDeleted(Event, frozen=True, kw_only=True, tag=True):
    """The invoice is deleted."""

    invoice: str


class PaymentReceived(Event, frozen=True, kw_only=True, tag=True):
    """Money arrives: for these invoices (key, amount or None) and `extra` that settles nothing.

    Where `extra` is 0 and nothing of the invoices is open any more, no payment is made at all.
    """

    key: str
    customer: str
    currency: str
    paid_on: date
    method: str
    reference: str
    parts: tuple[tuple[str, int | None], ...] = ()
    extra: int = 0
    surplus: Surplus = Surplus.OVERPAYMENT


class PaymentApplied(Event, frozen=True, kw_only=True, tag=True):
    """What was left of a payment now settles invoices."""

    payment: str
    on: date
    invoices: tuple[str, ...]


class PaymentDeleted(Event, frozen=True, kw_only=True, tag=True):
    """The payment bounced, or was entered by mistake."""

    payment: str


class CreditIssued(Event, frozen=True, kw_only=True, tag=True):
    """A credit note or memo is written."""

    key: str
    customer: str
    currency: str
    number: str | None
    issued_on: date
    lines: tuple[Line, ...]


class CreditApplied(Event, frozen=True, kw_only=True, tag=True):
    """A credit settles invoices as far as it goes."""

    credit: str
    on: date
    invoices: tuple[str, ...]


class RefundPaid(Event, frozen=True, kw_only=True, tag=True):
    """Money is given back out of a credit, or out of what a payment left unapplied; `amount` None: all that is left."""

    key: str
    credit: str | None = None
    payment: str | None = None
    on: date
    reference: str
    amount: int | None = None


class CustomerArchived(Event, frozen=True, kw_only=True, tag=True):
    """The customer is no longer in use, whatever it still owes."""

    customer: str


class CustomerMerged(Event, frozen=True, kw_only=True, tag=True):
    """One customer turned out to be another."""

    loser: str
    winner: str


AnyEvent = (
    CustomerAdded
    | InvoiceIssued
    | InvoiceSent
    | InvoiceVoided
    | InvoiceDeleted
    | PaymentReceived
    | PaymentApplied
    | PaymentDeleted
    | CreditIssued
    | CreditApplied
    | RefundPaid
    | CustomerArchived
    | CustomerMerged
)
