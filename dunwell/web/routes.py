"""What answers, and where: the one list."""

from collections.abc import Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from connectors.webhooks import Webhooks
from dunwell.web import consents, webhooks
from dunwell.web.noting import Noting


def routes(
    platforms: Sequence[Webhooks], noting: Noting, hand_over: Callable[[Mapping[str, str]], bool]
) -> list[Route]:
    """Everything that is served. `platforms`: those that are listened for."""
    taking = (webhooks.route(platform, noting) for platform in platforms)
    return [Route("/health", _health), consents.route(hand_over), *taking]


async def _health(_request: Request) -> PlainTextResponse:
    """For a proxy or a watchman: it answers. Nothing else is said to strangers."""
    return PlainTextResponse("ok\n")
