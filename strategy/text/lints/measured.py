"""Lints that need to know more than the text: which facts are measured, and what the strategy was before."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from strategy.conditions import Condition, every_test
from strategy.rules import Schedule, Step, Strategy
from strategy.text.grammar.facts import FACTS, OUTCOME
from strategy.text.mistakes import Level, Mistake


def unmeasured(strategy: Strategy, measured: AbstractSet[str]) -> tuple[Mistake, ...]:
    """Segments, steps and triggers that ask for facts nobody measures: always unknown, so never true by them.

    `measured` names the facts; "outcome" stands for those of all steps.
    """
    return tuple(
        Mistake(
            file=file,
            line=line,
            column=None,
            message=f'nothing measures "{fact}" yet, a test of it is always unknown',
            right="leave it out until it is measured",
            level=Level.WARNING,
        )
        for file, line, condition in _conditions(strategy)
        for fact in dict.fromkeys(test.fact for test in every_test(condition.root))
        if (fact if fact in FACTS else OUTCOME) not in measured
    )


def renamed(old: Strategy, new: Strategy) -> tuple[Mistake, ...]:
    """Steps that look like one of the strategy before under another name: accounts would meet them a second time."""
    before = {schedule.name: schedule for schedule in old.schedules}
    found: dict[Mistake, None] = {}
    for schedule in new.schedules:
        if schedule.name in before:
            found.update(dict.fromkeys(_renamed(before[schedule.name], schedule)))
    return tuple(found)


def _renamed(old: Schedule, new: Schedule) -> Iterable[Mistake]:
    old_names, new_names = {step.name for step in old.steps}, {step.name for step in new.steps}
    gone = {_does(step): step.name for step in old.steps if step.name not in new_names}
    for step in new.steps:
        if step.name not in old_names and _does(step) in gone:
            yield Mistake(
                file=step.file,
                line=step.line,
                column=None,
                message=f'"{step.name}" does what "{gone[_does(step)]}" did: whoever had that one gets it again',
                right="keep the old name, or make sure that this is meant",
                level=Level.WARNING,
            )


def _does(step: Step) -> tuple[str, str, str | None, int]:
    return step.verb, step.what, step.at.step or step.at.anchor, step.at.offset


def _conditions(strategy: Strategy) -> Iterable[tuple[str, int, Condition]]:
    for segment in strategy.segments:
        yield from ((segment.file, segment.line, each) for each in (segment.when, segment.stay) if each)
    for step in {(step.file, step.line): step for each in strategy.schedules for step in each.steps}.values():
        if step.when:
            yield step.file, step.line, step.when
    yield from ((trigger.file, trigger.line, trigger.when) for trigger in strategy.triggers)
