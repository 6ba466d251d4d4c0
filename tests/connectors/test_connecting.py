"""Connecting to both platforms beyond the code: signing in alone, which scopes and companies there are, giving back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from connectors import oauth
from connectors.base import Remote, TokenSet
from connectors.errors import Reconnect, Rejected, RetryLater
from connectors.oauth import App, AppSettings
from connectors.quickbooks import connecting as quickbooks
from connectors.xero import connecting as xero
from dunwell.sandbox.control import Control
from dunwell.sandbox.server import Sandbox
from tests.connectors import servers
from tests.connectors.roads import MONDAY, Clock
from tests.connectors.servers import Server

REDIRECT = "http://localhost:8765/callback"
APPS = {"quickbooks": ("sandbox-app", "sandbox-only"), "xero": ("SANDBOX0XERO0WEB", "sandbox-only")}
PKCE = ("SANDBOX0XERO0PKCE", None)
CUSTOM = ("SANDBOX0XERO0CUSTOM", "sandbox-only")


@dataclass
class Desk:
    """An app at one platform of the sandbox."""

    platform: str
    sandbox: Sandbox
    clock: Clock
    http: httpx.Client

    @property
    def connecting(self) -> ModuleType:
        return {"quickbooks": quickbooks, "xero": xero}[self.platform]

    @property
    def control(self) -> Control:
        return self.sandbox.control(self.platform)

    @property
    def company(self) -> str:
        return str(self.sandbox.about()[self.platform]["company_id"])

    def app(self, word: tuple[str, str | None] | None = None, **more: bool) -> App:
        """`word`: the app's id and secret."""
        client_id, secret = word or APPS[self.platform]
        url = f"{self.sandbox.url}/{self.platform}/oauth2"
        settings = AppSettings(
            client_id=client_id,
            client_secret=secret,
            authorize_url=f"{url}/authorize",
            token_url=f"{url}/token",
            alone=word == CUSTOM,
            **more,
        )
        app: App = self.connecting.app(settings)
        return app

    def connect(self, app: App) -> TokenSet:
        """What a consent brings."""
        if app.alone:
            return oauth.sign_in(self.http, app, self.clock.now())
        consent = oauth.ask_consent(app, REDIRECT)
        back = self.http.post(consent.url, data={"decision": "allow"}).headers["location"]
        return oauth.exchange(self.http, app, consent, parse_qs(urlsplit(back).query)["code"][0], self.clock.now())

    def release(self, app: App, tokens: TokenSet) -> oauth.Released:
        released: oauth.Released = self.connecting.release(self.http, app, self.sandbox.url, self.company, tokens)
        return released

    def refreshes(self, app: App, tokens: TokenSet) -> bool:
        try:
            return bool(oauth.refresh(self.http, app, tokens, self.clock.now()))
        except Reconnect:
            return False


@contextmanager
def a_sandbox(platform: str) -> Iterator[Desk]:
    clock = Clock()
    with Sandbox(clock, platforms=[platform]) as sandbox, httpx.Client(verify=False, timeout=60) as http:
        yield Desk(platform, sandbox, clock, http)


@pytest.fixture(scope="module")
def shared_xero() -> Iterator[Desk]:
    with a_sandbox("xero") as desk:
        yield desk


@pytest.fixture(scope="module")
def shared_quickbooks() -> Iterator[Desk]:
    with a_sandbox("quickbooks") as desk:
        yield desk


@pytest.fixture
def at_xero(shared_xero: Desk) -> Iterator[Desk]:
    """Everything is let in again afterwards."""
    yield shared_xero
    shared_xero.sandbox.dialects["xero"].desk.grants.shut.clear()


@pytest.fixture
def at_quickbooks(shared_quickbooks: Desk) -> Desk:
    return shared_quickbooks


