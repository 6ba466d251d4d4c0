"""The first hour can be typed as it stands: every command of it is, in its order, on a Tuesday morning of the books."""

import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from dunwell.clock import VirtualClock
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "quickstart.md"
SANDBOX = "dunwell sandbox\n"
MORNING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
"""Ten o'clock in New York."""

ALLOW = """#!/bin/sh
exec {python} -c 'import httpx, sys; httpx.post(sys.argv[1], follow_redirects=True).raise_for_status()' "$1"
"""
"""A browser, and somebody who presses Allow."""

TODAY = f"#!/bin/sh\necho {MORNING:%Y-%m-%d}\n"


def commands(port: int) -> str:
    """Everything to be typed in the first terminal; two ports are others, since this machine's may be taken."""
    typed = "".join(block.text for block in blocks(PAGE) if block.language == "sh" and block.text != SANDBOX)
    typed = typed.replace(":8010", f":{port}")
    typed = re.sub(r"(?m)^(dunwell connect \w+)$", r"\1 --port 0", typed)
    return re.sub(r"(?m)^(dunwell .*?) +# ends with (\d).*$", r"\1 && exit 1 || [ $? -eq \2 ]", typed)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def surroundings(folder: Path) -> dict[str, str]:
    """A person's shell: their programs, their browser, and their calendar."""
    tools = folder / "tools"
    tools.mkdir()
    for name, text in (("browser", ALLOW.format(python=sys.executable)), ("date", TODAY)):
        (tools / name).write_text(text, "utf-8")
        (tools / name).chmod(stat.S_IRWXU)
    return {
        "PATH": f"{tools}:{Path(sys.executable).parent}:{os.defpath}",
        "BROWSER": f"{tools}/browser %s",
        "HOME": str(folder),
        "DUNWELL_CLOCK": str(folder / "clock"),
        "LANG": "C.UTF-8",
    }


@contextmanager
def second_terminal(shell: dict[str, str], port: int) -> Iterator[list[str]]:
    """The sandbox, and what it said."""
    command = [*SANDBOX.split(), "--port", str(port)]
    with subprocess.Popen(command, env=shell, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        while not (said and said[-1].startswith("Then:")) and (line := process.stdout.readline()):
            said.append(line)
        try:
            yield said
        finally:
            process.terminate()


def test_the_first_hour_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    shell, port = surroundings(tmp_path), free_port()
    VirtualClock(tmp_path / "clock", MORNING).close()
    with second_terminal(shell, port) as said:
        settings = [line for line in "".join(said).splitlines() if re.match(r"(client_id|\w+_url) = ", line)]
        assert set(settings) <= set(commands(port).splitlines()), (
            "the page's settings are those that the sandbox prints"
        )
        command = ["bash", "-e", "-x", "-o", "pipefail", "-c", commands(port)]
        done = subprocess.run(
            command, cwd=tmp_path, env=shell, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        told = httpx.get(f"http://localhost:{port}/_sandbox/quickbooks/papers", timeout=60).json()
    folder = tmp_path / "receivables"
    assert len(list((folder / "out").glob("*.eml"))) == 1, "the one message that was approved has left"
    assert {paper["name"] is None for paper in told} == {True, False}, "the books have a note and a statement of it"
    assert (folder / "statement.pdf").read_bytes().startswith(b"%PDF")
    assert done.stdout.count("It is not connected") == 0
