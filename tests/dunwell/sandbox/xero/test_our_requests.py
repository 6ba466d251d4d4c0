"""A full run of our connector against Xero's OpenAPI file: every request that we make, every answer that we get."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from connectors import limits
from connectors.base import TokenSet
from connectors.oauth import AppSettings
from connectors.xero import connecting
from dunwell.sandbox.xero.oauth import SCOPES
from tests.connectors.roads import Counted
from tests.contract import asking
from tests.dunwell.sandbox.api import MONDAY
from tests.dunwell.sandbox.asking import Exchange, a_wire, left_out, read_everything, write_everything
from tests.dunwell.sandbox.findings import Findings
from tests.dunwell.sandbox.xero.api import EVERYTHING, Organisation
from tests.dunwell.sandbox.xero.contract import Contract, Request, keys
from tests.dunwell.sandbox.xero.run import Judge, connected, exchanges

_SHOWN = "official examples or recordings have it"
DIFFERENT = {
    "request: the header If-Modified-Since is no date-time": "Xero's own page writes it without an offset, and in UTC",
    "request: getInvoice is asked for application/pdf": "the file writes /pdf; Xero's page and its SDK ask by Accept",
    "answer: getInvoice gives no application/pdf": "as it was asked for",
    "answer: getInvoice says nothing of a 404": "the file knows 200 and 400 alone; this text was seen (xero-node 209)",
    "answer: getInvoiceAttachmentById gives no application/pdf": "a file comes under its own media type",
    "answer: getContactAttachmentById gives no application/pdf": "a file comes under its own media type",
    "answer: Id is in no schema": f"the envelope: {_SHOWN}",
    "answer: Status is in no schema": f"the envelope: {_SHOWN}",
    "answer: ProviderName is in no schema": f"the envelope: {_SHOWN}",
    "answer: DateTimeUTC is in no schema": f"the envelope, and our cursor: {_SHOWN}",
    "answer: Invoices.DateString is in no schema": _SHOWN,
    "answer: Invoices.DueDateString is in no schema": _SHOWN,
    "answer: CreditNotes.ID is in no schema": _SHOWN,
    "answer: CreditNotes.DateString is in no schema": _SHOWN,
    "answer: Overpayments.ID is in no schema": _SHOWN,
    "answer: Overpayments.DateString is in no schema": _SHOWN,
    "answer: Prepayments.ID is in no schema": _SHOWN,
    "answer: Prepayments.DateString is in no schema": _SHOWN,
    "answer: ContactGroups.HasValidationErrors is in no schema": _SHOWN,
    "answer: HistoryRecords.DateUTCString is in no schema": _SHOWN,
    "answer: HistoryRecords.ValidationErrors is in no schema": _SHOWN,
}
"""Where a request of ours or an answer of the sandbox's is not what the file allows, and why it is right all the same.

