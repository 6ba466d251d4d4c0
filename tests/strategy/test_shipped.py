"""The shipped strategies are worth using as they are."""

import re
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined, meta

from strategy import shipped
from strategy.account import Profile
from strategy.agreements import Hold, HoldKind
from strategy.rules import Missed, Strategy, Verb
from strategy.text.letters import empty_threats, languages_of, letters_of, missing_letters
from strategy.text.parse import Parsed, parse
from tests.strategy.builders import TODAY, a_receivable, a_settlement, an_account, days, decided

CURRENCIES = {"USD", "EUR", "GBP", "CAD", "AUD", "NZD"}
JINJA = Environment(undefined=StrictUndefined, autoescape=False)
LETTERS = sorted(shipped.letters())


def read(name: str) -> Parsed:
    return parse(shipped.text(name), f"shipped/{name}.toml", shipped.find)


def strategy(name: str) -> Strategy:
    found = read(name).strategy
    assert found is not None
    return found


every_strategy = pytest.mark.parametrize("name", shipped.names())
every_letter = pytest.mark.parametrize(("language", "name"), LETTERS)


@every_strategy
def test_a_shipped_strategy_has_nothing_to_be_warned_of(name: str) -> None:
    assert read(name).shown() == ""


@every_strategy
def test_a_shipped_strategy_has_figures_in_every_currency_we_promise(name: str) -> None:
    assert {currency for amount in strategy(name).amounts.values() for currency in amount} == CURRENCIES
    assert all(set(amount) == CURRENCIES for amount in strategy(name).amounts.values())


@every_strategy
def test_a_shipped_strategy_has_all_its_letters_in_both_languages(name: str) -> None:
    assert languages_of(strategy(name)) == ("en", "de")
    assert missing_letters(strategy(name), shipped.letters()) == ()


@every_strategy
def test_a_shipped_strategy_threatens_nothing_that_it_does_not_do(name: str) -> None:
    assert empty_threats(strategy(name), shipped.letters()) == ()


@every_strategy
def test_every_segment_of_a_shipped_strategy_has_a_comment_above_it(name: str) -> None:
    blocks = shipped.text(name).split("[[segment]]")
    assert all(before.rstrip().split("\n")[-1].startswith("#") for before in blocks[:-1])


@every_strategy
def test_a_shipped_strategy_skips_to_the_latest_step_when_days_were_missed(name: str) -> None:
    assert strategy(name).contact.missed is Missed.LATEST


def test_the_gentle_strategy_hands_nobody_over() -> None:
    assert all(step.verb is not Verb.PLACE for each in strategy("gentle").schedules for step in each.steps)


@pytest.mark.parametrize("name", ["standard", "firm", "habits"])
def test_who_is_handed_over_had_an_approved_letter_of_the_same_condition(name: str) -> None:
    for schedule in strategy(name).schedules:
        if schedule == strategy(name).plan.schedule:
            continue
        by_name = {step.name: step for step in schedule.steps}
        if "agency" not in by_name:
            continue
        final, agency = by_name["final"], by_name["agency"]
        assert (agency.after, agency.at.step, agency.approve, final.approve) == ("final", "final", True, True)
        assert final.when is not None
        assert agency.when is not None
        assert final.when.root == agency.when.root


def test_the_firm_strategy_is_done_before_the_standard_one_and_that_before_the_gentle_one() -> None:
    days = [max(step.at.offset for step in strategy(name).segments[-1].schedule.steps) for name in ("firm", "standard")]
    assert days == sorted(days)
    assert [strategy(name).contact.gap for name in ("gentle", "standard", "firm")] == [7, 5, 3]


HISTORIES: Mapping[str, dict[str, Any]] = {
    "in other hands": {
        "holds": (Hold(id=1, kind=HoldKind.LEGAL, invoice_id=None, since=TODAY, until=None, reason=""),)
    },
    "key account": {"profile": Profile(lists=("key accounts",))},
    "new": {"paid_invoices": 2, "first_invoice_on": TODAY - days(60)},
    "by the rules": {"profile": Profile(legal_form="public")},
    "word not kept": {"late": 70},
    "in trouble": {"late": 2, "then": 40},
    "reliable": {"late": 2},
    "forgetful": {"late": 8},
    "slow and steady": {"late": 25},
}
"""What is known of an account of each segment: days late of twelve paid invoices, and `then` of the last three."""


@pytest.mark.parametrize("segment", HISTORIES)
def test_habits_tell_accounts_apart(segment: str) -> None:
    known = dict(HISTORIES[segment])
    late, then = known.pop("late", 5), known.pop("then", None)
    known["settlements"] = tuple(
        a_settlement(days_late=then if then is not None and ago <= 30 else late, days_ago=ago)
        for ago in range(10, 121, 10)
    )
    account = an_account(a_receivable(days_late=1), **known)
    assert decided(account, strategy("habits")).placed.segment == segment


