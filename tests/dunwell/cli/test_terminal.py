"""What a person sees at a terminal: tables that fit, bars on long work; and plain lines where NO_COLOR says so."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dunwell.cli.showing.cells import Cell, Money, Table, columns, for_people, for_programs
from dunwell.cli.showing.page import lines, widths
from tests.dunwell.cli.desk import Desk

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def at_terminal(program: str, *args: str, columns: int = 80) -> str:
    """All that a program in Python writes to a terminal of so many columns, escape sequences too."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-c", program, *args], stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other side was closed
                break
            said += part
        process.wait(timeout=60)
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def plain(said: str) -> list[str]:
    return [_ESCAPES.sub("", line).rstrip() for line in said.splitlines()]


TERM = """
import os
os.environ["TERM"] = "xterm-256color"
for name in ("NO_COLOR", "COLUMNS", "LINES"):  # readline, which pytest loads, leaves the latter two to its children
    os.environ.pop(name, None)
"""


SHOWN = (
    "aging brindle",
    "customers brindle",
    "outbox brindle",
    "plan brindle",
    "tasks brindle",
    "check",
    "explain brindle 1856",
)


@pytest.fixture(scope="module")
def screens(reader: Desk) -> dict[str, list[str]]:
    """What each of the commands shows on eighty columns: one after the other in one process, to save its start."""
    each = f"""
from dunwell.cli.main import cli
for typed in {SHOWN!r}:
    try:
        cli(typed.split())
    except SystemExit:
        print("-- end of", typed)
"""
    before = TERM + reader.program().removesuffix("from dunwell.cli.main import main\nmain()")
    shown: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in plain(at_terminal(f"{before}\n{each}")):
        if line.startswith("-- end of "):
            shown[line.removeprefix("-- end of ")], lines = lines, []
        else:
            lines.append(line)
    return shown


@pytest.mark.parametrize("typed", SHOWN)
def test_everything_fits_eighty_columns_and_no_amount_is_cut(screens: dict[str, list[str]], typed: str) -> None:
    assert max(map(len, screens[typed])) <= 80
    assert not any(re.search(r"\d…", line) for line in screens[typed])


@pytest.mark.parametrize("typed", SHOWN[1:5])
def test_amounts_are_shown_with_their_cents(screens: dict[str, list[str]], typed: str) -> None:
    assert any(re.search(r" [\d,]+\.\d\d(?: |$)", line) for line in screens[typed])


def test_aging_on_eighty_columns_is_in_whole_units(screens: dict[str, list[str]]) -> None:
    shown = screens["aging brindle"]
    assert shown[0] == "brindle: open by days overdue on 2026-03-02 in whole USD"
    assert shown[1] == "customer                current    1-30   31-60  61-90  over 90  credit    total"
    assert set(shown[2]) == {"─"}
    assert shown[3] == "Ashkettle Dental Lab        763       –       –      –        –       –      763"
    assert shown[-2].startswith("Total ")


def test_aging_shows_cents_where_there_is_room(reader: Desk) -> None:
    shown = plain(at_terminal(TERM + reader.program(), "aging", "brindle", columns=120))
    assert shown[0] == "brindle: open by days overdue on 2026-03-02 in USD"
    assert "763.04" in shown[3]
    assert max(map(len, shown)) <= 120


def test_a_check_marks_each_finding(screens: dict[str, list[str]]) -> None:
    shown = screens["check"]
    assert shown[0] == "settings"
    assert "  ✓ connected to Brindlewick Field Services" in shown
    assert "  · 34 messages wait to be approved" in shown
    assert "      → dunwell outbox brindle" in shown
    assert {line for line in shown if line and line[:2] != "  "} == {
        "settings",
        "strategies and letters",
        "ledger brindle",
    }


def test_sentences_break_between_words(screens: dict[str, list[str]], reader: Desk) -> None:
    lines = screens["explain brindle 1856"]
    shown = " ".join(line.strip() for line in lines)
    piped = reader.did("explain", "brindle", "1856").out
    assert shown == piped.replace("\n", " ").rstrip()
    assert sum(not line.startswith("  ") for line in lines) == len(piped.splitlines())


def test_a_mistake_is_shown_with_its_line_and_a_caret(desk: Desk) -> None:
    desk.edit('time_zone = "America/New_York"', "time_zone = 5")
    shown = plain(at_terminal(TERM + desk.program(), "check"))
    assert [line.strip() for line in shown if "|" in line] == ["17 | time_zone = 5", "|             ^"]


def test_long_work_shows_a_bar_and_leaves_nothing_of_it(desk: Desk) -> None:
    said = at_terminal(TERM + desk.program(), "sync", "--full")
    assert "brindle  reading invoices" in said
    left = plain(said.rpartition("\x1b[2K")[2])
    assert [line for line in left if line.startswith("brindle")] == [
        "brindle  full         68     1,018       941       17     0            0",
        "brindle: nothing differed: the mirror is what the platform says.",
    ]


def test_no_color_is_plain_lines_at_a_terminal_too(reader: Desk) -> None:
    said = at_terminal(f'{TERM}os.environ["NO_COLOR"] = "1"\n{reader.program()}', "aging", "brindle")
    assert "\x1b" not in said
    assert said == reader.did("aging", "brindle").out


TABLE = Table(
    kind="row",
    title="Rows",
    columns=columns("customer~ amount> id| why…"),
    rows=[("A very long name of a customer", Money(minor=1234567, currency="USD"), "1", "because it is so " * 4)],
)


def test_what_may_give_way_gives_way_and_numbers_do_not() -> None:
    assert widths(TABLE, 60) == [23, 9, 24]
    assert widths(TABLE, 20) == [12, 9, 12]
    assert sum(widths(TABLE, 1000)) < 1000


def test_a_pipe_gets_every_column_and_names_the_kind_where_there_are_several() -> None:
    assert lines(TABLE, named=False)[0] == "customer\tamount\tid\twhy"
    assert lines(TABLE, named=True)[1].startswith("row\tA very long name of a customer\t12345.67\t1\t")


NEW_YORK = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("cell", "person", "program"),
    [
        (Money(minor=120000, currency="EUR"), "1,200.00", "1200.00"),
        (Money(minor=120049, currency="EUR", whole=True), "1,200", "1200.49"),
        (Money(minor=1200, currency="JPY"), "1,200", "1200"),
        (Money(minor=-5, currency="KWD"), "-0.005", "-0.005"),
        (1018, "1,018", "1018"),
        (date(2026, 3, 2), "2026-03-02", "2026-03-02"),
        (NEW_YORK, "2026-03-02 09:30", "2026-03-02T14:30Z"),
        (NEW_YORK.astimezone(UTC), "2026-03-02 14:30", "2026-03-02T14:30Z"),
        (None, "", ""),
        ("a\tb\x1b[31m\u202e", "a b [31m ", "a b [31m "),
    ],
)
def test_cells_for_people_and_for_programs(cell: Cell, person: str, program: str) -> None:
    assert (for_people(cell), for_programs(cell)) == (person, program)
