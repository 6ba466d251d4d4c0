"""How Xero writes: dates, instants, amounts, envelopes, refusals; and XML where nobody asked for JSON."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.sax.saxutils import escape

from dunwell.sandbox.dice import digest
from dunwell.sandbox.exchange import Answer, json_answer, text_answer

Body = dict[str, Any]

PROVIDER = "Dunwell Sandbox"
"""The name of the app that asks, as every answer repeats it."""

_NOT_FOUND = "The resource you're looking for cannot be found"


class Refused(Exception):
    """The request gets this body (text where it is none) with this status."""

    def __init__(self, body: Body | str, status: int = 400) -> None:
        super().__init__(body if isinstance(body, str) else body.get("Message"))
        self.body, self.status = body, status


class Unfit(Exception):
    """One element of a request does not pass validation; the message is the first thing that is wrong with it."""


def instant(at: datetime) -> str:
    """An instant: milliseconds since 1970, UTC."""
    return f"/Date({int(at.timestamp() * 1000)}+0000)/"


def day(of: date) -> str:
    """A calendar day: UTC midnight (recorded: all 79 invoices)."""
    return instant(datetime.combine(of, time(), UTC))


def dated(name: str, of: date | None) -> Body:
    """A day as Xero shows it twice: `Date` and `DateString`; nothing where there is none."""
    return {} if of is None else {f"{name}String": f"{of.isoformat()}T00:00:00", name: day(of)}


def updated(at: datetime) -> Body:
    """When a document last changed; the text beside it since 16 July 2026 (fact sheet, section 4)."""
    return {"UpdatedDateUTC": instant(at), "UpdatedDateUTCString": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}


def money(minor: int) -> Decimal:
    """An amount, always with two decimals."""
    return Decimal(minor).scaleb(-2)


def minor(amount: Decimal | int) -> int:
    """The minor units of an amount of a request, rounded as Xero rounds."""
    return int((Decimal(amount) * 100).to_integral_value(ROUND_HALF_UP))


def envelope(content: Body, now: datetime) -> Body:
    """What every answer carries around its content."""
    stamp = f"/Date({int(now.timestamp() * 1000)})/"
    number = digest("answer", now.isoformat(), sorted(content))
    return {"Id": as_uuid(number), "Status": "OK", "ProviderName": PROVIDER, "DateTimeUTC": stamp, **content}


def as_uuid(text: str) -> str:
    """Thirty-two hex digits written as a random (version 4) UUID."""
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def validation(elements: Sequence[Body]) -> Body:
    """The body of a 400 whose elements say what is wrong with each."""
    message = "A validation exception occurred"
    return {"ErrorNumber": 10, "Type": "ValidationException", "Message": message, "Elements": list(elements)}


def invalid(message: str, echo: Body | None = None) -> Refused:
    """A validation exception about one element."""
    return Refused(validation([{**(echo or {}), "ValidationErrors": [{"Message": message}]}]))


def unparsed(message: str) -> Refused:
    """The filter or order cannot be read (recorded: xeroizer 164, 454; pyxero 217)."""
    return Refused({"ErrorNumber": 16, "Type": "QueryParseException", "Message": message})


def not_json(message: str) -> Refused:
    """The body is not what the endpoint takes."""
    text = f"JSON for post data was invalid,{message}"
    return Refused({"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": text})


def no_data(kind: str) -> Refused:
    """The body holds nothing for this endpoint."""
    message = (
        "No data has been processed for this endpoint. "
        f"This endpoint is expecting {kind} data to be specifed in the request body."
    )
    return Refused({"ErrorNumber": 17, "Type": "NoDataProcessedException", "Message": message})


def not_found() -> Refused:
    """There is no such thing (recorded: xero-node 209)."""
    return Refused(_NOT_FOUND, 404)


def answered(body: Body | str, status: int, *, json: bool) -> Answer:
    """The answer in the format asked for; texts have only one. Lists of a 204 have none."""
    if isinstance(body, str):
        return text_answer(body, status)
    if json:
        return json_answer(body, status, media_type="application/json; charset=utf-8")
    root = "ApiException" if "ErrorNumber" in body else "Response"
    return text_answer(f"<{root}>{_xml(body)}</{root}>", status, "text/xml; charset=utf-8")


def _xml(value: object) -> str:
    """Plain elements; those of a list go by the list's name without its s."""
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml_inner(name, inner)}</{name}>" for name, inner in value.items())
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


def _xml_inner(name: str, value: object) -> str:
    if not isinstance(value, list):
        return _xml(value)
    one = name.removesuffix("s")
    return "".join(f"<{one}>{_xml(each)}</{one}>" for each in value)
