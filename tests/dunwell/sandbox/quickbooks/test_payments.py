"""Writing payments, credit memos and customers, and how their figures hang together."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dunwell.sandbox.api import MONDAY, Company, invoice_body, payment_body, sales_line


def a_credit(company: Company, amount: str = "40.00") -> Any:
    body = {"CustomerRef": {"value": "1"}, "Line": [sales_line(amount)]}
    return company.post("creditmemo", body)["CreditMemo"]


def read(company: Company, entity: str, record: Any) -> Any:
    return company.get(f"{entity.lower()}/{record['Id']}")[entity]


def test_a_payment_settles_its_invoice_in_part(shared: Company) -> None:
    invoice = shared.an_invoice()
    paid = shared.post("payment", payment_body(60, ("Invoice", invoice["Id"], 45)))["Payment"]
    assert (paid["TotalAmt"], paid["UnappliedAmt"]) == (60, 15)
    after = read(shared, "Invoice", invoice)
    assert (after["Balance"], after["LinkedTxn"]) == (55, [{"TxnId": paid["Id"], "TxnType": "Payment"}])


def test_its_line_names_the_invoices_number(shared: Company) -> None:
    invoice = shared.an_invoice()
    paid = shared.post("payment", payment_body(45, ("Invoice", invoice["Id"], 45)))["Payment"]
    (line,) = paid["Line"]
    named = {each["value"]["Name"]: each["value"]["Value"] for each in line["LineEx"]["any"]}
    assert (named["txnId"], named["txnReferenceNumber"]) == (invoice["Id"], invoice["DocNumber"])


def test_a_payment_without_lines_is_all_unapplied(shared: Company) -> None:
    paid = shared.post("payment", payment_body(25))["Payment"]
    assert (paid["UnappliedAmt"], paid["Line"]) == (25, [])


def test_a_credit_memo_is_applied_by_a_payment_of_nothing_with_two_lines(shared: Company) -> None:
    invoice, memo = shared.an_invoice(), a_credit(shared)
    body = payment_body(0, ("Invoice", invoice["Id"], 40), ("CreditMemo", memo["Id"], 40))
    paid = shared.post("payment", body)["Payment"]
    assert (paid["TotalAmt"], paid["PrivateNote"]) == (0, "Created by QB Online to link credits to charges.")
    kinds = {line["LinkedTxn"][0]["TxnType"]: line["Amount"] for line in paid["Line"]}
    assert kinds == {"Invoice": 40, "CreditMemo": 40}
    after = read(shared, "CreditMemo", memo)
    assert (after["RemainingCredit"], after["Balance"], "LinkedTxn" in after) == (0, 0, False)
    assert read(shared, "Invoice", invoice)["Balance"] == 60


def test_the_story_applies_credits_the_same_way(reading: Company) -> None:
    applied = reading.rows("select * from Payment where TotalAmt = '0' maxresults 100")
    assert len(applied) >= 5
    for payment in applied:
        assert {line["LinkedTxn"][0]["TxnType"] for line in payment["Line"]} == {"Invoice", "CreditMemo"}


def test_cash_and_credit_may_pay_together(shared: Company) -> None:
    invoice, memo = shared.an_invoice(), a_credit(shared)
    body = payment_body(60, ("Invoice", invoice["Id"], 100), ("CreditMemo", memo["Id"], 40))
    paid = shared.post("payment", body)["Payment"]
    assert (paid["TotalAmt"], paid["UnappliedAmt"], read(shared, "Invoice", invoice)["Balance"]) == (60, 0, 0)


@pytest.mark.parametrize(
    ("total", "applied", "code"),
    [(200, 150, "6000"), (50, 60, "6000"), ("much", 10, "2080")],
)
def test_more_than_is_open_or_came_cannot_be_applied(shared: Company, total: Any, applied: int, code: str) -> None:
    invoice = shared.an_invoice()
    assert shared.refused("payment", payment_body(total, ("Invoice", invoice["Id"], applied)))[0] == code
    assert read(shared, "Invoice", invoice)["SyncToken"] == "0"


def test_only_invoices_and_credit_memos_can_be_linked(shared: Company) -> None:
    assert shared.refused("payment", payment_body(10, ("Bill", "1", 10)))[0] == "620"
    assert shared.refused("payment", payment_body(10, ("Invoice", "999999", 10)))[0] == "620"


def test_lines_left_out_of_an_update_are_unlinked(shared: Company) -> None:
    first, second = shared.an_invoice(), shared.an_invoice()
    body = payment_body(100, ("Invoice", first["Id"], 50), ("Invoice", second["Id"], 50))
    paid = shared.post("payment", body)["Payment"]
    update = {"Id": paid["Id"], "SyncToken": "0", "sparse": True, "Line": body["Line"][:1]}  # type: ignore[index]
    after = shared.post("payment", update)["Payment"]
    assert after["UnappliedAmt"] == 50
    assert [read(shared, "Invoice", each)["Balance"] for each in (first, second)] == [50, 100]


def test_a_sparse_update_without_lines_keeps_them(shared: Company) -> None:
    invoice = shared.an_invoice()
    paid = shared.post("payment", payment_body(100, ("Invoice", invoice["Id"], 100)))["Payment"]
    update = {"Id": paid["Id"], "SyncToken": "0", "sparse": True, "PaymentRefNum": "77"}
    after = shared.post("payment", update)["Payment"]
    assert (after["PaymentRefNum"], len(after["Line"])) == ("77", 1)


def test_a_deleted_payment_opens_the_invoice_again(shared: Company) -> None:
    invoice = shared.an_invoice()
    paid = shared.post("payment", payment_body(100, ("Invoice", invoice["Id"], 100)))["Payment"]
    shared.post("payment", {"Id": paid["Id"], "SyncToken": "0"}, operation="delete")
    after = read(shared, "Invoice", invoice)
    assert (after["Balance"], after["LinkedTxn"], after["SyncToken"]) == (100, [], "2")


def test_a_payment_is_voided_by_an_update_that_includes_it(shared: Company) -> None:
    invoice = shared.an_invoice()
    paid = shared.post("payment", payment_body(100, ("Invoice", invoice["Id"], 100)))["Payment"]
    update = {"Id": paid["Id"], "SyncToken": "0", "sparse": True}
    void = shared.post("payment", update, operation="update", include="void")["Payment"]
    assert (void["TotalAmt"], void["UnappliedAmt"], void["Line"], void["PrivateNote"]) == (0, 0, [], "Voided")
    assert read(shared, "Invoice", invoice)["Balance"] == 100


def test_a_credit_memo_cannot_be_voided(shared: Company) -> None:
    memo = a_credit(shared)
    assert shared.refused("creditmemo", {"Id": memo["Id"], "SyncToken": "0"}, operation="void")[0] == "500"


def test_a_customer_is_created_as_recorded_and_its_name_is_unique(shared: Company) -> None:
    made = shared.post("customer", {"DisplayName": "Doe5, Jane"})["Customer"]
    assert (made["Active"], made["Balance"], made["FullyQualifiedName"]) == (True, 0, "Doe5, Jane")
    assert shared.refused("customer", {"DisplayName": "doe5, jane"})[0] == "6240"
    assert shared.refused("customer", {"CompanyName": "Nobody"})[0] == "2020"


def test_an_inactive_customer_is_marked_and_keeps_its_name_taken(shared: Company) -> None:
    made = shared.post("customer", {"DisplayName": "Gone & Away"})["Customer"]
    update = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    assert shared.post("customer", update)["Customer"]["DisplayName"] == "Gone & Away (deleted)"
    assert shared.refused("customer", {"DisplayName": "Gone & Away"})[0] == "6240"


def test_a_customers_notes_hold_two_thousand_characters(shared: Company) -> None:
    made = shared.post("customer", {"DisplayName": "Noted", "Notes": "x" * 2000})["Customer"]
    assert len(made["Notes"]) == 2000
    update = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": "x" * 2001}
    assert shared.refused("customer", update)[0] == "2050"


def test_a_sub_customers_balance_is_in_its_parents_with_jobs(shared: Company) -> None:
    parent = shared.post("customer", {"DisplayName": "Head"})["Customer"]
    child = shared.post(
        "customer", {"DisplayName": "Job", "Job": True, "ParentRef": {"value": parent["Id"]}, "BillWithParent": True}
    )["Customer"]
    assert (child["FullyQualifiedName"], child["Level"], child["BillWithParent"]) == ("Head:Job", 1, True)
    invoice = shared.post("invoice", invoice_body(CustomerRef={"value": child["Id"]}))["Invoice"]
    assert invoice["CustomerRef"]["name"] == "Head:Job"
    after = read(shared, "Customer", parent)
    assert (after["Balance"], after["BalanceWithJobs"]) == (0, 100)


def test_customers_cannot_be_deleted_and_lists_not_written(shared: Company) -> None:
    assert shared.refused("customer", {"Id": "1", "SyncToken": "0"}, operation="delete")[0] == "500"
    assert shared.refused("term", {"Name": "Net 99"})[0] == "500"


def test_a_balance_may_be_negative(reading: Company) -> None:
    (customer,) = reading.rows("select * from Customer where DisplayName like 'Marlow%'")
    assert customer["Balance"] == -125


def everything(company: Company, entity: str) -> list[Any]:
    rows, start = [], 1
    while page := company.rows(f"select * from {entity} orderby Id startposition {start} maxresults 1000"):
        rows += page
        start += 1000
    return rows


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(1, 10_000), hours=st.integers(-24 * 120, 24 * 150))
def test_over_the_wire_every_balance_is_what_its_documents_say(seed: int, hours: int) -> None:
    with Company(seed=seed, start=MONDAY.date()) as company:
        company.clock.move(hours=max(0, hours))
        company.sign_in()
        invoices, payments = everything(company, "Invoice"), everything(company, "Payment")
        applied: dict[str, Decimal] = {}
        for line in (line for payment in payments for line in payment["Line"]):
            (linked,) = line["LinkedTxn"]
            applied[linked["TxnId"]] = applied.get(linked["TxnId"], Decimal(0)) + line["Amount"]
        for each in invoices:
            assert each["Balance"] == each["TotalAmt"] - each.get("Deposit", 0) - applied.get(each["Id"], 0)
        owed: dict[str, Decimal] = {}
        memos = everything(company, "CreditMemo")
        for rows, figure, sign in (
            (invoices, "Balance", 1),
            (payments, "UnappliedAmt", -1),
            (memos, "RemainingCredit", -1),
        ):
            for each in rows:
                customer = each["CustomerRef"]["value"]
                owed[customer] = owed.get(customer, Decimal(0)) + sign * each[figure]
        customers = company.rows("select * from Customer where Active in (true, false) maxresults 1000")
        for each in customers:
            assert each["Balance"] == owed.get(each["Id"], 0)
            jobs = [job["Balance"] for job in customers if job.get("ParentRef", {}).get("value") == each["Id"]]
            assert each["BalanceWithJobs"] == each["Balance"] + sum(jobs)
