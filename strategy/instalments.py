"""Speaking of instalments: while a payment plan is kept, they are all that is asked for of its invoices.

Of the first instalment that has not come and may be asked for, the latest step of the plan's schedule that is due and
was not said. It asks for what should have come with it, from the oldest invoices. Gap, cap and contact days hold as for
everything else, and on a day on which something else is said, or can be, instalments wait.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

import msgspec

from strategy import contacts, schedule, speaking
from strategy.acts import Act
from strategy.decision import Fact, Held, Reason, TaskAsked, Touchpoint, TouchpointKind, reason
from strategy.holds import CREDIT_COVERS, PLANNED, Coverage, Share, use_credit
from strategy.model import InvoiceId, Record
from strategy.plans import Instalment, Judged
from strategy.rules import Step
from strategy.situation import Situation
from strategy.speaking import Content, Occasion


class Spoken(Record):
    """What is said of instalments, what our own people are asked because it cannot be, and what remains held."""

    touchpoints: tuple[Touchpoint, ...]
    held: tuple[Held, ...]
    tasks: tuple[TaskAsked, ...] = ()


class _Known(Record):
    """What everything is put together from: what is held, what of it each plan holds, by its number and with the oldest
    invoice first, and by occasion the steps that were said or rejected.
    """

    held: tuple[Held, ...]
    planned: Mapping[Fact, Sequence[Share]]
    passed: Mapping[str, AbstractSet[str]]


def speak(situation: Situation, coverages: Sequence[Coverage], held: tuple[Held, ...]) -> Spoken:
    """At most one message, and every task; what a message asks for is no longer held. `held` is everything that is."""
    tasks: list[TaskAsked] = []
    resting = [one for one in situation.plans if one.rests]
    free = [one for one in coverages if _is_free(situation, one)] if resting else []
    known = _known(situation, held) if free else None
    for judged, coverage in product(resting, free):
        if known is not None and coverage.currency == judged.plan.currency:
            spoken = _of_plan(situation, judged, coverage, known)
            tasks += spoken.tasks
            if spoken.touchpoints:
                return msgspec.structs.replace(spoken, tasks=tuple(tasks))
    return Spoken(touchpoints=(), held=held, tasks=tuple(tasks))


def use_credit_left(situation: Situation, coverages: Sequence[Coverage], held: tuple[Held, ...]) -> tuple[Held, ...]:
    """What is held, with instalments that are due held by the credit that covers them and nothing else has used."""
    resting = [one for one in situation.plans if one.rests]
    credited = {one.currency: one for one in coverages if one.unapplied} if resting else {}
    left = {
        currency: sum(item.amount_minor for item in one.unapplied) - _covered(one, held)
        for currency, one in credited.items()
    }
    planned = _planned(situation, held) if credited else {}
    taken: dict[tuple[Fact, InvoiceId], int] = {}
    covered: list[Held] = []
    for judged in (one for one in resting if one.plan.currency in credited):
        currency = judged.plan.currency
        due = sum(one.left_minor for one in judged.instalments if one.due_on <= situation.as_of)
        shares = tuple(_shares(planned.get(judged.plan.id, ()), due))
        _, used, left[currency] = use_credit(shares, credited[currency].unapplied, left[currency])
        taken |= {(judged.plan.id, one.invoice_id): one.amount_minor for one in used}
        covered += used
    return (*_without(held, taken), *covered) if covered else held


def credit_left(situation: Situation, coverage: Coverage) -> int:
    """What remains of credit for what is coming: instalments that are due have it before."""
    held = use_credit_left(situation, [coverage], coverage.held)
    return coverage.credit_left_minor - _covered(coverage, held) + _covered(coverage, coverage.held)


def occasion(judged: Judged, instalment: Instalment) -> str:
    """What a message about an instalment is about, as the outbox key has it."""
    return f"plan-{judged.plan.id}.{instalment.number}"


def spoken_of(plans: Sequence[Judged], on: str) -> tuple[Judged, Instalment] | None:
    """The instalment that a message with this occasion is about."""
    return next(((one, each) for one in plans for each in one.instalments if occasion(one, each) == on), None)


def askable(
    situation: Situation, judged: Judged, instalment: Instalment, coverage: Coverage, held: tuple[Held, ...]
) -> tuple[tuple[Share, ...], list[Share], list[Held]]:
    """What should have come with an instalment: in all, what of it may be asked for, and what a credit covers."""
    return _askable(judged, instalment, coverage, _planned(situation, held))


def _askable(
    judged: Judged, instalment: Instalment, coverage: Coverage, planned: Mapping[Fact, Sequence[Share]]
) -> tuple[tuple[Share, ...], list[Share], list[Held]]:
    amount = sum(one.left_minor for one in judged.instalments if one.number <= instalment.number)
    shares = tuple(_shares(planned.get(judged.plan.id, ()), amount))
    free, covered, _ = use_credit(shares, coverage.unapplied, coverage.credit_left_minor)
    return shares, free, covered


def _is_free(situation: Situation, coverage: Coverage) -> bool:
    contact, as_of = situation.segment.contact, situation.as_of
    free = contacts.freedom(situation.account, contact, as_of, coverage.currency)
    if any(touch.on == as_of for touch in situation.account.touches):
        return False  # it never goes on the day of another contact, decided at once or one after the other
    return free.since <= as_of and situation.days.may_contact(as_of)


def _of_plan(situation: Situation, judged: Judged, coverage: Coverage, known: _Known) -> Spoken:
    """The first message, unless a call comes before it, which speaks of the next instalment, too.

    Of each kind of work for our own people the latest, once: it is about all the instalments before it.
    """
    spoken, work = Spoken(touchpoints=(), held=known.held), dict[str, TaskAsked]()
    for instalment in judged.unpaid():
        step = _step(situation, instalment, known.passed.get(occasion(judged, instalment), frozenset()))
        said = _say(situation, judged, instalment, step, coverage=coverage, known=known) if step is not None else None
        work |= {task.kind: task for task in said.tasks} if said is not None else {}
        if said is not None and said.touchpoints and "call" not in work:
            spoken = said
            break
    asked = (one for one in work.values() if not situation.is_done(one.act, one.occasion, one.currency))
    return msgspec.structs.replace(spoken, tasks=tuple(asked))


def _step(situation: Situation, instalment: Instalment, passed: AbstractSet[str]) -> Step | None:
    """The latest step that is due of the instalment, unless it, or one after it, was said or rejected."""
    rule = situation.strategy.plan.schedule
    steps = sorted(rule.steps if rule else (), key=lambda step: step.at.offset)
    reached = max((n for n, step in enumerate(steps) if step.name in passed), default=-1)
    return next((step for step in reversed(steps[reached + 1 :]) if _is_due(situation, step, instalment)), None)


def _is_due(situation: Situation, step: Step, instalment: Instalment) -> bool:
    if step.at.offset <= 0:
        day = schedule.nudge_day(step, instalment.due_on, situation.days)
        return day <= situation.as_of <= instalment.due_on
    day = schedule.receipt_day(step, instalment.due_on, situation.days)
    return day <= situation.as_of and instalment.due_on < situation.as_of


def _say(
    situation: Situation,
    judged: Judged,
    instalment: Instalment,
    step: Step,
    *,
    coverage: Coverage,
    known: _Known,
) -> Spoken | None:
    shares, free, covered = _askable(judged, instalment, coverage, known.planned)
    minimum = situation.strategy.holds.minimum.get(coverage.currency, 0)
    if sum(share.amount_minor for share in free) <= minimum:
        return None
    contact, lead = situation.segment.contact, free[0].receivable
    about = Occasion(act=step.name, on=occasion(judged, instalment), currency=coverage.currency)
    content = Content(
        why=(_why(judged, instalment, step), *situation.placed.why), shares=tuple(free), unapplied=coverage.unapplied
    )
    late = instalment.due_on < situation.as_of
    route = contacts.route(situation.account, lead, step.to or contact.to, step.by or contact.by)
    if route is None:
        return Spoken(touchpoints=(), held=known.held, tasks=(_no_address(situation, step, about, content),))
    if route.channel == contacts.TASK:  # nobody is called about what is not owed yet
        call = speaking.task(situation, "call", about, who=step.who, what=step.what, content=content)
        return Spoken(touchpoints=(), held=known.held, tasks=(call,)) if late else None
    kind = TouchpointKind.REMINDER if late else TouchpointKind.NUDGE
    said = speaking.touchpoint(situation, kind, about, step, route=route, content=content)
    plan: Fact = judged.plan.id
    taken = {(plan, share.receivable.invoice_id): share.amount_minor for share in shares}
    return Spoken(touchpoints=(said,), held=(*_without(known.held, taken), *covered))


def _no_address(situation: Situation, step: Step, about: Occasion, content: Content) -> TaskAsked:
    occasion = msgspec.structs.replace(about, act=Act.NO_ADDRESS)
    nobody = contacts.reaches_nobody(step.name, step.to or situation.segment.contact.to)
    why = msgspec.structs.replace(content, why=(nobody, *content.why))
    return speaking.task(situation, "no_address", occasion, who="owner", what=step.name, content=why)


def _why(judged: Judged, instalment: Instalment, step: Step) -> Reason:
    return reason(
        "instalment_due",
        step=step.name,
        at=step.at.text,
        plan=judged.plan.id,
        number=instalment.number,
        instalment=instalment.left_minor,
        currency=judged.plan.currency,
        due_on=instalment.due_on,
    )


def _known(situation: Situation, held: tuple[Held, ...]) -> _Known:
    passed: dict[str, set[str]] = {}
    for touch in situation.account.touches:
        passed.setdefault(touch.occasion, set()).add(touch.act)
    for one in situation.account.skipped:
        passed.setdefault(one.occasion, set()).add(one.act)
    return _Known(held=held, planned=_planned(situation, held), passed=passed)


def _planned(situation: Situation, held: tuple[Held, ...]) -> Mapping[Fact, Sequence[Share]]:
    """What each plan holds, by its number, in the order of what is held."""
    rows = {one.invoice_id: one for one in situation.account.receivables}
    found: dict[Fact, list[Share]] = {}
    for one in held:
        if one.reasons[0].code == PLANNED:
            share = Share(receivable=rows[one.invoice_id], amount_minor=one.amount_minor)
            found.setdefault(one.reasons[0].facts["plan"], []).append(share)
    return found


def _shares(planned: Sequence[Share], amount: int) -> Iterator[Share]:
    """The amount over what a plan holds, the oldest invoice first."""
    for share in planned:
        part = min(amount, share.amount_minor)
        amount -= part
        if part:
            yield Share(receivable=share.receivable, amount_minor=part)


def _without(held: tuple[Held, ...], taken: Mapping[tuple[Fact, InvoiceId], int]) -> Iterator[Held]:
    """What remains held once so much of its invoices is taken out of the plans."""
    for one in held:
        why = one.reasons[0]
        part = taken.get((why.facts["plan"], one.invoice_id), 0) if why.code == PLANNED else 0
        left = one.amount_minor - part
        if left:
            yield msgspec.structs.replace(one, amount_minor=left) if part else one


def _covered(coverage: Coverage, held: tuple[Held, ...]) -> int:
    credited = (one for one in held if one.currency == coverage.currency and one.reasons[0].code == CREDIT_COVERS)
    return sum(one.amount_minor for one in credited)
