"""Every error that a user can meet, in full, with its exit code."""

from pathlib import Path

import pytest

from dunwell.cli.ending import Code, worst
from dunwell.sandbox.faults import Faults
from tests.dunwell.cli.desk import Desk, Firm, elsewhere

NAMED = {
    "aging brindel": (2, "there is no ledger brindel in config.toml; did you mean brindle?"),
    "aging zzz": (2, "there is no ledger zzz in config.toml; there are: brindle"),
    "customer brindle Malowfield": (
        2,
        'there is no customer "Malowfield" in brindle; did you mean "Mallowfield Tailors"?',
    ),
    "customer brindle xyzzy": (2, 'there is no customer "xyzzy" in brindle; dunwell customers brindle lists them'),
    "customer brindle quillmere": (
        2,
        (
            'there are 2 customers "quillmere" in brindle: Quillmere Allotment Society (#48), Quillmere Veterinary '
            "Group (#36); write more of the name, or the id with its #"
        ),
    ),
    "explain brindle 18756": (2, "there is no invoice 18756 in brindle; did you mean 1876?"),
    "explain brindle nosuch": (
        2,
        "there is no invoice nosuch in brindle; if it is new, read the books: dunwell sync brindle",
    ),
    "profile brindle mallowfield --set langauge=de": (
        2,
        'there is no field langauge; did you mean "language"?',
    ),
    "profile brindle mallowfield --set language": (2, '--set takes FIELD=VALUE, as in language=de, not "language"'),
    "statement brindle mallowfield --kind activity --from 2026-03-05": (
        2,
        "a period from 2026-03-05 to 2026-03-02 ends before it begins",
    ),
    "statement brindle mallowfield --currency xyz --out -": (
        2,
        "nothing of Mallowfield Tailors is in XYZ; there is USD",
    ),
    "statement brindle mallowfield --currency xyz --kind activity --out -": (
        2,
        "nothing of Mallowfield Tailors is in XYZ; there is USD",
    ),
    **{
        f"{typed} --as-of 2027-03-04": (
            2,
            (
                f"{whose}2027-03-04 is more than a year away; is the year right? Days to come are told through "
                "2027-03-03, as if nothing changed until then"
            ),
        )
        for typed, whose in {
            "explain brindle 1856": "",
            "plan brindle": "",
            "run brindle": "brindle: ",
            "aging brindle": "",
            "customers brindle": "",
            "small brindle": "",
            "statement brindle mallowfield --out -": "",
        }.items()
    },
    "connect brindle --token-file nosuch.json": (1, "nosuch.json: No such file or directory"),
}

MISTYPED = {
    "aging": "Missing argument 'LEDGER'.",
    "aging brindle --as-of 2026-02-30": "'2026-02-30' is no day; write it as in 2026-03-22",
    **{
        f"{typed} 0001-01-01": "'0001-01-01' is before any books; is the year right?"
        for typed in (
            "explain brindle 1856 --as-of",
            "statement brindle lund --kind activity --as-of",
            "statement brindle lund --kind activity --from",
        )
    },
    **{
        f"{typed} {number}": f"'{number}' is no number of a record; write it as the list shows it"
        for typed in (
            "hold end brindle",
            "payment-plan accept brindle",
            "payment-plan end brindle",
            "promise end brindle",
            "dispute end brindle --outcome valid",
            "dispute answer brindle",
            "claim end brindle",
            "touch end brindle",
            "bounce end brindle",
            "tasks brindle --done",
            "tasks brindle --show",
            "agency pack brindle --out x",
        )
        for number in (2**63, 0, "9" * 5000)
    },
    "hold add brindle lund --kind paused --reason p\udcff": "'p\\udcff' is not UTF-8; type it again in a terminal",
    "promise add brindle lund --on friday": "'friday' is no day; write it as in 2026-03-22",
    "promise add brindle lund --on 2026-03-22 --amount 1.200,00": "'1.200,00' is no amount; write it as in 1200.50",
    "payment-plan add brindle lund --instalments 2 --first 2026-03-22 --amounts lots;5": (
        "'lots' is no amount; write it as in 1200.50"
    ),
    "promise add brindle lund --on 2026-03-22 --amount 0": "'0' is no amount; write it as in 1200.50",
    "profile brindle": "Name a customer, or a file with --import.",
    "profile brindle lund --import x.csv": "--import takes its customers from the file; leave the rest out.",
    "statement brindle lund --from 2026-01-01": "--from belongs to --kind activity.",
    "plan brindle --jsn": "No such option '--jsn'. Did you mean '--json'?",
}


