"""Writing invoices: what may be changed, when, and what of it moves UpdatedDateUTC."""

from typing import Any

import pytest

from tests.dunwell.sandbox.xero.api import Organisation, invoice_body

SETTLED = (
    "Invoice not of valid status for modification "
    "This document cannot be edited as it has a payment or credit note allocated to it."
)


def update(xero: Organisation, invoice: Any, **changes: object) -> Any:
    (after,) = xero.post(f"Invoices/{invoice['InvoiceID']}", {"Invoices": [changes]})["Invoices"]
    return after


def no_update(xero: Organisation, invoice: Any, **changes: object) -> str:
    return xero.refused("POST", f"Invoices/{invoice['InvoiceID']}", {"Invoices": [changes]})


def test_an_approved_invoice_is_due_in_full(xero: Organisation) -> None:
    made = xero.an_invoice()
    assert (made["Status"], made["Total"], made["AmountDue"], made["AmountPaid"]) == ("AUTHORISED", 100, 100, 0)
    assert made["InvoiceNumber"].startswith("INV-9")
    assert "SentToContact" not in made


def test_amounts_have_two_decimals_on_the_wire(xero: Organisation) -> None:
    text = xero.session.get(f"Invoices/{xero.an_invoice()['InvoiceID']}").text
    assert '"AmountDue":100.00,"AmountPaid":0.00,' in text
    assert '"CurrencyRate":1.000000,' in text


def test_days_are_written_twice_and_agree(still: Organisation) -> None:
    for row in still.page("Invoices", pageSize=50):
        ms = int(row["Date"][6:].split("+")[0])
        assert ms % 86_400_000 == 0
        assert row["Date"].endswith("+0000)/")
        assert row["DateString"].endswith("T00:00:00")


def test_a_draft_needs_no_lines_and_an_approved_one_does(xero: Organisation) -> None:
    contact = {"ContactID": xero.a_contact()["ContactID"]}
    made = xero.an_invoice(Contact=contact, Status="DRAFT", LineItems=[])
    assert (made["Status"], made["Total"]) == ("DRAFT", 0)
    body = invoice_body(Contact=contact, LineItems=[])
    assert xero.refused("PUT", "Invoices", {"Invoices": [body]}) == "One or more line items must be specified"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Type": "ACCPAY"}, "Invoice not of valid type for creation"),
        ({"InvoiceNumber": "INV-1001"}, "Invoice # must be unique."),
        ({"Url": "https://go.xero.com/x"}, "Url must not contain the word xero."),
        ({"Contact": {"ContactID": "00000000-0000-0000-0000-000000000000"}}, "The contact could not be found."),
        ({"LineItems": [{"UnitAmount": 5}]}, "Description is required for each line item."),
    ],
)
def test_what_does_not_fit_is_refused(xero: Organisation, changes: dict[str, Any], message: str) -> None:
    body = invoice_body(**{"Contact": {"Name": "Somebody New"}, **changes})
    assert xero.refused("PUT", "Invoices", {"Invoices": [body]}) == message


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({"Date": "soon"}, "DateTime"), ({"SentToContact": "maybe"}, "boolean"), ({"CurrencyRate": "x"}, "decimal")],
)
def test_a_value_of_a_wrong_type_is_refused_and_an_unknown_property_ignored(
    xero: Organisation, changes: dict[str, Any], kind: str
) -> None:
    body = {"Contact": {"Name": "Typed"}, "Nonsense": {"a": 1}}
    assert xero.an_invoice(**body)["Contact"]["Name"] == "Typed"
    answer = xero.session.put("Invoices", json={"Invoices": [invoice_body(**body, **changes)]})
    assert answer.json()["Type"] == "PostDataInvalidException"
    assert f"Could not convert to {kind}" in answer.json()["Message"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"Records":[{"Type":"ACCREC"}]}', b"[]"])
def test_a_body_without_an_invoice_is_refused(xero: Organisation, content: bytes) -> None:
    answer = xero.session.post("Invoices", content=content)
    assert (answer.status_code, answer.json()["ErrorNumber"]) == (400, 17)


def test_a_body_that_is_no_json_is_refused(xero: Organisation) -> None:
    assert xero.session.post("Invoices", content=b"<Invoice/>").json()["ErrorNumber"] == 14


def test_one_object_may_come_without_a_list(xero: Organisation) -> None:
    (made,) = xero.put("Invoices", invoice_body(Contact={"Name": "Unwrapped"}))["Invoices"]
    assert made["Contact"]["Name"] == "Unwrapped"


