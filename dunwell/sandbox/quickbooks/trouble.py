"""Trouble in QuickBooks' own words: throttling, expired tokens, broken servers. Bodies as recorded where they were."""

from datetime import datetime

from dunwell.sandbox.exchange import Answer, json_answer, text_answer
from dunwell.sandbox.faults import Kind
from dunwell.sandbox.quickbooks.wire import PACIFIC, Body

_XML_LIMIT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<IntuitResponse time="{time}" xmlns="http://schema.intuit.com/finance/v3">
  <Fault type="SERVICE">
    <Error code="3001">
      <Message>message=ThrottleExceeded; errorCode=003001; statusCode={status}</Message>
      <Detail>The request limit was reached.  Try again later</Detail>
    </Error>
  </Fault>
</IntuitResponse>
"""
_HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_SYSTEM: Body = {
    "Error": [
        {
            "Message": "An application error has occurred while processing your request",
            "Detail": "System Failure Error: Something went wrong",
            "code": "10000",
        }
    ],
    "type": "SystemFault",
}
_RULE: Body = {
    "Error": [
        {
            "Message": "A business validation error has occurred while processing your request",
            "Detail": "Business Validation Error: The record does not take this.",
            "code": "6000",
            "element": "",
        }
    ],
    "type": "ValidationFault",
}


def limited(now: datetime) -> Answer:
    """Too many requests; the JSON form of today is [UNCONFIRMED], no recording shows a Retry-After."""
    error = {
        "Message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
        "Detail": "The request limit was reached.  Try again later",
        "code": "3001",
    }
    return json_answer({"Fault": {"Error": [error], "type": "SERVICE"}, "time": _time(now)}, 429)


def gate(now: datetime, message: str, code: str, detail: str, status: int) -> Answer:
    """The gateway's own errors, in lower case (recorded: error/401)."""
    error = {"message": message, "detail": detail, "code": code, "element": None}
    kind = "AUTHENTICATION" if status == 401 else "AUTHORIZATION"
    body: Body = {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }
    challenge = (("WWW-Authenticate", 'Bearer realm="Intuit", error="invalid_token"'),) if status == 401 else ()
    return json_answer(body, status, headers=challenge)


def expired(now: datetime, token: str) -> Answer:
    """401: it echoes part of the token (recorded)."""
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    return gate(now, message, "3200", f"Token expired: {token[:16]}", 401)


def forbidden(now: datetime) -> Answer:
    """403: this app, or this user, may not work on the company."""
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    return gate(now, message, "3100", "The application is not authorized for this company", 403)


def answer(kind: Kind, path: str, token: str, now: datetime) -> Answer:
    """The answer of a fault on request."""
    match kind:
        case Kind.EXPIRED:
            return expired(now, token)
        case Kind.FORBIDDEN:
            return forbidden(now)
        case Kind.UNAVAILABLE:
            return Answer(status=503)
        case Kind.HTML_PAGE:
            return text_answer(_HTML, 502, "text/html")
        case Kind.BROKEN:
            return json_answer({"Fault": _SYSTEM, "time": _time(now)}, 500)
        case Kind.REFUSED:
            return json_answer({"Fault": _RULE, "time": _time(now)}, 400)
        case Kind.FAULT_IN_200:
            return json_answer({**_hidden(path), "time": _time(now)})
        case _:
            return _throttled(kind, now)


def _throttled(kind: Kind, now: datetime) -> Answer:
    if kind is Kind.DAY_LIMIT:
        return limited(now).with_headers(("Retry-After", "86400"))
    if kind is Kind.MINUTE_LIMIT:
        return limited(now)
    status = 403 if kind is Kind.XML_LIMIT_403 else 429
    return text_answer(_XML_LIMIT.format(time=_time(now), status=status), status, "application/xml;charset=UTF-8")


def _hidden(path: str) -> Body:
    """Where a Fault hides in a success, by the kind of request (fact sheet, section 7)."""
    last = path.rsplit("/", 1)[-1]
    if last == "upload":
        return {"AttachableResponse": [{"Fault": _SYSTEM}]}
    if last == "batch":
        return {"BatchItemResponse": [{"Fault": _SYSTEM, "bId": "1"}]}
    if last == "cdc":
        return {"CDCResponse": [{"QueryResponse": [{"Fault": _SYSTEM}]}]}
    return {"Fault": _SYSTEM}


def _time(now: datetime) -> str:
    return now.astimezone(PACIFIC).isoformat(timespec="milliseconds")
