"""Servers on raw sockets, for what no HTTP server does by itself: each plays a script, one reply per request.

A reply gets the connection and says whether it stays open. What was asked is kept, so that a test can count.
"""

import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"

Reply = Callable[[socket.socket], bool]


class Asked:
    """One request as it arrived."""

    def __init__(self, head: bytes, body: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ", 2)
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.body = body


class Server:
    """Plays its replies in order, over however many connections; after the last one it answers 200 and `{}`."""

    def __init__(self, *replies: Reply) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self._replies = list(replies)
        self._lock = threading.Condition()
        self._closed = 0
        self._listener = socket.create_server((LOOPBACK, 0))
        self._open: set[socket.socket] = set()
        self.url = f"http://{LOOPBACK}:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            _hang_up(connection)

    def wait_until_closed(self, connections: int) -> None:
        """Until the server has hung up on so many connections."""
        with self._lock:
            assert self._lock.wait_for(lambda: self._closed >= connections, timeout=60)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while (asked := _read(connection)) is not None:
                with self._lock:
                    self.asked.append(asked)
                    reply = self._replies.pop(0) if self._replies else answer()
                if not reply(connection):
                    break
        except OSError:
            pass
        finally:
            self._open.discard(connection)
            connection.close()
            with self._lock:
                self._closed += 1
                self._lock.notify_all()


def answer(body: bytes = b"{}", status: int = 200, *, keep: bool = True, **headers: str) -> Reply:
    """An HTTP answer; `keep` False hangs up after it. Names of headers with _ for -."""
    media_type = {"content_type": "application/json"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in media_type.items())
    whole = f"HTTP/1.1 {status} Whatever\r\ncontent-length: {len(body)}\r\n{lines}\r\n".encode("latin-1") + body

    def reply(connection: socket.socket) -> bool:
        connection.sendall(whole)
        return keep

    return reply


def silent(connection: socket.socket) -> bool:
    """Say nothing until the other side gives up."""
    connection.settimeout(10)
    connection.recv(1)
    return False


def then_silent(sent: bytes) -> Reply:
    """Send exactly these bytes, then say nothing more."""

    def reply(connection: socket.socket) -> bool:
        connection.sendall(sent)
        return silent(connection)

    return reply


def dropped(connection: socket.socket) -> bool:
    """Break the connection without a word."""
    _hang_up(connection)
    return False


def cut(sent: bytes) -> Reply:
    """Send exactly these bytes, then break the connection."""

    def reply(connection: socket.socket) -> bool:
        connection.sendall(sent)
        return False

    return reply


def endless(chunk: bytes, between: Callable[[], None] = lambda: None, **headers: str) -> Reply:
    """A good answer that never ends; `between` happens before each of its chunks."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{lines}\r\n".encode()

    def reply(connection: socket.socket) -> bool:
        connection.sendall(head)
        while True:
            between()
            connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")

    return reply


def _read(connection: socket.socket) -> Asked | None:
    """The next request; None where the other side hangs up instead."""
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(65536)
        if not part:
            return None
        head += part
    head, _, body = head.partition(b"\r\n\r\n")
    asked = Asked(head, b"")
    missing = int(asked.headers.get("content-length", "0"))
    while len(body) < missing:
        body += connection.recv(65536)
    return Asked(head, body)


def _hang_up(connection: socket.socket) -> None:
    """Close with a reset, as a cable that is cut."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    except OSError:
        pass
