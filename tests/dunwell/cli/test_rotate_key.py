"""Sealing the tokens with another key."""

import stat
from contextlib import closing
from pathlib import Path

import pytest

from dunwell.config import reading, sealing
from dunwell.wiring.house import House
from tests.dunwell.cli.desk import Desk

REPLACED = "There is a new key, and the tokens of 1 ledger are sealed with it; the old one opens nothing any more.\n"


BROKE_OFF = "it was being replaced, and that broke off; the one before is still needed"


def opens(desk: Desk) -> bool:
    """Whether the tokens can be read."""
    with closing(House(reading.read(desk.config))) as house:
        return house.vault.read("brindle") is not None


def key(desk: Desk) -> str:
    return (desk.folder / "key").read_text("utf-8").strip()


def test_a_new_key_takes_the_old_ones_place(desk: Desk) -> None:
    old = key(desk)
    said = desk.did("rotate-key")
    assert said.out.startswith(REPLACED)
    assert said.out.endswith("a backup of the tokens is of no use without its key.\n")
    assert key(desk) != old
    assert sorted(file.name for file in desk.folder.glob("key*")) == ["key"]
    desk.did("sync")
    desk.write("key", old).chmod(0o600)
    assert desk.dunwell("sync").code == 2


@pytest.mark.parametrize("committed", [False, True])
def test_one_that_broke_off_opens_is_noted_and_is_brought_to_its_end(desk: Desk, committed: bool) -> None:
    """Killed after the key was put in its place: before the newly sealed tokens counted, or after."""
    house = House(reading.read(desk.config))
    place, new = sealing.place(house.config.key), sealing.fresh()
    if committed:
        house.vault.rotate(new, lambda: place.replace(new))
    else:
        place.replace(new)
    house.close()
    assert opens(desk)
    notes = [row[3:] for row in desk.dunwell("check").rows if row[0] == "note" and row[2] == "key"]
    assert notes == [[BROKE_OFF, "dunwell rotate-key"]]
    assert desk.did("rotate-key").out.startswith(REPLACED)
    assert sorted(file.name for file in desk.folder.glob("key*")) == ["key"]
    assert opens(desk)


def test_a_key_in_the_environment_is_replaced_by_a_person(desk: Desk, tmp_path: Path) -> None:
    old = {"DUNWELL_KEY": key(desk)}
    (desk.folder / "key").unlink()
    refused = desk.dunwell("rotate-key", env=old)
    assert refused.code == 2
    assert refused.err == (
        "the key of the tokens is in the environment variable DUNWELL_KEY, which Dunwell cannot change; name a file "
        "for the new one: --to FILE\n"
    )
    new = tmp_path / "new-key"
    said = desk.dunwell("rotate-key", "--to", str(new), env=old)
    assert said.out == (
        f"{REPLACED}Now put what {new} holds into the environment variable DUNWELL_KEY, and delete the file. Until "
        "then no ledger can be reached.\n"
    )
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert desk.dunwell("rotate-key", "--to", str(new), env=old).out == said.out, "as after one that broke off"
    assert desk.dunwell("sync", env=old).code == 2
    assert desk.dunwell("sync", env={"DUNWELL_KEY": new.read_text("utf-8").strip()}).code == 0


def test_a_file_for_a_key_that_dunwell_replaces_itself_is_refused(desk: Desk, tmp_path: Path) -> None:
    code, said = desk.failed("rotate-key", "--to", str(tmp_path / "new-key"))
    assert (code, said) == (2, "--to is for a key that Dunwell cannot replace itself; this one it can: leave it out")
    assert not (tmp_path / "new-key").exists()


def test_an_open_key_is_refused_with_the_command_that_closes_it(desk: Desk) -> None:
    (desk.folder / "key").chmod(0o644)
    code, said = desk.failed("sync")
    assert code == 2
    assert said == (
        "brindle: the key of the tokens: others on this machine may read key; close it to them: chmod 600 key"
    )


def test_an_open_folder_is_refused_with_the_command_that_closes_it(desk: Desk) -> None:
    (desk.folder / "data").chmod(0o777)
    try:
        assert desk.failed("sync") == (
            2,
            "brindle: others on this machine may write in data, where the tokens are; chmod go-w data",
        )
        assert any("chmod go-w" in row[3] for row in desk.dunwell("check").rows if row[0] == "wrong")
    finally:
        (desk.folder / "data").chmod(0o700)
