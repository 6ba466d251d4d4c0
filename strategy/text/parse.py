"""From the text of a strategy to the strategy, or to everything that is wrong with it, in one pass.

text -> nodes with places (`nodes`) -> merged with what it inherits (`parts.inherit`) -> records (`parts`) -> lints.
Pure: the texts of other strategies come through `find`.
"""

from collections.abc import Collection, Mapping

import msgspec

from strategy.model import Record
from strategy.rules import Strategy
from strategy.text.grammar.condition import Scope
from strategy.text.lints import before_action, figures, ladder, reach
from strategy.text.lints.draft import Draft
from strategy.text.mistakes import Mistake, errors, shown
from strategy.text.nodes import Node
from strategy.text.parts import keys
from strategy.text.parts.inherit import Find, SourceText, gather, overridden
from strategy.text.parts.measures import NOTHING, amounts, contact, holds, languages, start, statement, thanks
from strategy.text.parts.plan import plan
from strategy.text.parts.schedules import ladders, step_names
from strategy.text.parts.segments import Common, Placed, segments, triggers
from strategy.text.table import Findings, Table
from strategy.text.version import version


class Parsed(Record):
    """`strategy` is None where there is an error among the mistakes; warnings come with it.

    `sources` are all texts read, by file. `root` is the merged text as nodes, each with the place where it was written
    (see `origins`); None where a text could not be read at all.
    """

    strategy: Strategy | None
    mistakes: tuple[Mistake, ...]
    sources: Mapping[str, str]
    root: Node | None

    def shown(self) -> str:
        """Every mistake with its line and a caret, as a compiler prints them."""
        return "\n\n".join(shown(mistake, self.sources.get(mistake.file, "")) for mistake in self.mistakes)


def parse(text: str, file: str, find: Find, overrides: Node | None = None, names: Collection[str] = ()) -> Parsed:
    """The strategy written in `text`; `file` names it in mistakes; `find` yields the text of one it inherits from.

    `overrides` is a table of settings that win over the text, from another file. `names` are the strategies that there
    are, for the nearest to be offered.
    """
    findings = Findings()
    gathered = gather(SourceText(file=file, text=text), find, findings, names)
    root = gathered.root
    if root is not None and overrides is not None:
        root = overridden(root, overrides, findings)
    strategy = None if root is None else _strategy(root, file, findings, whole=gathered.whole)
    mistakes = findings.mistakes(file)
    return Parsed(
        strategy=None if errors(mistakes) else strategy,
        mistakes=mistakes,
        sources=gathered.sources,
        root=root,
    )


def _strategy(root: Node, file: str, findings: Findings, *, whole: bool) -> Strategy:
    top = Table(root, keys.TOP_KEYS, findings)
    named = amounts(top.find(keys.AMOUNTS) or NOTHING, findings)
    schedule_node = top.find(keys.SCHEDULE) or NOTHING
    scope = Scope(amounts=named, steps=step_names(schedule_node))
    common = _common(top, schedule_node, scope, findings)
    placed = segments(top.find(keys.SEGMENTS) or (), common, findings)
    fired = triggers(top.find(keys.TRIGGERS) or (), scope, findings)
    holds_node = top.find(keys.HOLDS) or NOTHING
    strategy = Strategy(
        name=top.find(keys.STRATEGY) or stem(file),
        version="",
        languages=languages(top.find(keys.LANGUAGE), findings),
        amounts=named,
        contact=common.contact,
        holds=holds(holds_node, named, findings),
        schedules=tuple(each.schedule for each in common.ladders.values()),
        segments=tuple(each.segment for each in placed),
        triggers=fired,
        statement=common.statement,
        start=start(top.find(keys.START) or NOTHING, findings),
        plan=plan(top.find(keys.PLAN) or NOTHING, named, common.ladders, findings),
        thanks=thanks(top.entry(keys.THANKS), scope, findings),
    )
    if placed or whole:
        reach.last_takes_the_rest(placed, root, findings)
    _lint(root, strategy, common, placed, findings)
    return msgspec.structs.replace(strategy, version=version(strategy))


def _common(top: Table, schedule_node: Node, scope: Scope, findings: Findings) -> Common:
    contact_node = top.find(keys.CONTACT) or NOTHING
    statement_node = top.entry(keys.STATEMENT)
    return Common(
        ladders=ladders(schedule_node, scope, findings),
        contact_node=contact_node,
        contact=contact(contact_node, findings),
        statement_node=statement_node,
        statement=statement(statement_node, scope, findings),
        plan_node=top.find(keys.PLAN) or NOTHING,
        scope=scope,
    )


def _lint(root: Node, strategy: Strategy, common: Common, placed: tuple[Placed, ...], findings: Findings) -> None:
    tables = root.table or {}
    minimum = ((tables.get(keys.HOLDS.name) or NOTHING).table or {}).get(keys.MINIMUM.name)
    draft = Draft(
        root=root,
        amounts=strategy.amounts,
        amount_nodes=(tables.get(keys.AMOUNTS.name) or NOTHING).table or {},
        minimum=minimum.text if minimum else None,
        ladders=common.ladders,
        segments=placed,
        triggers=strategy.triggers,
        statement=strategy.statement,
        instalments=strategy.plan.schedule,
        thanks=strategy.thanks,
    )
    reach.every_segment_is_reached(draft, findings)
    reach.stay_is_wider(draft, findings)
    figures.currency_without_figure(draft, findings)
    ladder.every_step_can_come(draft, findings)
    ladder.questions_come_before_the_due_date(draft, findings)
    ladder.steps_keep_the_gap(draft, findings)
    ladder.steps_keep_the_cap(draft, findings)
    ladder.placing_is_announced(draft, findings)
    ladder.a_last_letter_has_others_before_it(draft, findings)
    before_action.deadlines_are_kept(draft, findings)
    ladder.every_schedule_is_used(draft, findings)


def stem(file: str) -> str:
    """The name that a file gives to its strategy."""
    return file.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".toml")
