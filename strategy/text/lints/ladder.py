"""Lints of steps: what waits for nothing, what comes too close or too often, what hands over without a last letter."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from strategy.rules import Anchor, Most, Step, Verb
from strategy.schedule import is_final
from strategy.text.lints.draft import Draft, used_ladders
from strategy.text.mistakes import meant
from strategy.text.nodes import Node
from strategy.text.parts import ladder_keys
from strategy.text.parts.schedules import Ladder
from strategy.text.table import Findings, Key

_TERMS = 30
"""Days that most customers have to pay, and those of them that are business days."""
_TERMS_BUSINESS = 21

_CONTACTS = (Verb.SAY, Verb.CALL)
"""Steps that a customer notices, to which the gap applies."""


def every_step_can_come(draft: Draft, findings: Findings) -> None:
    """A step that waits for one that is not there, or for itself, never comes."""
    for ladder in draft.ladders.values():
        for step in ladder.schedule.steps:
            for other, key in _waits(step):
                _exists(ladder, step, other, key, findings)
                _is_of_a_case(ladder, step, other, key, findings)
            if not (step.is_nudge or step.is_receipt):
                _is_planned_first(ladder, step, findings)
            if step.name in _chain(ladder, step):
                message = f'"{step.name}" waits for itself and never comes'
                findings.wrong(ladder.nodes[step.name].name, message, 'take out one "after", or count from "due"')


def _waits(step: Step) -> Iterator[tuple[str, Key[object]]]:
    if step.after is not None:
        yield step.after, ladder_keys.AFTER
    if step.at.step is not None:
        yield step.at.step, ladder_keys.STEP_AT


def _exists(ladder: Ladder, step: Step, other: str, key: Key[object], findings: Findings) -> None:
    if other in ladder.nodes:
        return
    if other in ladder.dropped:
        message = f'"{other}" is taken out, and "{step.name}" waits for it'
        findings.wrong(ladder.dropped[other].name, message, f'take out "{step.name}" too, or write it again without')
        return
    message = f'"{step.name}" waits for "{other}", and schedule "{ladder.schedule.name}" has no such step'
    right = meant(other, set(ladder.nodes) - {step.name}, "name a step that stands there, or leave it out")
    findings.wrong(_entry(ladder, step, key).at, message, right)


def _is_of_a_case(ladder: Ladder, step: Step, other: str, key: Key[object], findings: Findings) -> None:
    """What is said while nothing is overdue is of no case, and what our own people hear nobody was told."""
    for one in ladder.schedule.steps:
        if one.name != other:
            continue
        if one.is_notice:
            why = "which only our own people hear"
        elif one.is_nudge or one.is_receipt:
            why = "which is said while nothing need be overdue, in no case"
        else:
            continue
        message = f'"{step.name}" waits for "{other}", {why}: it never comes'
        right = 'name a step after the due date that the customer hears, or count from "due"'
        findings.wrong(_entry(ladder, step, key).at, message, right)


def _is_planned_first(ladder: Ladder, step: Step, findings: Findings) -> None:
    """A step whose day is before that of the one it comes after waits for it, so that it is later than it reads."""
    by_name = {each.name: each for each in ladder.schedule.steps}
    first = by_name.get(step.after or "")
    if first is None or any(name in _chain(ladder, by_name[name]) for name in _chain(ladder, step)):
        return
    own, other = _planned(step, by_name), _planned(first, by_name)
    if own is None or other is None or own[0] is not other[0] or own[1] is not other[1] or own[2] >= other[2]:
        return
    days = other[2] - own[2]
    message = f'"{step.name}" is planned {days} day{"s" * (days > 1)} before "{first.name}", which it comes after'
    right = f'count from it, as in at = "{first.name} + 7", or name an earlier step'
    findings.warn(_entry(ladder, step, ladder_keys.STEP_AT).at, f"{message}: it will wait", right)


def _planned(step: Step, by_name: Mapping[str, Step]) -> tuple[Anchor, bool, int] | None:
    """What a step counts from in the end, whether in business days, and how many, where the text alone can tell."""
    if step.at.anchor is not Anchor.STEP:
        return step.at.anchor, step.at.business, step.at.offset
    first = by_name.get(step.at.step or "")
    before = None if first is None else _planned(first, by_name)
    if first is None or before is None or before[1] is not step.at.business:
        return None
    return before[0], before[1], before[2] + first.at.every * (first.at.times - 1) + step.at.offset


def _chain(ladder: Ladder, step: Step) -> frozenset[str]:
    """All steps that must have been done before this one can come."""
    steps = {each.name: each for each in ladder.schedule.steps}
    found: set[str] = set()
    ahead = [name for name, _ in _waits(step)]
    while ahead:
        name = ahead.pop()
        if name in steps and name not in found:
            found.add(name)
            ahead.extend(other for other, _ in _waits(steps[name]))
    return frozenset(found)


def questions_come_before_the_due_date(draft: Draft, findings: Findings) -> None:
    """Asking whether an invoice arrived ends where it is overdue, which the text knows only by its days."""
    for ladder in draft.ladders.values():
        for step in ladder.schedule.steps:
            terms = _TERMS_BUSINESS if step.at.business else _TERMS
            if step.verb is Verb.SAY and step.is_receipt and step.at.offset >= terms:
                message = f'"{step.name}" is said only of what is not overdue: with {_TERMS} days to pay it never comes'
                findings.warn(
                    _entry(ladder, step, ladder_keys.STEP_AT).at, message, 'count from "due", or leave fewer days'
                )


def steps_keep_the_gap(draft: Draft, findings: Findings) -> None:
    """Steps closer together than the gap wait for each other, so that the ladder is longer than it reads."""
    for placed in draft.segments:
        ladder = draft.ladders.get(placed.segment.schedule.name)
        if ladder is not None:
            gap = placed.segment.contact.gap
            for earlier, later, days in _neighbours(ladder.schedule.steps):
                if days < gap:
                    _too_close(ladder, earlier, later, days, gap, findings)


def _neighbours(steps: tuple[Step, ...]) -> Iterator[tuple[Step, Step, int]]:
    """Contacts that follow one another, and the days between, where the text alone can tell."""
    contacts = [step for step in steps if step.verb in _CONTACTS]
    by_name = {step.name: step for step in contacts}
    for step in contacts:
        if step.at.anchor is Anchor.STEP and step.at.step in by_name:
            yield by_name[step.at.step], step, step.at.offset
    for anchor in (Anchor.DUE, Anchor.INVOICED):
        for business in (False, True):
            same = [step for step in contacts if step.at.anchor is anchor and step.at.business is business]
            days = sorted(_days(same), key=lambda each: each[0])
            for (day, earlier), (next_day, later) in pairwise(days):
                yield earlier, later, next_day - day


def _days(steps: Iterable[Step]) -> Iterator[tuple[int, Step]]:
    for step in steps:
        for time in range(step.at.times):
            yield step.at.offset + time * step.at.every, step


def _too_close(ladder: Ladder, earlier: Step, later: Step, days: int, gap: int, findings: Findings) -> None:
    name = "its last time" if earlier.name == later.name else f'"{earlier.name}"'
    since = f"{days} day{'s' * (days > 1)} after {name}" if days else f"on the same day as {name}"
    message = f'"{later.name}" comes {since}, closer than the gap of {gap}: it will wait'
    findings.warn(
        _entry(ladder, later, ladder_keys.STEP_AT).at, message, f"leave {gap} days between, or set a smaller gap"
    )


def steps_keep_the_cap(draft: Draft, findings: Findings) -> None:
    """A ladder with more contacts than the cap allows in its days bends under it: the later steps wait."""
    for placed in draft.segments:
        ladder = draft.ladders.get(placed.segment.schedule.name)
        most = placed.segment.contact.most
        if ladder is not None and most is not None:
            for step, days in _over_the_cap(ladder.schedule.steps, most):
                _too_many(ladder, step, days, most, findings)


def _over_the_cap(steps: tuple[Step, ...], most: Most) -> Iterator[tuple[Step, int]]:
    """Steps before which the cap is used up, and in how many days, where the text alone can tell."""
    counted = [step for step in steps if step.verb in _CONTACTS and step.at.anchor is Anchor.DUE]
    days = sorted(_days(step for step in counted if not step.at.business), key=lambda each: each[0])
    for (first_day, _), (day, step) in zip(days, days[most.contacts :], strict=False):
        if day - first_day < most.days:
            yield step, day - first_day


def _too_many(ladder: Ladder, step: Step, days: int, most: Most, findings: Findings) -> None:
    message = (
        f'"{step.name}" would be contact {most.contacts + 1} within {days} days, and "most" allows {most.contacts} in '
        f"{most.days}: it will wait"
    )
    findings.warn(_entry(ladder, step, ladder_keys.STEP_AT).at, message, 'allow more in "most", or take a step out')


def placing_is_announced(draft: Draft, findings: Findings) -> None:
    """An account goes to an agency after a last letter that a person approved, and after a person looked again."""
    for ladder in draft.ladders.values():
        for step in ladder.schedule.steps:
            if step.verb is Verb.PLACE:
                _announced(ladder, step, findings)


def _announced(ladder: Ladder, step: Step, findings: Findings) -> None:
    place = _entry(ladder, step, ladder_keys.PLACE)
    letters = [each for each in ladder.schedule.steps if each.verb is Verb.SAY and each.approve]
    sure = [each for each in letters if each.name in _chain(ladder, step)]
    earlier = sure or [each for each in letters if _before(each, step)]
    if not earlier:
        right = "add a step before it that says so, with approve = true, and name it in after"
        findings.wrong(place.name, f'"{step.name}" hands over without a last letter', right)
    elif not sure:
        name = earlier[-1].name
        findings.warn(place.name, f'"{step.name}" may come though "{name}" was never said', f'add after = "{name}"')
    if earlier and not any(ladder_keys.DEADLINE.name in (ladder.nodes[each.name].table or {}) for each in earlier):
        message = f'"{step.name}" hands over, and "{earlier[-1].name}" does not say how long they have'
        findings.warn(place.name, message, f'add deadline = 14 to "{earlier[-1].name}"')
    if not step.approve:
        findings.warn(place.name, f'"{step.name}" hands over without anybody looking', "add approve = true")


def a_last_letter_has_others_before_it(draft: Draft, findings: Findings) -> None:
    """No case opens with a last letter, so that a schedule that begins with one waits for a person each time."""
    for ladder in draft.ladders.values():
        for step in ladder.schedule.steps:
            if is_final(step, ladder.schedule) and not any(_may_open(ladder, each, step) for each in _asking(ladder)):
                message = f'"{step.name}" is a last letter, and nothing is said before it: a person will have to'
                findings.warn(ladder.nodes[step.name].name, message, "add a step before it")


def _asking(ladder: Ladder) -> Iterator[Step]:
    """Steps by which a customer is asked for what is overdue."""
    return (each for each in ladder.schedule.steps if each.verb in _CONTACTS and not (each.is_nudge or each.is_receipt))


def _may_open(ladder: Ladder, step: Step, last: Step) -> bool:
    """Whether a step can come before the last letter, as far as the text alone can tell."""
    if step.name == last.name or last.name in _chain(ladder, step):
        return False
    same = step.at.anchor is last.at.anchor and step.at.business is last.at.business
    return not same or step.at.offset < last.at.offset


def _before(first: Step, second: Step) -> bool:
    return first.at.anchor is second.at.anchor and first.at.step is None and first.at.offset < second.at.offset


def every_schedule_is_used(draft: Draft, findings: Findings) -> None:
    """A schedule of this file that no segment names, and none that is used is like, is a slip or a leftover."""
    if any(placed.segment.schedule.name not in draft.ladders for placed in draft.segments):
        return
    used = {ladder.schedule.name for ladder in used_ladders(draft)}
    for ladder in used_ladders(draft):
        used.update(_bases(draft, ladder))
    for name, ladder in draft.ladders.items():
        if name not in used and draft.segments and ladder.node.at.file == draft.root.at.file:
            findings.warn(
                ladder.node.name, f'no segment uses schedule "{name}"', "name it in a segment, or take it out"
            )


def _bases(draft: Draft, ladder: Ladder | None) -> Iterator[str]:
    """The schedules that one is like, directly and through others."""
    seen: set[str] = set()
    while ladder is not None and ladder.schedule.name not in seen:
        seen.add(ladder.schedule.name)
        yield ladder.schedule.name
        like = (ladder.node.table or {}).get(ladder_keys.LIKE.name)
        ladder = draft.ladders.get(like.text or "") if like else None


def _entry(ladder: Ladder, step: Step, key: Key[object]) -> Node:
    node = ladder.nodes[step.name]
    return (node.table or {}).get(key.name, node)
