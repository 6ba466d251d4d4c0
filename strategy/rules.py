"""A strategy as records: what `text` makes of a consultant's file, every inheritance resolved, ready to decide with.

`strategy-text` names become fields here one for one; whoever reads a strategy aloud finds the same words.
Conditions are trees of `conditions`; amounts are minor units per currency, one figure each, nothing converted.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property

from strategy.conditions import Condition
from strategy.model import Currency, Record

Amount = Mapping[Currency, int]
"""A named sum: one figure per currency, in minor units. A currency without a figure is unknown, not zero."""


class Anchor(StrEnum):
    """What a step counts its days from."""

    DUE = "due"
    INVOICED = "invoiced"
    MONTH_START = "month start"
    MONTH_END = "month end"
    STEP = "step"


class At(Record):
    """When a step is due: `offset` days from the anchor, business days where `business`.

    `step` names the step when the anchor is STEP. `every` and `times`: said again every so many days, so many times
    in all; 0 and 1 where it is said once. `text` is what was written.
    """

    anchor: Anchor
    offset: int
    business: bool = False
    step: str | None = None
    every: int = 0
    times: int = 1
    text: str


class Verb(StrEnum):
    """What a step does. Exactly one per step."""

    SAY = "say"
    CALL = "call"
    NOTIFY = "notify"
    PLACE = "place"


class Step(Record):
    """One step of a schedule. `what` is the letter, call script, role or agency that the verb names.

    `to` and `by` are None where the segment's contact rules apply. `after`: only once that step was said in the case.
    `when`: only while true; None is always. `who` is the role of ours that a call task goes to. `deadline`: a letter
    before action, which gives so many days; `lawful` are countries in which somebody has seen that it is what the law
    asks. `file` and `line` say where it was written, which may be in a schedule it was taken over from, or in an
    inherited file.
    """

    name: str
    at: At
    verb: Verb
    what: str
    attach: tuple[str, ...] = ()
    to: tuple[str, ...] | None = None
    by: tuple[str, ...] | None = None
    approve: bool = False
    after: str | None = None
    when: Condition | None = None
    who: str = "owner"
    deadline: int | None = None
    lawful: tuple[str, ...] = ()
    file: str = ""
    line: int

    @property
    def is_nudge(self) -> bool:
        """Said before anything is overdue, or on the due date."""
        return self.verb is not Verb.NOTIFY and self.at.anchor is Anchor.DUE and self.at.offset <= 0

    @property
    def is_receipt(self) -> bool:
        """Said of an invoice because it was sent, not because it is owed."""
        return self.verb is not Verb.NOTIFY and self.at.anchor is Anchor.INVOICED

    @property
    def is_notice(self) -> bool:
        """Said to our own people: no contact with the customer, so no rung of the ladder."""
        return self.verb is Verb.NOTIFY


class Schedule(Record, dict=True, gc=True):
    """The steps of a segment, in the order written (those of `like` first)."""

    name: str
    steps: tuple[Step, ...]

    @cached_property
    def nudges(self) -> tuple[Step, ...]:
        """What is said before anything is overdue."""
        return tuple(step for step in self.steps if step.is_nudge)

    @cached_property
    def receipts(self) -> tuple[Step, ...]:
        """What is said because an invoice was sent."""
        return tuple(step for step in self.steps if step.is_receipt)

    @cached_property
    def notices(self) -> tuple[Step, ...]:
        """What our own people are told."""
        return tuple(step for step in self.steps if step.is_notice)

    @cached_property
    def handing(self) -> frozenset[str]:
        """The names of steps that hand a case to people: calls and placements."""
        return frozenset(step.name for step in self.steps if step.verb in {Verb.CALL, Verb.PLACE})

    @cached_property
    def rungs(self) -> tuple[Step, ...]:
        """The steps of the ladder: all others, those that wait for another behind it. None waits for itself: `check`
        refuses that.
        """
        steps = {step.name: step for step in self.steps if not (step.is_nudge or step.is_receipt or step.is_notice)}

        def waits(step: Step) -> int:
            return max((1 + waits(steps[name]) for name in (step.at.step, step.after) if name in steps), default=0)

        return tuple(sorted(steps.values(), key=waits))


class Missed(StrEnum):
    """Several steps due at once: say only the latest, or go through them in sequence."""

    LATEST = "latest"
    SEQUENCE = "sequence"


class Most(Record):
    """At most so many contacts in any run of so many days."""

    contacts: int
    days: int


class Contact(Record):
    """When, how often and to whom. `days`: weekdays, Monday is 0. `opens` and `closes`: minutes after the customer's
    midnight, closing excluded. `gap`: whole days between two contacts with one account, whatever their source.
    `run`: where the customer pays on set days, contacts fall on so many contact days before one; None is any day.
    """

    days: frozenset[int]
    opens: int
    closes: int
    gap: int
    most: Most | None
    to: tuple[str, ...]
    by: tuple[str, ...]
    missed: Missed
    run: int | None = None


class OwnContact(Record):
    """What one account's profile says otherwise than its segment; None where it says nothing."""

    days: frozenset[int] | None = None
    hours: tuple[int, int] | None = None
    gap: int | None = None
    to: tuple[str, ...] | None = None
    by: tuple[str, ...] | None = None
    most: Most | None = None
    missed: Missed | None = None

    def over(self, contact: Contact) -> Contact:
        """The segment's rules with what the account says otherwise."""
        opens, closes = self.hours or (contact.opens, contact.closes)
        return Contact(
            days=contact.days if self.days is None else self.days,
            opens=opens,
            closes=closes,
            gap=contact.gap if self.gap is None else self.gap,
            most=contact.most if self.most is None else self.most,
            to=self.to or contact.to,
            by=self.by or contact.by,
            missed=contact.missed if self.missed is None else self.missed,
            run=contact.run,
        )


