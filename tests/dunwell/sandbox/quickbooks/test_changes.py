"""Change data capture: order, deletions, the silent cap, the look-back."""

from datetime import datetime, timedelta
from typing import Any

from tests.dunwell.sandbox.api import MONDAY, Company, fault

ENTITIES = "Invoice,Payment,CreditMemo,Customer"
LAST_MONTH = MONDAY - timedelta(days=29)


def stamps(rows: list[Any]) -> list[datetime]:
    return [datetime.fromisoformat(each["MetaData"]["LastUpdatedTime"]) for each in rows]


def test_each_entity_answers_in_the_order_asked_for_and_nothing_is_an_empty_object(reading: Company) -> None:
    responses = reading.changes("Payment,Estimate,Invoice", LAST_MONTH)
    assert ["Payment" in responses[0], responses[1], "Invoice" in responses[2]] == [True, {}, True]


def test_the_oldest_change_comes_first_and_deletions_after_all_that_lives(reading: Company) -> None:
    (response,) = reading.changes("Invoice", LAST_MONTH)
    rows = response["Invoice"]
    deleted = [each for each in rows if each.get("status") == "Deleted"]
    assert deleted
    assert rows[-len(deleted) :] == deleted
    assert stamps(rows[: -len(deleted)]) == sorted(stamps(rows[: -len(deleted)]))


def test_a_deletion_is_a_stub_without_amounts_or_a_sync_token(reading: Company) -> None:
    (response,) = reading.changes("Invoice", LAST_MONTH)
    stub = response["Invoice"][-1]
    assert stub.keys() == {"domain", "status", "Id", "MetaData"}
    assert stub["MetaData"].keys() == {"LastUpdatedTime"}


def test_a_void_is_a_whole_object_of_nothing(reading: Company) -> None:
    (response,) = reading.changes("Invoice", LAST_MONTH)
    (void,) = [each for each in response["Invoice"] if each.get("PrivateNote", "").startswith("Voided")]
    assert (void["TotalAmt"], void["Balance"], void["LinkedTxn"]) == (0, 0, [])
    assert {line["Amount"] for line in void["Line"]} == {0}
    assert "DueDate" in void


def test_archived_and_merged_customers_come_whole_and_inactive(reading: Company) -> None:
    (response,) = reading.changes("Customer", LAST_MONTH)
    gone = [each for each in response["Customer"] if not each["Active"]]
    assert [each["DisplayName"] for each in gone] == ["Sparrow Hill Montesori (deleted)"]


def test_a_payment_moves_its_invoice_and_its_customer(company: Company) -> None:
    invoice = company.an_invoice()
    company.clock.move(minutes=10)
    since = company.clock.now()
    company.control.pay(f"id:{invoice['Id']}")
    responses = company.changes(ENTITIES, since)
    assert responses[0]["Invoice"][0]["SyncToken"] == "1"
    assert len(responses[1]["Payment"]) == 1
    assert responses[2] == {}
    (customer,) = responses[3]["Customer"]
    assert (customer["Id"], customer["SyncToken"]) == ("1", "0")


def test_the_bound_is_included(company: Company) -> None:
    invoice = company.an_invoice()
    since = datetime.fromisoformat(invoice["MetaData"]["LastUpdatedTime"])
    (response,) = company.changes("Invoice", since)
    assert [each["Id"] for each in response["Invoice"]] == [invoice["Id"]]
    (response,) = company.changes("Invoice", since + timedelta(seconds=1))
    assert response == {}


def test_a_thousand_objects_are_all_that_comes_and_deletions_are_what_is_lost(company: Company) -> None:
    company.control.delete("invoice", "1500")
    company.control.edit("invoice", count=1100)
    responses = company.changes("Invoice,Payment", company.clock.now())
    assert len(responses[0]["Invoice"]) == 1000
    assert all("status" not in each for each in responses[0]["Invoice"])
    assert responses[1] == {}


def test_the_thousand_are_shared_by_all_entities(company: Company) -> None:
    company.control.edit("payment", count=700)
    company.control.edit("invoice", count=700)
    sizes = [each["maxResults"] for each in company.changes("Payment,Invoice", company.clock.now())]
    assert sizes == [700, 300]


def test_more_than_thirty_days_back_is_an_error(reading: Company) -> None:
    since = (MONDAY - timedelta(days=30, seconds=1)).isoformat()
    response = reading.session.get("cdc", params={"entities": "Invoice", "changedSince": since})
    code, detail = fault(response)
    assert code == "500"
    assert "which is older than fixed days is not supported" in detail


def test_entities_are_known_without_regard_to_case_and_others_refused(reading: Company) -> None:
    assert "Invoice" in reading.changes("invoice", LAST_MONTH)[0]
    params = {"entities": "Invoices", "changedSince": MONDAY.isoformat()}
    assert fault(reading.session.get("cdc", params=params))[0] == "500"


def test_what_is_missing_is_named(reading: Company) -> None:
    assert fault(reading.session.get("cdc", params={"entities": "Invoice"}))[0] == "2020"
    assert fault(reading.session.get("cdc", params={"changedSince": MONDAY.isoformat()}))[0] == "2020"


def test_a_plus_that_was_not_encoded_is_a_bad_date(reading: Company) -> None:
    assert fault(reading.session.get("cdc?entities=Invoice&changedSince=2026-03-01T00:00:00+01:00"))[0] == "2080"


def test_the_answers_time_is_the_servers_pacific(reading: Company) -> None:
    assert (
        reading.get("cdc", entities="Invoice", changedSince=MONDAY.isoformat())["time"]
        == "2026-03-02T09:00:00.000-08:00"
    )
