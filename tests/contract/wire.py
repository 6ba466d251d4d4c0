"""A Xero connector whose other end is the mock: what it asked for, and what was said against it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from msgspec import Struct

from connectors.transport import Transport
from connectors.xero import faults
from connectors.xero.connector import Xero
from tests.connectors.roads import Clock
from tests.contract.mock import A_THEME
from tests.dunwell.sandbox.asking import Enough, Tokens
from tests.dunwell.sandbox.xero.contract import Contract, Operation, Request

TENANT = A_THEME
"""Any UUID."""

Spoil = Callable[[httpx.Request], httpx.Request]
"""What to make of a request of ours before it leaves, so that something is wrong with it."""


class Asked(Struct, frozen=True, kw_only=True):
    """A request of ours, the status that it got, and what Prism said against it or against its own answer."""

    request: Request
    status: int
    violations: tuple[Mapping[str, Any], ...]

    def refusals(self, contract: Contract) -> list[str]:
        """Why the request is wrong: by Prism, and by our own reading, as Prism takes any unknown query parameter."""
        said = [one["message"] for one in self.violations if one["location"][0] == "request"]
        refused = [] if self.status < httpx.codes.BAD_REQUEST else [f"status {self.status}"]
        return [*refused, *said, *contract.complaints(self.request)]

    def differences(self, operation: Operation) -> set[str]:
        """Where the example that was the answer is not what the contract says, by name."""
        return {
            f"{operation.id}: {_place(one['location'])}{_said(one['message'])}"
            for one in self.violations
            if one["location"][0] == "response"
        }


def _said(message: str) -> str:
    return re.sub(r"Response body property \S+ ", "", message.rsplit("; ", 1)[-1])


def _place(location: list[str]) -> str:
    named = [part for part in location[2:] if not part.isdecimal()]
    return f"{'.'.join(named)} " if named else ""


class _Spoilt(httpx.Client):
    """Connections over which every request goes as it was spoilt."""

    def __init__(self, spoil: Spoil, hear: Callable[[httpx.Response], None]) -> None:
        super().__init__(timeout=60, event_hooks={"response": [hear]})
        self._spoil = spoil

    def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        spoilt = httpx.Request(request.method, request.url, headers=request.headers, content=request.content)
        return super().send(self._spoil(spoilt), **how)


@contextmanager
def a_wire(url: str, spoil: Spoil = lambda request: request) -> Iterator[tuple[Xero, httpx.Client, list[Asked]]]:
    """A connector to the mock, the connections that it goes over, and all that is asked for over them."""
    caught: list[Asked] = []

    def hear(response: httpx.Response) -> None:
        response.read()
        violations = json.loads(response.headers.get("sl-violations", "[]"))
        caught.append(Asked(request=_as_left(response.request), status=response.status_code, violations=violations))

    with _Spoilt(spoil, hear) as http:
        clock = Clock()
        transport = Transport(
            faults.DIALECT, "books", tokens=Tokens("a-token"), budget=Enough(), clock=clock, http=http
        )
        yield Xero(transport, clock, url, TENANT), http, caught


def _as_left(request: httpx.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=tuple(request.url.params.multi_items()),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.content,
    )
