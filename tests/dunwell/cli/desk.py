"""A firm on a sandbox, as the command line meets it: its folder, its commands, what they print and how they end."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from click.testing import CliRunner

from dunwell.cli.main import cli
from dunwell.clock import VirtualClock
from dunwell.config import sealing
from dunwell.sandbox.server import Sandbox
from strategy.model import Record

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in the morning at the company."""

CONFIG = """
[firm]
name = "Demo"

[mail]
name = "Brindlewick Accounts"
from = "accounts@brindlewick.example"
folder = "out"

[ledgers.brindle]
platform = "quickbooks"
client_id = "sandbox-app"
client_secret = {{ file = "secret" }}
api_url = "{url}"
token_url = "{url}/quickbooks/oauth2/token"
authorize_url = "{url}/quickbooks/oauth2/authorize"
time_zone = "America/New_York"
platform_reminders = "off"
platform_reminders_seen = 2026-03-01

[ledgers.brindle.people]
owner = "owner@firm.example"

[ledgers.brindle.write_back]
notes = true
statements = true
"""


def elsewhere(text: str) -> str:
    """The same with the sandbox by another name: its one company is then two, for two ledgers."""
    ours, other = ("localhost", "127.0.0.1") if "localhost" in text else ("127.0.0.1", "localhost")
    return text.replace(ours, other)


class Said(Record):
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The lines of a pipe, without the heading."""
        return [line.split("\t") for line in self.out.splitlines()][1:]

    def kind(self, kind: str) -> list[list[str]]:
        """The lines of one kind, without their kind and heading."""
        return [cells[1:] for cells in [line.split("\t") for line in self.out.splitlines()] if cells[0] == kind][1:]


class Desk:
    """A folder with settings, and a way to type commands in it. Nothing is caught that a user would see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.toml"

    def dunwell(self, *args: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Said:
        """Run a command to its end."""
        surroundings = {"DUNWELL_CLOCK": str(self.folder / "clock"), "NO_COLOR": None, **(env or {})}
        result = CliRunner().invoke(
            cli,
            ["--config", str(self.config), *args],
            input=stdin,
            env=surroundings,
            prog_name="dunwell",
            catch_exceptions=False,
        )
        return Said(code=result.exit_code, out=result.stdout, err=result.stderr)

    def did(self, *args: str) -> Said:
        """Run a command that must end well."""
        said = self.dunwell(*args)
        assert said.code == 0, said.err
        return said

    def failed(self, *args: str) -> tuple[int, str]:
        """Run a command that must not; its code and all it said on stderr, without the folder's own path."""
        said = self.dunwell(*args)
        assert said.code != 0, said.out
        return said.code, said.err.replace(f"{self.folder}/", "").rstrip("\n")

    def program(self) -> str:
        """Python that is the program in a process of its own, with this firm's settings and clock."""
        surroundings = {"DUNWELL_CLOCK": str(self.folder / "clock"), "DUNWELL_CONFIG": str(self.config)}
        return f"import os\nos.environ |= {surroundings!r}\nfrom dunwell.cli.main import main\nmain()"

    def clock(self) -> VirtualClock:
        """The firm's clock."""
        return VirtualClock(self.folder / "clock")

    def write(self, name: str, text: str) -> Path:
        """Put a file into the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def edit(self, old: str, new: str) -> Self:
        """Change config.toml."""
        text = self.config.read_text("utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new), "utf-8")
        return self

    def copy(self, folder: Path) -> "Desk":
        """The same firm in another folder, with a clock and a database of its own."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Desk(folder)


class Firm:
    """A sandbox, and a desk whose books were read from it and matched."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.desk = Desk(folder)
        self.sandbox = Sandbox(VirtualClock(folder / "clock", MONDAY), seed=1, platforms=["quickbooks"])
        self.sandbox.limits(False)
        self.sandbox.start()
        self.desk.write("config.toml", CONFIG.format(url=self.sandbox.url))
        self.desk.write("secret", "sandbox-only").chmod(0o600)
        self.desk.write("tokens.json", json.dumps(self.sandbox.quickbooks.tokens()))
        sealing.make_key(folder / "key")

    def open(self) -> None:
        """Connect, read and match the books."""
        self.desk.did("connect", "brindle", "--token-file", str(self.desk.folder / "tokens.json"))
        self.desk.did("sync")
        self.desk.did("reconciled", "brindle", "2026-03-02", "--by", "Ann")

    def close(self) -> None:
        self.sandbox.stop()
