"""Intuit's schema with a validator of its own: JSON becomes the XML that it stands for, and that is validated whole.

The reading of the schema in `contract` knows names, types, enumerations and lengths, and is quick enough for every
object; this one knows besides what must be there, how often, and in which order.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import xmlschema

NAMESPACE = "http://schema.intuit.com/finance/v3"


class Official:
    """The schema of requests and answers, with all that it includes."""

    def __init__(self, folder: Path) -> None:
        self._schema: Any = xmlschema.XMLSchema(folder / "IntuitRestServiceDef.xsd")
        heads = self._schema.maps.substitution_groups[f"{{{NAMESPACE}}}IntuitObject"]
        self.entities = {each.local_name: each for each in heads}

    def mistakes(self, name: str, body: Mapping[str, Any]) -> Iterator[str]:
        """What the validator says of a body that stands for the element of that name: its place, and the reason."""
        declared = self._schema.elements[name]
        element = Element(declared.name)
        self._fill(element, declared.type, body)
        for error in self._schema.iter_errors(element):
            place = re.sub(r"\{[^}]*\}|\[\d+\]", "", str(error.path))
            yield f"{place}: {' '.join(str(error.reason).replace(f'{{{NAMESPACE}}}', '').split())}"

    def _fill(self, element: Element, kind: Any, body: Mapping[str, Any]) -> None:
        attributes = {str(name) for name in getattr(kind, "attributes", ()) if name is not None}
        children = dict(self._children(kind))
        for name in sorted(body, key=lambda key: list(children).index(key) if key in children else len(children)):
            if name in attributes:
                element.set(name, _text(body[name]))
            elif name == "value" and name not in children:
                element.text = _text(body[name])
            else:
                self._add(element, name, children.get(name), body[name])

    def _add(self, parent: Element, name: str, declared: Any, value: Any) -> None:
        for one in value if isinstance(value, list) else [value]:
            child = SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(one, dict):
                self._fill(child, declared.type if declared is not None else None, one)
            else:
                child.text = _text(one)

    def _children(self, kind: Any) -> Iterator[tuple[str, Any]]:
        """The elements of a type in their order; in the place of an abstract one, whatever may stand for it."""
        for declared in kind.content.iter_elements() if kind is not None and kind.has_complex_content() else ():
            if declared.local_name == "IntuitObject":
                yield from self.entities.items()
            elif declared.name is not None:
                yield declared.local_name, declared


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
