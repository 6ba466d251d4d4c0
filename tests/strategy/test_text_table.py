"""Tables are read by keys: the same way for strategies and for config.toml."""

import pytest

from strategy.text.kinds import NAME, NAMES, TEXT, YES, whole
from strategy.text.nodes import load
from strategy.text.table import Findings, Key, Table, setting

PORT = setting("port", whole(1, 65535), "25", "the server's port")
HOST = Key(name="host", kind=TEXT, meaning="the server", example='"mail.example"', required=True)
TLS = setting("tls", YES, "true", "encrypted")
KEYS = (PORT, HOST, TLS)


def read(text: str) -> tuple[Table, Findings]:
    findings = Findings()
    root = load(text, "config.toml").root
    assert root is not None
    return Table(root, KEYS, findings), findings


def told(findings: Findings) -> list[str]:
    return [str(mistake) for mistake in findings.mistakes()]


def test_a_setting_that_is_written_is_read() -> None:
    table, findings = read('host = " mail.example "\nport = 587\n')
    assert (table.find(HOST), table.get(PORT), told(findings)) == ("mail.example", 587, [])


def test_a_setting_that_is_not_written_has_its_default() -> None:
    table, _ = read('host = "x"\n')
    assert (table.get(PORT), table.get(TLS), table.has(PORT)) == (25, True, False)


def test_a_setting_that_is_wrong_has_its_default_and_is_told() -> None:
    table, findings = read('host = "x"\nport = 70_000\n')
    assert table.get(PORT) == 25
    assert told(findings) == [
        'config.toml:2:8: "port" takes a whole number from 1 to 65,535, not 70_000; for example port = 25'
    ]


def test_a_setting_that_must_be_there_is_missed() -> None:
    table, findings = read("port = 25\n")
    assert table.find(HOST) is None
    assert told(findings) == ['config.toml:1: "host" is missing; add host = "mail.example"']


def test_a_setting_that_nobody_knows_is_told_with_the_nearest_one() -> None:
    _, findings = read('host = "x"\nprot = 25\n')
    assert told(findings) == ['config.toml:2:1: "prot" is no setting here; did you mean "port"?']


def test_what_is_told_twice_counts_once() -> None:
    table, findings = read('host = ""\n')
    table.find(HOST)
    table.find(HOST)
    assert told(findings) == [
        'config.toml:1:8: "host" takes a text in quotes, not ""; for example host = "mail.example"'
    ]


def test_a_default_that_is_none_of_its_kind_is_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="0 is no default for port"):
        setting("port", whole(1, 65535), "0", "the server's port")


@pytest.mark.parametrize(("written", "sound"), [("true", False), ("1", True), ('"1"', False), ("1.0", False)])
def test_a_whole_number_is_no_truth_no_text_and_has_no_point(written: str, sound: bool) -> None:
    table, _ = read(f'host = "x"\nport = {written}\n')
    assert (table.find(PORT) is not None) is sound


@pytest.mark.parametrize(
    ("name", "sound"), [("a-b_2", True), ("2a", False), ("a b", False), ("a-", False), ("", False)]
)
def test_a_name_can_name_a_file(name: str, sound: bool) -> None:
    key = Key(name="say", kind=NAME, meaning="", example='"x"')
    findings = Findings()
    root = load(f'say = "{name}"', "x.toml").root
    assert root is not None
    assert (Table(root, (key,), findings).find(key) == name) is sound


def test_the_mistakes_of_a_list_stand_at_the_item() -> None:
    key = Key(name="to", kind=NAMES, meaning="", example='["x"]')
    findings = Findings()
    root = load('to = ["a", 3]', "x.toml").root
    assert root is not None
    Table(root, (key,), findings).find(key)
    assert [(mistake.column, mistake.width) for mistake in findings.mistakes()] == [(12, 1)]
