"""Payments, refunds, credits and their allocations; and that all figures hang together."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dunwell.sandbox.api import MONDAY
from tests.dunwell.sandbox.xero.api import Organisation, payment_body

TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"


def after(xero: Organisation, endpoint: str, row: Any) -> Any:
    return xero.one(endpoint, row[f"{endpoint.removesuffix('s')}ID"])


def allocate(xero: Organisation, endpoint: str, row: Any, invoice: Any, amount: float) -> Any:
    body = {"Amount": amount, "Date": "2026-03-02", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    name = f"{endpoint.removesuffix('s')}ID"
    path = f"{endpoint}/{row[name]}/Allocations"
    (made,) = xero.put(path, {"Allocations": [body]})["Allocations"]
    return made


def test_a_payment_says_what_it_paid_and_the_invoice_who_paid(xero: Organisation) -> None:
    invoice = xero.an_invoice()
    payment = xero.pay(invoice, 60)
    assert (payment["PaymentType"], payment["Status"], payment["Amount"]) == ("ACCRECPAYMENT", "AUTHORISED", 60)
    assert payment["Invoice"]["InvoiceID"] == invoice["InvoiceID"]
    paid = after(xero, "Invoices", invoice)
    assert paid["Payments"][0]["PaymentID"] == payment["PaymentID"]
    assert (paid["AmountPaid"], paid["AmountDue"]) == (60, 40)


@pytest.mark.parametrize("amount", [100.01, 0, -5])
def test_more_than_is_due_or_nothing_cannot_be_paid(xero: Organisation, amount: float) -> None:
    invoice = xero.an_invoice()
    xero.refused("PUT", "Payments", {"Payments": [payment_body(amount, Invoice=invoice)]})
    assert after(xero, "Invoices", invoice)["AmountDue"] == 100


def test_a_draft_cannot_be_paid_nor_without_an_account(xero: Organisation) -> None:
    draft, invoice = xero.an_invoice(Status="DRAFT"), xero.an_invoice()
    message = xero.refused("PUT", "Payments", {"Payments": [payment_body(5, Invoice=draft)]})
    assert message == "Payments can only be made against Authorised documents"
    body = {**payment_body(5, Invoice=invoice), "Account": {}}
    assert "account" in xero.refused("PUT", "Payments", {"Payments": [body]})


def test_a_deleted_payment_stays_in_the_list_as_deleted(xero: Organisation) -> None:
    invoice = xero.an_invoice()
    payment = xero.pay(invoice, 100)
    xero.clock.move(minutes=1)
    (gone,) = xero.post(f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})["Payments"]
    assert gone["Status"] == "DELETED"
    assert gone["UpdatedDateUTC"] > payment["UpdatedDateUTC"]
    reopened = after(xero, "Invoices", invoice)
    assert (reopened["Status"], reopened["AmountDue"], reopened["Payments"]) == ("AUTHORISED", 100, [])
    message = xero.refused("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert message == "Payment has already been deleted"


def test_money_for_several_invoices_is_a_batch_of_payments(still: Organisation) -> None:
    batched = [row for row in still.everything("Payments") if "BatchPayment" in row]
    by_batch: dict[str, Decimal] = {}
    for row in batched:
        by_batch[row["BatchPaymentID"]] = by_batch.get(row["BatchPaymentID"], Decimal(0)) + row["Amount"]
    assert len(by_batch) > 5
    assert all(row["BatchPayment"]["TotalAmount"] == by_batch[row["BatchPaymentID"]] for row in batched)


def test_one_payment_of_a_batch_cannot_be_deleted(xero: Organisation) -> None:
    row = next(row for row in xero.everything("Payments") if "BatchPayment" in row)
    assert "batch" in xero.refused("POST", f"Payments/{row['PaymentID']}", {"Status": "DELETED"})


def test_what_is_paid_too_much_is_an_overpayment(xero: Organisation) -> None:
    invoice = xero.an_invoice()
    xero.control.pay(invoice["InvoiceNumber"], amount=12_500)
    contact = invoice["Contact"]["ContactID"]
    (over,) = [row for row in xero.page("Overpayments") if row["Contact"]["ContactID"] == contact]
    assert (over["Total"], over["RemainingCredit"], over["Status"]) == (25, 25, "AUTHORISED")
    assert over["Type"] in ("RECEIVE-OVERPAYMENT", "AROVERPAYMENT")
    assert xero.one("Contacts", contact)["Balances"]["AccountsReceivable"]["Outstanding"] == -25


def test_money_on_account_is_a_prepayment_and_not_in_the_balance(xero: Organisation) -> None:
    contact = xero.a_contact()
    xero.control.pay_on_account(contact["Name"], 5_000)
    (made,) = [row for row in xero.page("Prepayments") if row["Contact"]["ContactID"] == contact["ContactID"]]
    assert (made["Type"], made["RemainingCredit"]) == ("RECEIVE-PREPAYMENT", 50)
    assert "Balances" not in xero.one("Contacts", contact["ContactID"])


def test_a_credit_note_settles_an_invoice_and_is_no_payment(xero: Organisation) -> None:
    contact = xero.a_contact()
    invoice = xero.an_invoice(Contact={"ContactID": contact["ContactID"]})
    note = xero.a_credit_note(contact, 40)
    payments = xero.get("Payments", page=1)["pagination"]["itemCount"]
    allocate(xero, "CreditNotes", note, invoice, 30)
    settled, used = after(xero, "Invoices", invoice), after(xero, "CreditNotes", note)
    assert (settled["AmountCredited"], settled["AmountPaid"], settled["AmountDue"]) == (30, 0, 70)
    assert (settled["CreditNotes"][0]["AppliedAmount"], settled["Payments"]) == (30, [])
    assert (used["RemainingCredit"], used["Allocations"][0]["Amount"], used["Status"]) == (10, 30, "AUTHORISED")
    assert xero.get("Payments", page=1)["pagination"]["itemCount"] == payments
    allocate(xero, "CreditNotes", note, invoice, 10)
    assert after(xero, "CreditNotes", note)["Status"] == "PAID"
    assert after(xero, "Invoices", invoice)["CreditNotes"][0]["AppliedAmount"] == 40


@pytest.mark.parametrize("amount", [41, 0])
def test_more_than_is_left_cannot_be_allocated(xero: Organisation, amount: float) -> None:
    contact = xero.a_contact()
    invoice, note = xero.an_invoice(Contact={"ContactID": contact["ContactID"]}), xero.a_credit_note(contact)
    body = {"Amount": amount, "Date": "2026-03-02", "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    assert xero.refused("PUT", f"CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [body]})


@pytest.mark.parametrize("endpoint", ["Overpayments", "Prepayments"])
def test_over_and_prepayments_are_allocated_and_freed_again(xero: Organisation, endpoint: str) -> None:
    invoice = xero.an_invoice()
    contact = invoice["Contact"]
    if endpoint == "Prepayments":
        xero.control.pay_on_account(contact["Name"], 5_000)
    else:
        other = xero.an_invoice(Contact={"ContactID": contact["ContactID"]})
        xero.control.pay(other["InvoiceNumber"], amount=15_000)
    (credit,) = [row for row in xero.page(endpoint) if row["Contact"]["ContactID"] == contact["ContactID"]]
    made = allocate(xero, endpoint, credit, invoice, 50)
    settled = after(xero, "Invoices", invoice)
    assert (settled["AmountCredited"], settled["AmountPaid"], settled[endpoint][0]["AppliedAmount"]) == (50, 0, 50)
    assert after(xero, endpoint, credit)["Status"] == "PAID"
    name = f"{endpoint.removesuffix('s')}ID"
    freed = xero.session.delete(f"{endpoint}/{credit[name]}/Allocations/{made['AllocationID']}")
    assert freed.json()["IsDeleted"] is True
    assert after(xero, endpoint, credit)["RemainingCredit"] == 50
    assert after(xero, "Invoices", invoice)["AmountDue"] == 100


@pytest.mark.parametrize(
    ("endpoint", "kind", "nested"),
    [
        ("CreditNotes", "ARCREDITPAYMENT", "ACCRECCREDIT"),
        ("Overpayments", "AROVERPAYMENTPAYMENT", "AROVERPAYMENT"),
        ("Prepayments", "ARPREPAYMENTPAYMENT", "ARPREPAYMENT"),
    ],
)
def test_a_refund_names_what_it_is_out_of_as_its_invoice(
    xero: Organisation, endpoint: str, kind: str, nested: str
) -> None:
    name = endpoint.removesuffix("s")
    where = 'Status=="AUTHORISED" AND Type!="ACCPAYCREDIT"'
    credit = next(row for row in xero.page(endpoint, where=where) if not row["Type"].startswith("SPEND"))
    (made,) = xero.put("Payments", {"Payments": [payment_body(5, **{name: credit})]})["Payments"]
    assert (made["PaymentType"], made["Amount"]) == (kind, 5)
    assert (made["Invoice"]["Type"], made["Invoice"]["InvoiceID"]) == (nested, credit[f"{name}ID"])
    assert "CreditNote" not in made
    left = after(xero, endpoint, credit)
    assert left["RemainingCredit"] == credit["RemainingCredit"] - 5
    assert left["Payments"][-1]["PaymentID"] == made["PaymentID"]
    xero.post(f"Payments/{made['PaymentID']}", {"Status": "DELETED"})
    assert after(xero, endpoint, credit)["RemainingCredit"] == credit["RemainingCredit"]


def test_the_story_has_a_refund_of_every_kind(still: Organisation) -> None:
    kinds = {row["PaymentType"] for row in still.everything("Payments")}
    assert kinds >= {"ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT", "ACCPAYPAYMENT"}


def test_an_invoice_voided_by_hand_leaves_its_payment_deleted_and_overpaid(xero: Organisation) -> None:
    invoice = xero.an_invoice()
    payment = xero.pay(invoice, 60)
    xero.control.void(invoice["InvoiceNumber"])
    assert after(xero, "Payments", payment)["Status"] == "DELETED"
    contact = invoice["Contact"]["ContactID"]
    (over,) = [row for row in xero.page("Overpayments") if row["Contact"]["ContactID"] == contact]
    assert over["RemainingCredit"] == 60


def test_a_balance_does_not_move_its_contact(xero: Organisation) -> None:
    contact = xero.a_contact()
    xero.clock.move(minutes=1)
    xero.an_invoice(Contact={"ContactID": contact["ContactID"]})
    now = xero.one("Contacts", contact["ContactID"])
    assert now["Balances"]["AccountsReceivable"] == {"Outstanding": 100, "Overdue": 0}
    assert now["UpdatedDateUTC"] == contact["UpdatedDateUTC"]
    assert now["IsCustomer"] is True


def test_what_is_overdue_is_not_lessened_by_credits(xero: Organisation) -> None:
    contact = xero.a_contact()
    xero.an_invoice(Contact={"ContactID": contact["ContactID"]}, Date="2026-01-02", DueDate="2026-03-01")
    xero.a_credit_note(contact, 40)
    balances = xero.one("Contacts", contact["ContactID"])["Balances"]["AccountsReceivable"]
    assert balances == {"Outstanding": 60, "Overdue": 100}


def test_balances_are_raw_as_the_contract_says_or_in_base_currency_by_a_switch(own: Organisation) -> None:
    contact = own.a_contact(DefaultCurrency="EUR")
    invoice = own.an_invoice(Contact={"ContactID": contact["ContactID"]})
    assert invoice["CurrencyCode"] == "EUR"
    assert own.one("Contacts", contact["ContactID"])["Balances"]["AccountsReceivable"]["Outstanding"] == 100
    own.control.switch("base_balances", True)
    converted = own.one("Contacts", contact["ContactID"])["Balances"]["AccountsReceivable"]["Outstanding"]
    assert converted == (100 / invoice["CurrencyRate"]).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rows(xero: Organisation, endpoint: str) -> list[Any]:
    """All of a list that are the customers' own."""
    ours = ("ACCREC", "ACCRECCREDIT", "RECEIVE-OVERPAYMENT", "AROVERPAYMENT", "RECEIVE-PREPAYMENT")
    return [row for row in xero.everything(endpoint) if row["Type"] in ours]


