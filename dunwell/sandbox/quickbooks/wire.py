"""How QuickBooks writes: instants, amounts, references, envelopes, faults."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dunwell.sandbox.exchange import Answer, json_answer

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Every instant in every recording carries this offset, winter and summer (fact sheet, section 1)."""

Body = dict[str, Any]


class Refused(Exception):
    """The request gets a Fault. `code` as in Intuit's list of error codes (docs, error codes, read 2026-11-21)."""

    def __init__(self, code: str, message: str, detail: str, *, element: str | None = None, status: int = 400) -> None:
        super().__init__(detail)
        self.code, self.message, self.detail = code, message, detail
        self.element, self.status = element, status
        self.type = "ValidationFault" if status == 400 else "SystemFault"


def fault(refused: Refused) -> Body:
    """The Fault object of a refusal; `code` is a string."""
    error = {"Message": refused.message, "Detail": refused.detail, "code": refused.code}
    if refused.element is not None:
        error["element"] = refused.element
    return {"Error": [error], "type": refused.type}


def enveloped(content: Body, now: datetime) -> Answer:
    """A JSON answer; every body carries the server's `time`, with milliseconds and offset."""
    stamp = now.astimezone(PACIFIC).isoformat(timespec="milliseconds")
    return json_answer({**content, "time": stamp}, media_type="application/json;charset=utf-8")


def refusal(refused: Refused, now: datetime) -> Answer:
    """The answer of a refused request."""
    stamp = {} if refused.code == "2030" else {"time": now.astimezone(PACIFIC).isoformat(timespec="milliseconds")}
    return json_answer({"Fault": fault(refused), **stamp}, refused.status)


def instant(at: datetime) -> str:
    """An instant of MetaData: to the second, Pacific offset."""
    return at.astimezone(PACIFIC).isoformat(timespec="seconds")


def today(now: datetime, zone: str) -> date:
    """The day in the company's zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def read_instant(text: str) -> datetime:
    """An instant or date of a request; without an offset it is taken as Pacific, which is [UNCONFIRMED].

    Raises `ValueError`.
    """
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=PACIFIC)).astimezone(UTC)


def money(minor: int) -> Decimal | int:
    """An amount: two decimals, and a bare 0 for nothing (recorded: "TotalAmt":100.00, "Balance":0)."""
    return Decimal(minor).scaleb(-2) if minor else 0


def minor(amount: object, element: str) -> int:
    """The minor units of an amount in a request: a number, or a number in a string. Raises `Refused`."""
    try:
        cents = Decimal(str(amount)) * 100
    except ArithmeticError:
        cents = Decimal("NaN")
    if isinstance(amount, bool) or not cents.is_finite():
        raise Refused("2080", "Illegal number format", f"Number expected. Supplied value:{amount}", element=element)
    return int(cents.to_integral_value())


def day(text: object, element: str) -> date:
    """A date of a request. Raises `Refused`; the code for a bad date is [UNCONFIRMED]."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Refused("2080", "Invalid date format", f"Supplied value:{text}", element=element) from None


def ref(value: object, name: str | None = None) -> Body:
    """A reference to another object."""
    return {"value": str(value)} if name is None else {"value": str(value), "name": name}


def no_such(what: str) -> Refused:
    """There is no such object, or it was deleted."""
    return Refused("610", "Object Not Found", f"Object Not Found : {what}", element="")


def made_inactive() -> Refused:
    """An inactive or deleted object was referred to [recorded text]."""
    return no_such(
        "Something you're trying to use has been made inactive. Check the fields with accounts, customers, items, "
        "vendors or employees."
    )


def missing(name: str) -> Refused:
    """A required property is absent."""
    message = "Required param missing, need to supply the required value for the API"
    return Refused("2020", message, f"Required parameter {name} is missing in the request", element=name)


def business(detail: str) -> Refused:
    """Business validation: the catch-all."""
    message = "A business validation error has occurred while processing your request"
    return Refused("6000", message, f"Business Validation Error: {detail}", element="")


def unsupported(what: str) -> Refused:
    """The operation does not exist [recorded shape]."""
    return Refused("500", "Unsupported Operation", f"Operation {what} is not supported.")
