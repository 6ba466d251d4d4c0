"""What stands before the API: tokens, companies, scopes, headers; and how instants are written."""

from dunwell.sandbox.oauth.rules import Grant
from dunwell.sandbox.quickbooks.dialect import QuickBooks
from tests.dunwell.sandbox.api import Company


def a_token(company: Company, scope: str, realm: str | None = None) -> str:
    dialect = company.sandbox.dialects["quickbooks"]
    assert isinstance(dialect, QuickBooks)
    grants = dialect.desk.grants
    grant: Grant = grants.grant("sandbox-app", frozenset({scope}), (realm or company.realm,))
    return grants.access(grant)


def status(company: Company, token: str) -> int:
    return company.session.get("companyinfo/1", headers={"Authorization": f"Bearer {token}"}).status_code


def test_without_a_good_token_it_is_a_401_in_lower_case(reading: Company) -> None:
    response = reading.session.get("companyinfo/1", headers={"Authorization": "Bearer nonsense"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'
    assert response.json()["fault"]["error"][0]["code"] == "3200"
    assert response.json()["time"] == 1772470800000


def test_another_scope_or_company_is_a_403(reading: Company) -> None:
    assert status(reading, a_token(reading, "com.intuit.quickbooks.accounting")) == 200
    assert status(reading, a_token(reading, "com.intuit.quickbooks.payment")) == 403
    assert status(reading, a_token(reading, "com.intuit.quickbooks.accounting", "123145")) == 403


def test_every_answer_has_an_intuit_tid_of_its_own(reading: Company) -> None:
    tids = {reading.session.get("companyinfo/1").headers["intuit_tid"] for _ in range(3)}
    assert len(tids) == 3


def test_instants_carry_the_pacific_offset_of_their_season(reading: Company) -> None:
    times = [each["MetaData"]["CreateTime"] for each in reading.rows("select * from Invoice maxresults 1000")]
    assert {each[-6:] for each in times if each[:7] == "2025-07"} == {"-07:00"}
    assert {each[-6:] for each in times if each[:7] == "2026-01"} == {"-08:00"}


def test_a_minor_version_is_accepted(reading: Company) -> None:
    assert reading.get("companyinfo/1", minorversion="75")["CompanyInfo"]["Id"] == "1"


def test_nothing_is_a_bare_0_and_anything_else_has_two_decimals(reading: Company) -> None:
    text = reading.session.get("query", params={"query": "select * from Invoice where Balance = '0' maxresults 5"}).text
    assert '"Balance":0}' in text
    assert '"Balance":0.00' not in text


def test_an_aging_preference_can_be_switched(company: Company) -> None:
    assert company.get("preferences")["Preferences"]["ReportPrefs"]["CalcAgingReportFromTxnDate"] is False
    company.control.switch("aging_from_invoice_date", True)
    assert company.get("preferences")["Preferences"]["ReportPrefs"]["CalcAgingReportFromTxnDate"] is True
