"""Xero's OAuth: apps, scopes, tokens (fact sheet, sections 1 and 2)."""

import base64
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from dunwell.sandbox.dice import digest
from dunwell.sandbox.oauth.rules import App, Grant, Rules
from dunwell.sandbox.xero.ids import uuid_of

WEB = App(client_id="SANDBOX0XERO0WEB", client_secret="sandbox-only")  # noqa: S106 - not a secret, it is on the tin
PUBLIC = App(client_id="SANDBOX0XERO0PKCE", client_secret=None)
CUSTOM = App(client_id="SANDBOX0XERO0CUSTOM", client_secret="sandbox-only", alone=True)  # noqa: S106 - as above

OFFLINE = "offline_access"
_BOTH_WAYS = "invoices payments banktransactions manualjournals contacts settings attachments"
_REPORTS = "aged balancesheet banksummary budgetsummary executivesummary profitandloss trialbalance taxreports"
SCOPES = frozenset(
    {OFFLINE, "openid", "profile", "email", "paymentservices", "accounting.journals.read", "accounting.budgets.read"}
    | {f"accounting.{name}{read}" for name in _BOTH_WAYS.split() for read in ("", ".read")}
    | {f"accounting.reports.{name}.read" for name in _REPORTS.split()}
)
"""What an app made since 2 March 2026 may ask for: accounting.transactions and accounting.reports.read are gone."""

USUAL = (
    "offline_access accounting.invoices accounting.payments.read accounting.contacts accounting.settings.read "
    "accounting.attachments accounting.reports.aged.read"
)
"""The least that reading receivables and writing notes and files needs (fact sheet, section 2)."""

_OF_USERS = frozenset({OFFLINE, "openid", "profile", "email"})
_SIXTY_DAYS = 5_184_000


def rules() -> Rules:
    """Access half an hour; refresh 60 days, new at every use. One that was used works on for half an hour, "as many
    times as needed", in case an answer is lost (Xero staff, community.xero.com 127920775 and 105714701, read
    2026-11-22).

    That a custom connection is refused scopes of users, and that what is revoked need not exist, is how IdentityServer,
    which Xero's token server is by its look, does it [UNCONFIRMED].
    """
    return Rules(
        label="xero",
        apps=(WEB, PUBLIC, CUSTOM),
        scopes=SCOPES,
        access_s=1800,
        refresh_s=_SIXTY_DAYS,
        grace_s=1800,
        refresh_scope=OFFLINE,
        alone_refused="Client credentials scope validation failed",
        of_users=_OF_USERS,
        revokes_all=True,
        unknown_revoked=True,
        redirect_refused=_refused,
        access_token=_access_token,
        token_fields=_token_fields,
    )


def event_of(grant: Grant) -> str:
    """What connections call authEventId, and the access token authentication_event_id."""
    return uuid_of("consent", grant.id)


def _refused(_app: App, uri: str) -> str | None:
    """https anywhere, http on localhost alone, and 127.0.0.1 is not localhost."""
    parts = urlsplit(uri)
    good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")
    return None if good and parts.hostname else "Invalid redirect_uri: https, or http://localhost"


def _access_token(grant: Grant, text: str, until: datetime) -> str:
    """A JWT by its look: nobody here checks its signature."""
    claims = {
        "exp": int(until.timestamp()),
        "iss": "https://identity.xero.com",
        "aud": "https://identity.xero.com/resources",
        "client_id": grant.client_id,
        "xero_userid": uuid_of("user"),
        "authentication_event_id": event_of(grant),
        "scope": sorted(grant.scopes),
        "jti": text,
    }
    return _jwt(claims, text)


def _token_fields(grant: Grant) -> dict[str, Any]:
    fields = {"token_type": "Bearer", "scope": " ".join(sorted(grant.scopes))}
    if "openid" in grant.scopes:
        claims = {"sub": uuid_of("user"), "email": "robin@larksparrow.example", "name": "Robin Keeper"}
        fields["id_token"] = _jwt(claims, str(grant.id))
    return fields


def _jwt(claims: dict[str, Any], salt: str) -> str:
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    head = ".".join(_url64(msgspec.json.encode(part)) for part in parts)
    return f"{head}.{_url64(digest('jwt', salt).encode())}"


def _url64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
