"""What the owner can do to the Xero organisation: the same verbs as for QuickBooks, seen from Xero's side."""

import time
from datetime import date
from typing import Any

import pytest

from dunwell.sandbox.control import NotThere
from dunwell.sandbox.server import Sandbox
from tests.dunwell.sandbox.api import Clock, bare
from tests.dunwell.sandbox.xero.api import Organisation


def an_open_invoice(xero: Organisation) -> Any:
    where = 'Type=="ACCREC" AND AmountDue>500 AND AmountPaid==0 AND Status=="AUTHORISED"'
    return xero.page("Invoices", where=where, pageSize=1)[0]


def test_an_invoice_is_paid_by_its_number_or_its_id(xero: Organisation) -> None:
    invoice = an_open_invoice(xero)
    part = xero.control.pay(f"id:{invoice['InvoiceID']}", amount=12_345)
    assert xero.one("Payments", part["payment"])["Amount"] * 100 == 12_345
    assert xero.control.pay(invoice["InvoiceNumber"])["open"] == 0
    assert xero.one("Invoices", invoice["InvoiceID"])["Status"] == "PAID"


def test_an_invoice_is_voided_and_what_was_issued_is_never_deleted(xero: Organisation) -> None:
    first, draft = xero.an_invoice(), xero.an_invoice(Status="DRAFT")
    xero.control.delete("invoice", first["InvoiceNumber"])
    xero.control.delete("invoice", draft["InvoiceNumber"])
    assert xero.one("Invoices", first["InvoiceID"])["Status"] == "VOIDED"
    assert xero.one("Invoices", draft["InvoiceID"])["Status"] == "DELETED"


def test_a_payment_and_a_refund_are_deleted_by_their_ids(xero: Organisation) -> None:
    payment = xero.pay(xero.an_invoice(), 50)
    (refund,) = xero.page("Payments", where='PaymentType=="ARPREPAYMENTPAYMENT" AND Status=="AUTHORISED"')
    for row in (payment, refund):
        xero.control.delete("payment", row["PaymentID"])
        assert xero.one("Payments", row["PaymentID"])["Status"] == "DELETED"


def test_edits_move_what_changed_and_nothing_else(xero: Organisation) -> None:
    invoice = an_open_invoice(xero)
    xero.clock.move(minutes=1)
    assert xero.control.edit("invoice", record=invoice["InvoiceID"]) == {"edited": [invoice["InvoiceID"]]}
    after = xero.one("Invoices", invoice["InvoiceID"])
    assert after["UpdatedDateUTC"] != invoice["UpdatedDateUTC"]
    assert after["AmountDue"] == invoice["AmountDue"]
    assert len(xero.control.edit("payment", count=3)["edited"]) == 3


def test_customers_invoices_and_credits_are_added(xero: Organisation) -> None:
    contact = xero.control.add_customer("New & Sons", "new@example.com", term_days=15, currency="EUR")["customer"]
    made = xero.control.add_invoice("New & Sons", 123_400)
    credit = xero.control.add_credit("New & Sons", 4_000)
    invoice = xero.one("Invoices", made["invoice"])
    assert (invoice["Contact"]["ContactID"], invoice["Total"], invoice["CurrencyCode"]) == (contact, 1234, "EUR")
    assert (invoice["InvoiceNumber"], invoice["SentToContact"]) == (made["number"], True)
    assert xero.one("CreditNotes", credit["credit"])["RemainingCredit"] == 40


def test_the_living_are_those_that_the_lists_count(still: Organisation) -> None:
    live = still.control.live()
    assert live["customer"].keys() == {row["ContactID"] for row in still.page("Contacts", includeArchived="true")}
    invoices = still.everything("Invoices", where='Type=="ACCREC" AND Status!="DELETED"')
    assert live["invoice"].keys() == {row["InvoiceID"] for row in invoices}
    payments = still.everything("Payments", where='Status=="AUTHORISED" AND PaymentType!="ACCPAYPAYMENT"')
    assert live["payment"].keys() == {row["PaymentID"] for row in payments}
    notes = still.page("CreditNotes", where='Type=="ACCRECCREDIT"')
    assert live["credit"].keys() == {row["CreditNoteID"] for row in notes}


def test_the_version_is_the_millisecond_of_the_last_change(still: Organisation) -> None:
    row = still.page("Invoices", where='Type=="ACCREC"', pageSize=1)[0]
    assert row["UpdatedDateUTC"] == f"/Date({still.control.live()['invoice'][row['InvoiceID']]}+0000)/"


def test_what_an_api_wrote_is_listed(own: Organisation) -> None:
    invoice = an_open_invoice(own)
    own.put(f"Invoices/{invoice['InvoiceID']}/History", {"HistoryRecords": [{"Details": "Dunwell 1a2b"}]})
    own.session.put(f"Contacts/{invoice['Contact']['ContactID']}/Attachments/a.pdf", content=b"%PDF")
    noted, filed = own.control.papers()
    assert (noted["note"], noted["targets"]) == ("Dunwell 1a2b", [["invoice", invoice["InvoiceID"]]])
    assert (filed["name"], filed["size"], filed["targets"][0][0]) == ("a.pdf", 4, "customer")


def test_an_aged_day_can_be_read_and_tokens_with_other_scopes(still: Organisation) -> None:
    assert still.control.aged(date(2025, 12, 31))["currencies"].keys() == {"GBP", "EUR", "USD"}
    assert "refresh_token" not in still.control.tokens("accounting.invoices")


def test_who_takes_consent_back_is_a_401_from_then_on(own: Organisation) -> None:
    own.control.disconnect()
    assert own.session.get("Organisation").status_code == 401


def test_what_is_not_there_is_said_to_be_so(still: Organisation) -> None:
    with pytest.raises(NotThere, match="no invoice '4711'"):
        still.control.pay("4711")
    with pytest.raises(NotThere, match="base_balances, reminders, report_local_column"):
        still.control.switch("x", True)


def test_one_sandbox_serves_both_platforms_at_once_and_soon() -> None:
    started = time.process_time()
    with Sandbox(Clock(), seed=78) as sandbox:
        assert time.process_time() - started < 1
        about = bare("GET", f"{sandbox.url}/_sandbox/").json()["platforms"]
        assert about.keys() == {"quickbooks", "xero"}
        tokens = sandbox.xero.tokens()
        headers = {
            "Authorization": f"Bearer {tokens['access_token']}",
            "xero-tenant-id": str(tokens["tenant_id"]),
            "Accept": "application/json",
        }
        answer = bare("GET", f"{sandbox.url}/api.xro/2.0/Organisation", headers=headers)
        assert answer.json()["Organisations"][0]["Name"] == about["xero"]["company"]
        truth = bare("GET", f"{sandbox.url}/_sandbox/xero/truth").json()
        assert truth == sandbox.xero.truth()
        assert sandbox.quickbooks.truth() != truth


@pytest.mark.parametrize("endpoint", ["Contacts", "Invoices", "CreditNotes", "Payments", "Overpayments", "Prepayments"])
def test_two_sandboxes_of_one_seed_give_the_same_bodies(still: Organisation, endpoint: str) -> None:
    with Organisation() as other:
        params = {"page": 1, "pageSize": 1000}
        assert other.session.get(endpoint, params=params).content == still.session.get(endpoint, params=params).content
