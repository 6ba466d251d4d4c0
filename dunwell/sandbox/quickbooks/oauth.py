"""Intuit's OAuth: what is particular about it (fact sheet, section 2)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from dunwell.sandbox.oauth.rules import App, Grant, Rules

SCOPE = "com.intuit.quickbooks.accounting"
CLIENT_ID = "sandbox-app"
LIVE_ID = "sandbox-app-live"
CLIENT_WORD = "sandbox-only"
_SCOPES = frozenset({SCOPE, "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address"})
_HUNDRED_AND_ONE_DAYS = 8_726_400
_FIVE_YEARS = timedelta(days=1826)


def rules(realm: str) -> Rules:
    """Access 1 hour; refresh 101 days, rolling, its value changes about daily and only the newest works.

    Intuit's documents disagree on the last: "the previous one expires" at once (help article Validity of Refresh
    Token), or "24 hours after you receive a new one" (README of oauth-jsclient); both read 2026-11-22. The sandbox
    takes the stricter; `Grants.grace_s` tries the other.
    """
    return Rules(
        label="quickbooks",
        apps=(
            App(client_id=CLIENT_ID, client_secret=CLIENT_WORD),
            App(client_id=LIVE_ID, client_secret=CLIENT_WORD, live=True),
        ),
        scopes=_SCOPES,
        access_s=3600,
        refresh_s=_HUNDRED_AND_ONE_DAYS,
        rotate_after_s=86_400,
        redirect_refused=_refused,
        token_fields=_token_fields,
        redirect_fields=lambda _companies: {"realmId": realm},
    )


def _refused(app: App, uri: str) -> str | None:
    """Keys of a sandbox app may redirect to http://localhost alone, any port; those for real companies to https alone,
    and not to this machine.
    """
    parts = urlsplit(uri)
    local = parts.hostname == "localhost"
    if app.live:
        good, use = parts.scheme == "https" and not local, "https, and no localhost"
    else:
        good, use = parts.scheme == "http" and local, "http://localhost:<port>/..."
    return None if good else f"The redirect_uri query parameter value is invalid: use {use}"


def _token_fields(_grant: Grant) -> dict[str, Any]:
    return {"x_refresh_token_expires_in": _HUNDRED_AND_ONE_DAYS}


def hard_expiry_s(grant: Grant) -> int:
    """When consent must be given anew, whatever is refreshed: five years after it was given (Intuit, 12 Nov 2025)."""
    return int((grant.granted_at + _FIVE_YEARS - grant.refresh_since).total_seconds())