def test_post_updates_by_number_what_put_refuses_to_repeat(xero: Organisation) -> None:
    made = xero.an_invoice()
    body = {"InvoiceNumber": made["InvoiceNumber"], "Reference": "second"}
    (after,) = xero.post("Invoices", {"Invoices": [body]})["Invoices"]
    assert (after["InvoiceID"], after["Reference"]) == (made["InvoiceID"], "second")
    repeated = invoice_body(Contact={"Name": "Again"}, InvoiceNumber=made["InvoiceNumber"])
    assert xero.refused("PUT", "Invoices", {"Invoices": [repeated]}) == "Invoice # must be unique."


def test_with_summarize_errors_off_each_element_says_how_it_went(xero: Organisation) -> None:
    good, bad = invoice_body(Contact={"Name": "Good"}), invoice_body(Contact={"Name": "Bad"}, LineItems=[])
    made = xero.put("Invoices", {"Invoices": [good, bad]}, summarizeErrors="false")["Invoices"]
    assert [row["StatusAttributeString"] for row in made] == ["OK", "ERROR"]
    assert made[1]["ValidationErrors"] == [{"Message": "One or more line items must be specified"}]


def test_the_status_goes_from_draft_to_approved_and_never_back(xero: Organisation) -> None:
    draft = xero.an_invoice(Status="SUBMITTED")
    assert draft["Status"] == "SUBMITTED"
    approved = update(xero, draft, Status="AUTHORISED")
    assert (approved["Status"], approved["AmountDue"]) == ("AUTHORISED", 100)
    assert no_update(xero, draft, Status="DRAFT") == "Invoice not of valid status for modification"


def test_only_approved_ones_are_voided_and_only_drafts_deleted(xero: Organisation) -> None:
    approved, draft = xero.an_invoice(), xero.an_invoice(Status="DRAFT")
    assert no_update(xero, approved, Status="DELETED") == "Invoice not of valid status for modification"
    assert no_update(xero, draft, Status="VOIDED") == "Invoice not of valid status for modification"
    voided, deleted = update(xero, approved, Status="VOIDED"), update(xero, draft, Status="DELETED")
    assert (voided["Status"], voided["Total"], voided["AmountDue"]) == ("VOIDED", 100, 0)
    assert (deleted["Status"], deleted["AmountDue"]) == ("DELETED", 0)
    assert no_update(xero, approved, Reference="x") == "Invoice not of valid status for modification"


def test_an_invoice_with_a_payment_cannot_be_voided(xero: Organisation) -> None:
    made = xero.an_invoice()
    xero.pay(made, 10)
    assert no_update(xero, made, Status="VOIDED") == SETTLED


def test_it_is_paid_when_nothing_is_due_and_says_when(xero: Organisation) -> None:
    made = xero.an_invoice()
    xero.pay(made, 60)
    assert xero.one("Invoices", made["InvoiceID"])["Status"] == "AUTHORISED"
    xero.pay(made, 40)
    after = xero.one("Invoices", made["InvoiceID"])
    assert (after["Status"], after["AmountDue"], after["AmountPaid"]) == ("PAID", 0, 100)
    assert after["FullyPaidOnDate"] == after["Date"]
    assert [each["Amount"] for each in after["Payments"]] == [60, 40]


def test_with_a_payment_its_lines_and_days_stay(xero: Organisation) -> None:
    made = xero.an_invoice()
    xero.pay(made, 10)
    assert no_update(xero, made, Date="2026-02-20") == SETTLED
    assert no_update(xero, made, LineItems=[{"Description": "More", "UnitAmount": 500}]) == SETTLED
    assert no_update(xero, made, Contact={"ContactID": xero.a_contact()["ContactID"]}) == SETTLED


def test_edits_of_a_part_paid_invoice_do_not_show_in_what_changed(xero: Organisation) -> None:
    made = xero.an_invoice()
    xero.pay(made, 10)
    before = xero.one("Invoices", made["InvoiceID"])
    xero.clock.move(hours=1)
    xero.sign_in()
    after = update(xero, made, DueDate="2026-05-05", SentToContact=True)
    assert (after["DueDateString"], after["SentToContact"]) == ("2026-05-05T00:00:00", True)
    assert after["UpdatedDateUTC"] == before["UpdatedDateUTC"]
    open_one = xero.an_invoice()
    xero.clock.move(hours=1)
    xero.sign_in()
    assert update(xero, open_one, DueDate="2026-05-05")["UpdatedDateUTC"] > open_one["UpdatedDateUTC"]


