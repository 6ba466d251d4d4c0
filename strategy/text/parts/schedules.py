"""Schedules: ladders of steps, each with what it takes over from the schedule it is like."""

from collections.abc import Mapping

from strategy.acts import OURS
from strategy.model import Record
from strategy.rules import Schedule, Step, Verb
from strategy.text.grammar.at import STEP_NAME
from strategy.text.grammar.condition import Scope
from strategy.text.grammar.facts import RESERVED_STEPS
from strategy.text.kinds import NAME
from strategy.text.mistakes import meant
from strategy.text.nodes import Mark, Node, made
from strategy.text.parts import early, ladder_keys
from strategy.text.parts.measures import condition, day, roles
from strategy.text.table import Findings, Key, Table, Wrong, entries, read


class Ladder(Record):
    """A schedule with the nodes of its steps, those with mistakes too, and of those that were taken out of it."""

    schedule: Schedule
    node: Node
    nodes: Mapping[str, Node] = {}
    dropped: Mapping[str, Node] = {}


_UNFIT: Mapping[Verb, tuple[Key[object], ...]] = {
    Verb.SAY: (ladder_keys.WHO,),
    Verb.CALL: (
        ladder_keys.ATTACH,
        ladder_keys.STEP_BY,
        ladder_keys.APPROVE,
        ladder_keys.DEADLINE,
        ladder_keys.LAWFUL,
    ),
    Verb.NOTIFY: (
        ladder_keys.ATTACH,
        ladder_keys.STEP_TO,
        ladder_keys.STEP_BY,
        ladder_keys.APPROVE,
        ladder_keys.WHO,
        ladder_keys.DEADLINE,
        ladder_keys.LAWFUL,
    ),
    Verb.PLACE: (
        ladder_keys.ATTACH,
        ladder_keys.STEP_TO,
        ladder_keys.STEP_BY,
        ladder_keys.DEADLINE,
        ladder_keys.LAWFUL,
    ),
}
"""Settings that would do nothing beside a verb, so that whoever writes them means something else."""


def step_names(node: Node) -> frozenset[str]:
    """The steps of every schedule, for conditions to speak of."""
    tables = [schedule.table or {} for schedule in (node.table or {}).values()]
    return frozenset(name for table in tables for name in table if name != ladder_keys.LIKE.name)


def ladders(node: Node, scope: Scope, findings: Findings) -> Mapping[str, Ladder]:
    """Every schedule by its name. Those with mistakes are there too, without the steps concerned."""
    written = entries(node, findings)
    for name, schedule in written.items():
        if isinstance(NAME.read(made(name)), Wrong):
            findings.wrong(schedule.name, f'"{name}" cannot name a schedule', "use letters, digits and _")
    reader = _Reader(written, findings)
    return {name: _ladder(name, schedule, reader.steps(name), scope, findings) for name, schedule in written.items()}


class _Reader:
    """Follows `like` from schedule to schedule."""

    def __init__(self, schedules: Mapping[str, Node], findings: Findings) -> None:
        self._schedules = schedules
        self._findings = findings
        self._circles: set[frozenset[str]] = set()

    def steps(self, name: str, on_the_way: tuple[str, ...] = ()) -> dict[str, Node]:
        """The steps of a schedule in their order, those of `like` first; a step taken out is its empty text."""
        node = self._schedules[name]
        own = dict(entries(node, self._findings))
        like = own.pop(ladder_keys.LIKE.name, None)
        steps = self._like(like, (*on_the_way, name)) if like else {}
        for step, entry in own.items():
            if entry.text == "" and (step not in steps or steps[step].text == ""):
                right = "leave the line out, or name the schedule it is like" if like is None else "leave the line out"
                self._findings.wrong(entry.name, f'there is no step "{step}" to take out', right)
            steps[step] = entry
        return steps

    def _like(self, node: Node, on_the_way: tuple[str, ...]) -> dict[str, Node]:
        name = read(node, ladder_keys.LIKE, self._findings)
        if name is None:
            return {}
        if name not in self._schedules:
            known = set(self._schedules) - set(on_the_way)
            self._findings.wrong(node.at, f'there is no schedule "{name}"', meant(name, known))
            return {}
        if name in on_the_way:
            self._circle(node, (*on_the_way[on_the_way.index(name) :], name))
            return {}
        return self.steps(name, on_the_way)

    def _circle(self, node: Node, names: tuple[str, ...]) -> None:
        """Told once, wherever it is entered."""
        if frozenset(names) not in self._circles:
            self._circles.add(frozenset(names))
            message = f"schedules are like each other in a circle: {' -> '.join(names)}"
            self._findings.wrong(node.at, message, "write out one of them")


