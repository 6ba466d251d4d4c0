"""A full run of our QuickBooks connector, each request and each answer of it held against Intuit's schema.

The schema is of objects. Paths, parameters and the query language stand in Intuit's pages only, so these are held
against what the pages say, and the names in them against the schema.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from connectors.quickbooks import faults
from connectors.quickbooks.connector import QuickBooks
from connectors.transport import Transport
from tests.dunwell.sandbox.api import Company
from tests.dunwell.sandbox.asking import Enough, Exchange, Tokens, a_wire, read_everything, write_everything
from tests.dunwell.sandbox.findings import Findings
from tests.dunwell.sandbox.quickbooks.contract import Schema
from tests.dunwell.sandbox.quickbooks.official import Official

PAGES = {
    "query": ("POST", {"minorversion"}, "data queries"),
    "cdc": ("GET", {"minorversion", "entities", "changedSince"}, "change data capture"),
    "upload": ("POST", {"minorversion", "requestid"}, "attachable: upload"),
    "download": ("GET", {"minorversion"}, "attachable: download"),
}
"""Paths that are no object's: the method, the parameters, and Intuit's page (all read 2026-11-21)."""

OBJECTS = {"GET": {"minorversion", "include"}, "POST": {"minorversion", "requestid"}}
"""Parameters of reading and of saving an object (Intuit, basic field definitions)."""

_PATH = re.compile(r"/v3/company/\d+/(?P<what>\w+)(?:/(?P<id>\d+))?(?P<pdf>/pdf)?")
_QUERY = re.compile(
    r"SELECT (?:\*|COUNT\(\*\)) FROM (?P<entity>\w+)(?: WHERE (?P<where>.+?))?(?: ORDERBY (?P<order>\w+))?"
    r"(?: STARTPOSITION [1-9]\d*)?(?: MAXRESULTS (?:1000|[1-9]\d{0,2}))?"
)
_CONDITION = re.compile(r"(?P<name>[\w.]+) (?:=|IN|<|>|<=|>=|LIKE) (?:'(?:[^'\\]|\\.)*'|\([^()]*\))")
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def exchanges(company: Company) -> list[Exchange]:
    """Everything asked, and everything answered; an invoice was edited and another one deleted before."""
    company.control.edit("invoice", count=3)
    company.control.delete("invoice", f"id:{list(company.control.live()['invoice'])[-1]}")
    tokens = Tokens(str(company.control.tokens()["access_token"]))
    with a_wire() as (http, caught):
        transport = Transport(faults.DIALECT, "books", tokens=tokens, budget=Enough(), clock=company.clock, http=http)
        connector = QuickBooks(transport, company.clock, company.sandbox.url, company.realm)
        read_everything(connector, company.control)
        write_everything(connector, company.control, lines=True)
    return caught


class Judge:
    """Holds exchanges against the schema: every object with the quick reader, one of each shape with the validator."""

    def __init__(self, folder: Path) -> None:
        self._schema, self.official = Schema(folder), Official(folder)
        self._shapes: set[object] = set()
        self._objects = 0

    def findings(self, caught: list[Exchange]) -> Findings:
        """Counts, and each difference by its name."""
        found: Counter[str] = Counter()
        for exchange in caught:
            found.update(f"request: {one}" for one in self._request(exchange))
            found.update(f"answer: {one}" for one in self._answer(exchange))
        return Findings(
            platform="quickbooks",
            requests=len(caught),
            answers=len(caught),
            objects=self._objects,
            operations={operation(one) for one in caught},
            differences=found,
        )

    def _request(self, exchange: Exchange) -> Iterator[str]:
        path = _PATH.fullmatch(exchange.path)
        if path is None:
            yield "a path that is none of the API's"
            return
        what, given = path["what"], {name for name, _ in exchange.query}
        if what in PAGES:
            method, known, _ = PAGES[what]
            yield from self._about_page(exchange, what)
        else:
            method, known = exchange.method, OBJECTS[exchange.method]
            yield from self._about_object(exchange, what)
        if exchange.method != method:
            yield f"{exchange.method} of {what}"
        yield from (f"{what} has no parameter {name}" for name in given - known)
        if "minorversion" not in given:
            yield f"{what}{path['pdf'] or ''} without a minorversion"

    def _about_page(self, exchange: Exchange, what: str) -> Iterator[str]:
        asked = dict(exchange.query)
        match what:
            case "query":
                yield from self._about_query(exchange.body.decode())
            case "cdc":
                yield from (f"no entity {name}" for name in asked["entities"].split(",") if not self._entity(name))
                if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", asked["changedSince"]):
                    yield "changedSince without its offset"
            case "upload":
                yield from self._about_upload(exchange.body)

    def _about_query(self, text: str) -> Iterator[str]:
        query = _QUERY.fullmatch(text)
        if query is None or not self._entity(query["entity"]):
            yield "a query that the language does not know"
            return
        conditions = [_CONDITION.fullmatch(one) for one in (query["where"] or "").split(" AND ") if one]
        yield from ("a condition that the language does not know" for one in conditions if one is None)
        names = [one["name"] for one in conditions if one is not None] + [query["order"] or "Id"]
        yield from (f"no {query['entity']}.{name}" for name in names if not self._has(query["entity"], name))

    def _has(self, kind: str, path: str) -> bool:
        name, _, rest = path.partition(".")
        field = self._schema.fields(kind).get(name)
        return field is not None and (not rest or self._has(field.type, rest))

    def _about_upload(self, body: bytes) -> Iterator[str]:
        """Two parts: the attachable, and the file; the validator sees the first."""
        if b"\r\n" not in body:
            yield "an upload whose lines end in LF alone"
        metadata = re.search(rb'name="file_metadata_01".*?\n\r?\n(.*?)\r?\n--', body, re.DOTALL)
        if metadata is None or b'name="file_content_01"' not in body:
            yield "an upload without its two parts"
        else:
            yield from self._checked("Attachable", _decode(metadata[1]))

    def _about_object(self, exchange: Exchange, what: str) -> Iterator[str]:
        entity = self._entity(what)
        if entity is None:
            yield f"no entity {what}"
        elif exchange.method == "POST":
            yield from self._checked(entity, _decode(exchange.body))

    def _entity(self, name: str) -> str | None:
        """An entity as the schema spells it."""
        return next((one for one in self.official.entities if one.lower() == name.lower()), None)

    def _answer(self, exchange: Exchange) -> Iterator[str]:
        if exchange.media_type != "application/json":
            yield f"{operation(exchange)}: {exchange.media_type} is in no schema"
            return
        body = _decode(exchange.answer)
        for part in _parts(body):
            for name in part.keys() & self.official.entities:
                rows = part[name] if isinstance(part[name], list) else [part[name]]
                yield from (mistake for row in rows for mistake in self._schema.mistakes(name, row))
                self._objects += len(rows)
                if isinstance(part[name], list):
                    part[name] = [row for row in rows if self._is_new(row)]
        yield from self.official.mistakes("IntuitResponse", body)

    def _checked(self, entity: str, body: Any) -> Iterator[str]:
        yield from self._schema.mistakes(entity, body)
        yield from self.official.mistakes(entity, body)

    def _is_new(self, row: Any) -> bool:
        """Whether no row of this shape was seen before."""
        shape = _shape(row)
        new = shape not in self._shapes
        self._shapes.add(shape)
        return new


def operation(exchange: Exchange) -> str:
    """What was asked: the method, and the path without its ids."""
    path = re.sub(r"/\d+", "", exchange.path.removeprefix("/v3/company"))
    return f"{exchange.method} {path.lstrip('/')}"


def _parts(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Where objects stand in an answer."""
    yield body
    yield body.get("QueryResponse", {})
    for changed in body.get("CDCResponse", ()):
        yield from changed["QueryResponse"]


def _shape(value: Any) -> object:
    """Keys and kinds of values, at every depth."""
    if isinstance(value, dict):
        return frozenset((key, _shape(inner)) for key, inner in value.items())
    return frozenset(map(_shape, value)) if isinstance(value, list) else type(value)
