"""Every fault on a real socket: what the caller sees, and whether the write happened."""

import threading
import time
import xml.etree.ElementTree as ET

import httpx
import msgspec
import pytest

from dunwell.sandbox.faults import Faults, Kind
from tests.dunwell.sandbox.api import Company, bare, fault, invoice_body, ok


def count(company: Company) -> int:
    """How many invoices there really are."""
    return len(company.control.live()["invoice"])


def create(company: Company) -> httpx.Response:
    return company.session.post("invoice", content=msgspec.json.encode(invoice_body()))


def test_a_minute_limit_is_a_429_with_fault_3001(shared: Company) -> None:
    shared.sandbox.faults.add("minute_limit")
    response = shared.session.get("companyinfo/1")
    assert response.status_code == 429
    assert response.json()["Fault"]["Error"][0]["code"] == "3001"
    assert "retry-after" not in response.headers


def test_a_day_limit_says_to_come_back_tomorrow(shared: Company) -> None:
    shared.sandbox.faults.add(Kind.DAY_LIMIT)
    response = shared.session.get("companyinfo/1")
    assert (response.status_code, response.headers["retry-after"]) == (429, "86400")


def test_an_expired_token_is_a_401_of_the_gateway_that_echoes_part_of_it(shared: Company) -> None:
    shared.sandbox.faults.add("expired")
    response = shared.session.get("companyinfo/1")
    assert response.status_code == 401
    detail = response.json()["fault"]["error"][0]["detail"]
    assert shared.session.headers["authorization"][7:23] in detail


@pytest.mark.parametrize(("kind", "status"), [("forbidden", 403), ("broken", 500), ("unavailable", 503)])
def test_a_status_comes_with_its_body(shared: Company, kind: str, status: int) -> None:
    shared.sandbox.faults.add(kind)
    response = shared.session.get("companyinfo/1")
    assert response.status_code == status
    assert bool(response.content) is (kind != "unavailable")


def test_an_html_page_comes_where_json_was_asked_for(shared: Company) -> None:
    shared.sandbox.faults.add("html_page")
    response = shared.session.get("companyinfo/1")
    assert response.headers["content-type"] == "text/html"
    with pytest.raises(ValueError, match="Expecting value"):
        response.json()


@pytest.mark.parametrize(("kind", "status"), [("xml_limit_429", 429), ("xml_limit_403", 403)])
def test_the_throttle_body_comes_in_xml(shared: Company, kind: str, status: int) -> None:
    shared.sandbox.faults.add(kind)
    response = shared.session.get("companyinfo/1", headers={"Accept": "application/json"})
    assert response.status_code == status
    root = ET.fromstring(response.content)
    error = root.find(".//{http://schema.intuit.com/finance/v3}Error")
    assert error is not None
    assert error.get("code") == "3001"
    assert f"statusCode={status}" in "".join(error.itertext())


@pytest.mark.parametrize("path", ["upload", "batch", "cdc", "query", "invoice"])
def test_a_fault_hides_in_a_success(shared: Company, path: str) -> None:
    shared.sandbox.faults.add("fault_in_200")
    response = shared.session.request("GET" if path in ("cdc", "query") else "POST", path)
    assert response.status_code == 200
    assert '"Fault"' in response.text


def test_a_stale_fault_makes_somebody_else_quicker(shared: Company) -> None:
    made = shared.an_invoice()
    shared.sandbox.faults.add("stale")
    change = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True, "PrivateNote": "x"}
    assert shared.refused("invoice", change)[0] == "5010"
    assert shared.get(f"invoice/{made['Id']}")["Invoice"]["SyncToken"] == "1"


def test_in_a_batch_every_record_it_names_goes_stale(shared: Company) -> None:
    made = shared.an_invoice()
    shared.sandbox.faults.add("stale", path="/batch")
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    body = {"BatchItemRequest": [{"bId": "1", "operation": "update", "Invoice": change}]}
    (answer,) = shared.post("batch", body)["BatchItemResponse"]
    assert answer["Fault"]["Error"][0]["code"] == "5010"


def test_silence_lasts_until_the_caller_gives_up_and_nothing_was_done(shared: Company) -> None:
    before = count(shared)
    shared.sandbox.faults.add("silence")
    with pytest.raises(httpx.ReadTimeout):
        shared.session.post("invoice", content=msgspec.json.encode(invoice_body()), timeout=0.1)
    assert count(shared) == before


