"""Tokens at rest: sealed, apart, and on the disk before anybody uses them."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.base import TokenSet
from sync.store.vault import Exposed, Vault, WrongKey
from tests.proving import times

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_vault(folder: Path, key: bytes = KEY) -> Vault:
    return Vault(folder / "tokens.sqlite", lambda: (key,))


def tokens(name: str = "one") -> TokenSet:
    return TokenSet(access_token=f"access-{name}", refresh_token=f"refresh-{name}", expires_at=AT, scope="accounting")


def rows(folder: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(folder / "tokens.sqlite")) as file:
        return dict(file.execute("SELECT ledger, sealed FROM token").fetchall())


def put(folder: Path, ledger: str, sealed: bytes) -> None:
    with closing(sqlite3.connect(folder / "tokens.sqlite", isolation_level=None)) as file:
        file.execute("INSERT OR REPLACE INTO token (ledger, sealed) VALUES (?, ?)", (ledger, sealed))


def test_what_was_saved_is_read(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        assert vault.read("harbour") == tokens()


def test_it_is_still_there_after_it_was_closed(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
    with closing(a_vault(tmp_path)) as vault:
        assert vault.read("harbour") == tokens()


def test_a_ledger_that_was_never_connected_has_none(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        assert vault.read("harbour") is None


def test_the_newest_tokens_replace_the_ones_before(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens("one"))
        vault.save("harbour", tokens("two"))
        assert vault.read("harbour") == tokens("two")


def test_each_ledger_has_its_own(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens("one"))
        vault.save("quay", tokens("two"))
        assert (vault.read("harbour"), vault.read("quay")) == (tokens("one"), tokens("two"))


def test_no_file_of_the_vault_holds_a_token_in_the_clear(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        for name in ("one", "two", "three"):
            vault.save("harbour", tokens(name))
        for file in tmp_path.iterdir():
            content = file.read_bytes()
            assert b"access-" not in content
            assert b"refresh-" not in content


def test_the_same_tokens_are_never_sealed_the_same_way_twice(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        first = rows(tmp_path)["harbour"]
        vault.save("harbour", tokens())
        assert rows(tmp_path)["harbour"] != first


def test_another_key_does_not_open_it_and_says_what_to_do(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
    with closing(a_vault(tmp_path, OTHER_KEY)) as vault, pytest.raises(WrongKey, match="dunwell connect harbour"):
        vault.read("harbour")


def test_tokens_moved_to_another_ledgers_row_do_not_open(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        put(tmp_path, "quay", rows(tmp_path)["harbour"])
        with pytest.raises(WrongKey):
            vault.read("quay")


@pytest.mark.parametrize("damage", [lambda sealed: sealed[:-1], lambda sealed: sealed[:5], lambda _: b""])
def test_damaged_tokens_do_not_open(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        put(tmp_path, "harbour", damage(rows(tmp_path)["harbour"]))
        with pytest.raises(WrongKey):
            vault.read("harbour")


def test_every_single_changed_bit_is_noticed(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        sealed = rows(tmp_path)["harbour"]
        for place in range(len(sealed)):
            put(tmp_path, "harbour", sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
            with pytest.raises(WrongKey):
                vault.read("harbour")


def test_only_its_owner_can_read_any_of_its_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(a_vault(tmp_path)) as vault, vault.alone("harbour"):
            vault.save("harbour", tokens())
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"tokens.sqlite", "tokens.sqlite.harbour.lock"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "tokens.sqlite").touch(mode=0o666)
    (tmp_path / "tokens.sqlite").chmod(0o666)
    with closing(a_vault(tmp_path)):
        assert (tmp_path / "tokens.sqlite").stat().st_mode & 0o777 == 0o600


def test_forgotten_tokens_leave_nothing_behind(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        vault.save("quay", tokens())
        sealed = rows(tmp_path)["harbour"]
        assert [vault.forget("harbour"), vault.forget("harbour")] == [True, False]
        assert (vault.read("harbour"), vault.read("quay")) == (None, tokens())
    assert sealed not in (tmp_path / "tokens.sqlite").read_bytes()


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_in_which_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(mode)
    with pytest.raises(Exposed, match=r"others on this machine may write in .*/data, .*; chmod go-w .*/data$"):
        a_vault(tmp_path / "data")


class Ring:
    """Where the keys are: `keys` as they are found now."""

    def __init__(self) -> None:
        self.keys: tuple[bytes, ...] = (KEY,)

    def replace(self) -> None:
        self.keys = (OTHER_KEY, KEY)

    def forget_old(self) -> None:
        self.keys = (OTHER_KEY,)


def test_everything_is_sealed_with_the_new_key(tmp_path: Path) -> None:
    ring = Ring()
    with closing(Vault(tmp_path / "tokens.sqlite", lambda: ring.keys)) as vault:
        vault.save("harbour", tokens("one"))
        vault.save("quay", tokens("two"))
        assert vault.rotate(OTHER_KEY, ring.replace) == 2
        ring.forget_old()
        vault.save("quay", tokens("three"))
    with closing(a_vault(tmp_path, OTHER_KEY)) as vault:
        assert (vault.read("harbour"), vault.read("quay")) == (tokens("one"), tokens("three"))


def test_who_has_the_old_key_in_hand_takes_up_the_new_one(tmp_path: Path) -> None:
    ring = Ring()
    with (
        closing(Vault(tmp_path / "tokens.sqlite", lambda: ring.keys)) as first,
        closing(Vault(tmp_path / "tokens.sqlite", lambda: ring.keys)) as second,
        closing(Vault(tmp_path / "tokens.sqlite", lambda: ring.keys)) as third,
    ):
        first.save("harbour", tokens("one"))
        first.rotate(OTHER_KEY, ring.replace)
        ring.forget_old()
        assert second.read("harbour") == tokens("one")
        third.save("quay", tokens("two"))
    with closing(a_vault(tmp_path, OTHER_KEY)) as vault:
        assert vault.read("quay") == tokens("two")


def test_who_cannot_have_the_new_key_keeps_nothing_with_the_old_one(tmp_path: Path) -> None:
    with closing(a_vault(tmp_path)) as environment, closing(a_vault(tmp_path)) as vault:
        vault.save("harbour", tokens())
        vault.rotate(OTHER_KEY, lambda: None)
        with pytest.raises(WrongKey, match="was replaced while this ran"):
            environment.save("quay", tokens())
        with pytest.raises(WrongKey):
            environment.read("harbour")
    assert set(rows(tmp_path)) == {"harbour"}


def test_a_replacement_waits_for_a_refresh_that_goes_on(tmp_path: Path) -> None:
    """Or who has the key from the environment could not keep what the token server has just given it."""
    replaced = threading.Event()
    with closing(a_vault(tmp_path)) as vault, closing(a_vault(tmp_path)) as other, ThreadPoolExecutor(1) as thread:
        vault.save("harbour", tokens("one"))
        with vault.alone("harbour"):
            rotated = thread.submit(other.rotate, OTHER_KEY, replaced.set)
            assert not replaced.wait(0.3)
            vault.save("harbour", tokens("two"))
        assert rotated.result(timeout=30) == 1
    with closing(a_vault(tmp_path, OTHER_KEY)) as vault:
        assert vault.read("harbour") == tokens("two")


def test_one_row_that_does_not_open_leaves_all_as_they_were(tmp_path: Path) -> None:
    ring = Ring()
    with closing(Vault(tmp_path / "tokens.sqlite", lambda: ring.keys)) as vault:
        vault.save("harbour", tokens())
        put(tmp_path, "quay", b"damaged")
        before = rows(tmp_path)
        with pytest.raises(WrongKey, match="ledger quay"):
            vault.rotate(OTHER_KEY, ring.replace)
        assert (rows(tmp_path), ring.keys) == (before, (KEY,))


WRITER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from connectors.base import TokenSet
from sync.store.vault import Vault
vault = Vault(Path(sys.argv[1]), lambda: (bytes(range(32)),))
for number in range(1_000_000):
    tokens = TokenSet(access_token=f"access-{number}", refresh_token="r" * 2000, expires_at=datetime.now(UTC))
    vault.save("harbour", tokens)
    print(number, flush=True)
"""


@pytest.mark.prove
def test_what_was_saved_before_the_process_was_killed_is_there_whole(tmp_path: Path) -> None:
    for saved in range(2, 2 + times(3)):
        with closing(a_vault(tmp_path)) as vault:
            vault.save("harbour", tokens("before"))
        command = [sys.executable, "-c", WRITER, str(tmp_path / "tokens.sqlite")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            last = [int(writer.stdout.readline()) for _ in range(saved)][-1]
            writer.send_signal(signal.SIGKILL)
            last = max([last, *map(int, writer.stdout.read().split())])
        with closing(a_vault(tmp_path)) as vault:
            found = vault.read("harbour")
            assert found is not None
            assert found.access_token in {f"access-{last}", f"access-{last + 1}"}
