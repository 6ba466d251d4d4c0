"""The contracts between the outside and the rest: what a connector yields and takes, what a channel carries.

A connector is stateless; what it needs comes in as protocols: `Clock`, `Tokens`, `Budget`. It never decides, never
retries a write by itself, and never hides a difference: counts the platform states travel with the pages so that
the pull can check them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from strategy.model import (
    AnyRecord,
    Balance,
    Currency,
    CustomerId,
    InvoiceId,
    Issue,
    Kind,
    Platform,
    Record,
    Switch,
    Term,
)


class Clock(Protocol):
    """Where time comes from. `now` is an aware instant in UTC; `sleep` returns after so many seconds of that clock."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...


class Tokens(Protocol):
    """The access token of one ledger.

    `access` returns one that is good for a minute at least, refreshing if it must. `renew` is for after a 401: it
    refreshes unless the stored token is no longer the `rejected` one (another process was quicker). Both raise
    `Reconnect` when the connection is dead and `RetryLater` when the token server cannot answer now.
    """

    def access(self) -> str: ...

    def renew(self, rejected: str) -> str: ...


class Budget(Protocol):
    """How much may still be asked of one ledger.

    `enter` waits on the clock until a call may start, and returns its number; it raises `RetryLater` when that would
    take too long (the day's limit). `leave` ends the call of that number and takes note of what the platform said;
    None where nothing was asked after all. `holds_back`: a call waits for its turn, so more of them would only wait.
    """

    @property
    def holds_back(self) -> bool: ...

    def enter(self) -> int: ...

    def leave(self, number: int, call: "Call | None") -> None: ...


class Announcement(Record):
    """A platform's word that something changed in a company; what changed is asked of the platform.

    `remote_id`: the realm or tenant. `digest`: 16 bytes, the same when the same thing is announced again.
    """

    remote_id: str
    digest: bytes


class Call(Record):
    """One HTTP exchange as the budget counts it: bytes on the wire both ways, None `status` where no answer came.

    `write` calls are free of charge on QuickBooks. `remaining` is what the platform said is left, by window ("minute",
    "day", and "app" for the minute of the whole app). `pause_s`: it wants to be left alone for so long, and `why`.
    """

    write: bool
    sent: int
    received: int
    status: int | None
    remaining: Mapping[str, int] = {}
    pause_s: float | None = None
    why: str = ""


class TokenSet(Record):
    """What a token server gave. `expires_at` is the access token's end.

    `refresh_expires_at`: when the connection is lost if nobody uses it before; every refresh moves it.
    `hard_expires_at`: when it is lost whatever anybody does. Both None where nobody says.
    """

    access_token: str
    refresh_token: str | None
    expires_at: datetime
    refresh_expires_at: datetime | None = None
    hard_expires_at: datetime | None = None
    scope: str = ""

    def __repr__(self) -> str:
        """Without the tokens: a record that is shown in an error or a log shows nobody's secrets."""
        return f"TokenSet(expires_at={self.expires_at}, …)"


class Remote(Record):
    """A company at the platform: its realm or tenant id, and what it is called there."""

    id: str
    name: str


class RawRecord(Record):
    """One record's body exactly as it arrived, for the mirror's `raw` table. `kind` is the platform's own word."""

    kind: str
    id: str
    body: bytes


class Deleted(Record):
    """The platform says that this record is gone. It is tombstoned, never treated as paid."""

    kind: Kind
    id: str


class Page(Record):
    """One page of one kind. `server_time` is the platform's clock when it answered, never ours.

    `ids`: of every row that came, those included that are no concern of ours (what we owe others). `expected`: how many
    rows the platform says there are, up to here, of all that the whole pass asks for; None where it does not say.
    `total`, on changes that come from where deletions are not told: so many rows of the kind there were just before
    they were read; who holds more after reading them holds some that are gone. `issues` are rows that could not be
    mapped: their raw body is here, their record is not. `terms`: payment terms that the records refer to, where the
    platform has no list of them.
    """

    kind: Kind
    records: tuple[AnyRecord, ...]
    ids: tuple[str, ...] = ()
    raw: tuple[RawRecord, ...] = ()
    deleted: tuple[Deleted, ...] = ()
    server_time: datetime
    expected: int | None = None
    total: int | None = None
    issues: tuple[Issue, ...] = ()
    terms: tuple[Term, ...] = ()


class TooManyChanges(Exception):
    """Reading changes cannot be complete, or would cost more than reading everything: do that."""


class Target(StrEnum):
    """What a note or file is attached to in the books."""

    INVOICE = "invoice"
    CUSTOMER = "customer"


class Note(Record, tag=True):
    """A line for the people who keep the books. `marker` ("Dunwell 1a2b3c4d") opens `text` and finds it again."""

    target: Target
    target_id: str
    marker: str
    text: str


