"""The books and the journal of one account as a story tells them, and the words it tells them in."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from strategy import money
from strategy.account import (
    Account,
    Case,
    Claim,
    Dispute,
    Hold,
    HoldKind,
    Placement,
    Profile,
    Promise,
    PromiseState,
    Receivable,
    Role,
    Settlement,
    Skipped,
    TieOut,
    TieOutState,
    Touch,
    TouchState,
    Unapplied,
    UnappliedKind,
)
from strategy.business_days import DAY, Calendar
from strategy.decision import Decision, TaskAsked, Touchpoint, TouchpointKind
from strategy.model import Currency, Customer, CustomerId, InvoiceId, Record, Sent, Switch
from tests.scenarios.reading import Row, Story, day_in, every_day, written
from tests.strategy.builders import EUR, a_customer, a_ledger, days


class Books:
    """The account as it grows: what the platform says of it and what the journal remembers."""

    def __init__(self, story: Story) -> None:
        self.year = story.first.year
        self.first = story.first
        self.today = story.first
        self.customer: Customer = a_customer()
        self.profile = Profile()
        self.invoices: dict[str, Receivable] = {}
        self.unapplied: dict[str, Unapplied] = {}
        self.settlements: list[Settlement] = []
        self.paid_invoices = 0
        self.known_since: date | None = None
        self.promises: list[Promise] = []
        self.disputes: list[Dispute] = []
        self.claims: list[Claim] = []
        self.holds: list[Hold] = []
        self.tie_outs: dict[Currency, TieOut] = {}
        self.holidays: set[date] = set()
        self.reminders = Switch.OFF
        self.out_of_balance = False
        self.matched_through: date | None = None
        self.read_on: date | None = None
        self.is_off = False
        self.dies = False
        self.rejects: list[str] = []
        self.touches: list[Touch] = []
        self.skipped: list[Skipped] = []
        self.done: set[tuple[str, str, Currency]] = set()
        self.failures: Counter[tuple[str, str, Currency]] = Counter()
        self.cases: tuple[Case, ...] = ()
        self.placement: Placement | None = None
        self.triggers_true: frozenset[str] = frozenset()
        self.trigger_counts: Counter[str] = Counter()
        if story.settings["history"] != "none":
            _known_for_long(self, story.settings["history"])

    def calendar(self) -> Calendar:
        return Calendar(holidays={"DE": frozenset(self.holidays)})

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
            receivables=tuple(sorted(still_open, key=lambda one: (one.due_on, one.number))),
            unapplied=tuple(sorted(self.unapplied.values(), key=lambda one: one.since)),
            settlements=tuple(self.settlements),
            paid_invoices=self.paid_invoices,
            first_invoice_on=self.known_since,
            profile=self.profile,
            touches=tuple(self.touches),
            skipped=tuple(self.skipped),
            done=frozenset(self.done),
            failures=dict(self.failures),
            cases=self.cases,
            promises=tuple(self.promises),
            disputes=tuple(self.disputes),
            claims=tuple(self.claims),
            holds=tuple(self.holds),
            placement=self.placement,
            triggers_true=self.triggers_true,
            trigger_counts=dict(self.trigger_counts),
            tie_outs=tuple(self.tie_outs.values()),
        )

    def happens(self, row: Row) -> None:
        """Something of the first table."""
        self.today = row.on
        for pattern, told in _WORDS:
            if match := re.fullmatch(pattern, row.text):
                told(self, *match.groups(default=""))
                return
        raise ValueError(f"{written(row.on)}: nobody knows what this means: {row.text}")

    def day(self, text: str) -> date:
        """A day of the story's year."""
        return day_in(self.year, text)

    def remember(self, decision: Decision) -> None:
        """What the outbox and the journal keep of a decision that left on its day."""
        self.cases = decision.cases
        self.placement = Placement(segment=decision.placed.segment, since=decision.placed.since)
        self.triggers_true = decision.triggers_true
        self.trigger_counts.update(one.name for one in decision.fired)
        for said in decision.touchpoints:
            self._leave(said, decision.as_of)
        for asked in decision.tasks:
            self.done.add((asked.act, asked.occasion, asked.currency))
            if asked.case is not None:
                named = tuple(one.invoice_id for one in asked.invoices)
                self.touches.append(_touch(asked, decision.as_of, "task", named))

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
            self.touches.append(replace(touch, statement=said.statement, state=state))


