"""OAuth 2 as both platforms speak it: the consent URL, the code's exchange, the refresh, the revocation.

Our own, because it is three small calls; what is hard about tokens (one refresher at a time, durable before first
use) is the vault's and would be ours with any library. Bodies are never logged, and errors carry the server's error
code only.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx
import msgspec

from connectors.base import TokenSet
from connectors.errors import OutsideError, Reconnect, Rejected, RetryLater
from strategy.model import Record


class App(Record):
    """The firm's own app at a platform.

    `client_secret` None for a public app, which then proves itself with PKCE (S256); neither platform documents PKCE
    for apps that have a secret. `headers` go with every call to the token server.
    """

    client_id: str
    client_secret: str | None
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        """Without the secret."""
        return f"App({self.client_id}, …)"


class AppSettings(Record):
    """What a ledger says of the firm's app. Addresses None are the platform's own.

    `writes_back`: something is told to the books. `offers_payment`: a payment address goes where customers see it.
    """

    client_id: str
    client_secret: str | None
    authorize_url: str | None = None
    token_url: str | None = None
    writes_back: bool = True
    offers_payment: bool = False


class Consent(Record):
    """One attempt to connect: what to open in the browser, and what must come back unchanged."""

    url: str
    state: str
    verifier: str | None
    redirect_uri: str


class _TokenAnswer(msgspec.Struct):
    """Only the access token must be there: whatever else is odd, the refresh token beside it may be the only one."""

    access_token: str
    refresh_token: str | None = None
    expires_in: object = None
    x_refresh_token_expires_in: object = None
    scope: object = None


class _ErrorAnswer(msgspec.Struct):
    error: str


_SHORTEST_S = 600
"""An access token whose life is not told is taken to live this long."""


def ask_consent(app: App, redirect_uri: str) -> Consent:
    """A consent page's URL with a fresh state, and a fresh challenge for a public app."""
    state = secrets.token_urlsafe(24)
    verifier = None if app.client_secret else secrets.token_urlsafe(48)
    query = {
        "client_id": app.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": " ".join(app.scopes),
        "state": state,
        **_challenge(verifier),
    }
    return Consent(
        url=f"{app.authorize_url}?{urlencode(query)}", state=state, verifier=verifier, redirect_uri=redirect_uri
    )


def _challenge(verifier: str | None) -> dict[str, str]:
    if verifier is None:
        return {}
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"code_challenge": challenge, "code_challenge_method": "S256"}


def exchange(http: httpx.Client, app: App, consent: Consent, code: str, now: datetime) -> TokenSet:
    """The tokens for a code. `Rejected` where the server refuses it (used, expired, another redirect)."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": consent.redirect_uri}
    if consent.verifier:
        form["code_verifier"] = consent.verifier
    return _ask(http, app, form, now)


def refresh(http: httpx.Client, app: App, tokens: TokenSet, now: datetime) -> TokenSet:
    """New tokens. The caller persists them before anything else: the old refresh token may be dead already.

    `Reconnect` when the grant is dead, `RetryLater` when the server cannot answer now (the old refresh token may still
    be good then), `Rejected` when it does not know the app.
    """
    if not tokens.refresh_token:
        raise Reconnect("The connection was made without a refresh token, and its access has ended")
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
    try:
        fresh = _ask(http, app, form, now)
    except Rejected as error:
        if error.code in _APPS_FAULT:
            raise
        raise Reconnect("The connection has ended (expired, revoked, or replaced)", code=error.code) from None
    return msgspec.structs.replace(fresh, refresh_token=fresh.refresh_token or tokens.refresh_token)


_APPS_FAULT = {"invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type"}
"""What is wrong with the app at the platform, or with what the settings say of it; connecting again mends none."""


def _ask(http: httpx.Client, app: App, form: Mapping[str, str], now: datetime) -> TokenSet:
    auth = (app.client_id, app.client_secret) if app.client_secret else None
    data = dict(form) if auth else {**form, "client_id": app.client_id}
    try:
        response = http.post(
            app.token_url,
            data=data,
            auth=auth or httpx.USE_CLIENT_DEFAULT,
            headers={"Accept": "application/json", **app.headers},
            follow_redirects=False,
        )
    except httpx.TransportError as error:
        raise RetryLater(f"The token server cannot be reached ({type(error).__name__})", after_s=60) from error
    if response.status_code != httpx.codes.OK:
        raise _refusal(response)
    return _tokens(response.content, now)


def _refusal(response: httpx.Response) -> OutsideError:
    """Only a refusal in OAuth's own words is one: a page of a proxy's, or a server in trouble, says nothing of us."""
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return RetryLater("The token server cannot answer now", after_s=60)
    try:
        code = msgspec.json.decode(response.content, type=_ErrorAnswer).error
    except msgspec.DecodeError:
        return RetryLater("Something on the way answered for the token server", after_s=60)
    advice = "check client id and secret" if code in _APPS_FAULT else "connect the ledger again"
    return Rejected(f"The token server refused; {advice}", code=code)


def _tokens(body: bytes, now: datetime) -> TokenSet:
    try:
        answer = msgspec.json.decode(body, type=_TokenAnswer)
    except msgspec.DecodeError:
        raise RetryLater("The token server's answer is not a token", after_s=60) from None
    rest = _seconds(answer.x_refresh_token_expires_in)
    return TokenSet(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        expires_at=now + (_seconds(answer.expires_in) or timedelta(seconds=_SHORTEST_S)),
        refresh_expires_at=None if rest is None else now + rest,
        scope=answer.scope if isinstance(answer.scope, str) else "",
    )


def _seconds(told: object) -> timedelta | None:
    """A span as token servers tell it: a number of seconds, or one in quotes."""
    try:
        return timedelta(seconds=float(told)) if isinstance(told, int | float | str) else None
    except (ValueError, OverflowError):
        return None
