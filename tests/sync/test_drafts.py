"""Letters to be read before they leave are those of the day that is looked at, in the words of that day's strategy."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sync import cycle, profiles
from sync.drafts import Draft, drafts
from tests.sync.firm import Firm, a_firm, with_strategy

STRATEGY = """
strategy = "test"
inherits = "standard"
statement = ""

[contact]
gap = 2

[schedule.one]
first  = { at = "due + 1", say = "word" }
second = { at = "due + 4", say = "word", deadline = 14, lawful = ["US"] }

[[segment]]
name = "everyone"
schedule = "one"
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    folder = tmp_path_factory.mktemp("drafts")
    with a_firm(folder, strategy=STRATEGY) as opened:
        for language, word in (("en", "A word"), ("de", "Ein Wort")):
            letter = folder / "strategies" / "letters" / language / "word.txt"
            letter.parent.mkdir(parents=True)
            letter.write_text(f"Subject: {word}\n\n{{{{ today }}}}, {{{{ deadline.by }}}}\n\n{{{{ table }}}}\n")
        name, customer_id = opened.customer()
        opened.invoice(name, days_late=1)
        opened.refresh()
        profiles.apply(opened.bench.store, opened.bench.moment("Ann"), customer_id, {"country": "US", "language": "nl"})
        opened.run()
        yield opened


def drafted(firm: Firm, day: date) -> list[Draft]:
    """What is to be read for a day: exactly what that day's plan would say."""
    found = list(drafts(firm.bench, day))
    planned = [one for decision in cycle.preview(firm.bench, day) for one in decision.touchpoints]
    assert [one.touchpoint for one in found] == planned
    assert [one.trouble for one in found] == [""] * len(found)
    return found


def test_letters_of_a_day_to_come_are_that_days_and_dated_with_it(firm: Firm) -> None:
    (draft,) = drafted(firm, firm.bench.today() + timedelta(days=3))
    assert draft.touchpoint.step == "second"
    assert b"March 5, 2026, March 19, 2026" in draft.content  # it is the 2nd


def test_a_letter_that_is_not_there_in_a_language_is_wholly_in_the_other(firm: Firm) -> None:
    (draft,) = drafted(firm, firm.bench.today() + timedelta(days=3))
    assert draft.touchpoint.language == "nl"
    assert all(one in draft.content for one in (b"Subject: A word", b"March 5", b"Please pay", b"$1,200.00"))


def test_letters_of_a_day_gone_by_are_those_that_its_strategy_said(firm: Firm) -> None:
    monday = firm.bench.today()
    firm.sleep(days=1)
    text = f'language = "de"{STRATEGY}'.replace("word", "reminder")
    changed = replace(firm, bench=with_strategy(firm.bench, text))
    changed.refresh()
    changed.run()
    (draft,) = drafted(changed, monday)
    assert draft.touchpoint.letter == "word"
    assert b"Subject: A word" in draft.content  # from Tuesday on in German, for who speaks a language without letters
