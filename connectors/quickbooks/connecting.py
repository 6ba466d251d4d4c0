"""Where QuickBooks is, and how a company is connected. All addresses as of 2026-11-21 (Intuit, discovery document)."""

from collections.abc import Mapping

import httpx

from connectors.base import Remote, TokenSet
from connectors.errors import Rejected
from connectors.oauth import App, AppSettings

API_URL = "https://quickbooks.api.intuit.com"
SANDBOX_API_URL = "https://sandbox-quickbooks.api.intuit.com"
AUTHORIZE_URL = "https://appcenter.intuit.com/connect/oauth2"
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105 - an address

SCOPES = ("com.intuit.quickbooks.accounting",)


def app(settings: AppSettings) -> App:
    """The firm's app. QuickBooks has one scope for reading and writing."""
    return App(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        authorize_url=settings.authorize_url or AUTHORIZE_URL,
        token_url=settings.token_url or TOKEN_URL,
        scopes=SCOPES,
    )


def remotes(_http: httpx.Client, _api_url: str, redirect: Mapping[str, str], _tokens: TokenSet) -> tuple[Remote, ...]:
    """The one company that was consented to: Intuit says which in the redirect."""
    realm = redirect.get("realmId")
    if not realm:
        raise Rejected("Intuit's redirect names no company (realmId)")
    return (Remote(id=realm, name=f"company {realm}"),)
