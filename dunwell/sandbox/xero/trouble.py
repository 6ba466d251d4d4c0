"""Trouble in Xero's own words: tokens, tenants, scopes, limits, broken servers. Bodies as recorded where they were."""

from datetime import datetime

from dunwell.sandbox.dice import digest
from dunwell.sandbox.exchange import Answer, json_answer, text_answer
from dunwell.sandbox.faults import Kind
from dunwell.sandbox.xero.wire import Body, as_uuid, envelope, validation

_BROKEN = (
    "An error occurred in Xero. Check the API Status page http://status.developer.xero.com for current service status. "
    "Contact the API support team at api@xero.com for more assistance."
)
"""Recorded: xero-node (2018), xeroizer 408."""
_HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_XML_LIMIT = (
    "<Error><Title>TooManyRequests</Title><Status>{status}</Status><Detail>Rate limit exceeded</Detail></Error>"
)


def problem(status: int, title: str, detail: str, now: datetime) -> Answer:
    """The gateway's own errors (recorded: xeroizer; Xero-NetStandard 298; laravel-xero 40)."""
    body: Body = {"Type": None, "Title": title, "Status": status, "Detail": detail}
    return json_answer(
        {**body, "Instance": as_uuid(digest("instance", now.isoformat(), detail)), "Extensions": {}}, status
    )


def expired(now: datetime, ended_at: datetime | None) -> Answer:
    """401: the access token is past its time."""
    at = f"{ended_at or now:%m/%d/%Y %H:%M:%S}"
    return problem(401, "Unauthorized", f"TokenExpired: token expired at {at}", now)


def unknown_token(now: datetime) -> Answer:
    """401: no token, or none that Xero gave, or one whose consent was taken back."""
    return problem(401, "Unauthorized", "AuthenticationUnsuccessful", now)


def scope_missing(now: datetime) -> Answer:
    """401, not 403 (recorded: Xero-NetStandard 178 and 298, xero-ruby-oauth2-app 82, laravel-xero-oauth2 99)."""
    return problem(401, "Unauthorized", "AuthorizationUnsuccessful", now)


def wrong_tenant(now: datetime) -> Answer:
    """403: no tenant is named, or one that this token does not open (recorded: xeroizer)."""
    return problem(403, "Forbidden", "AuthenticationUnsuccessful", now)


def too_large(now: datetime) -> Answer:
    """413 (recorded: Xero-Java 349)."""
    return problem(413, "RequestEntityTooLarge", "PayloadTooLarge", now)


def limited(window: str, wait_s: int) -> Answer:
    """429; nobody has recorded its body, so it is none that a program could read."""
    answer = text_answer("Rate limit exceeded", 429)
    return answer.with_headers(("X-Rate-Limit-Problem", window), ("Retry-After", str(wait_s)))


def answer(kind: Kind, endpoint: str, now: datetime) -> Answer:
    """The answer of a fault on request; those that Xero does not know are a 500."""
    match kind:
        case Kind.MINUTE_LIMIT:
            return limited("minute", 60)
        case Kind.DAY_LIMIT:
            return limited("day", 86_400)
        case Kind.EXPIRED:
            return expired(now, now)
        case Kind.FORBIDDEN:
            return wrong_tenant(now)
        case Kind.FAULT_IN_200:
            return json_answer(envelope({endpoint: [_spoiled()]}, now))
    return _PLAIN.get(kind, _broken())


def _broken() -> Answer:
    return json_answer({"ErrorNumber": 500, "Type": "UnknownErrorException", "Message": _BROKEN}, 500)


def _xml_limit(status: int) -> Answer:
    return text_answer(_XML_LIMIT.format(status=status), status, "text/xml; charset=utf-8")


def _spoiled() -> Body:
    """Success by status, failure by element, as with summarizeErrors=false (recorded: xero-node, 2018)."""
    return {"HasErrors": True, "StatusAttributeString": "ERROR", "ValidationErrors": [{"Message": _BROKEN}]}


_PLAIN = {
    Kind.REFUSED: json_answer(
        validation([{"ValidationErrors": [{"Message": "The document does not take this."}]}]), 400
    ),
    Kind.UNAVAILABLE: Answer(status=503),
    Kind.HTML_PAGE: text_answer(_HTML, 502, "text/html"),
    Kind.XML_LIMIT_429: _xml_limit(429),
    Kind.XML_LIMIT_403: _xml_limit(403),
}
