"""The two reports, and batches."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.dunwell.sandbox.api import Company, invoice_body


def cells(row: Any) -> list[str]:
    return [each["value"] for each in row["ColData"]]


def flat(rows: list[Any]) -> list[Any]:
    """All rows that have a customer, those within sections too."""
    found = []
    for row in rows:
        if "ColData" in row:
            found.append(row)
        if "Header" in row:
            found += [row["Header"], *flat(row["Rows"]["Row"])]
    return found


def totals(report: Any) -> dict[str, int]:
    """Customer id to total in minor units."""
    rows = flat(report["Rows"]["Row"])
    return {row["ColData"][0]["id"]: int(Decimal(cells(row)[-1] or "0") * 100) for row in rows}


def test_the_aged_report_has_header_columns_and_rows_of_text(reading: Company) -> None:
    report = reading.get("reports/AgedReceivables")
    assert report["Header"]["ReportName"] == "AgedReceivables"
    assert {"Name": "report_date", "Value": "2026-03-02"} in report["Header"]["Option"]
    titles = [each["ColTitle"] for each in report["Columns"]["Column"]]
    assert titles == ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    assert all(isinstance(cell, str) for row in flat(report["Rows"]["Row"]) for cell in cells(row))
    assert report["Rows"]["Row"][-1]["group"] == "GrandTotal"


def test_its_totals_are_the_customers_balances(reading: Company) -> None:
    rows = reading.rows("select * from Customer where Active in (true, false) maxresults 1000")
    balances = {each["Id"]: int(each["Balance"] * 100) for each in rows}
    told = totals(reading.get("reports/AgedReceivables"))
    assert all(balances[customer] == total for customer, total in told.items())
    assert set(told) >= {customer for customer, balance in balances.items() if balance}


def test_sub_customers_stand_in_their_parents_section(reading: Company) -> None:
    rows = reading.get("reports/AgedReceivables")["Rows"]["Row"]
    (section,) = [row for row in rows if row.get("type") == "Section" and "Header" in row]
    assert cells(section["Header"])[0] == "Oakmerrow Property Group"
    assert {cells(row)[0] for row in section["Rows"]["Row"]} >= {"Elm House", "Maple Court 12"}
    assert cells(section["Summary"])[0] == "Total Oakmerrow Property Group"


def test_the_grand_total_is_the_sum_of_all_rows(reading: Company) -> None:
    report = reading.get("reports/AgedReceivables")
    total = Decimal(cells(report["Rows"]["Row"][-1]["Summary"])[-1])
    assert int(total * 100) == sum(totals(report).values())


def test_one_customer_can_be_asked_for(reading: Company) -> None:
    report = reading.get("reports/AgedReceivables", customer="10")
    assert set(totals(report)) == {"10"}


def test_a_past_day_is_what_the_neutral_books_say(reading: Company) -> None:
    report = reading.get("reports/AgedReceivables", report_date="2025-10-31")
    truth = {row["id"]: row["total"] for row in reading.control.aged(date(2025, 10, 31))["customers"]}
    told = totals(report)
    assert {customer: total for customer, total in told.items() if total} == {
        customer: total for customer, total in truth.items() if total
    }


def test_the_preference_ages_from_the_invoice_date(company: Company) -> None:
    before = company.get("reports/AgedReceivables")
    company.control.switch("aging_from_invoice_date", True)
    after = company.get("reports/AgedReceivables")
    assert sum(totals(before).values()) == sum(totals(after).values())
    assert before["Rows"] != after["Rows"]


def test_customer_balances_are_reported_too(reading: Company) -> None:
    report = reading.get("reports/CustomerBalance")
    assert [each["ColTitle"] for each in report["Columns"]["Column"]] == ["", "Total"]
    aged = totals(reading.get("reports/AgedReceivables"))
    assert {customer: total for customer, total in totals(report).items() if total} == {
        customer: total for customer, total in aged.items() if total
    }


def test_another_report_is_not_supported(reading: Company) -> None:
    assert reading.session.get("reports/ProfitAndLoss").json()["Fault"]["Error"][0]["code"] == "500"


def batch(company: Company, *items: Mapping[str, object], **params: str) -> list[Any]:
    items_with_ids = [{"bId": f"b{number}", **item} for number, item in enumerate(items, start=1)]
    made: list[Any] = company.post("batch", {"BatchItemRequest": items_with_ids}, **params)["BatchItemResponse"]
    return made


def test_a_batch_answers_each_item_with_its_object_or_its_fault(company: Company) -> None:
    made = company.an_invoice()
    company.control.edit("invoice", record=f"id:{made['Id']}")
    answers = batch(
        company,
        {"operation": "create", "Customer": {"DisplayName": "Boraski Family Store"}},
        {"operation": "delete", "Invoice": {"Id": "999999", "SyncToken": "0"}},
        {"operation": "update", "Invoice": {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}},
        {"Query": "select * from Invoice where Id in ('1', '2')"},
        {"Query": "select * from Nothing"},
        {"operation": "void", "Invoice": {"Id": made["Id"], "SyncToken": "1"}},
    )
    assert [each["bId"] for each in answers] == ["b1", "b2", "b3", "b4", "b5", "b6"]
    assert answers[0]["Customer"]["DisplayName"] == "Boraski Family Store"
    codes = [each["Fault"]["Error"][0]["code"] for each in answers if "Fault" in each]
    assert codes == ["610", "5010", "4001", "500"]
    assert {each["Id"] for each in answers[3]["QueryResponse"]["Invoice"]} == {"1", "2"}


def test_a_batch_has_thirty_items_at_most(reading: Company) -> None:
    query = {"Query": "select count(*) from Term"}
    assert len(batch(reading, *[query] * 30)) == 30
    items = [{"bId": str(number), **query} for number in range(31)]
    assert reading.refused("batch", {"BatchItemRequest": items})[0] == "1040"


def test_under_a_request_id_an_items_answer_is_replayed(company: Company) -> None:
    create = {"operation": "create", "Invoice": invoice_body()}
    (first,) = batch(company, create, requestid="r")
    count = len(company.control.live()["invoice"])
    again, new = batch(company, create, create, requestid="r")
    assert again == first
    assert new["Invoice"]["Id"] != first["Invoice"]["Id"]
    assert len(company.control.live()["invoice"]) == count + 1


def test_ids_in_a_batch_are_short_once_there_is_a_request_id(company: Company) -> None:
    item = {"bId": "eleven-long", "Query": "select count(*) from Term"}
    (answer,) = company.post("batch", {"BatchItemRequest": [item]})["BatchItemResponse"]
    assert "Fault" not in answer
    (answer,) = company.post("batch", {"BatchItemRequest": [item]}, requestid="r")["BatchItemResponse"]
    assert answer["Fault"]["Error"][0]["code"] == "2050"
    assert company.refused("batch", {"BatchItemRequest": [item]}, requestid="x" * 37)[0] == "2050"
