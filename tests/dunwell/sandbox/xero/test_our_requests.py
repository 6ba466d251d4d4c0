"""Every request that our connector makes, taken off the wire and held against the official contract.

The connector is asked for everything that it can do; a method that is new to `connectors.base.Connector` makes the
first test fail until it is asked for here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from connectors import limits
from connectors.base import Budget, Connector, CustomerNote, File, Note, PayLink, Target, Write
from connectors.base import Call as Exchange
from connectors.errors import Rejected
from connectors.oauth import AppSettings
from connectors.transport import Transport
from connectors.xero import connecting, faults
from connectors.xero.connector import Xero
from dunwell.sandbox.exchange import Call
from dunwell.sandbox.traffic import Seen
from dunwell.sandbox.xero.oauth import SCOPES
from strategy.model import CustomerId, InvoiceId
from tests.dunwell.sandbox.api import MONDAY
from tests.dunwell.sandbox.xero.api import EVERYTHING, Organisation
from tests.dunwell.sandbox.xero.contract import Contract, Request

DIFFERENT = {
    "the header If-Modified-Since is no date-time": "Xero's own page writes it without an offset, and in UTC",
}
"""What in our requests the contract does not allow, and why it is right all the same."""


class Tokens:
    """One token that is always good."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def renew(self, rejected: str) -> str:
        return self._token


class Enough:
    """A budget that never ends."""

    def enter(self) -> None:
        """At once."""

    def leave(self, call: Exchange) -> None:
        """Nothing is counted."""


def connected(xero: Organisation, scope: str, http: httpx.Client, budget: Budget | None = None) -> Xero:
    tokens = Tokens(str(xero.control.tokens(scope)["access_token"]))
    transport = Transport(
        faults.DIALECT, "books", tokens=tokens, budget=budget or Enough(), clock=xero.clock, http=http
    )
    return Xero(transport, xero.clock, xero.sandbox.url, xero.tenant)


@pytest.fixture(scope="module")
def requests(modules_own: Organisation) -> list[Request]:
    """What the connector asks when it is asked for everything."""
    caught: list[Request] = []

    def watch(call: Call, _seen: Seen) -> None:
        caught.append(
            Request(method=call.method, path=call.path, query=call.query, headers=call.headers, body=call.body)
        )

    modules_own.sandbox.traffic.watchers.append(watch)
    with httpx.Client(timeout=5, verify=False) as http:
        connector = connected(modules_own, EVERYTHING, http)
        _read_everything(connector, modules_own.control)
        live = modules_own.control.live()
        _write_everything(connector, *(next(iter(live[kind])) for kind in ("invoice", "customer")))
    modules_own.sandbox.traffic.watchers.remove(watch)
    return caught


def _read_everything(connector: Xero, control: Any) -> None:
    live = control.live()
    invoice, customer = InvoiceId(next(iter(live["invoice"]))), CustomerId(next(iter(live["customer"])))
    owing = next(row for row in control.truth()["customers"] if row["open"])
    connector.company()
    connector.reminders()
    for kind in connector.kinds:
        list(connector.everything(kind))
    list(connector.changes(MONDAY - timedelta(days=2)))
    connector.invoices([InvoiceId(each) for each in list(live["invoice"])[:45]])
    list(connector.balances(None))
    list(connector.balances([customer]))
    connector.open_by_report(CustomerId(owing["id"]), date(2026, 3, 2))
    connector.payment_link(invoice)
    connector.invoice_pdf(invoice)


