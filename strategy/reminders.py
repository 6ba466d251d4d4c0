"""What is said about an account's overdue in one currency today, or what it waits for."""

from datetime import date

from msgspec.structs import replace

from strategy import before_action, contacts, going_live, schedule, speaking
from strategy.account import Receivable
from strategy.acts import Act
from strategy.contacts import TASK, Route
from strategy.decision import Held, Reason, TaskAsked, Touchpoint, TouchpointKind, reason
from strategy.facts.lateness import days_overdue
from strategy.holds import Coverage, hold_all
from strategy.model import Currency, Record
from strategy.promises import Verdict
from strategy.rules import Step, Verb
from strategy.schedule import Choice, History, Passed, Rung
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.touches import Touch


class Outcome(Record):
    """What came of one currency. `next_on`: the day of the next step by its schedule, or until when it is kept from its
    day, where one is known. `unheard`: nothing at all may be said of it yet, because a person looks first, or others
    hear their first word before.
    """

    touchpoints: tuple[Touchpoint, ...] = ()
    tasks: tuple[TaskAsked, ...] = ()
    held: tuple[Held, ...] = ()
    next_on: date | None = None
    unheard: bool = False


def remind(situation: Situation, coverage: Coverage) -> Outcome:
    """Say the step that is due, hand it to a person, or hold everything overdue and say until when."""
    if not coverage.overdue:
        return Outcome(held=coverage.held)
    lead = coverage.overdue[0].receivable
    history = history_of(situation, lead)
    choice = choose(situation, lead, history)
    if choice.now is None:
        return _wait_for_the_step(situation, coverage, choice)
    if review := going_live.to_review(situation, lead, first_in_case=history.first_in_case):
        return _unheard(_hand_over(situation, coverage, _occasion(situation, lead, choice.now.step), review))
    if for_people := _for_people(situation, lead, choice.now.step):
        return _hand_over(situation, coverage, _occasion(situation, lead, choice.now.step), *for_people)
    if deadline := before_action.runs(situation, choice.now.step, coverage.currency):
        return _wait(coverage, deadline[0], deadline[1])
    free = contacts.freedom(situation.account, situation.segment.contact, situation.as_of, coverage.currency)
    day = situation.days.contact_day_from(max(free.since, situation.as_of))
    if day > situation.as_of:
        why = free.why if free.why and free.since > situation.as_of else closed(situation)
        return _wait(coverage, reason("waiting", step=choice.now.step.name, until=day), day, why)
    if ramp := going_live.to_wait(situation, lead):
        first_word_on = situation.account.first_word_on
        why = reason("waiting", step=choice.now.step.name, until=first_word_on)
        return _unheard(_wait(coverage, why, first_word_on, ramp))
    return _speak(situation, coverage, choice, choice.now)


def _for_people(situation: Situation, lead: Receivable, step: Step) -> list[Reason]:
    """Why a person goes on from here. The law comes first: it is still in the way once somebody has spoken with them,
    and would be asked about as something new.
    """
    found = (before_action.bar(situation.account, step), _opens_with_final(situation, lead, step))
    return [why for why in found if why]


def _opens_with_final(situation: Situation, lead: Receivable, step: Step) -> Reason | None:
    """Why a person speaks with them first, or says what was said: a last letter, and the case has heard nothing of what
    it is about.
    """
    case, currency = situation.case_in(lead.currency), lead.currency
    if case is None or not schedule.is_final(step, situation.segment.schedule):
        return None
    for touch in situation.account.touches:
        here = (touch.currency, touch.case) == (currency, case.number) or (touch.noted and touch.on >= case.opened_on)
        if here and touch.asks and _names(touch, lead):
            return None
    return reason("opens_with_final", step=step.name)


def _names(touch: Touch, lead: Receivable) -> bool:
    """Whether it spoke of the invoice, or of no one in particular. A case goes on for what was entered late, or undone,
    and was never spoken of.
    """
    return not touch.invoices or lead.invoice_id in touch.invoices


