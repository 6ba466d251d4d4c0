"""One account up to a day: what the books and the journal say of it, all that a decision may depend on.

The store loads these, one account at a time; tests build them by hand; a simulation replays them. Everything in here is
of `as_of` or before. An account is who is billed and chased: a customer, with the sub-customers that the books bill to
it. Amounts are minor units of the currency beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain

from strategy.agreements import Claim, Dispute, Hold, Plan, Promise
from strategy.model import Company, Currency, Customer, CustomerId, InvoiceId, Issue, Platform, Record, Sent, Switch
from strategy.rules import OwnContact
from strategy.touches import Bounce, CameOf, Case, Failures, Skipped, Touch


class Receivable(Record):
    """What is open of one invoice, on the platform's own figure.

    `customer_id` is whose invoice it is: the account's customer or one of its sub-customers. `due_assumed`: the books
    have no due date, it was worked out from terms or the invoice's date. `doubtful_minor` is that part of what is open
    which the allocations say is settled: it is not chased until the two agree. `unreadable`: the platform has a newer
    version that we cannot read, and what stands here is the last that we could. `exchange_rate` as in `model.Invoice`.
    """

    invoice_id: InvoiceId
    customer_id: CustomerId
    number: str
    reference: str | None = None
    issued_on: date
    due_on: date
    due_assumed: bool = False
    currency: Currency
    total_minor: int
    paid_minor: int
    credited_minor: int
    open_minor: int
    doubtful_minor: int = 0
    unreadable: bool = False
    exchange_rate: str | None = None
    sent: Sent
    emails: tuple[str, ...] = ()


class UnappliedKind(StrEnum):
    """How the aged report groups what is in the customer's favour."""

    PAYMENTS = "payments"
    CREDITS = "credits"
    DEPOSITS = "deposits"


class Unapplied(Record):
    """Money or credit in the customer's favour that no invoice has used yet."""

    kind: UnappliedKind
    id: str
    number: str | None
    since: date
    currency: Currency
    amount_minor: int

    @property
    def is_money(self) -> bool:
        """Whether it was paid, too much or in advance, and is no credit note."""
        return self.kind is not UnappliedKind.CREDITS


def money_in(unapplied: Sequence[Unapplied], used_minor: int, amount_minor: int) -> int:
    """How much of an amount is money, where it is what comes next of these after so much of them was used."""
    money = 0
    for one in unapplied:
        skipped = min(used_minor, one.amount_minor)
        part = min(amount_minor, one.amount_minor - skipped)
        used_minor -= skipped
        amount_minor -= part
        money += part if one.is_money else 0
    return money


class Settlement(Record):
    """Part of an invoice that was settled, and when. `by_payment` is False for credits."""

    invoice_id: InvoiceId
    currency: Currency
    due_on: date
    settled_on: date
    amount_minor: int
    by_payment: bool = True


class Invoiced(Record):
    """What was invoiced in one currency in the last 365 days, and in the last 90 of them; and what credit notes of the
    same days took off.
    """

    currency: Currency
    year_minor: int
    quarter_minor: int
    year_credited_minor: int = 0
    quarter_credited_minor: int = 0


class Role(Record):
    """Who plays a role at the customer ("billing", "manager", "owner")."""

    role: str
    name: str
    email: str | None = None
    phone: str | None = None


class Profile(Record):
    """What we know of the account that the books do not hold. None where nobody has said.

    `contact` is what counts for this account alone. `run` is the day on which they pay: a weekday ("fri"), a day of the
    month ("15") or "month end"; it must be approved `cutoff` business days before. `region` is the part of a country
    whose public holidays count, as in "DE-BY". `legal_form` is one of `text.grammar.facts.LEGAL_FORMS`; `po_required`:
    its invoices need an order number. `reviewed`: a person has looked at what fell due before this day, and it may be
    chased.
    """

    language: str | None = None
    country: str | None = None
    region: str | None = None
    run: str | None = None
    cutoff: int = 0
    time_zone: str | None = None
    method: str | None = None
    legal_form: str | None = None
    po_required: bool | None = None
    owner: str | None = None
    credit_limit: Mapping[Currency, int] = {}
    lists: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    contact: OwnContact = OwnContact()
    reviewed: date | None = None


class Placement(Record):
    """The segment that the account is in, and since when."""

    segment: str
    since: date


class Told(Record):
    """A trigger that was true when its customer was decided last, and whose end a role of ours hears. `customer_id` may
    be another's than the account's, which was one of its own then.
    """

    customer_id: CustomerId
    customer_name: str
    trigger: str
    role: str
    fired: int


class TieOutState(StrEnum):
    """LESS is the only difference that holds: the platform says that less is owed than we would ask for."""

    TIED = "tied"
    LESS = "less"
    MORE = "more"
    ACCEPTED = "accepted"
    UNREAD = "unread"


class TieOut(Record):
    """Our open items beside the platform's own balance, in one currency."""

    currency: Currency
    state: TieOutState
    ours_minor: int
    theirs_minor: int | None
    suspects: tuple[str, ...] = ()


