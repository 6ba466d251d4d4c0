"""A strategy text becomes the strategy it says."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.model import Currency
from strategy.rules import (
    Anchor,
    DisputeStops,
    Languages,
    Missed,
    Most,
    PromiseRule,
    Segment,
    Step,
    Strategy,
    Verb,
)
from strategy.text.parse import Parsed, parse
from strategy.text.parts.inherit import SourceText

CONTRACT = (Path(__file__).parent / "data" / "contract.toml").read_text("utf-8")
LAST = 'last = { at = "due + 9", say = "reminder" }\n'
HOUSE = '[amounts]\nsmall = { EUR = 50, NZD = 30 }\n\n[contact]\ngap = 9\nby  = ["email"]\n\n[holds]\nreply = 7\n'
SHORT = """\
[schedule.s]
first = { at = "due + 3", say = "friendly" }

[[segment]]
name     = "everyone"
schedule = "s"
"""


def reading(text: str, **texts: str) -> Parsed:
    sources = {name: SourceText(file=f"{name}.toml", text=other) for name, other in texts.items()}
    return parse(text, "acme.toml", sources.get)


def strategy(text: str, **texts: str) -> Strategy:
    parsed = reading(text, **texts)
    assert parsed.strategy is not None, parsed.shown()
    return parsed.strategy


def steps(whole: Strategy, schedule: str) -> Mapping[str, Step]:
    (found,) = [each for each in whole.schedules if each.name == schedule]
    return {step.name: step for step in found.steps}


def segment(whole: Strategy, name: str) -> Segment:
    (found,) = [each for each in whole.segments if each.name == name]
    return found


# The example that was agreed on


@pytest.fixture(scope="module")
def agreed() -> Strategy:
    return strategy(CONTRACT, house=HOUSE)


def test_the_agreed_example_parses_as_it_stands(agreed: Strategy) -> None:
    assert (agreed.name, [each.name for each in agreed.segments]) == (
        "standard",
        ["new", "late and large", "cheque", "good", "everyone else"],
    )


def test_the_agreed_example_has_warnings_only_for_what_it_inherits_one_short_gap_and_what_the_cap_bends() -> None:
    assert [mistake.message.split(",")[0] for mistake in reading(CONTRACT, house=HOUSE).mistakes] == [
        '"large" has no figure in NZD',
        '"first" comes 4 days after "nudge"',
        '"third" would be contact 5 within 17 days',
        '"call" would be contact 5 within 24 days',
    ]


def test_amounts_are_minor_units_by_currency(agreed: Strategy) -> None:
    assert agreed.amounts["large"] == {"USD": 1_000_000, "EUR": 1_000_000, "GBP": 800_000}


def test_the_measures_are_those_written(agreed: Strategy) -> None:
    contact, holds = agreed.contact, agreed.holds
    assert (contact.days, contact.opens, contact.closes, contact.gap) == (frozenset(range(5)), 540, 990, 5)
    assert (contact.most, contact.missed) == (Most(contacts=4, days=30), Missed.LATEST)
    assert (contact.to, contact.by) == (("billing", "manager", "owner"), ("email", "post", "call"))
    assert (holds.minimum[Currency("USD")], holds.dispute, holds.reply, holds.books) == (2_500, DisputeStops.PART, 5, 5)
    assert holds.promise == PromiseRule(grace=2, tolerance_bp=100, times=2, in_days=60)
    assert agreed.languages == Languages(default="en", by_country={"DE": "de"})


def test_a_schedule_begins_with_the_steps_of_the_one_it_is_like(agreed: Strategy) -> None:
    assert list(steps(agreed, "welcome")) == ["nudge", "first", "second", "third", "call", "final", "agency", "receipt"]


def test_a_step_that_is_taken_out_is_gone(agreed: Strategy) -> None:
    assert list(steps(agreed, "patient")) == ["second", "third", "call", "final", "agency"]


def test_a_step_written_again_stands_where_it_stood(agreed: Strategy) -> None:
    assert list(steps(agreed, "close")) == list(steps(agreed, "standard"))
    assert (steps(agreed, "close")["call"].at.offset, steps(agreed, "close")["call"].what) == (10, "overdue-large")


def test_a_step_has_all_that_is_written(agreed: Strategy) -> None:
    agency = steps(agreed, "standard")["agency"]
    assert (agency.verb, agency.what, agency.after, agency.approve) == (Verb.PLACE, "northgate", "final", True)
    assert str(agency.when.root if agency.when else "") == "overdue > large or call.outcome == unreachable"
    third = steps(agreed, "standard")["third"]
    assert (third.verb, third.what, third.to, third.by) == (Verb.SAY, "firm", ("manager", "billing"), None)
    assert (third.at.anchor, third.at.offset) == (Anchor.DUE, 14)


def test_a_step_knows_its_file_and_line(agreed: Strategy) -> None:
    nudge = steps(agreed, "patient")["second"]
    assert (nudge.file, CONTRACT.split("\n")[nudge.line - 1][:6]) == ("acme.toml", "second")


def test_a_segment_has_the_common_contact_with_its_own_values(agreed: Strategy) -> None:
    late = segment(agreed, "late and large").contact
    assert (late.gap, late.to) == (3, agreed.contact.to)


def test_a_segment_has_its_schedule_and_its_two_conditions(agreed: Strategy) -> None:
    late = segment(agreed, "late and large")
    assert (late.schedule.name, late.dwell) == ("close", 14)
    assert late.when is not None
    assert late.stay is not None
    assert (late.when.text, late.stay.text) == (
        "late_days > 15 and overdue > large",
        "late_days > 10 and overdue > small",
    )


def test_the_last_segment_has_no_condition(agreed: Strategy) -> None:
    assert agreed.segments[-1].when is None


def test_a_trigger_has_its_verb(agreed: Strategy) -> None:
    (trigger,) = agreed.triggers
    assert (trigger.name, trigger.verb, trigger.what) == ("large and a month late", Verb.NOTIFY, "owner")


def test_the_statement_has_its_day_and_condition(agreed: Strategy) -> None:
    assert agreed.statement is not None
    assert agreed.statement.when is not None
    assert (agreed.statement.on.anchor, agreed.statement.on.offset) == (Anchor.MONTH_START, 2)
    assert agreed.statement.when.text == "balance > small"


# Defaults


def test_a_strategy_of_six_lines_is_whole() -> None:
    short = strategy(SHORT)
    assert (short.name, short.languages.default, short.statement, short.triggers) == ("acme", "en", None, ())
    assert (short.contact.gap, short.contact.most, short.contact.by) == (5, Most(contacts=4, days=30), ("email",))
    assert (short.contact.days, short.contact.opens, short.contact.closes) == (frozenset(range(5)), 540, 990)
    assert (short.holds.minimum, short.holds.dispute, short.holds.reply) == ({}, DisputeStops.PART, 5)
    assert short.holds.promise == PromiseRule(grace=2, tolerance_bp=100, times=2, in_days=60)


def test_a_step_of_two_settings_is_whole() -> None:
    first = steps(strategy(SHORT), "s")["first"]
    assert (first.attach, first.to, first.by, first.approve, first.after, first.when, first.who) == (
        (),
        None,
        None,
        False,
        None,
        None,
        "owner",
    )


def test_one_part_of_a_measure_keeps_the_defaults_of_the_others() -> None:
    short = strategy("[contact]\nmost = { contacts = 2 }\n[holds]\npromise = { grace = 9 }\n" + SHORT)
    assert short.contact.most == Most(contacts=2, days=30)
    assert short.holds.promise == PromiseRule(grace=9, tolerance_bp=100, times=2, in_days=60)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("mon, wed, fri", {0, 2, 4}),
        ("Mon-Tue,Sat", {0, 1, 5}),
        ("wed", {2}),
        ("mon-mon", {0}),
    ],
)
def test_weekdays_are_read(line: str, days: set[int]) -> None:
    assert strategy(f'[contact]\ndays = "{line}"\n' + SHORT).contact.days == days


def test_hours_may_go_to_midnight() -> None:
    contact = strategy('[contact]\nhours = "00:00-24:00"\n' + SHORT).contact
    assert (contact.opens, contact.closes) == (0, 1440)


@pytest.mark.parametrize("hours", ["00:00-24:01", "09:60-10:00", "09:00-10:60", "09:00-09:00", "09:01-09:00", "9-10"])
def test_hours_that_no_clock_shows_are_a_mistake(hours: str) -> None:
    (mistake,) = reading(f'[contact]\nhours = "{hours}"\n' + SHORT).mistakes
    assert (mistake.line, mistake.column) == (2, 9)


def test_no_limit_but_the_gap_is_an_empty_text() -> None:
    assert strategy('[contact]\nmost = ""\n' + SHORT).contact.most is None


def test_one_language_for_everybody_is_a_text() -> None:
    assert strategy('language = "de"\n' + SHORT).languages == Languages(default="de", by_country={})


def test_an_amount_may_have_a_point_and_a_currency_its_own_digits() -> None:
    text = "[amounts]\nsmall = { EUR = 12.50, JPY = 1_000, KWD = 0.125, USD = 0 }\n" + SHORT
    assert strategy(text).amounts["small"] == {"EUR": 1_250, "JPY": 1_000, "KWD": 125, "USD": 0}


def test_a_schedule_without_steps_is_allowed() -> None:
    assert steps(strategy(SHORT.replace('first = { at = "due + 3", say = "friendly" }\n', "")), "s") == {}


def test_a_segment_may_have_its_own_statement_or_none() -> None:
    text = 'statement = { on = "month start + 2", when = "balance > 0" }\n' + SHORT
    own = strategy(text + 'statement = { on = "month end - 3" }\n').segments[0].statement
    assert own is not None
    assert own.when is not None
    assert (own.on.anchor, own.on.offset, own.when.text) == (Anchor.MONTH_END, -3, "balance > 0")
    assert strategy(text + 'statement = ""\n').segments[0].statement is None


# Inheriting


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


TRIGGERS = """\
[[trigger]]
name   = "late"
when   = "overdue_days > 30"
notify = "owner"

