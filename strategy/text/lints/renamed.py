"""The lint that needs to know more than the text: what the strategy was when it was used last."""

from collections.abc import Iterable

from strategy.rules import Schedule, Step, Strategy
from strategy.text.mistakes import Level, Mistake


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
