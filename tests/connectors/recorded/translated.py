"""QuickBooks' recorded XML as the JSON that it writes of the same objects, by Intuit's schema.

We only ask for JSON, but the change feed with a real payment and a real deletion was recorded as XML. An element is a
key, a repeatable one a list, a reference's text its `value`; numbers keep their digits.
"""

import xml.etree.ElementTree as ET
from decimal import Decimal
from typing import Any

import msgspec

from tests.dunwell.sandbox.quickbooks.contract import Schema

_TEXT_IN = {"ReferenceType", "MemoRef"}
_NUMBERS = {"decimal", "int", "long", "positiveInteger"}
_encode = msgspec.json.Encoder(decimal_format="number").encode


def to_json(xml: str, schema: Schema) -> bytes:
    """A whole IntuitResponse."""
    return _encode(_object(ET.fromstring(xml), "IntuitResponse", schema))


def _object(node: ET.Element, kind: str, schema: Schema) -> dict[str, Any]:
    fields = schema.fields(kind)
    made: dict[str, Any] = {name: _scalar(text, fields[name].type) for name, text in node.items()}
    if kind in _TEXT_IN:
        made["value"] = node.text
    for child in node:
        name = child.tag.rsplit("}", 1)[-1]
        known = fields.get(name)
        value = _value(child, known.type if known else name, schema)
        if known is None or known.many:
            made.setdefault(name, []).append(value)
        else:
            made[name] = value
    return made


def _value(node: ET.Element, kind: str, schema: Schema) -> Any:
    return _object(node, kind, schema) if schema.is_object(kind) else _scalar(node.text or "", kind)


def _scalar(text: str, kind: str) -> Any:
    if kind == "boolean":
        return text == "true"
    return Decimal(text) if kind in _NUMBERS else text
