"""Notes in the history, and files."""

import re
from datetime import datetime

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Paper
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.wire import Unfit, invalid
from dunwell.sandbox.xero.writing.incoming import Incoming

MOST_DETAILS = 2500
MOST_FILES = 10
MOST_BYTES = 10_000_000
"""Official pages say 10 MB and 25 MB, support said 3 MB; 14 MB was refused (fact sheet, section 8; Xero-Java 349)."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00+]')
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "txt": "text/plain",
    "csv": "text/csv",
}

Owner = tuple[str, str, tuple[str, int]]
"""Whose paper it is: endpoint, id in Xero, and the neutral kind and number."""


def add_note(books: Books, owner: Owner, request: Incoming, now: datetime) -> Paper:
    """A note; it can never be changed. Raises `Unfit`."""
    details = request.text("Details")
    if details is None:
        raise Unfit("Details must be specified.")
    if len(details) > MOST_DETAILS:
        raise Unfit(f"Details must be {MOST_DETAILS} characters or less.")
    endpoint, object_id, target = owner
    return books.add_paper(now, targets=(target,), note=details, fields={"Endpoint": endpoint, "Of": object_id})


def attach(books: Books, owner: Owner, name: str, content: bytes, now: datetime, *, online: bool) -> Paper:
    """A file; one of the same name is overwritten and keeps its id. Raises `Refused`."""
    if _FORBIDDEN.search(name):
        raise invalid(f"The file name {name} contains characters that are not allowed.")
    if not content:
        raise invalid("The file is empty.")
    endpoint, object_id, target = owner
    fields = {"Endpoint": endpoint, "Of": object_id, **({"IncludeOnline": True} if online else {})}
    mine = files_of(books, object_id)
    before = next((each for each in mine if (each.name or "").casefold() == name.casefold()), None)
    if before is not None:
        books.change(now, before, content=content, fields=fields)
        return before
    if len(mine) >= MOST_FILES:
        raise invalid(f"A maximum of {MOST_FILES} attachments can be added to a document.")
    media_type = _MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    facts = {"targets": (target,), "name": name, "media_type": media_type, "content": content}
    return books.add_paper(now, **facts, fields=fields)


def files_of(books: Books, object_id: str) -> list[Paper]:
    """The files of an object, in the order of their attachment."""
    return [each for each in books.papers.values() if each.content is not None and each.fields.get("Of") == object_id]


def one_file(books: Books, object_id: str, named: str) -> Paper | None:
    """A file by its id or its name."""
    mine = files_of(books, object_id)
    return next(
        (each for each in mine if named.lower() in (uuid_of("paper", each.id), (each.name or "").lower())), None
    )
