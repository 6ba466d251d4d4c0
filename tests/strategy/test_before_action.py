"""Letters before action: to whom they go by themselves, and how many days they give."""

import re
from datetime import date

import pytest
from msgspec.structs import replace

from strategy import before_action, law
from strategy.account import Account, Profile
from strategy.decision import Decision
from strategy.explain import sentence
from strategy.model import SOMEWHERE
from strategy.text.grammar.facts import LEGAL_FORMS
from strategy.text.lints.before_action import never_lawful
from tests.strategy.builders import (
    STANDARD,
    TODAY,
    a_customer,
    a_receivable,
    a_strategy,
    a_touch,
    an_account,
    an_open_case,
    days,
    decided,
)

LETTER = 'final  = { at = "due + 45", say = "final", approve = true, deadline = 10 }'
FRENCH = 'the words "mise en demeure", what is asked, by when, and what follows otherwise'
AGENCY = 'agency = { at = "final + 11", place = "northgate", after = "final", approve = true }'


def text(letter: str = LETTER) -> str:
    old = 'final  = { at = "due + 45", say = "final", approve = true }'
    assert old in STANDARD
    return STANDARD.replace(old, f"{letter}\n{AGENCY}")


def late(form: str | None, country: str | None, *, address: tuple[str, ...] = (), gave: int | None = None) -> Account:
    """`gave`: eleven days ago they were given so many; None where they had no letter before action yet."""
    call, letter = a_touch("call", days_ago=30), a_touch("final", days_ago=11, deadline_days=gave or 0)
    return an_account(
        a_receivable(days_late=60),
        customer=a_customer(address=address),
        profile=Profile(legal_form=form, country=country),
        cases=(an_open_case(days_ago=59),),
        touches=(call,) if gave is None else (letter,),
    )


def why(decision: Decision) -> str:
    """Why a person is asked, or what is said."""
    return next((task.why[0].code for task in decision.tasks), "") or decision.touchpoints[0].step


def of(form: str | None, country: str | None, letter: str = LETTER, address: tuple[str, ...] = ()) -> str:
    return why(decided(late(form, country, address=address), a_strategy(text(letter))))


@pytest.mark.parametrize(
    ("form", "country", "what"),
    [
        ("company", "GB", "final"),
        ("public", "GB", "final"),
        ("sole_trader", "GB", "law_asks"),
        ("consumer", "GB", "law_asks"),
        ("consumer", "NL", "law_asks"),
        ("sole_trader", "NL", "final"),
        ("company", "FR", "law_asks"),
        ("consumer", "DE", "final"),
        ("consumer", "US", "law_not_known"),
        ("company", "ES", "law_not_known"),
        (None, "GB", "law_wants_form"),
        ("company", None, "law_wants_country"),
    ],
)
def test_a_letter_before_action_goes_by_itself_only_where_nothing_more_is_asked(
    form: str | None, country: str | None, what: str
) -> None:
    assert of(form, country) == what


def test_an_address_without_a_country_is_one_at_home() -> None:
    assert of("company", None, address=("Dorfstr. 2", "Aue")) == "final"


def test_an_address_with_a_country_that_is_not_known_is_nowhere_until_the_profile_says_where() -> None:
    letter = a_strategy(text(LETTER))
    for known, what in ((None, "law_wants_country"), ("DE", "final")):
        account = late("company", known)
        somewhere = replace(account, customer=a_customer(address=("High St 1", "Leeds"), country=SOMEWHERE))
        assert why(decided(somewhere, letter)) == what


def test_a_country_that_somebody_looked_up_is_lawful_whatever_the_form() -> None:
    looked_up = LETTER.replace("}", ', lawful = ["GB", "ES"] }')
    assert [of(form, "GB", looked_up) for form in ("consumer", None)] == ["final", "final"]
    assert of("company", "ES", looked_up) == "final"


def test_a_letter_without_a_deadline_is_none_before_action() -> None:
    assert of(None, None, LETTER.replace(", deadline = 10", "")) == "final"


def test_who_is_not_written_to_is_held_and_asked_about_once() -> None:
    account = late("consumer", "GB")
    first = decided(account, a_strategy(text()))
    assert not first.touchpoints
    (task,) = first.tasks
    done = frozenset({(task.act, task.occasion, task.currency)})
    again = decided(replace(account, done=done), a_strategy(text()))
    assert (again.tasks, [held.reasons[0].code for held in again.held]) == ((), ["law_asks"])


def test_what_the_law_asks_and_that_nothing_was_said_are_one_question() -> None:
    account = replace(late("sole_trader", "GB"), touches=(a_touch("first", days_ago=400, case=None),))
    strategy = a_strategy(re.sub(r"(?m)^(nudge|first|second|third|call) .*\n", "", text()))
    decision = decided(account, strategy)
    assert [[one.code for one in task.why] for task in decision.tasks] == [["law_asks", "opens_with_final"]]
    done = frozenset((one.act, one.occasion, one.currency) for one in decision.tasks)
    called = replace(
        account, done=done, touches=(*account.touches, a_touch("noted", days_ago=0, case=None, noted=True))
    )
    again = decided(called, strategy)
    assert (again.tasks, [why.code for held in again.held for why in held.reasons]) == ((), ["law_asks"])


