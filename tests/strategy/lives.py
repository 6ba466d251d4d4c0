"""Random lives of an account, made fast: books and journal that change from day to day in a random order, and every
decision fed back as the outbox and the journal would.

No Hypothesis in here, whose drawing takes longer than deciding: a seed and a number give the same life again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Final

from msgspec.structs import replace

from strategy.account import (
    Account,
    Bounce,
    CameOf,
    Case,
    Placement,
    Profile,
    Receivable,
    Role,
    Settlement,
    Skipped,
    TieOut,
    TieOutState,
    Touch,
    TouchState,
    Unapplied,
)
from strategy.agreements import Claim, Dispute, DisputeOutcome, Every, Hold, HoldKind, Plan, Promise, PromiseState
from strategy.business_days import Calendar
from strategy.decision import Decision, TaskAsked, Touchpoint, TouchpointKind
from strategy.model import Currency, InvoiceId, Sent, Switch
from strategy.text.grammar.facts import OUTCOMES
from tests.strategy.builders import EUR, USD, a_customer, a_ledger, a_receivable, days, unapplied

FIRST: Final = date(2026, 1, 2)
HOLIDAYS: Final = frozenset(FIRST + days(n) for n in range(4, 400, 23))
CALENDAR: Final = Calendar(holidays={"DE": HOLIDAYS})
_CUSTOMER: Final = a_customer(country="DE")
_NO_ADDRESS: Final = a_customer(emails=())
_PROFILES: Final = (
    Profile(legal_form="company"),
    Profile(legal_form="company", country="GB"),
    Profile(legal_form="consumer", country="GB"),
    Profile(method="direct_debit", credit_limit={EUR: 500_000}),
    Profile(legal_form="sole_trader", lists=("key",), roles=(Role(role="manager", name="M", email="m@lund.example"),)),
)


class Life:
    """One account, and what changes in it. `lively`: the share of days on which something does."""

    def __init__(self, seed: int, number: int, *, lively: float = 0.3) -> None:
        self.random = Random(f"{seed}-{number}")
        self.lively = lively
        self.today = FIRST
        self.count = 0
        self.invoices: dict[InvoiceId, Receivable] = {}
        self.unapplied: list[Unapplied] = []
        self.settlements: list[Settlement] = []
        self.paid = self.random.choice((0, 0, 2, 12))
        self.promises: list[Promise] = []
        self.plans: list[Plan] = []
        self.disputes: list[Dispute] = []
        self.claims: list[Claim] = []
        self.holds: list[Hold] = []
        self.wrote_on: date | None = None
        self.tie_outs: tuple[TieOut, ...] = ()
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
        self.customer = self.random.choices((_CUSTOMER, _NO_ADDRESS), (15, 1))[0]
        self.profile = self.random.choice(_PROFILES)
        self.ledger = a_ledger(today=FIRST, pulled_on=FIRST, reconciled_on=FIRST)
        for _ in range(self.random.randrange(4)):
            _invoiced(self)

    def account(self) -> Account:
        """The account on the day."""
        return Account(
            ledger=self.ledger,
            customer=self.customer,
            country="DE",
            time_zone="Europe/Berlin",
            receivables=tuple(sorted(self.still_open(), key=lambda one: (one.due_on, one.number))),
            unapplied=tuple(self.unapplied),
            settlements=tuple(self.settlements),
            paid_invoices=self.paid,
            first_invoice_on=FIRST - days(200) if self.paid else None,
            profile=self.profile,
            touches=tuple(self.touches),
            skipped=tuple(self.skipped),
            came=tuple(self.came),
            bounces=tuple(self.bounces),
            done=frozenset(self.done),
            failures=dict(self.failures),
            cases=self.cases,
            promises=tuple(self.promises),
            plans=tuple(self.plans),
            disputes=tuple(self.disputes),
            claims=tuple(self.claims),
            holds=tuple(self.holds),
            placement=self.placement,
            triggers_true=self.triggers_true,
            trigger_counts=dict(self.trigger_counts),
            wrote_on=self.wrote_on,
            tie_outs=self.tie_outs,
        )

    def still_open(self) -> list[Receivable]:
        return [one for one in self.invoices.values() if one.open_minor]

    def next_day(self) -> None:
        """A day passes, and something may happen."""
        self.today += days(1)
        behind = self.random.choices((0, 1, 3, 9), (60, 20, 10, 1))[0]
        self.ledger = replace(
            self.ledger,
            today=self.today,
            pulled_on=self.today - days(self.random.choices((0, 3), (80, 1))[0]),
            reconciled_on=self.today - days(behind),
            reminders=self.random.choices((Switch.OFF, Switch.ON), (150, 1))[0],
        )
        while self.random.random() < self.lively:
            self.random.choices(_EVENTS, _WEIGHTS)[0](self)

    def remember(self, decision: Decision) -> Iterator[Touchpoint]:
        """What the outbox and the journal keep; yields the contacts that the channel took, or may have taken."""
        self.cases = decision.cases
        self.placement = Placement(segment=decision.placed.segment, since=decision.placed.since)
        self.triggers_true = decision.triggers_true
        self.trigger_counts.update(one.name for one in decision.fired)
        self.disputes = [
            replace(one, closed_on=self.today) if one.id in decision.settled_disputes else one for one in self.disputes
        ]
        for asked in decision.tasks:
            self.done.add((asked.act, asked.occasion, asked.currency))
            if asked.case is not None:
                self.touches.append(self._touch(asked, "task", tuple(one.invoice_id for one in asked.invoices)))
        for said in decision.touchpoints:
            if self._left(said):
                yield said

    def _left(self, said: Touchpoint) -> bool:
        """Whether it left, or may have. Now and then a channel fails, a person rejects, and nobody approves in time."""
        key = (said.act, said.occasion, said.currency)
        if said.kind is TouchpointKind.NOTICE:
            self.done.add(key)
            return True
        luck = self.random.random()
        if luck < 0.04:
            self.failures[key] += 1
        elif luck < 0.07:
            self.skipped.append(
                Skipped(act=said.act, occasion=said.occasion, case=said.case, currency=said.currency, on=self.today)
            )
        elif luck > 0.15:
            named = tuple(one.invoice_id for one in said.invoices or said.coming)
            state = TouchState.UNKNOWN if luck > 0.98 else TouchState.ACCEPTED
            touch = self._touch(said, said.channel, named)
            self.touches.append(replace(touch, statement=said.statement, state=state))
            return True
        return False

    def _touch(self, one: Touchpoint | TaskAsked, channel: str, named: tuple[InvoiceId, ...]) -> Touch:
        return Touch(
            on=self.today,
            act=one.act,
            occasion=one.occasion,
            case=one.case,
            currency=one.currency,
            channel=channel,
            invoices=frozenset(named),
            lead=next(iter(named), None),
        )

    def numbered(self) -> int:
        self.count += 1
        return self.count

    def any_open(self) -> Receivable | None:
        found = self.still_open()
        return self.random.choice(found) if found else None

    def settle(self, row: Receivable, amount: int, *, by_payment: bool) -> None:
        """Part of an invoice is paid or credited."""
        field = "paid_minor" if by_payment else "credited_minor"
        left = row.open_minor - amount
        self.invoices[row.invoice_id] = replace(
            row, open_minor=left, doubtful_minor=min(left, row.doubtful_minor), **{field: getattr(row, field) + amount}
        )
        self.paid += not left
        self.settlements.append(
            Settlement(
                invoice_id=row.invoice_id,
                currency=row.currency,
                due_on=row.due_on,
                settled_on=self.today,
                amount_minor=amount,
                by_payment=by_payment,
            )
        )


def _invoiced(life: Life) -> None:
    """Most fall due later; some were typed late, and are overdue at once."""
    number, random = str(life.numbered()), life.random
    amount = random.choice((90, 2_400, 5_000, 120_000, 1_500_000))
    due_on = life.today + days(random.choice((-70, -12, -1, 0, 2, 7, 14, 30)))
    row = a_receivable(
        number,
        due_on=due_on,
        amount=amount,
        currency=random.choices((EUR, USD), (4, 1))[0],
        sent=random.choices((Sent.YES, Sent.NO), (20, 1))[0],
        doubtful_minor=random.choices((0, amount // 3), (30, 1))[0],
    )
    life.invoices[row.invoice_id] = row


def _paid(life: Life) -> None:
    if row := life.any_open():
        whole = life.random.random() < 0.6
        life.settle(row, row.open_minor if whole else max(1, row.open_minor // 3), by_payment=True)


def _credited(life: Life) -> None:
    if row := life.any_open():
        life.settle(row, max(1, row.open_minor // 2), by_payment=False)


def _undone(life: Life) -> None:
    """A payment bounces: its invoice is open again."""
    if life.settlements:
        gone = life.settlements.pop()
        field = "paid_minor" if gone.by_payment else "credited_minor"
        if row := life.invoices.get(gone.invoice_id):
            more = {field: getattr(row, field) - gone.amount_minor}
            life.invoices[row.invoice_id] = replace(row, open_minor=row.open_minor + gone.amount_minor, **more)


def _voided(life: Life) -> None:
    if row := life.any_open():
        del life.invoices[row.invoice_id]
        life.settlements = [one for one in life.settlements if one.invoice_id != row.invoice_id]


def _prepaid(life: Life) -> None:
    if life.unapplied and life.random.random() < 0.6:
        life.unapplied.pop()
    else:
        one = unapplied(life.random.choice((100, 30_000, 400_000)), id=f"cn{life.numbered()}", since=life.today)
        life.unapplied.append(one)


def _disputed(life: Life) -> None:
    if row := life.any_open():
        part = life.random.choice((None, row.open_minor // 2 + 1, 7_000_000))
        dispute = Dispute(
            id=life.numbered(),
            invoice_id=row.invoice_id,
            amount_minor=part,
            category="price",
            opened_on=life.today,
            answer_by=life.random.choice((None, life.today + days(5))),
            currency=row.currency,
            invoiced_minor=row.total_minor,
        )
        life.disputes.append(dispute)


def _answered(life: Life) -> None:
    for n, one in enumerate(life.disputes):
        if one.closed_on is None and one.outcome is None:
            life.disputes[n] = life.random.choice(
                (
                    replace(one, answered_on=life.today),
                    replace(one, outcome=DisputeOutcome.INVALID, resolved_on=life.today, closed_on=life.today),
                    replace(one, outcome=DisputeOutcome.PARTIAL, resolved_on=life.today, credit_minor=2_000),
                )
            )
            return


def _promised(life: Life) -> None:
    if row := life.any_open():
        promise = Promise(
            id=life.numbered(),
            made_on=life.today,
            promised_on=life.today + days(life.random.randrange(15)),
            currency=row.currency,
            amounts=((row.invoice_id, life.random.choice((row.open_minor, row.open_minor // 2 + 1, 9_000_000))),),
        )
        life.promises.append(promise)


def _in_parts(life: Life) -> None:
    """What is open is to be paid in instalments; some plans are only proposed."""
    if row := life.any_open():
        plan = Plan(
            id=life.numbered(),
            currency=row.currency,
            amounts=((row.invoice_id, row.open_minor),),
            made_on=life.today,
            accepted_on=life.random.choice((None, life.today, life.today)),
            instalments=life.random.randrange(1, 5),
            first_on=life.today + days(life.random.randrange(1, 15)),
            every=life.random.choice(tuple(Every)),
        )
        life.plans.append(plan)


def _withdrawn(life: Life) -> None:
    if life.promises:
        life.promises[-1] = replace(life.promises[-1], state=PromiseState.CANCELLED)
    life.plans = [replace(one, ended_on=one.ended_on or life.today) for one in life.plans]


def _claimed(life: Life) -> None:
    if row := life.any_open():
        named, until = frozenset({row.invoice_id}), life.today + days(5)
        life.claims.append(Claim(id=life.numbered(), invoices=named, claimed_on=life.today, until=until))


def _held(life: Life) -> None:
    row = life.any_open() if life.random.random() < 0.6 else None
    hold = Hold(
        id=life.numbered(),
        kind=life.random.choice(tuple(HoldKind)),
        invoice_id=row.invoice_id if row else None,
        since=life.today,
        until=life.random.choice((None, life.today, life.today + days(9))),
        reason="so",
        amount_minor=life.random.choice((None, 1_000)) if row else None,
    )
    life.holds.append(hold)


def _ended(life: Life) -> None:
    """Whatever rests is let go."""
    life.holds = [one if one.ended_on else replace(one, ended_on=life.today) for one in life.holds]
    life.bounces = [one if one.ended_on else replace(one, ended_on=life.today) for one in life.bounces]
    life.touches = [replace(one, state=TouchState.ACCEPTED) for one in life.touches]
    life.tie_outs = ()


def _telephoned(life: Life) -> None:
    """Somebody spoke with them, and noted it; without a word on which invoice."""
    touch = Touch(
        on=life.today,
        act="spoke",
        occasion=f"noted-{life.numbered()}",
        case=None,
        currency=EUR,
        channel="call",
        invoices=frozenset(),
        noted=True,
    )
    life.touches.append(touch)


def _wrote(life: Life) -> None:
    life.wrote_on = life.today


def _came_back(life: Life) -> None:
    if life.touches and life.touches[-1].channel == "email":
        last = life.touches[-1]
        bounce = Bounce(
            act=last.act,
            occasion=last.occasion,
            case=last.case,
            currency=last.currency,
            address="ap@lund.example",
            whole=True,
            on=life.today,
        )
        life.bounces.append(bounce)


def _came_of(life: Life) -> None:
    tasks = [one for one in life.touches if one.channel == "task"]
    if tasks:
        outcome = CameOf(
            task=life.numbered(),
            act=tasks[-1].act,
            occasion=tasks[-1].occasion,
            case=tasks[-1].case,
            currency=tasks[-1].currency,
            on=life.today,
            outcome=life.random.choice(tuple(OUTCOMES)),
            next_on=life.random.choice((None, life.today + days(3))),
        )
        life.came.append(outcome)


def _differs(life: Life) -> None:
    theirs = TieOut(currency=EUR, state=TieOutState.LESS, ours_minor=500_000, theirs_minor=4_000)
    life.tie_outs = (theirs,)


_EVENTS: Final[tuple[Callable[[Life], None], ...]] = (
    *(_invoiced, _paid, _credited, _undone, _voided, _prepaid),
    *(_disputed, _answered, _promised, _in_parts, _withdrawn, _claimed, _held, _ended),
    *(_telephoned, _wrote, _came_back, _came_of, _differs),
)
_WEIGHTS: Final = (24, 16, 4, 2, 2, 4, 3, 4, 6, 6, 1, 2, 2, 8, 2, 2, 1, 4, 1)