def test_habits_leave_small_balances_to_one_letter_and_the_statement() -> None:
    found = decided(an_account(a_receivable(days_late=20, amount=9_000)), strategy("habits"))
    assert (found.placed.segment, [one.step for one in found.touchpoints]) == ("small balance", ["first"])


def test_any_strategy_may_inherit_from_a_shipped_one() -> None:
    parsed = parse('inherits = "standard"\n[contact]\ngap = 4\n', "acme.toml", shipped.find)
    assert parsed.strategy is not None
    assert parsed.strategy.contact.gap == 4
    assert parsed.strategy.segments[-1].schedule.steps == strategy("standard").segments[-1].schedule.steps


def test_a_strategy_that_is_not_shipped_is_not_found() -> None:
    assert shipped.find("house") is None
    with pytest.raises(KeyError):
        shipped.text("../standard")


def test_there_is_no_letter_that_no_shipped_strategy_sends() -> None:
    sent = {letter for name in shipped.names() for letter in letters_of(strategy(name))}
    assert {name for _, name in LETTERS} == sent | {"thanks", "agency"}, "offered to whoever writes them in"


def test_every_letter_is_there_in_every_language() -> None:
    assert shipped.languages() == ("de", "en")
    assert sorted(product(shipped.languages(), {name for _, name in LETTERS})) == LETTERS
    assert shipped.letter("en", "nudge") == shipped.letters()["en", "nudge"]
    assert shipped.letter("fr", "nudge") is None


# Letters, with everything there is to say and with nothing but what must be there

INVOICE = {
    "number": "1042",
    "reference": "PO 4711",
    "issued": "1 February 2026",
    "due": "3 March 2026",
    "days_overdue": 13,
    "original": "1,200.00 EUR",
    "paid": "200.00 EUR",
    "credited": "0.00 EUR",
    "remaining": "1,000.00 EUR",
    "asked": "850.00 EUR",
}
COMPANY = {
    "name": "Northwind",
    "legal_name": "Northwind Ltd",
    "email": "accounts@northwind.example",
    "phone": "+44 20 7946 0100",
    "address": "12 Quayside, London",
}
FULL: Mapping[str, object] = {
    "customer": {"name": "Brasserie Lund", "number": "C-1180"},
    "person": {"name": "Mats Lund"},
    "company": COMPANY,
    "sender": {"name": "Anna Berg"},
    "invoices": [INVOICE],
    "lead": INVOICE,
    "coming": [INVOICE | {"number": "1051"}],
    "credits": [{"number": "CN-7", "amount": "200.00 EUR"}],
    "total": "850.00 EUR",
    "overdue_days": 13,
    "disputed": "150.00 EUR",
    "link": "https://pay.example/1042",
    "portal": "https://portal.example/lund",
    "today": "16 March 2026",
    "statement": {"as_of": "15 March 2026", "total": "1,500.00 EUR"},
    "promise": {"amount": "950.00 EUR", "on": "22 March 2026"},
    "deadline": {"days": 0, "by": ""},
    "plan": {"number": 2, "count": 3, "on": "31 March 2026", "amount": "333.33 EUR"},
    "notice": {"trigger": "large and late", "why": ["900.00 EUR is overdue"], "amount": "400.00 EUR"},
    "table": "[TABLE]",
}
BARE: Mapping[str, object] = {
    **FULL,
    "customer": {"name": "Brasserie Lund", "number": ""},
    "person": {"name": ""},
    "company": COMPANY | {"email": "", "phone": "", "address": ""},
    "lead": INVOICE | {"reference": "", "remaining": "1,200.00 EUR"},
    "coming": [],
    "credits": [],
    "disputed": "",
    "link": "",
    "portal": "",
    "statement": {"as_of": "", "total": ""},
    "promise": {"amount": "", "on": ""},
    "plan": {"number": 0, "count": 0, "on": "", "amount": ""},
    "notice": {"trigger": "", "why": [], "amount": ""},
}
SEVERAL: Mapping[str, object] = {**FULL, "invoices": [INVOICE, INVOICE | {"number": "1043"}]}
ONE_DAY: Mapping[str, object] = {**BARE, "overdue_days": 1}


def written(language: str, name: str, fields: Mapping[str, object] = FULL) -> str:
    """The letter, its empty paragraphs left out as in the mail. Statements and plans have their figures."""
    always = {"statement": FULL["statement"]} if name == "statement" else {}
    always |= {"plan": FULL["plan"]} if name.startswith("instalment") else {}
    text = JINJA.from_string(shipped.letters()[language, name]).render({**fields, **always})
    return re.sub(r"\n\s*\n", "\n\n", text)