class DisputeStops(StrEnum):
    """What an open dispute stops: its part, its invoice, or the customer."""

    PART = "part"
    INVOICE = "invoice"
    CUSTOMER = "customer"


class PromiseRule(Record):
    """How promises are judged: `grace` business days, `tolerance` a share of the amount in basis points, and at most
    `times` promises holding in any `in_days` days.
    """

    grace: int
    tolerance_bp: int
    times: int
    in_days: int


class Less(StrEnum):
    """Which instalments of a plan shrink where the books ask for less than was agreed: the last, or all."""

    LAST = "last"
    ALL = "all"


class PlanRule(Record):
    """What payment plans may be, and when they end. `deposit_bp` is a share of the whole in basis points, at least;
    `length` the days from today to the last instalment, at most; `least` an instalment, at least; `most` what may be
    planned in all (None: anything). `after_broken`: days after a broken promise in which none is made. `cure`: business
    days after an instalment's day; `missed` of them in a row beyond that end the plan. `accelerate`: then all of it is
    asked for, else what was missed. `schedule` has the steps by which instalments are spoken of, None: they are not.
    """

    deposit_bp: int
    length: int
    least: Amount
    most: Amount | None
    after_broken: int
    cure: int
    missed: int
    accelerate: bool
    less: Less
    schedule: Schedule | None


class Holds(Record):
    """The measures of the holds, which are always on. `answer`, `reply` and `books` are business days, `claim` those of
    the calendar. `minimum` has no figures where none was set: then anything above nothing is asked for.
    """

    minimum: Amount
    dispute: DisputeStops
    answer: int
    promise: PromiseRule
    reply: int
    books: int
    claim: int


class StatementRule(Record):
    """When a statement is due each month, and for whom; `when` None is every account with something open."""

    on: At
    when: Condition | None


class Segment(Record):
    """Accounts treated alike. `when` is None for the last one. `stay` replaces `when` while the account is here;
    `dwell` days must pass before another segment may take it. `contact` has the segment's own values already merged;
    so has `plan`, by which plans are made here (None: as everywhere; plans are kept by one rule for all).
    """

    name: str
    when: Condition | None
    stay: Condition | None
    dwell: int
    schedule: Schedule
    contact: Contact
    statement: StatementRule | None
    plan: PlanRule | None = None
    file: str = ""
    line: int


class Trigger(Record):
    """Fires once when `when` becomes true, and again only after it was false. `over`: who was told hears then, too."""

    name: str
    when: Condition
    verb: Verb
    what: str
    who: str = "owner"
    over: bool = False
    file: str = ""
    line: int


class Languages(Record):
    """The language of a letter by the customer's country; the customer's own setting wins over both."""

    default: str
    by_country: Mapping[str, str]

    def of(self, country: str | None, own: str | None) -> str:
        """The language to write in, as the name of a folder of letters."""
        return own or self.by_country.get(country or "", self.default)


class ThanksRule(Record):
    """The letter that is said once a case was paid, and for whom; `when` None is everybody."""

    say: str
    when: Condition | None
    file: str = ""
    line: int


class Start(Record):
    """Going live: nothing is said before `on`; `ramp` accounts a day hear their first word; what is overdue for more
    than `review` days is looked at by a person first. None is no such rule.
    """

    on: date | None = None
    ramp: int | None = None
    review: int | None = None


class Strategy(Record):
    """A whole strategy. `version` is a hash of all its rules, however and wherever written; letters excluded.

    `schedules` are all that the text names, used or not; segments carry theirs.
    """

    name: str
    version: str
    languages: Languages
    amounts: Mapping[str, Amount]
    contact: Contact
    holds: Holds
    schedules: tuple[Schedule, ...]
    segments: tuple[Segment, ...]
    triggers: tuple[Trigger, ...]
    statement: StatementRule | None
    plan: PlanRule
    start: Start = Start()
    thanks: ThanksRule | None = None
