"""Every setting as it counts, and where it was said."""

import pytest

from tests.dunwell.cli.desk import Desk

PLATFORM, FOLDER, OFTEN = 'platform = "quickbooks"', 'folder = "out"', 'gap = "often"'
OVERRIDES = """
[ledgers.brindle.overrides.contact]
gap = 9

[ledgers.brindle.overrides.holds]
reply = 8
"""


@pytest.fixture
def own(desk: Desk) -> Desk:
    """A ledger that overrides what a strategy of the firm says, which inherits from a shipped one."""
    desk.write("strategies/house.toml", 'inherits = "standard"\n\n[contact]\ngap = 6\nhours = "10:00-12:00"\n')
    desk.edit("[ledgers.brindle]", '[ledgers.brindle]\nstrategy = "house"')
    desk.config.write_text(desk.config.read_text("utf-8") + OVERRIDES, "utf-8")
    return desk


def told(desk: Desk, *args: str) -> dict[str, tuple[str, str]]:
    """Value and origin by setting, files without their folders."""
    rows = desk.did("explain-config", "brindle", *args).rows
    return {setting: (value, origin.rsplit("/", 1)[-1]) for setting, value, origin in rows}


def line(desk: Desk, of: str) -> int:
    return desk.config.read_text("utf-8").splitlines().index(of) + 1


def test_every_value_of_a_ledger_knows_who_said_it_last(own: Desk) -> None:
    found = told(own)
    assert found["contact.gap"] == ("9", f"config.toml:{line(own, 'gap = 9')}")
    assert found["contact.hours"] == ('"10:00-12:00"', "house.toml:5")
    assert found["contact.missed"] == ('"latest"', "standard.toml:20")
    assert found["ledgers.brindle.platform"] == ('"quickbooks"', f"config.toml:{line(own, PLATFORM)}")
    assert found["ledgers.brindle.approval"] == ('"all"', "default")
    assert found["ledgers.brindle.mail.folder"] == ('"out"', f"config.toml:{line(own, FOLDER)}")


def test_a_customers_own_word_wins_over_its_segment_and_that_over_the_ledger(own: Desk) -> None:
    before = told(own, "mallowfield")
    assert before["contact.gap"] == ("9", f"config.toml:{line(own, 'gap = 9')}")
    assert before["holds.reply"][0] == "8"
    assert (before["segment.name"][0], before["language"]) == ('"everyone else"', ("en", "strategy"))
    own.did("profile", "brindle", "mallowfield", "--set", "contact.gap=14", "--set", "language=de")
    after = told(own, "mallowfield")
    assert (after["contact.gap"], after["language"]) == (("14", "profile"), ("de", "profile"))


@pytest.mark.parametrize("everywhere", ["", "most = { contacts = 5, days = 30 }\n"])
def test_a_customers_own_word_takes_the_place_of_all_that_it_says_otherwise(own: Desk, everywhere: str) -> None:
    own.edit("gap = 9\n", f"gap = 9\n{everywhere}")
    own.did("profile", "brindle", "mallowfield", "--set", "contact.most=3/30")
    rows = own.did("explain-config", "brindle", "mallowfield").rows
    assert [row for row in rows if row[0].startswith("contact.most")] == [["contact.most", "3/30", "profile"]]


def test_a_default_in_words_is_told_in_whole_words(own: Desk) -> None:
    assert told(own, "mallowfield")["segment.stay"] == ("as when", "default")


def test_what_is_wrong_with_an_override_is_told_at_its_line(own: Desk) -> None:
    own.edit("gap = 9", 'gap = "often"')
    code, said = own.failed("plan", "brindle")
    assert code == 2
    assert f'config.toml:{line(own, OFTEN)}:7: "gap" takes a whole number' in said
    found = [
        row for row in own.dunwell("check").rows if row[1:2] == ["strategies and letters"] and "takes a whole" in row[3]
    ]
    assert len(found) == 1


def test_an_override_is_part_of_what_the_journal_keeps(own: Desk) -> None:
    own.did("run")
    own.edit(
        "gap = 9",
        'gap = 9\n\n[ledgers.brindle.overrides.schedule.standard]\nhello = { at = "due + 1", say = "friendly" }',
    )
    own.did("run")
    own.edit("hello", "good-day")
    assert any('does what "hello" did' in row[3] for row in own.dunwell("check").rows)