[[trigger]]
name   = "large"
when   = "overdue > 0"
notify = "owner"
"""


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
    origins = reading('inherits = "house"\n[contact]\ngap = 2\n' + SHORT, house=HOUSE).origins
    assert [(origins[name].file, origins[name].line) for name in ("contact.gap", "contact.by", "segment.1.name")] == [
        ("acme.toml", 3),
        ("house.toml", 6),
        ("acme.toml", 8),
    ]


def test_mistakes_in_both_files_are_told_together_those_of_this_file_first() -> None:
    parsed = reading('inherits = "a-house"\n[contact]\ngap = -1\n' + SHORT, **{"a-house": '[holds]\nreply = "x"\n'})
    assert [(mistake.file, mistake.line) for mistake in parsed.mistakes] == [("acme.toml", 3), ("a-house.toml", 2)]


# Versions


def test_a_version_is_the_same_on_every_machine() -> None:
    assert strategy(SHORT).version == "e216226a4ce8"


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n\n" + SHORT,
        SHORT.replace("due + 3", "due+3"),
        SHORT.replace("\n", "\r\n"),
        "[contact]\ngap = 5\n" + SHORT,
        'strategy = "acme"\n' + SHORT,
    ],
)
def test_a_version_does_not_change_with_the_way_of_writing(text: str) -> None:
    assert strategy(text).version == strategy(SHORT).version


def test_a_version_is_the_same_wherever_rules_are_inherited_from() -> None:
    assert strategy('inherits = "house"\n', house=SHORT).version == strategy(SHORT).version


@pytest.mark.parametrize(
    "text",
    [
        SHORT.replace("due + 3", "due + 4"),
        SHORT.replace("friendly", "firm"),
        SHORT.replace("everyone", "all"),
        "[contact]\ngap = 6\n" + SHORT,
        "[amounts]\nsmall = { EUR = 1 }\n" + SHORT,
        SHORT + TRIGGERS,
    ],
)
def test_a_version_changes_with_every_rule(text: str) -> None:
    assert strategy(text).version != strategy(SHORT).version


def conditional(when: str) -> str:
    return SHORT.replace("[[segment]]", f'[[segment]]\nname = "x"\nschedule = "s"\nwhen = "{when}"\n\n[[segment]]')


def test_a_version_changes_with_a_condition_and_not_with_its_spaces() -> None:
    first, second = strategy(conditional("group == North")), strategy(conditional("group == South"))
    assert first.version != second.version
    assert strategy(conditional("group  ==  North")).version == first.version


def test_a_version_tells_and_from_or() -> None:
    both, either = conditional("legal and insured"), conditional("legal or insured")
    assert strategy(both).version != strategy(either).version


# Whatever is written


def sound(parsed: Parsed) -> bool:
    lines = {file: text.count("\n") + 1 for file, text in parsed.sources.items()}
    placed = all(1 <= mistake.line <= lines[mistake.file] for mistake in parsed.mistakes)
    return placed and (parsed.strategy is not None or bool(parsed.mistakes))


@pytest.mark.parametrize("number", range(CONTRACT.count("\n")))
def test_without_any_one_line_it_parses_or_says_on_which_line_it_does_not(number: int) -> None:
    lines = CONTRACT.split("\n")
    parsed = reading("\n".join(lines[:number] + lines[number + 1 :]), house=HOUSE)
    assert sound(parsed)
    parsed.shown()


@given(st.data())
def test_however_a_text_is_damaged_it_parses_or_says_on_which_line_it_does_not(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(CONTRACT)))
    end = start + data.draw(st.integers(0, 12))
    noise = data.draw(st.one_of(st.text(max_size=4), st.sampled_from(['"', "[", "{", "]", "\n", "=", '""', "[[", "'"])))
    parsed = reading(CONTRACT[:start] + noise + CONTRACT[end:], house=HOUSE)
    assert sound(parsed)
    parsed.shown()


VALUES = st.sampled_from(["0", "-1", "1.5", "true", '""', '"x"', "[]", "[1]", "{}", "{ a = 1 }", "nan", "1979-05-27"])


@given(st.integers(0, CONTRACT.count("\n") - 1), VALUES)
def test_a_setting_of_any_other_kind_is_a_mistake_and_never_a_crash(number: int, value: str) -> None:
    lines = CONTRACT.split("\n")
    name, equals, _ = lines[number].partition("=")
    lines[number] = f"{name}= {value}" if equals else lines[number]
    assert sound(reading("\n".join(lines), house=HOUSE))


def test_what_a_decimal_cannot_hold_is_a_mistake() -> None:
    assert Decimal("nan").is_nan()
    parsed = reading("[amounts]\nsmall = { EUR = nan, GBP = inf }\n" + SHORT)
    assert [mistake.message for mistake in parsed.mistakes] == [
        "EUR takes a sum from 0, not nan",
        "GBP takes a sum from 0, not inf",
    ]