One that does not occur any more fails the test, as one that is new does.
"""


@pytest.fixture(scope="module")
def caught() -> list[Exchange]:
    """Everything asked and answered, in an organisation of its own."""
    with Organisation() as organisation:
        return exchanges(organisation)


@pytest.fixture(scope="module")
def findings(caught: list[Exchange], contract: Contract) -> Findings:
    return Judge(contract).findings(caught)


def test_every_method_of_a_connector_and_every_kind_of_write_is_asked_for() -> None:
    assert left_out() == set()


def test_they_are_asked_for_of_the_mock_server_too() -> None:
    """Which `make contract` starts; looked at here, where everybody sees it."""
    assert left_out(asking.read, asking.write, asking.writes) == set()


def test_every_difference_is_known_and_every_known_one_occurs(findings: Findings) -> None:
    assert findings.unexpected(DIFFERENT) == (set(), set())


def test_a_key_that_no_schema_has_is_in_an_official_example_or_a_recording(shown_by_xero: set[str]) -> None:
    keys = {name.split()[1] for name in DIFFERENT if name.endswith("is in no schema")}
    assert len(keys) == 15
    assert keys - shown_by_xero == set()


def test_the_run_is_as_long_as_it_is_said_to_be(findings: Findings) -> None:
    assert findings.requests == findings.answers >= 70
    assert findings.objects >= 1_000


def test_the_requests_are_of_all_the_kinds_that_are_needed(findings: Findings) -> None:
    assert findings.operations == set(_NEEDED.split())


_NEEDED = """
getOrganisations getInvoiceReminders getContacts getInvoices getPayments getCreditNotes getOverpayments getPrepayments
getReportAgedReceivablesByContact getOnlineInvoice createInvoiceHistory createContactHistory getInvoiceHistory
getContactHistory createInvoiceAttachmentByFileName createContactAttachmentByFileName getInvoiceAttachments
getContactAttachments getInvoiceAttachmentById getContactAttachmentById getInvoice getPaymentServices
createPaymentService getBrandingThemePaymentServices createBrandingThemePaymentServices
"""


def test_the_organisations_that_we_are_let_into_are_told_as_in_the_identity_file(own: Organisation, data: Path) -> None:
    """Its path is /Connections there and /connections everywhere else."""
    identity = Contract(data / "xero/xero-identity.yaml")
    tokens = TokenSet(
        access_token=str(own.control.tokens(EVERYTHING)["access_token"]), refresh_token=None, expires_at=MONDAY
    )
    with a_wire() as (http, caught):
        connecting.remotes(http, own.sandbox.url, {}, tokens)
    (exchange,) = caught
    (one,) = msgspec.json.decode(exchange.answer)
    assert (exchange.method, exchange.path, exchange.body) == ("GET", "/connections", b"")
    assert identity.operation("GET", exchange.path.title()) is not None
    assert identity.mistakes("#/components/schemas/Connection", one) == []
    assert list(identity.strange("Connection", one)) == []


def test_every_body_that_we_send_has_keys_of_the_official_example(
    caught: list[Exchange], contract: Contract, examples: dict[str, Any]
) -> None:
    compared = set()
    for one in caught:
        if one.headers.get("content-type") == "application/json" and one.body:
            operation = contract.operation(one.method, one.path)
            assert operation is not None
            example = examples[f"{operation.id}.request"]
            assert set(keys(msgspec.json.decode(one.body))) <= set(keys(example))
            compared.add(operation.id)
    assert len(compared) == 4


def test_every_request_asks_for_json_or_a_file_and_names_its_tenant(caught: list[Exchange]) -> None:
    for request in caught:
        assert request.headers["xero-tenant-id"]
        assert request.headers["accept"] in ("application/json", "application/pdf", "application/octet-stream")


def test_every_write_carries_a_key_that_fits(caught: list[Exchange]) -> None:
    writes = [request for request in caught if request.method != "GET"]
    assert len(writes) >= 6
    assert all(0 < len(request.headers["idempotency-key"]) <= 36 for request in writes)


@pytest.mark.parametrize("writes_back", [True, False])
def test_the_scopes_that_we_ask_for_are_enough_and_known_to_xero(own: Organisation, writes_back: bool) -> None:
    settings = AppSettings(client_id="x", client_secret="y", writes_back=writes_back, offers_payment=writes_back)
    scopes = connecting.app(settings).scopes
    assert set(scopes) <= SCOPES
    with httpx.Client(timeout=60, verify=False) as http:
        connector = connected(own, " ".join(scopes), http)
        read_everything(connector, own.control)
        if writes_back:
            write_everything(connector, own.control, lines=False)
    assert {seen.status for seen in own.sandbox.traffic.calls} == {200, 404}


def test_our_own_limits_are_no_looser_than_the_sandboxs(own: Organisation) -> None:
    """At full speed, nothing that we send is refused."""
    own.sandbox.limits(True)
    with httpx.Client(timeout=60, verify=False) as http:
        connector = connected(own, EVERYTHING, http, Counted(limits.XERO, own.clock))
        for _ in range(70):
            connector.reminders()
    assert {seen.status for seen in own.sandbox.traffic.calls} == {200}


def test_the_checker_finds_what_is_wrong(contract: Contract) -> None:
    def complaints(method: str, path: str, body: bytes = b"", **query: str) -> Iterator[str]:
        headers = {"xero-tenant-id": "x"}
        return contract.complaints(
            Request(method=method, path=f"/api.xro/2.0/{path}", query=tuple(query.items()), headers=headers, body=body)
        )

    assert list(complaints("GET", "Invoices", page="x", colour="red")) == [
        "getInvoices: page=x is no integer",
        "getInvoices has no query parameter colour",
    ]
    assert list(complaints("GET", "Reports/AgedReceivablesByContact")) == [
        "getReportAgedReceivablesByContact lacks contactId"
    ]
    assert list(complaints("PUT", "Invoices", b'{"Invoices":[{"Status":"NOPE","Colour":1}]}'))[-1].startswith("unknown")
    assert list(complaints("PATCH", "Invoices")) == ["PATCH /api.xro/2.0/Invoices is no operation"]