# The words of the first table


def _minor(text: str, currency: str) -> int:
    return money.to_minor(Decimal(text.replace(",", "")), currency)


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
        invoice_id=InvoiceId("900"), currency=EUR, due_on=on - days(late), settled_on=on, amount_minor=100_000
    )


def _invoice(books: Books, number: str, amount: str, currency: str, due: str, sent: str) -> None:
    total = _minor(amount, currency)
    books.known_since = books.known_since or books.today
    books.invoices[number] = Receivable(
        invoice_id=InvoiceId(number),
        customer_id=CustomerId("lund"),
        number=number,
        issued_on=books.today,
        due_on=books.day(due),
        currency=Currency(currency),
        total_minor=total,
        paid_minor=0,
        credited_minor=0,
        open_minor=total,
        sent=Sent.NO if sent else Sent.YES,
    )


def _invoice_is_sent(books: Books, number: str) -> None:
    books.invoices[number] = replace(books.invoices[number], sent=Sent.YES)


def _invoice_is_void(books: Books, number: str) -> None:
    del books.invoices[number]


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
            promised_on=books.day(by),
            currency=Currency(currency),
            amounts=((InvoiceId(number), _minor(amount, currency)),),
        )
    )


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
        )
    )


def _dispute_ends(books: Books) -> None:
    books.disputes[-1] = replace(books.disputes[-1], closed_on=books.today)


def _claim(books: Books, number: str, until: str) -> None:
    claim = Claim(
        id=len(books.claims) + 1,
        invoices=frozenset({InvoiceId(number)}),
        claimed_on=books.today,
        until=books.day(until),
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
            until=books.day(until) if until else None,
            reason=why,
        )
    )


def _hold_ends(books: Books) -> None:
    books.holds[-1] = replace(books.holds[-1], ended_on=books.today)


def _matched(books: Books, through: str) -> None:
    books.matched_through = None if through == "every day" else books.day(through.removeprefix("through "))


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
    books.holidays |= set(every_day(books.today, books.day(until) if until else books.today))


def _addresses(books: Books, found: str) -> None:
    books.customer = replace(books.customer, emails=() if found == "none" else (found,))


def _role(books: Books, role: str, name: str, email: str) -> None:
    books.profile = replace(books.profile, roles=(*books.profile.roles, Role(role=role, name=name, email=email)))


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


def _rejects(books: Books, step: str) -> None:
    books.rejects.append(step)


_AMOUNT: Final = r"([\d,.]+) ([A-Z]{3})"
_DAY: Final = r"(?:[A-Z][a-z]{2} +)?\d+ [A-Z][a-z]{2}"
_WORDS: Final[Iterable[tuple[str, Callable[..., None]]]] = (
    (rf"invoice (\w+) of {_AMOUNT}, due ({_DAY})(, never sent)?", _invoice),
    (r"invoice (\w+) is sent", _invoice_is_sent),
    (r"invoice (\w+) is void", _invoice_is_void),
    (rf"payment of {_AMOUNT} on (\w+)", _payment),
    (rf"(payment|credit) ([\w-]+) of {_AMOUNT}, not applied", _unapplied),
    (r"(?:payment|credit) ([\w-]+) is applied to (\w+)", _applied),
    (rf"promise of {_AMOUNT} on (\w+) by ({_DAY})", _promise),
    (r"promise is cancelled", _promise_is_cancelled),
    (rf"dispute of (\w+)(?:, {_AMOUNT})?: (.+)", _dispute),
    (r"dispute is settled", _dispute_ends),
    (rf"they say (\w+) is paid; we look until ({_DAY})", _claim),
    (r"it was not paid", _claim_ends),
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
    (r"profile: pays by (.+)", _pays_by),
    (r"dunwell is (off|on)", _power),
    (r"from now on every message may or may not have left", _dies),
    (r"somebody looked: it (left|did not leave)", _settled),
    (r"a person rejects (\w+)", _rejects),
)