def _ladder(name: str, node: Node, steps: Mapping[str, Node], scope: Scope, findings: Findings) -> Ladder:
    gone = {step: entry for step, entry in steps.items() if entry.text == "" or entry.value is Mark.DROPPED}
    kept = {step: entry for step, entry in steps.items() if step not in gone}
    read_steps = [_step(step, entry, scope, findings) for step, entry in kept.items()]
    schedule = Schedule(name=name, steps=tuple(step for step in read_steps if step is not None))
    return Ladder(schedule=schedule, node=node, nodes=kept, dropped=gone)


def _step(name: str, node: Node, scope: Scope, findings: Findings) -> Step | None:
    if name in OURS:
        message = f'"{name}" cannot name a step: a task or message of Dunwell\'s own is called that'
        findings.wrong(node.name, message, f'call it otherwise, as in "{name}_step"')
    elif name in RESERVED_STEPS or not STEP_NAME.fullmatch(name):
        right = "use letters, digits and _, and no word of the grammar of days"
        findings.wrong(node.name, f'"{name}" cannot name a step', right)
    table = Table(node, ladder_keys.STEP_KEYS, findings)
    verb = verb_of(table, f'step "{name}"', findings)
    at = day(table.find(ladder_keys.STEP_AT), findings)
    to = table.find(ladder_keys.STEP_TO)
    roles(to or (), table.entry(ladder_keys.STEP_TO), findings)
    when = condition(table.find(ladder_keys.STEP_WHEN), scope, findings)
    attach, by, after = table.find(ladder_keys.ATTACH), table.find(ladder_keys.STEP_BY), table.find(ladder_keys.AFTER)
    approve, who = table.get(ladder_keys.APPROVE), table.get(ladder_keys.WHO)
    deadline, lawful = table.find(ladder_keys.DEADLINE), table.find(ladder_keys.LAWFUL)
    if verb is None or at is None:
        return None
    early.fits(table, name, at, verb[0], findings)
    return Step(
        name=name,
        at=at,
        verb=verb[0],
        what=verb[1],
        attach=attach or (),
        to=to,
        by=by,
        approve=approve,
        after=after,
        when=when,
        who=who,
        deadline=deadline,
        lawful=lawful or (),
        file=node.name.file,
        line=node.name.line,
    )


def verb_of(
    table: Table, name: str, findings: Findings, verbs: tuple[Key[str], ...] = ladder_keys.VERBS
) -> tuple[Verb, str] | None:
    """What a step or trigger does and with what; None where that is wrong, which is reported."""
    written = [key for key in ladder_keys.VERBS if table.has(key)]
    if len(written) == 1:
        verb = Verb(written[0].name)
        for key in _UNFIT[verb]:
            if entry := table.entry(key):
                findings.wrong(entry.name, f'"{key.name}" means nothing beside "{verb}"', "leave it out")
        object_ = table.find(written[0])
        return (verb, object_) if object_ is not None else None
    if not table.node.broken and table.node.table is not None:
        does = " and ".join(f'"{key.name}"' for key in written)
        message = f"{name} does {does} at once" if written else f"{name} does nothing"
        right = "make a step of each" if written else f"add one of {', '.join(key.name for key in verbs)}"
        findings.wrong(table.node.name, message, right)
    return None
