"""What differs between the platforms' OAuth, and the records that are kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct, field


class App(Struct, frozen=True, kw_only=True):
    """A registered app. Without a `client_secret` it is a public one and must use PKCE.

    `alone`: it has been let in once and for all, and signs in by itself (client_credentials), never for a user.
    `live`: its keys are those for real companies, where a platform tells such from others.
    """

    client_id: str
    client_secret: str | None
    alone: bool = False
    live: bool = False


class Grant(Struct, kw_only=True):
    """What a user allowed an app, and the refresh token that stands for it (None where none was given).

    `refresh_since`: when the present value was made. `spent`: the values before it, and until when each still works.
    """

    id: int
    client_id: str
    scopes: frozenset[str]
    companies: tuple[str, ...]
    granted_at: datetime
    revoked: bool = False
    refresh: str | None = None
    refresh_since: datetime
    refresh_until: datetime
    spent: dict[str, datetime] = field(default_factory=dict)


class Code(Struct, kw_only=True):
    """An authorization code: good once, for the same app and redirect."""

    client_id: str
    redirect_uri: str
    scopes: frozenset[str]
    companies: tuple[str, ...]
    challenge: str | None
    until: datetime
    used: bool = False


def anywhere(_app: App, _uri: str) -> str | None:
    """Accepts every redirect."""
    return None


class Rules(Struct, frozen=True, kw_only=True):
    """One platform's OAuth. Times in seconds of the sandbox's clock.

    `rotate_after_s`: a refresh changes the token's value once it is that old (0: every time). `grace_s`: for so long
    after its first use a value that was replaced still works, however often. `refresh_scope`: without this scope no
    refresh token is given. `redirect_refused` returns why a redirect is not allowed. `access_token` may wrap the opaque
    text (for a platform that uses JWTs); it gets the instant at which the token ends. `alone_refused`: what an app that
    signs in alone is told of a wrong scope. `of_users`: scopes that mean a user, and none for such an app.
    `revokes_all`: revoking one token ends every consent that the app was given. `unknown_revoked`: revoking what was
    never given, or has ended, is fine (RFC 7009, 2.2).
    `token_fields` and `redirect_fields` add the platform's own fields to the token answer and to the redirect.
    """

    label: str
    apps: tuple[App, ...]
    scopes: frozenset[str]
    access_s: int
    refresh_s: int
    code_s: int = 300
    rotate_after_s: int = 0
    grace_s: int = 0
    refresh_scope: str | None = None
    alone_refused: str = "Invalid scope for client"
    of_users: frozenset[str] = frozenset()
    revokes_all: bool = False
    unknown_revoked: bool = False
    redirect_refused: Callable[[App, str], str | None] = anywhere
    access_token: Callable[[Grant, str, datetime], str] = lambda _grant, text, _until: text
    token_fields: Callable[[Grant], dict[str, Any]] = lambda _grant: {}
    redirect_fields: Callable[[tuple[str, ...]], dict[str, str]] = lambda _companies: {}


class OAuthRefused(Exception):
    """The request gets an OAuth error: `code` is the protocol's word, the message is for people."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
