"""The unmodified xero-python works against the sandbox: only its address and tokens are ours."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from xero_python.accounting import AccountingApi
from xero_python.accounting import models as xero_models
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException, NotFoundException
from xero_python.identity import IdentityApi

from dunwell.sandbox.xero.oauth import WEB
from tests.dunwell.sandbox.xero.api import Organisation

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Of the SDK's own: it uses what urllib3 calls deprecated."""

LISTS = {
    "contacts": "get_contacts",
    "invoices": "get_invoices",
    "payments": "get_payments",
    "credit_notes": "get_credit_notes",
    "overpayments": "get_overpayments",
    "prepayments": "get_prepayments",
}
SETTINGS = {
    "organisations": "get_organisations",
    "actions": "get_organisation_actions",
    "invoice_reminders": "get_invoice_reminders",
    "branding_themes": "get_branding_themes",
    "currencies": "get_currencies",
    "contact_groups": "get_contact_groups",
    "repeating_invoices": "get_repeating_invoices",
    "payment_services": "get_payment_services",
}


@pytest.fixture
def client(xero: Organisation) -> Iterator[ApiClient]:
    """The SDK's own, with a token that it need not refresh. Its configuration is one for the whole process."""
    configuration = Configuration()
    before = configuration.oauth2_token
    configuration.oauth2_token = OAuth2Token(client_id=WEB.client_id, client_secret=WEB.client_secret)
    token = {
        "access_token": str(xero.session.headers["Authorization"]).removeprefix("Bearer "),
        "expires_at": datetime(2099, 1, 1, tzinfo=UTC).timestamp(),
        "expires_in": 1800,
        "token_type": "Bearer",
        "refresh_token": "unused",
        "scope": [],
    }
    made = ApiClient(configuration, oauth2_token_getter=lambda: token)
    yield made
    made.rest_client.pool_manager.clear()
    configuration.oauth2_token = before


@pytest.fixture
def api(client: ApiClient, xero: Organisation) -> AccountingApi:
    return AccountingApi(client, base_url=f"{xero.sandbox.url}/api.xro/2.0")


@pytest.mark.parametrize(("name", "method"), LISTS.items())
def test_it_reads_every_list_into_its_models(api: AccountingApi, xero: Organisation, name: str, method: str) -> None:
    endpoint = "".join(part.capitalize() for part in name.split("_"))
    read = getattr(api, method)(xero.tenant, page=1, page_size=200)
    rows = xero.page(endpoint, pageSize=200)
    assert len(getattr(read, name)) == len(rows)
    assert read.pagination.item_count == xero.get(endpoint, page=1)["pagination"]["itemCount"]


@pytest.mark.parametrize(("name", "method"), SETTINGS.items())
def test_it_reads_every_setting(api: AccountingApi, xero: Organisation, name: str, method: str) -> None:
    assert getattr(getattr(api, method)(xero.tenant), name) is not None


def test_what_it_reads_is_what_there_is(api: AccountingApi, xero: Organisation) -> None:
    row = xero.page("Invoices", where='Type=="ACCREC" AND AmountPaid>0', pageSize=1)[0]
    (read,) = api.get_invoice(xero.tenant, row["InvoiceID"]).invoices
    assert (read.total, read.amount_due) == (row["Total"], row["AmountDue"])
    assert (read.date, read.status) == (date.fromisoformat(row["DateString"][:10]), row["Status"])
    assert read.payments[0].amount == row["Payments"][0]["Amount"]
    assert read.contact.name == row["Contact"]["Name"]


def test_it_filters_orders_and_reads_what_changed(api: AccountingApi, xero: Organisation) -> None:
    where = 'Status=="AUTHORISED" AND Type=="ACCREC"'
    read = api.get_invoices(xero.tenant, where=where, order="DueDate ASC", page=1).invoices
    assert {each.status for each in read} == {"AUTHORISED"}
    since = datetime(2026, 2, 27, tzinfo=UTC)
    changed = api.get_invoices(xero.tenant, if_modified_since=since, page=1, summary_only=True)
    assert 0 < changed.pagination.item_count < 100
    named = api.get_invoices(xero.tenant, i_ds=[each.invoice_id for each in read[:3]], statuses=["AUTHORISED"]).invoices
    assert len(named) == 3


def test_archived_contacts_come_when_asked_for(api: AccountingApi, xero: Organisation) -> None:
    read = api.get_contacts(xero.tenant, include_archived=True, page=1).contacts
    assert sum(each.contact_status == "ARCHIVED" for each in read) == 2


