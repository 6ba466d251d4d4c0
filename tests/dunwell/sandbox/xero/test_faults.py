"""Every fault in Xero's own form, and whether the write happened. What platforms share is tested one folder up."""

import xml.etree.ElementTree as ET
from contextlib import suppress

import httpx
import pytest

from dunwell.sandbox.faults import Kind
from tests.dunwell.sandbox.xero.api import Organisation, refusal


def notes(xero: Organisation, path: str) -> int:
    return sum(each["Changes"] == "Note" for each in xero.get(f"{path}/History")["HistoryRecords"])


def write(xero: Organisation, path: str) -> httpx.Response:
    return xero.session.put(f"{path}/History", json={"HistoryRecords": [{"Details": "x"}]})


def a_path(xero: Organisation) -> str:
    return f"Contacts/{xero.a_contact()['ContactID']}"


@pytest.mark.parametrize(("kind", "problem", "wait"), [("minute_limit", "minute", "60"), ("day_limit", "day", "86400")])
def test_a_limit_says_which_and_how_long(xero: Organisation, kind: str, problem: str, wait: str) -> None:
    xero.sandbox.faults.add(kind)
    answer = xero.session.get("Organisation")
    assert answer.status_code == 429
    assert (answer.headers["x-rate-limit-problem"], answer.headers["retry-after"]) == (problem, wait)
    assert "xero-correlation-id" in answer.headers


@pytest.mark.parametrize(
    ("kind", "status", "detail"),
    [("expired", 401, "TokenExpired: token expired at"), ("forbidden", 403, "AuthenticationUnsuccessful")],
)
def test_the_gateways_own_errors(xero: Organisation, kind: str, status: int, detail: str) -> None:
    xero.sandbox.faults.add(kind)
    answer = xero.session.get("Organisation")
    assert answer.status_code == status
    assert answer.json()["Detail"].startswith(detail)


def test_a_broken_server_has_xeros_sentence_and_an_unavailable_one_nothing(xero: Organisation) -> None:
    xero.sandbox.faults.add("broken")
    broken = xero.session.get("Organisation")
    assert (broken.status_code, broken.json()["ErrorNumber"]) == (500, 500)
    assert broken.json()["Message"].startswith("An error occurred in Xero.")
    xero.sandbox.faults.add("unavailable")
    unavailable = xero.session.get("Organisation")
    assert (unavailable.status_code, unavailable.content) == (503, b"")


def test_a_page_of_a_proxy_comes_where_json_was_asked_for(xero: Organisation) -> None:
    xero.sandbox.faults.add("html_page")
    answer = xero.session.get("Organisation")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")


@pytest.mark.parametrize(("kind", "status"), [("xml_limit_429", 429), ("xml_limit_403", 403)])
def test_a_limit_may_come_in_xml(xero: Organisation, kind: str, status: int) -> None:
    xero.sandbox.faults.add(kind)
    answer = xero.session.get("Organisation")
    assert answer.status_code == status
    assert ET.fromstring(answer.content).findtext("Status") == str(status)


def test_a_rule_of_xeros_own_says_no(xero: Organisation) -> None:
    path = a_path(xero)
    xero.sandbox.faults.add("refused")
    assert refusal(write(xero, path)) == "The document does not take this."
    assert notes(xero, path) == 0


def test_an_error_hides_in_the_elements_of_a_success(xero: Organisation) -> None:
    path = a_path(xero)
    xero.sandbox.faults.add("fault_in_200")
    answer = write(xero, path)
    assert answer.status_code == 200
    assert answer.json()["History"][0]["StatusAttributeString"] == "ERROR"
    assert notes(xero, path) == 0


@pytest.mark.parametrize(
    ("kind", "written"), [("drop_before", 0), ("drop_after", 1), ("silence", 0), ("silence_after", 1), ("cut_off", 1)]
)
def test_the_caller_is_left_in_the_dark(xero: Organisation, kind: str, written: int) -> None:
    path = a_path(xero)
    xero.sandbox.faults.add(kind, method="PUT", seconds=0.05)
    with pytest.raises(httpx.TransportError):
        write(xero, path)
    assert notes(xero, path) == written


def test_a_truncated_body_is_whole_to_http(xero: Organisation) -> None:
    xero.sandbox.faults.add("truncated")
    answer = xero.session.get("Invoices", params={"page": 1})
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_a_delay_passes_on_the_sandboxs_clock(xero: Organisation) -> None:
    xero.sandbox.faults.add("delay", seconds=90)
    before = xero.clock.now()
    assert xero.session.get("Organisation").status_code == 200
    assert (xero.clock.now() - before).total_seconds() == 90


def test_nothing_goes_stale_as_xero_has_no_versions(xero: Organisation) -> None:
    path = a_path(xero)
    xero.sandbox.faults.add("stale", method="PUT")
    assert write(xero, path).status_code == 200


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_fault_can_be_asked_for(xero: Organisation, kind: Kind) -> None:
    rule = xero.sandbox.faults.add(kind, platform="xero", seconds=0.01)
    with suppress(httpx.TransportError):
        xero.session.get("Organisation")
    assert rule.happened == 1
    assert xero.session.get("Organisation").status_code == 200
