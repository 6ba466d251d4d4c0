"""What answers, and where: the one list."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def routes() -> list[Route]:
    """Everything that is served."""
    return [Route("/health", _health)]


async def _health(_request: Request) -> PlainTextResponse:
    """For a proxy or a watchman: it answers. Nothing else is said to strangers."""
    return PlainTextResponse("ok\n")