@pytest.mark.parametrize(("form", "country", "given"), [("company", "DE", 10), ("company", "GB", 14), (None, "GB", 30)])
def test_the_days_are_those_of_the_letter_or_of_the_law_whichever_are_more(
    form: str | None, country: str, given: int
) -> None:
    letter = LETTER.replace("}", ', lawful = ["GB"] }')
    decision = decided(late(form, country), a_strategy(text(letter)))
    assert decision.touchpoints[0].deadline_days == given


def test_nobody_is_handed_over_before_the_days_have_passed() -> None:
    strategy = a_strategy(text())
    assert why(decided(late("company", "DE", gave=10), strategy)) == "step_due"
    in_britain = late("company", "GB", gave=14)
    held = decided(in_britain, strategy).held[0]
    assert (held.reasons[0].code, held.until) == ("deadline_runs", TODAY + days(4))
    assert [decided(in_britain, strategy, TODAY + days(n)).tasks == () for n in (3, 4)] == [True, False]


@pytest.mark.parametrize("letter", [LETTER, LETTER.replace(", deadline = 10", "")])
def test_the_days_that_a_letter_gave_stand_whatever_the_strategy_says_by_now(letter: str) -> None:
    held = decided(late("company", "DE", gave=30), a_strategy(text(letter))).held[0]
    assert (held.reasons[0].code, held.until) == ("deadline_runs", TODAY + days(20))


def test_a_letter_about_another_invoice_of_the_case_gives_its_days_too() -> None:
    younger = a_receivable("1043", days_late=50)
    letters = (
        a_touch("final", days_ago=20, deadline_days=10),
        a_touch("final", days_ago=5, deadline_days=10, invoices=("1043",), occasion="1.2"),
    )
    account = replace(late("company", "DE"), receivables=(a_receivable(days_late=60), younger), touches=letters)
    held = decided(account, a_strategy(text())).held[0]
    assert (held.reasons[0].code, held.until) == ("deadline_runs", TODAY + days(6))


def test_a_strategy_is_told_where_its_letter_goes_to_nobody() -> None:
    found = never_lawful(a_strategy(text()), ("DE", "GB", "FR", "ES"))
    assert [one.message.partition(",")[2] for one in found] == [
        f" and goes to nobody in FR: the law there wants {FRENCH}",
        " and goes to nobody in ES: what the law there asks is not known here",
    ]
    looked_up = a_strategy(text(LETTER.replace("}", ', lawful = ["FR", "ES"] }')))
    assert never_lawful(looked_up, ("FR", "ES")) == ()


def test_every_row_of_the_law_stands_once_with_its_source_and_day() -> None:
    places = [(one.country, form) for one in law.DEMANDS for form in one.forms]
    assert len(places) == len(set(places))
    assert {form for _, form in places} == set(LEGAL_FORMS)
    assert all(one.source and one.read_on > date(2026, 1, 1) for one in law.DEMANDS)


def test_who_writes_it_by_hand_notes_it_as_the_step_and_its_days_count() -> None:
    by_hand = replace(a_touch("final", days_ago=2), noted=True)
    account = replace(late("sole_trader", "GB"), touches=(by_hand,))
    held = decided(account, a_strategy(text())).held[0]
    assert held.reasons[0].code == "waiting"
    later = decided(account, a_strategy(text()), TODAY + days(11)).held[0]
    assert (later.reasons[0].code, later.until) == ("deadline_runs", TODAY + days(29))


def test_of_a_letter_that_does_not_say_the_longest_days_of_its_name_count() -> None:
    longer = LETTER.replace("deadline = 10", "deadline = 40")
    patient = f"""
[schedule.patient]
like = "standard"
{longer}

[[segment]]
name = "patient"
when = "touches > 99"
schedule = "patient"

[[segment]]"""
    strategy = a_strategy(text().replace("[[segment]]", patient, 1))
    by_hand = replace(a_touch("final", days_ago=11), noted=True)
    held = decided(replace(late("company", "DE"), touches=(by_hand,)), strategy).held[0]
    assert (held.reasons[0].code, held.until) == ("deadline_runs", TODAY + days(30))


def test_each_reason_says_what_to_do() -> None:
    account, step = late("consumer", "GB"), a_strategy(text()).segments[0].schedule.steps[-2]
    asked = before_action.bar(account, step)
    assert asked is not None
    assert sentence(asked).endswith("or let counsel look and add the country to lawful.")
    assert "to a consumer in GB it needs the contents of para. 3.1" in sentence(asked)
