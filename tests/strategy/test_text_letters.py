"""Letters that a strategy needs and has not, and threats that it cannot carry out."""

import pytest

from strategy.text.letters import empty_threats, languages_of, letters_of, missing_letters
from strategy.text.lints.renamed import renamed
from strategy.text.mistakes import Level
from tests.strategy.texts import SHORT, TRIGGERS, strategy

PLACED = SHORT.replace(
    "\n[[segment]]",
    """final = { at = "due + 45", say = "final", approve = true }
agency = { at = "final + 14", place = "northgate", after = "final", approve = true }

[[segment]]""",
)


def letters(**texts: str) -> dict[tuple[str, str], str]:
    return {("en", name): text for name, text in texts.items()}


def threats(text: str, **texts: str) -> list[str]:
    return [str(mistake) for mistake in empty_threats(strategy(text), letters(**texts))]


# Missing letters


def test_a_strategy_needs_the_letters_of_the_schedules_it_uses() -> None:
    unused = '[schedule.t]\nother = { at = "due + 3", say = "other" }\n'
    assert list(letters_of(strategy(unused + SHORT))) == ["friendly"]


def test_a_strategy_that_tells_our_own_people_needs_the_notice() -> None:
    assert list(letters_of(strategy(SHORT + TRIGGERS))) == ["friendly", "notice"]


def test_a_strategy_with_statements_needs_their_letter() -> None:
    assert list(letters_of(strategy('statement = { on = "month end - 1" }\n' + SHORT))) == ["friendly", "statement"]


CALLED = SHORT.replace('say = "friendly"', 'call = "overdue"')


def test_a_call_needs_its_script_and_goes_on_without() -> None:
    assert list(letters_of(strategy(CALLED))) == ["call-overdue"]
    (missing,) = missing_letters(strategy(CALLED), {})
    assert str(missing) == (
        'acme.toml:2: warning: the script "call-overdue" is missing in "en"; write letters/en/call-overdue.txt'
    )
    assert missing.level is Level.WARNING


def test_a_script_threatens_nothing_either() -> None:
    (threat,) = threats(CALLED, **{"call-overdue": "Subject: Call\n\nSay that our lawyer will write."})
    assert threat.startswith('letters/en/call-overdue.txt:3:14: warning: "lawyer": nothing after step "first"')


def test_the_languages_of_a_strategy_are_those_it_names_each_once() -> None:
    text = 'language = { default = "en", DE = "de", AT = "de", FR = "fr" }\n' + SHORT
    assert languages_of(strategy(text)) == ("en", "de", "fr")


def test_a_letter_is_missed_in_each_language_that_has_none() -> None:
    text = 'language = { default = "en", DE = "de" }\n' + SHORT
    assert [str(mistake) for mistake in missing_letters(strategy(text), letters(friendly="…"))] == [
        'acme.toml:3: the letter "friendly" is missing in "de"; write letters/de/friendly.txt'
    ]


def test_nothing_is_missed_where_all_letters_are_there() -> None:
    assert missing_letters(strategy(SHORT), letters(friendly="…")) == ()


# Threats


@pytest.mark.parametrize(
    "word",
    [
        "collection agency",
        "collections agencies",
        "debt collectors",
        "legal action",
        "Legal Proceedings",
        "court",
        "our solicitors",
        "an attorney",
        "Inkassounternehmen",
        "Inkasso",
        "gerichtliche",
        "Rechtsanwalt",
        "Mahnbescheid",
        "rechtliche Schritte",
    ],
)
def test_a_threat_that_no_step_carries_out_is_found(word: str) -> None:
    assert len(threats(SHORT, friendly=f"Subject: x\n\nOr else {word} follows.\n")) == 1


@pytest.mark.parametrize(
    "text", ["as a courtesy", "your courtyard", "{{ court }}", "{# court #}", "Gericht" + "ete"[:0]]
)
def test_only_whole_words_of_the_letter_itself_are_threats(text: str) -> None:
    assert bool(threats(SHORT, friendly=text)) is (text == "Gericht")


