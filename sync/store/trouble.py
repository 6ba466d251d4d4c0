"""What the database may refuse, as one sentence for the person who runs Dunwell."""

import sqlite3
from collections.abc import Mapping
from typing import Final

Trouble = sqlite3.DatabaseError
"""The database could not be read or written; nothing of the transaction was kept."""

_SENTENCES: Final[Mapping[str, str]] = {
    "SQLITE_BUSY": "another process is writing to the database and does not let go; wait for it, then run the same "
    "again",
    "SQLITE_FULL": "the disk is full: nothing of what was being written was kept; make room, then run the same again",
    "SQLITE_READONLY": "the database cannot be written to: give yourself the right to its file and folder",
    "SQLITE_CANTOPEN": "the database cannot be opened: see that its folder is there and is yours to write to",
    "SQLITE_IOERR": "the disk failed while the database was read or written: check the disk, then run the same again",
    "SQLITE_NOTADB": "the database file is not a database: put a backup in its place",
    "SQLITE_CORRUPT": "the database is damaged: put a backup in its place, then read the books again: "
    "dunwell sync --full",
}


def sentence(error: BaseException) -> str:
    """What is the matter and what to do. Names no record and no value."""
    name = str(getattr(error, "sqlite_errorname", ""))
    known = next((text for code, text in _SENTENCES.items() if name.startswith(code)), None)
    return known or f"the database refused ({name or type(error).__name__}); report it, it is a mistake of ours"