def _broken(situation: Situation, currency: Currency) -> tuple[int, Reason] | None:
    """What was agreed in the currency and not kept, with nothing said since: how many steps to pass over, and why.

    A statement says nothing of it.
    """
    if not (situation.judged or situation.plans):
        return None
    said = (one for one in situation.account.touches if one.case is not None or (one.noted and one.asks))
    last = max((touch.on for touch in said if touch.currency == currency), default=date.min)
    for one in reversed(situation.judged):
        if one.verdict is Verdict.BROKEN and one.promise.currency == currency and one.deadline >= last:
            return 1, reason("promise_broken", promised_on=one.promise.promised_on)
    for plan in reversed(situation.plans):
        if plan.missed is not None and plan.plan.currency == currency and plan.missed.deadline >= last:
            return 0, reason("plan_not_kept", plan=plan.plan.id, due_on=plan.missed.due_on)
    return None


def history_of(situation: Situation, lead: Receivable) -> History:
    """What was said of this lead in its case, and whether anything was ever said at all."""
    account = situation.account
    case = situation.case_in(lead.currency)
    number = case.number if case else None
    here = [touch for touch in account.touches if touch.case == number and touch.currency == lead.currency]
    rejected = [one for one in account.skipped if one.case == number and one.currency == lead.currency]
    passed = [
        *(
            Passed(act=touch.act, on=touch.on, led=touch.lead == lead.invoice_id)
            for touch in here
            if lead.invoice_id in touch.invoices
        ),
        *(Passed(act=one.act, on=one.on, said=False) for one in rejected),
    ]
    broken = _broken(situation, lead.currency)
    return History(
        passed=tuple(sorted(passed, key=lambda one: one.on)),
        first_ever=not account.was_asked,
        first_in_case=not any(_names(touch, lead) for touch in here),
        resumes=broken[0] if broken and any(one.said for one in passed) else None,
    )


def choose(situation: Situation, lead: Receivable, history: History) -> Choice:
    """What the lead's ladder says for the day."""
    rungs = schedule.ladder(situation.segment.schedule, lead, history, situation.days)
    return schedule.choose(
        rungs, history, situation.days, situation.as_of, lambda step: is_eligible(situation, step, history)
    )


def closed(situation: Situation) -> Reason:
    """Why today is no day to contact them. Its `weekday` is None on a public holiday, which no choice of days opens."""
    if situation.days.is_open(situation.as_of):
        return reason("payment_run", on=situation.as_of, run=situation.account.profile.run)
    theirs = situation.days.theirs(situation.as_of)
    weekday = None if situation.days.is_holiday(situation.as_of) else f"{theirs:%A}"
    return reason("closed_day", on=situation.as_of, weekday=weekday)


def is_eligible(situation: Situation, step: Step, history: History) -> bool:
    """Whether the step may be said at all: after the one that it follows, and only while its condition is true."""
    if step.after is not None and not any(one.said and one.act == step.after for one in history.passed):
        return False
    return situation.is_meant(step.when)


def _wait_for_the_step(situation: Situation, coverage: Coverage, choice: Choice) -> Outcome:
    """Until its day, or the later one from which they may be contacted.

    `next_on` stays its own day: what a statement waits for must not change by what leaves today.
    """
    if choice.next is None or choice.next_on is None:
        return _wait(coverage, reason("schedule_ended"), None)
    on = choice.next_on
    free = contacts.freedom(situation.account, situation.segment.contact, on, coverage.currency)
    day = situation.days.contact_day_from(max(free.since, on))
    why = [free.why] if free.why and free.since > on else []
    waits = _wait(coverage, reason("waiting", step=choice.next.step.name, until=day), day, *why)
    return replace(waits, next_on=on)


def _wait(coverage: Coverage, why: Reason, until: date | None, *more: Reason) -> Outcome:
    return Outcome(held=hold_all(coverage, why, *more, until=until).held, next_on=until)


def _unheard(outcome: Outcome) -> Outcome:
    """The same, where a statement that lists it would be a word of it too."""
    return replace(outcome, unheard=True)