def test_a_custom_connection_needs_no_consent_and_asks_for_each_token_anew(at_xero: Desk) -> None:
    app = at_xero.app(CUSTOM)
    tokens = at_xero.connect(app)
    assert (tokens.refresh_token, tokens.refresh_expires_at) == (None, None)
    assert tokens.expires_at == at_xero.clock.now() + timedelta(seconds=1800)
    (one,) = xero.remotes(at_xero.http, at_xero.sandbox.url, {}, tokens)
    assert (one.id, one.name) == (at_xero.company, "Larksparrow Studio")
    again = oauth.refresh(at_xero.http, app, tokens, at_xero.clock.now())
    assert again.access_token != tokens.access_token


def test_a_custom_connection_asks_for_no_scope_of_users(at_xero: Desk) -> None:
    assert set(at_xero.app().scopes) - set(at_xero.app(CUSTOM).scopes) == {"offline_access"}


def test_a_custom_connection_that_was_taken_back_asks_for_a_person(at_xero: Desk) -> None:
    app = at_xero.app(CUSTOM)
    tokens = at_xero.connect(app)
    at_xero.control.disconnect()
    with pytest.raises(Reconnect, match="not, or no longer, authorised") as caught:
        oauth.refresh(at_xero.http, app, tokens, at_xero.clock.now())
    assert caught.value.code == "unauthorized_client"


def test_scopes_that_a_custom_connection_lacks_are_named(at_xero: Desk) -> None:
    app = msgspec.structs.replace(at_xero.app(CUSTOM), scopes=("accounting.invoices", "accounting.transactions"))
    with pytest.raises(Reconnect, match=r"It asks for accounting\.invoices, accounting\.transactions\."):
        at_xero.connect(app)


@pytest.mark.parametrize("wrong", [("SANDBOX0XERO0CUSTOM", "wrong"), APPS["xero"]])
def test_a_custom_connection_with_a_wrong_secret_or_app_is_a_matter_of_the_settings(
    at_xero: Desk, wrong: tuple[str, str]
) -> None:
    app = msgspec.structs.replace(at_xero.app(CUSTOM), client_id=wrong[0], client_secret=wrong[1])
    with pytest.raises(Rejected, match="check client id and secret") as caught:
        at_xero.connect(app)
    assert not isinstance(caught.value, Reconnect)


def test_least_privilege_writing_only_where_something_is_written(at_xero: Desk) -> None:
    reading = set(at_xero.app(writes_back=False).scopes)
    writing = set(at_xero.app(writes_back=True).scopes)
    assert {scope for scope in reading if not scope.endswith(".read")} == {"offline_access"}
    assert writing - reading == {"accounting.invoices", "accounting.contacts", "accounting.attachments"}
    assert set(at_xero.app(offers_payment=True).scopes) - writing == {"paymentservices"}


def granted(*scopes: str) -> TokenSet:
    return TokenSet(access_token="a", refresh_token="r", expires_at=MONDAY, scope=" ".join(scopes))


def test_what_was_granted_is_held_beside_what_is_asked_for(at_xero: Desk) -> None:
    app = at_xero.app()
    assert oauth.missing_scopes(app, at_xero.connect(app)) == ()
    tokens = at_xero.connect(at_xero.app(writes_back=False))
    assert oauth.missing_scopes(app, tokens) == (
        "accounting.invoices",
        "accounting.contacts",
        "accounting.attachments",
    )
    assert oauth.missing_scopes(app, granted()) == (), "where the server does not say, nothing is missing"


def test_a_right_to_write_and_an_older_broader_right_cover_the_reading(at_xero: Desk) -> None:
    app = at_xero.app(writes_back=False)
    writing = ("offline_access accounting.payments accounting.settings accounting.invoices accounting.contacts").split()
    assert oauth.missing_scopes(app, granted(*writing)) == ("accounting.reports.aged.read",)
    older = "offline_access accounting.transactions.read accounting.reports.read accounting.settings.read".split()
    assert oauth.missing_scopes(app, granted(*older)) == ("accounting.contacts.read",)


def test_xero_lives_sixty_days_unused(at_xero: Desk) -> None:
    tokens = at_xero.connect(at_xero.app(PKCE))
    assert tokens.refresh_expires_at == at_xero.clock.now() + timedelta(days=60)
    assert tokens.hard_expires_at is None


