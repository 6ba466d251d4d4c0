"""One account on one day, everything worked out that the parts of deciding share."""

from datetime import date

from msgspec.structs import replace

from strategy import cases, conditions, payment_run, plans, promises, segments
from strategy.account import Account
from strategy.business_days import Calendar, days_ahead
from strategy.conditions import Condition, Facts
from strategy.decision import SegmentPlaced, Stage
from strategy.facts.measuring import measure
from strategy.model import Currency, Record
from strategy.plans import Judged as JudgedPlan
from strategy.promises import Judged
from strategy.rules import OwnContact, Segment, Strategy
from strategy.schedule import Days
from strategy.touches import Case

_NO_RULES = OwnContact()


class Situation(Record):
    """The account, where it stands, and by whose days it is counted. `cases` are as observed on the day."""

    account: Account
    strategy: Strategy
    as_of: date
    judged: tuple[Judged, ...]
    plans: tuple[JudgedPlan, ...]
    facts: Facts
    segment: Segment
    placed: SegmentPlaced
    cases: tuple[Case, ...]
    days: Days
    stage: Stage

    def case_in(self, currency: Currency) -> Case | None:
        """The open case in a currency."""
        return cases.open_case(self.cases, currency)

    def is_done(self, act: str, occasion: str, currency: Currency) -> bool:
        """Whether our own people were already asked about what has a number of its own, by whichever account."""
        return self.is_done_in_case(act, occasion, currency) or (act, occasion, currency) in self.account.done_before

    def is_done_in_case(self, act: str, occasion: str, currency: Currency) -> bool:
        """Whether they were asked on an occasion that the account itself counts, as its cases are counted."""
        return (act, occasion, currency) in self.account.done

    def is_meant(self, when: Condition | None) -> bool:
        """Whether the account is one for which a step, a statement or thanks are: the condition is true, or there is
        none.
        """
        return when is None or conditions.truth(when, self.facts) is True


def situate(account: Account, strategy: Strategy, calendar: Calendar, as_of: date) -> Situation:
    """Observe the account's cases, measure it, place it in a segment.

    Measured by its cases as they are today: one that opens or ends today does so before it was stored, too.
    """
    observed = cases.observe(account, as_of)
    if observed != account.cases:
        account = replace(account, cases=observed)
    judged = promises.judge(account, strategy.holds.promise, calendar, as_of)
    planned = plans.judge(account, strategy, calendar, as_of)
    measured = measure(
        account,
        judged,
        as_of,
        planned=any(one.rests for one in planned),
        language=strategy.languages.of(account.country, account.language),
    )
    segment, placed = segments.place(account, measured, strategy, as_of)
    if account.profile.contact != _NO_RULES:
        segment = replace(segment, contact=account.profile.contact.over(segment.contact))
    ahead = days_ahead(account.ledger.time_zone, account.time_zone, as_of.year)
    return Situation(
        account=account,
        strategy=strategy,
        as_of=as_of,
        judged=judged,
        plans=planned,
        facts=measured,
        segment=segment,
        placed=placed,
        cases=observed,
        days=Days(
            calendar=calendar,
            place=account.place,
            contact=segment.contact,
            ahead=ahead,
            run=payment_run.of(account.profile),
        ),
        stage=_stage(account, segment, observed),
    )


def _stage(account: Account, segment: Segment, observed: tuple[Case, ...]) -> Stage:
    """Escalated once an open case was handed to people: a call, or a placement."""
    open_cases = {(case.currency, case.number) for case in cases.own_open(observed)}
    if not open_cases:
        return Stage.CURRENT
    handing = segment.schedule.handing
    handed = any(touch.act in handing and (touch.currency, touch.case) in open_cases for touch in account.touches)
    return Stage.ESCALATED if handed else Stage.OVERDUE
