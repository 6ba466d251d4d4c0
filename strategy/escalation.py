"""Handing over to people: triggers that became true, and steps that tell our own people.

A trigger fires once when it becomes true, and again only after it was false. Neither notices nor tasks are contacts
with the customer, so no gap, cap or approval holds them back.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from strategy import acts, agencies, conditions, reminders, schedule, segments, speaking
from strategy.account import Account, Receivable, Told
from strategy.conditions import Facts
from strategy.contacts import Route
from strategy.decision import (
    EndHeard,
    Fact,
    Reason,
    TaskAsked,
    Touchpoint,
    TouchpointKind,
    TriggerFired,
    reason,
)
from strategy.holds import Coverage, latest
from strategy.model import Currency, Record
from strategy.rules import Anchor, At, Step, Trigger, Verb
from strategy.schedule import History
from strategy.situation import Situation
from strategy.speaking import Content, Occasion
from strategy.text.grammar.facts import OUTCOME

NOTICE_LETTER = "notice"
_NOW = At(anchor=Anchor.STEP, offset=0, text="when it became true")


class Escalated(Record):
    """What goes to people. `true_now`: names of all triggers that hold, fired today or before."""

    true_now: frozenset[str] = frozenset()
    fired: tuple[TriggerFired, ...] = ()
    left_behind: tuple[Told, ...] = ()
    end_heard: tuple[EndHeard, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    tasks: tuple[TaskAsked, ...] = ()


def escalate(situation: Situation, coverages: tuple[Coverage, ...], to_call: tuple[Coverage, ...]) -> Escalated:
    """Everything that our own people are told or asked today. `to_call`: what whoever is to call again may ask for."""
    facts = situation.facts
    true_now = [trigger for trigger in situation.strategy.triggers if _holds(situation, trigger)]
    new = [
        (trigger, _because(trigger, facts))
        for trigger in true_now
        if trigger.name not in situation.account.triggers_true
    ]
    left_behind = tuple(_left_behind(situation))
    made = [
        *(_for_trigger(situation, trigger, why, coverages) for trigger, why in new),
        *_released(situation, true_now, coverages),
        *(_release(situation, one, coverages) for one in left_behind),
        *_for_steps(situation, coverages),
        *_once_more(situation, to_call),
        *agencies.tell(situation),
    ]
    return Escalated(
        true_now=frozenset(trigger.name for trigger in true_now),
        fired=tuple(TriggerFired(name=trigger.name, why=why, told=_hears_the_end(trigger)) for trigger, why in new),
        left_behind=left_behind,
        end_heard=tuple(_end_heard(situation.account, true_now)),
        touchpoints=tuple(one for one in made if isinstance(one, Touchpoint)),
        tasks=tuple(one for one in made if isinstance(one, TaskAsked)),
    )


def _hears_the_end(trigger: Trigger) -> str | None:
    return trigger.what if trigger.over else None


def _end_heard(account: Account, true_now: Sequence[Trigger]) -> Iterator[EndHeard]:
    """Of what held before, where the strategy now has somebody else hear its end, or that was not kept yet."""
    kept = {one.trigger: one.role for one in account.told if one.customer_id == account.customer.id}
    for trigger in true_now:
        role = _hears_the_end(trigger)
        if trigger.name in account.triggers_true and kept.get(trigger.name) != role:
            yield EndHeard(trigger=trigger.name, role=role)


def _holds(situation: Situation, trigger: Trigger) -> bool:
    """Whether it is true. What was so is not over because something is not known any more, but what came of a step is
    over with its case.
    """
    truth = conditions.truth(trigger.when, situation.facts)
    if truth is None and trigger.name in situation.account.triggers_true:
        return conditions.truth(trigger.when, _where_nothing_came(trigger, situation.facts)) is not False
    return truth is True


def _where_nothing_came(trigger: Trigger, facts: Facts) -> Facts:
    """The same, and of steps of which no outcome is known that there is none."""
    asked = (test.fact for test in conditions.every_test(trigger.when.root))
    none = {fact: () for fact in asked if fact.endswith(f".{OUTCOME}")}
    return replace(facts, words={**none, **facts.words})


def _released(
    situation: Situation, true_now: Sequence[Trigger], coverages: tuple[Coverage, ...]
) -> Iterator[Touchpoint | TaskAsked]:
    """Who was told that a trigger became true hears that it is over."""
    for trigger in situation.strategy.triggers:
        if trigger.over and trigger not in true_now and trigger.name in situation.account.triggers_true:
            why = reason("trigger_over", trigger=trigger.name, condition=trigger.when.text)
            yield _for_trigger(situation, trigger, (why,), coverages, over=True)


def _left_behind(situation: Situation) -> Iterator[Told]:
    """What nobody decides any more: the trigger was taken out of the strategy, or its customer is another's part."""
    decided = {trigger.name for trigger in situation.strategy.triggers}
    for one in situation.account.told:
        if one.trigger not in decided or one.customer_id != situation.account.customer.id:
            yield one


def _release(situation: Situation, one: Told, coverages: tuple[Coverage, ...]) -> Touchpoint | TaskAsked:
    """Whoever was told of it hears that it is over, also where the strategy no longer says whom it told."""
    on, why = _crossing(one.fired, over=True), reason("trigger_gone", trigger=one.trigger)
    if one.customer_id != situation.account.customer.id:
        on, why = f"{on}-{one.customer_id}", reason("trigger_moved", trigger=one.trigger, customer=one.customer_name)
    occasion = Occasion(act=acts.of_trigger(one.trigger), on=on, currency=_largest(situation, coverages))
    step = Step(name=one.trigger, at=_NOW, verb=Verb.NOTIFY, what=one.role, line=0)
    return _tell_or_ask(situation, occasion, step, (why,))


