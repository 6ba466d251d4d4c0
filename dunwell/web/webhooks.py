"""Receiving what the platforms announce: is it genuine, write it down, answer.

The answer says nothing but its status: 200 for a right signature and 401 for a wrong one, as both platforms ask for,
503 where it could not be kept. What is signed and means nothing to us is acknowledged, since sending it again would
not change that; it is counted, and `dunwell check` shows the counts.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.base import Announcement
from connectors.webhooks import Unreadable, Webhooks, genuine
from dunwell.web.noting import Noting, NotNoted
from sync.store.webhooks import Delivery


def route(webhooks: Webhooks, noting: Noting) -> Route:
    """Where a platform's deliveries are taken."""

    async def take(request: Request) -> Response:
        body = await request.body()
        if not genuine(body, request.headers.get(webhooks.header, ""), webhooks.keys):
            noting.refused += 1
            return Response(status_code=401)
        try:
            await noting.note(Delivery(platform=webhooks.platform, announced=_announced(webhooks, body)))
        except NotNoted:
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(path(webhooks), take, methods=["POST"])


def path(webhooks: Webhooks) -> str:
    """The path of a platform's deliveries."""
    return f"/webhooks/{webhooks.platform}"


def _announced(webhooks: Webhooks, body: bytes) -> tuple[Announcement, ...] | None:
    try:
        return webhooks.read(body)
    except Unreadable:
        return None
