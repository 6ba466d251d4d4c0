"""Why something that was expected was not said on a day: the first law that stopped it, and those it stands on.

The laws are asked in the order in which deciding asks them: whether anything of the invoice may be asked for at all,
whether the account has such a step, whether it was said or has passed, whether its day has come, whether it may be
said, whether another was due, and whether the account might be contacted.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from strategy import conditions, contacts, early, escalation, plan, reminders, schedule, segments, situation
from strategy.account import Account, Receivable
from strategy.business_days import Calendar
from strategy.decision import Decision, Held, Reason, TaskAsked, Touchpoint, reason
from strategy.holds import Coverage, Share
from strategy.model import Record
from strategy.rules import Missed, Step, Strategy
from strategy.schedule import History
from strategy.situation import Situation
from strategy.telling import holding, noticing, speaking, working
from strategy.touches import Touch

CONTACT: Final = "contact"
"""Whoever expects a contact expects any step."""


class Answer(Record):
    """What was decided instead: `said` is that what was expected was decided after all, `laws` why not, first first."""

    said: Touchpoint | TaskAsked | None = None
    laws: tuple[Reason, ...] = ()


def steps(strategy: Strategy, expected: str) -> frozenset[str]:
    """The steps that are meant: of this name, or with a letter of this name, or any; none where there is no such."""
    every = [*strategy.schedules, *([strategy.plan.schedule] if strategy.plan.schedule else [])]
    found = [step for each in every for step in each.steps]
    named = frozenset(step.name for step in found if expected in {CONTACT, step.name})
    return named or frozenset(step.name for step in found if step.what == expected)


def why_not(
    account: Account, strategy: Strategy, calendar: Calendar, decision: Decision, row: Receivable, expected: str
) -> Answer:
    """Why nothing of what is expected (a step, a letter or CONTACT) is decided of an invoice on the decision's day."""
    wanted = steps(strategy, expected)
    if said := next((one for one in _decided(decision, row) if one.act in wanted), None):
        return Answer(said=said)
    here = situation.situate(account, strategy, calendar, decision.as_of)
    laws = _once(_laws(here, decision, row, None if expected == CONTACT else wanted))
    instead = (reason("said_instead", step=expected, other=one.step) for one, _ in speaking(decision, row.invoice_id))
    return Answer(laws=laws or tuple(instead))


def _once(laws: Iterable[Reason]) -> tuple[Reason, ...]:
    found = [*laws]
    return tuple(one for n, one in enumerate(found) if one not in found[:n])


def _decided(decision: Decision, row: Receivable) -> Iterator[Touchpoint | TaskAsked]:
    """Whatever is said or given to people because of the invoice."""
    yield from (one for one, _ in speaking(decision, row.invoice_id))
    yield from noticing(decision, row.invoice_id)
    yield from working(decision, row.invoice_id)


def _laws(here: Situation, decision: Decision, row: Receivable, wanted: Collection[str] | None) -> Iterator[Reason]:
    """`wanted` None: any step."""
    held = _reasons(holding(decision, row.invoice_id))
    covered = plan.cover(here)
    coverage = next(one for one in covered.coverages if one.currency == row.currency)
    share = next((one for one in (*coverage.overdue, *coverage.coming) if one.receivable == row), None)
    if share is None:
        yield from _reasons(one for one in coverage.held if one.invoice_id == row.invoice_id)
        return
    if wanted is None:
        yield from held
        return
    mine = [step for step in here.segment.schedule.steps if step.name in wanted]
    if not mine:
        yield from _elsewhere(here, wanted)
        return
    for step in mine:
        if step.is_nudge or step.is_receipt:
            yield from _ahead(here, coverage, share, step, folded=covered.folded)
            continue
        lead = _lead(here, coverage, row, step)
        why = [*(_told(here, lead, step) if step.is_notice else _on_the_ladder(here, decision, lead, step))]
        yield from why
        if why and lead != row:
            yield reason("lead", lead=lead.number, due_on=lead.due_on)
    yield from held


def _reasons(held: Iterable[Held]) -> list[Reason]:
    """Why an invoice is held: first its last part, which no reason of its own sets aside. In each, what only waits for
    its day stands behind the rest.
    """
    parts = (sorted(one.reasons, key=lambda why: why.code in {"waiting", "not_due"}) for one in reversed([*held]))
    return [why for part in parts for why in part]


def _elsewhere(here: Situation, wanted: Collection[str]) -> Iterator[Reason]:
    """No step of the account's segment."""
    having = [one.name for one in here.strategy.segments if any(step.name in wanted for step in one.schedule.steps)]
    listed = ", ".join(f'"{name}"' for name in having) or "none"
    yield reason("no_such_step", step=", ".join(sorted(wanted)), segment=here.segment.name, segments=listed)
    yield from here.placed.why


def _lead(here: Situation, coverage: Coverage, row: Receivable, step: Step) -> Receivable:
    """By whose ladder the step comes to an invoice: that of the oldest that may be asked for. Where nothing is overdue,
    the first of those to come whose step names it, which it does once it is overdue itself; at last its own.
    """
    if coverage.overdue:
        return coverage.overdue[0].receivable
    older = [one.receivable for one in coverage.coming if one.receivable.due_on < row.due_on]
    return next((one for one in older if (day := _comes_on(here, one, step)) and day > row.due_on), row)


def _comes_on(here: Situation, lead: Receivable, step: Step) -> date | None:
    """The first day of a step by the ladder of an invoice; None where it has none."""
    history = reminders.history_of(here, lead)
    if step.is_notice:
        return escalation.comes_on(here, step, lead, history)
    return next(_days(here, lead, step, history), None)