def test_silence_ends_by_itself(shared: Company) -> None:
    shared.sandbox.faults.add("silence", seconds=0.05)
    with pytest.raises(httpx.RemoteProtocolError):
        shared.session.get("companyinfo/1")


def test_silence_may_come_after_the_write(shared: Company) -> None:
    before = count(shared)
    shared.sandbox.faults.add("silence_after")
    with pytest.raises(httpx.ReadTimeout):
        shared.session.post("invoice", content=msgspec.json.encode(invoice_body()), timeout=0.1)
    assert count(shared) == before + 1


@pytest.mark.parametrize(("kind", "written"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_leaves_the_caller_in_the_dark(shared: Company, kind: str, written: int) -> None:
    before = count(shared)
    shared.sandbox.faults.add(kind, method="POST")
    with pytest.raises(httpx.TransportError):
        create(shared)
    assert count(shared) == before + written


def test_a_truncated_body_is_whole_to_http_and_broken_to_json(shared: Company) -> None:
    shared.sandbox.faults.add("truncated")
    response = shared.session.get("query", params={"query": "select * from Invoice"})
    assert response.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        response.json()


def test_a_body_may_be_cut_off_with_its_connection(shared: Company) -> None:
    shared.sandbox.faults.add("cut_off")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        shared.session.get("query", params={"query": "select * from Invoice"})


def test_a_delay_passes_on_the_sandboxs_clock(shared: Company) -> None:
    shared.sandbox.faults.add("delay", seconds=90)
    before = shared.clock.now()
    started = time.perf_counter()
    assert shared.session.get("companyinfo/1").status_code == 200
    assert (shared.clock.now() - before).total_seconds() == 90
    assert time.perf_counter() - started < 60


def test_others_are_answered_while_one_waits_in_silence(company: Company) -> None:
    company.sandbox.faults.add("silence", path="/invoice", seconds=120)

    def wait() -> None:
        with pytest.raises(httpx.TransportError):
            create(company)

    waiting = threading.Thread(target=wait)
    waiting.start()
    headers = dict(company.session.headers)
    assert bare("GET", f"{company.session.base_url}companyinfo/1", headers=headers).status_code == 200
    company.sandbox.stop()
    waiting.join(timeout=60)
    assert not waiting.is_alive()


def test_a_rule_lets_some_calls_pass_and_ends_after_some(shared: Company) -> None:
    shared.sandbox.faults.add("broken", skip=1, times=2)
    statuses = [shared.session.get("companyinfo/1").status_code for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]


def test_a_rule_without_an_end_goes_on(shared: Company) -> None:
    rule = shared.sandbox.faults.add("broken", times=None)
    assert {shared.session.get("companyinfo/1").status_code for _ in range(4)} == {500}
    shared.sandbox.faults.remove(rule.id)
    assert shared.session.get("companyinfo/1").status_code == 200


def test_a_rule_strikes_only_what_it_names(shared: Company) -> None:
    shared.sandbox.faults.add("broken", method="POST", path="/invoice", body="second", times=None)
    shared.sandbox.faults.add("unavailable", query="FROM payment", times=None)
    assert create(shared).status_code == 200
    body = msgspec.json.encode(invoice_body(PrivateNote="the Second"))
    assert shared.session.post("invoice", content=body).status_code == 500
    assert shared.session.get("query", params={"query": "select * from Payment"}).status_code == 503
    assert shared.session.get("query", params={"query": "select * from Invoice"}).status_code == 200


def test_another_platforms_rule_does_not_strike(shared: Company) -> None:
    shared.sandbox.faults.add("broken", platform="xero")
    assert shared.session.get("companyinfo/1").status_code == 200


def test_a_rule_counts_what_it_did(shared: Company) -> None:
    rule = shared.sandbox.faults.add("broken", skip=1)
    for _ in range(3):
        shared.session.get("companyinfo/1")
    assert (rule.matched, rule.happened) == (2, 1)


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        Faults().add("earthquake")
    with pytest.raises(msgspec.ValidationError):
        Faults().add("broken", pathh="/invoice")


def test_after_a_fault_the_connection_serves_on(shared: Company) -> None:
    shared.sandbox.faults.add("drop_before")
    with pytest.raises(httpx.TransportError):
        shared.session.get("companyinfo/1")
    assert ok(shared.session.get("companyinfo/1"))["CompanyInfo"]["Country"] == "US"


def test_a_refused_request_is_no_fault_of_ours(shared: Company) -> None:
    assert fault(shared.session.get("invoice/1.5"))[0] == "2030"
