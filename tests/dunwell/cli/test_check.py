"""Everything that is wrong, missing or odd, at once."""

import json

from tests.dunwell.cli.desk import MONDAY, Desk, Firm


def levels(desk: Desk, *args: str) -> dict[str, list[str]]:
    """What is found, by level."""
    found: dict[str, list[str]] = {}
    for one in json.loads(desk.dunwell("check", *args, "--json").out)["findings"]:
        found.setdefault(one["level"], []).append(f"{one['record']} {one['what']}".strip())
    return found


def test_a_ledger_that_is_as_it_should_be(desk: Desk) -> None:
    said = desk.dunwell("check")
    assert said.code == 0
    good = [row[1:4] for row in said.rows if row[0] == "good"]
    letters = good.pop(3)
    assert letters[2].endswith(" letters, all can be sent")
    assert good == [
        ["settings", str(desk.config), "can be read; ledgers: brindle"],
        ["settings", "key", "the key of the tokens is there"],
        ["strategies and letters", "standard", "5 segments, can be used"],
        ["ledger brindle", "", "connected to Brindlewick Field Services"],
        ["ledger brindle", "", "read within the hour"],
        ["ledger brindle", "", "matched through 2026-03-02, said Ann on 2026-03-02"],
        ["ledger brindle", "", "55 accounts agree with the platform's own balances"],
    ]


def test_odd_records_of_the_books_are_named(desk: Desk) -> None:
    assert levels(desk)["note"] == [
        '41 customers who owe have no legal form: "final", a letter before action, waits for it',
        "invoice 1875 It has no due date; 2025-11-28 is assumed. Give it one in the books.",
        "invoice 1975 It has no due date; 2026-01-19 is assumed. Give it one in the books.",
    ]


def test_online_asks_the_platform(desk: Desk) -> None:
    assert "the platform answers: Brindlewick Field Services" in levels(desk, "--online")["good"]


def test_a_dead_connection_is_found_online(firm: Firm, desk: Desk) -> None:
    firm.sandbox.faults.add("expired", path="/v3/", times=None)
    try:
        said = desk.dunwell("check", "--online")
    finally:
        firm.sandbox.faults.clear()
    assert said.code == 4
    assert [row[4] for row in said.rows if row[0] == "person"] == ["dunwell connect brindle"]


def test_what_holds_everybody_needs_a_person(desk: Desk) -> None:
    desk.edit('platform_reminders = "off"\nplatform_reminders_seen = 2026-03-01\n', "")
    desk.clock().advance_to(MONDAY.replace(day=20))
    assert desk.dunwell("check").code == 4
    assert levels(desk)["person"] == [
        "The books must be at most a day old (last read: 2026-03-02): run dunwell sync.",
        (
            "The books must be matched through a day at most 5 business days back (last: 2026-03-02): match them, "
            "then say so with dunwell reconciled."
        ),
        (
            "Nobody has confirmed that the platform's own reminders are off: look, then set platform_reminders = "
            '"off" with the day.'
        ),
    ]


def test_a_ledger_that_is_not_connected_and_never_read(firm: Firm, desk: Desk) -> None:
    for file in (desk.folder / "data").iterdir():
        file.unlink()
    said = desk.dunwell("check")
    assert said.code == 4
    assert [row[3:] for row in said.rows if row[0] == "person"] == [
        ["it is not connected", "dunwell connect brindle"],
        ["it was never read", "dunwell sync brindle"],
    ]


def test_wrong_settings_are_all_shown(desk: Desk) -> None:
    desk.edit('client_id = "sandbox-app"', "client_id = 7").edit("[mail]", "[post]")
    said = desk.dunwell("check")
    assert said.code == 2
    assert [(row[0], row[2].rpartition("/")[2], row[3]) for row in said.rows] == [
        ("wrong", "config.toml:5:1", '"post" is no setting here'),
        ("wrong", "config.toml:12:13", '"client_id" takes a text in quotes, not 7'),
    ]


def test_strategies_and_letters_of_the_firm_are_read_whether_used_or_not(desk: Desk) -> None:
    desk.write("strategies/new.toml", 'inherits = "standard"\n\n[contact]\ngap = -1\n')
    desk.write("strategies/letters/en/friendly.txt", "Subject: Hello\n\nDear {{ custmer.name }},\n\nplease pay.\n")
    found = levels(desk)["wrong"]
    assert found[0].endswith('new.toml:4:7 "gap" takes a whole number from 0 to 365, not -1')
    assert found[1] == "letters/en/friendly.txt:3 there is no field custmer"
    assert desk.dunwell("check").code == 2


