"""Log lines and tracebacks: shown where they are asked for, and free of what they must not hold.

Only our own loggers are ever given a handler: httpx's would write whole addresses. A traceback is kept without the
error's own words, because those may quote a customer.
"""

import logging
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

import click

FILE: Final = "dunwell.log"
_OWNER_ONLY: Final = 0o600


def configure(*, verbose: bool) -> None:
    """Send log lines to stderr, or nowhere."""
    ours = logging.getLogger("dunwell")
    ours.handlers = [_Lines() if verbose else logging.NullHandler()]
    ours.propagate = False
    ours.setLevel(logging.INFO if verbose else logging.WARNING)


class _Lines(logging.Handler):
    """One line per record on whatever is stderr at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"{record.levelname.lower()} {record.name}: {record.getMessage()}", err=True)


def keep(folder: Path, ledger: str, error: BaseException, at: datetime) -> Path:
    """Add a traceback to the log file in the data folder; the file."""
    file = folder / FILE
    file.touch(mode=_OWNER_ONLY)
    with file.open("a", encoding="utf-8") as log:
        log.write(f"{at:%Y-%m-%d %H:%M:%S} UTC {ledger}\n{_frames(error)}\n")
    return file


def brief(error: BaseException) -> str:
    """A bug's kind and place, without its words: "KeyError at sync/pull.py:88"."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {'/'.join(Path(frames[-1].filename).parts[-2:])}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is said of a bug that ends the program (`sys.excepthook`)."""
    if "--verbose" in sys.argv:
        sys.__excepthook__(kind, error, trace)
        return
    click.echo(
        f"A mistake in Dunwell itself, not in what you did: {brief(error)}. Run it again as dunwell --verbose … for "
        "the traceback, and report it with that.",
        err=True,
    )


def _frames(error: BaseException) -> str:
    """The traceback, of its causes too, without the errors' own words."""
    import traceback

    parts = []
    at: BaseException | None = error
    while at is not None:
        parts.append("".join(traceback.format_tb(at.__traceback__)) + type(at).__name__)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\nraised while this was dealt with:\n".join(reversed(parts))
