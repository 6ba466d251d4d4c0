"""Codes and tokens, at the sandbox's token endpoint and at servers that answer something else."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from connectors import oauth
from connectors.base import TokenSet
from connectors.errors import OutsideError, Reconnect, Rejected, RetryLater
from connectors.oauth import App, AppSettings, Consent
from connectors.quickbooks import connecting
from tests.connectors import servers
from tests.connectors.roads import MONDAY, SHORT, Road, a_road
from tests.connectors.servers import Server

REDIRECT = "http://localhost:8765/callback"


@dataclass
class Desk:
    """An app at the sandbox's QuickBooks."""

    road: Road
    app: App

    def consent(self, app: App | None = None) -> tuple[Consent, dict[str, str]]:
        """A consent, and what the browser brought back of it."""
        consent = oauth.ask_consent(app or self.app, REDIRECT)
        response = self.road.http.post(consent.url, data={"decision": "allow"})
        fields = parse_qs(urlsplit(response.headers["location"]).query)
        return consent, {name: values[0] for name, values in fields.items()}

    def connect(self) -> TokenSet:
        consent, back = self.consent()
        return oauth.exchange(self.road.http, self.app, consent, back["code"], self.road.clock.now())

    def refresh(self, tokens: TokenSet, app: App | None = None) -> TokenSet:
        return oauth.refresh(self.road.http, app or self.app, tokens, self.road.clock.now())

    def works(self, tokens: TokenSet) -> bool:
        self.road.tokens.token, self.road.tokens.more = tokens.access_token, lambda: "none"
        try:
            return bool(self.road.connector.company().records)
        except Reconnect:
            return False


@contextmanager
def a_desk() -> Iterator[Desk]:
    with a_road() as road:
        app = road.sandbox.about()["quickbooks"]["apps"][0]
        url = f"{road.sandbox.url}/quickbooks/oauth2"
        yield Desk(road, an_app(f"{url}/token", f"{url}/authorize", app.client_id, app.client_secret))


def an_app(token_url: str, authorize_url: str = "", client_id: str = "app", secret: str | None = "word") -> App:
    settings = AppSettings(
        client_id=client_id, client_secret=secret, authorize_url=authorize_url or None, token_url=token_url
    )
    return connecting.app(settings)


def held(**changes: object) -> TokenSet:
    tokens = TokenSet(access_token="old-access", refresh_token="old-refresh", expires_at=MONDAY)
    return msgspec.structs.replace(tokens, **changes)


def asked_of(reply: servers.Reply, ask: Callable[[httpx.Client, App], TokenSet]) -> tuple[TokenSet | OutsideError, int]:
    """What comes of asking a server that gives this reply, and how often it was asked."""
    with Server(reply, servers.silent) as server, httpx.Client(timeout=SHORT, verify=False) as http:
        try:
            return ask(http, an_app(server.url)), len(server.asked)
        except OutsideError as error:
            return error, len(server.asked)


def refreshed(http: httpx.Client, app: App) -> TokenSet:
    return oauth.refresh(http, app, held(), MONDAY)


def test_a_consent_brings_tokens_that_open_the_company() -> None:
    with a_desk() as desk:
        tokens = desk.connect()
        assert desk.works(tokens)
        assert tokens.expires_at == MONDAY + timedelta(seconds=3600)
        assert tokens.refresh_expires_at == MONDAY + timedelta(seconds=8_726_400)
        assert tokens.hard_expires_at == MONDAY + timedelta(days=1826)


def test_the_redirect_names_the_company_that_was_consented_to() -> None:
    with a_desk() as desk:
        _, back = desk.consent()
        (remote,) = connecting.remotes(desk.road.http, "", back, held())
        assert remote.id == desk.road.sandbox.about()["quickbooks"]["company_id"]


def test_a_redirect_without_a_company_is_refused() -> None:
    with httpx.Client(verify=False, timeout=60) as http, pytest.raises(Rejected, match="realmId"):
        connecting.remotes(http, "", {"code": "x"}, held())


def test_every_consent_has_a_state_of_its_own_and_brings_it_back() -> None:
    with a_desk() as desk:
        consent, back = desk.consent()
        assert back["state"] == consent.state
        assert len({desk.consent()[0].state for _ in range(5)}) == 5


def test_a_code_used_twice_is_refused() -> None:
    with a_desk() as desk:
        consent, back = desk.consent()
        oauth.exchange(desk.road.http, desk.app, consent, back["code"], MONDAY)
        with pytest.raises(Rejected, match="connect the ledger again") as caught:
            oauth.exchange(desk.road.http, desk.app, consent, back["code"], MONDAY)
        assert caught.value.code == "invalid_grant"


def test_a_public_app_proves_itself_by_the_verifier_of_its_challenge() -> None:
    consent = oauth.ask_consent(an_app("", "http://localhost/authorize", secret=None), REDIRECT)
    asked = parse_qs(urlsplit(consent.url).query)
    digest = hashlib.sha256((consent.verifier or "").encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).rstrip(b"=").decode()]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(consent.verifier or "") >= 43


def test_a_public_app_sends_its_verifier_and_no_secret() -> None:
    with Server(servers.answer(b'{"access_token":"a"}')) as server, httpx.Client(verify=False, timeout=60) as http:
        app = an_app(server.url, "http://localhost/authorize", secret=None)
        consent = oauth.ask_consent(app, REDIRECT)
        oauth.exchange(http, app, consent, "the-code", MONDAY)
        form = parse_qs(server.asked[0].body.decode())
        assert form["code_verifier"] == [consent.verifier]
        assert form["client_id"] == ["app"]
        assert "authorization" not in server.asked[0].headers