def _write_everything(connector: Xero, invoice: str, customer: str) -> None:
    link = PayLink(
        invoice_id=InvoiceId(invoice),
        name="Portal",
        url="https://pay.example/1",
        template="https://pay.example/{number}/{amount}/{currency}",
    )
    for target, target_id in ((Target.INVOICE, invoice), (Target.CUSTOMER, customer)):
        note = Note(target=target, target_id=target_id, marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d noted")
        file = File(
            target=target,
            target_id=target_id,
            marker="Dunwell 1a2b3c4d",
            name="Statement GBP.pdf",
            media_type="application/pdf",
            content=b"%PDF-1.4 content",
        )
        writes: tuple[Write, ...] = (note, file, link)
        for number, write in enumerate(writes):
            connector.find(write)
            connector.write(write, f"key-{target}-{number}")
            connector.find(write)
        filed = [each for each in connector.written(target, target_id) if each.text == file.name]
        connector.file_content(target, target_id, filed[0])
    told = CustomerNote(customer_id=CustomerId(customer), marker="Dunwell 1a2b3c4d", text="Dunwell 1a2b3c4d said")
    connector.find(told)
    with pytest.raises(Rejected):
        connector.write(told, "key-x")


def test_every_method_of_a_connector_is_asked_for() -> None:
    asked = set(_read_everything.__code__.co_names) | set(_write_everything.__code__.co_names)
    methods = {name for name in vars(Connector) if not name.startswith("_")} - set(Connector.__annotations__)
    assert methods - asked == set()


def test_every_request_is_one_that_the_contract_knows(requests: list[Request], contract: Contract) -> None:
    complaints = {complaint for request in requests for complaint in contract.complaints(request)}
    assert {one for one in complaints if one.split(": ", 1)[-1] not in DIFFERENT} == set()
    assert {one.split(": ", 1)[-1] for one in complaints} == DIFFERENT.keys()


def test_the_requests_are_of_all_the_kinds_that_are_needed(requests: list[Request], contract: Contract) -> None:
    known = (contract.operation(request.method, request.path) for request in requests)
    operations = {operation.id for operation in known if operation is not None}
    assert operations >= set(_NEEDED.split())


_NEEDED = """
getOrganisations getInvoiceReminders getContacts getInvoices getPayments getCreditNotes getOverpayments getPrepayments
getReportAgedReceivablesByContact getOnlineInvoice createInvoiceHistory createContactHistory getInvoiceHistory
getContactHistory createInvoiceAttachmentByFileName createContactAttachmentByFileName getInvoiceAttachments
getContactAttachments createPaymentService createBrandingThemePaymentServices
"""


def test_every_request_asks_for_json_or_a_file_and_names_its_tenant(requests: list[Request]) -> None:
    for request in requests:
        assert request.headers["xero-tenant-id"]
        assert request.headers["accept"] in ("application/json", "application/pdf", "application/octet-stream")


def test_every_write_carries_a_key_that_fits(requests: list[Request]) -> None:
    writes = [request for request in requests if request.method != "GET"]
    assert len(writes) >= 6
    assert all(0 < len(request.headers["idempotency-key"]) <= 36 for request in writes)


@pytest.mark.parametrize("writes_back", [True, False])
def test_the_scopes_that_we_ask_for_are_enough_and_known_to_xero(own: Organisation, writes_back: bool) -> None:
    settings = AppSettings(client_id="x", client_secret="y", writes_back=writes_back, offers_payment=writes_back)
    scopes = connecting.app(settings).scopes
    assert set(scopes) <= SCOPES
    with httpx.Client(timeout=5, verify=False) as http:
        connector = connected(own, " ".join(scopes), http)
        _read_everything(connector, own.control)
        if writes_back:
            live = own.control.live()
            _write_everything(connector, *(next(iter(live[kind])) for kind in ("invoice", "customer")))
    assert {seen.status for seen in own.sandbox.traffic.calls} == {200}


def test_our_own_limits_are_no_looser_than_the_sandboxs(own: Organisation) -> None:
    """At full speed, nothing that we send is refused."""
    own.sandbox.limits(True)
    with httpx.Client(timeout=5, verify=False) as http:
        connector = connected(own, EVERYTHING, http, limits.Limiter(limits.XERO, own.clock))
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
