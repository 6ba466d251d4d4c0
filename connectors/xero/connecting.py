"""Where Xero is, and how an organisation is connected. All addresses as of 2026-11-21 (Xero, OpenAPI and OAuth)."""

from collections.abc import Mapping

import httpx
import msgspec

from connectors.base import Remote, TokenSet
from connectors.errors import BadAnswer, Rejected, RetryLater
from connectors.oauth import App, AppSettings
from connectors.xero.bodies import Connection

API_URL = "https://api.xero.com"
AUTHORIZE_URL = "https://login.xero.com/identity/connect/authorize"
TOKEN_URL = "https://identity.xero.com/connect/token"  # noqa: S105 - an address

READING = (
    "offline_access",
    "accounting.payments.read",
    "accounting.settings.read",
    "accounting.reports.aged.read",
)
"""The granular ones; apps made since March 2026 have no others."""

_BY_WRITES = {
    False: ("accounting.invoices.read", "accounting.contacts.read"),
    True: ("accounting.invoices", "accounting.contacts", "accounting.attachments"),
}

_connections = msgspec.json.Decoder(tuple[Connection, ...]).decode


def app(settings: AppSettings) -> App:
    """The firm's app, asking for no more than the ledger's settings need.

    Without a secret it proves itself with PKCE. Payment services are open only to partners whom Xero has reviewed.
    """
    services = ("paymentservices",) if settings.offers_payment else ()
    return App(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        authorize_url=settings.authorize_url or AUTHORIZE_URL,
        token_url=settings.token_url or TOKEN_URL,
        scopes=(*READING, *_BY_WRITES[settings.writes_back], *services),
    )


def remotes(http: httpx.Client, api_url: str, _redirect: Mapping[str, str], tokens: TokenSet) -> tuple[Remote, ...]:
    """The organisations that this consent, and earlier ones of the same user, cover."""
    headers = {"Authorization": f"Bearer {tokens.access_token}", "Accept": "application/json"}
    try:
        response = http.get(f"{api_url}/connections", headers=headers, follow_redirects=False)
    except httpx.TransportError as error:
        raise RetryLater(f"Xero cannot be reached ({type(error).__name__})", after_s=60) from error
    if (
        response.status_code == httpx.codes.TOO_MANY_REQUESTS
        or response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
    ):
        raise RetryLater("Xero cannot say now which organisations it lets us into", after_s=60)
    if response.status_code != httpx.codes.OK:
        raise Rejected("Xero does not say which organisations it lets us into", code=str(response.status_code))
    try:
        found = _connections(response.content)
    except msgspec.DecodeError:
        raise BadAnswer("Xero's list of connections cannot be read") from None
    return tuple(
        Remote(id=one.tenant_id, name=one.tenant_name or one.tenant_id)
        for one in found
        if one.tenant_type in {None, "ORGANISATION"}
    )
