"""Intuit's own schema as a checker of JSON: every key exists in the type, every value fits it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

_XS = "{http://www.w3.org/2001/XMLSchema}"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

JSON_ONLY = {
    "value": "the text of a ReferenceType or MemoRef, which in XML is the element's content",
    "any": "what LineEx holds; the schema says xs:any",
}
"""Keys that the JSON has and the schema cannot name."""


class Field(Struct, frozen=True):
    """An element or attribute of a type."""

    type: str
    many: bool


class Schema:
    """The types of all schema files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._complex: dict[str, ET.Element] = {}
        self._simple: dict[str, ET.Element] = {}
        self._elements: dict[str, ET.Element] = {}
        for path in sorted(folder.glob("*.xsd")):
            root = ET.parse(path).getroot()
            for kind, found in (
                ("complexType", self._complex),
                ("simpleType", self._simple),
                ("element", self._elements),
            ):
                found.update({str(each.get("name")): each for each in root.findall(_XS + kind)})
        self._fields: dict[str, dict[str, Field]] = {}

    def fields(self, name: str) -> dict[str, Field]:
        """The elements and attributes of a complex type, inherited ones too."""
        if name not in self._fields:
            self._fields[name] = dict(self._found(self._complex[name]))
        return self._fields[name]

    def is_object(self, name: str) -> bool:
        """Whether a type has elements or attributes."""
        return name in self._complex

    def _found(self, node: ET.Element) -> Iterator[tuple[str, Field]]:
        extension = node.find(f".//{_XS}extension")
        if extension is not None and (base := _local(extension.get("base"))) in self._complex:
            yield from self.fields(base).items()
        for each in (extension if extension is not None else node).iter():
            if each.tag not in (f"{_XS}element", f"{_XS}attribute"):
                continue
            name = _local(each.get("name") or each.get("ref"))
            kind = each.get("type") or self._elements.get(name, each).get("type") or "string"
            yield name, Field(_local(kind), each.get("maxOccurs") == "unbounded")

    def mistakes(self, kind: str, body: dict[str, Any], path: str = "") -> Iterator[str]:
        """Sentences about what the schema does not allow."""
        fields = self.fields(kind)
        for key, value in body.items():
            here = f"{path}{key}"
            if key in JSON_ONLY:
                continue
            if key not in fields:
                yield f"{kind} has no {here}"
                continue
            field = fields[key]
            for one in value if isinstance(value, list) else [value]:
                yield from self._one(field, one, here)
            if isinstance(value, list) != field.many and key not in ("AttachableRef", "LinkedTxn"):
                yield f"{here} is {'one' if field.many else 'several'} where the schema says otherwise"

    def _one(self, field: Field, value: Any, here: str) -> Iterator[str]:
        if isinstance(value, dict):
            if field.type in self._complex:
                yield from self.mistakes(field.type, value, f"{here}.")
            else:
                yield f"{here} is an object and should be {field.type}"
        elif field.type in self._simple:
            yield from self._restricted(field.type, value, here)
        elif not _fits(field.type, value):
            yield f"{here}: {value!r} is no {field.type}"

    def _restricted(self, name: str, value: Any, here: str) -> Iterator[str]:
        allowed = {each.get("value") for each in self._simple[name].iter(f"{_XS}enumeration")}
        longest = [int(str(each.get("value"))) for each in self._simple[name].iter(f"{_XS}maxLength")]
        if allowed and str(value) not in allowed:
            yield f"{here}: {value!r} is not in {name}"
        if longest and len(str(value)) > longest[0]:
            yield f"{here} is longer than {longest[0]}"


def _local(name: str | None) -> str:
    return (name or "").rsplit(":", 1)[-1]


def _fits(kind: str, value: Any) -> bool:
    """Whether a JSON value is one of an XML type."""
    match kind:
        case "decimal":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "int" | "long" | "positiveInteger":
            return isinstance(value, int) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "date":
            return isinstance(value, str) and bool(_DAY.fullmatch(value)) and date.fromisoformat(value) is not None
        case "dateTime":
            return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        case _:
            return isinstance(value, str)