class Agency(Record):
    """A collection agency as configured. `to` is where it gets messages, None where people tell it themselves.

    `currencies` and `countries` are those that it takes, none for any. It confirms a pack within `acknowledge` business
    days. `language` is the one to write to it in; None is the strategy's.
    """

    name: str
    to: str | None = None
    currencies: tuple[Currency, ...] = ()
    countries: tuple[str, ...] = ()
    acknowledge: int = 5
    language: str | None = None


class LedgerFacts(Record):
    """What decisions need to know of the ledger itself; one record shared by all its accounts.

    `today` is the ledger's own day on which the books were read, `pulled_on` the day of the last complete pull,
    `reconciled_on` the day through which a named person says the books are matched; None is never. `reminders`: the
    platform's own, UNKNOWN where nobody has confirmed that they are off. `approve_all`: approval mode.
    `invoices_leave_here`: False where the firm sends invoices outside the platform, so that its sent mark means
    nothing. `channels` are those configured. `people` are ours by role: address by role name. `agencies` by the name
    that strategies place with. `ahead`: these three days are so many later than they are in truth, because days to come
    take for granted that the books are read and matched as promptly as now.
    """

    name: str
    platform: Platform
    company: Company
    time_zone: str
    today: date
    pulled_on: date | None
    reconciled_on: date | None
    ahead: timedelta = timedelta()
    reminders: Switch
    approve_all: bool = True
    invoices_leave_here: bool = True
    channels: tuple[str, ...] = ("email",)
    people: Mapping[str, str] = {}
    agencies: Mapping[str, Agency] = {}
    out_of_balance: bool = False

    def in_truth(self, day: date | None) -> date | None:
        """A day on which the books were read, or through which they are matched, as it was done or said."""
        return None if day is None else day - self.ahead

    def books_reach(self, day: date) -> bool:
        """Whether the books are matched through the day."""
        return self.reconciled_on is not None and self.reconciled_on >= day


class Account(Record):
    """Everything of one account. Tuples are in order of their dates, receivables by due date, then number.

    `done`: act, occasion and currency of what was already asked of our own people; `done_before`: the same of accounts
    that are part of this one now, whose counting of cases means nothing here. `failures`: definite ones so far, by act,
    occasion and currency. `method` is the books' word for how the customer pays; see `pays_by`.
    `country` and `time_zone` (an IANA name) are the customer's own where known, else the company's; `country` is None
    where the books name one that is not known.
    `unreadable`: names of those of its customers of whom the platform has a newer version that we cannot read.
    `wrote_on`: the day on which they last wrote to us, as a person noted; None where nobody did.
    `first_word_on`: before that day the strategy's ramp has others hear their first word; None where it leaves it free.
    """

    ledger: LedgerFacts
    customer: Customer
    country: str | None = None
    time_zone: str
    method: str | None = None
    members: tuple[Customer, ...] = ()
    unreadable: tuple[str, ...] = ()
    receivables: tuple[Receivable, ...] = ()
    unapplied: tuple[Unapplied, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    paid_invoices: int = 0
    first_invoice_on: date | None = None
    invoiced: tuple[Invoiced, ...] = ()
    profile: Profile = Profile()
    touches: tuple[Touch, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    came: tuple[CameOf, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    done: frozenset[tuple[str, str, Currency]] = frozenset()
    done_before: frozenset[tuple[str, str, Currency]] = frozenset()
    failures: Mapping[tuple[str, str, Currency], Failures] = {}
    cases: tuple[Case, ...] = ()
    promises: tuple[Promise, ...] = ()
    plans: tuple[Plan, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    claims: tuple[Claim, ...] = ()
    holds: tuple[Hold, ...] = ()
    placement: Placement | None = None
    triggers_true: frozenset[str] = frozenset()
    trigger_counts: Mapping[str, int] = {}
    told: tuple[Told, ...] = ()
    tie_outs: tuple[TieOut, ...] = ()
    issues: tuple[Issue, ...] = ()
    wrote_on: date | None = None
    first_word_on: date | None = None

    @property
    def was_asked(self) -> bool:
        """Whether anybody ever spoke with them of what they owe, as far as is known."""
        return any(one.asks for one in self.touches)

    @property
    def ever_done(self) -> Iterator[tuple[str, str, Currency]]:
        """What our own people were asked about this account and those that are part of it."""
        return chain(self.done, self.done_before)

    @property
    def place(self) -> str | None:
        """Whose public holidays count: the part of a country where one is known, else the country, else home."""
        return self.profile.region or self.country or self.ledger.company.country

    @property
    def language(self) -> str | None:
        """The customer's own: the profile's word for it, else the books'; None where neither says."""
        return self.profile.language or self.customer.language

    @property
    def dead_addresses(self) -> frozenset[str]:
        """Addresses from which something came back, in small letters."""
        return frozenset(one.address.casefold() for one in self.bounces if one.ended_on is None)

    @property
    def pays_by(self) -> str | None:
        """How the customer pays: the profile's word for it, else the books'; None where neither says."""
        return self.profile.method or self.method
