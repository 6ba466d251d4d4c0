"""What a step cannot do or wait for on its day: nothing is overdue yet, and there is no case."""

from strategy.rules import Anchor, At, Verb
from strategy.text.parts import ladder_keys
from strategy.text.table import Findings, Table

_ASKS = ((ladder_keys.CALL, "calls"), (ladder_keys.PLACE, "hands over"))
"""What people do only about what is owed."""


def fits(table: Table, name: str, at: At, verb: Verb, findings: Findings) -> None:
    """A step of a day on which nothing need be overdue is written, and follows no step of a case."""
    if at.anchor is Anchor.INVOICED:
        day = f'"{at.text}" is of what is not overdue'
    elif at.anchor is Anchor.DUE and at.offset <= 0:
        day = f'nothing is overdue on "{at.text}"'
    else:
        return
    right = f'count on from the due date, as in "due + {abs(at.offset) or 1}"'
    if verb is Verb.NOTIFY:
        if at.anchor is Anchor.DUE and (entry := table.entry(ladder_keys.STEP_AT)):
            findings.wrong(entry.at, f'"{name}" notifies, and {day}', right)
        return
    for key, does in _ASKS:
        if entry := table.entry(key):
            findings.wrong(entry.name, f'"{name}" {does}, and {day}', f"use say, or {right}")
    if entry := table.entry(ladder_keys.AFTER):
        findings.wrong(entry.name, f'"{name}" waits for a step, and {day}', f"leave it out, or {right}")