def test_of_all_that_a_user_lets_us_into_organisations_alone_are_ledgers() -> None:
    kinds = {"a1": "ORGANISATION", "p1": "PRACTICE", "b2": "ORGANISATION"}
    body = [{"id": f"c-{id_}", "tenantId": id_, "tenantType": kind, "tenantName": id_} for id_, kind in kinds.items()]
    body.append({"id": "c-old", "tenantId": "o3"})
    with Server(servers.answer(msgspec.json.encode(body))) as server, httpx.Client(verify=False, timeout=60) as http:
        found = xero.remotes(http, server.url, {}, granted())
    assert [(one.id, one.name) for one in found] == [("a1", "a1"), ("b2", "b2"), ("o3", "o3")]


@pytest.mark.parametrize("status", [401, 403])
def test_a_list_of_connections_that_is_refused_asks_for_a_person(status: int) -> None:
    refused = pytest.raises(Reconnect, match="no longer lets this app in")
    with Server(servers.answer(b"{}", status)) as server, httpx.Client(verify=False, timeout=60) as http, refused:
        xero.remotes(http, server.url, {}, granted())


def test_a_company_of_quickbooks_is_given_back_with_its_consent(at_quickbooks: Desk) -> None:
    app = at_quickbooks.app()
    tokens, other = at_quickbooks.connect(app), at_quickbooks.connect(app)
    assert at_quickbooks.release(app, tokens) == oauth.Released(ended=True)
    assert not at_quickbooks.refreshes(app, tokens)
    assert at_quickbooks.refreshes(app, other), "another consent is another ledger's"


def test_giving_back_what_had_ended_is_no_mistake(at_quickbooks: Desk) -> None:
    app = at_quickbooks.app()
    tokens = at_quickbooks.connect(app)
    at_quickbooks.release(app, tokens)
    assert at_quickbooks.release(app, tokens) == oauth.Released(ended=False)


@pytest.mark.parametrize("word", [APPS["xero"], PKCE, CUSTOM])
def test_an_organisation_of_xero_is_given_back(at_xero: Desk, word: tuple[str, str | None]) -> None:
    app = at_xero.app(word)
    tokens = at_xero.connect(app)
    assert at_xero.release(app, tokens) == oauth.Released(ended=True)
    assert not at_xero.refreshes(app, tokens)


def test_a_consent_that_opens_another_organisation_too_lives_on() -> None:
    """Revoking would end that one's ledger with it."""
    both = [
        {"id": f"c-{id_}", "tenantId": id_, "tenantType": "ORGANISATION", "tenantName": id_} for id_ in ("a1", "b2")
    ]
    with Server(servers.answer(msgspec.json.encode(both)), servers.answer(b"", 204)) as server:
        settings = AppSettings(client_id="app", client_secret="word", token_url=f"{server.url}/token")
        with httpx.Client(verify=False, timeout=60) as http:
            released = xero.release(http, xero.app(settings), server.url, "a1", granted())
        assert released == oauth.Released(ended=True, others=(Remote(id="b2", name="b2"),))
        assert [(one.method, one.target) for one in server.asked] == [
            ("GET", "/connections"),
            ("DELETE", "/connections/c-a1"),
        ]


@pytest.mark.parametrize("platform", [quickbooks, xero])
def test_a_platform_that_cannot_answer_gave_nothing_back(platform: ModuleType) -> None:
    with Server(servers.answer(b"", 503)) as server, httpx.Client(verify=False, timeout=60) as http:
        settings = AppSettings(client_id="app", client_secret="word", token_url=f"{server.url}/token")
        with pytest.raises(RetryLater):
            platform.release(http, platform.app(settings), server.url, "a1", granted())


def test_a_wrong_secret_gave_nothing_back(at_quickbooks: Desk) -> None:
    tokens = at_quickbooks.connect(at_quickbooks.app())
    with pytest.raises(Rejected, match="check client id and secret"):
        at_quickbooks.release(at_quickbooks.app(("sandbox-app", "wrong")), tokens)