def test_a_threat_is_told_with_its_place_in_the_letter() -> None:
    (told,) = threats(SHORT, friendly="Subject: x\n\nDear {{ person.name }}, in court.\n")
    assert told == (
        'letters/en/friendly.txt:3:28: warning: "court": nothing after step "first" of schedule "s" hands the account '
        "over; leave it out, or add the step that does it"
    )


def test_a_threat_that_a_later_placement_carries_out_is_none() -> None:
    assert threats(PLACED, friendly="a collection agency", final="a collection agency") == []


FINAL = 'final = { at = "due + 45", say = "final", approve = true }\n'


@pytest.mark.parametrize(
    ("later", "carried"),
    [
        (FINAL + 'away = { at = "final + 14", place = "x", approve = true }\n', True),
        (FINAL + 'away = { at = "month end + 90", place = "x", approve = true, after = "final" }\n', True),
        ('call = { at = "due + 9", call = "overdue" }\n', False),
        ('next = { at = "due + 9", say = "reminder" }\n', False),
        ('desk = { at = "due + 9", notify = "owner" }\n', False),
    ],
)
def test_only_a_placement_or_an_approved_letter_that_comes_later_carries_out_a_threat(
    later: str, carried: bool
) -> None:
    text = SHORT.replace("\n[[segment]]", f"{later}\n[[segment]]")
    assert (threats(text, friendly="a collection agency") == []) is carried


def test_a_threat_before_a_last_letter_is_none() -> None:
    text = SHORT.replace("\n[[segment]]", 'final = { at = "due + 45", say = "final", approve = true }\n\n[[segment]]')
    assert threats(text, friendly="legal action") == []


def test_a_threat_in_the_last_letter_that_nothing_follows_is_found() -> None:
    text = SHORT.replace("\n[[segment]]", 'final = { at = "due + 45", say = "final", approve = true }\n\n[[segment]]')
    assert len(threats(text, final="legal action")) == 1


def test_a_placement_on_an_earlier_day_does_not_carry_out_a_threat() -> None:
    steps = """zero = { at = "due - 5", say = "zero", approve = true }
away = { at = "due + 1", place = "northgate", approve = true }

[[segment]]"""
    text = SHORT.replace("\n[[segment]]", steps)
    assert threats(text, zero="a collection agency") == []
    assert len(threats(text, friendly="a collection agency")) == 1


@pytest.mark.parametrize("words", ["a late fee", "statutory interest", "Verzugszinsen", "Mahngebühren"])
def test_a_charge_is_a_threat_as_long_as_no_step_charges(words: str) -> None:
    assert len(threats(PLACED, friendly=words)) == 1


# Steps that were renamed


def test_a_step_that_does_what_one_of_another_name_did_is_asked_about() -> None:
    (mistake,) = renamed(strategy(SHORT), strategy(SHORT.replace("first", "erste")))
    assert str(mistake) == (
        'acme.toml:2: warning: "erste" does what "first" did: whoever had that one gets it again; '
        "keep the old name, or make sure that this is meant"
    )


def test_a_step_that_is_new_is_not_taken_for_a_renamed_one() -> None:
    other = SHORT.replace("\n[[segment]]", 'second = { at = "due + 9", say = "reminder" }\n\n[[segment]]')
    assert renamed(strategy(SHORT), strategy(other)) == ()
    assert renamed(strategy(SHORT), strategy(SHORT.replace("due + 3", "due + 4"))) == ()


def test_a_letter_that_is_nearly_one_is_offered() -> None:
    text = SHORT.replace('say = "friendly"', 'say = "frendly"')
    (missing,) = missing_letters(strategy(text), letters(friendly="…"))
    assert missing.right == 'did you mean "friendly"? Otherwise write letters/en/frendly.txt'