def owed(xero: Organisation, *, base: bool) -> dict[str, Decimal]:
    """What each contact owes by its documents: prepayments do not count."""
    cent = Decimal("0.01")
    told: dict[str, Decimal] = {}
    for endpoint, figure, sign in (
        ("Invoices", "AmountDue", 1),
        ("CreditNotes", "RemainingCredit", -1),
        ("Overpayments", "RemainingCredit", -1),
    ):
        for row in rows(xero, endpoint):
            if row["Status"] in ("AUTHORISED", "PAID"):
                amount = row[figure]
                if base:
                    amount = (amount / row["CurrencyRate"]).quantize(cent, ROUND_HALF_UP)
                contact = row["Contact"]["ContactID"]
                told[contact] = told.get(contact, Decimal(0)) + sign * amount
    return told


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(1, 10_000), days=st.integers(0, 150), base=st.booleans())
def test_over_the_wire_every_figure_is_what_its_documents_say(seed: int, days: int, base: bool) -> None:
    with Organisation(seed=seed, start=MONDAY.date()) as xero:
        xero.clock.move(days=days)
        xero.sign_in()
        xero.control.switch("base_balances", base)
        for row in rows(xero, "Invoices"):
            credited = sum(
                each["AppliedAmount"] for name in ("CreditNotes", "Overpayments", "Prepayments") for each in row[name]
            )
            assert row["AmountPaid"] == sum(each["Amount"] for each in row["Payments"])
            assert row["AmountCredited"] == credited
            if row["Status"] not in ("VOIDED", "DELETED"):
                assert row["AmountDue"] == row["Total"] - row["AmountPaid"] - row["AmountCredited"]
                assert (row["Status"] == "PAID") is (row["AmountDue"] == 0)
        for endpoint in ("CreditNotes", "Overpayments", "Prepayments"):
            for row in rows(xero, endpoint):
                used = sum(each["Amount"] for each in row["Allocations"] + row["Payments"])
                if row["Status"] not in ("VOIDED", "DELETED"):
                    assert row["RemainingCredit"] == row["Total"] - used
        told = owed(xero, base=base)
        for contact in xero.page("Contacts", includeArchived="true"):
            balances = contact.get("Balances", {}).get("AccountsReceivable", {"Outstanding": Decimal(0)})
            assert balances["Outstanding"] == told.get(contact["ContactID"], 0), contact["Name"]


