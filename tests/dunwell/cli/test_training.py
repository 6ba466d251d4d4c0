"""The sandbox as a command, and the demo's door."""

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
from click.testing import CliRunner

from dunwell.cli.main import cli
from dunwell.clock import VirtualClock
from dunwell.config import reading

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def test_the_sandbox_serves_by_the_clock_of_the_training_and_says_what_belongs_into_config(tmp_path: Path) -> None:
    program = f"import os\nos.environ['DUNWELL_CLOCK'] = {str(tmp_path / 'clock')!r}\n"
    VirtualClock(tmp_path / "clock", MONDAY).close()
    with subprocess.Popen(
        [sys.executable, "-u", "-c", f"{program}from dunwell.cli.main import main\nmain()", "sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Then:"):
                break
        url = re.search(r"http://localhost:\d+", said[0])
        assert url is not None
        about = httpx.get(f"{url.group()}/_sandbox/", timeout=60).json()
        assert "quickbooks" in about["platforms"]
        assert about["now"] == "2026-03-02T14:30:00Z"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    mail = '[firm]\nname = "x"\n[mail]\nname = "x"\nfrom = "x@y.example"\nfolder = "out"\n'
    (tmp_path / "config.toml").write_text(mail + "".join(said[2:-1]), "utf-8")
    assert "platform_reminders_seen = 2026-03-02\n" in said
    config = reading.read(tmp_path / "config.toml")
    assert "quickbooks-sandbox" in config.ledgers
    assert {ledger.api_url for ledger in config.ledgers.values()} == {url.group()}


def test_a_demo_does_not_play_into_a_folder_that_is_there(tmp_path: Path) -> None:
    said = CliRunner().invoke(cli, ["demo", "--keep", str(tmp_path)], prog_name="dunwell")
    assert (said.exit_code, said.stderr) == (1, f"{tmp_path}: File exists\n")
