"""Saving notes and files: `/attachable` without a file, `/upload` with."""

from datetime import datetime
from pathlib import PurePath
from typing import Any

import msgspec

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Paper, Standing
from dunwell.sandbox.exchange import DECODE, Call
from dunwell.sandbox.quickbooks.lists import ATTACHED_NAMES
from dunwell.sandbox.quickbooks.wire import Body, Refused, business, fault, missing
from dunwell.sandbox.quickbooks.writing.incoming import Incoming
from dunwell.sandbox.quickbooks.writing.multipart import Section, sections

MOST_BYTES = 100 * 1024 * 1024
_KEPT = "Category Lat Long PlaceName Tag"
_KINDS = {name: kind for kind, name in ATTACHED_NAMES.items()}
_SUFFIXES = frozenset("ai csv doc docx eps gif jpg jpeg ods pdf png rtf tif txt xls xlsx xml".split())
"""Intuit docs, attachable, read 2026-11-21."""

_UNSUPPORTED = "Request has invalid or unsupported property"


def save(books: Books, request: Incoming, before: Paper | None, now: datetime) -> Paper:
    """Create a note, or replace what is said of a note or file: there is no sparse update here. Raises `Refused`."""
    if before is None and request.text("Note") is None:
        raise missing("Note")
    facts = _facts(books, request)
    if before is None:
        return books.add_paper(now, **facts)
    if request.text("FileName") is not None:
        facts["name"] = request.text("FileName")
    books.change(now, before, **facts)
    return before


def upload(books: Books, call: Call, now: datetime) -> list[tuple[Paper | None, Body]]:
    """The papers of an upload, in order: each one made, or None and its Fault. The whole is a success regardless.

    Raises `Refused` where the form itself cannot be read.
    """
    if len(call.body) > MOST_BYTES:
        detail = (
            f"The file upload request should not exceed 100MB in size. The current request size is {len(call.body)}"
        )
        raise Refused("6030", "Upload request size exceeds allowed limit", detail)
    parts = {part.name: part for part in sections(call.header("content-type"), call.body)}
    made: list[tuple[Paper | None, Body]] = []
    for name in sorted(name for name in parts if name.startswith("file_content")):
        metadata = parts.get(name.replace("content", "metadata"))
        try:
            made.append((_uploaded(books, parts[name], metadata, now), {}))
        except Refused as refused:
            made.append((None, {"Fault": fault(refused)}))
    if not made:
        raise missing("file_content_01")
    return made


def _uploaded(books: Books, content: Section, metadata: Section | None, now: datetime) -> Paper:
    request = Incoming("Attachable", _read(metadata))
    name = request.text("FileName") or content.file_name
    if name is None:
        raise missing("FileName")
    if PurePath(name).suffix.lower().lstrip(".") not in _SUFFIXES:
        raise business(f"The type of the file {name} is not supported.")
    media_type = request.text("ContentType") or content.media_type
    facts = _facts(books, request)
    return books.add_paper(now, name=name, media_type=media_type, content=content.content, **facts)


def _read(metadata: Section | None) -> Any:
    try:
        return {} if metadata is None else DECODE.decode(metadata.content)
    except msgspec.DecodeError as error:
        raise business(f"The metadata is not JSON: {error}") from None


def _facts(books: Books, request: Incoming) -> Body:
    refs = request.body.get("AttachableRef") or []
    if not isinstance(refs, list) or not all(isinstance(each, dict) for each in refs):
        raise Refused("2010", _UNSUPPORTED, "Property Name:AttachableRef specified is unsupported or invalid")
    fields = request.kept(_KEPT, {})
    if any(each.get("IncludeOnSend") is True for each in refs):
        fields["IncludeOnSend"] = True
    targets = tuple(_target(books, each.get("EntityRef") or {}) for each in refs)
    return {"targets": targets, "note": request.text("Note") or "", "fields": fields}


def _target(books: Books, entity_ref: Body) -> tuple[str, int]:
    entity, text = str(entity_ref.get("type", "")), str(entity_ref.get("value", ""))
    kind = {name.lower(): kind for name, kind in _KINDS.items()}.get(entity.lower())
    record = books.kind(kind).get(int(text)) if kind is not None and text.isdigit() else None
    if kind is None or record is None or getattr(record, "standing", None) is Standing.DELETED:
        what = f"{entity} {text}"
        raise business(f"The entity {what} that you are trying to link does not exist. {what}")
    return kind, record.id