@pytest.mark.parametrize(("typed", "end"), NAMED.items())
def test_what_is_not_there_is_named_with_the_nearest(reader: Desk, typed: str, end: tuple[int, str]) -> None:
    assert reader.failed(*typed.split()) == end


@pytest.mark.parametrize(("typed", "sentence"), MISTYPED.items())
def test_what_is_mistyped_is_said_after_the_usage(reader: Desk, typed: str, sentence: str) -> None:
    code, said = reader.failed(*typed.split())
    usage, _, error = said.partition("\n")
    assert (code, usage.split()[:2]) == (2, ["Usage:", "dunwell"])
    assert sentence in error


def test_without_settings_it_says_where_it_looked(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.failed("aging", "acme") == (2, f"there is no file config.toml; make one with dunwell init {tmp_path}")


def test_wrong_settings_are_told_all_at_once_and_nothing_runs(desk: Desk) -> None:
    desk.edit('time_zone = "America/New_York"', 'time_zone = "America/Newyork"\nstrateg = "firm"')
    assert desk.failed("run") == (
        2,
        (
            'config.toml:17:13: "time_zone" takes a time zone, as in "America/New_York", not "America/Newyork"; for '
            'example time_zone = "America/New_York"\n'
            '   17 | time_zone = "America/Newyork"\n'
            "      |             ^^^^^^^^^^^^^^^^^\n"
            "\n"
            'config.toml:18:1: "strateg" is no setting here; did you mean "strategy"?\n'
            '   18 | strateg = "firm"\n'
            "      | ^^^^^^^"
        ),
    )


def test_a_wrong_strategy_is_told_with_its_line_and_nothing_runs(desk: Desk) -> None:
    desk.edit("platform_reminders_seen", 'strategy = "house"\nplatform_reminders_seen')
    desk.write("strategies/house.toml", 'inherits = "standard"\n\n[contact]\ngap = "five"\nhour = "09:00-12:00"\n')
    assert desk.failed("run") == (
        2,
        (
            'strategies/house.toml:4:7: "gap" takes a whole number from 0 to 365, not "five"; for example gap = 5\n'
            '    4 | gap = "five"\n'
            "      |       ^^^^^^\n"
            "\n"
            'strategies/house.toml:5:1: "hour" is no setting here; did you mean "hours"?\n'
            '    5 | hour = "09:00-12:00"\n'
            "      | ^^^^"
        ),
    )


def test_an_unknown_strategy_suggests_the_nearest(desk: Desk) -> None:
    desk.edit("platform_reminders_seen", 'strategy = "standrad"\nplatform_reminders_seen')
    assert desk.failed("plan", "brindle") == (2, "there is no strategy standrad; did you mean standard?")


def test_a_ledger_without_mail_says_what_to_add(desk: Desk) -> None:
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace(text[text.index("[mail]") : text.index("[ledgers")], ""), "utf-8")
    assert desk.failed("plan", "brindle") == (2, "ledger brindle has no [mail] to send from; add one to config.toml")


