"""Where the strict form of the contract is not Xero's own file: every place, why, and what of ours relies on it.

Prism switches its check of a body off, silently, where schemas go round in a circle, takes unknown fields, and holds
some of the file for wrong that Xero itself takes (tried with 5.14.2 on 2026-11-21). So the file was cut to receivables
and changed. A change of it that no line here names fails `test_contract`.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from msgspec import Struct


class Patch(Struct, frozen=True):
    """A kind of change. `place`: a pattern of where it is; `times`: in how many places; `relies`: what of ours does."""

    place: str
    times: int
    why: str
    relies: str = "nothing of ours"


_OPERATION: Final = "/paths/[^/]+/(?:get|put|post|delete)"
_PROPERTY: Final = "/components/schemas/[^/]+/properties/[^/]+"
_ENVELOPE: Final = "/components/schemas/[^/]+/properties"

PATCHES: Final = (
    Patch("/paths/[^/]+", 77, "left out: about something else than receivables"),
    Patch("/components/(?:schemas|parameters)/[^/]+", 77, "left out: only what was left out speaks of it"),
    Patch(
        f"{_PROPERTY}(?:/items)?/(?:[$]ref|type)", 26, "cut: 13 references in a circle are any object", "nothing sent"
    ),
    Patch("/components/schemas/[^/]+/additionalProperties", 73, "no field that is not named", "every body, as a check"),
    Patch(
        f"{_ENVELOPE}/(?:Id|Status|ProviderName|DateTimeUTC)", 155, "around every answer, and in no schema of Xero's"
    ),
    Patch(f"{_ENVELOPE}/(?:ID|DateString|DueDateString|InvoicePaymentServices)", 4, "invoices are answered with it"),
    Patch(
        "/components/schemas/HistoryRecord/properties/(?:DateUTCString|ValidationErrors)", 2, "so are history records"
    ),
    Patch(
        "/components/parameters/ifModifiedSince/schema/format",
        1,
        "Xero's page writes it without an offset, which is no date-time",
        "what changed: six lists",
    ),
    Patch(
        f"{_OPERATION}/requestBody/content/application~octet-stream/schema/format",
        8,
        "an upload is bytes, not base64",
        "the upload of a file, on an invoice and on a contact",
    ),
    Patch(f"{_OPERATION}/requestBody/content/application~pdf", 8, "an upload may say what it is"),
    Patch(
        f"{_OPERATION}/responses/200/content/application~pdf",
        2,
        "a document's PDF is asked for by Accept, as Xero's page and SDK do",
        "the PDF of an invoice",
    ),
    Patch(
        f"{_OPERATION}/responses/(?:401|403|404|429|503)", 500, "what every operation can answer, and the file omits"
    ),
    Patch(
        f"{_OPERATION}/.*/example/Payments/-/BatchPayment/(?:IsReconciled|TotalAmount)", 4, "an example's typing errors"
    ),
)


def differences(official: Any, strict: Any, place: str = "") -> Iterator[str]:
    """The place of every difference of two documents; a slash within a key is written as ~."""
    if isinstance(official, dict) and isinstance(strict, dict):
        known = {str(key): value for key, value in official.items()}
        for key in sorted(known.keys() | strict.keys()):
            yield from differences(known.get(key), strict.get(key), f"{place}/{key.replace('/', '~')}")
    elif isinstance(official, list) and isinstance(strict, list) and len(official) == len(strict):
        for one, other in zip(official, strict, strict=True):
            yield from differences(one, other, f"{place}/-")
    elif (str(official) if isinstance(official, date) else official) != strict:
        yield place


def named(place: str) -> list[Patch]:
    """The kinds of change that a place is one of: exactly one, if all is well."""
    return [patch for patch in PATCHES if re.fullmatch(patch.place, place)]
