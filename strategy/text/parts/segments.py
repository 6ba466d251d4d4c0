"""Segments and triggers: who is treated how, and what there is to notice."""

from collections.abc import Mapping

from strategy import acts
from strategy.acts import Act
from strategy.model import Record
from strategy.rules import Contact, PlanRule, Schedule, Segment, StatementRule, Trigger, Verb
from strategy.text.grammar.condition import Scope
from strategy.text.mistakes import meant
from strategy.text.nodes import Node
from strategy.text.parts import keys, ladder_keys, segment_keys
from strategy.text.parts.inherit import deep
from strategy.text.parts.measures import NOTHING, condition, contact, statement
from strategy.text.parts.plan import plan
from strategy.text.parts.schedules import Ladder, verb_of
from strategy.text.table import Findings, Key, Table


class Common(Record):
    """What segments share: the schedules, and the values that count unless a segment says otherwise."""

    ladders: Mapping[str, Ladder]
    contact_node: Node
    contact: Contact
    statement_node: Node | None
    statement: StatementRule | None
    plan_node: Node
    scope: Scope


class Placed(Record):
    """A segment and its node. `sound`: its conditions say what was meant, so that they may be compared with others."""

    segment: Segment
    node: Node
    sound: bool


def segments(nodes: tuple[Node, ...], common: Common, findings: Findings) -> tuple[Placed, ...]:
    """The segments in their order, those with mistakes too."""
    placed = tuple(_segment(node, common, findings) for node in nodes)
    _once([(each.segment.name, each.node) for each in placed], segment_keys.SEGMENT_NAME, "segment", findings)
    return placed


def _segment(node: Node, common: Common, findings: Findings) -> Placed:
    table = Table(node, segment_keys.SEGMENT_KEYS, findings)
    when = condition(table.find(segment_keys.SEGMENT_WHEN), common.scope, findings)
    stay = condition(table.find(segment_keys.STAY), common.scope, findings)
    sound = (when is not None) == table.has(segment_keys.SEGMENT_WHEN) and (stay is not None) == table.has(
        segment_keys.STAY
    )
    entry = table.entry(segment_keys.STAY)
    if entry is not None and not table.has(segment_keys.SEGMENT_WHEN):
        findings.wrong(entry.name, '"stay" has no "when" to take the place of', "leave it out, or add when")
    segment = Segment(
        name=table.find(segment_keys.SEGMENT_NAME) or "",
        when=when,
        stay=stay,
        dwell=table.get(segment_keys.DWELL),
        schedule=_schedule(table, common.ladders, findings),
        contact=_contact(table.find(segment_keys.SEGMENT_CONTACT), common, findings),
        statement=_statement(table, common, findings),
        plan=_plan(table.find(segment_keys.SEGMENT_PLAN), common, findings),
        file=node.name.file,
        line=node.name.line,
    )
    return Placed(segment=segment, node=node, sound=sound)


def _schedule(table: Table, ladders: Mapping[str, Ladder], findings: Findings) -> Schedule:
    name = table.find(segment_keys.SEGMENT_SCHEDULE)
    entry = table.entry(segment_keys.SEGMENT_SCHEDULE)
    if name is None or entry is None:
        return Schedule(name="", steps=())
    if name not in ladders:
        right = meant(name, ladders, f"add [schedule.{name}]" if not ladders else "")
        findings.wrong(entry.at, f'there is no schedule "{name}"', right)
        return Schedule(name=name, steps=())
    return ladders[name].schedule


def _contact(node: Node | None, common: Common, findings: Findings) -> Contact:
    return common.contact if node is None else contact(deep(common.contact_node, node), findings)


def _statement(table: Table, common: Common, findings: Findings) -> StatementRule | None:
    own = table.entry(segment_keys.SEGMENT_STATEMENT)
    if own is None:
        return common.statement
    base = common.statement_node
    return statement(own if base is None else deep(base, own), common.scope, findings)


