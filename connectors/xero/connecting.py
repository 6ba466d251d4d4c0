"""Where Xero is, and how an organisation is connected. All addresses as of 2026-11-21 (Xero, OpenAPI and OAuth)."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
import msgspec

from connectors import oauth
from connectors.base import Remote, TokenSet
from connectors.errors import BadAnswer, Reconnect, Rejected, RetryLater
from connectors.oauth import App, AppSettings, Released
from connectors.xero.bodies import Connection

API_URL = "https://api.xero.com"
AUTHORIZE_URL = "https://login.xero.com/identity/connect/authorize"
TOKEN_URL = "https://identity.xero.com/connect/token"  # noqa: S105 - an address
REVOKE_URL = "https://identity.xero.com/connect/revocation"

OFFLINE = "offline_access"
"""What a refresh token is given for; who signs in alone needs none and is refused for asking."""

READING = ("accounting.payments.read", "accounting.settings.read", "accounting.reports.aged.read")
"""The granular ones; apps made since March 2026 have no others."""

_BY_WRITES = {
    False: ("accounting.invoices.read", "accounting.contacts.read"),
    True: ("accounting.invoices", "accounting.contacts", "accounting.attachments"),
}

PURPOSES = {
    OFFLINE: "to stay connected",
    "accounting.payments.read": "to read payments, over- and prepayments",
    "accounting.settings.read": "to read the organisation and its reminders",
    "accounting.reports.aged.read": "to hold our figures beside the aged report",
    "accounting.invoices.read": "to read invoices and credit notes",
    "accounting.contacts.read": "to read contacts",
    "accounting.invoices": "to read invoices, and to note on them what was said",
    "accounting.contacts": "to read contacts, and to note on them what was said",
    "accounting.attachments": "to file statements",
    "paymentservices": "to offer pay_url on invoices; Xero opens it to reviewed apps alone",
}
"""What each scope is for."""

BROADER = {
    "accounting.invoices": "accounting.transactions",
    "accounting.invoices.read": "accounting.transactions.read",
    "accounting.payments": "accounting.transactions",
    "accounting.payments.read": "accounting.transactions.read",
    "accounting.reports.aged.read": "accounting.reports.read",
}
"""Which scope of an app made before March 2026 opens the same; Xero ends those on 13 September 2027."""

UNUSED_LASTS = timedelta(days=60)
"""Xero's answers do not say how long a refresh token lives (OAuth 2.0 pages, read 2026-11-21)."""

_connections = msgspec.json.Decoder(tuple[Connection, ...]).decode


def app(settings: AppSettings) -> App:
    """The firm's app, asking for no more than the ledger's settings need.

    Without a secret it proves itself with PKCE. Payment services are open only to partners whom Xero has reviewed.
    """
    services = ("paymentservices",) if settings.offers_payment else ()
    lasting = () if settings.alone else (OFFLINE,)
    token_url = settings.token_url
    return App(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        authorize_url=settings.authorize_url or AUTHORIZE_URL,
        token_url=token_url or TOKEN_URL,
        revoke_url=oauth.beside(token_url, "revocation") if token_url else REVOKE_URL,
        scopes=(*lasting, *READING, *_BY_WRITES[settings.writes_back], *services),
        alone=settings.alone,
        unused_lasts=UNUSED_LASTS,
        broader=BROADER,
    )


def remotes(http: httpx.Client, api_url: str, _redirect: Mapping[str, str], tokens: TokenSet) -> tuple[Remote, ...]:
    """The organisations that this consent, and earlier ones of the same user, cover; the one of a custom connection."""
    return tuple(
        Remote(id=one.tenant_id, name=one.tenant_name or one.tenant_id)
        for one in _connected(http, api_url, tokens)
        if one.tenant_type in {None, "ORGANISATION"}
    )


def release(http: httpx.Client, app: App, api_url: str, remote_id: str, tokens: TokenSet) -> Released:
    """End the connection to this organisation, and the consent with it where it opens no other one: a revocation ends
    all that the user ever let this app into, and other ledgers may live on that (Xero, revoking tokens, read
    2026-11-21).
    """
    connected = _connected(http, api_url, tokens)
    mine = next((one for one in connected if one.tenant_id == remote_id), None)
    if mine is not None:
        answer = _asked(http, "DELETE", f"{api_url}/connections/{mine.id}", tokens)
        if answer.status_code not in {httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND}:
            raise Rejected("Xero does not end the connection", code=str(answer.status_code))
    others = tuple(
        Remote(id=one.tenant_id, name=one.tenant_name or one.tenant_id) for one in connected if one is not mine
    )
    revoked = not others and tokens.refresh_token is not None and oauth.revoke(http, app, tokens.refresh_token)
    return Released(ended=mine is not None or revoked, others=others)


def _connected(http: httpx.Client, api_url: str, tokens: TokenSet) -> tuple[Connection, ...]:
    response = _asked(http, "GET", f"{api_url}/connections", tokens)
    if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise Reconnect("Xero no longer lets this app in", code=str(response.status_code))
    if response.status_code != httpx.codes.OK:
        raise Rejected("Xero does not say which organisations it lets us into", code=str(response.status_code))
    try:
        return _connections(response.content)
    except msgspec.DecodeError:
        raise BadAnswer("Xero's list of connections cannot be read") from None


def _asked(http: httpx.Client, method: str, url: str, tokens: TokenSet) -> httpx.Response:
    """Xero's answer. Raises `RetryLater` where it cannot give one now."""
    headers = {"Authorization": f"Bearer {tokens.access_token}", "Accept": "application/json"}
    try:
        response = http.request(method, url, headers=headers, follow_redirects=False)
    except httpx.TransportError as error:
        raise RetryLater(f"Xero cannot be reached ({type(error).__name__})", after_s=60) from error
    if (
        response.status_code == httpx.codes.TOO_MANY_REQUESTS
        or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
    ):
        raise RetryLater("Xero cannot say now which organisations it lets us into", after_s=60)
    return response
