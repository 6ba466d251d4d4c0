"""Where QuickBooks is, and how a company is connected. All addresses as of 2026-11-21 (Intuit, discovery document)."""

from collections.abc import Mapping
from datetime import timedelta

import httpx

from connectors import oauth
from connectors.base import Remote, TokenSet
from connectors.errors import Rejected
from connectors.oauth import App, AppSettings, Released

API_URL = "https://quickbooks.api.intuit.com"
SANDBOX_API_URL = "https://sandbox-quickbooks.api.intuit.com"
AUTHORIZE_URL = "https://appcenter.intuit.com/connect/oauth2"
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105 - an address
REVOKE_URL = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"

SCOPES = ("com.intuit.quickbooks.accounting",)

PURPOSES = {SCOPES[0]: "to read the books and to write into them"}
"""What each scope is for."""

TELL_HARD_END = {"x-include-refresh-token-hard-expires-in": "true"}
"""Asked so, the token answer says in `x_refresh_token_hard_expires_in` how many seconds are left of the five years
after which only a new consent helps (Intuit, OAuth 2.0 page and refresh token policy of 12 Nov 2025, read 2026-11-22:
the request has the header, the answer's body the field).
"""

UNUSED_LASTS = timedelta(days=100)
"""Rolling; the answers say it too, as 100 or 101 days."""


def app(settings: AppSettings) -> App:
    """The firm's app. QuickBooks has one scope for reading and writing."""
    token_url = settings.token_url
    return App(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        authorize_url=settings.authorize_url or AUTHORIZE_URL,
        token_url=token_url or TOKEN_URL,
        revoke_url=oauth.beside(token_url, "revoke") if token_url else REVOKE_URL,
        scopes=SCOPES,
        headers=TELL_HARD_END,
        revokes_in_json=True,  # both of Intuit's SDKs do (intuit-oauth 1.2.6, oauth-jsclient, read 2026-11-22)
        unused_lasts=UNUSED_LASTS,
    )


def remotes(_http: httpx.Client, _api_url: str, redirect: Mapping[str, str], _tokens: TokenSet) -> tuple[Remote, ...]:
    """The one company that was consented to: Intuit says which in the redirect."""
    realm = redirect.get("realmId")
    if not realm:
        raise Rejected("Intuit's redirect names no company (realmId)")
    return (Remote(id=realm, name=f"company {realm}"),)


def release(http: httpx.Client, app: App, _api_url: str, _remote_id: str, tokens: TokenSet) -> Released:
    """Give the consent back: it is for this one company."""
    return Released(ended=oauth.revoke(http, app, tokens.refresh_token or tokens.access_token))