def _speak(situation: Situation, coverage: Coverage, choice: Choice, rung: Rung) -> Outcome:
    step, lead = rung.step, coverage.overdue[0].receivable
    occasion = _occasion(situation, lead, step)
    if step.verb in {Verb.CALL, Verb.PLACE}:
        return _ask_people(situation, coverage, occasion, step, _why(situation, choice, lead))
    contact = situation.segment.contact
    to = step.to or contact.to
    route = contacts.route(situation.account, lead, to, step.by or contact.by)
    if route is None:
        return _hand_over(situation, coverage, occasion, contacts.reaches_nobody(step.name, to))
    if route.channel == TASK:
        return _ask_people(situation, coverage, occasion, step, _why(situation, choice, lead))
    return _remind(situation, coverage, occasion, step, route, _why(situation, choice, lead))


def _remind(
    situation: Situation, coverage: Coverage, occasion: Occasion, step: Step, route: Route, why: tuple[Reason, ...]
) -> Outcome:
    content = Content(why=why, shares=coverage.overdue, coming=coverage.coming, unapplied=coverage.unapplied)
    said = speaking.touchpoint(situation, TouchpointKind.REMINDER, occasion, step, route=route, content=content)
    return Outcome(touchpoints=(said,), held=coverage.held, next_on=situation.as_of)


def _ask_people(
    situation: Situation, coverage: Coverage, occasion: Occasion, step: Step, why: tuple[Reason, ...]
) -> Outcome:
    """A step that people take: a call, a placement, or a letter that only a call can replace."""
    kind = "place" if step.verb is Verb.PLACE else "call"
    asked = speaking.task(
        situation,
        kind,
        occasion,
        who=step.who,
        what=step.what,
        content=Content(why=why, shares=coverage.overdue),
    )
    held = hold_all(coverage, reason("handed_over", step=step.name, who=step.who)).held
    return Outcome(tasks=(asked,), held=held, next_on=situation.as_of)


def _hand_over(situation: Situation, coverage: Coverage, occasion: Occasion, why: Reason, *more: Reason) -> Outcome:
    """Nothing can be said: hold everything, and ask our own people once."""
    held = hold_all(coverage, why, *more).held
    problem = Occasion(act=Act(why.code), on=occasion.on, currency=coverage.currency)
    if situation.is_done_in_case(problem.act, problem.on, problem.currency):
        return Outcome(held=held)
    asked = speaking.task(
        situation,
        why.code,
        problem,
        who="owner",
        what=occasion.act,
        content=Content(why=(why, *more), shares=coverage.overdue),
    )
    return Outcome(tasks=(asked,), held=held)


def _occasion(situation: Situation, lead: Receivable, step: Step) -> Occasion:
    """The case's number; with a count behind it where the case has heard this step before, for an earlier lead."""
    case = situation.case_in(lead.currency)
    number = case.number if case else 1
    here = (step.name, lead.currency, number)
    account = situation.account
    before = sum((touch.act, touch.currency, touch.case) == here and not touch.moved for touch in account.touches)
    before += sum((one.act, one.currency, one.case) == here for one in account.skipped)
    on = str(number) if before == 0 else f"{number}.{before + 1}"
    return Occasion(act=step.name, on=on, currency=lead.currency, case=number)


def _why(situation: Situation, choice: Choice, lead: Receivable) -> tuple[Reason, ...]:
    assert choice.now is not None  # noqa: S101 - only asked for a step that is due
    broken = _broken(situation, lead.currency)
    why = [
        reason(
            "step_due",
            step=choice.now.step.name,
            at=choice.now.step.at.text,
            since=choice.due_since,
            lead=lead.number,
            days=days_overdue(lead.due_on, situation.as_of),
        )
    ]
    if broken is not None:
        why.append(broken[1])
    if choice.superseded:
        why.append(reason("superseded", steps=", ".join(choice.superseded)))
    return (*why, *situation.placed.why)
