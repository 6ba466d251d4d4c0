"""What the owner of a sandbox can do to it, from Python and over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from dunwell.sandbox.control import NotThere
from tests.dunwell.sandbox.api import Company, bare


def an_open_invoice(company: Company) -> Any:
    return company.rows("select * from Invoice where Balance > '500' maxresults 1")[0]


def read(company: Company, entity: str, record_id: str) -> Any:
    return company.get(f"{entity.lower()}/{record_id}")[entity]


def test_an_invoice_is_paid_in_full_by_its_number(shared: Company) -> None:
    invoice = an_open_invoice(shared)
    done = shared.control.pay(invoice["DocNumber"])
    assert read(shared, "Invoice", invoice["Id"])["Balance"] == 0
    assert read(shared, "Payment", done["payment"])["TotalAmt"] == invoice["Balance"]


def test_an_invoice_is_paid_in_part_by_its_id(shared: Company) -> None:
    invoice = an_open_invoice(shared)
    left = shared.control.pay(f"id:{invoice['Id']}", amount=12_345)["open"]
    assert read(shared, "Invoice", invoice["Id"])["Balance"] == invoice["Balance"] - Decimal("123.45")
    assert left == int(invoice["Balance"] * 100) - 12_345


def test_more_than_is_open_stays_unapplied(shared: Company) -> None:
    invoice = an_open_invoice(shared)
    done = shared.control.pay(invoice["DocNumber"], amount=int(invoice["Balance"] * 100) + 700)
    assert read(shared, "Payment", done["payment"])["UnappliedAmt"] == 7


def test_money_on_account_settles_nothing(shared: Company) -> None:
    name = shared.rows("select * from Customer maxresults 1")[0]["DisplayName"]
    done = shared.control.pay_on_account(name, 5_000, date(2026, 3, 1))
    payment = read(shared, "Payment", done["payment"])
    assert (payment["UnappliedAmt"], payment["Line"], payment["TxnDate"]) == (50, [], "2026-03-01")


def test_an_invoice_is_voided_and_another_deleted(shared: Company) -> None:
    first, second = shared.rows("select * from Invoice where Balance > '500' maxresults 2")
    shared.control.void(first["DocNumber"])
    shared.control.delete("invoice", second["DocNumber"])
    assert read(shared, "Invoice", first["Id"])["PrivateNote"] == "Voided"
    assert shared.session.get(f"invoice/{second['Id']}").status_code == 400


def test_edits_change_nothing_but_the_version(shared: Company) -> None:
    edited = shared.control.edit("invoice", count=3)["edited"]
    versions = shared.control.live()["invoice"]
    shared.control.edit("invoice", record=edited[0])
    assert shared.control.live()["invoice"][edited[0]] == versions[edited[0]] + 1


def test_a_customer_and_an_invoice_are_added(shared: Company) -> None:
    customer = shared.control.add_customer("New & Sons", "new@example.com", term_days=15)["customer"]
    made = shared.control.add_invoice("New & Sons", 123_400)
    invoice = read(shared, "Invoice", made["invoice"])
    assert (invoice["CustomerRef"]["value"], invoice["TotalAmt"]) == (customer, 1234)
    assert (invoice["DueDate"], invoice["EmailStatus"]) == ("2026-03-17", "EmailSent")


def test_a_credit_is_added_and_lowers_the_balance(shared: Company) -> None:
    before = read(shared, "Customer", "1")
    made = shared.control.add_credit(before["DisplayName"], 4_000)
    assert read(shared, "CreditMemo", made["credit"])["RemainingCredit"] == 40
    assert read(shared, "Customer", "1")["Balance"] == before["Balance"] - 40


def test_the_truth_is_what_the_customers_balances_say(shared: Company) -> None:
    truth = shared.control.truth()
    rows = shared.rows("select * from Customer where Active in (true, false) maxresults 1000")
    balances = {each["Id"]: int(each["Balance"] * 100) for each in rows if each["Balance"]}
    assert {row["id"]: row["total"] for row in truth["customers"] if row["total"]} == balances
    assert truth["currencies"]["USD"]["total"] == sum(balances.values())


def test_the_aged_receivables_of_a_past_day_can_be_read(shared: Company) -> None:
    aged = shared.control.aged(date(2025, 12, 31))
    assert aged["currencies"]["USD"]["open"] == sum(sum(row["buckets"]) for row in aged["customers"]) > 0


def test_the_living_are_listed_with_their_versions(shared: Company) -> None:
    live = shared.control.live()
    rows = shared.rows("select * from Invoice orderby Id maxresults 1000")
    rows += shared.rows("select * from Invoice orderby Id startposition 1001 maxresults 1000")
    assert live["invoice"] == {each["Id"]: int(each["SyncToken"]) for each in rows}


def test_what_an_api_wrote_is_listed(company: Company) -> None:
    ref = {"EntityRef": {"type": "Customer", "value": "1"}}
    company.post("attachable", {"Note": "Dunwell 1a2b", "AttachableRef": [ref]})
    (paper,) = company.control.papers()
    assert (paper["note"], paper["targets"], paper["name"]) == ("Dunwell 1a2b", [["customer", "1"]], None)


def test_what_is_not_there_is_said_to_be_so(shared: Company) -> None:
    with pytest.raises(NotThere, match="no invoice '4711'"):
        shared.control.pay("4711")
    with pytest.raises(NotThere, match="no switch 'x'"):
        shared.control.switch("x", True)


def over_http(company: Company, method: str, verb: str, **body: object) -> httpx.Response:
    return bare(method, f"{company.sandbox.url}/_sandbox/{verb}", json=body or None)


def test_over_http_it_says_what_there_is(shared: Company) -> None:
    about = over_http(shared, "GET", "").json()
    assert about["now"] == "2026-03-02T17:00:00Z"
    assert about["platforms"]["quickbooks"]["company_id"] == shared.realm
    assert about["platforms"]["quickbooks"]["apps"][0]["client_id"] == "sandbox-app"


def test_over_http_an_invoice_is_paid(shared: Company) -> None:
    invoice = an_open_invoice(shared)
    done = over_http(shared, "POST", "quickbooks/pay", invoice=invoice["DocNumber"], paid_on="2026-03-01")
    assert done.json()["open"] == 0
    assert read(shared, "Payment", done.json()["payment"])["TxnDate"] == "2026-03-01"


def test_over_http_tokens_are_given(shared: Company) -> None:
    tokens = over_http(shared, "POST", "quickbooks/tokens").json()
    assert tokens.keys() == {"access_token", "refresh_token", "expires_in", "realm_id"}


def test_over_http_faults_are_added_listed_and_removed(shared: Company) -> None:
    added = over_http(shared, "POST", "faults", kind="broken", path="/query", times=None).json()
    assert [each["id"] for each in over_http(shared, "GET", "faults").json()] == [added["id"]]
    assert shared.session.get("query").status_code == 500
    over_http(shared, "DELETE", f"faults/{added['id']}")
    assert over_http(shared, "GET", "faults").json() == []


def test_over_http_truth_and_age_are_read(shared: Company) -> None:
    assert over_http(shared, "GET", "quickbooks/truth").json() == shared.control.truth()
    aged = over_http(shared, "GET", "quickbooks/aged?as_of=2026-01-31&from_invoice_date=true").json()
    assert aged == shared.control.aged(date(2026, 1, 31), from_invoice_date=True)


def test_over_http_mistakes_get_a_sentence(shared: Company) -> None:
    assert over_http(shared, "POST", "quickbooks/pay", invoice="4711").json() == {
        "error": "There is no invoice '4711'."
    }
    assert over_http(shared, "POST", "quickbooks/pay", amount=1).status_code == 400
    assert over_http(shared, "POST", "quickbooks/fly").status_code == 404
    assert over_http(shared, "POST", "faults", kind="earthquake").status_code == 400


def test_calls_and_bytes_are_counted_by_path(company: Company) -> None:
    company.sandbox.traffic.clear()
    company.get("invoice/" + an_open_invoice(company)["Id"])
    company.session.get("companyinfo/1")
    told = over_http(company, "GET", "traffic").json()
    path = "/v3/company/{id}"
    assert told["by_path"] == {
        f"GET {path}/companyinfo/{{id}}": 1,
        f"GET {path}/invoice/{{id}}": 1,
        f"GET {path}/query": 1,
    }
    assert told["total"] == 3
    assert told["sent"] > 1000
    assert [each["status"] for each in told["calls"]] == [200, 200, 200]


def test_an_unanswered_call_counts_with_status_0_and_its_fault(shared: Company) -> None:
    shared.sandbox.faults.add("drop_after")
    with pytest.raises(httpx.TransportError):
        shared.session.get("companyinfo/1")
    seen = shared.sandbox.traffic.calls[-1]
    assert (seen.status, seen.sent, seen.fault) == (0, 0, "drop_after")
