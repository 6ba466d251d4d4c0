"""What stands before the API: tokens, tenants, scopes, limits, formats, headers, idempotency keys."""

import re
import xml.etree.ElementTree as ET
from collections import deque

import httpx
import pytest

from dunwell.sandbox.xero.dialect import Xero
from dunwell.sandbox.xero.oauth import CUSTOM, USUAL
from tests.dunwell.sandbox.api import bare
from tests.dunwell.sandbox.xero.api import Organisation, refusal

_SCOPES = [
    ("Organisation", "accounting.settings.read"),
    ("InvoiceReminders/Settings", "accounting.settings.read"),
    ("BrandingThemes", "accounting.settings"),
    ("Invoices", "accounting.invoices.read"),
    ("CreditNotes", "accounting.invoices"),
    ("RepeatingInvoices", "accounting.invoices.read"),
    ("Payments", "accounting.payments.read"),
    ("Overpayments", "accounting.payments.read"),
    ("Prepayments", "accounting.payments"),
    ("Contacts", "accounting.contacts.read"),
    ("ContactGroups", "accounting.contacts.read"),
    ("Contacts/{contact}/History", "accounting.contacts.read"),
    ("Contacts/{contact}/Attachments", "accounting.attachments.read"),
    ("Reports/AgedReceivablesByContact?contactId={contact}", "accounting.reports.aged.read"),
    ("PaymentServices", "paymentservices"),
]
_NOTE = {"HistoryRecords": [{"Details": "once"}]}


def get(organisation: Organisation, path: str, scope: str, **headers: str) -> httpx.Response:
    token = str(organisation.control.tokens(scope)["access_token"])
    url = f"{organisation.session.base_url}{path}"
    given = {"Accept": "application/json", "Authorization": f"Bearer {token}", "xero-tenant-id": organisation.tenant}
    return bare("GET", url, headers={**given, **headers})


def test_an_unknown_token_is_a_401_as_recorded(still: Organisation) -> None:
    for value in ("Bearer nonsense", "", "Basic eA=="):
        answer = still.session.get("Organisation", headers={"Authorization": value})
        assert answer.status_code == 401
        body = answer.json()
        assert (body["Type"], body["Title"], body["Status"]) == (None, "Unauthorized", 401)
        assert body["Detail"] == "AuthenticationUnsuccessful"


def test_an_expired_token_says_when_it_ended(own: Organisation) -> None:
    own.clock.move(seconds=1799)
    assert own.session.get("Organisation").status_code == 200
    own.clock.move(seconds=1)
    answer = own.session.get("Organisation")
    assert (answer.status_code, answer.json()["Detail"]) == (401, "TokenExpired: token expired at 03/02/2026 17:30:00")


@pytest.mark.parametrize("tenant", ["", "00000000-0000-0000-0000-000000000000"])
def test_another_tenant_or_none_is_a_403_as_recorded(still: Organisation, tenant: str) -> None:
    answer = still.session.get("Organisation", headers={"xero-tenant-id": tenant})
    body = answer.json()
    assert (answer.status_code, body["Title"], body["Detail"]) == (403, "Forbidden", "AuthenticationUnsuccessful")


@pytest.mark.parametrize(("path", "scope"), _SCOPES)
def test_every_endpoint_needs_its_granular_scope(still: Organisation, path: str, scope: str) -> None:
    path = path.format(contact=still.page("Contacts", pageSize=1)[0]["ContactID"])
    assert get(still, path, scope).status_code == 200
    others = " ".join(each for each in USUAL.split() if each.removesuffix(".read") != scope.removesuffix(".read"))
    answer = get(still, path, others)
    assert (answer.status_code, answer.json()["Detail"]) == (401, "AuthorizationUnsuccessful")


def test_a_read_scope_does_not_let_one_write(xero: Organisation) -> None:
    path = f"Payments/{xero.pay(xero.an_invoice(), 5)['PaymentID']}/History"
    xero.sign_in("accounting.payments.read accounting.invoices accounting.contacts")
    assert xero.session.put(path, json=_NOTE).status_code == 401
    xero.sign_in("accounting.payments")
    assert xero.session.put(path, json=_NOTE).status_code == 200


def test_tokens_from_the_control_can_read_and_write_back_and_no_more(still: Organisation) -> None:
    assert get(still, "Invoices?page=1", USUAL).status_code == 200
    assert get(still, "PaymentServices", USUAL).status_code == 401
    given = still.control.tokens()
    assert given.keys() == {"access_token", "refresh_token", "expires_in", "tenant_id"}
    assert (given["expires_in"], given["tenant_id"]) == (1800, still.tenant)


def test_every_answer_has_a_correlation_id_and_what_is_left(still: Organisation) -> None:
    answers = [still.session.get("Organisation"), still.session.get("Nonsense")]
    answers.append(still.session.get("Organisation", headers={"Authorization": ""}))
    assert len({answer.headers["xero-correlation-id"] for answer in answers}) == 3
    for answer in answers:
        for name in ("x-daylimit-remaining", "x-minlimit-remaining", "x-appminlimit-remaining"):
            assert answer.headers[name].isdigit()


def test_the_sixty_first_call_of_a_minute_is_too_many(own: Organisation) -> None:
    own.sandbox.limits(True)
    answers = [own.session.get("Organisation") for _ in range(60)]
    assert [answer.status_code for answer in answers] == [200] * 60
    assert [answers[0].headers["x-minlimit-remaining"], answers[-1].headers["x-minlimit-remaining"]] == ["59", "0"]
    own.clock.move(seconds=20)
    refused = own.session.get("Organisation")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "minute")
    assert refused.headers["retry-after"] == "40"
    own.clock.move(seconds=40)
    assert own.session.get("Organisation").status_code == 200