def test_a_promise_is_kept_on_an_open_invoice_and_forgotten_on_a_part_paid_one(xero: Organisation) -> None:
    made = xero.an_invoice()
    assert "ExpectedPaymentDate" in update(xero, made, ExpectedPaymentDate="2026-03-20")
    other = xero.an_invoice()
    xero.pay(other, 10)
    assert "ExpectedPaymentDate" not in update(xero, other, ExpectedPaymentDate="2026-03-20")


def test_sent_can_be_set_on_approved_invoices_alone(xero: Organisation) -> None:
    draft = xero.an_invoice(Status="DRAFT")
    assert no_update(xero, draft, SentToContact=True) == "SentToContact can only be set on approved invoices."
    assert update(xero, draft, SentToContact=True, Status="AUTHORISED")["SentToContact"] is True
    assert update(xero, draft, SentToContact=False)["SentToContact"] is False


def test_lines_that_are_written_again_have_new_ids(xero: Organisation) -> None:
    made = xero.an_invoice()
    line = {"Description": "Labour", "Quantity": 2, "UnitAmount": 75}
    after = update(xero, made, LineItems=[line])
    assert after["Total"] == 150
    assert after["LineItems"][0]["LineItemID"] != made["LineItems"][0]["LineItemID"]
    assert update(xero, made, Reference="x")["LineItems"] == after["LineItems"]


def test_a_contact_named_with_more_than_its_id_is_overwritten(xero: Organisation) -> None:
    contact = xero.a_contact(ContactPersons=[{"FirstName": "Ada", "EmailAddress": "ada@example.com"}])
    named = {"ContactID": contact["ContactID"], "Name": "Overwritten Ltd"}
    xero.an_invoice(Contact=named)
    after = xero.one("Contacts", contact["ContactID"])
    assert (after["Name"], after["ContactPersons"]) == ("Overwritten Ltd", [])


def test_nothing_in_a_locked_period_can_be_written(xero: Organisation) -> None:
    locked = xero.get("Organisation")["Organisations"][0]["PeriodLockDate"]
    assert locked == "/Date(1735603200000+0000)/"  # 31 December 2024
    body = invoice_body(Contact={"Name": "Late"}, Date="2024-12-31")
    assert xero.refused("PUT", "Invoices", {"Invoices": [body]}).startswith("The document date cannot be before")
    old = xero.page("Invoices", where='Date<DateTime(2025,1,1) AND Type=="ACCREC" AND Status=="AUTHORISED"')[0]
    assert no_update(xero, old, Reference="x").startswith("The document date cannot be before")


def test_a_contact_is_created_and_its_name_is_taken_among_active_ones(xero: Organisation) -> None:
    made = xero.a_contact(Name="Only One Ltd", ContactNumber="C-7", PaymentTerms={"Sales": {"Day": 14}})
    assert (made["IsCustomer"], made["PaymentTerms"]["Sales"]["Day"]) == (False, 14)
    assert "Balances" not in made
    assert "already assigned" in xero.refused("PUT", "Contacts", {"Contacts": [{"Name": "only one ltd"}]})
    body = {"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"}
    (archived,) = xero.post("Contacts", {"Contacts": [body]})["Contacts"]
    assert (archived["ContactStatus"], archived["Name"]) == ("ARCHIVED", "Only One Ltd")
    assert xero.put("Contacts", {"Contacts": [{"Name": "Only One Ltd"}]})
    assert xero.one("Contacts", "C-7")["ContactID"] == made["ContactID"]


@pytest.mark.parametrize(
    "body",
    [
        {"EmailAddress": "x@example.com"},
        {"Name": "x" * 256},
        {"Name": "Mail", "EmailAddress": "nowhere"},
        {"Name": "Crowd", "ContactPersons": [{"FirstName": str(number)} for number in range(6)]},
        {"Name": "Odd", "ContactStatus": "ASLEEP"},
    ],
)
def test_a_contact_that_does_not_fit_is_refused(xero: Organisation, body: dict[str, Any]) -> None:
    assert xero.refused("PUT", "Contacts", {"Contacts": [body]})


def test_a_contacts_other_addresses_are_persons_to_include(still: Organisation) -> None:
    (row,) = still.page("Contacts", searchTerm="Halloran")
    assert "," not in row["EmailAddress"]
    (person,) = row["ContactPersons"]
    assert (person["IncludeInEmails"], person["EmailAddress"][:6]) == (True, "owner@")


def test_an_update_leaves_persons_alone_that_it_does_not_name(own: Organisation) -> None:
    (row,) = own.page("Contacts", searchTerm="Halloran")
    body = {"ContactID": row["ContactID"], "FirstName": "Bela"}
    (after,) = own.post("Contacts", {"Contacts": [body]})["Contacts"]
    assert (after["FirstName"], after["ContactPersons"]) == ("Bela", row["ContactPersons"])
