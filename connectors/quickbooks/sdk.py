"""Every import of python-quickbooks, and what we ask of it: it knows paths, parameters and the upload's multipart form.

It is given a session of ours, so it never sees a socket or a token, and it is handed an empty object as every answer,
so it never builds models: its defaults turn a deleted invoice into one with balance zero. What was read is returned
as the bytes that came.
"""

import json
import threading
from collections.abc import Mapping

import httpx
from quickbooks.client import QuickBooks

from connectors.answers import Answer
from connectors.transport import Transport

MINOR_VERSION = 75
"""The minimum and default since 2025-08-01 (Intuit's blog of 2025-01-21); stated so that it shows in each request."""


class _Reply:
    """What the SDK looks at in a response: it must find a good one, and nothing to parse."""

    status_code = httpx.codes.OK
    text = "{}"

    def __init__(self, content: bytes) -> None:
        self.content = content


class _Session:
    """Stands in for the SDK's OAuth session. Keeps the answer of each thread's latest call."""

    access_token = "set by the transport"  # noqa: S105 - the SDK wants one to put into a header that we replace

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._latest = threading.local()

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], params: Mapping[str, str], data: str | bytes
    ) -> _Reply:
        """The SDK's only way out. A query is a read, though it is posted."""
        content = None if method == "GET" else data or None
        request = httpx.Request(method, url, headers=_own(headers), params=params, content=content)
        write = method != "GET" and not request.url.path.endswith("/query")
        answer = self._transport.call(request, write=write)
        self._latest.answer = answer
        return _Reply(answer.body)

    def answer(self) -> bytes:
        """The body of this thread's latest call; it is not kept any longer."""
        answer: Answer = self._latest.__dict__.pop("answer")
        return answer.body


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    """The SDK's headers without those that are the transport's business."""
    dropped = {"authorization", "connection", "accept-encoding", "user-agent"}
    return {name: value for name, value in headers.items() if name.lower() not in dropped} | {
        "Accept-Encoding": "gzip",
        "User-Agent": "Dunwell",
    }


class Api:
    """One company's API. Every method returns the body as it came, or raises `connectors.errors`."""

    def __init__(self, transport: Transport, api_url: str, realm: str) -> None:
        self._session = _Session(transport)
        self._sdk = QuickBooks(company_id=realm, minorversion=MINOR_VERSION)
        self._sdk.api_url_v3 = f"{api_url}/v3"
        self._sdk.session = self._session
        self._realm = realm

    def company_info(self) -> bytes:
        self._sdk.get_single_object("CompanyInfo", self._realm)
        return self._session.answer()

    def query(self, select: str) -> bytes:
        """`select` in Intuit's query language, values quoted by the caller (`quoted`)."""
        self._sdk.query(select)
        return self._session.answer()

    def changes(self, entities: str, since: str) -> bytes:
        """The change feed; `since` an instant with its offset, which the SDK's own helper would drop."""
        self._sdk.change_data_capture(entities, since)
        return self._session.answer()

    def read(self, entity: str, record_id: str, include: str | None = None) -> bytes:
        self._sdk.get_single_object(entity, record_id, params={"include": include} if include else {})
        return self._session.answer()

    def save(self, entity: str, body: Mapping[str, object], request_id: str) -> bytes:
        """Create, or update where the body has Id, SyncToken and "sparse": fields left out then stay as they are."""
        self._sdk.create_object(entity, json.dumps(body), request_id=request_id)
        return self._session.answer()

    def upload(self, attachable: Mapping[str, object], content: bytes, request_id: str) -> bytes:
        self._sdk.create_object("Attachable", json.dumps(attachable), _file_bytes=content, request_id=request_id)
        return self._session.answer()

    def pdf(self, entity: str, record_id: str) -> bytes:
        self._sdk.download_pdf(entity, record_id)
        return self._session.answer()

    def download(self, attachable_id: str) -> bytes:
        """A file's content, through the short-lived address that QuickBooks gives for it."""
        self._sdk.get(f"{self._sdk.api_url}/company/{self._realm}/download/{attachable_id}")
        return self._session.answer()


def quoted(value: str) -> str:
    """A value for the query language: in single quotes, with quotes and backslashes escaped (Intuit, data queries)."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
