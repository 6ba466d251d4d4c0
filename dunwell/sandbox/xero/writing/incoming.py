"""The objects of a request: unknown properties are ignored, values of a wrong type are refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from dunwell.sandbox.exchange import Call
from dunwell.sandbox.xero.reading.values import instant
from dunwell.sandbox.xero.wire import Body, Refused, Unfit, no_data, not_json, validation


class Incoming:
    """One object. `path` is where it stands in the request, for refusals. Its readers raise `Refused`."""

    def __init__(self, body: Body, path: str) -> None:
        self.body, self._path = body, path

    def has(self, name: str) -> bool:
        """Whether the request names the property, with a value or null."""
        return name in self.body

    def text(self, name: str) -> str | None:
        """A text; None where it is absent, null or empty."""
        value = self.body.get(name)
        if isinstance(value, dict | list):
            raise self._wrong("string", name, value)
        return None if value in (None, "") else str(value)

    def number(self, name: str) -> Decimal | None:
        """A number, or a text that is one."""
        value = self.body.get(name)
        if value in (None, ""):
            return None
        try:
            read = Decimal(str(value)) if not isinstance(value, bool | dict | list) else Decimal("NaN")
        except InvalidOperation:
            read = Decimal("NaN")
        if not read.is_finite():
            raise self._wrong("decimal", name, value)
        return read

    def day(self, name: str) -> date | None:
        """A day: YYYY-MM-DD with or without a time, or as Xero itself writes it."""
        text = self.text(name)
        if text is None:
            return None
        if (at := instant(text)) is not None:
            return at.date()
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self._wrong("DateTime", name, text) from None

    def flag(self, name: str) -> bool | None:
        """True or false, also as a text."""
        value = self.body.get(name)
        if value is None or isinstance(value, bool):
            return value
        if str(value).lower() not in ("true", "false"):
            raise self._wrong("boolean", name, value)
        return str(value).lower() == "true"

    def thing(self, name: str) -> "Incoming | None":
        """An object inside it; None where it is absent, null or empty."""
        value = self.body.get(name)
        if not isinstance(value, dict | None):
            raise self._wrong("object", name, value)
        return Incoming(value, f"{self._path}.{name}") if value else None

    def things(self, name: str) -> list["Incoming"]:
        """The objects of a list inside it."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self._wrong("array", name, value)
        return [Incoming(each, f"{self._path}.{name}[{number}]") for number, each in enumerate(value)]

    def _wrong(self, kind: str, name: str, value: object) -> Refused:
        return not_json(f"Could not convert to {kind}: {value}. Path '{self._path}.{name}', line 1.")


def elements(call: Call, key: str, marks: str) -> list[Incoming]:
    """The objects of a request body: a list under `key`, or one of them alone, known by having one of the `marks`."""
    body = json_of(call)
    if isinstance(body, dict) and key not in body and body.keys() & set(marks.split()):
        body = {key: [body]}
    found = body.get(key) if isinstance(body, dict) else body
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise no_data(key.removesuffix("s"))
    return [Incoming(each, f"{key}[{number}]") for number, each in enumerate(found)]


def json_of(call: Call) -> Any:
    """The body of a request. Raises `Refused`."""
    try:
        return call.json() if call.body else {}
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise not_json("Unexpected character encountered while parsing value.") from None


def save_each(call: Call, key: str, found: list[Incoming], save: Callable[[Incoming], Body], id_name: str) -> Body:
    """Save every element, and show it. With summarizeErrors=false each says how it went, and the answer is a 200;
    otherwise any that is unfit makes the answer a 400. Those that are fit are saved either way [UNCONFIRMED].
    """
    each_told = next((value for name, value in call.query if name.lower() == "summarizeerrors"), "").lower() == "false"
    made, unfit = [], []
    for each in found:
        try:
            made.append(save(each) | ({"StatusAttributeString": "OK"} if each_told else {}))
        except Unfit as refused:
            errors = {"ValidationErrors": [{"Message": str(refused)}]}
            unfit.append({id_name: "00000000-0000-0000-0000-000000000000", **each.body, **errors})
            made.append({**unfit[-1], "HasErrors": True, "StatusAttributeString": "ERROR"})
    if unfit and not each_told:
        raise Refused(validation(unfit))
    return {key: made}
