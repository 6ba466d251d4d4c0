"""A full run of our connector against Intuit's schema: every request that we make, every answer that we get."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.dunwell.sandbox.api import Company
from tests.dunwell.sandbox.asking import Exchange, left_out
from tests.dunwell.sandbox.findings import Findings
from tests.dunwell.sandbox.quickbooks.recordings import objects
from tests.dunwell.sandbox.quickbooks.run import Judge, exchanges

_NO_VALUE = "The content of element 'CustomField' is not complete. Tag ('StringValue' | 'BooleanValue' | 'DateValue' | "
_UNSET = "a field that nobody filled in comes without a value in every recording"
DIFFERENT = {
    f"answer: /IntuitResponse/QueryResponse/Invoice/CustomField: {_NO_VALUE}'NumberValue') expected.": _UNSET,
    f"answer: /IntuitResponse/QueryResponse/CreditMemo/CustomField: {_NO_VALUE}'NumberValue') expected.": _UNSET,
    f"answer: /IntuitResponse/Invoice/CustomField: {_NO_VALUE}'NumberValue') expected.": _UNSET,
    "answer: GET invoice/pdf: application/pdf is in no schema": "it is a file",
    "answer: GET download: text/plain is in no schema": "it is an address (Intuit, attachable: download)",
    "answer: GET quickbooks/files: application/pdf is in no schema": "it is a file",
    "request: a path that is none of the API's": "the signed address that `download` gave, with no token",
    "request: invoice/pdf without a minorversion": "the SDK sends none; the default is ours since 1 August 2025",
    "request: no Attachable.AttachableRef.EntityRef.Type": "an attribute in lower case; Intuit's page queries by Type",
    "request: no Attachable.AttachableRef.EntityRef.value": "the element's own text; Intuit's page calls it value",
    "request: an upload whose lines end in LF alone": "as the SDK writes them; its users upload so",
}
"""Where a request or an answer is not what the schema allows, and why it is right all the same.

One that does not occur any more fails the test, as one that is new does.
"""


@pytest.fixture(scope="module")
def caught() -> list[Exchange]:
    """Everything asked and answered, in a company of its own."""
    with Company() as company:
        return exchanges(company)


@pytest.fixture(scope="module")
def judge(data: Path) -> Judge:
    return Judge(data / "quickbooks/xsd")


@pytest.fixture(scope="module")
def findings(caught: list[Exchange], judge: Judge) -> Findings:
    return judge.findings(caught)


def test_every_method_of_a_connector_and_every_kind_of_write_is_asked_for() -> None:
    assert left_out() == set()


def test_every_difference_is_known_and_every_known_one_occurs(findings: Findings) -> None:
    assert findings.unexpected(DIFFERENT) == (set(), set())


def test_the_run_is_as_long_as_it_is_said_to_be(findings: Findings) -> None:
    assert findings.requests == findings.answers >= 55
    assert findings.objects >= 2_000


def test_the_requests_are_of_all_the_kinds_that_are_needed(findings: Findings) -> None:
    assert findings.operations == {
        "GET companyinfo",
        "POST query",
        "GET cdc",
        "GET invoice",
        "GET invoice/pdf",
        "GET customer",
        "POST attachable",
        "POST upload",
        "GET download",
        "GET quickbooks/files",
        "POST invoice",
        "POST customer",
    }


def test_every_request_asks_for_json_or_a_pdf_with_a_token(caught: list[Exchange]) -> None:
    for one in caught:
        signed = one.path.startswith("/quickbooks/files/")
        assert ("authorization" in one.headers) != signed
        assert signed or set(one.headers["accept"].split(", ")) <= {"application/json", "application/pdf"}


def test_every_write_carries_a_request_id_that_fits(caught: list[Exchange]) -> None:
    writes = [dict(one.query) for one in caught if one.method == "POST" and not one.path.endswith("/query")]
    assert len(writes) >= 7
    assert all(0 < len(query["requestid"]) <= 36 for query in writes)


def test_every_update_is_sparse_and_names_the_version_it_read(caught: list[Exchange]) -> None:
    saved = [msgspec.json.decode(one.body) for one in caught if one.path.endswith(("/invoice", "/customer"))]
    assert len(saved) >= 3
    assert all(body["sparse"] is True and body["SyncToken"] and body["Id"] for body in saved)


def test_a_field_without_a_value_was_recorded(recorded: list[Any]) -> None:
    fields = [field for each in objects(recorded, "Invoice") for field in each.get("CustomField", ())]
    assert fields
    assert not any("StringValue" in field for field in fields)


def test_the_judge_finds_what_is_wrong(judge: Judge) -> None:
    def complaints(method: str, path: str, body: bytes = b"", **query: str) -> Iterator[str]:
        asked = tuple(({"minorversion": "75"} | query).items())
        exchange = Exchange(
            method=method,
            path=f"/v3/company/1/{path}",
            query=asked,
            headers={},
            body=body,
            status=200,
            media_type="application/json",
            answer=b'{"QueryResponse":{},"time":"2026-03-02T09:00:00-08:00"}',
        )
        yield from judge.findings([exchange]).differences

    assert list(complaints("GET", "nonsense/1")) == ["request: no entity nonsense"]
    assert list(complaints("GET", "invoice/1", colour="red")) == ["request: invoice has no parameter colour"]
    assert list(complaints("POST", "query", b"SELECT * FROM Nothing")) == [
        "request: a query that the language does not know"
    ]
    assert list(complaints("POST", "query", b"SELECT * FROM Invoice WHERE Colour = 'red'")) == [
        "request: no Invoice.Colour"
    ]
    assert list(complaints("POST", "query", b"SELECT * FROM Invoice WHERE Id = 1 OR Id = 2")) == [
        "request: a condition that the language does not know"
    ]
    assert list(complaints("GET", "cdc", entities="Invoice,Color", changedSince="2026-03-02T09:00:00")) == [
        "request: no entity Color",
        "request: changedSince without its offset",
    ]
    assert len(list(complaints("POST", "attachable", b'{"Note": 5, "Colour": 1}'))) >= 2


def test_the_validator_finds_what_the_quick_reader_does_not(judge: Judge) -> None:
    line = {"Id": "1", "Amount": Decimal("5.00")}
    assert list(judge.official.mistakes("Invoice", {"Line": [line | {"DetailType": "SalesItemLineDetail"}]})) == []
    (mistake,) = judge.official.mistakes("Invoice", {"MetaData": [{}, {}]})
    assert "MetaData" in mistake
