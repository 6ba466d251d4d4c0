"""A full run of our Xero connector, each request and each answer of it held against Xero's OpenAPI file."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx

from connectors.base import Budget
from connectors.transport import Transport
from connectors.xero import faults
from connectors.xero.connector import Xero
from tests.dunwell.sandbox.asking import Enough, Exchange, Tokens, a_wire, read_everything, write_everything
from tests.dunwell.sandbox.findings import Findings
from tests.dunwell.sandbox.xero.api import EVERYTHING, Organisation
from tests.dunwell.sandbox.xero.contract import Contract, Operation, Request, last_two


def connected(xero: Organisation, scope: str, http: httpx.Client, budget: Budget | None = None) -> Xero:
    """A connector to the organisation, with a token of these scopes."""
    tokens = Tokens(str(xero.control.tokens(scope)["access_token"]))
    transport = Transport(
        faults.DIALECT, "books", tokens=tokens, budget=budget or Enough(), clock=xero.clock, http=http
    )
    return Xero(transport, xero.clock, xero.sandbox.url, xero.tenant)


def exchanges(xero: Organisation) -> list[Exchange]:
    """Everything asked, and everything answered."""
    xero.control.edit("invoice", count=3)
    with a_wire() as (http, caught):
        connector = connected(xero, EVERYTHING, http)
        read_everything(connector, xero.control)
        write_everything(connector, xero.control, lines=False)
    return caught


class Judge:
    """Holds exchanges against the contract. A row of a list that came before is not looked at again."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._seen: set[str] = set()
        self._objects = 0

    def findings(self, caught: list[Exchange]) -> Findings:
        """Counts, and each difference by its name."""
        operations = [self._contract.operation(one.method, one.path) for one in caught]
        found: Counter[str] = Counter()
        for exchange, operation in zip(caught, operations, strict=True):
            found.update(self._about(exchange, operation))
        return Findings(
            platform="xero",
            requests=len(caught),
            answers=len(caught),
            objects=self._objects,
            operations={operation.id for operation in operations if operation},
            differences=found,
        )

    def _about(self, exchange: Exchange, operation: Operation | None) -> Iterator[str]:
        request = Request(
            method=exchange.method,
            path=exchange.path,
            query=exchange.query,
            headers=exchange.headers,
            body=exchange.body,
        )
        yield from (f"request: {one.split(': ', 1)[-1]}" for one in self._contract.complaints(request))
        if operation is None:
            return
        kinds = self._contract.media_types(operation, exchange.status)
        if kinds is None:
            yield f"answer: {operation.id} says nothing of a {exchange.status}"
        elif exchange.media_type not in kinds:
            yield f"answer: {operation.id} gives no {exchange.media_type}"
        elif operation.answers is not None:
            yield from (f"answer: {one}" for one in self._about_body(operation.answers, exchange.answer))

    def _about_body(self, schema: str, answer: bytes) -> Iterator[str]:
        body = {name: self._new(value) for name, value in json.loads(answer).items()}
        yield from self._contract.mistakes(f"#/components/schemas/{schema}", body)
        for key in self._contract.strange(schema, body):
            yield f"{last_two(key)} is in no schema"

    def _new(self, value: Any) -> Any:
        """Of a list the rows that were not looked at before; anything else as it is."""
        if not isinstance(value, list):
            return value
        fresh = {text: row for row in value if (text := json.dumps(row)) not in self._seen}
        self._seen |= fresh.keys()
        self._objects += len(fresh)
        return list(fresh.values())