def _days(here: Situation, lead: Receivable, step: Step, history: History) -> Iterator[date]:
    """The days on which a step is still to come."""
    rungs = schedule.ladder(here.segment.schedule, lead, history, here.days)
    open_rungs = schedule.still_to_come(
        rungs, history, here.days, lambda one: reminders.is_eligible(here, one, history)
    )
    return (day for rung, day in open_rungs if rung.step.name == step.name)


def _on_the_ladder(here: Situation, decision: Decision, lead: Receivable, step: Step) -> Iterator[Reason]:
    """`lead` as in `_lead`."""
    history = reminders.history_of(here, lead)
    day = next(_days(here, lead, step, history), None)
    if day is None:
        yield from _passed(here, lead, step)
    elif day > here.as_of:
        yield reason("step_ahead", step=step.name, at=step.at.text, day=day)
    elif not reminders.is_eligible(here, step, history):
        yield from _not_eligible(here, step)
    else:
        due = reminders.choose(here, lead, history).now
        if due is not None and due.step.name != step.name:
            yield reason("another_step", step=step.name, due=due.step.name, rule=_rule(here, history, step))
        yield from _reasons(holding(decision, lead.invoice_id))


def _told(here: Situation, lead: Receivable, step: Step) -> Iterator[Reason]:
    """What our own people hear, of which no gap and no weekend keeps anything back."""
    history = reminders.history_of(here, lead)
    day = escalation.comes_on(here, step, lead, history)
    if escalation.is_told(here, step, lead.currency):
        yield reason("told_before", step=step.name)
    elif day is None:
        yield reason("counts_from", step=step.name, at=step.at.text, other=step.at.step)
    elif day > here.as_of:
        yield reason("step_ahead", step=step.name, at=step.at.text, day=day)
    elif not reminders.is_eligible(here, step, history):
        yield from _not_eligible(here, step)


def _passed(here: Situation, lead: Receivable, step: Step) -> Iterator[Reason]:
    """Said before, skipped, or behind something that was said; or it counts from what was not said."""
    history = reminders.history_of(here, lead)
    same = [one for one in history.passed if one.act == step.name]
    if not same and schedule.day_of(step, lead, history, here.days) is None:
        yield reason("counts_from", step=step.name, at=step.at.text, other=step.at.step)
    elif history.passed:
        last = (same or history.passed)[-1]
        yield from _behind(step, last.act, last.on, said=last.said)


def _behind(step: Step, act: str, on: date, *, said: bool) -> Iterator[Reason]:
    """It was said, or a person rejected it; or one after it was, and then also that it was rejected."""
    if act != step.name:
        yield reason("step_passed", step=step.name, other=act, on=on)
    if not said:
        yield reason("skipped_before", step=act, on=on)
    elif act == step.name:
        yield reason("said_before", step=act, on=on)


def _not_eligible(here: Situation, step: Step) -> Iterator[Reason]:
    if step.when is not None and not here.is_meant(step.when):
        yield reason("when_not_true", step=step.name, condition=step.when.text)
        yield from segments.because(conditions.decide(step.when, here.facts))
    else:
        yield reason("needs_step", step=step.name, other=step.after)


def _rule(here: Situation, history: History, step: Step) -> str:
    """Which of several steps that are due is said."""
    if history.first_ever:
        return "the first word that an account ever hears is the first step"
    if here.segment.contact.missed is Missed.SEQUENCE:
        return "of several that are due, each is said in its turn"
    if history.resumes is not None:
        return "after what was agreed and not kept, the tone rises by a step"
    if history.first_in_case and not schedule.is_gentle(step):
        return "no case begins with what a person has to take or to approve"
    return "of several that are due, the latest is said"


def _ahead(here: Situation, coverage: Coverage, share: Share, step: Step, *, folded: bool) -> Iterator[Reason]:
    """Steps ahead of the due date, and questions whether it arrived."""
    row, at, as_of = share.receivable, step.at.text, here.as_of
    before, day = early.passed_by(here, step, row), early.day_of(here, step, row)
    if before is not None and (before.act == step.name or row.due_on >= as_of):
        yield from _behind(step, before.act, before.on, said=isinstance(before, Touch))
    elif row.due_on < as_of:
        yield reason("step_behind", step=step.name, at=at, due_on=row.due_on)
    elif day > as_of:
        yield reason("step_ahead", step=step.name, at=at, day=day)
    elif folded:
        yield reason("folded")
    elif not here.is_meant(step.when):
        yield from _not_eligible(here, step)
    elif not early.is_due(here, step, share):
        yield reason("receipt_late", step=step.name, at=at, days=early.LATE.days)
    if day <= as_of:
        yield from _no_contact(here, row)
    due = early.due(here, step, coverage.coming)
    if share in due and not folded:
        yield from _unsaid(here, coverage, step, due)


def _unsaid(here: Situation, coverage: Coverage, step: Step, due: Sequence[Share]) -> Iterator[Reason]:
    """It is due of these, and asks for too little, reaches nobody, or another step goes before it."""
    first = early.speak_early(here, coverage, folded=False).touchpoint
    said = early.say(here, coverage, step, due)
    if isinstance(said, Reason):
        yield said
    elif first is not None and first.step != step.name:
        yield reason("other_first", step=step.name, other=first.step)


def _no_contact(here: Situation, row: Receivable) -> Iterator[Reason]:
    free = contacts.freedom(here.account, here.segment.contact, here.as_of, row.currency)
    if free.why is not None and free.since > here.as_of:
        yield free.why
    elif not here.days.may_contact(here.as_of):
        yield reminders.closed(here)
