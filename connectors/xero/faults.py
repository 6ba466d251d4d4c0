"""What a Xero answer means, and what its headers say is left."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from connectors.errors import BadAnswer, NotFound, OutcomeUnknown, Reconnect, Rejected, RetryLater
from connectors.transport import Answer, Dialect, Expired

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
        case HTTPStatus.OK | HTTPStatus.NO_CONTENT | HTTPStatus.NOT_MODIFIED:
            return None
        case HTTPStatus.UNAUTHORIZED:
            return Expired()
        case HTTPStatus.FORBIDDEN:
            return Reconnect("Xero no longer lets this app into the organisation, or a scope is missing")
        case HTTPStatus.NOT_FOUND:
            return NotFound("Xero has no such record (any more)")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return _throttled(answer)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return OutcomeUnknown("Xero failed during a write") if write else BadAnswer("Xero failed")
    return _refused(answer)


def remaining(answer: Answer) -> Mapping[str, int]:
    """What is left of the minute and of the day, as every answer says."""
    headers = {"minute": "x-minlimit-remaining", "day": "x-daylimit-remaining"}
    return {window: int(value) for window, name in headers.items() if (value := answer.headers.get(name, "")).isdigit()}


def _throttled(answer: Answer) -> RetryLater:
    wanted = answer.headers.get("retry-after", "")
    after_s = float(wanted) if wanted.isdigit() else THROTTLED_S
    daily = answer.headers.get("x-rate-limit-problem", "").casefold() == "day"
    limit = "daily limit" if daily else "limit"
    return RetryLater(f"Xero's {limit} for this organisation is used up", after_s=after_s, daily=daily)


def _refused(answer: Answer) -> Rejected:
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except msgspec.DecodeError:
        return Rejected("Xero refused the request and gave no reason")
    reasons = [reason.message for element in refusal.elements for reason in element.validation_errors]
    code = str(refusal.error_number) if refusal.error_number is not None else None
    return Rejected(f"Xero refused: {'; '.join(reasons) or refusal.message or 'no reason given'}", code=code)


DIALECT = Dialect(platform="xero", judge=judge, remaining=remaining, correlation_header="xero-correlation-id")
