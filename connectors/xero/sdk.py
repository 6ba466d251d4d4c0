"""Every import of xero-python, and what we ask of it: it knows paths, parameters and headers.

Its REST object is replaced by one of ours with a single `request`, so it never sees a socket: with its own it would
send a PUT whose connection broke four times over, and sleep through a day's limit. It is told not to build models:
one unknown enumeration value would sink a page. What was read is returned as the bytes that came.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient, Configuration
from xero_python.rest import RESTClientObject

from connectors.answers import Answer
from connectors.errors import Reconnect
from connectors.transport import Transport
from connectors.xero import scopes

ACCOUNTING = "/api.xro/2.0"
"""Where the accounting API is, below the API's address."""

PAGE = 1000
"""The most rows of a page; out of range is silently clamped (read 2026-11-21)."""


class _Tokenless:
    """Stands in for the SDK's token, which is one for the whole process and refreshed without a lock."""

    def get_auth_settings(self) -> None:
        """No header: the transport sets it."""


class _Rest(RESTClientObject):  # type: ignore[misc]  # the SDK has no types
    """The SDK's way out: one method, to our transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def request(
        self,
        method: str,
        url: str,
        query_params: Sequence[tuple[str, object]] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        post_params: object = None,
        _preload_content: bool = False,
        _request_timeout: object = None,
    ) -> Answer:
        """Send what the SDK prepared; the signature is the SDK's."""
        request = httpx.Request(
            method,
            f"{url}?{urlencode(query_params)}" if query_params else url,
            headers={**(headers or {}), "User-Agent": "Dunwell", "Accept-Encoding": "gzip"},
            content=_content(body),
        )
        try:
            return self._transport.call(request, write=method != "GET")
        except Reconnect as error:
            scope = scopes.needed(method, url, ACCOUNTING)
            if error.code == scopes.NOT_GRANTED and scope:
                error.message = f"This needs the scope {scope}, which Xero has not granted"
            raise


def _content(body: object) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body).encode()


class Api:
    """One organisation's API. Every method returns the body as it came, or raises `connectors.errors`."""

    def __init__(self, transport: Transport, api_url: str, tenant: str, page_size: int = PAGE) -> None:
        configuration = Configuration()
        configuration.oauth2_token = _Tokenless()
        self._client = sdk = ApiClient(configuration)
        sdk.rest_client = _Rest(transport)
        self._sdk = AccountingApi(sdk, base_url=f"{api_url}{ACCOUNTING}")
        self._tenant = tenant
        self._page_size = page_size

    def page(self, name: str, number: int, **asked: object) -> Answer:
        """A page of one of the lists, archived contacts included; `asked` are the SDK's own parameters."""
        methods: Mapping[str, Callable[..., Answer]] = {
            "Contacts": self._sdk.get_contacts,
            "Invoices": self._sdk.get_invoices,
            "Payments": self._sdk.get_payments,
            "CreditNotes": self._sdk.get_credit_notes,
            "Overpayments": self._sdk.get_overpayments,
            "Prepayments": self._sdk.get_prepayments,
        }
        archived = {"include_archived": "true"} if name == "Contacts" else {}
        return self._ask(methods[name], page=number, page_size=self._page_size, **archived, **asked)

    def organisation(self) -> Answer:
        return self._ask(self._sdk.get_organisations)

    def reminders(self) -> bytes:
        return self._ask(self._sdk.get_invoice_reminders).body

    def online_invoice(self, invoice_id: str) -> bytes:
        return self._ask(self._sdk.get_online_invoice, invoice_id).body

    def invoice(self, invoice_id: str) -> bytes:
        return self._ask(self._sdk.get_invoice, invoice_id).body

    def invoice_pdf(self, invoice_id: str) -> bytes:
        return self._ask(self._sdk.get_invoice_as_pdf, invoice_id).body

    def aged_receivables(self, contact_id: str, on: str) -> bytes:
        return self._ask(self._sdk.get_report_aged_receivables_by_contact, contact_id, date=on).body

    def history(self, target: str, target_id: str) -> bytes:
        """`target` is "invoice" or "contact"."""
        return self._ask(getattr(self._sdk, f"get_{target}_history"), target_id).body

    def add_history(self, target: str, target_id: str, details: str, key: str) -> bytes:
        records = {"HistoryRecords": [{"Details": details}]}
        return self._ask(getattr(self._sdk, f"create_{target}_history"), target_id, records, idempotency_key=key).body

    def attachments(self, target: str, target_id: str) -> bytes:
        return self._ask(getattr(self._sdk, f"get_{target}_attachments"), target_id).body

    def attachment(self, target: str, target_id: str, attachment_id: str, media_type: str) -> bytes:
        method = getattr(self._sdk, f"get_{target}_attachment_by_id")
        return self._ask(method, target_id, attachment_id, media_type).body

    def attach(self, target: str, target_id: str, name: str, content: bytes, key: str) -> bytes:
        """A file of the same name is replaced; none is shown to the customer."""
        method = getattr(self._sdk, f"create_{target}_attachment_by_file_name")
        return self._ask(method, target_id, name, content, idempotency_key=key).body

    def payment_services(self) -> bytes:
        return self._ask(self._sdk.get_payment_services).body

    def theme_services(self, theme_id: str) -> bytes:
        """The payment services of a branding theme."""
        return self._ask(self._sdk.get_branding_theme_payment_services, theme_id).body

    def add_payment_service(self, name: str, url: str, pay_now: str, key: str) -> bytes:
        service = {"PaymentServiceName": name, "PaymentServiceUrl": url, "PayNowText": pay_now}
        services = {"PaymentServices": [service]}
        return self._ask(self._sdk.create_payment_service, services, idempotency_key=key).body

    def use_payment_service(self, theme_id: str, service_id: str, key: str) -> bytes:
        """Show the service on invoices of a branding theme."""
        services = {"PaymentServices": [{"PaymentServiceID": service_id}]}
        method = self._sdk.create_branding_theme_payment_services
        return self._ask(method, theme_id, services, idempotency_key=key).body

    def _ask(self, method: Callable[..., Any], *args: object, **named: object) -> Answer:
        answer: Answer = method(self._tenant, *args, _preload_content=False, **named)
        self._client.last_response = None  # or it would keep a page that nobody needs any more
        return answer
