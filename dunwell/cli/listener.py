"""Receiving a consent: the browser comes back to a port on this machine, or a person pastes where it ended.

    with listening(port=0) as listener:
        consent = oauth.ask_consent(app, listener.redirect_uri)
        answer = listener.receive(consent, open_url)        # {"code": ..., "realmId": ...}

`open_url` is called with the consent page's address: a browser, or in a demo whatever clicks "allow". Only an answer
that carries the consent's own state counts; another tab's is told so, and the wait goes on.
"""

import os
import selectors
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, TextIO
from urllib.parse import parse_qsl, urlsplit

from connectors.oauth import Consent
from dunwell.cli.ending import Failed
from dunwell.cli.showing.page import warn

PORT: Final = 8765
PATH: Final = "/callback"
PATIENCE_S: Final = 600.0
LOOK_S: Final = 0.5
"""How often what came to another process is looked for."""

UNANSWERED: Final = "nobody answered the platform's question within ten minutes; connect again when you are ready"

_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Dunwell</title>
<body style="font: 1.1rem/1.5 system-ui; max-width: 34rem; margin: 4rem auto; padding: 0 1rem">
<h1 style="font-size: 1.4rem">{title}</h1><p>{text}</p></body></html>
"""


class NotAllowed(Failed):
    """Nobody allowed access, or nobody answered."""


class Listener:
    """A port that waits for the browser."""

    def __init__(self, server: "_Server") -> None:
        self._server = server
        self.redirect_uri = f"http://localhost:{server.server_port}{PATH}"

    def receive(
        self,
        consent: Consent,
        open_url: Callable[[str], object],
        paste: TextIO | None = None,
        patience_s: float = PATIENCE_S,
    ) -> Mapping[str, str]:
        """What the platform sent back, its state verified. A line on `paste` counts as the address it came to.

        Raises `NotAllowed`.
        """
        self._server.state = consent.state
        open_url(consent.url)
        return _allowed(self._wait(consent, paste, patience_s), consent)

    def _wait(self, consent: Consent, paste: TextIO | None, patience_s: float) -> Mapping[str, str]:
        with selectors.SelectSelector() as selector:  # epoll refuses a file and /dev/null, which stdin may be
            selector.register(self._server.bell, selectors.EVENT_READ)
            if paste is not None:
                selector.register(paste, selectors.EVENT_READ)
            while ready := selector.select(patience_s):
                if self._server.answer is not None:
                    return self._server.answer
                if paste is not None and any(key.fileobj is paste for key, _ in ready):
                    line = paste.readline()
                    if (answer := pasted(line)) and answer.get("state") == consent.state:
                        return answer
                    if not line:
                        selector.unregister(paste)
        raise NotAllowed(UNANSWERED)


@contextmanager
def listening(port: int = 0) -> Iterator[Listener]:
    """A listener on loopback; port 0 takes any free one. Raises `Failed` where the port is taken."""
    try:
        server = _Server(port)
    except OSError as error:
        raise Failed(f"port {port} cannot be listened on ({error.strerror}); name another with --port") from None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Listener(server)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def elsewhere(
    consent: Consent,
    arrived: Callable[[], Mapping[str, str] | None],
    paste: TextIO | None,
    patience_s: float = PATIENCE_S,
) -> Mapping[str, str]:
    """What came back to a page elsewhere: as `arrived` finds it there, or as a person pastes it. Raises `NotAllowed`.

    What is pasted and is no answer is told at once; the wait ends over it only where nothing more can be pasted.
    """
    wrong: NotAllowed | None = None
    with selectors.SelectSelector() as selector:
        if paste is not None:
            selector.register(paste, selectors.EVENT_READ)
        for _ in range(max(1, round(patience_s / LOOK_S))):
            if (answer := arrived()) is not None:
                return _allowed(answer, consent)
            if not selector.select(LOOK_S) or paste is None:
                continue
            line = paste.readline()
            if pasted(line).get("state") == consent.state:
                return allowed(line, consent)
            if not line and wrong is not None:
                raise wrong
            if not line:
                selector.unregister(paste)
            elif line.strip():
                wrong = _told(line, consent)
    raise wrong or NotAllowed(UNANSWERED)


def _told(line: str, consent: Consent) -> NotAllowed | None:
    """Why a line is no answer, said now."""
    try:
        allowed(line, consent)
    except NotAllowed as error:
        warn(error.message)
        return NotAllowed("nothing was connected")
    return None


def pasted(line: str) -> Mapping[str, str]:
    """The parameters of an address that a person pasted; none where it is no such address."""
    return dict(parse_qsl(urlsplit(line.strip()).query))


def allowed(line: str, consent: Consent) -> Mapping[str, str]:
    """The same, where there is no listener. Raises `NotAllowed` where it is no answer to this consent."""
    answer = pasted(line)
    if not answer:
        raise NotAllowed("that is no address with an answer in it; paste all of it, from https:// to the end")
    if answer.get("state") != consent.state:
        raise NotAllowed("that is the answer to an earlier attempt; open the address above, and paste where it ends")
    return _allowed(answer, consent)


def _allowed(answer: Mapping[str, str], consent: Consent) -> Mapping[str, str]:
    if "code" in answer:
        return answer
    error = answer.get("error", "nothing")
    asked = f". One of these is not for this app: {', '.join(consent.scopes)}" if error == "invalid_scope" else ""
    raise NotAllowed(f"the platform says: {error}; nothing was connected{asked}")


class _Server(ThreadingHTTPServer):
    """Takes one answer; a browser may open further connections that say nothing, so each has a thread."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int) -> None:
        self.state = ""
        self.answer: Mapping[str, str] | None = None
        self.bell, self._ring = os.pipe()
        super().__init__(("127.0.0.1", port), _Handler)

    def take(self, answer: Mapping[str, str]) -> bool:
        """Keep the answer to the present question. False where it belongs to another."""
        if not self.state or answer.get("state") != self.state:
            return False
        if self.answer is None:
            self.answer = answer
            os.write(self._ring, b"!")
        return True

    def server_close(self) -> None:
        super().server_close()
        os.close(self.bell)
        os.close(self._ring)


class _Handler(BaseHTTPRequestHandler):
    """One request of the browser."""

    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != PATH:
            self._say(404, "Nothing here", "Dunwell listens for the answer of a platform only.")
            return
        answer = dict(parse_qsl(parts.query))
        if not self.server.take(answer):
            self._say(400, "An old answer", "It belongs to an earlier attempt. Begin again from the terminal.")
        elif "code" in answer:
            self._say(200, "Thank you", "Dunwell has the answer. Close this window and go back to the terminal.")
        else:
            self._say(200, "Not connected", f"The platform says: {escape(answer.get('error', ''))}.")

    def _say(self, status: int, title: str, text: str) -> None:
        body = _PAGE.format(title=title, text=text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Nothing: the address holds the code."""
