"""What a strategy inherits, and what it says itself."""

import pytest

from strategy import shipped
from strategy.model import Currency
from strategy.rules import (
    Verb,
)
from strategy.text.nodes import load
from strategy.text.origins import of_strategy, written
from strategy.text.parse import Parsed, parse
from strategy.text.parts.inherit import SourceText
from tests.strategy.texts import HOUSE, LAST, SHORT, TRIGGERS, reading, steps, strategy


def test_a_value_written_here_wins_over_the_inherited_one() -> None:
    assert strategy('inherits = "house"\n[contact]\ngap = 2\n' + SHORT, house=HOUSE).contact.gap == 2


def test_a_value_not_written_here_is_inherited() -> None:
    child = strategy('inherits = "house"\n[contact]\ngap = 2\n' + SHORT, house=HOUSE)
    assert (child.contact.by, child.holds.reply) == (("email",), 7)


def test_figures_merge_currency_by_currency() -> None:
    child = strategy('inherits = "house"\n[amounts]\nsmall = { EUR = 25 }\n' + SHORT, house=HOUSE)
    assert child.amounts["small"] == {Currency("EUR"): 2_500, Currency("NZD"): 3_000}


def test_parts_of_a_measure_merge_too() -> None:
    house = '[holds]\npromise = { grace = 9, tolerance = "5%" }\n'
    child = strategy('inherits = "house"\n[holds]\npromise = { grace = 1 }\n' + SHORT, house=house)
    assert (child.holds.promise.grace, child.holds.promise.tolerance_bp) == (1, 500)


def test_schedules_merge_step_by_step_and_a_step_is_taken_whole() -> None:
    house = '[schedule.s]\nfirst = { at = "due + 1", say = "nudge", approve = true }\n' + LAST
    merged = steps(strategy('inherits = "house"\n' + SHORT, house=house), "s")
    assert (list(merged), merged["first"].what, merged["first"].approve) == (["first", "last"], "friendly", False)


def test_an_inherited_step_can_be_taken_out() -> None:
    house = f"[schedule.s]\n{LAST}"
    child = SHORT.replace("\n[[segment]]", 'last = ""\n\n[[segment]]')
    assert list(steps(strategy('inherits = "house"\n' + child, house=house), "s")) == ["first"]


def test_a_step_taken_out_stays_out_though_a_schedule_it_is_like_has_it() -> None:
    house = f'[schedule.base]\n{LAST}[schedule.s]\nlike = "base"\n{LAST}'
    child = SHORT.replace("\n[[segment]]", 'last = ""\n\n[[segment]]')
    assert list(steps(strategy('inherits = "house"\n' + child, house=house), "s")) == ["first"]


def test_segments_are_inherited_where_none_are_written_here() -> None:
    assert [each.name for each in strategy('inherits = "house"\n', house=SHORT).segments] == ["everyone"]


def test_segments_written_here_replace_all_that_would_be_inherited() -> None:
    own = '[[segment]]\nname = "mine"\nschedule = "s"\n'
    assert [each.name for each in strategy('inherits = "house"\n' + own, house=SHORT).segments] == ["mine"]


def test_a_trigger_of_the_same_name_takes_the_place_of_the_inherited_one() -> None:
    own = SHORT + '[[trigger]]\nname = "late"\nwhen = "overdue_days > 60"\ncall = "late"\n'
    found = strategy('inherits = "house"\n' + own, house=TRIGGERS).triggers
    assert [(each.name, each.verb, each.when.text) for each in found] == [
        ("late", Verb.CALL, "overdue_days > 60"),
        ("large", Verb.NOTIFY, "overdue > 0"),
    ]


def test_an_inherited_trigger_can_be_taken_out() -> None:
    own = SHORT + '[[trigger]]\nname = "late"\nwhen = ""\nnotify = "owner"\n'
    assert [each.name for each in strategy('inherits = "house"\n' + own, house=TRIGGERS).triggers] == ["large"]


def test_an_inherited_statement_can_be_switched_off() -> None:
    house = 'statement = { on = "month start + 2" }\n'
    assert strategy('inherits = "house"\n' + SHORT, house=house).statement is not None
    assert strategy('inherits = "house"\nstatement = ""\n' + SHORT, house=house).statement is None


