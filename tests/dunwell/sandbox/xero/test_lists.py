"""Lists: pages, filters, order, what changed since, and how much of an object they show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dunwell.sandbox.xero.reading.values import instant
from tests.dunwell.sandbox.api import MONDAY
from tests.dunwell.sandbox.xero.api import Organisation, refusal


def changed(row: Any) -> datetime:
    at = instant(row["UpdatedDateUTC"])
    assert at is not None
    return at


def since(organisation: Organisation, endpoint: str, at: datetime) -> list[Any]:
    headers = {"If-Modified-Since": at.strftime("%Y-%m-%dT%H:%M:%S")}
    answer = organisation.session.get(endpoint, headers=headers, params={"page": 1, "includeArchived": "true"})
    rows: list[Any] = answer.json()[endpoint]
    return rows


def test_a_page_has_a_hundred_and_says_how_many_there_are(still: Organisation) -> None:
    body = still.get("Invoices", page=2)
    assert len(body["Invoices"]) == 100
    count = body["pagination"]["itemCount"]
    assert body["pagination"] == {"page": 2, "pageSize": 100, "pageCount": -(-count // 100), "itemCount": count}


@pytest.mark.parametrize(("asked", "size"), [("0", 1), ("-5", 1), ("5000", 1000), ("1000", 1000), ("7", 7)])
def test_a_page_size_out_of_range_is_clamped_in_silence(still: Organisation, asked: str, size: int) -> None:
    body = still.get("Invoices", page=1, pageSize=asked)
    assert (body["pagination"]["pageSize"], len(body["Invoices"])) == (size, size)


def test_a_page_behind_the_last_is_empty(still: Organisation) -> None:
    assert still.get("Invoices", page=99)["Invoices"] == []


def test_pages_hold_everything_once(still: Organisation) -> None:
    ids = [row["InvoiceID"] for row in still.everything("Invoices", pageSize=400)]
    assert len(ids) == len(set(ids)) == len(still.get("Invoices")["Invoices"])


def test_without_a_page_everything_comes_without_lines(still: Organisation) -> None:
    body = still.get("CreditNotes")
    assert "pagination" not in body
    assert all(row["LineItems"] == [] for row in body["CreditNotes"])
    assert all(row["LineItems"] for row in still.page("CreditNotes"))


def test_without_a_page_contacts_lack_terms_persons_and_balances(still: Organisation) -> None:
    poor, rich = still.get("Contacts")["Contacts"], still.page("Contacts")
    assert not any("PaymentTerms" in row or "Balances" in row or row["ContactPersons"] for row in poor)
    assert any("PaymentTerms" in row for row in rich)
    assert any(row["ContactPersons"] for row in rich)


@pytest.mark.parametrize("endpoint", ["Contacts", "Invoices", "CreditNotes", "Payments", "Overpayments", "Prepayments"])
def test_the_oldest_change_comes_first_then_the_smallest_id(still: Organisation, endpoint: str) -> None:
    rows = still.page(endpoint)
    keys = [(changed(row), row[f"{endpoint.removesuffix('s')}ID"]) for row in rows]
    assert keys == sorted(keys)


def test_lists_can_be_ordered(still: Organisation) -> None:
    by_id = [row["InvoiceID"] for row in still.page("Invoices", order="InvoiceID ASC")]
    assert by_id == sorted(by_id)
    dates = [row["DateString"] for row in still.page("Invoices", order="Date DESC, InvoiceNumber ASC")]
    assert dates == sorted(dates, reverse=True)
    names = [row["Contact"]["Name"].casefold() for row in still.page("Invoices", order="contact.name")]
    assert names == sorted(names)


def test_only_what_changed_after_an_instant(still: Organisation) -> None:
    rows = since(still, "Invoices", MONDAY - timedelta(days=3))
    assert rows
    assert all(changed(row) > MONDAY - timedelta(days=3) for row in rows)
    assert len(rows) == sum(changed(row) > MONDAY - timedelta(days=3) for row in still.everything("Invoices"))


def test_an_instant_with_an_offset_is_understood_and_nonsense_refused(still: Organisation) -> None:
    headers = {"If-Modified-Since": "2026-02-28T09:00:00.000-08:00"}
    answer = still.session.get("Invoices", headers=headers, params={"page": 1}).json()["Invoices"]
    assert answer == since(still, "Invoices", datetime(2026, 2, 28, 17, tzinfo=UTC))
    refusal(still.session.get("Invoices", headers={"If-Modified-Since": "yesterday"}))


def test_invoices_by_ids_contacts_numbers_and_statuses(still: Organisation) -> None:
    some = still.page("Invoices", pageSize=40)
    ids = ",".join(row["InvoiceID"] for row in some)
    assert still.page("Invoices", IDs=ids) == some
    contact = some[0]["Contact"]["ContactID"]
    assert {row["Contact"]["ContactID"] for row in still.page("Invoices", ContactIDs=contact)} == {contact}
    numbers = ",".join(row["InvoiceNumber"] for row in some[:3])
    assert len(still.page("Invoices", InvoiceNumbers=numbers)) == 3
    assert {row["Status"] for row in still.page("Invoices", Statuses="DRAFT,VOIDED")} == {"DRAFT", "VOIDED"}


def test_an_id_that_is_none_is_refused(still: Organisation) -> None:
    refusal(still.session.get("Invoices", params={"IDs": "INV-1001"}))


def test_archived_and_merged_contacts_are_hidden_unless_asked_for(still: Organisation) -> None:
    everybody = still.page("Contacts", includeArchived="true")
    archived = [row for row in everybody if row["ContactStatus"] == "ARCHIVED"]
    assert len(archived) == 2
    assert len(still.page("Contacts")) == len(everybody) - 2
    assert sum("MergedToContactID" in row for row in archived) == 1
    assert still.one("Contacts", archived[0]["ContactID"]) == archived[0]


def test_a_merged_contact_names_the_one_it_became(still: Organisation) -> None:
    (loser,) = still.page("Contacts", includeArchived="true", searchTerm="Montesori")
    winner = still.one("Contacts", loser["MergedToContactID"])
    assert winner["Name"] == "Sparrow Hill Montessori"
    assert not still.page("Invoices", ContactIDs=loser["ContactID"])


def test_a_summary_is_paged_and_lacks_what_is_costly(still: Organisation) -> None:
    body = still.get("Invoices", summaryOnly="true")
    assert body["pagination"]["page"] == 1
    assert not {"LineItems", "Payments", "HasAttachments"} & body["Invoices"][0].keys()
    assert not {"IsCustomer", "IsSupplier"} & still.get("Contacts", summaryOnly="True")["Contacts"][0].keys()


def test_a_search_goes_over_names_and_addresses(still: Organisation) -> None:
    assert [row["Name"] for row in still.page("Contacts", searchTerm="o'branni")] == ["O'Brannigan's Hardware"]
    assert still.page("Invoices", searchTerm="inv-1001")[0]["InvoiceNumber"] == "INV-1001"


def test_only_what_an_app_created_can_be_asked_for(xero: Organisation) -> None:
    made = xero.an_invoice()
    ids = [row["InvoiceID"] for row in xero.page("Invoices", createdByMyApp="true")]
    assert made["InvoiceID"] in ids
    assert len(ids) < 20


def test_unit_amounts_can_have_four_decimals(still: Organisation) -> None:
    row = still.page("Invoices", pageSize=1)[0]
    text = still.session.get(f"Invoices/{row['InvoiceID']}", params={"unitdp": 4}).text
    assert f'"UnitAmount":{row["LineItems"][0]["UnitAmount"]}00,' in text


def test_an_invoice_is_read_by_its_number_too(still: Organisation) -> None:
    assert still.one("Invoices", "INV-1001")["InvoiceNumber"] == "INV-1001"


def test_a_single_invoice_has_its_whole_contact_and_its_lines(still: Organisation) -> None:
    listed = still.page("Invoices", pageSize=1)[0]
    single = still.one("Invoices", listed["InvoiceID"])
    assert single["LineItems"] == listed["LineItems"]
    assert len(single["Contact"]["Phones"]) == 4
    assert listed["Contact"]["Phones"] == []


def test_what_is_not_there_is_a_404_in_words(still: Organisation) -> None:
    answer = still.session.get("Invoices/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.text) == (404, "The resource you're looking for cannot be found")
    assert answer.headers["content-type"].startswith("text/plain")
    assert still.session.get("Nonsense").status_code == 404


def test_an_edit_between_two_pages_pushes_the_next_rows_off_the_page(own: Organisation) -> None:
    first = own.page("Invoices", pageSize=10)
    second = own.page("Invoices", pageSize=10, page=2)
    own.control.edit("invoice", record=first[0]["InvoiceID"])
    shifted = own.page("Invoices", pageSize=10, page=2)
    assert shifted[:9] == second[1:]


def test_bills_and_suppliers_are_in_the_lists(still: Organisation) -> None:
    kinds = {row["Type"] for row in still.everything("Invoices")}
    assert kinds == {"ACCREC", "ACCPAY"}
    assert {row["Type"] for row in still.page("CreditNotes")} == {"ACCRECCREDIT", "ACCPAYCREDIT"}
    assert {row["Type"].partition("-")[0] for row in still.page("Prepayments")} == {"RECEIVE", "SPEND"}
    roles = {(row["IsCustomer"], row["IsSupplier"]) for row in still.page("Contacts")}
    assert roles >= {(True, False), (False, True), (True, True)}


def test_bills_come_and_are_paid_as_the_clock_moves(own: Organisation) -> None:
    def bills() -> list[str]:
        return [row["Status"] for row in own.everything("Invoices", where='Type=="ACCPAY"')]

    before = bills()
    own.clock.move(weeks=8)
    own.sign_in()
    assert len(bills()) > len(before)
    assert bills().count("PAID") > before.count("PAID")
