"""The books and the journal of one account as a story tells them."""

import re
from collections import Counter
from datetime import date

from msgspec.structs import replace

from strategy.account import Account, Placement, Profile, Receivable, Settlement, TieOut, Unapplied
from strategy.agreements import Claim, Dispute, Hold, Plan, Promise
from strategy.business_days import Calendar
from strategy.decision import Decision, TaskAsked, Touchpoint, TouchpointKind
from strategy.model import Currency, Customer, InvoiceId, Record, Switch
from strategy.touches import Bounce, CameOf, Case, Failures, Skipped, Touch, TouchState
from tests.scenarios.reading import Story
from tests.strategy.builders import EUR, a_customer, a_ledger, days


class Books:
    """The account as it grows: what the platform says of it and what the journal remembers."""

    def __init__(self, story: Story) -> None:
        self.first = story.first
        self.today = story.first
        self.customer: Customer = a_customer()
        self.profile = Profile(country="DE", legal_form="company")
        self.invoices: dict[str, Receivable] = {}
        self.unapplied: dict[str, Unapplied] = {}
        self.settlements: list[Settlement] = []
        self.paid_invoices = 0
        self.known_since: date | None = None
        self.promises: list[Promise] = []
        self.plans: list[Plan] = []
        self.disputes: list[Dispute] = []
        self.claims: list[Claim] = []
        self.holds: list[Hold] = []
        self.tie_outs: dict[Currency, TieOut] = {}
        self.holidays: set[date] = set()
        self.holidays_of_parts: dict[str, set[date]] = {}
        self.reminders = Switch.OFF
        self.out_of_balance = False
        self.matched_through: date | None = None
        self.read_on: date | None = None
        self.wrote_on: date | None = None
        self.first_word_on: date | None = None
        self.unreadable: tuple[str, ...] = ()
        self.is_off = False
        self.dies = False
        self.rejects: list[str] = []
        self.touches: list[Touch] = []
        self.skipped: list[Skipped] = []
        self.came: list[CameOf] = []
        self.bounces: list[Bounce] = []
        self.done: set[tuple[str, str, Currency]] = set()
        self.failures: Counter[tuple[str, str, Currency]] = Counter()
        self.cases: tuple[Case, ...] = ()
        self.placement: Placement | None = None
        self.triggers_true: frozenset[str] = frozenset()
        self.trigger_counts: Counter[str] = Counter()
        if story.settings["history"] != "none":
            _known_for_long(self, story.settings["history"])

    def calendar(self) -> Calendar:
        parts = {place: frozenset(self.holidays | own) for place, own in self.holidays_of_parts.items()}
        return Calendar(holidays={"DE": frozenset(self.holidays), **parts})

    def account(self, day: date) -> Account:
        """The account on the day."""
        still_open = [one for one in self.invoices.values() if one.open_minor]
        return Account(
            ledger=a_ledger(
                today=day,
                pulled_on=self.read_on or day,
                reconciled_on=self.matched_through or day,
                reminders=self.reminders,
                out_of_balance=self.out_of_balance,
            ),
            customer=self.customer,
            country="DE",
            time_zone="Europe/Berlin",
            unreadable=self.unreadable,
            receivables=tuple(sorted(still_open, key=lambda one: (one.due_on, one.number))),
            unapplied=tuple(sorted(self.unapplied.values(), key=lambda one: one.since)),
            settlements=tuple(self.settlements),
            paid_invoices=self.paid_invoices,
            first_invoice_on=self.known_since,
            profile=self.profile,
            touches=tuple(self.touches),
            skipped=tuple(self.skipped),
            came=tuple(self.came),
            bounces=tuple(self.bounces),
            done=frozenset(self.done),
            failures={key: Failures(count=count) for key, count in self.failures.items()},
            cases=self.cases,
            promises=tuple(self.promises),
            plans=tuple(self.plans),
            disputes=tuple(self.disputes),
            claims=tuple(self.claims),
            holds=tuple(self.holds),
            placement=self.placement,
            triggers_true=self.triggers_true,
            trigger_counts=dict(self.trigger_counts),
            tie_outs=tuple(self.tie_outs.values()),
            wrote_on=self.wrote_on,
            first_word_on=self.first_word_on,
        )

    def remember(self, decision: Decision) -> None:
        """What the outbox and the journal keep of a decision that left on its day."""
        self.cases = decision.cases
        self.placement = Placement(segment=decision.placed.segment, since=decision.placed.since)
        self.triggers_true = decision.triggers_true
        self.trigger_counts.update(one.name for one in decision.fired)
        self.disputes = [
            replace(one, closed_on=decision.as_of) if one.id in decision.settled_disputes else one
            for one in self.disputes
        ]
        for said in decision.touchpoints:
            self._leave(said, decision.as_of)
        for asked in decision.tasks:
            self.done.add((asked.act, asked.occasion, asked.currency))
            if asked.case is not None:
                named = tuple(one.invoice_id for one in asked.invoices)
                self.touches.append(_touch(asked, decision.as_of, "task", named))

    def noted(self, act: str, channel: str, case: int | None, named: tuple[InvoiceId, ...]) -> None:
        """Somebody made a contact elsewhere, and said so."""
        said = _Said(act=act, occasion="noted", case=case, currency=EUR)
        self.touches.append(replace(_touch(said, self.today, channel, named), noted=True))

    def _leave(self, said: Touchpoint, on: date) -> None:
        if said.kind is TouchpointKind.NOTICE:
            self.done.add((said.act, said.occasion, said.currency))
        elif said.step in self.rejects:
            self.rejects.remove(said.step)
            self.skipped.append(
                Skipped(act=said.act, occasion=said.occasion, case=said.case, currency=said.currency, on=on)
            )
        else:
            named = tuple(one.invoice_id for one in said.invoices or said.coming)
            touch = _touch(said, on, said.channel, named)
            state = TouchState.UNKNOWN if self.dies else TouchState.ACCEPTED
            self.touches.append(replace(touch, statement=said.statement, deadline_days=said.deadline_days, state=state))


class _Said(Record):
    """As much of a contact as a touch remembers."""

    act: str
    occasion: str
    case: int | None
    currency: Currency


def _touch(one: Touchpoint | TaskAsked | _Said, on: date, channel: str, named: tuple[InvoiceId, ...]) -> Touch:
    return Touch(
        on=on,
        act=one.act,
        occasion=one.occasion,
        case=one.case,
        currency=one.currency,
        channel=channel,
        invoices=frozenset(named),
        lead=next(iter(named), None),
    )


def _known_for_long(books: Books, text: str) -> None:
    """ "12 invoices paid, 10 days late": one a month, the last a month ago; and a reminder long ago."""
    count, late = (int(one) for one in re.findall(r"-?\d+", text))
    books.paid_invoices = count
    books.known_since = books.first - days(30 * (count + 2))
    books.settlements = [_paid_before(books.first - days(30 * n), late) for n in range(count, 0, -1)]
    long_ago = _Said(act="first", occasion="1", case=1, currency=EUR)
    books.touches = [_touch(long_ago, books.known_since, "email", (InvoiceId("900"),))]
    books.cases = (Case(number=1, currency=EUR, opened_on=books.known_since, closed_on=books.known_since + days(20)),)


def _paid_before(on: date, late: int) -> Settlement:
    return Settlement(
        invoice_id=InvoiceId(f"9{on:%m%d}"), currency=EUR, due_on=on - days(late), settled_on=on, amount_minor=100_000
    )