def test_a_name_is_not_inherited() -> None:
    assert strategy('inherits = "house"\n' + SHORT, house='strategy = "house rules"\n').name == "acme"


def test_inheriting_goes_on_through_the_one_inherited_from() -> None:
    child = strategy('inherits = "house"\n' + SHORT, house='inherits = "firm"\n[contact]\ngap = 1\n', firm=HOUSE)
    assert (child.contact.gap, child.holds.reply) == (1, 7)


def test_every_setting_knows_the_file_and_line_it_came_from() -> None:
    root = reading('inherits = "house"\n[contact]\ngap = 2\n' + SHORT, house=HOUSE).root
    assert root is not None
    found = {one.setting: (one.value, f"{one.place.file}:{one.place.line}") for one in of_strategy(root) if one.place}
    assert found["contact.gap"] == ("2", "acme.toml:3")
    assert found["contact.by"] == ('["email"]', "house.toml:6")
    assert found["schedule.s.first"] == ('{ at = "due + 3", say = "friendly" }', "acme.toml:5")
    assert found["segment.everyone.schedule"] == ('"s"', "acme.toml:9")


def test_a_setting_that_nobody_wrote_has_its_default_and_no_place() -> None:
    root = reading(SHORT).root
    assert root is not None
    found = {one.setting: one for one in of_strategy(root)}
    assert (found["contact.hours"].value, found["contact.hours"].place) == ('"09:00-16:30"', None)
    assert found["holds.promise"].place is None


OVERRIDES = """[contact]
gap = 9

[schedule.s]
late = { at = "due + 30", say = "firm" }

[[trigger]]
name = "large"
when = "overdue > 0"
notify = "owner"
"""


def overridden(text: str) -> Parsed:
    node = load(text, "config.toml").root
    return parse(
        'inherits = "house"\n' + SHORT, "acme.toml", {"house": SourceText(file="house.toml", text=HOUSE)}.get, node
    )


def test_what_one_ledger_says_otherwise_wins_value_by_value() -> None:
    found = overridden(OVERRIDES).strategy
    assert found is not None
    assert (found.name, found.contact.gap, found.contact.by) == ("acme", 9, ("email",))
    assert [step.name for step in found.segments[0].schedule.steps] == ["first", "late"]
    assert [one.name for one in found.triggers] == ["large"]


def test_a_mistake_in_what_one_ledger_says_is_told_where_it_stands() -> None:
    (mistake,) = overridden(OVERRIDES.replace("gap = 9", 'gap = "9"')).mistakes
    assert (mistake.file, mistake.line) == ("config.toml", 2)


def test_one_ledger_cannot_rename_its_strategy_or_have_it_inherit() -> None:
    said = [mistake.message for mistake in overridden('strategy = "x"\ninherits = "y"\n').mistakes]
    assert said == ['"strategy" is not for one ledger to say', '"inherits" is not for one ledger to say']


@pytest.mark.parametrize("text", [OVERRIDES, SHORT, TRIGGERS, shipped.text("standard")])
def test_settings_written_back_read_the_same(text: str) -> None:
    root = load(text, "a.toml").root
    assert root is not None
    again = load(written(root), "b.toml").root
    assert again is not None
    assert [(one.setting, one.value) for one in of_strategy(again)] == [
        (one.setting, one.value) for one in of_strategy(root)
    ]


def test_mistakes_in_both_files_are_told_together_those_of_this_file_first() -> None:
    parsed = reading('inherits = "a-house"\n[contact]\ngap = -1\n' + SHORT, **{"a-house": '[holds]\nreply = "x"\n'})
    assert [(mistake.file, mistake.line) for mistake in parsed.mistakes] == [("acme.toml", 3), ("a-house.toml", 2)]


def test_a_strategy_that_is_nearly_one_is_offered_and_nothing_else_is_said_because_it_is_missing() -> None:
    parsed = parse('inherits = "standart"\n', "acme.toml", shipped.find, names=shipped.names())
    assert [str(one) for one in parsed.mistakes] == [
        'acme.toml:1:12: there is no strategy "standart"; did you mean "standard"?'
    ]
