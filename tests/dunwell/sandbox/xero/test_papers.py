"""History, files, the printed invoice, links and mails: what is written back, and where it can be read."""

import io
from typing import Any

import httpx
import msgspec
import pytest
from pypdf import PdfReader

from tests.dunwell.sandbox.xero.api import Organisation, refusal


def note(xero: Organisation, path: str, details: str = "Dunwell 1a2b3c4d") -> Any:
    return xero.put(f"{path}/History", {"HistoryRecords": [{"Details": details}]})


def attach(xero: Organisation, path: str, name: str, content: bytes = b"%PDF", **params: str) -> httpx.Response:
    headers = {"Content-Type": "application/octet-stream"}
    return xero.session.put(f"{path}/Attachments/{name}", content=content, params=params, headers=headers)


def owner(xero: Organisation, endpoint: str) -> str:
    rows = {"Contacts": xero.a_contact, "Invoices": xero.an_invoice}
    if endpoint in rows:
        made = rows[endpoint]()
    elif endpoint == "CreditNotes":
        made = xero.a_credit_note(xero.a_contact())
    else:
        made = xero.pay(xero.an_invoice(), 10)
    name = f"{endpoint.removesuffix('s')}ID"
    return f"{endpoint}/{made[name]}"


@pytest.mark.parametrize("endpoint", ["Contacts", "Invoices", "CreditNotes", "Payments"])
def test_a_note_can_be_read_back_among_what_else_happened(xero: Organisation, endpoint: str) -> None:
    path = owner(xero, endpoint)
    xero.clock.move(seconds=5)
    (made,) = note(xero, path)["HistoryRecords"]
    assert made["Details"] == "Dunwell 1a2b3c4d"
    told = xero.get(f"{path}/History")["HistoryRecords"]
    assert [(each["Changes"], each["User"]) for each in told[:1]] == [("Note", "System Generated")]
    assert told[0]["Details"] == "Dunwell 1a2b3c4d"
    assert told[-1]["Changes"] == "Created"


def test_the_history_tells_of_sending_paying_and_voiding(still: Organisation) -> None:
    paid = still.page("Invoices", where='Status=="PAID" AND SentToContact==true AND Type=="ACCREC"', pageSize=1)[0]
    told = still.get(f"Invoices/{paid['InvoiceID']}/History")["HistoryRecords"]
    assert [each["Changes"] for each in told] == ["Paid", "Invoice sent", "Created"]
    assert {each["User"] for each in told} == {"Robin Keeper"}
    voided = still.page("Invoices", where='Status=="VOIDED"', pageSize=1)[0]
    assert still.get(f"Invoices/{voided['InvoiceID']}/History")["HistoryRecords"][0]["Changes"] == "Voided"


def test_what_an_api_created_says_so(xero: Organisation) -> None:
    (created,) = xero.get(f"{owner(xero, 'Invoices')}/History")["HistoryRecords"]
    assert created["User"] == "System Generated"
    assert "through the Xero API" in created["Details"]


@pytest.mark.parametrize(("length", "fits"), [(2500, True), (2501, False), (0, False)])
def test_a_note_has_two_thousand_five_hundred_characters_at_most(xero: Organisation, length: int, fits: bool) -> None:
    path, body = owner(xero, "Invoices"), {"HistoryRecords": [{"Details": "x" * length}]}
    answer = xero.session.put(f"{path}/History", content=msgspec.json.encode(body))
    assert answer.status_code == (200 if fits else 400)


def test_a_note_does_not_move_its_document(xero: Organisation) -> None:
    path = owner(xero, "Invoices")
    before = xero.get(path)["Invoices"][0]["UpdatedDateUTC"]
    xero.clock.move(minutes=5)
    note(xero, path)
    assert xero.get(path)["Invoices"][0]["UpdatedDateUTC"] == before


def test_notes_cannot_be_changed_or_deleted(xero: Organisation) -> None:
    path = owner(xero, "Invoices")
    for method in ("POST", "DELETE"):
        assert xero.session.request(method, f"{path}/History", json={"HistoryRecords": []}).status_code == 404


