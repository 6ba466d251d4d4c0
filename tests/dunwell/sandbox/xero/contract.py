"""Xero's OpenAPI file as a checker of requests and answers.

Answers: every value fits its property's schema (jsonschema, with the file's own references), and every key is one that
the schema, an official example or a recording has. Requests: method and path are an operation's, its query parameters
are known to it and of their type, its body fits.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from msgspec import Struct
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

BASE = "/api.xro/2.0"
ENVELOPE = frozenset({"Id", "Status", "ProviderName", "DateTimeUTC"})
"""Around every answer, in every official example, and in no schema of the file."""

_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_METHODS = ("get", "put", "post", "delete")


class Request(Struct, frozen=True, kw_only=True):
    """A request to check. `headers` in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Operation(Struct, frozen=True, kw_only=True):
    """An operation of the contract. `answers`: the name of the schema of its answers; None where they are no JSON."""

    id: str
    path: str
    body: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]
    answers: str | None


class Contract:
    """The file, read once."""

    def __init__(self, path: Path) -> None:
        self.document = yaml.load(path.read_text(), yaml.CSafeLoader)
        resource: Resource[Any] = DRAFT202012.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource("contract", resource)
        self._paths = [
            (re.compile(_pattern(template)), template, item) for template, item in self.document["paths"].items()
        ]
        self._validators: dict[str, Draft202012Validator] = {}

    def schema(self, name: str) -> Mapping[str, Any]:
        """A schema of the file."""
        found: Mapping[str, Any] = self.document["components"]["schemas"][name]
        return found

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request; the path is without host, from `/api.xro/2.0` on."""
        for pattern, template, item in self._paths:
            operation = item.get(method.lower()) if method.lower() in _METHODS else None
            if operation is not None and pattern.fullmatch(path.removeprefix(BASE)):
                given = [*item.get("parameters", []), *operation.get("parameters", [])]
                return Operation(
                    id=operation["operationId"],
                    path=template,
                    body=operation,
                    parameters=tuple(self._resolved(each) for each in given),
                    answers=self._answers(operation),
                )
        return None

    def _answers(self, operation: Mapping[str, Any]) -> str | None:
        response = self._resolved(operation["responses"].get("200", {}))
        reference = response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref")
        return None if reference is None else str(reference).rsplit("/", 1)[-1]

    def media_types(self, operation: Operation, status: int) -> set[str] | None:
        """What an operation's answer of that status may be; None where the file says nothing of such a status."""
        response = operation.body["responses"].get(str(status))
        return None if response is None else set(self._resolved(response).get("content", {}))

    def _resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Any = node
        while "$ref" in found:
            place: Any = self.document
            for part in str(found["$ref"]).lstrip("#/").split("/"):
                place = place[part]
            found = place
        resolved: Mapping[str, Any] = found
        return resolved

    def mistakes(self, reference: str, body: object) -> list[str]:
        """What in a JSON value does not fit a schema, by its place in the file ("#/components/schemas/Invoices")."""
        if reference not in self._validators:
            self._validators[reference] = Draft202012Validator(
                {"$ref": f"contract{reference}"}, registry=self._registry, format_checker=FormatChecker(["uuid"])
            )
        found = self._validators[reference].iter_errors(body)
        return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:160]}" for error in found]

    def strange(self, name: str, value: Any, path: str = "") -> Iterator[str]:
        """Keys, with those above them, that the schema of that name has not."""
        properties = self.schema(name).get("properties", {})
        for key, inner in value.items():
            if key not in properties:
                yield f"{path}{key}"
                continue
            below = properties[key].get("$ref") or properties[key].get("items", {}).get("$ref")
            for each in inner if isinstance(inner, list) else [inner]:
                if below and isinstance(each, dict):
                    yield from self.strange(str(below).rsplit("/", 1)[-1], each, f"{path}{key}.")

    def complaints(self, request: Request) -> Iterator[str]:
        """What is wrong with a request."""
        operation = self.operation(request.method, request.path)
        if operation is None:
            yield f"{request.method} {request.path} is no operation"
            return
        yield from _parameters(operation, request)
        content = self._resolved(operation.body.get("requestBody", {})).get("content", {})
        yield from _media_types(operation, request, set(content), self.media_types(operation, 200) or set())
        if "application/json" in content:
            yield from self._about_body(content["application/json"]["schema"]["$ref"], request.body)
        elif request.body and not content:
            yield "there is a body, and the operation takes none"

    def _about_body(self, reference: str, content: bytes) -> Iterator[str]:
        try:
            body = msgspec.json.decode(content)
        except msgspec.DecodeError:
            yield "the body is no JSON"
            return
        yield from self.mistakes(reference, body)
        if isinstance(body, dict):
            yield from (f"unknown {key}" for key in self.strange(reference.rsplit("/", 1)[-1], body))


def _media_types(operation: Operation, request: Request, takes: set[str], gives: set[str]) -> Iterator[str]:
    sent, wanted = request.headers.get("content-type"), request.headers.get("accept")
    if request.body and sent not in takes:
        yield f"{operation.id} takes no {sent}"
    if wanted is not None and gives and wanted not in gives:
        yield f"{operation.id} is asked for {wanted}"


def _parameters(operation: Operation, request: Request) -> Iterator[str]:
    known = {each["name"]: each for each in operation.parameters if each["in"] == "query"}
    for name, value in request.query:
        if name not in known:
            yield f"{operation.id} has no query parameter {name}"
        elif not _fits(known[name]["schema"], value):
            yield f"{operation.id}: {name}={value} is no {known[name]['schema']['type']}"
    given = {name for name, _ in request.query}
    for each in operation.parameters:
        if each.get("required") and each["in"] == "query" and each["name"] not in given:
            yield f"{operation.id} lacks {each['name']}"
        header = request.headers.get(each["name"].lower()) if each["in"] == "header" else ""
        if header is None and each.get("required"):
            yield f"{operation.id} lacks the header {each['name']}"
        elif header and not _fits(each["schema"], header):
            yield f"{operation.id}: the header {each['name']} is no {each['schema']['format']}"


def _fits(schema: Mapping[str, Any], text: str) -> bool:
    """Whether the text of a query parameter is of its type."""
    if schema["type"] == "array":
        return all(_fits(schema["items"], each) for each in text.split(","))
    patterns = {"integer": r"-?\d+", "boolean": "true|false", "number": r"-?\d+(\.\d+)?"}
    instant = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    formats = {"uuid": _UUID, "date": r"\d{4}-\d\d-\d\d", "date-time": instant}
    pattern = patterns.get(schema["type"]) or formats.get(schema.get("format", ""), ".*")
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def _pattern(template: str) -> str:
    """A path of the file as a pattern: ids are UUIDs, names and numbers anything."""
    parts = []
    for part in unquote(template).split("/"):
        if not part.startswith("{"):
            parts.append(re.escape(part))
        else:
            parts.append("[^/]+" if part in ("{FileName}", "{ContactNumber}") else _UUID)
    return "/".join(parts)


def keys(value: Any, path: str = "") -> Iterator[str]:
    """Every key of a body with the keys above it; lists do not count."""
    if isinstance(value, list):
        for each in value:
            yield from keys(each, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{path}{key}"
            yield from keys(inner, f"{path}{key}.")


def last_two(key: str) -> str:
    """A key with the one above it."""
    return ".".join(key.split(".")[-2:])
