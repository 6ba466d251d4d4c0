"""multipart/form-data as it really arrives: with CRLF, or with the bare line feeds that python-quickbooks sends."""

import base64
import binascii
import re

from msgspec import Struct

from dunwell.sandbox.quickbooks.wire import Refused

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(r'\bname="([^"]*)"')
_BLANK = re.compile(rb"\r?\n\r?\n")
_FILE_NAME = re.compile(r'filename="([^"]*)"')


class Section(Struct, frozen=True, kw_only=True):
    """One part of a form. `content` is decoded where it was base64."""

    name: str
    file_name: str | None
    media_type: str
    content: bytes


def sections(content_type: str, body: bytes) -> list[Section]:
    """The parts in their order. Raises `Refused`."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise Refused("1050", "Invalid Content Type", f"Content type {content_type} is not multipart/form-data.")
    pieces = body.split(b"--" + found[1].encode())
    return [_section(piece) for piece in pieces[1:] if not piece.startswith(b"--")]


def _section(piece: bytes) -> Section:
    head, _, content = _split(re.sub(rb"^\r?\n", b"", piece))
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    }
    disposition = headers.get("content-disposition", "")
    name, file_name = _NAME.search(disposition), _FILE_NAME.search(disposition)
    content = re.sub(rb"\r?\n$", b"", content)
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        content = _decoded(content)
    return Section(
        name=name[1] if name else "",
        file_name=file_name[1] if file_name else None,
        media_type=headers.get("content-type", "application/octet-stream"),
        content=content,
    )


def _split(piece: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, blank line, content."""
    blank = _BLANK.search(piece)
    return (piece, b"", b"") if blank is None else (piece[: blank.start()], blank[0], piece[blank.end() :])


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error:
        raise Refused("1050", "Invalid Content Type", "The part says base64 and is not.") from None