def test_a_letter_that_is_missing_is_named_for_each_language(desk: Desk) -> None:
    desk.edit("platform_reminders_seen", 'strategy = "house"\nplatform_reminders_seen')
    desk.write(
        "strategies/house.toml",
        'inherits = "standard"\n\n[schedule.standard]\nfirst = { at = "due + 2", say = "hello" }\n',
    )
    found = levels(desk)["wrong"]
    assert [one.partition(" ")[2] for one in found] == [
        'the letter "hello" is missing in "en"',
        'the letter "hello" is missing in "de"',
    ]


def test_missing_and_open_secrets_are_named(desk: Desk) -> None:
    (desk.folder / "secret").chmod(0o644)
    assert any(
        one.startswith("client secret of brindle others on this machine may read") for one in levels(desk)["note"]
    )
    (desk.folder / "secret").unlink()
    assert levels(desk)["wrong"] == [
        (
            f"client secret of brindle client secret of brindle: {desk.folder}/secret cannot be read (No such file or "
            "directory)"
        )
    ]
    (desk.folder / "key").unlink()
    assert desk.dunwell("check").code == 2


def test_a_sender_that_is_still_an_example_is_noted_once_letters_leave(desk: Desk) -> None:
    assert not any("an example" in one for one in levels(desk)["note"])
    desk.edit('folder = "out"', 'host = "smtp.brindlewick.example"')
    (note,) = [one for one in levels(desk)["note"] if "an example" in one]
    assert note == "mail of brindle letters leave from accounts@brindlewick.example, which is an example and nobody's"


def test_roles_without_an_address_are_noted(desk: Desk) -> None:
    desk.edit('owner = "owner@firm.example"', 'clerk = "clerk@firm.example"')
    (note,) = [one for one in levels(desk)["note"] if "strategy tells" in one]
    assert note == 'the strategy tells "owner", who has no address here: a task waits instead'


def test_a_language_without_letters_is_noted(desk: Desk) -> None:
    desk.did("profile", "brindle", "mallowfield", "--set", "language=fr-CA")
    (note,) = [one for one in levels(desk)["note"] if "speak" in one]
    assert note == "1 customer speaks fr-CA, which has no letters: letters in en are sent"


def test_a_step_that_was_called_otherwise_when_it_was_decided_last_is_asked_about(planned: Desk) -> None:
    """Also where the step stands in a strategy that this one inherits from."""
    own = 'inherits = "house"\n'
    house = 'inherits = "standard"\n\n[schedule.standard]\nearly = { at = "due + 4", say = "reminder" }\n'
    planned.write("strategies/house.toml", house)
    planned.write("strategies/acme.toml", own)
    planned.edit("[ledgers.brindle]", '[ledgers.brindle]\nstrategy = "acme"')
    planned.did("run")
    assert not [one for one in levels(planned)["note"] if "whoever had" in one]
    planned.write("strategies/house.toml", house.replace("early", "soon"))
    (note,) = [one for one in levels(planned)["note"] if "whoever had" in one]
    assert note.endswith('house.toml:4 "soon" does what "early" did: whoever had that one gets it again')


def test_days_that_may_be_another_countrys_are_noted(desk: Desk) -> None:
    desk.edit('time_zone = "America/New_York"\n', "")
    said = desk.dunwell("check")
    assert [row[3:] for row in said.rows if "time zone" in row[3]] == [
        [
            "its time zone is not known, so its days are those of UTC",
            'write time_zone = "America/New_York", or what it is, under [ledgers.brindle]',
        ]
    ]


def test_what_may_have_left_and_what_waits_is_found(planned: Desk) -> None:
    from tests.dunwell.cli.test_outbox import unknown

    first = unknown(planned)
    planned.dunwell("run")
    found = levels(planned)
    assert found["person"] == [f"message {first} of 2026-03-02 may or may not have left"]
    assert "33 messages wait to be approved" in found["note"]


def test_a_reading_that_broke_off_is_told(firm: Firm, desk: Desk) -> None:
    firm.sandbox.faults.add("broken", path="/v3/", times=None)
    try:
        desk.dunwell("sync")
    finally:
        firm.sandbox.faults.clear()
    said = desk.dunwell("check")
    assert said.code == 1
    assert [row[3].partition(" (")[0] for row in said.rows if row[0] == "failed"] == [
        "the last reading broke off: The platform failed"
    ]
