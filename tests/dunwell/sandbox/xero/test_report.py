"""The report AgedReceivablesByContact, in both of its forms, against the documents."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.dunwell.sandbox.xero.api import Organisation

DAY = "2026-03-02"


def report(organisation: Organisation, contact_id: str, **params: str) -> Any:
    asked = {"contactId": contact_id, "date": DAY, **params}
    (found,) = organisation.get("Reports/AgedReceivablesByContact", **asked)["Reports"]
    return found


def debtors(organisation: Organisation, currencies: set[str]) -> list[str]:
    told: dict[str, set[str]] = {}
    for row in organisation.control.truth()["customers"]:
        told.setdefault(row["id"], set()).add(row["currency"])
    return [contact for contact, own in told.items() if own == currencies]


def column(found: Any, name: str) -> dict[str, Decimal]:
    """By section title, the sum of a column over the rows of documents."""
    header, *sections = found["Rows"]
    place = [cell["Value"] for cell in header["Cells"]].index(name)
    summed: dict[str, Decimal] = {}
    for section in sections:
        for row in section["Rows"]:
            if row["RowType"] == "Row" and row["Cells"][place]["Value"]:
                summed[section["Title"]] = summed.get(section["Title"], Decimal(0)) + Decimal(
                    row["Cells"][place]["Value"]
                )
    return summed


@pytest.fixture(scope="module")
def owed(still: Organisation) -> dict[str, dict[str, Decimal]]:
    """What contacts owe by the truth, prepayments aside: by contact and currency."""
    told: dict[str, dict[str, Decimal]] = {}
    for row in still.control.truth()["customers"]:
        told.setdefault(row["id"], {})[row["currency"]] = Decimal(row["total"]).scaleb(-2)
    for row in still.page("Prepayments", where='RemainingCredit>0 AND Type=="RECEIVE-PREPAYMENT"'):
        told[row["Contact"]["ContactID"]][row["CurrencyCode"]] += row["RemainingCredit"]
    return told


def test_it_has_the_form_of_the_official_example(still: Organisation) -> None:
    contact = debtors(still, {"GBP"})[0]
    found = report(still, contact, fromDate="2025-01-01", toDate=DAY)
    header, opening, documents, closing = found["Rows"]
    assert [cell["Value"] for cell in header["Cells"]] == [
        *("Date", "Number", "Due Date", "", "Total", "Paid", "Credited", "Due"),
    ]
    assert {section["Title"] for section in (opening, documents, closing)} == {""}
    assert opening["Rows"][0]["Cells"][1]["Value"] == "Opening Balance"
    assert documents["Rows"][0]["Cells"][0]["Attributes"][0]["Id"] == "invoiceID"
    assert documents["Rows"][-1]["Cells"][0]["Value"] == "Total"
    assert closing["Rows"][0]["RowType"] == "SummaryRow"
    assert found["ReportTitles"][2:] == ["From 1 January 2025 to 2 March 2026", "Showing payments to 2 March 2026"]


_Owed = dict[str, dict[str, Decimal]]


def test_its_due_column_is_what_the_contact_owes(still: Organisation, owed: _Owed) -> None:
    for contact in debtors(still, {"GBP"})[:12]:
        assert column(report(still, contact), "Due").get("", Decimal(0)) == owed[contact]["GBP"]


def test_with_other_currencies_every_section_is_titled_by_its_own(still: Organisation, owed: _Owed) -> None:
    for contact in (*debtors(still, {"EUR", "GBP"}), *debtors(still, {"USD"})):
        assert column(report(still, contact), "Due") == owed[contact]


def test_with_other_currencies_the_last_column_is_in_the_base_currency(still: Organisation) -> None:
    found = report(still, debtors(still, {"USD"})[0])
    assert [cell["Value"] for cell in found["Rows"][0]["Cells"]][-2:] == ["Due", "Due Local"]
    assert column(found, "Due Local")["USD"] < column(found, "Due")["USD"]


def test_the_local_column_can_be_switched_off(own: Organisation) -> None:
    own.control.switch("report_local_column", False)
    found = report(own, debtors(own, {"USD"})[0])
    assert found["Rows"][0]["Cells"][-1]["Value"] == "Due"
    assert all(len(row["Cells"]) == 8 for section in found["Rows"][1:] for row in section["Rows"])


def test_payments_after_the_day_have_not_come_yet(still: Organisation) -> None:
    row = still.page("Invoices", where='Status=="PAID" AND AmountPaid>0 AND Type=="ACCREC"', pageSize=400)[-1]
    contact, day = row["Contact"]["ContactID"], row["DateString"][:10]
    numbers = [
        each["Cells"][1]["Value"]
        for section in report(still, contact, date=day)["Rows"][1:]
        for each in section["Rows"]
    ]
    assert row["InvoiceNumber"] in numbers
    aged = still.control.aged(date.fromisoformat(day))
    assert any(each["id"] == contact and each["open"] for each in aged["customers"])


def test_prepayments_are_not_in_it_and_overpayments_are(still: Organisation) -> None:
    (prepaid,) = still.page("Prepayments", where='RemainingCredit>0 AND Type=="RECEIVE-PREPAYMENT"')
    assert column(report(still, prepaid["Contact"]["ContactID"]), "Due") == {"": Decimal(900)}
    over = still.page("Overpayments", where='RemainingCredit>0 AND Type!="SPEND-OVERPAYMENT"')[0]
    assert "Overpayment" in str(report(still, over["Contact"]["ContactID"]))


def test_by_default_it_is_of_the_end_of_the_month(still: Organisation) -> None:
    (found,) = still.get("Reports/AgedReceivablesByContact", contactID=debtors(still, {"GBP"})[0])["Reports"]
    assert found["ReportTitles"][2:] == ["To 31 March 2026", "Showing payments to 31 March 2026"]
    assert found["ReportDate"] == "2 March 2026"


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"contactId": "00000000-0000-0000-0000-000000000000"}, 404),
        ({"contactId": "{contact}", "date": "soon"}, 400),
    ],
)
def test_it_is_of_one_contact_and_one_day(still: Organisation, params: dict[str, str], status: int) -> None:
    contact = debtors(still, {"GBP"})[0]
    params = {name: value.format(contact=contact) for name, value in params.items()}
    assert still.session.get("Reports/AgedReceivablesByContact", params=params).status_code == status