def test_bills_have_a_history_that_nobody_writes(xero: Organisation) -> None:
    bill = xero.page("Invoices", where='Type=="ACCPAY"', pageSize=1)[0]
    assert xero.get(f"Invoices/{bill['InvoiceID']}/History")["HistoryRecords"] == []
    assert xero.refused("PUT", f"Invoices/{bill['InvoiceID']}/History", {"HistoryRecords": [{"Details": "x"}]})


@pytest.mark.parametrize("endpoint", ["Contacts", "Invoices", "CreditNotes"])
def test_a_file_is_attached_listed_and_read_back(xero: Organisation, endpoint: str) -> None:
    path, content = owner(xero, endpoint), b"%PDF-1.4 " + bytes(range(256))
    (made,) = attach(xero, path, "Statement GBP.pdf", content).json()["Attachments"]
    assert (made["FileName"], made["MimeType"], made["ContentLength"]) == (
        "Statement GBP.pdf",
        "application/pdf",
        len(content),
    )
    assert xero.get(f"{path}/Attachments")["Attachments"] == [msgspec.json.decode(msgspec.json.encode(made))]
    for named in (made["AttachmentID"], "Statement GBP.pdf"):
        read = xero.session.get(f"{path}/Attachments/{named}", headers={"Accept": "application/octet-stream"})
        assert (read.content, read.headers["content-type"]) == (content, "application/pdf")
    assert xero.get(path)[endpoint][0]["HasAttachments"] is True
    assert xero.get(path)[endpoint][0]["Attachments"] == [made]
    assert xero.get(f"{path}/History")["HistoryRecords"][0]["Changes"] == "Attached a file"


def test_a_file_of_the_same_name_takes_the_place_of_the_one_before(xero: Organisation) -> None:
    path = owner(xero, "Contacts")
    first = attach(xero, path, "Statement.pdf", b"one").json()["Attachments"][0]
    second = xero.session.post(f"{path}/Attachments/statement.pdf", content=b"second").json()["Attachments"][0]
    assert (second["AttachmentID"], second["ContentLength"]) == (first["AttachmentID"], 6)
    assert len(xero.get(f"{path}/Attachments")["Attachments"]) == 1


def test_there_is_room_for_ten_files(xero: Organisation) -> None:
    path = owner(xero, "Contacts")
    statuses = [attach(xero, path, f"{number}.pdf").status_code for number in range(11)]
    assert statuses == [200] * 10 + [400]
    assert attach(xero, path, "3.pdf", b"again").status_code == 200


@pytest.mark.parametrize("name", ["a%3Cb.pdf", "a%3Fb.pdf", "a%2Bb.pdf", "a%7Cb.pdf", "a%2Ab.pdf", "a%22b.pdf"])
def test_some_characters_cannot_be_in_a_name(xero: Organisation, name: str) -> None:
    assert "not allowed" in refusal(attach(xero, owner(xero, "Invoices"), name))


def test_an_empty_file_is_refused_and_too_large_a_one_as_recorded(xero: Organisation) -> None:
    path = owner(xero, "Invoices")
    refusal(attach(xero, path, "empty.pdf", b""))
    answer = attach(xero, path, "large.pdf", b"x" * 10_000_001)
    assert answer.status_code == 413
    assert answer.json()["Title"] == "RequestEntityTooLarge"


@pytest.mark.parametrize(("endpoint", "shown"), [("Invoices", True), ("CreditNotes", True), ("Contacts", False)])
def test_only_documents_can_show_a_file_to_the_customer(xero: Organisation, endpoint: str, shown: bool) -> None:
    (made,) = attach(xero, owner(xero, endpoint), "a.pdf", IncludeOnline="True").json()["Attachments"]
    assert made.get("IncludeOnline", False) is shown


def test_payments_have_no_files(xero: Organisation) -> None:
    assert xero.session.get(f"{owner(xero, 'Payments')}/Attachments").status_code == 404


