"""Lints of letters before action: days that are not given, and a law that the letter can never meet."""

from collections.abc import Iterable, Iterator

from strategy import law
from strategy.rules import Step, Strategy, Verb
from strategy.text.lints.draft import Draft
from strategy.text.mistakes import Level, Mistake
from strategy.text.parts import ladder_keys
from strategy.text.parts.schedules import Ladder
from strategy.text.table import Findings


def deadlines_are_kept(draft: Draft, findings: Findings) -> None:
    """A letter before action is looked at, and nobody is handed over in the days that it gives."""
    for ladder in draft.ladders.values():
        for step in ladder.schedule.steps:
            table = ladder.nodes[step.name].table or {}
            if step.lawful and step.deadline is None:
                right = "add deadline = 14, or leave it out"
                findings.wrong(table["lawful"].name, '"lawful" means nothing without "deadline"', right)
            if step.deadline is not None and (step.is_nudge or step.is_receipt):
                message = f'"{step.name}" gives a deadline for what is not overdue'
                findings.wrong(
                    table[ladder_keys.DEADLINE.name].name, message, "leave it out, or count from after the due date"
                )
            elif step.deadline is not None and step.verb is Verb.SAY:
                _looked_at(ladder, step, findings)
                _given(ladder, step, step.deadline, findings)


def _looked_at(ladder: Ladder, step: Step, findings: Findings) -> None:
    if not step.approve:
        place = (ladder.nodes[step.name].table or {})[ladder_keys.DEADLINE.name].name
        message = f'"{step.name}" is a letter before action that nobody looks at'
        findings.warn(place, message, "add approve = true")


def _given(ladder: Ladder, letter: Step, deadline: int, findings: Findings) -> None:
    """Steps that hand over in the days given would wait, so that the ladder is longer than it reads."""
    for step, days in _handing_over(ladder, letter):
        if days <= deadline:
            message = f'"{step.name}" comes {days} days after "{letter.name}", which gives {deadline}: it will wait'
            place = (ladder.nodes[step.name].table or {})[ladder_keys.STEP_AT.name].at
            findings.warn(place, message, f"leave at least {deadline + 1} days")


def _handing_over(ladder: Ladder, letter: Step) -> Iterator[tuple[Step, int]]:
    for step in ladder.schedule.steps:
        if step.verb is Verb.PLACE and step.at.step == letter.name:
            yield step, step.at.offset
        elif step.verb is Verb.PLACE and step.at.anchor is letter.at.anchor and step.at.step is letter.at.step is None:
            yield step, step.at.offset - letter.at.offset


def never_lawful(strategy: Strategy, countries: Iterable[str]) -> tuple[Mistake, ...]:
    """A warning for each letter before action that would be held for everybody in one of the countries."""
    letters = {
        (step.file, step.line): step
        for segment in strategy.segments
        for step in segment.schedule.steps
        if step.deadline is not None
    }
    return tuple(
        Mistake(
            file=step.file,
            line=step.line,
            column=None,
            message=f'"{step.name}" is a letter before action, and goes to nobody in {country}: {_why(country)}',
            right=f'let counsel look at the letter, then write lawful = ["{country}"]',
            level=Level.WARNING,
        )
        for step in letters.values()
        for country in dict.fromkeys(countries)
        if country not in step.lawful and law.never(country)
    )


def _why(country: str) -> str:
    asks = next((one.asks for one in law.DEMANDS if one.country == country), None)
    return f"the law there wants {asks}" if asks else "what the law there asks is not known here"
