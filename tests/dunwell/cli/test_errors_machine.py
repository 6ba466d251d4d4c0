"""What the machine, another process or a mistake of ours gets in the way of: one clear line, and nothing half done."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest
from filelock import FileLock

from dunwell.sandbox.faults import Faults
from sync.store import database
from tests.dunwell.cli.desk import Desk


def test_a_second_process_waits_its_turn(desk: Desk) -> None:
    with FileLock(desk.folder / "data" / "brindle.lock"):
        assert desk.failed("run") == (
            1,
            "brindle: another dunwell is working on ledger brindle; wait for it, or look for it with ps",
        )


def test_a_locked_database_is_one_clear_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    other = sqlite3.connect(desk.folder / "data" / "dunwell.sqlite", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert desk.failed("promise", "add", "brindle", "mallowfield", "--on", "2026-03-09") == (
            1,
            "another process is writing to the database and does not let go; wait for it, then run the same again",
        )
    finally:
        other.close()
    assert desk.did("promise", "list", "brindle").rows == []


def test_a_damaged_database_is_one_clear_line(desk: Desk) -> None:
    for file in (desk.folder / "data").glob("dunwell.sqlite*"):
        file.unlink()
    desk.write("data/dunwell.sqlite", "no database " * 1000)
    assert desk.failed("aging", "brindle") == (
        1,
        "the database file is not a database: put a backup in its place",
    )


def spawned(
    desk: Desk, *args: str, limit: str = "", stdout: IO[str] | int = subprocess.PIPE
) -> "subprocess.Popen[str]":
    """The program as a process of its own; `limit` is Python that runs before it."""
    return subprocess.Popen(
        [sys.executable, "-c", f"{limit}\n{desk.program()}", *args],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_interrupted_pull_leaves_no_half_state(desk: Desk, faults: Faults) -> None:
    silence = faults.add("silence", path="/query", skip=3, times=1, seconds=1)
    before = desk.did("aging", "brindle").out
    with spawned(desk, "sync", "--full") as process:
        while not silence.happened:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (
        1,
        "\nInterrupted. What was begun is not half done: the next run continues from what was finished.\n",
    )
    assert desk.did("aging", "brindle").out == before
    assert desk.did("sync").rows[0][1] == "changes"


def test_a_full_disk_is_one_clear_line_and_the_next_run_continues(desk: Desk) -> None:
    database = desk.folder / "data" / "dunwell.sqlite"
    with closing(sqlite3.connect(database)) as books:  # what is read again within its second writes nothing
        books.execute("UPDATE raw SET read_at = '2026-03-01T00:00:00.000Z'")
        books.commit()
    size = database.stat().st_size
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size // 4}, {size // 4}))"
    with spawned(desk, "sync", "--full", limit=limit) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (
        1,
        "brindle: the disk failed while the database was read or written: check the disk, then run the same again\n",
    )
    assert desk.did("sync").rows[0][1] == "changes"


def test_a_reader_that_stops_early_is_no_error(reader: Desk) -> None:
    with spawned(reader, "plan", "brindle") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_output_that_finds_no_room_is_named(reader: Desk) -> None:
    with Path("/dev/full").open("w") as full, spawned(reader, "aging", "brindle", stdout=full) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "No space left on device; make room, then run the same again\n")


def test_a_mistake_of_ours_is_named_without_a_word_of_the_books(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync import cycle

    def broken(*_args: object) -> int:
        private = "Mallowfield Tailors"
        raise KeyError(private)

    monkeypatch.setattr(cycle, "decide", broken)
    code, said = planned.failed("run")
    assert code == 1
    assert said.startswith("brindle: a mistake in Dunwell itself, KeyError at cli/test_errors_machine.py:")
    assert said.endswith("; the traceback is in data/dunwell.log, report it")
    log = planned.folder / "data" / "dunwell.log"
    assert "KeyError" in log.read_text("utf-8")
    assert "Mallowfield" not in log.read_text("utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_mistake_of_ours_elsewhere_is_one_line_too() -> None:
    program = (
        "import sys\nfrom dunwell.cli import logs\nsys.excepthook = logs.last_words\n"
        "raise KeyError('Mallowfield Tailors')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        (
            "A mistake in Dunwell itself, not in what you did: KeyError at <string>:4. Run it again as dunwell "
            "--verbose … for the traceback, and report it with that.\n"
        ),
    )


def test_log_lines_are_shown_where_they_are_asked_for_and_hold_no_address(planned: Desk) -> None:
    first = next(row[0] for row in planned.did("outbox", "brindle").rows if row[1] == "planned")
    planned.did("approve", "brindle", first)
    assert planned.did("sync").err == ""
    said = planned.did("--verbose", "run", "--send")
    assert "info dunwell.http: brindle GET /v3/company/" in said.err
    assert "left by email" in said.err
    for private in ("@", "?", "Mallowfield", "Bearer"):
        assert private not in said.err
