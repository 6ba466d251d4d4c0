"""config.toml: what it comes to, and everything that can be wrong with it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunwell.config.reading import BadConfig, read
from dunwell.config.records import Secret
from strategy.model import Platform
from sync.settings import WriteBack
from tests.dunwell.config.texts import RIGHT, config, found, mistakes


def test_what_is_written_counts_and_the_rest_has_its_default(tmp_path: Path) -> None:
    read_in = config(tmp_path)
    acme = read_in.ledgers["acme"]
    assert (read_in.firm, read_in.data, read_in.strategies) == (
        "Berg & Partners",
        tmp_path / "data",
        tmp_path / "strategies",
    )
    assert read_in.key == Secret(file=tmp_path / "key")
    assert (acme.platform, acme.strategy, acme.client_id) == (Platform.QUICKBOOKS, "standard", "ABc1")
    assert acme.client_secret == Secret(env="ACME_SECRET")
    assert (acme.approve_all, acme.invoices_leave_here, acme.sandbox) == (True, True, False)
    assert acme.reminders_off_on == date(2026, 11, 21)
    assert acme.people == {"owner": "anna@berg.example"}
    assert acme.write_back == WriteBack(notes=False, statements=False)
    assert read_in.ledgers["brook"].reminders_off_on is None


def test_a_ledgers_own_mail_wins_setting_by_setting(tmp_path: Path) -> None:
    read_in = config(tmp_path)
    ours, theirs = read_in.ledgers["acme"].mail, read_in.ledgers["brook"].mail
    assert ours is not None
    assert theirs is not None
    assert (ours.folder, ours.host) == (tmp_path / "out", "")
    assert (theirs.folder, theirs.host, theirs.port) == (tmp_path / "out", "smtp.brook.example", 587)
    assert theirs.sender.address == "accounts@acme.example"


def test_the_books_are_told_of_what_leaves_by_a_server_and_of_a_folder_only_where_asked(tmp_path: Path) -> None:
    sent = config(tmp_path, RIGHT.replace('folder = "out"', 'host = "smtp.acme.example"'))
    assert sent.ledgers["acme"].write_back == WriteBack(notes=True, statements=True)
    asked = config(tmp_path, ledger("[ledgers.acme.write_back]", "notes = true"))
    assert asked.ledgers["acme"].write_back == WriteBack(notes=True, statements=False)


def test_the_key_is_in_the_environment_where_that_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_KEY", "…")
    assert config(tmp_path).key == Secret(env="DUNWELL_KEY")


def test_ledgers_may_stand_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "elm.toml").write_text(
        '[ledgers.elm]\nplatform = "xero"\nclient_id = "E"\n', encoding="utf-8"
    )
    read_in = config(tmp_path, f'include = ["ledgers/*.toml"]\n{RIGHT}')
    assert list(read_in.ledgers) == ["acme", "brook", "elm"]
    assert read_in.ledgers["elm"].mail == read_in.ledgers["acme"].mail


def test_a_mistake_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "elm.toml").write_text('[ledgers.acme]\nplatform = "xero"\n\n[mail]\nport = 1\n', encoding="utf-8")
    assert mistakes(tmp_path, f'include = ["elm.toml"]\n{RIGHT}') == [
        "elm.toml:1:1: there is a ledger acme already; give one of the two another name",
        'elm.toml:1:1: "client_id" is missing; add client_id = "ABc1"',
        'elm.toml:4:1: "mail" is no setting here; write one of ledgers',
    ]


def test_a_pattern_that_finds_nothing_is_a_warning(tmp_path: Path) -> None:
    read_in = config(tmp_path, f'include = ["nowhere/*.toml"]\n{RIGHT}')
    assert [str(each).replace(f"{tmp_path}/", "") for each in read_in.warnings] == [
        'config.toml:1:12: warning: no file is named like "nowhere/*.toml"; leave it out, or add one'
    ]


def test_a_file_that_cannot_be_read_is_a_mistake_too(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'[firm]\nname = "\xff"\n')
    with pytest.raises(BadConfig, match=r"config\.toml:1: the file is not UTF-8; save it as UTF-8"):
        read(file)
    file.unlink()
    file.mkdir()
    with pytest.raises(BadConfig, match=r"config\.toml:1: the file cannot be read"):
        read(file)


def ledger(*lines: str) -> str:
    """A config with one ledger of these lines."""
    start = '[firm]\nname = "B"\n\n[mail]\nname = "A"\nfrom = "a@b.example"\nfolder = "out"\n\n[ledgers.acme]\n'
    return "\n".join((f'{start}platform = "quickbooks"\nclient_id = "A"', *lines, ""))


BROKEN = {
    "nothing at all": ("", ['config.toml:1: "firm" is missing; add firm = [firm]']),
    "no name": ("[firm]\n", ['config.toml:1:1: "name" is missing; add name = "Berg & Partners"']),
    "a firm that is no table": ('firm = "Berg"\n', ['config.toml:1:8: "firm" takes a table of its own, not "Berg"; …']),
    "not TOML": ('[firm]\nname = Berg"\n', ["config.toml:2:8: …"]),
    "an unknown table": (
        f'{RIGHT}\n[sms]\nhost = "x"\n',
        [
            (
                'config.toml:26:1: "sms" is no setting here; '
                "write one of firm, ledgers, mail, limits, webhooks, agencies, include"
            )
        ],
    ),
    "a ledger's name": (
        RIGHT.replace("ledgers.brook]", "ledgers.Brook]").replace("ledgers.brook.mail]", "ledgers.Brook.mail]"),
        ['config.toml:19:1: "Brook" is no name for a ledger; use small letters, digits, _ and -'],
    ),
    "a platform": (
        RIGHT.replace('"xero"', '"xeros"'),
        ['config.toml:20:12: "xeros" is none of "quickbooks" or "xero"; did you mean "xero"?'],
    ),
    "a date in quotes": (
        ledger('platform_reminders = "off"', 'platform_reminders_seen = "2026-11-21"'),
        [
            (
                'config.toml:13:27: "platform_reminders_seen" takes a day, as in 2026-11-21 without quotes, not '
                '"2026-11-21"; for example platform_reminders_seen = 2026-11-21'
            )
        ],
    ),
    "reminders without a day": (
        ledger('platform_reminders = "off"'),
        [
            "config.toml:12:1: nobody says when they looked; add the day: platform_reminders_seen = 2026-11-21",
        ],
    ),
    "reminders on": (
        ledger('platform_reminders = "on"', "platform_reminders_seen = 2026-11-21"),
        ['config.toml:12:22: "on" is none of "off"; write one of off'],
    ),
    "an address": (
        ledger('api_url = "localhost:80"'),
        [
            (
                'config.toml:12:11: "api_url" takes an address that begins with https:// or http://, not '
                '"localhost:80"; for example api_url = "http://localhost:8010"'
            )
        ],
    ),
    "a role's address": (
        ledger("[ledgers.acme.people]", 'owner = "Anna"', "sales = 7", 'lead = "li@berg.example,"'),
        [
            'config.toml:13:9: owner takes an email address in quotes; as in "anna@berg.example"',
            'config.toml:14:9: sales takes an email address in quotes; as in "anna@berg.example"',
            'config.toml:15:8: lead takes an email address in quotes; as in "anna@berg.example"',
        ],
    ),
    "a secret in the file": (
        ledger('client_secret = "hunter2"'),
        ['config.toml:12:17: a secret is never written here; write { env = "NAME" } or { file = "name" }'],
    ),
    "a secret in two places": (
        ledger('client_secret = { env = "A", file = "b" }'),
        [
            (
                'config.toml:12:17: client_secret names one place where the secret is; write { env = "NAME" } or '
                '{ file = "name" }'
            )
        ],
    ),
    "a webhooks key in the file": (
        f'{RIGHT}[webhooks]\nxero = ["hunter2"]\nquickbooks = 7\n',
        [
            'config.toml:26:9: a secret is never written here; write { env = "NAME" } or { file = "name" }',
            (
                'config.toml:27:14: "quickbooks" takes settings in { }, or a list of such, not 7; for example '
                'quickbooks = { env = "QUICKBOOKS_VERIFIER_TOKEN" }'
            ),
        ],
    ),
    "a port": (
        RIGHT.replace('host = "smtp', 'port = 0\nhost = "smtp'),
        ['config.toml:24:8: "port" takes a whole number from 1 to 65,535, not 0; for example port = 587'],
    ),
    "mail that goes nowhere": (
        RIGHT.replace('folder = "out"\n', ""),
        ['config.toml:4:1: mail has neither a server nor a folder; add host = "…", or folder = "out" to try'],
    ),
    "a place to fill in": (
        ledger("[ledgers.acme.write_back]", 'pay_url = "https://pay.example/{invoice}"'),
        ["config.toml:13:32: {invoice} is no place to fill in; write one of {number}, {amount}, {currency}"],
    ),
    "an amount that stays": (
        ledger("[ledgers.acme.write_back]", 'pay_url = "https://pay.example/{number}?amount={amount}"'),
        [
            (
                "config.toml:13:1: QuickBooks keeps the address as it is first written: the amount in it would stay "
                "when a part is paid; leave {amount} out: {number} says which invoice"
            ),
        ],
    ),
    "a notes field on Xero": (
        ledger("[ledgers.acme.write_back]", "customer_notes = true").replace('"quickbooks"', '"xero"'),
        [
            "config.toml:13:1: Xero has no notes field for that; leave it out: the note in the history says the same",
        ],
    ),
    "an include from the root": (
        f'include = ["/etc/*.toml"]\n{RIGHT}',
        ['config.toml:1:12: "/etc/*.toml" begins at the root; write patterns beside this file'],
    ),
    "several at once, each with its line": (
        RIGHT.replace('name = "Berg', 'nam = "Berg').replace("client_id", "cliend_id").replace('"off"', "off"),
        [
            'config.toml:1:1: "name" is missing; add name = "Berg & Partners"',
            'config.toml:2:1: "nam" is no setting here; did you mean "name"?',
            'config.toml:9:1: "client_id" is missing; add client_id = "ABc1"',
            'config.toml:11:1: "cliend_id" is no setting here; did you mean "client_id"?',
            "config.toml:13:22: …",
            'config.toml:19:1: "client_id" is missing; add client_id = "ABc1"',
            'config.toml:21:1: "cliend_id" is no setting here; did you mean "client_id"?',
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_every_mistake_has_its_place_and_what_would_be_right(tmp_path: Path, text: str, expected: list[str]) -> None:
    """An ellipsis stands for words that the reader of TOML, or of any settings, chooses."""
    told = mistakes(tmp_path, text)
    assert len(told) == len(expected), told
    for one, wanted in zip(told, expected, strict=True):
        assert one == wanted or (wanted.endswith("…") and one.startswith(wanted[:-1])), one


def test_a_secret_that_was_written_in_the_file_is_not_shown(tmp_path: Path) -> None:
    for line in ('client_secret = "hunter2"', "mail = { password = 'hunter2' }", 'client_secret2="hunter2'):
        with pytest.raises(BadConfig) as raised:
            config(tmp_path, ledger(line))
        assert "hunter2" not in str(raised.value)
        assert "*********" in str(raised.value) or "********" in str(raised.value)


@pytest.mark.parametrize("written", ['"hunter2"', "'hunter2", '["hunter2"]'], ids="text open list".split())
def test_a_webhooks_key_that_was_written_in_the_file_is_not_shown_either(tmp_path: Path, written: str) -> None:
    with pytest.raises(BadConfig) as raised:
        config(tmp_path, f"{RIGHT}[webhooks]\nxero = {written}\n")
    assert "hunter2" not in str(raised.value)
    assert "******" in str(raised.value)


def test_several_apps_of_a_platform_have_a_key_each(tmp_path: Path) -> None:
    text = '[webhooks]\nquickbooks = { env = "A" }\nxero = [{ file = "b" }, { env = "C" }]\n'
    assert config(tmp_path, RIGHT + text).webhooks == {
        Platform.QUICKBOOKS: (Secret(env="A"),),
        Platform.XERO: (Secret(file=tmp_path / "b"), Secret(env="C")),
    }


def test_without_keys_no_platform_is_listened_for(tmp_path: Path) -> None:
    assert config(tmp_path, RIGHT).webhooks == {}


LINES = RIGHT.splitlines(keepends=True)


@given(st.sets(st.integers(0, len(LINES) - 1), min_size=1, max_size=4))
def test_without_some_lines_it_is_read_or_every_mistake_is_inside_it(
    tmp_path_factory: pytest.TempPathFactory, gone: set[int]
) -> None:
    text = "".join(line for number, line in enumerate(LINES) if number not in gone)
    for mistake in found(tmp_path_factory.mktemp("config"), text):
        assert 1 <= mistake.line <= max(1, len(text.splitlines()))
        assert mistake.message
        assert mistake.right


@given(st.integers(0, len(LINES) - 1), st.text(max_size=12))
def test_with_anything_in_a_line_it_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, where: int, what: str
) -> None:
    lines = [*LINES[:where], f"{LINES[where].rstrip()}{what}\n", *LINES[where + 1 :]]
    text = "".join(lines).encode("utf-8", "replace").decode()
    for mistake in found(tmp_path_factory.mktemp("config"), text):
        assert mistake.line >= 1