def test_the_day_has_five_thousand_calls_and_begins_at_a_time_of_its_own(own: Organisation) -> None:
    own.sandbox.limits(True)
    dialect = own.sandbox.dialects["xero"]
    assert isinstance(dialect, Xero)
    for _ in range(5000):
        dialect.ledger.limiter._seen.setdefault("day 2026-03-02", deque()).append(own.clock.now())
    refused = own.session.get("Organisation")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "day")
    assert refused.headers["retry-after"] == str((11 * 60 + 17) * 60)  # from 17:00 to 04:17
    assert refused.headers["x-daylimit-remaining"] == "0"
    own.clock.move(seconds=(11 * 60 + 17) * 60)
    own.sign_in()
    assert own.session.get("Organisation").headers["x-daylimit-remaining"] == "4999"


def test_a_call_that_the_gateway_refuses_does_not_count(own: Organisation) -> None:
    own.sandbox.limits(True)
    own.session.get("Organisation", headers={"xero-tenant-id": "x"})
    assert own.session.get("Organisation").headers["x-minlimit-remaining"] == "59"


def test_who_does_not_ask_for_json_gets_xml(still: Organisation) -> None:
    answer = still.session.get("Contacts", params={"page": 1, "pageSize": 2}, headers={"Accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(answer.content)
    assert root.tag == "Response"
    assert len(root.findall("Contacts/Contact")) == 2
    refused = still.session.get("Contacts", params={"where": "x"}, headers={"Accept": "text/xml"})
    assert ET.fromstring(refused.content).findtext("ErrorNumber") == "16"


def test_every_body_says_what_time_it_is(still: Organisation) -> None:
    body = still.get("Organisation")
    assert body["DateTimeUTC"] == "/Date(1772470800000)/"
    assert (body["Status"], body["ProviderName"]) == ("OK", "Dunwell Sandbox")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body["Id"])


def test_the_names_of_endpoints_count_without_regard_to_case(still: Organisation) -> None:
    assert still.get("organisation") == still.get("Organisation")
    row = still.page("Invoices", pageSize=1)
    assert still.get(f"invoices/{row[0]['InvoiceID'].upper()}/history")["HistoryRecords"]


def test_the_organisation_has_words_of_its_own(still: Organisation) -> None:
    (found,) = still.get("Organisation")["Organisations"]
    assert (found["Timezone"], found["BaseCurrency"], found["OrganisationID"]) == (
        "GMTSTANDARDTIME",
        "GBP",
        still.tenant,
    )


def keyed(organisation: Organisation, path: str, key: str, details: str = "once") -> httpx.Response:
    body = {"HistoryRecords": [{"Details": details}]}
    return organisation.session.put(f"{path}/History", json=body, headers={"Idempotency-Key": key})


def notes(organisation: Organisation, path: str) -> int:
    told = organisation.get(f"{path}/History")["HistoryRecords"]
    return sum(each["Changes"] == "Note" for each in told)


def a_path(organisation: Organisation) -> str:
    return f"Contacts/{organisation.a_contact()['ContactID']}"


def test_the_same_key_gets_the_same_answer_for_six_minutes(xero: Organisation) -> None:
    path = a_path(xero)
    first = keyed(xero, path, "k1")
    xero.clock.move(minutes=5, seconds=59)
    again = keyed(xero, path, "k1")
    assert (again.content, notes(xero, path)) == (first.content, 1)
    assert again.headers["xero-correlation-id"] != first.headers["xero-correlation-id"]
    xero.clock.move(seconds=1)
    assert keyed(xero, path, "k1").status_code == 200
    assert notes(xero, path) == 2


def test_a_key_with_another_request_is_refused(xero: Organisation) -> None:
    path = a_path(xero)
    keyed(xero, path, "k2")
    assert "different request" in refusal(keyed(xero, path, "k2", "twice"))
    assert "different request" in refusal(keyed(xero, a_path(xero), "k2"))


def test_errors_are_remembered_too(xero: Organisation) -> None:
    contact = {"Contacts": [{"Name": "Remembered"}]}
    made = xero.put("Contacts", contact)["Contacts"][0]
    first = xero.session.put("Contacts", json=contact, headers={"Idempotency-Key": "k3"})
    assert first.status_code == 400
    xero.post("Contacts", {"Contacts": [{"ContactID": made["ContactID"], "Name": "Renamed"}]})
    again = xero.session.put("Contacts", json=contact, headers={"Idempotency-Key": "k3"})
    assert (again.status_code, again.content) == (400, first.content)


def test_a_key_has_a_hundred_and_twenty_eight_characters_at_most(xero: Organisation) -> None:
    path = a_path(xero)
    assert keyed(xero, path, "k" * 128).status_code == 200
    assert "128" in refusal(keyed(xero, path, "k" * 129))


def test_a_repeated_call_costs_as_much_as_any(own: Organisation) -> None:
    path = a_path(own)
    own.sandbox.limits(True)
    left = [keyed(own, path, "k4").headers["x-minlimit-remaining"] for _ in range(2)]
    assert left == ["59", "58"]


def test_a_custom_connection_needs_no_tenant(still: Organisation) -> None:
    form = {"grant_type": "client_credentials", "scope": "accounting.settings.read"}
    app = (CUSTOM.client_id, CUSTOM.client_secret or "")
    tokens = bare("POST", f"{still.sandbox.url}/xero/oauth2/token", data=form, auth=app).json()
    assert "refresh_token" not in tokens
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    url = f"{still.session.base_url}Organisation"
    assert bare("GET", url, headers=headers).status_code == 200
    assert bare("GET", url, headers={**headers, "xero-tenant-id": "x"}).status_code == 403
