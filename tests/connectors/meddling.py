"""A proxy on loopback that changes the JSON of answers on their way, to see what a connector makes of it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from connectors.base import Connector
from tests.connectors.roads import Road

Change = Callable[[Any], Any]
"""A decoded answer, to be changed or replaced."""

_HOP = {"connection", "content-encoding", "content-length", "transfer-encoding"}
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


@contextmanager
def meddled(road: Road, change: Change) -> Iterator[Connector]:
    """A connector to the road's company whose every JSON answer goes through `change`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", *_HOP}}
            answer = road.http.request(self.command, road.sandbox.url + self.path, headers=headers, content=content)
            body = answer.content
            if answer.status_code == 200 and answer.headers["content-type"].startswith("application/json"):
                body = _encode(change(_decode(body)))
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_GET  # noqa: N815 - http.server finds them by these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by http.server
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield road.connector_at(f"http://localhost:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


def rows_of(answer: Any) -> Iterator[dict[str, Any]]:
    """The records in an answer of either platform: the objects in its lists, but not those within a record."""
    by_kind = [answer] if isinstance(answer, dict) else []
    if by_kind and "CDCResponse" in answer:
        by_kind = answer["CDCResponse"][0]["QueryResponse"]
    lists = (found for one in by_kind for found in one.get("QueryResponse", one).values() if isinstance(found, list))
    yield from (row for found in lists for row in found if isinstance(row, dict) and len(row) > 2)


def each_row(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change every record."""

    def changed(answer: Any) -> Any:
        for row in rows_of(answer):
            change(row)
        return answer

    return changed


def one_row(record_id: str, change: Callable[[dict[str, Any]], object]) -> Change:
    """Change the record with that id."""
    return each_row(lambda row: change(row) if record_id in _ids(row) else None)


def rows(changes: Mapping[str, Mapping[str, object]]) -> Change:
    """Set fields of these records, by their ids."""
    return each_row(lambda row: [row.update(changes[one]) for one in _ids(row) if one in changes])


def _ids(row: Mapping[str, Any]) -> list[Any]:
    names = ("Id", "ContactID", "InvoiceID", "PaymentID", "CreditNoteID", "OverpaymentID", "PrepaymentID")
    return [row[name] for name in names if name in row]
