"""What is checked of every object in a request, and how a sparse update differs from a full one."""

from typing import Any

from dunwell.sandbox.quickbooks.wire import Body, Refused, missing, unsupported
from dunwell.sandbox.quickbooks.words import KNOWN, LENGTHS, NESTED


class Incoming:
    """An object of a request, known to be well formed.

    A sparse update changes only what it names; a full one also clears what it leaves out (fact sheet, section 8).
    Raises `Refused`.
    """

    def __init__(self, entity: str, body: Any) -> None:
        if entity not in KNOWN:
            raise unsupported(f"create {entity}")
        if not isinstance(body, dict):
            raise missing(entity)
        _check(entity, body, "")
        self.entity, self.body = entity, body
        self.sparse = body.get("sparse") is True
        self.id = None if body.get("Id") in (None, "") else str(body["Id"])

    def names(self, name: str) -> bool:
        """Whether the request decides this property: it is there, or a full update clears it."""
        return name in self.body or not self.sparse

    def text(self, name: str) -> str | None:
        """A property, or one inside it ("BillEmail.Address"); None where it is absent, null or empty."""
        value: Any = self.body
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return None if value in (None, "") else str(value)

    def kept(self, names: str, before: Body) -> Body:
        """Those properties that are stored as they come, as they are after this request."""
        after = dict(before) if self.sparse else {}
        for name in names.split():
            if self.body.get(name) not in (None, "", [], {}):
                after[name] = self.body[name]
            elif name in self.body:
                after.pop(name, None)
        return after


def _check(kind: str, body: Body, path: str) -> None:
    for name, value in body.items():
        if name not in KNOWN[kind]:
            raise _unknown(kind, name)
        full_name = f"{path}{name}"
        if isinstance(value, str) and len(value) > LENGTHS.get(full_name, len(value)):
            raise too_long(full_name, LENGTHS[full_name], len(value))
        nested = NESTED.get(name)
        if nested is not None:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    _check(nested, each, f"{full_name}.")


def _unknown(kind: str, name: str) -> Refused:
    known = sorted(KNOWN[kind])
    listed = ", ".join(f'"{each}"' for each in known[:60])
    return Refused(
        "2010",
        "Request has invalid or unsupported property",
        f'Property Name:Unrecognized field "{name}" (class com.intuit.schema.finance.v3.{kind}), not marked as '
        f"ignorable ({len(known)} known properties: {listed} [truncated]])\n specified is unsupported or invalid",
    )


def too_long(name: str, most: int, length: int) -> Refused:
    """A text is longer than QuickBooks takes."""
    return Refused(
        "2050",
        "String length is either shorter or longer than supported by specification",
        f"String length specified does not match the supported length. Min:0 Max:{most} supported. "
        f"Supplied length:{length}",
        element=name,
    )
