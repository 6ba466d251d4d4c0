"""What the database refuses is one sentence, without a value in it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.store import trouble


def full(folder: Path) -> None:
    connection = sqlite3.connect(folder / "x.sqlite")
    connection.execute("PRAGMA max_page_count = 2")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("INSERT INTO t VALUES (?)", ("Mallowfield" * 5000,))


def busy(folder: Path) -> None:
    first, second = (sqlite3.connect(folder / "x.sqlite", timeout=0, isolation_level=None) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    second.execute("BEGIN IMMEDIATE")


def readonly(folder: Path) -> None:
    sqlite3.connect(folder / "x.sqlite").execute("CREATE TABLE t (a)")
    sqlite3.connect(f"file:{folder}/x.sqlite?mode=ro", uri=True).execute("INSERT INTO t VALUES (1)")


def missing(folder: Path) -> None:
    sqlite3.connect(folder / "nowhere" / "x.sqlite")


def no_database(folder: Path) -> None:
    (folder / "x.sqlite").write_text("Mallowfield" * 1000, "utf-8")
    sqlite3.connect(folder / "x.sqlite").execute("SELECT * FROM t")


def a_bug(folder: Path) -> None:
    connection = sqlite3.connect(folder / "x.sqlite")
    connection.execute("CREATE TABLE t (a TEXT UNIQUE)")
    connection.executemany("INSERT INTO t VALUES (?)", [("Mallowfield",)] * 2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (
            full,
            "the disk is full: nothing of what was being written was kept; make room, then run the same again",
        ),
        (
            busy,
            "another process is writing to the database and does not let go; wait for it, then run the same again",
        ),
        (readonly, "the database cannot be written to: give yourself the right to its file and folder"),
        (missing, "the database cannot be opened: see that its folder is there and is yours to write to"),
        (no_database, "the database file is not a database: put a backup in its place"),
        (a_bug, "the database refused (SQLITE_CONSTRAINT_UNIQUE); report it, it is a mistake of ours"),
    ],
)
def test_trouble_is_explained(tmp_path: Path, cause: Callable[[Path], None], sentence: str) -> None:
    with pytest.raises(trouble.Trouble) as raised:
        cause(tmp_path)
    assert trouble.sentence(raised.value) == sentence
