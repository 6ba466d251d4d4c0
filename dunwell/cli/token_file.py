"""Tokens that another program obtained, as JSON: `{"access_token", "refresh_token", "expires_in", "realm_id"}`, with
`tenant_id` in place of `realm_id` for Xero. What else a token server says of itself is taken where it is there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from connectors.base import Remote, TokenSet
from dunwell.cli.ending import Wrong


class _Tokens(msgspec.Struct):
    access_token: str
    refresh_token: str | None = None
    expires_in: int = 0
    x_refresh_token_expires_in: int | None = None
    x_refresh_token_hard_expires_in: int | None = None
    scope: str = ""
    realm_id: str | None = None
    tenant_id: str | None = None


def read(file: Path, now: datetime) -> tuple[TokenSet, Sequence[Remote]]:
    """The tokens, and the one company they are for. Never says what the file holds."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=_Tokens)
    except msgspec.ValidationError as error:
        raise Wrong(f"{file}: {error}; it takes access_token, refresh_token, expires_in, realm_id") from None
    except msgspec.DecodeError:
        raise Wrong(f"{file}: it is not JSON") from None
    company = found.realm_id or found.tenant_id
    if not company:
        raise Wrong(f"{file}: it names no company; add realm_id (QuickBooks) or tenant_id (Xero)")
    tokens = TokenSet(
        access_token=found.access_token,
        refresh_token=found.refresh_token,
        expires_at=now + timedelta(seconds=found.expires_in),
        refresh_expires_at=_in(found.x_refresh_token_expires_in, now),
        hard_expires_at=_in(found.x_refresh_token_hard_expires_in, now),
        scope=found.scope,
    )
    return tokens, (Remote(id=company, name=f"company {company}"),)


def _in(seconds: int | None, now: datetime) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=seconds)