def test_invoices_and_payments_tell_the_same_story(still: Organisation) -> None:
    paid: dict[str, Decimal] = {}
    for row in still.everything("Payments", where='Status=="AUTHORISED" AND PaymentType=="ACCRECPAYMENT"'):
        invoice = row["Invoice"]["InvoiceID"]
        paid[invoice] = paid.get(invoice, Decimal(0)) + row["Amount"]
    told = {row["InvoiceID"]: row["AmountPaid"] for row in rows(still, "Invoices") if row["AmountPaid"]}
    assert paid == told


def test_the_truth_is_what_the_documents_say(still: Organisation) -> None:
    truth = still.control.truth()
    open_minor = sum(row["AmountDue"] for row in rows(still, "Invoices") if row["Status"] == "AUTHORISED") * 100
    assert sum(each["open"] for each in truth["currencies"].values()) == open_minor
    unapplied = sum(row["RemainingCredit"] for name in ("Overpayments", "Prepayments") for row in rows(still, name))
    assert sum(each["unapplied"] for each in truth["currencies"].values()) == unapplied * 100


def test_the_story_goes_on_as_the_clock_moves(own: Organisation) -> None:
    before = own.get("Payments", page=1)["pagination"]["itemCount"]
    own.clock.at += timedelta(weeks=2)
    own.sign_in()
    assert own.get("Payments", page=1)["pagination"]["itemCount"] > before + 10
