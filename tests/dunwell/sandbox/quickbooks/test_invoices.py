"""Writing invoices: checks, sparse and full updates, SyncToken, request ids, void, delete, send, link, PDF."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.dunwell.sandbox.api import Company, fault, invoice_body, payment_body, sales_line


def change(invoice: Any, **more: object) -> dict[str, object]:
    """A sparse update of an invoice."""
    return {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"], "sparse": True, **more}


def test_a_new_invoice_gets_number_term_and_balance(shared: Company) -> None:
    made = shared.an_invoice()
    assert (made["SyncToken"], made["TotalAmt"], made["Balance"]) == ("0", 100, 100)
    assert made["DocNumber"]
    assert made["TxnDate"] == "2026-03-02"
    assert (made["EmailStatus"], made["LinkedTxn"]) == ("NotSet", [])


def test_its_due_date_follows_from_the_term(shared: Company) -> None:
    net_60 = shared.an_invoice(SalesTermRef={"value": "4"}, TxnDate="2026-01-10")
    assert (net_60["DueDate"], net_60["SalesTermRef"]["value"]) == ("2026-03-11", "4")
    assert shared.an_invoice(DueDate="2026-05-05")["DueDate"] == "2026-05-05"


def test_a_deposit_reduces_the_balance_without_a_payment(shared: Company) -> None:
    made = shared.an_invoice(Deposit=30)
    assert (made["Deposit"], made["Balance"], made["LinkedTxn"]) == (30, 70, [])


def test_the_customers_balance_follows(shared: Company) -> None:
    before = shared.get("customer/1")["Customer"]["Balance"]
    shared.an_invoice()
    assert shared.get("customer/1")["Customer"]["Balance"] == before + 100


@pytest.mark.parametrize("body", [{"BadJson": True}, invoice_body(Line=[{**sales_line(), "Amont": 1}])])
def test_an_unknown_property_is_refused_wherever_it_stands(shared: Company, body: dict[str, object]) -> None:
    code, detail = shared.refused("invoice", body)
    assert code == "2010"
    assert "not marked as ignorable" in detail


@pytest.mark.parametrize(
    "more",
    [
        {"DocNumber": "1" * 22},
        {"PrivateNote": "x" * 4001},
        {"CustomerMemo": {"value": "x" * 1001}},
        {"BillEmail": {"Address": "x" * 90 + "@example.com"}},
    ],
)
def test_too_long_a_text_is_refused(shared: Company, more: dict[str, object]) -> None:
    code, detail = shared.refused("invoice", invoice_body(**more))
    assert code == "2050"
    assert "does not match the supported length" in detail


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"CustomerRef": None}, "2020"),
        ({"CustomerRef": {"value": "4711"}}, "2500"),
        ({"Line": []}, "2020"),
        ({"Line": [{"Amount": 5}]}, "2020"),
        ({"Line": [{"DetailType": "DiscountLineDetail", "Amount": 5}]}, "500"),
        ({"Line": [{**sales_line(), "Amount": "much"}]}, "2080"),
        ({"Line": [{**sales_line(), "SalesItemLineDetail": {"UnitPrice": 3, "Qty": 3}}]}, "6070"),
        ({"TxnDate": "tomorrow"}, "2080"),
        ({"BillEmail": {"Address": "nobody"}}, "6000"),
        ({"SalesTermRef": {"value": "99"}}, "2500"),
    ],
)
def test_what_cannot_be_booked_is_refused(shared: Company, more: dict[str, object], code: str) -> None:
    assert shared.refused("invoice", invoice_body(**more))[0] == code


def test_what_is_not_json_is_refused(shared: Company) -> None:
    assert fault(shared.session.post("invoice", content=b"{"))[0] == "2010"


def test_an_inactive_customer_cannot_be_billed(shared: Company) -> None:
    (archived,) = shared.rows("select * from Customer where Active = false and DisplayName like 'Blue%'")
    code, detail = shared.refused("invoice", invoice_body(CustomerRef={"value": archived["Id"]}))
    assert code == "610"
    assert "made inactive" in detail


def test_a_number_is_given_out_once_unless_that_is_allowed(shared: Company) -> None:
    taken = shared.an_invoice()["DocNumber"]
    code, detail = shared.refused("invoice", invoice_body(DocNumber=taken))
    assert code == "6140"
    assert f"DocNumber={taken} is assigned to TxnType=Invoice" in detail
    assert shared.post("invoice", invoice_body(DocNumber=taken), include="allowduplicatedocnum")["Invoice"]


def test_a_sparse_update_changes_what_it_names_alone(shared: Company) -> None:
    made = shared.an_invoice(PrivateNote="keep", CustomerMemo={"value": "old"})
    after = shared.post("invoice", change(made, CustomerMemo={"value": "new"}))["Invoice"]
    assert (after["PrivateNote"], after["CustomerMemo"]["value"], after["SyncToken"]) == ("keep", "new", "1")
    assert (after["Line"], after["DueDate"]) == (made["Line"], made["DueDate"])


def test_a_full_update_clears_what_it_leaves_out(shared: Company) -> None:
    made = shared.an_invoice(PrivateNote="gone", BillEmail={"Address": "a@example.com"})
    full = {"Id": made["Id"], "SyncToken": "0", **invoice_body()}
    after = shared.post("invoice", full)["Invoice"]
    assert "PrivateNote" not in after
    assert "BillEmail" not in after
    assert after["DocNumber"] == made["DocNumber"]


def test_read_only_properties_are_ignored(shared: Company) -> None:
    made = shared.an_invoice(Balance=1, TotalAmt=1, Id=None)
    assert made["Balance"] == 100


def test_a_stale_sync_token_is_refused(shared: Company) -> None:
    made = shared.an_invoice()
    shared.post("invoice", change(made, PrivateNote="first"))
    code, detail = shared.refused("invoice", change(made, PrivateNote="second"))
    assert code == "5010"
    assert detail.startswith("Stale Object Error : You and ")


def test_a_sync_token_is_needed(shared: Company) -> None:
    made = shared.an_invoice()
    assert shared.refused("invoice", {"Id": made["Id"], "sparse": True, "PrivateNote": "x"})[0] == "2020"


def test_a_payment_makes_the_token_stale(shared: Company) -> None:
    made = shared.an_invoice()
    shared.post("payment", payment_body(10, ("Invoice", made["Id"], 10)))
    assert shared.refused("invoice", change(made, PrivateNote="x"))[0] == "5010"


def test_less_than_was_paid_cannot_be_invoiced(shared: Company) -> None:
    made = shared.an_invoice()
    shared.post("payment", payment_body(80, ("Invoice", made["Id"], 80)))
    now = shared.get(f"invoice/{made['Id']}")["Invoice"]
    assert shared.refused("invoice", change(now, Line=[sales_line("50.00")]))[0] == "6000"


def test_the_same_request_id_replays_the_first_answer_to_the_letter(shared: Company) -> None:
    first = shared.session.post("invoice", json=invoice_body(), params={"requestid": "abc"})
    count = len(shared.control.live()["invoice"])
    shared.clock.move(seconds=30)
    again = shared.session.post("invoice", json=invoice_body(PrivateNote="other"), params={"requestid": "abc"})
    assert again.content == first.content
    assert len(shared.control.live()["invoice"]) == count


def test_the_replay_comes_even_after_the_object_is_gone(shared: Company) -> None:
    made = shared.post("invoice", invoice_body(), requestid="gone")["Invoice"]
    shared.control.delete("invoice", made["DocNumber"])
    assert shared.post("invoice", invoice_body(), requestid="gone")["Invoice"] == made


def test_a_refused_request_is_not_remembered(shared: Company) -> None:
    assert shared.refused("invoice", {}, requestid="again")[0] == "2020"
    assert shared.post("invoice", invoice_body(), requestid="again")["Invoice"]


def test_a_request_id_has_fifty_characters_at_most(shared: Company) -> None:
    assert shared.post("invoice", invoice_body(), requestid="x" * 50)
    assert shared.refused("invoice", invoice_body(), requestid="x" * 51)[0] == "2050"


def test_a_voided_invoice_keeps_its_lines_at_nothing(shared: Company) -> None:
    made = shared.an_invoice(PrivateNote="was here")
    void = shared.post("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")["Invoice"]
    assert (void["TotalAmt"], void["Balance"], void["SyncToken"]) == (0, 0, "1")
    assert void["PrivateNote"] == "Voided - was here"
    assert [line["Amount"] for line in void["Line"]] == [0, 0]
    assert void["DueDate"] == made["DueDate"]


def test_voiding_leaves_the_payment_unapplied(shared: Company) -> None:
    made = shared.an_invoice()
    paid = shared.post("payment", payment_body(100, ("Invoice", made["Id"], 100)))["Payment"]
    shared.post("invoice", {"Id": made["Id"], "SyncToken": "1"}, operation="void")
    after = shared.get(f"payment/{paid['Id']}")["Payment"]
    assert (after["UnappliedAmt"], after["Line"], after["SyncToken"]) == (100, [], "1")


def test_a_deleted_invoice_is_a_stub_and_then_gone(shared: Company) -> None:
    made = shared.an_invoice()
    answer = shared.post("invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert answer["Invoice"] == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert shared.refused("invoice", change(made, PrivateNote="x"))[0] == "610"


def test_sending_says_so_and_overwrites_the_address(shared: Company) -> None:
    made = shared.an_invoice(BillEmail={"Address": "old@example.com"})
    response = shared.session.post(f"invoice/{made['Id']}/send", params={"sendTo": "new@example.com"})
    sent = response.json()["Invoice"]
    assert (sent["EmailStatus"], sent["BillEmail"]["Address"]) == ("EmailSent", "new@example.com")
    assert sent["DeliveryInfo"]["DeliveryType"] == "Email"


def test_without_an_address_nothing_can_be_sent(shared: Company) -> None:
    made = shared.an_invoice()
    assert fault(shared.session.post(f"invoice/{made['Id']}/send"))[0] == "2020"


def test_the_pay_link_is_for_reading_by_id_and_creating_with_an_address_and_online_payment(shared: Company) -> None:
    body = invoice_body(BillEmail={"Address": "a@example.com"})
    made = shared.post("invoice", body, include="invoiceLink")["Invoice"]
    assert made["InvoiceLink"].startswith("https://developer.intuit.com/comingSoonview/scs-v1-")
    path = f"invoice/{made['Id']}"
    assert shared.get(path, include="invoiceLink")["Invoice"]["InvoiceLink"] == made["InvoiceLink"]
    assert "InvoiceLink" not in shared.get(path)["Invoice"]
    assert "InvoiceLink" not in shared.rows(f"select * from Invoice where Id = '{made['Id']}'")[0]
    offline = shared.post("invoice", {**body, "AllowOnlineACHPayment": False}, include="invoiceLink")["Invoice"]
    assert "InvoiceLink" not in offline
    nobody = shared.post("invoice", invoice_body(), include="invoiceLink")["Invoice"]
    assert "InvoiceLink" not in nobody


def test_without_quickbooks_payments_there_is_no_link(company: Company) -> None:
    company.control.switch("online_payments", False)
    body = invoice_body(BillEmail={"Address": "a@example.com"})
    assert "InvoiceLink" not in company.post("invoice", body, include="invoiceLink")["Invoice"]


def test_the_pdf_is_one_and_shows_number_name_and_balance(reading: Company) -> None:
    (customer,) = reading.rows("select * from Customer where DisplayName like 'Müllerström%'")
    invoice = reading.rows(f"select * from Invoice where CustomerRef = '{customer['Id']}' maxresults 1")[0]
    response = reading.session.get(f"invoice/{invoice['Id']}/pdf", headers={"Accept": "application/pdf"})
    assert response.headers["content-type"] == "application/pdf"
    text = PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert invoice["DocNumber"] in text
    assert "Müllerström & Söhne" in text
    assert f"{invoice['Balance']:,.2f}" in text