def _plan(node: Node | None, common: Common, findings: Findings) -> PlanRule | None:
    """What may be planned; how plans are kept is not for a segment to say, since an account may leave it meanwhile."""
    if node is None:
        return None
    Table(node, keys.PLAN_ALLOWED, findings)
    known = {name: one for name, one in (node.table or {}).items() if name in _PLAN_NAMES}
    own = Node(value=known, at=node.at, name=node.name)
    return plan(deep(common.plan_node, own), common.scope.amounts, common.ladders, findings)


_PLAN_NAMES = frozenset(key.name for key in keys.PLAN_ALLOWED)


def triggers(nodes: tuple[Node, ...], scope: Scope, findings: Findings) -> tuple[Trigger, ...]:
    """The triggers in their order."""
    read = [(_trigger(node, scope, findings), node) for node in nodes]
    named = [(_written_name(node), node) for node in nodes]
    _once(named, segment_keys.TRIGGER_NAME, "trigger", findings)
    _are_acts_of_their_own([(name, node) for name, node in named if name], findings)
    return tuple(trigger for trigger, _ in read if trigger is not None)


_NOTICING = tuple(key for key in ladder_keys.VERBS if key is not ladder_keys.PLACE)
"""What a trigger may do."""


def _trigger(node: Node, scope: Scope, findings: Findings) -> Trigger | None:
    table = Table(node, segment_keys.TRIGGER_KEYS, findings)
    name = table.find(segment_keys.TRIGGER_NAME)
    verb = verb_of(table, "the trigger", findings, _NOTICING)
    if verb and verb[0] is Verb.PLACE:
        right = "make it a step of a schedule, after a letter that says so"
        findings.wrong((table.entry(ladder_keys.PLACE) or node).name, "a trigger cannot place an account", right)
    written = table.find(segment_keys.TRIGGER_WHEN)
    if written is not None and written.text == "":
        findings.wrong(written.at, "there is no inherited trigger of this name to take out", "write a condition")
        return None
    when, who, over = condition(written, scope, findings), table.get(ladder_keys.WHO), table.get(segment_keys.OVER)
    if over and verb is not None and verb[0] is not Verb.NOTIFY and (entry := table.entry(segment_keys.OVER)):
        findings.wrong(entry.name, f'"over" means nothing beside "{verb[0]}"', "leave it out, or notify somebody")
    if name is None or verb is None or when is None:
        return None
    return Trigger(
        name=name,
        when=when,
        verb=verb[0],
        what=verb[1],
        who=who,
        over=over,
        file=node.name.file,
        line=node.name.line,
    )


def _written_name(node: Node) -> str:
    entry = (node.table or {}).get(segment_keys.TRIGGER_NAME.name)
    return (entry.text if entry else None) or ""


def _are_acts_of_their_own(named: list[tuple[str, Node]], findings: Findings) -> None:
    """What triggers do is remembered by their names, in which a "/" stands as "-"."""
    first: dict[str, tuple[str, Node]] = {}
    for name, node in named:
        entry = (node.table or {})[segment_keys.TRIGGER_NAME.name]
        act = acts.of_trigger(name)
        other, before = first.setdefault(act, (name, node))
        if other != name:
            message = f'triggers "{other}" and "{name}" are remembered by one name, "{act}"'
            findings.wrong(entry.at, message, f"the first stands in line {before.name.line}: rename one")
        if act == Act.PACK:
            message = f'"{name}" cannot name a trigger: the message with an agency\'s pack is called that'
            findings.wrong(entry.at, message, "call it otherwise")


def _once(named: list[tuple[str, Node]], key: Key[object], what: str, findings: Findings) -> None:
    """Names are identities: each may stand once."""
    first: dict[str, Node] = {}
    for name, node in named:
        entry = (node.table or NOTHING.table or {}).get(key.name)
        if not name or entry is None:
            continue
        if name in first:
            line = first[name].name.line
            findings.wrong(entry.at, f'there are two {what}s "{name}"', f"the first stands in line {line}: rename one")
        first.setdefault(name, node)