@every_letter
@pytest.mark.parametrize("fields", [FULL, BARE, SEVERAL, ONE_DAY], ids=["full", "bare", "several", "one-day"])
def test_a_letter_reads_well_whatever_there_is_to_say(language: str, name: str, fields: Mapping[str, object]) -> None:
    text = written(language, name, fields)
    assert not re.search(r" ,| \.|  |,,|\.\.|\( ?\)|None|[{}]", text), text


@every_letter
def test_a_letter_has_a_subject_of_one_line_and_then_its_text(language: str, name: str) -> None:
    subject, blank, *rest = written(language, name).split("\n")
    assert subject.startswith("Subject: ")
    assert 20 <= len(subject) <= 90
    assert (blank, bool("".join(rest).strip())) == ("", True)


@every_letter
def test_a_letter_speaks_of_known_fields_only(language: str, name: str) -> None:
    assert meta.find_undeclared_variables(JINJA.parse(shipped.letters()[language, name])) <= set(FULL)


ASKING = ["friendly", "reminder", "firm", "final", "cheque", "way", "terms"]


@pytest.mark.parametrize(("language", "name"), list(product(["en", "de"], ASKING)))
def test_a_letter_that_asks_for_money_names_the_sum_the_invoice_and_how_to_answer(language: str, name: str) -> None:
    text = written(language, name)
    assert all(part in text for part in ("850.00 EUR", "1042", "+44 20 7946 0100", "[TABLE]", "https://pay.example"))


@pytest.mark.parametrize(("language", "name"), list(product(["en", "de"], ASKING)))
def test_a_letter_that_asks_for_money_leaves_what_is_disputed_aside_and_says_so(language: str, name: str) -> None:
    assert "150.00 EUR" in written(language, name)
    assert "150.00 EUR" not in written(language, name, BARE)


@pytest.mark.parametrize(
    ("language", "name"), list(product(["en", "de"], ["friendly", "reminder", "firm", "way", "terms"]))
)
def test_a_letter_about_one_part_paid_invoice_says_what_is_left_of_it(language: str, name: str) -> None:
    text = written(language, name)
    assert "1,200.00 EUR" in text
    assert "1,000.00 EUR" in text
    assert "1,200.00 EUR" not in written(language, name, BARE)


@pytest.mark.parametrize(
    ("language", "name"), list(product(["en", "de"], ["friendly", "reminder", "firm", "final", "way", "terms"]))
)
def test_a_letter_after_a_broken_promise_names_it(language: str, name: str) -> None:
    assert "950.00 EUR" in written(language, name)
    assert "22 March 2026" in written(language, name)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_falls_due_soon_is_named_apart_from_what_is_asked_for(language: str) -> None:
    assert "1051" in written(language, "reminder")


@pytest.mark.parametrize(("language", "name"), list(product(["en", "de"], ["statement", "receipt", "notice"])))
def test_a_letter_that_asks_for_nothing_names_no_sum_to_pay(language: str, name: str) -> None:
    assert "850.00 EUR" not in written(language, name)


def test_the_german_letters_use_the_words_of_dunning_in_their_order() -> None:
    subjects = [written("de", name).split("\n")[0] for name in ("friendly", "reminder", "firm", "final")]
    words = ["Freundliche Erinnerung", "Zahlungserinnerung", "Mahnung", "Letzte Mahnung"]
    assert all(subject.startswith(f"Subject: {word}:") for subject, word in zip(subjects, words, strict=True))


@pytest.mark.parametrize("name", sorted({name for language, name in LETTERS}))
def test_the_german_letters_say_sie(name: str) -> None:
    assert not re.search(r"\b(du|dir|dich|dein\w*|euch|euer\w*)\b", written("de", name), re.IGNORECASE)
    assert re.search(r"\b(Sie|Ihr\w*|Ihnen)\b", written("de", name))


@pytest.mark.parametrize("language", ["en", "de"])
def test_only_the_last_letter_speaks_of_an_agency(language: str) -> None:
    word = {"en": "collection agency", "de": "Inkasso"}[language]
    assert [name for each, name in LETTERS if each == language and word in written(language, name)] == ["final"]


def test_the_last_letter_gives_less_time_than_any_strategy_waits_after_it() -> None:
    waits = [
        step.at.offset
        for name in shipped.names()
        for schedule in strategy(name).schedules
        for step in schedule.steps
        if step.verb is Verb.PLACE
    ]
    deadlines = [
        step.deadline
        for name in shipped.names()
        for schedule in strategy(name).schedules
        for step in schedule.steps
        if step.what == "final"
    ]
    dated = {**FULL, "deadline": {"days": 14, "by": "16.3.2026"}}
    assert "by 16.3.2026, quoting" in written("en", "final", dated)
    assert "bis zum 16.3.2026 unter Angabe" in written("de", "final", dated)
    assert "within seven days" in written("en", "final")
    assert "innerhalb von sieben Tagen" in written("de", "final")
    assert set(deadlines) == {14}
    assert min(waits) > 14
