"""The application: routes, with manners around them."""

from collections.abc import Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dunwell.web.manners import Manners

BODY_BYTES: Final = 2_000_000
"""Nothing that is sent to us is larger: Intuit sets no bound, and names 2 MB as what servers take (Managing webhooks
notifications, read 2026-11-22). Refused (413) by what its head says, or as soon as that much has come.
"""


def application(routes: Sequence[Route], on_mistake: Callable[[Exception], None]) -> ASGIApp:
    """The application. `on_mistake` is told of a bug of ours; whoever asked learns only that there was one."""

    async def mistake(_request: Request, error: Exception) -> Response:
        on_mistake(error)
        return Response(status_code=500)

    inside = Starlette(
        routes=routes, exception_handlers={HTTPException: _refused, Exception: mistake}, max_body_size=BODY_BYTES
    )
    inside.router.redirect_slashes = False  # it would send people to whatever host the request names
    return Manners(inside, paths=[route.path for route in routes])


async def _refused(_request: Request, error: Exception) -> Response:
    """The status says all there is to say."""
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    return Response(status_code=error.status_code, headers=error.headers)
