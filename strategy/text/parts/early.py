"""What a step cannot do or wait for on its day: nothing is overdue yet, and there is no case."""

from strategy.rules import Anchor, At, Verb
from strategy.text.parts import ladder_keys
from strategy.text.table import Findings, Table

_ASKS = ((ladder_keys.CALL, "calls"), (ladder_keys.PLACE, "hands over"))
"""What people do only about what is owed."""


def fits(table: Table, name: str, at: At, verb: Verb, findings: Findings) -> None:
    """A step of a day on which nothing need be overdue is written, and follows no step of a case."""
    if at.every:
        _repeats(table, name, at, verb, findings)
    if at.anchor is Anchor.INVOICED:
        day = f'"{at.text}" is of what is not overdue'
    elif at.anchor is Anchor.DUE and at.offset <= 0:
        day = f'nothing is overdue on "{at.text}"'
    else:
        return
    right = f'count on from the due date, as in "due + {abs(at.offset) or 1}"'
    if verb is Verb.NOTIFY:
        if entry := table.entry(ladder_keys.STEP_AT):
            findings.wrong(entry.at, f'"{name}" notifies, and {day}', right)
        return
    for key, does in _ASKS:
        if entry := table.entry(key):
            findings.wrong(entry.name, f'"{name}" {does}, and {day}', f"use say, or {right}")
    if entry := table.entry(ladder_keys.AFTER):
        findings.wrong(entry.name, f'"{name}" waits for a step, and {day}', f"leave it out, or {right}")


def _repeats(table: Table, name: str, at: At, verb: Verb, findings: Findings) -> None:
    """Our own people hear once, and what is said again before the due date stops there."""
    entry = table.entry(ladder_keys.STEP_AT)
    if entry is None:
        return
    if verb is Verb.NOTIFY:
        right = 'leave out "every", or make a step of each'
        findings.wrong(entry.at, f'"{name}" notifies, which is done once in a case', right)
    elif at.anchor is Anchor.DUE and at.offset <= 0 < at.offset + at.every * (at.times - 1):
        before = -at.offset // at.every + 1
        right = f"end by then, with times {before} at most" if before > 1 else 'leave out "every"'
        right += f', and for after it write a step of its own, from "due + {at.offset + at.every * before}" on'
        findings.wrong(entry.at, f'"{name}" goes on after the due date, when it is a reminder', right)
