"""OAuth as an app meets it: consent, codes, tokens, refresh, revocation."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from dunwell.sandbox.oauth.desk import Desk
from dunwell.sandbox.oauth.grants import Grants, challenge_of
from dunwell.sandbox.oauth.rules import App, OAuthRefused, Rules
from tests.dunwell.sandbox.api import Clock, Company, bare

REDIRECT = "http://localhost:8123/callback"
APP = ("sandbox-app", "sandbox-only")
SCOPE = "com.intuit.quickbooks.accounting"


def authorize_url(company: Company, **changes: str) -> str:
    asked = {"client_id": APP[0], "redirect_uri": REDIRECT, "response_type": "code", "scope": SCOPE, "state": "s 1&"}
    return f"{company.sandbox.url}/quickbooks/oauth2/authorize?{urlencode(asked | changes)}"


def consented(company: Company, **changes: str) -> dict[str, str]:
    """What the browser brings back to the app."""
    response = bare("POST", authorize_url(company, **changes), data={"decision": "allow"})
    assert response.status_code == 302, response.text
    fields = parse_qs(urlsplit(response.headers["location"]).query)
    return {name: values[0] for name, values in fields.items()}


def token(company: Company, **form: str) -> httpx.Response:
    return bare("POST", f"{company.sandbox.url}/quickbooks/oauth2/token", data=form, auth=APP)


def exchanged(company: Company, **changes: str) -> dict[str, Any]:
    code = consented(company, **changes)["code"]
    response = token(company, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def refreshed(company: Company, refresh_token: str) -> httpx.Response:
    return token(company, grant_type="refresh_token", refresh_token=refresh_token)


def works(company: Company, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}"}
    return company.session.get("companyinfo/1", headers=headers).status_code


def test_the_consent_page_is_a_form_that_names_app_and_company(shared: Company) -> None:
    page = bare("GET", authorize_url(shared))
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "sandbox-app" in page.text
    assert "Brindlewick Field Services" in page.text


@pytest.mark.parametrize(
    ("uri", "status"),
    [("https://firm.example/connected", 302), ("http://localhost:8123/callback", 400), ("https://localhost/x", 400)],
)
def test_keys_for_real_companies_redirect_to_https_alone(shared: Company, uri: str, status: int) -> None:
    url = authorize_url(shared, client_id="sandbox-app-live", redirect_uri=uri)
    assert bare("POST", url, data={"decision": "allow"}).status_code == status


def test_consent_brings_back_code_state_and_realm(shared: Company) -> None:
    back = consented(shared)
    assert back.keys() == {"code", "state", "realmId"}
    assert (back["state"], back["realmId"]) == ("s 1&", shared.realm)


def test_no_consent_brings_back_access_denied(shared: Company) -> None:
    response = bare("POST", authorize_url(shared), data={"decision": "deny"})
    assert "error=access_denied" in response.headers["location"]


def test_a_code_buys_tokens_that_open_the_company(shared: Company) -> None:
    tokens = exchanged(shared)
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 3600)
    assert tokens["x_refresh_token_expires_in"] == 8_726_400
    assert works(shared, tokens["access_token"]) == 200


def test_a_code_is_good_once(shared: Company) -> None:
    code = consented(shared)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    assert token(shared, **form).status_code == 200
    again = token(shared, **form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_not_good_for_long(shared: Company) -> None:
    code = consented(shared)["code"]
    shared.clock.move(minutes=6)
    late = token(shared, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    assert late.json()["error"] == "invalid_grant"


def test_the_redirect_must_be_the_same_to_the_letter(shared: Company) -> None:
    code = consented(shared)["code"]
    other = token(shared, grant_type="authorization_code", code=code, redirect_uri=REDIRECT + "/")
    assert other.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8123/callback", "https://app.example/callback", ""])
def test_a_sandbox_app_redirects_to_localhost_alone_and_is_never_sent_elsewhere(shared: Company, uri: str) -> None:
    response = bare("GET", authorize_url(shared, redirect_uri=uri))
    assert response.status_code == 400
    assert "location" not in response.headers


def test_an_unknown_app_sees_no_consent_page(shared: Company) -> None:
    assert bare("GET", authorize_url(shared, client_id="nobody")).status_code == 400


def test_an_unknown_scope_comes_back_as_an_error(shared: Company) -> None:
    assert consented(shared, scope="everything")["error"] == "invalid_scope"


def test_a_challenge_needs_its_verifier(shared: Company) -> None:
    verifier = "a-verifier-of-at-least-forty-three-characters-0"
    asked = {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    without = token(shared, code=consented(shared, **asked)["code"], **form)
    assert without.json()["error"] == "invalid_grant"
    wrong = token(shared, code=consented(shared, **asked)["code"], code_verifier="x" * 43, **form)
    assert wrong.json()["error"] == "invalid_grant"
    right = token(shared, code=consented(shared, **asked)["code"], code_verifier=verifier, **form)
    assert right.status_code == 200


def test_the_challenge_is_that_of_the_standard() -> None:
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_credentials_may_come_in_the_body(shared: Company) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": exchanged(shared)["refresh_token"]}
    body = {**form, "client_id": APP[0], "client_secret": APP[1]}
    assert bare("POST", f"{shared.sandbox.url}/quickbooks/oauth2/token", data=body).status_code == 200


def test_wrong_credentials_are_an_invalid_client(shared: Company) -> None:
    url = f"{shared.sandbox.url}/quickbooks/oauth2/token"
    response = bare("POST", url, data={"grant_type": "refresh_token"}, auth=(APP[0], "wrong"))
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_an_access_token_ends_after_an_hour_of_the_sandboxs_clock(shared: Company) -> None:
    access = exchanged(shared)["access_token"]
    shared.clock.move(seconds=3599)
    assert works(shared, access) == 200
    shared.clock.move(seconds=1)
    assert works(shared, access) == 401


def test_within_a_day_a_refresh_repeats_the_refresh_token(shared: Company) -> None:
    tokens = exchanged(shared)
    shared.clock.move(hours=23)
    assert refreshed(shared, tokens["refresh_token"]).json()["refresh_token"] == tokens["refresh_token"]


def test_after_a_day_it_changes_and_only_the_newest_works(shared: Company) -> None:
    tokens = exchanged(shared)
    shared.clock.move(hours=25)
    newest = refreshed(shared, tokens["refresh_token"]).json()["refresh_token"]
    assert newest != tokens["refresh_token"]
    old = refreshed(shared, tokens["refresh_token"])
    assert (old.status_code, old.json()["error"]) == (400, "invalid_grant")
    assert refreshed(shared, newest).status_code == 200


def test_a_refresh_token_lives_a_hundred_and_one_days_from_its_last_use(shared: Company) -> None:
    refresh = exchanged(shared)["refresh_token"]
    for _ in range(2):
        shared.clock.move(days=100)
        refresh = refreshed(shared, refresh).json()["refresh_token"]
    shared.clock.move(days=102)
    assert refreshed(shared, refresh).json()["error"] == "invalid_grant"


def test_who_asks_is_told_when_consent_ends_for_good(shared: Company) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": exchanged(shared)["refresh_token"]}
    headers = {"x-include-refresh-token-hard-expires-in": "true"}
    url = f"{shared.sandbox.url}/quickbooks/oauth2/token"
    told = bare("POST", url, data=form, auth=APP, headers=headers).json()
    assert told["x_refresh_token_hard_expires_in"] == 1826 * 86_400


def test_revocation_ends_access_and_refresh(shared: Company) -> None:
    tokens = exchanged(shared)
    url = f"{shared.sandbox.url}/quickbooks/oauth2/revoke"
    assert bare("POST", url, json={"token": tokens["refresh_token"]}, auth=APP).status_code == 200
    assert works(shared, tokens["access_token"]) == 401
    assert refreshed(shared, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_user_may_take_back_every_consent(shared: Company) -> None:
    tokens = exchanged(shared)
    assert shared.control.disconnect()["ended"] >= 1
    assert works(shared, tokens["access_token"]) == 401
    assert refreshed(shared, tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_oauth_path_that_does_not_exist_is_a_404(shared: Company) -> None:
    assert bare("GET", f"{shared.sandbox.url}/quickbooks/oauth2/token").status_code == 404


XERO_LIKE = Rules(
    label="rotating",
    apps=(App(client_id="web", client_secret="word"), App(client_id="pkce", client_secret=None)),
    scopes=frozenset({"read", "offline_access"}),
    access_s=1800,
    refresh_s=5_184_000,
    grace_s=1800,
    refresh_scope="offline_access",
)


def test_where_every_refresh_rotates_the_one_before_works_for_half_an_hour() -> None:
    clock = Clock()
    grants = Grants(clock, XERO_LIKE, 1)
    first = grants.grant("web", frozenset({"read", "offline_access"}), ("t",)).refresh or ""
    second = grants.refresh(first, "web").refresh
    clock.move(minutes=29)
    third = grants.refresh(first, "web").refresh
    assert len({first, second, third}) == 3
    clock.move(minutes=2)
    with pytest.raises(OAuthRefused):
        grants.refresh(first, "web")


def test_without_the_offline_scope_there_is_no_refresh_token() -> None:
    assert Grants(Clock(), XERO_LIKE, 1).grant("web", frozenset({"read"}), ("t",)).refresh is None


def test_the_same_calls_make_the_same_tokens() -> None:
    made = [Desk(Clock(), XERO_LIKE, {"t": "T"}, 7) for _ in range(2)]
    first, second = (each.tokens(each.grants.grant("web", frozenset({"read"}), ("t",))) for each in made)
    assert first == second
