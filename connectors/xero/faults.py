"""What a Xero answer means, and what its headers say is left."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from connectors import answers
from connectors.answers import Answer
from connectors.errors import BadAnswer, NotFound, Reconnect, Rejected, RetryLater
from connectors.limits import DAY_REST
from connectors.transport import Dialect, Expired
from connectors.xero.scopes import NOT_GRANTED

_NO_SCOPE = "Xero misses a scope that this needs; connecting again asks for it"
_SHUT = "Xero no longer lets this app into the organisation, or this user may not do that"
_SAYS_SO = (f'"{NOT_GRANTED}"'.encode(), b"insufficient_scope")
"""A 401 with this detail is no expired token (recorded: Xero-NetStandard 178 and 298); the second is the protocol's own
word (RFC 6750, 3.1), which comes with a 403.
"""

_TOO_MANY = (b"TooManyRequests", b"Rate limit exceeded")
"""A throttle with a 403, as Intuit's. [U] whether Xero's ever is: taken for a lost right, it would call a person for
nothing.
"""

THROTTLED_S = 60
"""Where a 429 says no Retry-After, as for five calls at once."""


class _Reason(msgspec.Struct, rename="pascal"):
    message: str = ""


class _Element(msgspec.Struct, rename="pascal"):
    validation_errors: list[_Reason] = []


class _Refusal(msgspec.Struct, rename="pascal"):
    """A 400. `ErrorNumber` 10 is a validation exception, whose elements say why."""

    error_number: int | None = None
    message: str = ""
    elements: list[_Element] = []


def judge(answer: Answer, write: bool) -> Exception | None:
    """The error that the answer means, or None. 304 is a good answer: nothing was modified."""
    match answer.status:
        case HTTPStatus.NO_CONTENT | HTTPStatus.NOT_MODIFIED:
            return None
        case HTTPStatus.UNAUTHORIZED:
            return _scope_missing(answer) or Expired()
    if _throttles(answer):
        return _throttled(answer)
    if spoilt := answers.spoilt(answer, write):
        return spoilt
    match answer.status:
        case HTTPStatus.FORBIDDEN:
            return _scope_missing(answer) or Reconnect(_SHUT)
        case HTTPStatus.NOT_FOUND:
            return NotFound("Xero has no such record (any more)")
        case status if status >= HTTPStatus.BAD_REQUEST:
            return _refused(answer)
    return _refused_element(answer, write)


def _scope_missing(answer: Answer) -> Reconnect | None:
    told = answer.body + answer.headers.get("www-authenticate", "").encode()
    return Reconnect(_NO_SCOPE, code=NOT_GRANTED) if any(word in told for word in _SAYS_SO) else None


def remaining(answer: Answer) -> Mapping[str, int]:
    """What is left of the minute, of the day, and of the minute of the whole app, as every answer says."""
    headers = {"minute": "x-minlimit-remaining", "day": "x-daylimit-remaining", "app": "x-appminlimit-remaining"}
    told = {window: answers.number(answer.headers.get(name, "")) for window, name in headers.items()}
    return {window: left for window, left in told.items() if left is not None}


def _throttles(answer: Answer) -> bool:
    if answer.status == HTTPStatus.FORBIDDEN:
        return any(word in answer.body for word in _TOO_MANY)
    return answer.status == HTTPStatus.TOO_MANY_REQUESTS


def _throttled(answer: Answer) -> RetryLater:
    daily = answer.headers.get("x-rate-limit-problem", "").casefold() == "day"
    limit = "daily limit" if daily else "limit"
    after_s = answers.pause_s(answer, DAY_REST.total_seconds() if daily else THROTTLED_S)
    return RetryLater(f"Xero's {limit} for this organisation is used up", after_s=after_s, daily=daily)


def _refused(answer: Answer) -> Rejected:
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except msgspec.DecodeError:
        return Rejected("Xero refused the request and gave no reason")
    reasons = [reason.message for element in refusal.elements for reason in element.validation_errors]
    code = str(refusal.error_number) if refusal.error_number is not None else None
    return Rejected(f"Xero refused: {'; '.join(reasons) or refusal.message or 'no reason given'}", code=code)


def _refused_element(answer: Answer, write: bool) -> Exception | None:
    """A success by its status, and an element in it that failed (recorded: xero-node, a validation error).

    Not so a document that was read and says who it is: it is as the books have it, and tells besides of a change that
    Xero once refused (official example of getInvoice).
    """
    if b'"StatusAttributeString"' not in answer.body or b'"ERROR"' not in answer.body:  # the longer, the quicker
        return None
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return None
    lists = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else []
    for element in (element for each in lists for element in each if isinstance(element, dict)):
        if element.get("StatusAttributeString") == "ERROR":
            if not write and _says_who(element):
                continue
            told = (one.get("Message") for one in element.get("ValidationErrors") or () if isinstance(one, dict))
            if not write:
                return BadAnswer("Xero failed at an element of its answer")
            return Rejected(f"Xero refused: {'; '.join(map(str, told)) or 'no reason given'}", code="10")
    return None


def _says_who(element: Mapping[str, object]) -> bool:
    """Whether the element has an id; what never came to be has one of zeroes."""
    return any(name.endswith("ID") and str(value or "").strip("0-") for name, value in element.items())


DIALECT = Dialect(platform="xero", judge=judge, remaining=remaining, correlation_header="xero-correlation-id")
