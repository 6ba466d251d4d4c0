"""One invoice told whole: what happens with it and why, what would change that, what comes next."""

import re
import shlex
from datetime import timedelta
from pathlib import Path
from string import Formatter

import click
import pytest

from dunwell.cli.main import cli
from strategy.changes import CHANGES, WITHOUT
from tests.dunwell.cli.desk import MONDAY, Desk

FACTS = {"ledger": "acme", "customer": '"Brasserie Lund"', "today": "2026-03-02", "row": "1a2b3c4d"}
"""Whatever else a sentence names is a number or a day."""

EVERY_TEXT = sorted({*CHANGES.values(), *WITHOUT.values()})


def commands(text: str) -> list[str]:
    """The commands that a sentence names, with facts filled in."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    facts = {
        name: FACTS.get(name, "7" if name in {"hold", "promise", "dispute", "claim", "plan"} else "2026-03-09")
        for name in names
    }
    return re.findall(r"dunwell (.+?)\.?$", text.format_map(facts))


@pytest.mark.parametrize("text", [one for one in EVERY_TEXT if "dunwell " in one])
def test_what_a_sentence_says_to_type_is_a_command(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "FILE").touch()
    monkeypatch.chdir(tmp_path)
    (typed,) = commands(text)
    words = shlex.split(typed)
    command: click.Command = cli
    context = click.Context(cli, info_name="dunwell")
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, words)
        assert found is not None
        command, context = found, found.make_context(name, rest, parent=context)
        words = [*context._protected_args, *context.args]


def test_a_sentence_names_one_command_at_most_and_ends_with_it() -> None:
    for text in EVERY_TEXT:
        before, *after = text.split("dunwell ")
        assert len(after) <= 1, text
        assert before.endswith((": ", "with: ")) or not after, text
        assert text.endswith(".") is (not after), text


def test_an_invoice_that_is_asked_for_says_why_and_how_to_leave_it_out(reader: Desk) -> None:
    lines = reader.did("explain", "brindle", "1856").out.splitlines()
    (row,) = [one for one in reader.did("outbox", "brindle", "--json").json["outbox"] if "/15-USD/first/" in one["key"]]
    row8 = row["id"]
    assert lines == [
        "Invoice 1856 of Mallowfield Tailors: 1,287.48 USD open, due on 2025-12-17, 75 days overdue.",
        'In segment "everyone else", which takes every account that no segment above it takes.',
        (
            'Asked for 1,287.48 USD by email to billing@mallowfield-tailors.example.com, step "first", not before '
            "2026-03-02 09:00 EST."
        ),
        'Step "first" (due + 2) has been due since 2025-12-19: invoice 1856 is 75 days overdue.',
        f'Step "first" is left out if they pay, promise or dispute it first, or with: dunwell reject brindle {row8}',
        f"Next: today, once it is approved: dunwell approve brindle {row8}",
    ]


def test_what_happens_next_is_the_day_and_the_step(reader: Desk) -> None:
    held = reader.did("plan", "brindle", "--json").json["held"]
    number, until = next(
        (one["invoice"]["number"], one["until"]) for one in held if one["reasons"][0]["code"] == "waiting"
    )
    said = reader.did("explain", "brindle", number)
    assert said.out.splitlines()[-1].startswith(
        f'Next, if nothing is paid, said or changed before: on {until} step "first" asks for '
    )
    found = reader.did("explain", "brindle", number, "--json").json
    assert found["next_on"] == until
    assert found["told"]["held"][0].endswith(f", at least until {until}.")
    assert found["text"] == said.out.splitlines()
    assert found["told"]["next"] == [said.out.splitlines()[-1]]


def test_where_a_statement_only_lists_it_what_comes_after_is_told_too(reader: Desk) -> None:
    found = reader.did("explain", "brindle", "2027", "--json").json
    assert found["next_on"] == "2026-03-03"
    assert found["told"]["held"] == ["Held: 763.04 USD.", "Not due before 2026-03-18."]  # a nudge asks before
    assert found["told"]["next"] == [
        (
            "Next, if nothing is paid, said or changed before: on 2026-03-03 the statement lists it, by email; "
            'on 2026-03-13 step "nudge" asks for 763.04 USD by email.'
        )
    ]


def test_of_a_day_gone_by_nothing_is_to_be_changed(planned: Desk) -> None:
    day = timedelta(days=1)
    planned.clock().advance_to(MONDAY + day)
    told = planned.did("explain", "brindle", "1856", "--as-of", "2026-03-02", "--json").json["told"]
    assert told["step"][0].startswith("Asked for 1,287.48 USD")
    assert (told["change"], told["next"]) == ([], [])
    then = planned.did("explain", "brindle", "2027", "--as-of", "2026-03-02", "--json").json["told"]
    assert then["next"][0].startswith("Next, as it looked then: on 2026-03-03 ")


def test_a_test_says_what_its_figure_is(reader: Desk) -> None:
    assert "late_days <= 5: it is 1.8 (how late this account pays)." in reader.did("explain", "brindle", "1949").out


def test_of_statements_to_come_only_the_next_is_told(reader: Desk) -> None:
    assert reader.did("explain", "brindle", "1949").out.count("the statement lists it") == 1


def test_a_day_to_come_is_told_as_if_nothing_happened_until_then(reader: Desk) -> None:
    """Its first and second letter have left by then."""
    lines = reader.did("explain", "brindle", "2027", "--as-of", "2026-04-20").out.splitlines()
    assert lines[1] == "On 2026-04-20, if nothing is paid, said or changed until then:"
    assert 'Waits for step "final"' in "".join(lines)


def test_a_paid_invoice_says_so(reader: Desk) -> None:
    assert reader.did("explain", "brindle", "1081").out == (
        "Invoice 1081 of Pip's Lemonade Stand: nothing of it is open: it is paid or credited.\n"
    )
    assert reader.did("explain", "brindle", "1081", "--json").json["held"] == []


def test_what_a_hold_stops_ends_with_that_very_hold(planned: Desk) -> None:
    planned.did("hold", "add", "brindle", "mallowfield", "--kind", "legal", "--reason", "at court")
    assert planned.did("explain", "brindle", "1856").out.splitlines()[-2:] == [
        "The hold ends with: dunwell hold end brindle 1",
        "Nothing more happens by itself: what holds it has to be settled first.",
    ]


def test_what_is_not_due_yet_is_not_said_because_of_the_hold_and_not_of_its_day(planned: Desk) -> None:
    held = planned.did("plan", "brindle", "--json").json["held"]
    customer = next(one["customer"]["id"] for one in held if one["invoice"]["number"] == "2027")
    planned.did("hold", "add", "brindle", customer, "--kind", "legal", "--reason", "at court")
    lines = planned.did("explain", "brindle", "2027", "--why-not", "nudge").out.splitlines()
    assert lines[1:] == [
        "Not said on 2026-03-02: Held since 2026-03-02: legal (at court).",
        "Not due before 2026-03-18.",
        "The hold ends with: dunwell hold end brindle 1",
    ]


def test_why_a_step_was_not_said_is_the_first_rule_that_stopped_it(reader: Desk) -> None:
    assert reader.did("explain", "brindle", "1856", "--why-not", "third").out.splitlines()[1:] == [
        (
            'Not said on 2026-03-02: Step "first" went before "third": the first word that an account ever hears is '
            "the first step."
        ),
        'Each comes in its turn with missed = "sequence" below [contact] in the strategy.',
    ]
    found = reader.did("explain", "brindle", "1856", "--why-not", "third", "--json").json["why_not"]
    assert (found["expected"], found["said"]) == ("third", False)
    assert found["reasons"][0]["code"] == "another_step"


def test_what_was_said_after_all_says_so(reader: Desk) -> None:
    said = reader.did("explain", "brindle", "1856", "--why-not", "friendly", "--json").json["why_not"]
    assert said["said"]
    assert said["text"][0].startswith('Decided for 2026-03-02: Step "first" (due + 2) has been due since')


def test_what_left_is_told_with_its_hour(planned: Desk) -> None:
    planned.did("approve", "brindle", "--all")
    planned.did("run", "brindle", "--send")
    lines = planned.did("explain", "brindle", "1856", "--why-not", "first").out.splitlines()
    assert lines[1:] == [
        (
            'Left on 2026-03-02 at 09:30: step "first" by email to billing@mallowfield-tailors.example.com, asking for '
            "1,287.48 USD."
        )
    ]
    assert lines[1] in planned.did("explain", "brindle", "1856").out.splitlines()


def test_an_expectation_that_no_strategy_has_is_refused_with_those_that_it_has(reader: Desk) -> None:
    code, said = reader.failed("explain", "brindle", "1856", "--why-not", "fourth")
    assert code == 2
    assert said.startswith('there is no step or letter "fourth"; there are ')
    assert said.endswith(", and contact for any of them")


def test_before_an_invoice_was_issued_there_was_nothing_to_ask_for(reader: Desk) -> None:
    said = reader.did("explain", "brindle", "1856", "--as-of", "2025-01-02").out
    assert "before, there is nothing to ask for" in said
