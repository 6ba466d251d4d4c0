"""Listening, until somebody stops it.

Plain HTTP/1.1 for a proxy on the same machine or in the same network. No header in which a proxy tells where a request
came from is believed, because nothing here depends on it.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS: Final = 64
"""More at a time are told to come back later (503)."""

HEAD_S: Final = 10.0
"""A request's head arrives within this time, or the connection ends. uvicorn itself would wait for ever."""

PARTING_S: Final = 5
"""What is being answered when the stop comes has this long to end."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises `OSError`."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    # Named TCP, because asyncio turns Nagle off only for sockets that say so; else every small answer waits 40 ms.
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def serve(app: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Answer until SIGINT or SIGTERM, and finish what was begun. `ready` is called once it answers."""
    config = uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=PARTING_S,
    )
    strangers = logging.getLogger("uvicorn")  # it would write what strangers send, and tracebacks with their words
    strangers.handlers, strangers.propagate = [logging.NullHandler()], False
    _Server(config, ready).run([listener])


class _Server(uvicorn.Server):
    """A stop that was asked for is a good end, so the signal is not raised again, as uvicorn would."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, self.handle_exit, one, None)
        yield


class _Protocol(H11Protocol):
    """HTTP/1.1 that does not wait for ever for the head of a request."""

    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself
        super().connection_made(transport)
        self._head_due = self.loop.call_later(HEAD_S, self._give_up)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._answering():
            self._forget()
        elif self._head_due is None:
            self._head_due = self.loop.call_later(HEAD_S, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _answering(self) -> bool:
        # None before the first request, whatever uvicorn's annotation says
        return not getattr(self.cycle, "response_complete", True)

    def _give_up(self) -> None:
        if not self._answering():
            self.transport.abort()

    def _forget(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None
