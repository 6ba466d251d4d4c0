"""Lints that read letters: one that is missing, and a threat that nothing in the strategy could carry out.

Letters come in as texts by language and name. Whether their fields exist is checked where they are rendered.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from strategy.rules import Schedule, Step, Strategy, Verb
from strategy.text.mistakes import Level, Mistake, nearest

Letters = Mapping[tuple[str, str], str]
"""Texts of letters by language and name."""

SCRIPT: Final = "call-"
"""How the letter begins that is the script of a call: `letters/<language>/call-<name>.txt`."""

STATEMENT_LETTER: Final = "statement"
NOTICE_LETTER: Final = "notice"

_HANDING_OVER: Final = (
    r"collections? agenc(?:y|ies)|debt collect(?:or|ors|ion)|external collections?|legal (?:action|proceedings|steps?)"
    r"|court|lawyers?|solicitors?|attorneys?|letter before (?:action|claim)"
    r"|inkasso\w*|gericht\w*|rechtsanw\w+|anw[aä]lt\w*|klage\w*|mahnbescheid\w*|mahnverfahren|rechtliche\w* schritt\w*"
)
_CHARGING: Final = (
    r"late (?:payment )?fees?|statutory interest|default interest|interest (?:will be |is )?charged|charge interest"
    r"|mahngeb[uü]hr\w*|mahnkosten|verzugszins\w*|verzugspauschale"
)
_THREAT: Final = re.compile(rf"\b(?:(?P<over>{_HANDING_OVER})|(?P<charge>{_CHARGING}))\b", re.IGNORECASE)
_FIELDS: Final = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def letters_of(strategy: Strategy) -> Mapping[str, tuple[str, int]]:
    """Every letter that the strategy can send and every script of its calls, with the file and line that first name
    them.
    """
    found: dict[str, tuple[str, int]] = {}
    for schedule in _used(strategy):
        for step in schedule.steps:
            _note(found, step.verb, step.what, (step.file, step.line))
    for trigger in strategy.triggers:
        _note(found, trigger.verb, trigger.what, (trigger.file, trigger.line))
    for segment in strategy.segments:
        if segment.statement is not None:
            found.setdefault(STATEMENT_LETTER, (segment.file, segment.line))
    if strategy.thanks is not None:
        found.setdefault(strategy.thanks.say, (strategy.thanks.file, strategy.thanks.line))
    return found


def languages_of(strategy: Strategy) -> tuple[str, ...]:
    """The languages that the strategy itself names, the default first. A customer's own may be another."""
    return tuple(dict.fromkeys((strategy.languages.default, *strategy.languages.by_country.values())))


def missing_letters(strategy: Strategy, letters: Letters) -> tuple[Mistake, ...]:
    """A mistake for each letter and each language of the strategy that has no text; a warning for each script."""
    return tuple(
        Mistake(
            file=file,
            line=line,
            column=None,
            message=f'the {"script" if name.startswith(SCRIPT) else "letter"} "{name}" is missing in "{language}"',
            right=_letter_meant(name, language, letters),
            level=Level.WARNING if name.startswith(SCRIPT) else Level.ERROR,
        )
        for name, (file, line) in letters_of(strategy).items()
        for language in languages_of(strategy)
        if (language, name) not in letters
    )


def _letter_meant(name: str, language: str, letters: Letters) -> str:
    """The nearest letter that is there, else where to write this one."""
    near = nearest(name, [there for spoken, there in letters if spoken == language])
    write = f"write letters/{language}/{name}.txt"
    return f'did you mean "{near}"? Otherwise {write}' if near else write


def empty_threats(strategy: Strategy, letters: Letters) -> tuple[Mistake, ...]:
    """A warning for each word of an agency, a court or a charge that no later step of a schedule can carry out.

    Found by words, so that "no lawyer is needed" is found too: a person decides. The place is in the letter itself.
    """
    every = [mistake for each in _used(strategy) for mistake in _empty_in(each, letters)]
    return tuple(dict.fromkeys(every))


def _empty_in(schedule: Schedule, letters: Letters) -> Iterator[Mistake]:
    for step in schedule.steps:
        if step.verb in {Verb.SAY, Verb.CALL}:
            spoken = step.what if step.verb is Verb.SAY else f"{SCRIPT}{step.what}"
            for (language, name), text in letters.items():
                if name == spoken:
                    yield from _threats(schedule, step, f"letters/{language}/{name}.txt", text)


def _threats(schedule: Schedule, step: Step, file: str, text: str) -> Iterator[Mistake]:
    plain = _FIELDS.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    carried = any(_carries_out(other) for other in _later(schedule, step))
    for match in _THREAT.finditer(plain):
        if match["over"] and carried:
            continue
        before = plain[: match.start()]
        nothing = "charges anything" if match["charge"] else "hands the account over"
        yield Mistake(
            file=file,
            line=before.count("\n") + 1,
            column=match.start() - before.rfind("\n"),
            message=f'"{match.group()}": nothing after step "{step.name}" of schedule "{schedule.name}" {nothing}',
            right="leave it out, or add the step that does it",
            level=Level.WARNING,
            width=len(match.group()),
        )


def _later(schedule: Schedule, step: Step) -> Iterator[Step]:
    """Steps that can come after one: counted from it, waiting for it, or on a later day of the same kind."""
    for other in schedule.steps:
        named = step.name in (other.after, other.at.step)
        behind = other.at.anchor is step.at.anchor and other.at.offset > step.at.offset
        chained = other.at.step is not None or other.after is not None
        if other.name != step.name and (named or behind or chained):
            yield other


def _carries_out(step: Step) -> bool:
    return step.verb is Verb.PLACE or (step.verb is Verb.SAY and step.approve)


def _used(strategy: Strategy) -> tuple[Schedule, ...]:
    used = {segment.schedule.name: segment.schedule for segment in strategy.segments}
    if strategy.plan.schedule is not None:
        used[strategy.plan.schedule.name] = strategy.plan.schedule
    return tuple(used.values())


def _note(found: dict[str, tuple[str, int]], verb: Verb, what: str, place: tuple[str, int]) -> None:
    if verb is Verb.SAY:
        found.setdefault(what, place)
    elif verb is Verb.CALL:
        found.setdefault(f"{SCRIPT}{what}", place)
    elif verb is Verb.NOTIFY:
        found.setdefault(NOTICE_LETTER, place)