def test_an_app_with_a_secret_has_no_challenge() -> None:
    consent = oauth.ask_consent(an_app("", "http://localhost/authorize"), REDIRECT)
    assert "code_challenge" not in consent.url
    assert "word" not in consent.url


def test_a_refresh_brings_new_tokens() -> None:
    with a_desk() as desk:
        tokens = desk.connect()
        desk.road.clock.move(hours=25)
        fresh = desk.refresh(tokens)
        assert fresh.access_token != tokens.access_token
        assert fresh.refresh_token != tokens.refresh_token
        assert desk.works(fresh)


def test_a_refresh_token_that_was_replaced_long_ago_ends_the_connection() -> None:
    with a_desk() as desk:
        tokens = desk.connect()
        desk.road.clock.move(hours=25)
        desk.refresh(tokens)
        with pytest.raises(Reconnect) as caught:
            desk.refresh(tokens)
        assert caught.value.code == "invalid_grant"


def test_a_consent_that_was_taken_back_ends_the_connection() -> None:
    with a_desk() as desk:
        tokens = desk.connect()
        desk.road.control.disconnect()
        with pytest.raises(Reconnect):
            desk.refresh(tokens)


def test_a_wrong_secret_is_a_matter_of_the_settings_and_not_of_the_connection() -> None:
    with a_desk() as desk:
        tokens = desk.connect()
        wrong = msgspec.structs.replace(desk.app, client_secret="wrong")
        with pytest.raises(Rejected, match="check client id and secret") as caught:
            desk.refresh(tokens, wrong)
        assert not isinstance(caught.value, Reconnect)
        assert desk.works(desk.refresh(tokens))


def test_without_a_refresh_token_nobody_is_asked() -> None:
    with Server() as server, httpx.Client(verify=False, timeout=60) as http:
        with pytest.raises(Reconnect):
            oauth.refresh(http, an_app(server.url), held(refresh_token=None), MONDAY)
        assert server.asked == []


def test_an_answer_without_a_new_refresh_token_keeps_the_old_one() -> None:
    tokens, _ = asked_of(servers.answer(b'{"access_token":"a","expires_in":1800}'), refreshed)
    assert isinstance(tokens, TokenSet)
    assert (tokens.access_token, tokens.refresh_token) == ("a", "old-refresh")


@pytest.mark.parametrize(
    "rest",
    [
        b'"expires_in":"3600"',
        b'"expires_in":3600.0,"x_refresh_token_expires_in":"soon"',
        b'"expires_in":3600,"scope":["a"],"x_refresh_token_expires_in":null,"new_field":{}',
    ],
)
def test_new_tokens_are_never_lost_over_an_odd_field_beside_them(rest: bytes) -> None:
    tokens, _ = asked_of(servers.answer(b'{"access_token":"a","refresh_token":"r",' + rest + b"}"), refreshed)
    assert isinstance(tokens, TokenSet)
    assert (tokens.refresh_token, tokens.expires_at) == ("r", MONDAY + timedelta(hours=1))


def test_the_end_that_no_refresh_moves_is_kept_where_an_answer_does_not_tell_it() -> None:
    def ask(http: httpx.Client, app: App) -> TokenSet:
        return oauth.refresh(http, app, held(hard_expires_at=MONDAY + timedelta(days=9)), MONDAY)

    silent, _ = asked_of(servers.answer(b'{"access_token":"a"}'), ask)
    told, _ = asked_of(servers.answer(b'{"access_token":"a","x_refresh_token_hard_expires_in":86400}'), ask)
    assert isinstance(silent, TokenSet)
    assert isinstance(told, TokenSet)
    assert silent.hard_expires_at == MONDAY + timedelta(days=9)
    assert told.hard_expires_at == MONDAY + timedelta(days=1)


@pytest.mark.parametrize("told", [b"null", b'"soon"', b"1e300", b"1e12", b"[]"])
def test_a_life_that_is_not_told_is_taken_to_be_short(told: bytes) -> None:
    tokens, _ = asked_of(servers.answer(b'{"access_token":"a","expires_in":' + told + b"}"), refreshed)
    assert isinstance(tokens, TokenSet)
    assert tokens.expires_at <= MONDAY + timedelta(minutes=10)


@pytest.mark.parametrize(
    "reply",
    [
        servers.answer(b"", 500),
        servers.answer(b"", 503),
        servers.answer(b"", 429),
        servers.answer(b"<html>blocked</html>", 403, content_type="text/html"),
        servers.answer(b"<html>sign in</html>", content_type="text/html"),
        servers.answer(b"", 302, location="http://elsewhere.example/"),
        servers.answer(b'{"access_token":"cut o'),
        servers.dropped,
        servers.silent,
    ],
)
def test_a_token_server_in_trouble_says_nothing_of_the_connection(reply: servers.Reply) -> None:
    error, asked = asked_of(reply, refreshed)
    assert isinstance(error, RetryLater)
    assert (error.after_s, asked) == (60, 1)


def test_no_error_of_the_token_server_repeats_what_it_said() -> None:
    body = b'{"error":"invalid_grant","error_description":"token old-refresh of mats@lund.example"}'
    error, _ = asked_of(servers.answer(body, 400), refreshed)
    assert "old-refresh" not in str(error)
    assert "lund" not in str(error)
