"""What the lints look at: a strategy as far as it could be read, with the nodes it was read from."""

from collections.abc import Iterable, Mapping

from strategy.conditions import Condition
from strategy.model import Record
from strategy.rules import Amount, Schedule, StatementRule, ThanksRule, Trigger
from strategy.text.nodes import Node
from strategy.text.parts.schedules import Ladder
from strategy.text.parts.segments import Placed


class Draft(Record):
    """`root` is the whole merged text, `amount_nodes` where each amount stands, `minimum` the one that holds name.
    `instalments` is the schedule that payment plans name.
    """

    root: Node
    amounts: Mapping[str, Amount]
    amount_nodes: Mapping[str, Node]
    minimum: str | None
    ladders: Mapping[str, Ladder]
    segments: tuple[Placed, ...]
    triggers: tuple[Trigger, ...]
    statement: StatementRule | None
    instalments: Schedule | None = None
    thanks: ThanksRule | None = None


def used_ladders(draft: Draft) -> tuple[Ladder, ...]:
    """The schedules that some segment uses, or payment plans, each once."""
    names = dict.fromkeys(placed.segment.schedule.name for placed in draft.segments)
    if draft.instalments is not None:
        names[draft.instalments.name] = None
    return tuple(draft.ladders[name] for name in names if name in draft.ladders)


def conditions(draft: Draft) -> Iterable[Condition]:
    """Every condition that can ever be asked."""
    for placed in draft.segments:
        yield from _given(placed.segment.when, placed.segment.stay)
        yield from _given(placed.segment.statement.when if placed.segment.statement else None)
    for ladder in used_ladders(draft):
        yield from _given(*(step.when for step in ladder.schedule.steps))
    yield from _given(draft.statement.when if draft.statement else None)
    yield from _given(draft.thanks.when if draft.thanks else None)
    yield from _given(*(trigger.when for trigger in draft.triggers))


def _given(*maybe: Condition | None) -> Iterable[Condition]:
    return (condition for condition in maybe if condition is not None)