@pytest.mark.parametrize("how", ["accept", "path"])
def test_an_invoice_can_be_had_as_pdf(still: Organisation, how: str) -> None:
    row = still.page("Invoices", where='Type=="ACCREC" AND AmountDue>0', pageSize=1)[0]
    path = f"Invoices/{row['InvoiceID']}" + ("/pdf" if how == "path" else "")
    headers = {"Accept": "application/pdf"} if how == "accept" else {}
    answer = still.session.get(path, headers=headers)
    assert answer.headers["content-type"] == "application/pdf"
    assert row["InvoiceNumber"] in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_an_approved_invoice_has_a_link_that_stays_and_a_draft_has_none(still: Organisation) -> None:
    row = still.page("Invoices", where='Status=="AUTHORISED" AND Type=="ACCREC"', pageSize=1)[0]
    first, second = (still.get(f"Invoices/{row['InvoiceID']}/OnlineInvoice")["OnlineInvoices"] for _ in range(2))
    assert first == second
    assert first[0]["OnlineInvoiceUrl"].startswith("https://in.xero.com/")
    draft = still.page("Invoices", Statuses="DRAFT")[0]
    assert still.session.get(f"Invoices/{draft['InvoiceID']}/OnlineInvoice").status_code == 404


def test_an_invoice_is_mailed_once_approved_and_then_marked_as_sent(xero: Organisation) -> None:
    invoice, draft = xero.an_invoice(), xero.an_invoice(Status="DRAFT")
    answer = xero.session.post(f"Invoices/{invoice['InvoiceID']}/Email", json={})
    assert (answer.status_code, answer.content) == (204, b"")
    assert xero.one("Invoices", invoice["InvoiceID"])["SentToContact"] is True
    assert "emailing" in xero.refused("POST", f"Invoices/{draft['InvoiceID']}/Email", {})


def test_nobody_is_mailed_without_an_address(xero: Organisation) -> None:
    contact = xero.a_contact(EmailAddress="")
    invoice = xero.an_invoice(Contact={"ContactID": contact["ContactID"]})
    assert "Email address" in xero.refused("POST", f"Invoices/{invoice['InvoiceID']}/Email", {})


def test_a_payment_service_is_made_once_and_shown_on_a_theme(own: Organisation) -> None:
    body = {"PaymentServiceName": "Dunwell", "PaymentServiceUrl": "https://pay.example/[INVOICENUMBER]"}
    (made,) = own.put("PaymentServices", {"PaymentServices": [body]})["PaymentServices"]
    assert made["PaymentServiceType"] == "Custom"
    assert own.refused("PUT", "PaymentServices", {"PaymentServices": [body]})
    theme = own.get("BrandingThemes")["BrandingThemes"][0]["BrandingThemeID"]
    path, named = f"BrandingThemes/{theme}/PaymentServices", {"PaymentServiceID": made["PaymentServiceID"]}
    own.post(path, {"PaymentServices": [named]})
    own.post(path, {"PaymentServices": [named]})
    assert own.get(path)["PaymentServices"] == own.get("PaymentServices")["PaymentServices"] == [made]
    unknown = {"PaymentServices": [{"PaymentServiceID": "00000000-0000-0000-0000-000000000000"}]}
    assert own.refused("POST", path, unknown) == "Payment service could not be found"


def test_groups_have_their_members_only_by_themselves(still: Organisation) -> None:
    groups = still.get("ContactGroups")["ContactGroups"]
    assert [each["Contacts"] for each in groups] == [[], [], []]
    members = still.one("ContactGroups", groups[0]["ContactGroupID"])["Contacts"]
    named = [row["Name"] for row in still.page("Contacts") if groups[0]["Name"] in str(row["ContactGroups"])]
    assert sorted(each["Name"] for each in members) == sorted(named)


def test_the_reminders_are_off_until_they_are_switched_on(own: Organisation) -> None:
    assert own.get("InvoiceReminders/Settings")["InvoiceReminders"] == [{"Enabled": False}]
    own.control.switch("reminders", True)
    assert own.get("InvoiceReminders/Settings")["InvoiceReminders"] == [{"Enabled": True}]
