"""What is true of every request and answer, whoever gives it."""

import asyncio
import logging
from collections.abc import Collection
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("dunwell.web")

BODY_S: Final = 5.0
"""A request is read to its end within this time, or refused (408)."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer that does not say otherwise itself."""

_UNREAD: Final = (408, 413)
"""Refused before it was read: the rest must not be taken for the next request, nor be waited for."""


class Manners:
    """Bounds how long a request may take to arrive, adds the headers, and writes one log line. Stands outside of all.

    The line names the path only where it is one of `paths`: another one may hold what nobody should read in a log.
    """

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        self._app = app
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As an ASGI application."""
        until: float | None = asyncio.get_running_loop().time() + BODY_S

        async def received() -> Message:
            nonlocal until
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408) from None
            if not message.get("more_body"):
                until = None  # what comes now is that the other side has gone
            return message

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message)
                path = scope["path"] if scope["path"] in self._paths else "-"
                log.info("%s %s %s", scope["method"], path, message["status"])
            await send(message)

        await self._app(scope, received, sent)


def _add_headers(message: Message) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if message["status"] in _UNREAD:
        headers["Connection"] = "close"