def _because(trigger: Trigger, facts: Facts) -> tuple[Reason, ...]:
    verdict = conditions.decide(trigger.when, facts)
    return (reason("trigger", trigger=trigger.name, condition=trigger.when.text), *segments.because(verdict))


def _for_trigger(
    situation: Situation,
    trigger: Trigger,
    why: tuple[Reason, ...],
    coverages: tuple[Coverage, ...],
    *,
    over: bool = False,
) -> Touchpoint | TaskAsked:
    fired = situation.account.trigger_counts.get(trigger.name, 0)
    occasion = Occasion(
        act=acts.of_trigger(trigger.name),
        on=_crossing(fired, over=over),
        currency=_largest(situation, coverages),
    )
    step = Step(name=trigger.name, at=_NOW, verb=trigger.verb, what=trigger.what, who=trigger.who, line=trigger.line)
    return _tell_or_ask(situation, occasion, step, why)


def _crossing(fired: int, *, over: bool) -> str:
    """How often it has become true, or that it is over, on an occasion that no case of a step of its name has."""
    return f"trigger-{fired}-over" if over else f"trigger-{fired + 1}"


def _for_steps(situation: Situation, coverages: tuple[Coverage, ...]) -> Iterator[Touchpoint | TaskAsked]:
    """Steps that notify are said once per case, when they have come for the lead."""
    for coverage in coverages:
        for step in situation.segment.schedule.notices if coverage.overdue else ():
            occasion, lead = _of_the_case(situation, step, coverage.currency), coverage.overdue[0].receivable
            if not is_told(situation, step, coverage.currency) and _has_come(situation, step, lead):
                facts: dict[str, Fact] = {"step": step.name, "at": step.at.text, "lead": lead.number}
                yield _tell_or_ask(situation, occasion, step, (Reason(code="notify_due", facts=facts),))


def is_told(situation: Situation, step: Step, currency: Currency) -> bool:
    """Whether our own people heard of a step that notifies in the open case."""
    occasion = _of_the_case(situation, step, currency)
    return situation.is_done_in_case(occasion.act, occasion.on, occasion.currency)


def _of_the_case(situation: Situation, step: Step, currency: Currency) -> Occasion:
    case = situation.case_in(currency)
    return Occasion(act=step.name, on=str(case.number if case else ""), currency=currency)


def comes_on(situation: Situation, step: Step, lead: Receivable, history: History) -> date | None:
    """The day on which our own people hear of a lead by a step, which may be a Sunday: it is no contact. None while the
    step that it counts from has not been said.
    """
    return schedule.day_of(step, lead, history, situation.days)


def _has_come(situation: Situation, step: Step, lead: Receivable) -> bool:
    """Whether its day has, and what it waits for: a step before it, or its condition."""
    history = reminders.history_of(situation, lead)
    day = comes_on(situation, step, lead, history)
    return day is not None and day <= situation.as_of and reminders.is_eligible(situation, step, history)


def _once_more(situation: Situation, coverages: tuple[Coverage, ...]) -> Iterator[TaskAsked]:
    """What a person said is to be done again on a day, from then on as soon as something may be asked for."""
    askable = {one.currency: one for one in coverages if one.overdue}
    for one in latest(situation.account.came):
        case, coverage = situation.case_in(one.currency), askable.get(one.currency)
        if one.next_on is None or one.next_on > situation.as_of or coverage is None:
            continue
        occasion = Occasion(act=one.act, on=f"{one.case}+{one.task}", currency=one.currency, case=one.case)
        if case and case.has(one) and not situation.is_done(occasion.act, occasion.on, occasion.currency):
            outcome = one.outcome.replace("_", " ")
            why = reason("call_again", step=one.act, outcome=outcome, on=one.on, next_on=one.next_on)
            content = Content(why=(why,), shares=coverage.overdue)
            yield speaking.task(situation, "call", occasion, who=one.who, what=one.what, content=content)


def _tell_or_ask(
    situation: Situation, occasion: Occasion, step: Step, why: tuple[Reason, ...]
) -> Touchpoint | TaskAsked:
    """A notice to the role that the step names, or a task where it asks for work or the role has no address."""
    content = Content(why=why, shares=speaking.all_overdue(situation, occasion.currency))
    address = _address(situation.account, step.what) if step.verb is Verb.NOTIFY else None
    if address is None:
        kind = "call" if step.verb is Verb.CALL else "look"
        who, what = (step.what, "") if step.verb is Verb.NOTIFY else (step.who, step.what)
        return speaking.task(situation, kind, occasion, who=who, what=what, content=content)
    letter = Step(name=step.name, at=step.at, verb=Verb.SAY, what=NOTICE_LETTER, line=step.line)
    route = Route(channel="email", role=step.what, name="", to=(address,))
    return speaking.touchpoint(situation, TouchpointKind.NOTICE, occasion, letter, route=route, content=content)


def _address(account: Account, role: str) -> str | None:
    """The account's own person for the role, else the ledger's."""
    own = account.profile.owner if role == "owner" else None
    return own or account.ledger.people.get(role)


def _largest(situation: Situation, coverages: tuple[Coverage, ...]) -> Currency:
    """The currency whose overdue has the largest figure: which table to show, no more; values are not compared."""
    overdue = {
        one.currency: sum(s.amount_minor for s in speaking.all_overdue(situation, one.currency)) for one in coverages
    }
    return max(overdue, key=lambda currency: overdue[currency], default=situation.account.ledger.company.base_currency)
