"""A strategy text becomes the strategy it says."""

from decimal import Decimal

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
    Strategy,
    Verb,
)
from strategy.text.parse import Parsed
from tests.strategy.texts import CONTRACT, HOUSE, SHORT, reading, segment, steps, strategy

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
        '"agency" hands over',
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
