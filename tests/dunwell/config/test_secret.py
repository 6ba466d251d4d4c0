"""Secrets: fetched from where the settings say, never shown."""

import base64
import sys
from pathlib import Path

import pytest

from dunwell.config import sealing, secret
from dunwell.config.records import Secret
from dunwell.config.secret import NoSecret


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


def test_a_secret_in_a_systemd_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme").write_text("hunter2\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret.fetch(Secret(credential="acme"), "client secret") == "hunter2"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(NoSecret, match=r"^client secret: CREDENTIALS_DIRECTORY is not set, so no systemd unit runs"):
        secret.fetch(Secret(credential="acme"), "client secret")


def test_without_its_library_the_keyring_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(NoSecret, match=r"^client secret: the keyring needs a library more; add it: make keyring$"):
        secret.fetch(Secret(keyring="acme"), "client secret")


def test_where_nobody_is_logged_in_the_keyring_is_named_as_unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    library = pytest.importorskip("keyring")
    monkeypatch.setattr(library.core, "_keyring_backend", library.backends.fail.Keyring())
    with pytest.raises(NoSecret, match=r"cannot be used here \(NoKeyringError\); name another place$"):
        secret.fetch(Secret(keyring="acme"), "client secret")


def test_a_secret_in_the_keyring(keyring: dict[tuple[str, str], str]) -> None:
    with pytest.raises(NoSecret, match=r"has no entry acme; make it: python -m keyring set dunwell acme$"):
        secret.fetch(Secret(keyring="acme"), "client secret")
    keyring["dunwell", "acme"] = "hunter2"
    assert secret.fetch(Secret(keyring="acme"), "client secret") == "hunter2"


def test_a_key_in_the_keyring_is_replaced_there(keyring: dict[tuple[str, str], str]) -> None:
    before, after = sealing.fresh(), sealing.fresh()
    keyring["dunwell", "key"] = base64.b64encode(before).decode()
    place = sealing.place(Secret(keyring="key"))
    place.replace(after)
    assert place.old() == before
    assert base64.b64decode(keyring["dunwell", "key"]) == after
    place.forget_old()
    assert set(keyring) == {("dunwell", "key")}


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """The library with a keyring behind it that is a dictionary."""
    library = pytest.importorskip("keyring")
    kept: dict[tuple[str, str], str] = {}

    class Backend(library.backend.KeyringBackend):  # type: ignore[name-defined,misc]
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    monkeypatch.setattr(library.core, "_keyring_backend", Backend())
    return kept
