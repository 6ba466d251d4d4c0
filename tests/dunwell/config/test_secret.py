"""Secrets: fetched from where the settings say, never shown."""

import base64
import stat
from pathlib import Path

import pytest

from dunwell.config import secret
from dunwell.config.records import Secret
from dunwell.config.secret import NoSecret
from tests.dunwell.config.texts import config


def test_a_secret_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", "hunter2")
    assert secret.fetch(Secret(env="ACME_SECRET"), "client secret") == "hunter2"
    monkeypatch.setenv("ACME_SECRET", "")
    with pytest.raises(NoSecret, match=r"^client secret: the environment variable ACME_SECRET is not set$"):
        secret.fetch(Secret(env="ACME_SECRET"), "client secret")


def test_a_secret_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hunter2\n", "utf-8")
    assert secret.fetch(Secret(file=file), "mail password") == "hunter2"


def test_a_file_that_holds_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    with pytest.raises(NoSecret, match=r"secret cannot be read \(No such file or directory\)$"):
        secret.fetch(Secret(file=file), "mail password")
    file.write_text(" \n", "utf-8")
    with pytest.raises(NoSecret, match=r"secret is empty$"):
        secret.fetch(Secret(file=file), "mail password")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(NoSecret, match=r"secret holds no text$"):
        secret.fetch(Secret(file=file), "mail password")


def test_a_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "key"
    secret.make_key(file)
    assert file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) == 0
    assert len(base64.b64decode(file.read_text("utf-8"))) == secret.KEY_BYTES
    with pytest.raises(FileExistsError):
        secret.make_key(file)
    assert len(secret.vault_key(config(tmp_path))) == secret.KEY_BYTES


@pytest.mark.parametrize("written", ["no base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_is_none_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "key").write_text(written, "utf-8")
    with pytest.raises(NoSecret, match=r"^the key of the tokens must be 32 bytes in base64; dunwell init makes one$"):
        secret.vault_key(config(tmp_path))
