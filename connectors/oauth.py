"""OAuth 2 as both platforms speak it: the consent URL, the code's exchange, the refresh, signing in alone, the
revocation.

Our own, because it is four small calls; what is hard about tokens (one refresher at a time, durable before first
use) is the vault's and would be ours with any library. Bodies are never logged, and errors carry the server's error
code only.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx
import msgspec

from connectors.base import Remote, TokenSet
from connectors.errors import OutsideError, Reconnect, Rejected, RetryLater
from strategy.model import Record


class App(Record):
    """The firm's own app at a platform.

    `client_secret` None for a public app, which then proves itself with PKCE (S256); neither platform documents PKCE
    for apps that have a secret. `alone`: it was let in once and for all and signs in by itself (client credentials): no
    consent, no refresh token. `headers` go with every call to the token server. `revokes_in_json`: the revocation is no
    form. `unused_lasts`: how long a refresh token lives unused, where the server does not say. `broader`: which older
    scope covers which.
    """

    client_id: str
    client_secret: str | None
    authorize_url: str
    token_url: str
    revoke_url: str
    scopes: tuple[str, ...]
    alone: bool = False
    headers: Mapping[str, str] = {}
    revokes_in_json: bool = False
    unused_lasts: timedelta | None = None
    broader: Mapping[str, str] = {}

    def __repr__(self) -> str:
        """Without the secret."""
        return f"App({self.client_id}, …)"


class AppSettings(Record):
    """What a ledger says of the firm's app. Addresses None are the platform's own.

    `writes_back`: something is told to the books. `offers_payment`: a payment address goes where customers see it.
    `alone`: the app signs in by itself (a custom connection of Xero's).
    """

    client_id: str
    client_secret: str | None
    authorize_url: str | None = None
    token_url: str | None = None
    writes_back: bool = True
    offers_payment: bool = False
    alone: bool = False


class Consent(Record):
    """One attempt to connect: what to open in the browser, what must come back unchanged, and what was asked for."""

    url: str
    state: str
    verifier: str | None
    redirect_uri: str
    scopes: tuple[str, ...] = ()


class Released(Record):
    """What giving a connection back came to. `ended` False where it had ended before. `others`: what the same consent
    still opens, since platforms let one user's consents run together.
    """

    ended: bool
    others: tuple[Remote, ...] = ()


class _TokenAnswer(msgspec.Struct):
    """Only the access token must be there: whatever else is odd, the refresh token beside it may be the only one."""

    access_token: str
    refresh_token: str | None = None
    expires_in: object = None
    x_refresh_token_expires_in: object = None
    x_refresh_token_hard_expires_in: object = None
    scope: object = None


class _ErrorAnswer(msgspec.Struct):
    error: str


_SHORTEST_S = 600
"""An access token whose life is not told is taken to live this long."""

_LONGEST = timedelta(days=36_525)
"""No token lives longer, whatever its server says."""


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
        url=f"{app.authorize_url}?{urlencode(query)}",
        state=state,
        verifier=verifier,
        redirect_uri=redirect_uri,
        scopes=app.scopes,
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


def sign_in(http: httpx.Client, app: App, now: datetime) -> TokenSet:
    """Tokens of an app that signs in alone; there is no refresh token, the next ones are asked for in the same way.

    `Rejected` where id and secret are wrong, `Reconnect` where the server knows the app and does not let it in: it was
    taken back, or its scopes were changed since it was authorised.
    """
    try:
        return _ask(http, app, {"grant_type": "client_credentials", "scope": " ".join(app.scopes)}, now)
    except Rejected as error:
        if error.code in _NOT_THE_APP:
            raise
        asked = f" It asks for {', '.join(app.scopes)}." if error.code == "invalid_scope" else ""
        raise Reconnect(
            f"The custom connection is not, or no longer, authorised for what Dunwell needs.{asked} "
            "Authorise it at the platform first",
            code=error.code,
        ) from None


def refresh(http: httpx.Client, app: App, tokens: TokenSet, now: datetime) -> TokenSet:
    """New tokens. The caller persists them before anything else: the old refresh token may be dead already.

    `Reconnect` when the grant is dead, `RetryLater` when the server cannot answer now (the old refresh token may still
    be good then), `Rejected` when it does not know the app.
    """
    if app.alone:
        return sign_in(http, app, now)
    if not tokens.refresh_token:
        raise Reconnect("The connection was made without a refresh token, and its access has ended")
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
    try:
        fresh = _ask(http, app, form, now)
    except Rejected as error:
        if error.code in _APPS_FAULT:
            raise
        raise Reconnect("The connection has ended: it expired, was revoked or replaced", code=error.code) from None
    return msgspec.structs.replace(
        fresh,
        refresh_token=fresh.refresh_token or tokens.refresh_token,
        hard_expires_at=fresh.hard_expires_at or tokens.hard_expires_at,
    )


def revoke(http: httpx.Client, app: App, token: str) -> bool:
    """End the consent behind a refresh or access token; False where it had ended before.

    `RetryLater` when the server cannot answer now, `Rejected` when it does not know the app.
    """
    try:
        _post(http, app, app.revoke_url, {"token": token}, in_json=app.revokes_in_json)
    except Rejected as error:
        if error.code in _APPS_FAULT:
            raise
        return False
    return True


def missing_scopes(app: App, tokens: TokenSet) -> tuple[str, ...]:
    """What the app asks for and these tokens do not open; none where the server does not say what they open."""
    granted = set(tokens.scope.split())
    return tuple(scope for scope in app.scopes if granted and not granted & set(_covering(app, scope)))


def _covering(app: App, scope: str) -> Iterator[str]:
    """The scope itself, the one for writing that covers it, and the older ones that cover either."""
    for each in dict.fromkeys((scope, scope.removesuffix(".read"))):
        yield each
        if each in app.broader:
            yield app.broader[each]


_APPS_FAULT = {"invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type"}
"""What is wrong with the app at the platform, or with what the settings say of it; connecting again mends none."""


def beside(token_url: str, name: str) -> str:
    """The address of that name beside another token server's address: a sandbox serves what belongs together so."""
    return f"{token_url.rpartition('/')[0]}/{name}"


_NOT_THE_APP = {"invalid_client", "unsupported_grant_type", "invalid_request"}
"""What is wrong with id, secret or kind of an app that signs in alone."""


def _ask(http: httpx.Client, app: App, form: Mapping[str, str], now: datetime) -> TokenSet:
    response = _post(http, app, app.token_url, form)
    return _tokens(app, response, now)


def _post(http: httpx.Client, app: App, url: str, form: Mapping[str, str], *, in_json: bool = False) -> httpx.Response:
    """The answer to a form, a good one; the app proves itself by HTTP Basic, a public one by its name alone."""
    auth = (app.client_id, app.client_secret) if app.client_secret else None
    data = dict(form) if auth else {**form, "client_id": app.client_id}
    try:
        response = http.post(
            url,
            data=None if in_json else data,
            json=data if in_json else None,
            auth=auth or httpx.USE_CLIENT_DEFAULT,
            headers={"Accept": "application/json", **app.headers},
            follow_redirects=False,
        )
    except httpx.TransportError as error:
        raise RetryLater(f"The token server cannot be reached ({type(error).__name__})", after_s=60) from error
    if response.status_code != httpx.codes.OK:
        raise _refusal(response)
    return response


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


def _tokens(app: App, response: httpx.Response, now: datetime) -> TokenSet:
    try:
        answer = msgspec.json.decode(response.content, type=_TokenAnswer)
    except msgspec.DecodeError:
        raise RetryLater("The token server's answer is not a token", after_s=60) from None
    unused = _seconds(answer.x_refresh_token_expires_in) or (app.unused_lasts if answer.refresh_token else None)
    hard = _seconds(answer.x_refresh_token_hard_expires_in)
    return TokenSet(
        access_token=answer.access_token,
        refresh_token=answer.refresh_token,
        expires_at=now + (_seconds(answer.expires_in) or timedelta(seconds=_SHORTEST_S)),
        refresh_expires_at=None if unused is None else now + unused,
        hard_expires_at=None if hard is None else now + hard,
        scope=answer.scope if isinstance(answer.scope, str) else "",
    )


def _seconds(told: object) -> timedelta | None:
    """A span as token servers tell it: a number of seconds, or one in quotes. None where no calendar could hold it."""
    try:
        span = timedelta(seconds=float(told)) if isinstance(told, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return None if span is None or span > _LONGEST else span
