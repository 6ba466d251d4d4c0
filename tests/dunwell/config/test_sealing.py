"""The key of the tokens: found, closed to others, and replaced."""

import base64
import stat
from pathlib import Path

import pytest

from dunwell.config import sealing
from dunwell.config.records import Config, Secret
from dunwell.config.secret import NoSecret
from tests.dunwell.config.texts import RIGHT, config


def with_key(folder: Path, place: str) -> Config:
    return config(folder, RIGHT.replace('name = "Berg & Partners"', f'name = "Berg & Partners"\nkey = {place}'))


def test_a_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "key"
    sealing.make_key(file)
    assert file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) == 0
    assert len(base64.b64decode(file.read_text("utf-8"))) == sealing.KEY_BYTES
    with pytest.raises(FileExistsError):
        sealing.make_key(file)
    (key,) = sealing.keys(config(tmp_path))
    assert len(key) == sealing.KEY_BYTES


@pytest.mark.parametrize("written", ["no base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_is_none_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "key").write_text(written, "utf-8")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(NoSecret, match=r"^the key of the tokens must be 32 bytes in base64; dunwell init makes one$"):
        sealing.keys(config(tmp_path))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    sealing.make_key(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(NoSecret, match=r"others on this machine may read .*/key; close it to them: chmod 600 .*/key$"):
        sealing.keys(config(tmp_path))


def test_a_systemd_credential_is_a_key_and_systemds_to_close(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_key(tmp_path, '{ credential = "dunwell-key" }')
    with pytest.raises(NoSecret, match=r"CREDENTIALS_DIRECTORY is not set.*LoadCredential=dunwell-key:"):
        sealing.keys(settings)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    sealing.make_key(tmp_path / "dunwell-key")
    (tmp_path / "dunwell-key").chmod(0o440)
    assert len(sealing.keys(settings)) == 1


def test_a_key_is_replaced_and_the_one_before_opens_until_it_is_forgotten(tmp_path: Path) -> None:
    sealing.make_key(tmp_path / "key")
    settings = config(tmp_path)
    (before,) = sealing.keys(settings)
    place, key = sealing.place(settings.key), sealing.fresh()
    place.replace(key)
    assert sealing.keys(settings) == (key, before)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("key*")} == {0o600}
    place.forget_old()
    assert sealing.keys(settings) == (key,)
    assert sorted(file.name for file in tmp_path.glob("key*")) == ["key"]


@pytest.mark.parametrize("secret", [Secret(env="DUNWELL_KEY"), Secret(credential="dunwell-key")])
def test_a_key_in_a_place_that_is_not_ours_is_replaced_by_a_person(secret: Secret) -> None:
    with pytest.raises(NoSecret, match=r"which Dunwell cannot change; name a file for the new one: --to FILE$"):
        sealing.place(secret)


def test_a_key_elsewhere_is_made_once(tmp_path: Path) -> None:
    elsewhere = sealing.Elsewhere(tmp_path / "new-key")
    assert elsewhere.key() == elsewhere.key()