def test_no_ledger_at_all(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("config.toml", '[firm]\nname = "Demo"\n')
    said = desk.dunwell("run", env={"DUNWELL_CLOCK": ""})
    assert (said.code, said.err) == (2, f"there is no ledger in {desk.config}; add one, then run: dunwell check\n")


def test_a_missing_key_is_named(desk: Desk) -> None:
    (desk.folder / "key").unlink()
    assert desk.failed("run") == (
        2,
        "brindle: the key of the tokens: key cannot be read (No such file or directory)",
    )


def test_the_wrong_key_is_named(desk: Desk) -> None:
    from dunwell.config import sealing

    (desk.folder / "key").unlink()
    sealing.make_key(desk.folder / "key")
    assert desk.failed("sync") == (
        2,
        (
            "brindle: the key does not open the tokens of ledger brindle: use the key they were stored with, or "
            "connect again: dunwell connect brindle"
        ),
    )


def test_a_virtual_clock_is_for_this_machine_only(desk: Desk) -> None:
    import re

    text = desk.config.read_text("utf-8")
    desk.config.write_text(re.sub(r'api_url = ".*"\n', "", text), "utf-8")
    assert desk.failed("plan", "brindle") == (
        2,
        "DUNWELL_CLOCK is for ledgers on this machine, and brindle has no api_url on it; unset it",
    )


def test_a_ledger_that_was_never_read(firm: Firm, tmp_path: Path) -> None:
    desk = firm.desk.copy(tmp_path / "firm")
    for file in (desk.folder / "data").glob("dunwell.sqlite*"):
        file.unlink()
    assert desk.failed("aging", "brindle") == (
        1,
        "ledger brindle has never been read; read it: dunwell sync brindle",
    )


def test_a_ledger_that_is_not_connected_needs_a_person(firm: Firm, tmp_path: Path) -> None:
    desk = firm.desk.copy(tmp_path / "firm")
    for file in (desk.folder / "data").iterdir():
        file.unlink()
    assert desk.failed("sync") == (
        4,
        "brindle: It is not connected (ledger brindle); connect it again: dunwell connect brindle",
    )


def test_a_ledger_stays_with_its_company(desk: Desk) -> None:
    tokens = desk.folder / "tokens.json"
    tokens.write_text(tokens.read_text("utf-8").replace("9341360438125598", "77"), "utf-8")
    assert desk.failed("connect", "brindle", "--token-file", str(tokens)) == (
        2,
        (
            "ledger brindle belongs to company 9341360438125598 (9341360438125598), not to company 77 (77); name a new "
            "ledger for that company"
        ),
    )


TWICE = "is both ledger brindle and ledger second, and its customers would be written to twice; take one of the two out"


def beside(desk: Desk, name: str) -> None:
    """Another ledger in the settings, of the same company."""
    text = desk.config.read_text("utf-8")
    section = text.partition("[ledgers.brindle]")[2].partition("[ledgers.brindle.people]")[0]
    desk.config.write_text(f"{text}\n[ledgers.{name}]{section}", "utf-8")


def test_no_company_is_connected_to_two_ledgers(desk: Desk) -> None:
    beside(desk, "second")
    code, said = desk.failed("connect", "second", "--token-file", str(desk.folder / "tokens.json"))
    assert (code, TWICE in said) == (2, True)


def test_of_two_ledgers_that_are_one_company_none_is_worked_on(desk: Desk) -> None:
    """Neither knows of the other's contacts, holds and promises, and everything would be said twice."""
    one = desk.config.read_text("utf-8")
    beside(desk, "second")
    both = desk.config.read_text("utf-8")
    desk.config.write_text(one.replace("[ledgers.brindle", "[ledgers.second"), "utf-8")
    desk.did("connect", "second", "--token-file", str(desk.folder / "tokens.json"))
    desk.config.write_text(both, "utf-8")
    code, said = desk.failed("run", "--send")
    assert code != 0
    assert "brindle: " in said
    assert "second: " in said
    assert said.count("would be written to twice") == 2


def test_a_dead_connection_says_the_one_command_that_mends_it(desk: Desk, faults: Faults) -> None:
    faults.add("expired", path="/v3/", times=None)
    code, said = desk.failed("sync")
    assert code == 4
    assert said.startswith("brindle: quickbooks refuses a token that it has just issued (ledger brindle); connect")
    assert said.endswith("; connect it again: dunwell connect brindle")


def test_a_mail_password_that_is_not_there_needs_a_person_and_fails_no_message(desk: Desk) -> None:
    desk.edit('folder = "out"', 'host = "mail.example"\nuser = "anna"\npassword = { file = "gone" }')
    desk.did("run", "brindle")
    desk.did("approve", "brindle", "--all")
    code, err = desk.failed("run", "brindle", "--send")
    assert (code, "brindle: mail password" in err, "gone" in err) == (4, True, True), err
    states = {
        one["state"] for one in desk.did("outbox", "brindle", "--json").json["outbox"] if one["kind"] == "message"
    }
    assert states == {"approved"}


def test_a_platform_that_is_broken_is_named_with_what_was_read(desk: Desk, faults: Faults) -> None:
    faults.add("broken", path="/v3/", times=None)
    code, said = desk.failed("sync")
    assert code == 1
    assert said.startswith("brindle: The platform failed (ledger brindle, reading ")
    assert "HTTP 500" in said


def test_a_day_that_is_used_up_is_continued_tomorrow(desk: Desk, faults: Faults) -> None:
    faults.add("day_limit", path="/v3/", times=None)
    code, said = desk.failed("sync")
    assert code == 1
    assert said.startswith("brindle: ")
    assert "; nothing was lost, run the same again " in said


def test_a_platform_that_is_away_is_named(firm: Firm, tmp_path: Path) -> None:
    desk = firm.desk.copy(tmp_path / "firm").edit(f'api_url = "{firm.sandbox.url}"', 'api_url = "http://localhost:9"')
    code, said = desk.failed("sync")
    assert code == 1
    assert said.startswith("brindle: quickbooks cannot be reached (ConnectError) (ledger brindle, ")
    assert said.endswith("; nothing was lost, run the same again in a minute")


def test_one_bad_ledger_does_not_stop_the_firm(firm: Firm, tmp_path: Path) -> None:
    desk = firm.desk.copy(tmp_path / "firm")
    ledger = desk.config.read_text("utf-8").partition("[ledgers.brindle]")[2].partition("[ledgers")[0]
    away = ledger.replace(f'api_url = "{firm.sandbox.url}"', 'api_url = "http://localhost:9"')
    desk.config.write_text(f"{desk.config.read_text('utf-8')}\n[ledgers.away]{away}", "utf-8")
    said = desk.dunwell("run", "away", "brindle")
    assert said.code == 4
    assert said.err == ("away: It is not connected (ledger away); connect it again: dunwell connect away\n")
    assert [row[0] for row in said.rows] == ["brindle"]


def test_a_ledger_whose_strategy_is_gone_does_not_stop_the_firm_unless_it_is_named(firm: Firm, tmp_path: Path) -> None:
    desk = firm.desk.copy(tmp_path / "firm")
    ledger = desk.config.read_text("utf-8").partition("[ledgers.brindle]")[2].partition("[ledgers")[0]
    lost = f'{elsewhere(ledger)}strategy = "gone"\n'
    desk.config.write_text(f"{desk.config.read_text('utf-8')}\n[ledgers.another]{lost}", "utf-8")
    for command in ("run", "sync"):
        said = desk.dunwell(command)
        assert said.code == 2
        assert said.err == "another: there is no strategy gone; dunwell init shows some\n"
        assert [row[0] for row in said.rows] == ["brindle"]
        assert desk.failed(command, "another", "brindle")[0] == 2
        assert desk.dunwell(command, "another", "brindle").rows == []


@pytest.fixture
def three(firm: Firm, tmp_path: Path) -> Desk:
    """A firm with a ledger that works, one whose platform is away, and one that is not connected."""
    desk = firm.desk.copy(tmp_path / "firm")
    ledger = desk.config.read_text("utf-8").partition("[ledgers.brindle]")[2].partition("[ledgers")[0]
    desk.config.write_text(f"{desk.config.read_text('utf-8')}\n[ledgers.away]{ledger}\n[ledgers.lost]{ledger}", "utf-8")
    desk.edit(f"\n[ledgers.away]{ledger}", f"\n[ledgers.away]{elsewhere(ledger)}")
    desk.did("connect", "away", "--token-file", str(desk.folder / "tokens.json"))
    before, _, after = desk.config.read_text("utf-8").partition("[ledgers.away]")
    gone = after.replace(f'api_url = "{elsewhere(firm.sandbox.url)}"', 'api_url = "http://localhost:9"', 1)
    desk.config.write_text(f"{before}[ledgers.away]{gone}", "utf-8")
    return desk


@pytest.mark.parametrize(
    ("named", "code", "worked"),
    [
        ("brindle", 0, ["brindle"]),
        ("away", 1, []),
        ("away brindle", 3, ["brindle"]),
        ("lost", 4, []),
        ("away lost brindle", 4, ["brindle"]),
        ("away lost brindle nosuch", 2, []),
    ],
)
def test_the_exit_code_says_the_most_of_several(three: Desk, named: str, code: int, worked: list[str]) -> None:
    said = three.dunwell("run", *named.split())
    assert (said.code, [row[0] for row in said.rows]) == (code, worked)


def test_two_beats_four_beats_three_beats_one() -> None:
    assert worst([Code.FAILED, Code.PERSON, Code.WRONG, Code.SOME_LEDGERS]) is Code.WRONG
    assert worst([Code.FAILED, Code.PERSON, Code.SOME_LEDGERS]) is Code.PERSON
    assert worst([Code.FAILED, Code.SOME_LEDGERS, Code.DONE]) is Code.SOME_LEDGERS
    assert worst([Code.FAILED, Code.DONE]) is Code.FAILED
    assert worst([]) is Code.DONE
