"""A firm on a fresh machine."""

import re
import stat
from pathlib import Path

from dunwell.config import reading
from tests.dunwell.cli.desk import Desk

ALONE = {"DUNWELL_CLOCK": ""}


def made(folder: Path) -> Desk:
    desk = Desk(folder)
    said = desk.dunwell("init", str(folder), env=ALONE)
    assert said.code == 0, said.err
    return desk


def test_init_makes_what_a_firm_needs_and_says_what_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "firm"
    said = Desk(folder).dunwell("init", str(folder), env=ALONE)
    assert said.out.replace(str(folder), "FIRM").splitlines() == [
        "made   FIRM/config.toml",
        "made   FIRM/strategies/house.toml",
        "made   FIRM/key   (only you can read it; keep a copy apart from the database)",
        "",
        "Next, take the # away from one ledger in config.toml and name your app there, then:",
        "  dunwell --config FIRM/config.toml check",
        "  dunwell --config FIRM/config.toml connect acme",
        "  dunwell --config FIRM/config.toml sync acme",
    ]


def test_the_key_and_the_data_are_for_their_owner_only(tmp_path: Path) -> None:
    made(tmp_path)
    for name in ("key", "data"):
        assert (tmp_path / name).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) == 0


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    made(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    (tmp_path / "config.toml").write_text("# mine\n", "utf-8")
    said = Desk(tmp_path).dunwell("init", str(tmp_path), env=ALONE)
    assert [line.split()[0] for line in said.out.splitlines()[:3]] == ["kept"] * 3
    assert (tmp_path / "config.toml").read_text("utf-8") == "# mine\n"
    assert (tmp_path / "key").read_bytes() == before[tmp_path / "key"]


def test_what_init_makes_can_be_used_as_it_is(tmp_path: Path) -> None:
    desk = made(tmp_path)
    said = desk.dunwell("check", env=ALONE)
    assert said.code == 0
    assert {row[0] for row in said.rows} == {"good", "note"}


def test_the_examples_in_it_can_be_used_by_taking_the_sign_away(tmp_path: Path) -> None:
    desk = made(tmp_path)
    desk.config.write_text(re.sub(r"(?m)^#(?=\S)", "", desk.config.read_text("utf-8")), "utf-8")
    config = reading.read(desk.config)
    assert set(config.ledgers) == {"acme", "brook"}
    assert {ledger.strategy for ledger in config.ledgers.values()} == {"house"}


def test_config_is_looked_for_where_the_help_says(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from dunwell.cli.main import cli

    folder = tmp_path / "dunwell"
    made(folder)
    for surroundings in ({"DUNWELL_CONFIG": str(folder / "config.toml")}, {"XDG_CONFIG_HOME": str(tmp_path)}):
        said = CliRunner().invoke(cli, ["check"], env={**surroundings, **ALONE})
        assert said.exit_code == 0, said.stderr
