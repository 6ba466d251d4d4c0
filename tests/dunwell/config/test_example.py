"""config.example.toml shows every setting, with its default, and can be used."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from dunwell.config import keys
from dunwell.config.agencies import AGENCY_KEYS
from dunwell.config.reading import read
from strategy.text.table import Key, Setting

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"

TABLES: Mapping[str, tuple[Key[object], ...]] = {
    "": (keys.INCLUDE,),
    "firm": keys.FIRM_KEYS,
    "mail": keys.MAIL_KEYS,
    "webhooks": keys.WEBHOOKS_KEYS,
    "limits": keys.LIMIT_KEYS,
    "agencies.northgate": AGENCY_KEYS,
    "ledgers.acme": tuple(
        key
        for key in keys.LEDGER_KEYS
        if key not in (keys.PEOPLE, keys.MAIL, keys.LIMITS, keys.WRITE_BACK, keys.OVERRIDES)
    ),
    "ledgers.acme.write_back": keys.WRITE_BACK_KEYS,
}


def shown() -> dict[str, dict[str, str]]:
    """What stands in each table, set or not, as it is written."""
    tables: dict[str, dict[str, str]] = {"": {}}
    table = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if heading := re.match(r"#?\[([\w.]+)\]", line):
            table = heading[1]
            tables.setdefault(table, {})
        elif setting := re.match(r"#?(\w+) = (.+?)(?:\s{2,}#.*)?$", line):
            tables[table][setting[1]] = setting[2]
    return tables


def test_it_can_be_used_as_it_is() -> None:
    config = read(EXAMPLE)
    assert list(config.ledgers) == ["acme"]
    assert config.warnings == ()


def test_it_can_be_used_with_every_setting_set(tmp_path: Path) -> None:
    every = re.sub(r"(?m)^#(?=\S)", "", EXAMPLE.read_text("utf-8"))
    (tmp_path / "ledgers").mkdir()
    (tmp_path / "ledgers" / "brook.toml").write_text('[ledgers.brook]\nplatform = "xero"\nclient_id = "X"\n', "utf-8")
    (tmp_path / "config.toml").write_text(every, "utf-8")
    config = read(tmp_path / "config.toml")
    assert list(config.ledgers) == ["acme", "brook"]
    assert config.warnings == ()


@pytest.mark.parametrize("table", TABLES, ids=lambda name: name or "top")
def test_it_shows_every_setting_and_no_other(table: str) -> None:
    assert sorted(shown()[table]) == sorted(key.name for key in TABLES[table])


def test_it_shows_every_table() -> None:
    assert set(shown()) == {
        *TABLES,
        "ledgers.acme.people",
        "ledgers.acme.mail",
        "ledgers.acme.limits",
        "ledgers.acme.overrides.contact",
        "ledgers.acme.overrides.start",
    }


@pytest.mark.parametrize(
    ("table", "key"),
    [(table, key) for table, known in TABLES.items() for key in known if isinstance(key, Setting)],
    ids=lambda one: one.name if isinstance(one, Key) else one,
)
def test_a_default_that_it_shows_is_the_default(table: str, key: Setting[object]) -> None:
    assert f"`{shown()[table][key.name]}`" == key.default


def test_every_setting_has_a_sentence_and_a_unit_where_it_counts_something() -> None:
    for key in (keys.FIRM, keys.LEDGERS, keys.MAIL, *(key for known in TABLES.values() for key in known)):
        assert key.meaning.endswith(".")
        assert key.required or key.default or key.example
