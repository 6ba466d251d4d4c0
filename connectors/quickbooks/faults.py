"""What a QuickBooks answer means.

A 200 may hold a Fault (every batch item and upload, entities of a change feed), a throttle may come as XML whatever was
asked for, and a gateway writes its keys in lower case: so the status is read first, the body second, and no text of the
body that could echo a token is passed on.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus

import msgspec

from connectors.errors import BadAnswer, NotFound, OutcomeUnknown, OutsideError, Reconnect, Rejected, RetryLater
from connectors.transport import Answer, Dialect, Expired

THROTTLED_S = 60
"""Intuit asks for a minute's pause where it sends no Retry-After (limits and throttles, read 2026-11-21)."""

_LOST_RIGHTS = {"120", "3100", "6190"}
_GONE = {"610"}
_STALE = "5010"
_THROTTLE = "3001"
_XML_ERROR = re.compile(rb'<Error code="0*(\d+)"')


class StaleSyncToken(Rejected):
    """Somebody else changed the record since it was read (5010): read it again and decide again."""


class _Error(msgspec.Struct, rename={"message": "Message"}):
    message: str = ""
    code: str = ""


def judge(answer: Answer, write: bool) -> Exception | None:
    """The error that the answer means, or None."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return Expired()
    error = _first_error(answer)
    if _is_throttle(answer, error):
        return RetryLater("QuickBooks throttles this company", after_s=_pause(answer), code=_THROTTLE)
    if error is not None:
        return _meaning(error)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown("QuickBooks failed during a write") if write else BadAnswer("QuickBooks failed")
    if answer.status == HTTPStatus.FORBIDDEN:
        return Reconnect("QuickBooks no longer lets this app into the company")
    if answer.status != HTTPStatus.OK:
        return Rejected("QuickBooks refused the request and gave no reason")
    return None


def _first_error(answer: Answer) -> _Error | None:
    """The first error of a Fault, wherever the body holds one; cheap for a good page, which never mentions one."""
    if answer.status == HTTPStatus.OK and b'"Fault"' not in answer.body:
        return None
    if found := _XML_ERROR.search(answer.body[:4096]):
        return _Error(code=found.group(1).decode())
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return None
    return next(_errors(body), None)


def _errors(body: object) -> Iterator[_Error]:
    if isinstance(body, list):
        for item in body:
            yield from _errors(item)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key == "Fault":
                yield from (msgspec.convert(error, _Error, strict=False) for error in value.get("Error", ()))
            else:
                yield from _errors(value)


def _is_throttle(answer: Answer, error: _Error | None) -> bool:
    return answer.status == HTTPStatus.TOO_MANY_REQUESTS or (error is not None and error.code.lstrip("0") == _THROTTLE)


def _pause(answer: Answer) -> float:
    wanted = answer.headers.get("retry-after", "")
    return float(wanted) if wanted.isdigit() else THROTTLED_S


def _meaning(error: _Error) -> OutsideError:
    code = error.code
    if code in _LOST_RIGHTS:
        return Reconnect("QuickBooks no longer lets this app into the company", code=code)
    if code in _GONE:
        return NotFound("QuickBooks has no such record (any more)", code=code)
    if code == _STALE:
        return StaleSyncToken("The record was changed since it was read", code=code)
    return Rejected(f"QuickBooks refused: {error.message or 'no reason given'}", code=code)


DIALECT = Dialect(platform="quickbooks", judge=judge, remaining=lambda _answer: {}, correlation_header="intuit_tid")
"""QuickBooks sends no remaining-calls headers."""
