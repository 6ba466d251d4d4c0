"""Xero's OAuth as an app meets it: consent, rotating refresh tokens, PKCE, custom connections, /connections."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from dunwell.sandbox.oauth.grants import challenge_of
from dunwell.sandbox.xero.oauth import CUSTOM, PUBLIC, USUAL, WEB
from tests.dunwell.sandbox.api import bare
from tests.dunwell.sandbox.xero.api import Organisation

REDIRECT = "http://localhost:8123/callback"
APP = (WEB.client_id, WEB.client_secret or "")


def authorize(xero: Organisation, **changes: str) -> httpx.Response:
    asked = {"client_id": APP[0], "redirect_uri": REDIRECT, "response_type": "code", "scope": USUAL, "state": "s"}
    url = f"{xero.sandbox.url}/xero/oauth2/authorize?{urlencode(asked | changes)}"
    return bare("POST", url, data={"decision": "allow"})


def consented(xero: Organisation, **changes: str) -> dict[str, str]:
    """What the browser brings back to the app."""
    answer = authorize(xero, **changes)
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def token(xero: Organisation, *, auth: tuple[str, str] = APP, **form: str) -> httpx.Response:
    return bare("POST", f"{xero.sandbox.url}/xero/oauth2/token", data=form, auth=auth)


def exchanged(xero: Organisation, **changes: str) -> dict[str, Any]:
    code = consented(xero, **changes)["code"]
    answer = token(xero, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def refreshed(xero: Organisation, refresh_token: str) -> httpx.Response:
    return token(xero, grant_type="refresh_token", refresh_token=refresh_token)


def connections(xero: Organisation, access_token: str, **params: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {access_token}"}
    return bare("GET", f"{xero.sandbox.url}/connections", headers=headers, params=params)


def works(xero: Organisation, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}"}
    return xero.session.get("Organisation", headers=headers).status_code


def test_consent_brings_back_code_and_state_alone(xero: Organisation) -> None:
    assert consented(xero).keys() == {"code", "state"}


def test_a_code_buys_tokens_of_half_an_hour(xero: Organisation) -> None:
    tokens = exchanged(xero)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 1800)
    assert set(tokens["scope"].split()) == set(USUAL.split())
    assert works(xero, tokens["access_token"]) == 200


def test_the_access_token_looks_like_a_jwt_and_names_the_consent(xero: Organisation) -> None:
    tokens = exchanged(xero, scope=f"{USUAL} openid profile email")
    part = tokens["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    assert claims["exp"] == int(xero.clock.now().timestamp()) + 1800
    (one,) = connections(xero, tokens["access_token"]).json()
    assert claims["authentication_event_id"] == one["authEventId"]
    assert "id_token" in tokens


def test_without_offline_access_there_is_no_refresh_token(xero: Organisation) -> None:
    assert "refresh_token" not in exchanged(xero, scope="accounting.invoices")


def test_every_refresh_gives_a_new_refresh_token_and_the_one_before_lives_half_an_hour(xero: Organisation) -> None:
    first = exchanged(xero)["refresh_token"]
    given = [refreshed(xero, first).json()["refresh_token"]]
    for _ in range(2):
        xero.clock.move(minutes=14)
        given.append(refreshed(xero, first).json()["refresh_token"])
    assert len({first, *given}) == 4
    xero.clock.move(minutes=3)
    assert refreshed(xero, first).json()["error"] == "invalid_grant"
    assert refreshed(xero, given[-1]).status_code == 200


def test_a_refresh_token_lives_sixty_days(xero: Organisation) -> None:
    refresh = exchanged(xero)["refresh_token"]
    xero.clock.move(days=59)
    refresh = refreshed(xero, refresh).json()["refresh_token"]
    xero.clock.move(days=60)
    late = refreshed(xero, refresh)
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("http://localhost:1/x", True),
        ("https://app.example/x", True),
        ("http://127.0.0.1:8123/callback", False),
        ("http://app.example/x", False),
        ("localhost", False),
    ],
)
def test_https_or_localhost_by_name(xero: Organisation, uri: str, good: bool) -> None:
    answer = authorize(xero, redirect_uri=uri)
    assert answer.status_code == (302 if good else 400)


@pytest.mark.parametrize(
    "scope", ["accounting.transactions", "accounting.reports.read", "accounting.transactions.read"]
)
def test_the_broad_scopes_are_gone(xero: Organisation, scope: str) -> None:
    back = consented(xero, scope=f"offline_access {scope}")
    assert (back["error"], back["error_description"]) == ("invalid_scope", "Invalid scope for client")


def test_a_public_app_needs_pkce_and_no_secret(xero: Organisation) -> None:
    verifier = "a-verifier-of-at-least-forty-three-characters-0"
    assert consented(xero, client_id=PUBLIC.client_id)["error"] == "invalid_request"
    asked = {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    code = consented(xero, client_id=PUBLIC.client_id, **asked)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": verifier}
    answer = bare("POST", f"{xero.sandbox.url}/xero/oauth2/token", data={**form, "client_id": PUBLIC.client_id})
    assert works(xero, answer.json()["access_token"]) == 200
    form = {"grant_type": "refresh_token", "refresh_token": str(answer.json()["refresh_token"])}
    again = bare("POST", f"{xero.sandbox.url}/xero/oauth2/token", data={**form, "client_id": PUBLIC.client_id})
    assert again.status_code == 200


ALONE = (CUSTOM.client_id, CUSTOM.client_secret or "")
LASTING = USUAL.removeprefix("offline_access ")


def test_only_a_custom_connection_signs_in_alone(xero: Organisation) -> None:
    asked = {app: token(xero, auth=app, grant_type="client_credentials", scope=LASTING).json() for app in (APP, ALONE)}
    assert (asked[APP]["error"], asked[ALONE]["expires_in"]) == ("unsupported_grant_type", 1800)
    assert "refresh_token" not in asked[ALONE]
    assert consented(xero, client_id=CUSTOM.client_id)["error"] == "unauthorized_client"


def test_a_custom_connection_opens_its_organisation_without_naming_it(xero: Organisation) -> None:
    access = token(xero, auth=ALONE, grant_type="client_credentials", scope=LASTING).json()["access_token"]
    (one,) = connections(xero, access).json()
    assert one["tenantId"] == xero.tenant
    headers = {"Authorization": f"Bearer {access}"}
    assert bare("GET", f"{xero.sandbox.url}/api.xro/2.0/Organisation", headers=headers).status_code == 200


def test_a_custom_connection_that_was_ended_signs_in_no_more(own: Organisation) -> None:
    access = token(own, auth=ALONE, grant_type="client_credentials", scope=LASTING).json()["access_token"]
    (one,) = connections(own, access).json()
    headers = {"Authorization": f"Bearer {access}"}
    assert bare("DELETE", f"{own.sandbox.url}/connections/{one['id']}", headers=headers).status_code == 204
    refused = token(own, auth=ALONE, grant_type="client_credentials", scope=LASTING)
    assert (refused.status_code, refused.json()["error"]) == (400, "unauthorized_client")


@pytest.mark.parametrize("scope", ["", "accounting.transactions", "accounting.invoices offline_access"])
def test_a_custom_connection_must_name_scopes_that_it_has(xero: Organisation, scope: str) -> None:
    answer = token(xero, auth=ALONE, grant_type="client_credentials", scope=scope)
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_scope",
        "error_description": "Client credentials scope validation failed",
    }


def test_a_connection_says_which_tenant_it_is_to(xero: Organisation) -> None:
    (one,) = connections(xero, exchanged(xero)["access_token"]).json()
    assert (one["tenantId"], one["tenantType"], one["tenantName"]) == (
        xero.tenant,
        "ORGANISATION",
        "Larksparrow Studio",
    )
    assert one.keys() == {
        *("id", "authEventId", "tenantId", "tenantType", "tenantName", "createdDateUtc", "updatedDateUtc"),
    }
    assert len(one["createdDateUtc"].split(".")[1]) == 7


def test_connections_are_of_one_consent_where_asked(xero: Organisation) -> None:
    access = exchanged(xero)["access_token"]
    (one,) = connections(xero, access).json()
    assert connections(xero, access, authEventId=one["authEventId"]).json() == [one]
    assert connections(xero, access, authEventId="00000000-0000-0000-0000-000000000000").json() == []


def test_connections_need_a_good_token(still: Organisation) -> None:
    assert connections(still, "nonsense").status_code == 401
    assert bare("GET", f"{still.sandbox.url}/Connections").status_code == 401


def test_a_connection_that_is_deleted_opens_its_tenant_no_more(own: Organisation) -> None:
    access = exchanged(own)["access_token"]
    (one,) = connections(own, access).json()
    url, headers = f"{own.sandbox.url}/connections/{one['id']}", {"Authorization": f"Bearer {access}"}
    assert bare("DELETE", url, headers=headers).status_code == 204
    assert works(own, access) == 403
    assert connections(own, access).json() == []
    assert bare("DELETE", url, headers=headers).status_code == 404


def test_revocation_ends_every_consent_of_the_app(own: Organisation) -> None:
    first, second = exchanged(own), exchanged(own)
    form = {"token": first["refresh_token"]}
    assert bare("POST", f"{own.sandbox.url}/xero/oauth2/revocation", data=form, auth=APP).status_code == 200
    assert [works(own, each["access_token"]) for each in (first, second)] == [401, 401]
    assert refreshed(own, second["refresh_token"]).json()["error"] == "invalid_grant"


def test_revoking_what_nobody_was_given_is_fine(still: Organisation) -> None:
    url = f"{still.sandbox.url}/xero/oauth2/revocation"
    assert bare("POST", url, data={"token": "nonsense"}, auth=APP).status_code == 200
    assert bare("POST", url, data={"token": "nonsense"}, auth=("nobody", "x")).status_code == 401


def test_an_oauth_path_that_does_not_exist_is_a_404(still: Organisation) -> None:
    assert bare("GET", f"{still.sandbox.url}/xero/oauth2/token").status_code == 404