class File(Record, tag=True):
    """A document for the books, never shown to the customer by the platform. `marker` finds it again where names may
    repeat.
    """

    target: Target
    target_id: str
    marker: str
    name: str
    media_type: str
    content: bytes


class PayLink(Record, tag=True):
    """A payment URL where the customer sees it, where the ledger opts in. `name` is shown beside it.

    `template` is the URL with {number}, {amount} and {currency} still in it, for a platform that fills them in itself.
    """

    invoice_id: InvoiceId
    name: str
    url: str
    template: str


class FieldNote(Record, tag=True):
    """A dated line appended to a notes field that people use, where the platform has one and the ledger opts in."""

    target: Target
    target_id: str
    marker: str
    text: str


Write = Note | File | PayLink | FieldNote


class Written(Record):
    """What the platform keeps of a write. `at` None where it does not say."""

    id: str
    text: str
    at: datetime | None = None


class Connector(Protocol):
    """One platform, one ledger. All methods raise `connectors.errors`; readers may be repeated at will."""

    platform: Platform
    kinds: tuple[Kind, ...]
    """What `everything` can be asked for, in the order of dependence."""

    links_each_invoice: bool
    """Whether a payment link goes on each invoice; otherwise one serves the whole company."""

    def company(self) -> Page:
        """The company with its preferences, as a page of one; `server_time` is a good start for a cursor."""
        ...

    def everything(self, *kinds: Kind) -> Iterator[Page]:
        """All records of these kinds, kind after kind, archived and inactive too, in an order that edits cannot shift,
        or overlapping. Each kind has a page at least.
        """
        ...

    def changes(self, since: datetime) -> Iterator[Page]:
        """What changed at or after the instant, deletions last; the first page has the platform's time when reading
        began. Where deletions are not told, `Page.total` lets them be found. Raises `TooManyChanges`.
        """
        ...

    def open_invoices(self) -> Iterator[Page]:
        """All open invoices, where the platform changes some without telling it as a change; otherwise nothing."""
        ...

    def reminders(self) -> Switch:
        """The platform's own reminder switch, read now; UNKNOWN, without a call, where it cannot be read."""
        ...

    def invoices(self, ids: Sequence[InvoiceId]) -> Page:
        """These invoices as they are now, in as few calls as the platform allows. Absent ones are simply not there."""
        ...

    def balances(self, ids: Sequence[CustomerId] | None) -> Iterator[Balance]:
        """What the platform says these customers (None: all) owe, read now."""
        ...

    def open_by_report(self, customer_id: CustomerId, as_of: date) -> Mapping[Currency, int] | None:
        """The customer's open total from the platform's own aged report; None where it has no such report for one
        customer.
        """
        ...

    def payment_link(self, invoice_id: InvoiceId) -> str | None:
        """The platform's own payment link of the invoice, or None. It is a secret: it opens the invoice to its
        holder.
        """
        ...

    def invoice_pdf(self, invoice_id: InvoiceId) -> bytes:
        """The invoice as the customer knows it."""
        ...

    def write(self, write: Write, key: str) -> Written:
        """Write to the books once. `key` (at most 36 characters) is the platform's idempotency key.

        Raises `OutcomeUnknown` when the write may have happened: then `find` comes before anything else.
        """
        ...

    def find(self, write: Write) -> Written | None:
        """The earlier effect of this write, by its marker; None when it never happened, or its record is gone."""
        ...

    def written(self, target: Target, target_id: str) -> tuple[Written, ...]:
        """Every note and file on the record as the platform returns them, ours and others', oldest first."""
        ...

    def file_content(self, target: Target, target_id: str, file: Written) -> bytes:
        """The bytes of a file that `written` returned for the record."""
        ...


class Attachment(Record):
    """A file in a message."""

    name: str
    media_type: str
    content: bytes


class Message(Record):
    """What a channel carries: plain data, every value final. `headers` are extra ones, names as written.

    `reply_to` and `in_reply_to` None where there is none; `references` are message ids of the same conversation.
    """

    message_id: str
    sender: str
    reply_to: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    subject: str
    text: str
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = {}
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    at: datetime


class Receipt(Record):
    """The channel took the message. `reference` is the other side's own word for it."""

    reference: str


class Channel(Protocol):
    """A way to reach people. Sealing is pure and repeatable; sending happens at most once per call."""

    name: str

    def seal(self, message: Message) -> bytes:
        """The exact bytes that `send` will hand over, fit for keeping as evidence."""
        ...

    def send(self, sealed: bytes) -> Receipt:
        """Hand over the sealed message.

        Raises `RetryLater` (surely not taken; later may work), `Rejected` (surely refused), `OutcomeUnknown`.
        """
        ...
