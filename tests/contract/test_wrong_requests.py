"""A request that is wrong is refused, or the run above proves nothing."""

import json
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from connectors.base import Note, Target
from connectors.errors import OutsideError
from connectors.xero.connector import Xero
from strategy.model import Kind
from tests.contract import asking
from tests.contract.wire import Spoil, a_wire
from tests.dunwell.sandbox.xero.contract import Contract

A_NOTE = Note(target=Target.INVOICE, target_id=asking.INVOICE, marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d noted")


def reads(connector: Xero) -> object:
    return list(connector.everything(Kind.INVOICE))


def notes(connector: Xero) -> object:
    return connector.write(A_NOTE, "key-1")


def links(connector: Xero) -> object:
    return connector.payment_link(asking.INVOICE)


def without(header: str) -> Spoil:
    def spoil(request: httpx.Request) -> httpx.Request:
        del request.headers[header]
        return request

    return spoil


def with_header(name: str, value: str) -> Spoil:
    def spoil(request: httpx.Request) -> httpx.Request:
        request.headers[name] = value
        return request

    return spoil


def asking_for(**query: str) -> Spoil:
    def spoil(request: httpx.Request) -> httpx.Request:
        request.url = request.url.copy_merge_params(query)
        return request

    return spoil


def at(old: str, new: str) -> Spoil:
    def spoil(request: httpx.Request) -> httpx.Request:
        request.url = request.url.copy_with(path=request.url.path.replace(old, new))
        return request

    return spoil


def saying(body: object) -> Spoil:
    def spoil(request: httpx.Request) -> httpx.Request:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        return httpx.Request(request.method, request.url, headers=headers, content=content)

    return spoil


WRONG: dict[str, tuple[Callable[[Xero], object], Spoil]] = {
    "the organisation is not named": (reads, without("xero-tenant-id")),
    "there is no token": (reads, without("authorization")),
    "the page is no number": (reads, asking_for(page="abc")),
    "the size of a page is no number": (reads, asking_for(pageSize="abc")),
    "an id is no UUID": (reads, asking_for(IDs="INV-0001")),
    "a yes is no boolean": (reads, asking_for(includeArchived="yes")),
    "there is no such list": (reads, at("Invoices", "invoices")),
    "an invoice is asked for by its number": (links, at(asking.INVOICE, "INV-0001")),
    "a PDF is asked for as another text": (links, with_header("accept", "application/pdf")),
    "a field of the body is unknown": (notes, saying({"HistoryRecords": [{"Details": "x", "Colour": "red"}]})),
    "the envelope is another": (notes, saying({"Records": [{"Details": "x"}]})),
    "a field of the body is no text": (notes, saying({"HistoryRecords": [{"Details": 5}]})),
    "the body is no JSON": (notes, saying(b"Details: x")),
    "there is no body": (notes, saying(b"")),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_request_is_refused(url: str, strict: Contract, wrong: str) -> None:
    ask, spoil = WRONG[wrong]
    with a_wire(url, spoil) as (connector, _, caught), suppress(OutsideError):
        ask(connector)
    assert caught[0].status >= 400
    assert caught[0].refusals(strict)


def test_an_unknown_query_parameter_is_found_by_our_own_reading(url: str, strict: Contract) -> None:
    """Prism takes any."""
    with a_wire(url, asking_for(pagesize="100")) as (connector, _, caught):
        reads(connector)
    assert caught[0].status == 200
    assert caught[0].refusals(strict) == ["getInvoices has no query parameter pagesize"]
