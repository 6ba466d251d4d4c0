"""The unmodified python-quickbooks works against the sandbox: only its address and session are ours."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    QuickbooksException,
    ValidationException,
)
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.base import AttachableRef, Ref
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.customer import Customer
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.payment import Payment
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.term import Term

from tests.dunwell.sandbox.api import Company, bare


class Session:
    """What the SDK needs of a session, over httpx."""

    def __init__(self, company: Company) -> None:
        self.access_token = str(company.session.headers["Authorization"]).removeprefix("Bearer ")
        self._session = company.session

    def request(self, method: str, url: str, *, headers: Any, params: Any, data: Any) -> httpx.Response:
        return self._session.request(method, url, headers=headers, params=params, content=data or None)


@pytest.fixture
def qb(shared: Company) -> QuickBooks:
    api = QuickBooks(company_id=shared.realm, minorversion=75)
    api.api_url_v3 = f"{shared.sandbox.url}/v3"
    api.session = Session(shared)
    return api


def test_it_queries_filters_and_counts(qb: QuickBooks) -> None:
    assert len(Invoice.all(qb=qb)) == 100
    assert Invoice.count("Balance > '0'", qb=qb) == len(Invoice.where("Balance > '0'", max_results=1000, qb=qb))
    (found,) = Customer.filter(DisplayName="O'Brannigan's Hardware", qb=qb)
    assert found.PrimaryEmailAddr.Address.endswith(".example.com")
    assert {each.Name for each in Term.all(qb=qb)} >= {"Net 10", "Net 15", "Net 30", "Net 60"}


def test_it_reads_by_id_with_parameters(qb: QuickBooks) -> None:
    (first,) = Invoice.where("Balance > '0' AND DocNumber LIKE '2%'", max_results=1, qb=qb)
    again = Invoice.get(first.Id, qb=qb, params={"include": "invoiceLink"})
    assert again.DocNumber == first.DocNumber
    assert again.InvoiceLink.startswith("https://")


def test_it_reads_company_and_preferences(qb: QuickBooks) -> None:
    assert CompanyInfo.get(1, qb=qb).CompanyName == "Brindlewick Field Services"
    assert Preferences.get(qb=qb).ReportPrefs.CalcAgingReportFromTxnDate is False


def test_it_reads_changes(qb: QuickBooks) -> None:
    raw = qb.change_data_capture("Invoice,Payment,CreditMemo,Customer", "2026-02-10T00:00:00-08:00")
    assert len(raw["CDCResponse"][0]["QueryResponse"]) == 4
    changed = change_data_capture([Invoice, Payment], "2026-02-10T00:00:00-08:00", qb=qb)
    assert {each.status for each in changed.Invoice if hasattr(each, "status")} == {"Deleted"}
    assert len(changed.Payment) > 10


def test_it_updates_sparsely_with_a_request_id(qb: QuickBooks, shared: Company) -> None:
    made = shared.an_invoice()
    body = json.dumps({"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "noted"})
    first = qb.update_object("Invoice", body, request_id="sdk-1")
    assert first["Invoice"]["PrivateNote"] == "noted"
    assert qb.update_object("Invoice", body, request_id="sdk-1") == first


def test_it_saves_whole_objects_with_all_their_defaults(qb: QuickBooks, shared: Company) -> None:
    customer = Customer()
    customer.DisplayName = "Saved by the SDK"
    customer = customer.save(qb=qb)
    customer.CompanyName = "SDK & Sons"
    assert customer.save(qb=qb).CompanyName == "SDK & Sons"
    invoice = Invoice.get(int(shared.an_invoice()["Id"]), qb=qb)
    invoice.PrivateNote = "round trip"
    assert invoice.save(qb=qb).PrivateNote == "round trip"


def test_it_voids_and_deletes(qb: QuickBooks, shared: Company) -> None:
    void = Invoice.get(int(shared.an_invoice()["Id"]), qb=qb).void(qb=qb)
    assert void["Invoice"]["PrivateNote"] == "Voided"
    gone = Invoice.get(int(shared.an_invoice()["Id"]), qb=qb).delete(qb=qb)
    assert gone["Invoice"]["status"] == "Deleted"


def test_it_reads_credit_memos(qb: QuickBooks) -> None:
    assert any(float(each.RemainingCredit) == 750 for each in CreditMemo.all(qb=qb))


def attachable(note: str) -> Attachable:
    made = Attachable()
    ref = AttachableRef()
    ref.EntityRef = Ref()
    ref.EntityRef.type, ref.EntityRef.value = "Customer", "1"
    made.AttachableRef.append(ref)
    made.Note = note
    return made


def test_it_writes_a_note(qb: QuickBooks) -> None:
    assert attachable("Dunwell 77").save(qb=qb).Note == "Dunwell 77"


def test_it_uploads_a_file_in_its_own_multipart(qb: QuickBooks, tmp_path: Path) -> None:
    content = bytes(range(256)) * 5
    (tmp_path / "letter.pdf").write_bytes(content)
    made = attachable("with a file")
    made.FileName, made.ContentType = "letter.pdf", "application/pdf"
    made._FilePath = str(tmp_path / "letter.pdf")
    saved = made.save(qb=qb)
    assert (saved.FileName, saved.Size, saved.Note) == ("letter.pdf", len(content), "with a file")
    assert bare("GET", saved.TempDownloadUri).content == content


def test_it_downloads_a_pdf(qb: QuickBooks) -> None:
    (invoice,) = Invoice.where("Balance > '0'", max_results=1, qb=qb)
    assert invoice.DocNumber in PdfReader(io.BytesIO(invoice.download_pdf(qb))).pages[0].extract_text()


def test_it_reads_reports(qb: QuickBooks) -> None:
    report = qb.get_report("AgedReceivables", {"report_date": "2026-02-28"})
    assert report["Header"]["EndPeriod"] == "2026-02-28"


def test_it_sends_batches(qb: QuickBooks) -> None:
    names = ["Batch One", "Batch Two", "Batch One"]
    customers = []
    for name in names:
        customer = Customer()
        customer.DisplayName = name
        customers.append(customer)
    answer = batch_create(customers, qb=qb)
    assert [each.DisplayName for each in answer.successes] == ["Batch One", "Batch Two"]
    assert len(answer.faults) == 1


def test_it_raises_what_its_documentation_says(qb: QuickBooks, shared: Company) -> None:
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(999999, qb=qb)
    with pytest.raises(ValidationException):
        Invoice.where("Nonsense = '1'", qb=qb)
    shared.sandbox.faults.add("expired")
    with pytest.raises(AuthorizationException):
        Invoice.all(qb=qb)
    made = shared.an_invoice()
    shared.sandbox.faults.add("stale")
    with pytest.raises(QuickbooksException) as caught:
        qb.update_object("Invoice", json.dumps({"Id": made["Id"], "SyncToken": "0", "sparse": True}))
    assert caught.value.error_code == 5010
