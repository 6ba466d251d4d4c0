"""What an answer is, and what can be said of it whichever platform it came from.

A 2xx is not a success yet: a proxy's page, half a body and an endless one all come with 200.
"""

import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar

import msgspec

from connectors.errors import BadAnswer, OutcomeUnknown, RetryLater
from strategy.model import Record

T = TypeVar("T")


class Answer(Record):
    """What came back, whole and decoded from its transfer coding. Header names are lower case.

    `received` is what came over the wire, compressed as it was.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    received: int = 0


def spoilt(answer: Answer, write: bool) -> Exception | None:
    """The error where the status tells neither success nor a refusal, or where the body cannot be what was asked for.

    After any of these a write may have happened. A read that is told when to come back (RFC 9110, 10.2.3) is not tried
    before.
    """
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and not write and (after_s := pause_s(answer, 0)):
        return RetryLater("The platform is not available and says when it will be", after_s=after_s)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.REQUEST_TIMEOUT:
        return _failed("The platform failed", write)
    if answer.status < HTTPStatus.OK or HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return _failed("The platform sends us elsewhere, where we do not go", write, again=False)
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        return _failed("A web page came instead of an answer: something on the way answered for the platform", write)
    if kind.startswith("application/json") and not answer.body[-64:].rstrip().endswith((b"}", b"]")):
        return _failed("The answer is broken off", write)
    return None


def read(decode: Callable[[bytes], T], body: bytes) -> T:
    """The body of a good answer to a read. Raises `BadAnswer` where it is not what was asked for."""
    try:
        return _decoded(decode, body)
    except msgspec.DecodeError:
        raise BadAnswer("The answer is not what was asked for", again=False) from None


def confirmed(decode: Callable[[bytes], T], body: bytes) -> T:
    """The body of a good answer to a write. Raises `OutcomeUnknown`: it was taken, and what came of it is not said."""
    try:
        return _decoded(decode, body)
    except msgspec.DecodeError:
        raise OutcomeUnknown("The answer to a write cannot be read") from None


_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""An escape in JSON; in the group, half a letter."""


def _decoded(decode: Callable[[bytes], T], body: bytes) -> T:
    """Decode, with half letters replaced where there are any: a text that was cut off within an emoji ends with one,
    and no decoder takes it. One such text must not stop a ledger.
    """
    try:
        return decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return decode(_ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], body))


def is_pdf(body: bytes) -> bytes:
    """The body, if it is a PDF: it may go to a customer. Raises `BadAnswer`."""
    if not body.startswith(b"%PDF-"):
        raise BadAnswer("The platform sent something else than a PDF", again=False)
    return body


LONGEST_PAUSE_S = 86_400.0
"""However long a platform asks for, after a day it is asked again."""


def pause_s(answer: Answer, otherwise: float) -> float:
    """For how long `Retry-After` asks, a day at most: seconds, or until an instant, by the answer's own Date."""
    wanted = answer.headers.get("retry-after", "").strip()
    if (seconds := number(wanted)) is not None:
        return min(seconds, LONGEST_PAUSE_S)
    try:
        until, now = parsedate_to_datetime(wanted), parsedate_to_datetime(answer.headers.get("date", ""))
        return min(max(0.0, (until - now).total_seconds()), LONGEST_PAUSE_S)
    except (ValueError, TypeError):
        return otherwise


def number(written: str) -> int | None:
    """A whole number in a header; None where it is none, or longer than any that is meant."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _failed(message: str, write: bool, *, again: bool = True) -> Exception:
    if write:
        return OutcomeUnknown(f"{message} during a write")
    return BadAnswer(message, again=again)
