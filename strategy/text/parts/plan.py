"""What a strategy says of payment plans."""

from collections.abc import Mapping

from strategy.rules import Amount, Anchor, PlanRule, Schedule, Step, Verb
from strategy.text.mistakes import meant
from strategy.text.nodes import Node
from strategy.text.parts import keys
from strategy.text.parts.measures import named_amount
from strategy.text.parts.schedules import Ladder
from strategy.text.table import Findings, Table, read


def plan(node: Node, named: Mapping[str, Amount], ladders: Mapping[str, Ladder], findings: Findings) -> PlanRule:
    """The rule of payment plans."""
    table = Table(node, keys.PLAN_KEYS, findings)
    most = table.find(keys.PLAN_MOST)
    return PlanRule(
        deposit_bp=table.get(keys.PLAN_DEPOSIT),
        length=table.get(keys.PLAN_LENGTH),
        least=named_amount(table.find(keys.PLAN_LEAST), named, findings),
        most=None if most is None else named_amount(most, named, findings),
        after_broken=table.get(keys.AFTER_BROKEN),
        cure=table.get(keys.CURE),
        missed=table.get(keys.PLAN_MISSED),
        accelerate=table.get(keys.ACCELERATE),
        less=table.get(keys.PLAN_LESS),
        schedule=_schedule(table.entry(keys.PLAN_SCHEDULE), ladders, findings),
    )


def _schedule(node: Node | None, ladders: Mapping[str, Ladder], findings: Findings) -> Schedule | None:
    name = None if node is None else read(node, keys.PLAN_SCHEDULE, findings)
    if node is None or name is None:
        return None
    ladder = ladders.get(name)
    if ladder is None:
        otherwise = f"add [schedule.{name}]"
        findings.wrong(node.at, f'there is no schedule "{name}"', meant(name, ladders, otherwise))
        return None
    for step in ladder.schedule.steps:
        _fits(step, ladder, findings)
    return ladder.schedule


def _fits(step: Step, ladder: Ladder, findings: Findings) -> None:
    """An instalment has a day and is written about; it is no case, so nothing can come after a step of one."""
    node = ladder.nodes[step.name]
    if step.verb is not Verb.SAY:
        findings.wrong(node.name, f'"{step.name}" writes nothing, and speaks of an instalment', "use say")
    elif step.at.anchor is not Anchor.DUE or step.at.every or step.after or step.when:
        right = 'count from "due", which is the instalment\'s day; leave out every, after and when'
        findings.wrong(node.name, f'"{step.name}" speaks of an instalment, which has only its day', right)
    elif step.deadline is not None:
        right = "leave it out: once the plan has ended, the letter before action is that of the ladder"
        findings.wrong(node.name, f'"{step.name}" speaks of an instalment, and gives a deadline', right)
