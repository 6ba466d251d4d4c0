"""`python -m tests.docs.picture docs/demo.svg`: what a terminal shows of `dunwell demo`, as a picture for the README.

The demo is really run, in a terminal of its own; the days between its first and its closing tables are left out.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

WIDTH: Final = 100
FIRST_DAYS: Final = 12
CLOSING: Final = "Six weeks, counted"
FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Rich's pictures fetch their font from the network; ours take what the reader has."""


def shown() -> list[str]:
    """The demo's lines, as a terminal gets them, colours and all."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, WIDTH, 0, 0))
    program = Path(sys.executable).parent / "dunwell"
    surroundings = {"TERM": "xterm-256color", "PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    with subprocess.Popen([program, "demo"], stdout=terminal, stderr=terminal, env=surroundings) as demo:
        os.close(terminal)
        got = b"".join(iter(lambda: _read(controller), b""))
    if demo.returncode:
        sys.exit(got.decode())
    return got.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def _read(controller: int) -> bytes:
    """What came; nothing more once the terminal is closed."""
    try:
        return os.read(controller, 65536)
    except OSError:
        return b""


def picture(lines: list[str]) -> str:
    """The lines as an SVG."""
    closing = next(number for number, line in enumerate(lines) if CLOSING in line)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    for line in ["$ make demo", *lines[:FIRST_DAYS], "…", "", *lines[closing:]]:
        console.print(Text.from_ansi(line), soft_wrap=False)
    svg = console.export_svg(title="Dunwell", theme=MONOKAI, unique_id="demo")
    return re.sub(r"[ \t]+$", "", FONTS.sub("", svg), flags=re.MULTILINE)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(picture(shown()), "utf-8")