def test_it_writes_and_reads_history(api: AccountingApi, xero: Organisation) -> None:
    contact = xero.a_contact()["ContactID"]
    records = xero_models.HistoryRecords(history_records=[xero_models.HistoryRecord(details="Dunwell 1a2b")])
    made = api.create_contact_history(xero.tenant, contact, records, idempotency_key="sdk-1")
    assert made.history_records[0].details == "Dunwell 1a2b"
    told = api.get_contact_history(xero.tenant, contact).history_records
    assert sum(each.details == "Dunwell 1a2b" for each in told) == 1


def test_it_attaches_lists_and_reads_files(api: AccountingApi, xero: Organisation) -> None:
    invoice, content = xero.an_invoice()["InvoiceID"], b"%PDF-1.4 \x00\xff"
    api.create_invoice_attachment_by_file_name(xero.tenant, invoice, "Statement.pdf", content, include_online=True)
    (listed,) = api.get_invoice_attachments(xero.tenant, invoice).attachments
    assert (listed.file_name, listed.content_length) == ("Statement.pdf", len(content))
    path = api.get_invoice_attachment_by_id(xero.tenant, invoice, listed.attachment_id, "application/pdf")
    assert Path(path).read_bytes() == content
    Path(path).unlink()


def test_it_reads_a_pdf(api: AccountingApi, xero: Organisation) -> None:
    invoice = xero.an_invoice()
    path = Path(api.get_invoice_as_pdf(xero.tenant, invoice["InvoiceID"]))
    assert invoice["InvoiceNumber"] in PdfReader(io.BytesIO(path.read_bytes())).pages[0].extract_text()
    path.unlink()


def test_it_reads_links_and_reports_and_mails(api: AccountingApi, xero: Organisation) -> None:
    invoice = xero.an_invoice()
    (link,) = api.get_online_invoice(xero.tenant, invoice["InvoiceID"]).online_invoices
    assert link.online_invoice_url.startswith("https://in.xero.com/")
    (report,) = api.get_report_aged_receivables_by_contact(
        xero.tenant, invoice["Contact"]["ContactID"], date=date(2026, 3, 2)
    ).reports
    assert report.report_type == "AgedReceivablesByContact"
    api.email_invoice(xero.tenant, invoice["InvoiceID"], xero_models.RequestEmpty())
    assert xero.one("Invoices", invoice["InvoiceID"])["SentToContact"] is True


def test_it_creates_pays_and_voids(api: AccountingApi, xero: Organisation) -> None:
    (contact,) = api.create_contacts(
        xero.tenant, xero_models.Contacts(contacts=[xero_models.Contact(name="By the SDK")])
    ).contacts
    line = xero_models.LineItem(description="Labour", quantity=Decimal(1), unit_amount=Decimal("99.5"))
    invoice = xero_models.Invoice(
        type="ACCREC",
        contact=xero_models.Contact(contact_id=contact.contact_id),
        line_items=[line],
        date=date(2026, 3, 2),
        due_date=date(2026, 4, 1),
        status="AUTHORISED",
    )
    (made,) = api.create_invoices(xero.tenant, xero_models.Invoices(invoices=[invoice])).invoices
    assert (made.total, made.amount_due) == (Decimal("99.50"), Decimal("99.50"))
    payment = xero_models.Payment(
        invoice=xero_models.Invoice(invoice_id=made.invoice_id),
        account=xero_models.Account(code="090"),
        amount=Decimal("9.5"),
        date=date(2026, 3, 2),
    )
    (paid,) = api.create_payments(xero.tenant, xero_models.Payments(payments=[payment])).payments
    (gone,) = api.delete_payment(xero.tenant, paid.payment_id, xero_models.PaymentDelete(status="DELETED")).payments
    assert gone.status == "DELETED"
    void = xero_models.Invoices(invoices=[xero_models.Invoice(status="VOIDED")])
    assert api.update_invoice(xero.tenant, made.invoice_id, void).invoices[0].status == "VOIDED"


def test_it_raises_what_its_documentation_says(api: AccountingApi, xero: Organisation) -> None:
    with pytest.raises(NotFoundException):
        api.get_invoice(xero.tenant, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(AccountingBadRequestException) as caught:
        api.get_invoices(xero.tenant, where="Nonsense==1")
    assert caught.value.error_data["ErrorNumber"] == 16
    with pytest.raises(HTTPStatusException) as forbidden:
        api.get_organisations("another")
    assert forbidden.value.status == 403


def test_it_reads_connections(client: ApiClient, xero: Organisation) -> None:
    identity: Any = IdentityApi(client, base_url=xero.sandbox.url)
    (one,) = identity.get_connections()
    assert (one.tenant_id, one.tenant_type) == (xero.tenant, "ORGANISATION")
