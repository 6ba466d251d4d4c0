"""Connectors whose other end is a server on loopback that says what was recorded."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from connectors.quickbooks.connector import QuickBooks
from connectors.xero import faults as xero_faults
from connectors.xero.connector import Xero
from tests.connectors.roads import Clock, a_line
from tests.connectors.servers import Reply, Server, answer


@contextmanager
def quickbooks(*replies: Reply, page_size: int = 1000) -> Iterator[tuple[QuickBooks, Clock]]:
    """A connector to a company that gives these replies in order, and its clock."""
    with Server(*replies) as server, a_line(server.url) as line:
        yield QuickBooks(line.transport, line.clock, server.url, "1", page_size=page_size), line.clock


@contextmanager
def xero(*replies: Reply) -> Iterator[tuple[Xero, Clock]]:
    """A connector to an organisation that gives these replies in order, and its clock."""
    with Server(*replies) as server, a_line(server.url, dialect=xero_faults.DIALECT) as line:
        yield Xero(line.transport, line.clock, server.url, "a-tenant"), line.clock


def said(*bodies: bytes, status: int = 200) -> list[Reply]:
    """Each body as an answer of its own."""
    return [answer(body, status, content_type=_type(body)) for body in bodies]


def _type(body: bytes) -> str:
    return "application/json" if body[:1] in b"[{" else "application/xml" if body[:1] == b"<" else "application/pdf"


def row(served: bytes, *path: str) -> bytes:
    """The piece of a JSON text that stands under these keys, its bytes as they are."""
    piece = msgspec.Raw(served)
    for key in path:
        piece = msgspec.json.decode(piece, type=dict[str, msgspec.Raw])[key]
    return bytes(piece)
