"""Both platforms as far as a first pull asks, out of answers that were serialised and compressed before the first call.

It runs in a process of its own, so that what it costs is in nobody's figures. It says its address when it is ready.
"""

import argparse
import gzip
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from bench import quickbooks, xero
from bench.company import Size, company

_COUNTED = re.compile(r"SELECT COUNT\(\*\) FROM (\w+)")
_ASKED = re.compile(r"SELECT \* FROM (\w+)(?:.* STARTPOSITION (\d+) MAXRESULTS 1000)?")


def asked_of_quickbooks(path: str, query: Mapping[str, list[str]], content: str, _since: bool) -> str:
    """Under which name QuickBooks' answer is kept."""
    asked = path.removeprefix(f"/v3/company/{quickbooks.REALM}/").casefold()
    if asked != "query":
        return asked
    select = query["query"][0] if "query" in query else content
    if counted := _COUNTED.match(select):
        return f"{counted[1]} count"
    found = _ASKED.match(select)
    return f"{found[1]} {found[2] or 1}" if found else select


def asked_of_xero(path: str, query: Mapping[str, list[str]], _content: str, since: bool) -> str:
    """Under which name Xero's answer is kept."""
    asked = path.removeprefix("/api.xro/2.0/")
    if "page" not in query:
        return asked
    return f"{asked} since" if since else f"{asked} {query['page'][0]}"


Named = Callable[[str, Mapping[str, list[str]], str, bool], str]

PLATFORMS = {"quickbooks": (quickbooks.answers, asked_of_quickbooks), "xero": (xero.answers, asked_of_xero)}


class Server(ThreadingHTTPServer):
    """A port of its own on loopback."""

    daemon_threads = True

    def __init__(self, platform: str, size: Size) -> None:
        make, self.named = PLATFORMS[platform]
        self.answers = {
            name: (body, gzip.compress(body, 6)) for name, body in make(company(size), datetime.now(UTC)).items()
        }
        super().__init__(("127.0.0.1", 0), _Exchange)

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
        url = urlsplit(self.path)
        name = self.server.named(url.path, parse_qs(url.query), content, "If-Modified-Since" in self.headers)
        plain, packed = self.server.answers.get(name, (None, None))
        if plain is None or packed is None:
            self.send_error(404, f"Nothing was prepared for {name}")
            return
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
    """Serve until the pipe to whoever started it closes."""
    parser = argparse.ArgumentParser(prog="python -m bench.server", description=__doc__)
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("customers", type=int)
    parser.add_argument("invoices", type=int)
    parser.add_argument("payments", type=int)
    parser.add_argument("credits", type=int)
    given = parser.parse_args()
    size = Size(customers=given.customers, invoices=given.invoices, payments=given.payments, credits=given.credits)
    server = Server(given.platform, size)
    print(server.url, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
