"""Both platforms as far as a pull asks, out of answers that were serialised and compressed before the first call.

It runs in a process of its own, so that what it costs is in nobody's figures. It says its address when it is ready, and
is told in its argument what to serve (`Served`, as JSON).
"""

import gzip
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import msgspec

from bench import quickbooks, xero
from bench.company import Size, company
from bench.news import News, news
from strategy.model import Record

CHANGE = "/change"
"""Asked for this, the server changes the books."""

_COUNTED = re.compile(r"SELECT COUNT\(\*\) FROM (\w+)")
_ASKED = re.compile(r"SELECT \* FROM (\w+)(?:.* STARTPOSITION (\d+) MAXRESULTS 1000)?")
_CHOSEN = re.compile(r"SELECT \* FROM (\w+) WHERE (?:.* AND )?Id IN \(([^)]*)\)")


class Served(Record):
    """What to serve: the company so many times over, each with ids of its own; once it is told so (`CHANGE`), what
    changed since (`changes` records, half of them payments). Every answer takes `latency_s`.
    """

    platform: str
    size: Size = Size()
    copies: int = 1
    changes: int = 0
    latency_s: float = 0.0


def asked_of_quickbooks(path: str, query: Mapping[str, list[str]], content: str, _since: bool) -> str:
    """Under which name QuickBooks' answer is kept."""
    asked = path.removeprefix(f"/v3/company/{quickbooks.REALM}/").casefold()
    if asked != "query":
        return asked
    select = query["query"][0] if "query" in query else content
    if counted := _COUNTED.match(select):
        return f"{counted[1]} count"
    if chosen := _CHOSEN.match(select):
        return f"{chosen[1]} of {chosen[2].replace(' ', '').replace(chr(39), '')}"
    found = _ASKED.match(select)
    return f"{found[1]} {found[2] or 1}" if found else select


def asked_of_xero(path: str, query: Mapping[str, list[str]], _content: str, since: bool) -> str:
    """Under which name Xero's answer is kept."""
    asked = path.removeprefix("/api.xro/2.0/")
    if "IDs" in query:
        return f"{asked} of {query['IDs'][0]}"
    if "page" not in query:
        return asked
    return f"{asked} since" if since else f"{asked} {query['page'][0]}"


Named = Callable[[str, Mapping[str, list[str]], str, bool], str]

PLATFORMS: Mapping[str, tuple[ModuleType, Named]] = {
    "quickbooks": (quickbooks, asked_of_quickbooks),
    "xero": (xero, asked_of_xero),
}


class Server(ThreadingHTTPServer):
    """A port of its own on loopback."""

    daemon_threads = True

    def __init__(self, served: Served) -> None:
        self.latency_s = served.latency_s
        self._copies = served.copies
        self._platform, self.named = PLATFORMS[served.platform]
        books, now = company(served.size), datetime.now(UTC)
        self._news = news(books, served.changes) if served.changes else News()
        made = self._platform.answers(books, now, served.copies) | self._platform.changed(News(), now)
        self._answers = {name: (body, gzip.compress(body, 6)) for name, body in made.items()}
        super().__init__(("127.0.0.1", 0), _Exchange)

    def change(self) -> None:
        """From now on whoever asks what changed is told what did."""
        made = self._platform.changed(self._news, datetime.now(UTC))
        self._answers |= {name: (body, gzip.compress(body, 6)) for name, body in made.items()}

    def answer(self, name: str) -> tuple[bytes, bytes] | None:
        """An answer by its name, plain and compressed; None where nothing was prepared.

        A page of another copy of the company is made when it is asked for.
        """
        kind, _, ids = name.partition(" of ")
        if found := self._answers.get(name):
            return found
        if ids:
            page: bytes = self._platform.chosen(kind, ids.split(","), self._news, datetime.now(UTC))
            return page, gzip.compress(page, 1)
        kind, _, at = name.rpartition(" ")
        if self._copies == 1 or not at.isdigit():
            return None
        pages = [one for one in self._answers if re.fullmatch(rf"{kind} \d+", one)]
        place = self._platform.place(int(at))
        page = self._platform.copied(self._answers[pages[place % len(pages)]][0], place // len(pages))
        return page, gzip.compress(page, 1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Exchange(BaseHTTPRequestHandler):
    """One connection, kept open."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, content: str) -> None:
        time.sleep(self.server.latency_s)
        url = urlsplit(self.path)
        if url.path == CHANGE:
            self.server.change()
            self.send_response(204)
            self.end_headers()
            return
        name = self.server.named(url.path, parse_qs(url.query), content, "If-Modified-Since" in self.headers)
        found = self.server.answer(name)
        if found is None:
            self.send_error(404, f"Nothing was prepared for {name}")
            return
        plain, packed = found
        zipped = "gzip" in self.headers.get("Accept-Encoding", "")
        body = packed if zipped else plain
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: the figures are elsewhere."""


def main() -> None:
    """Serve until whoever started it ends it."""
    server = Server(msgspec.json.decode(sys.argv[1], type=Served))
    print(server.url, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
