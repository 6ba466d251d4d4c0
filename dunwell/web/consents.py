"""Receiving a consent: the browser comes back from the platform, and whoever waits in `dunwell connect` is told.

Only what carries the state of a consent that is under way is taken, once, and sealed to the process that waits. The
pages say nothing that a stranger could use.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from sync.store.trouble import Trouble

PATH: Final = "/connected"

FIELDS: Final = ("code", "state", "realmId", "error")
MOST: Final = 4096
"""Longer fields than the platforms' own are nobody's answer."""

_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Dunwell</title><h1>{}</h1><p>{}</p></html>\n'
)


def route(hand_over: Callable[[Mapping[str, str]], bool]) -> Route:
    """Where the platforms send browsers back. `hand_over` may take its time: it is called in a thread."""

    async def receive(request: Request) -> HTMLResponse:
        told = {name: request.query_params.get(name, "") for name in FIELDS if name in request.query_params}
        if not told.get("state") or any(len(value) > MOST for value in told.values()):
            return _page(400, "Nothing here", "This is where QuickBooks and Xero send people back.")
        try:
            taken = await asyncio.to_thread(hand_over, told)
        except Trouble:
            return _page(503, "Not now", "Dunwell could not take the answer. Reload this page.")
        if not taken:
            return _page(400, "An old answer", "Nobody waits for it. Begin again: dunwell connect.")
        if "code" not in told:
            return _page(200, "Not connected", "The platform says that access was not allowed.")
        return _page(200, "Thank you", "Dunwell has the answer. Close this window and go back to the terminal.")

    return Route(PATH, receive, methods=["GET"])


def _page(status: int, title: str, text: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title, text), status_code=status)
