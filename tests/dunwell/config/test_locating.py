"""Where config.toml is."""

from pathlib import Path

import pytest

from dunwell.config import locating
from dunwell.config.locating import NoConfig


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without settings, and a folder to be in."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DUNWELL_CONFIG", raising=False)
    return here


def written(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("", "utf-8")
    return file


def test_the_file_that_is_given_wins(tmp_path: Path, nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = written(tmp_path / "home" / "dunwell" / "config.toml")
    assert locating.find(None) == home
    written(nowhere / "config.toml")
    assert locating.find(None) == Path("config.toml")
    named = written(tmp_path / "named.toml")
    monkeypatch.setenv("DUNWELL_CONFIG", str(named))
    assert locating.find(None) == named
    given = written(tmp_path / "given.toml")
    assert locating.find(given) == given


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoConfig, match=r"^there is no file x/config\.toml; make one with dunwell init x$"):
        locating.find(Path("x/config.toml"))
    with pytest.raises(NoConfig) as raised:
        locating.find(None)
    assert str(raised.value) == (
        f"there is no config.toml here or in {tmp_path}/home/dunwell; make one with dunwell init"
    )


def test_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUNWELL_CLOCK", "")
    assert locating.virtual_clock() is None


def test_somebody_is_logged_in() -> None:
    assert locating.login()
