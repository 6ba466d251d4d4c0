"""The query language with its quirks."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import pytest

from tests.dunwell.sandbox.api import Company, fault


def test_everything_is_paged_by_a_hundred_unless_asked_otherwise(reading: Company) -> None:
    response = reading.query("select * from Invoice")
    assert (len(response["Invoice"]), response["startPosition"], response["maxResults"]) == (100, 1, 100)


def test_a_thousand_is_the_most(reading: Company) -> None:
    assert len(reading.rows("select * from Invoice maxresults 1000")) == 1000
    code, detail = reading.query_refused("select * from Invoice maxresults 1001")
    assert (code, detail) == ("4001", "QueryValidationError: value 1001 is too large. Max allowed value is 1000")


def test_position_0_is_refused_as_recorded(reading: Company) -> None:
    code, detail = reading.query_refused("select * from Invoice startposition 0")
    assert (code, detail) == ("4001", "QueryValidationError: value 0 is too small. Min allowed value is 1")


def test_pages_follow_each_other_in_either_spelling(reading: Company) -> None:
    first = reading.rows("select * from Invoice orderby Id startposition 1 maxresults 3")
    second = reading.rows("select * from Invoice orderby Id MAXRESULTS 3 STARTPOSITION 4")
    six = reading.rows("select * from Invoice orderby Id maxresults 6")
    assert first + second == six


def test_max_results_is_what_was_returned(reading: Company) -> None:
    total = reading.query("select count(*) from Customer")["totalCount"]
    response = reading.query(f"select * from Customer startposition {total - 1} maxresults 50")
    assert (response["startPosition"], response["maxResults"]) == (total - 1, 2)


@pytest.mark.parametrize(
    "text", ["select * from Invoice startposition 5000", "select * from CreditMemo where Id = '1'"]
)
def test_an_empty_page_has_no_entity_and_no_position(reading: Company, text: str) -> None:
    assert reading.query(text) == {}


def test_an_entity_the_company_has_none_of_is_empty(reading: Company) -> None:
    assert reading.query("select * from Estimate") == {}


def test_counting_gives_a_total_alone(reading: Company) -> None:
    assert reading.query("SELECT COUNT(*) FROM Invoice").keys() == {"totalCount"}


def test_invoices_tell_their_total_and_customers_do_not(reading: Company) -> None:
    assert "totalCount" in reading.query("select * from Invoice maxresults 1")
    for entity in ("Customer", "Payment", "CreditMemo"):
        assert "totalCount" not in reading.query(f"select * from {entity} maxresults 1")


def test_a_query_may_be_posted_as_text(reading: Company) -> None:
    text = "select * from Customer maxresults 1"
    for media_type in ("application/text", "text/plain"):
        response = reading.session.post("query", content=text, headers={"Content-Type": media_type})
        assert response.json() == reading.session.get("query", params={"query": text}).json()


def test_inactive_customers_hide_unless_asked_for(reading: Company) -> None:
    active = reading.query("select count(*) from Customer")["totalCount"]
    everyone = reading.query("select count(*) from Customer where Active in (true, false)")["totalCount"]
    gone = reading.rows("select * from Customer where Active = false")
    assert everyone == active + 2 == active + len(gone)
    assert all(each["DisplayName"].endswith(" (deleted)") for each in gone)


def test_deleted_invoices_never_show(reading: Company) -> None:
    shown = {each["Id"] for each in reading.rows("select * from Invoice maxresults 1000")}
    books = reading.sandbox.dialects["quickbooks"].ledger.books
    gone = {str(each.id) for each in books.invoices.values() if each.standing == "deleted"}
    assert gone
    assert not gone & shown


@pytest.mark.parametrize("entity", ["Invoice", "Payment", "CreditMemo"])
def test_transactions_come_with_the_newest_change_first(reading: Company, entity: str) -> None:
    rows = reading.rows(f"select * from {entity} maxresults 1000")
    stamps = [datetime.fromisoformat(each["MetaData"]["LastUpdatedTime"]) for each in rows]
    assert stamps == sorted(stamps, reverse=True)


def test_customers_come_by_their_full_name(reading: Company) -> None:
    names = [each["FullyQualifiedName"].casefold() for each in reading.rows("select * from Customer maxresults 1000")]
    assert names == sorted(names)


def test_an_edit_between_two_pages_shifts_rows_over_the_boundary(company: Company) -> None:
    first = [each["Id"] for each in company.rows("select * from Invoice maxresults 100")]
    second = [each["Id"] for each in company.rows("select * from Invoice startposition 101 maxresults 100")]
    company.control.edit("invoice", record=f"id:{second[-1]}")
    shifted = [each["Id"] for each in company.rows("select * from Invoice startposition 101 maxresults 100")]
    assert shifted[0] == first[-1]


@lru_cache(maxsize=1)
def invoices(reading: Company) -> list[Any]:
    """All invoices, in the order of their ids."""
    first = reading.rows("select * from Invoice orderby Id maxresults 1000")
    return first + reading.rows("select * from Invoice orderby Id startposition 1001 maxresults 1000")


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("Balance > '0'", lambda each: each["Balance"] > 0),
        ("Balance = '0'", lambda each: each["Balance"] == 0),
        ("TotalAmt <= '99.50'", lambda each: float(each["TotalAmt"]) <= 99.5),
        ("DueDate < '2025-06-01'", lambda each: each.get("DueDate", "9") < "2025-06-01"),
        ("TxnDate >= '2026-01-01' and TxnDate < '2026-02-01'", lambda each: each["TxnDate"][:7] == "2026-01"),
        ("CustomerRef = '10'", lambda each: each["CustomerRef"]["value"] == "10"),
        ("CustomerRef IN ('10', '12')", lambda each: each["CustomerRef"]["value"] in ("10", "12")),
        ("Id IN ('1', '2', '77')", lambda each: each["Id"] in ("1", "2", "77")),
        ("DocNumber LIKE '104%'", lambda each: each.get("DocNumber", "").startswith("104")),
        ("DocNumber LIKE '%9'", lambda each: each.get("DocNumber", "").endswith("9")),
        ("DocNumber LIKE '1%1'", lambda each: each.get("DocNumber", "")[:1] == each.get("DocNumber", "")[-1:] == "1"),
        (
            "MetaData.LastUpdatedTime >= '2026-02-15T00:00:00-08:00'",
            lambda each: each["MetaData"]["LastUpdatedTime"] >= "2026-02-15",
        ),
    ],
)
def test_a_condition_finds_what_holds_and_nothing_else(reading: Company, where: str, holds: object) -> None:
    assert callable(holds)
    wanted = [each["Id"] for each in invoices(reading) if holds(each)]
    found = [each["Id"] for each in reading.rows(f"select * from Invoice where {where} orderby Id maxresults 1000")]
    assert found == wanted
    assert wanted


def test_instants_are_compared_as_instants(reading: Company) -> None:
    pacific = reading.query("select count(*) from Invoice where MetaData.CreateTime > '2025-07-01T00:00:00-07:00'")
    utc = reading.query("select count(*) from Invoice where MetaData.CreateTime > '2025-07-01T07:00:00Z'")
    assert pacific == utc


def test_an_apostrophe_is_escaped_by_a_backslash(reading: Company) -> None:
    (found,) = reading.rows("SELECT * FROM Customer WHERE DisplayName = 'O\\'Brannigan\\'s Hardware'")
    assert found["DisplayName"] == "O'Brannigan's Hardware"


@pytest.mark.parametrize("name", ["Tom & Ada's Delicatessen", "Müllerström & Söhne Feinmechanik", "Café Zéphyrin"])
def test_ampersands_and_umlauts_are_found(reading: Company, name: str) -> None:
    escaped = name.replace("'", "\\'")
    assert [
        each["DisplayName"] for each in reading.rows(f"select * from Customer where DisplayName = '{escaped}'")
    ] == [name]


def test_order_goes_up_and_down_by_more_than_one_property(reading: Company) -> None:
    rows = reading.rows("select * from Invoice ORDERBY CustomerRef DESC, TxnDate maxresults 1000")
    keys = [(each["CustomerRef"]["value"], each["TxnDate"]) for each in rows]
    assert keys == sorted(sorted(keys, key=lambda key: key[1]), key=lambda key: key[0], reverse=True)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("select * from Custmoer", "4001", "QueryValidationError: invalid context declaration: Custmoer"),
        ("select * from Invoice where Nonsense = '1'", "4001", "Property Nonsense not found for Entity Invoice"),
        ("select * from Invoice where EmailStatus = 'NotSet'", "4001", "property 'EmailStatus' is not queryable"),
        ("select * from Invoice orderby PrivateNote", "4001", "property 'PrivateNote' is not queryable"),
        ("select * from Invoice where Id > '5'", "4001", "operator > is not supported for property Id"),
        ("select * from Invoice where Balance > 'much'", "4001", "value much is invalid for property Balance"),
        ("select * from Invoice where Id = '1' or Id = '2'", "4000", 'Encountered "or"'),
        ("select * from Invoice order by Id", "4000", 'Encountered "order"'),
        ("select Id from Invoice", "4000", 'Encountered "Id"'),
        ("select * from Invoice where Balance > 0", "4000", 'Encountered "0"'),
        ("select * from Invoice where DocNumber = '1", "4000", 'Encountered "\'"'),
        ("select * from Invoice where", "4000", "<EOF>"),
        ("delete from Invoice", "4000", 'Encountered "delete"'),
        ("", "4000", "<EOF>"),
        ("select * from Invoice where Balance is null", "4000", 'Encountered "is"'),
    ],
)
def test_what_is_not_in_the_language_is_refused(reading: Company, text: str, code: str, words: str) -> None:
    refused_code, detail = reading.query_refused(text)
    assert refused_code == code
    assert words in detail


def test_the_fault_is_as_recorded(reading: Company) -> None:
    body = reading.session.get("query", params={"query": "SELECT * FROM Custmoer"}).json()
    assert body.keys() == {"Fault", "time"}
    assert body["Fault"]["Error"] == [
        {
            "Message": "Invalid query",
            "Detail": "QueryValidationError: invalid context declaration: Custmoer",
            "code": "4001",
        }
    ]
    assert body["Fault"]["type"] == "ValidationFault"


def test_reading_by_id_wants_a_number(reading: Company) -> None:
    assert fault(reading.session.get("invoice/1.5")) == ("2030", "Id should be a valid number. Supplied value:1.5")


def test_reading_what_is_not_there_is_a_610(reading: Company) -> None:
    assert fault(reading.session.get("invoice/999999"))[0] == "610"


def test_a_path_too_long_is_an_unsupported_operation(reading: Company) -> None:
    assert fault(reading.session.get("customer/1/5"))[0] == "500"


@pytest.mark.parametrize("entity", ["Term", "PaymentMethod", "Item", "Account", "CompanyInfo", "Preferences"])
def test_every_list_can_be_queried_and_read_by_id(reading: Company, entity: str) -> None:
    first = reading.rows(f"select * from {entity} maxresults 1")[0]
    path = "preferences" if entity == "Preferences" else f"{entity.lower()}/{first['Id']}"
    assert reading.get(path)[entity] == first


def test_the_receivables_account_holds_what_the_customers_owe(reading: Company) -> None:
    (account,) = reading.rows("select * from Account where AccountType = 'Accounts Receivable'")
    rows = reading.rows("select * from Customer where Active in (true, false) maxresults 1000")
    assert account["CurrentBalance"] == sum(each["Balance"] for each in rows)
