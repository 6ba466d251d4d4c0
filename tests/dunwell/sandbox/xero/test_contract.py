"""The answers against Xero's OpenAPI file, its examples, and real answers recorded of the demo company."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dunwell.sandbox.xero.reading.fields import FIELDS, SINGULAR
from tests.dunwell.sandbox.xero.api import Organisation, invoice_body, payment_body
from tests.dunwell.sandbox.xero.contract import BASE, ENVELOPE, Contract, keys, last_two

LISTS = ["Contacts", "Invoices", "CreditNotes", "Overpayments", "Prepayments", "Payments"]
SETTINGS = [
    "Organisation",
    "Organisation/Actions",
    "InvoiceReminders/Settings",
    "Currencies",
    "BrandingThemes",
    "RepeatingInvoices",
    "ContactGroups",
    "PaymentServices",
]
EXAMPLES_AMISS = {
    "deleteCreditNoteAllocations.200": "Invoice is a list, and Amount is missing",
    "deleteOverpaymentAllocations.200": "Invoice is a list, and Amount is missing",
    "deletePrepaymentAllocations.200": "Invoice is a list, and Amount is missing",
    "deletePayment.request": "an array of Payments where one Status is asked for",
    "getPayment.200": 'TotalAmount: "50.00" and IsReconciled: "false" are texts',
    "getPayments.200": 'TotalAmount: "50.00" and IsReconciled: "false" are texts',
}
"""Official examples that the official contract does not allow."""


class Checker:
    """Holds answers against the contract; keys that it lacks must be in an example or a recording."""

    def __init__(self, contract: Contract, shown: set[str]) -> None:
        self._contract, self._shown = contract, shown

    def check(self, method: str, path: str, body: Any) -> None:
        operation = self._contract.operation(method, f"{BASE}/{path}")
        assert operation is not None, f"{method} {path}"
        assert operation.answers is not None, operation.id
        assert self._contract.mistakes(f"#/components/schemas/{operation.answers}", body) == []
        strange = set(self._contract.strange(operation.answers, body)) - ENVELOPE
        assert {key for key in strange if last_two(key) not in self._shown} == set()
        assert body.keys() >= ENVELOPE


@pytest.fixture
def checker(contract: Contract, shown_by_xero: set[str]) -> Checker:
    return Checker(contract, shown_by_xero)


@pytest.mark.parametrize("path", SETTINGS)
def test_the_settings_fit_the_contract(still: Organisation, checker: Checker, path: str) -> None:
    checker.check("GET", path, still.get(path))


@pytest.mark.parametrize("endpoint", LISTS)
@pytest.mark.parametrize("paged", [True, False])
def test_every_list_fits_the_contract(still: Organisation, checker: Checker, endpoint: str, paged: bool) -> None:
    """The newest hundred, in every shape that they come in."""
    where = {"where": "UpdatedDateUTC>DateTime(2026,2,4)"} if endpoint in ("Invoices", "Payments") else {}
    checker.check("GET", endpoint, still.get(endpoint, **({"page": 1} if paged else where), includeArchived=True))


@pytest.mark.parametrize(
    "where", ['Status=="DRAFT"', 'Status=="VOIDED"', 'Status=="DELETED"', 'Type=="ACCPAY"', "AmountCredited>0"]
)
def test_invoices_of_every_kind_fit_the_contract(still: Organisation, checker: Checker, where: str) -> None:
    body = still.get("Invoices", where=where, page=1, pageSize=30)
    assert body["Invoices"]
    checker.check("GET", "Invoices", body)


@pytest.mark.parametrize("kind", ["ACCPAYPAYMENT", "ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT"])
def test_payments_of_every_kind_fit_the_contract(still: Organisation, checker: Checker, kind: str) -> None:
    body = still.get("Payments", where=f'PaymentType=="{kind}"', page=1)
    assert body["Payments"]
    checker.check("GET", "Payments", body)


@pytest.mark.parametrize("endpoint", LISTS)
def test_every_object_read_alone_fits_the_contract(still: Organisation, checker: Checker, endpoint: str) -> None:
    rows = still.page(endpoint, pageSize=200)
    for row in rows[:: max(1, len(rows) // 8)]:
        path = f"{endpoint}/{row[f'{SINGULAR[endpoint]}ID']}"
        checker.check("GET", path, still.get(path))


@pytest.mark.parametrize("endpoint", LISTS)
def test_every_history_fits_the_contract(still: Organisation, checker: Checker, endpoint: str) -> None:
    row = still.page(endpoint, pageSize=3)[-1]
    path = f"{endpoint}/{row[f'{SINGULAR[endpoint]}ID']}/History"
    body = still.get(path)
    assert body["HistoryRecords"]
    checker.check("GET", path, body)


@pytest.mark.parametrize("endpoint", ["ContactGroups", "BrandingThemes"])
def test_single_settings_fit_the_contract(still: Organisation, checker: Checker, endpoint: str) -> None:
    id_name = f"{endpoint.removesuffix('s')}ID"
    for row in still.get(endpoint)[endpoint]:
        path = f"{endpoint}/{row[id_name]}"
        checker.check("GET", path, still.get(path))


@pytest.mark.parametrize("currencies", [1, 2])
def test_the_aged_report_fits_the_contract(still: Organisation, checker: Checker, currencies: int) -> None:
    owed = [row for row in still.control.truth()["customers"] if row["open"]]
    named = [row["id"] for row in owed if sum(other["id"] == row["id"] for other in owed) == currencies]
    params = {"contactId": named[0], "date": "2026-03-02", "fromDate": "2025-01-01", "toDate": "2026-03-02"}
    checker.check("GET", "Reports/AgedReceivablesByContact", still.get("Reports/AgedReceivablesByContact", **params))


def test_what_was_written_fits_the_contract(xero: Organisation, checker: Checker) -> None:
    contact = xero.a_contact()
    invoice = xero.an_invoice(Contact={"ContactID": contact["ContactID"]}, SentToContact=True, Reference="PO 7")
    note = xero.a_credit_note(contact)
    by_id = f"Invoices/{invoice['InvoiceID']}"
    service = {"PaymentServiceName": "Pay", "PaymentServiceUrl": "https://pay.example/[INVOICENUMBER]"}
    allocation = {"Amount": 10, "Date": "2026-03-02", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    written = [
        ("PUT", "Contacts", {"Contacts": [{"Name": "Contract & Sons"}]}),
        ("POST", "Contacts", {"Contacts": [{"ContactID": contact["ContactID"], "FirstName": "Ada"}]}),
        ("PUT", "Invoices", {"Invoices": [invoice_body(Contact={"ContactID": contact["ContactID"]})]}),
        ("POST", by_id, {"InvoiceID": invoice["InvoiceID"], "ExpectedPaymentDate": "2026-03-20"}),
        ("PUT", f"{by_id}/History", {"HistoryRecords": [{"Details": "noted"}]}),
        ("PUT", f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [allocation]}),
        ("PUT", "Payments", {"Payments": [payment_body(5, Invoice=invoice)]}),
        ("PUT", "Payments", {"Payments": [payment_body(5, CreditNote=note)]}),
        ("PUT", "PaymentServices", {"PaymentServices": [service]}),
    ]
    for method, path, body in written:
        checker.check(method, path, xero.put(path, body) if method == "PUT" else xero.post(path, body))
    put = xero.session.put(f"{by_id}/Attachments/a.pdf", content=b"%PDF", params={"IncludeOnline": "true"})
    checker.check("PUT", f"{by_id}/Attachments/a.pdf", put.json())
    checker.check("GET", f"{by_id}/Attachments", xero.get(f"{by_id}/Attachments"))
    checker.check("GET", f"{by_id}/OnlineInvoice", xero.get(f"{by_id}/OnlineInvoice"))
    checker.check("GET", by_id, xero.get(by_id))


def test_a_refusal_fits_the_contract_and_has_the_keys_of_the_example(
    xero: Organisation, contract: Contract, examples: dict[str, Any]
) -> None:
    contact = xero.a_contact()
    answer = xero.session.put("Contacts", json={"Contacts": [{"Name": contact["Name"]}]})
    theirs = examples["createContacts.400"]
    assert answer.status_code == 400
    assert contract.mistakes("#/components/schemas/Error", answer.json()) == []
    assert answer.json().keys() == theirs.keys()
    ours, their = (body["Elements"][0]["ValidationErrors"][0]["Message"] for body in (answer.json(), theirs))
    assert ours.split(contact["Name"])[1] == their.split("Buzz Lightyear")[1]


def test_history_of_a_wrong_document_is_refused_as_in_the_example(xero: Organisation, examples: dict[str, Any]) -> None:
    invoice = xero.an_invoice()
    path = f"Overpayments/{invoice['InvoiceID']}/History"
    answer = xero.session.put(path, json={"HistoryRecords": [{"Details": "Hello World"}]})
    theirs = examples["createOverpaymentHistory.400"]
    ours = answer.json()
    assert (answer.status_code, ours["ErrorNumber"], ours["Type"]) == (400, theirs["ErrorNumber"], theirs["Type"])
    assert ours["Elements"][0]["ValidationErrors"] == theirs["Elements"][0]["ValidationErrors"]
    assert ours["Elements"][0]["Details"] == "Hello World"


def test_an_allocation_is_deleted_with_the_examples_bare_answer(xero: Organisation, examples: dict[str, Any]) -> None:
    contact = xero.a_contact()
    invoice = xero.an_invoice(Contact={"ContactID": contact["ContactID"]})
    note = f"CreditNotes/{xero.a_credit_note(contact)['CreditNoteID']}"
    body = {"Amount": 10, "Date": "2026-03-02", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    (made,) = xero.put(f"{note}/Allocations", {"Allocations": [body]})["Allocations"]
    gone = xero.session.delete(f"{note}/Allocations/{made['AllocationID']}").json()
    assert gone.keys() == examples["deleteCreditNoteAllocations.200"].keys()
    assert xero.one("Invoices", invoice["InvoiceID"])["AmountDue"] == 100


@pytest.mark.parametrize(
    ("file", "endpoint"),
    [
        ("invoice.multipleInvoices", "Invoices"),
        ("contact.getAll", "Contacts"),
    ],
)
def test_all_that_recorded_lists_have_is_there(still: Organisation, data: Path, file: str, endpoint: str) -> None:
    theirs = json.loads((data / f"xero/recorded-2018-demo-au/{file}.json").read_text())
    assert set(keys(theirs)) - set(keys(still.get(endpoint, page=1, pageSize=200))) == set()


def test_all_that_a_recorded_single_invoice_has_is_there(still: Organisation, data: Path) -> None:
    theirs = json.loads((data / "xero/recorded-2018-demo-au/invoice.singleInvoice.json").read_text())
    paid = still.page("Invoices", where='Type=="ACCREC" AND Status=="PAID" AND AmountPaid>0', pageSize=1)[0]
    ours = still.get(f"Invoices/{paid['InvoiceID']}")
    missing = set(keys(theirs)) - set(keys(ours))
    lines = {f"Invoices.Contact.Addresses.AddressLine{number}" for number in (2, 3, 4)}
    assert missing == {"Invoices.CISDeduction"} | lines  # construction firms' deductions; addresses of one line


def test_a_recorded_validation_error_of_one_element_has_our_keys(xero: Organisation, data: Path) -> None:
    theirs = json.loads((data / "xero/recorded-2018-demo-au/invoice.createInvoiceWithValidationError.json").read_text())
    body = {"Invoices": [invoice_body(Type="IMNOTAREALTYPE", Contact={"Name": "Martin Hudson"}, Status="NOPE")]}
    ours = xero.put("Invoices", body, summarizeErrors="false")
    their, our = theirs["Invoices"][0], ours["Invoices"][0]
    assert our.keys() >= {"InvoiceID", "HasErrors", "StatusAttributeString", "ValidationErrors", "Contact", "LineItems"}
    for key in ("InvoiceID", "HasErrors", "StatusAttributeString"):
        assert our[key] == their[key]


def test_what_can_be_filtered_by_is_in_the_contract(contract: Contract) -> None:
    def missing() -> Iterator[str]:
        for endpoint, fields in FIELDS.items():
            for path in fields:
                schema = SINGULAR[endpoint]
                for part in path.split("."):
                    properties = contract.schema(schema)["properties"]
                    if part not in properties:
                        yield f"{endpoint}.{path}"
                        break
                    schema = str(properties[part].get("$ref", "")).rsplit("/", 1)[-1] or schema

    assert list(missing()) == []


def test_the_official_examples_that_the_contract_does_not_allow_are_known(
    contract: Contract, examples: dict[str, Any]
) -> None:
    amiss = set()
    operations = {
        operation["operationId"]: operation
        for item in contract.document["paths"].values()
        for method, operation in item.items()
        if method in ("get", "put", "post", "delete")
    }
    for stem, body in examples.items():
        name, status = stem.split(".")
        place = operations[name]["requestBody"] if status == "request" else operations[name]["responses"][status]
        content = place.get("content", {}).get("application/json")
        if content and contract.mistakes(content["schema"]["$ref"], body):
            amiss.add(stem)
    assert amiss == EXAMPLES_AMISS.keys()


def test_the_checker_finds_what_is_wrong(contract: Contract) -> None:
    wrong = {"Invoices": [{"Type": "NOPE", "InvoiceID": "7", "Total": "1.00", "SentToContact": 1, "Payments": {}}]}
    assert len(contract.mistakes("#/components/schemas/Invoices", wrong)) == 5
    assert list(contract.strange("Invoices", {"Invoices": [{"Nonsense": 1}]})) == ["Invoices.Nonsense"]
