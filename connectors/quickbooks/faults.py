"""What a QuickBooks answer means.

A 200 may hold a Fault (every batch item and upload, entities of a change feed), a throttle may come as XML whatever was
asked for, and a gateway writes its keys in lower case: so the status is read first, the body second, and no text of the
body that could echo a token or a name is passed on.
"""

import re
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus

import msgspec

from connectors import answers
from connectors.answers import Answer
from connectors.errors import BadAnswer, NotFound, OutcomeUnknown, Reconnect, Rejected, RetryLater
from connectors.transport import Dialect, Expired

THROTTLED_S = 60
"""Intuit asks for a minute's pause where it sends no Retry-After (limits and throttles, read 2026-11-21)."""

_LOST_RIGHTS = {"120", "3100", "6190"}
_GONE = "610"
_STALE = "5010"
_THROTTLE = "3001"
_THEIR_OWN = "10000"
_XML_ERROR = re.compile(rb'<Error code="0*(\d+)"[^>]*>\s*(?:<Message>([^<]*)</Message>)?')


class StaleSyncToken(Rejected):
    """Somebody else changed the record since it was read (5010): read it again and decide again."""


class _Error(msgspec.Struct):
    """One error of a Fault, its code without leading zeroes."""

    code: str = ""
    message: str = ""


def judge(answer: Answer, write: bool) -> Exception | None:
    """The error that the answer means, or None."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return Expired()
    error = _first_error(answer)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or (error and error.code == _THROTTLE):
        pause_s = answers.pause_s(answer, THROTTLED_S)
        return RetryLater("QuickBooks throttles this company", after_s=pause_s, code=_THROTTLE)
    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and error is not None:
        return _meaning(error, write)
    return answers.spoilt(answer, write) or _refusal(answer)


def _first_error(answer: Answer) -> _Error | None:
    """The first error of a Fault, wherever the body holds one; cheap for a good page, which never mentions one."""
    if answer.status == HTTPStatus.OK and b'"Fault"' not in answer.body:
        return None
    if found := _XML_ERROR.search(answer.body[:4096]):
        message = unescape((found.group(2) or b"").decode(errors="replace"))
        return _Error(code=found.group(1).decode(), message=message)
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return None
    return next(_errors(body), None)


def _errors(body: object) -> Iterator[_Error]:
    """All errors of all Faults, however deep; keys in either case."""
    if isinstance(body, list):
        for item in body:
            yield from _errors(item)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key.lower() == "fault":
                yield from _of_fault(value)
            else:
                yield from _errors(value)


def _of_fault(fault: object) -> Iterator[_Error]:
    told = {str(key).lower(): value for key, value in fault.items()} if isinstance(fault, dict) else {}
    found = [error for error in told.get("error") or () if isinstance(error, dict)]
    for error in found:
        said = {str(key).lower(): value for key, value in error.items()}
        yield _Error(code=str(said.get("code") or "").lstrip("0"), message=str(said.get("message") or ""))
    if fault and not found:
        yield _Error()


def _meaning(error: _Error, write: bool) -> Exception:
    code = error.code
    if code in _LOST_RIGHTS:
        return Reconnect("QuickBooks no longer lets this app into the company", code=code)
    if code == _GONE:
        return NotFound("QuickBooks has no such record (any more)", code=code)
    if code == _STALE:
        return StaleSyncToken("The record was changed since it was read", code=code)
    if code == _THEIR_OWN:
        return OutcomeUnknown("QuickBooks failed during a write", code=code) if write else _failed(code)
    return Rejected(f"QuickBooks refused: {error.message or 'no reason given'}", code=code)


def _failed(code: str) -> BadAnswer:
    return BadAnswer("QuickBooks failed", code=code)


def _refusal(answer: Answer) -> Exception | None:
    """A refusal without a Fault."""
    if answer.status == HTTPStatus.FORBIDDEN:
        return Reconnect("QuickBooks no longer lets this app into the company")
    if answer.status == HTTPStatus.NOT_FOUND:
        return NotFound("QuickBooks has no such record (any more)")
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return Rejected("QuickBooks refused the request and gave no reason")
    return None


DIALECT = Dialect(platform="quickbooks", judge=judge, remaining=lambda _answer: {}, correlation_header="intuit_tid")
"""QuickBooks sends no remaining-calls headers."""
