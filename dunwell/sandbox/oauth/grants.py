"""Consents, codes and tokens: what is valid now, by the sandbox's clock."""

import base64
import hashlib
from datetime import datetime, timedelta
from itertools import count

from dunwell.sandbox.clock import Clock
from dunwell.sandbox.dice import digest
from dunwell.sandbox.oauth.rules import Code, Grant, OAuthRefused, Rules


class Grants:
    """Everything one platform's token server remembers. The same calls in the same order make the same tokens.

    `grace_s` is the rules', and the sandbox's owner may try another. `shut`: apps that sign in alone and are let in no
    more.
    """

    def __init__(self, clock: Clock, rules: Rules, seed: int) -> None:
        self._clock, self._rules, self._seed = clock, rules, seed
        self.grace_s = rules.grace_s
        self.shut: set[str] = set()
        self._made = count(1)
        self._codes: dict[str, Code] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        self.grants: list[Grant] = []

    def _mint(self, what: str) -> str:
        return digest(self._rules.label, self._seed, what, next(self._made), size=24)

    def _in(self, seconds: int) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    def code(
        self,
        client_id: str,
        redirect_uri: str,
        scopes: frozenset[str],
        companies: tuple[str, ...],
        challenge: str | None,
    ) -> str:
        """A new authorization code."""
        value = self._mint("code")
        self._codes[value] = Code(
            client_id=client_id,
            redirect_uri=redirect_uri,
            scopes=scopes,
            companies=companies,
            challenge=challenge,
            until=self._in(self._rules.code_s),
        )
        return value

    def redeem(self, value: str, client_id: str, redirect_uri: str, verifier: str | None) -> Grant:
        """Turn a code into a grant, once. Raises `OAuthRefused`."""
        code = self._codes.get(value)
        if code is None or code.used or code.client_id != client_id or self._clock.now() >= code.until:
            raise OAuthRefused("invalid_grant", "The authorization code is unknown, used or expired.")
        if redirect_uri != code.redirect_uri:
            raise OAuthRefused("invalid_grant", "redirect_uri is not the one of the authorization request.")
        if code.challenge is not None and challenge_of(verifier or "") != code.challenge:
            raise OAuthRefused("invalid_grant", "code_verifier does not match the code_challenge.")
        code.used = True
        return self.grant(client_id, code.scopes, code.companies)

    def grant(self, client_id: str, scopes: frozenset[str], companies: tuple[str, ...]) -> Grant:
        """A new consent, with a refresh token where the scopes ask for one."""
        now = self._clock.now()
        lasting = self._rules.refresh_scope is None or self._rules.refresh_scope in scopes
        made = Grant(
            id=len(self.grants) + 1,
            client_id=client_id,
            scopes=scopes,
            companies=companies,
            granted_at=now,
            refresh=self._mint("refresh") if lasting else None,
            refresh_since=now,
            refresh_until=self._in(self._rules.refresh_s),
        )
        self.grants.append(made)
        return made

    def refresh(self, token: str, client_id: str) -> Grant:
        """Use a refresh token: its life starts anew and its value may change. Raises `OAuthRefused`."""
        now = self._clock.now()
        grant = self._behind(token)
        if grant is None or grant.revoked or grant.client_id != client_id or now >= grant.refresh_until:
            raise OAuthRefused("invalid_grant", "Incorrect or invalid refresh token")
        if token != grant.refresh and now >= grant.spent[token]:
            raise OAuthRefused("invalid_grant", "Incorrect or invalid refresh token")
        if token != grant.refresh or now - grant.refresh_since >= timedelta(seconds=self._rules.rotate_after_s):
            self._rotate(grant, now)
        grant.refresh_until = self._in(self._rules.refresh_s)
        return grant

    def _behind(self, token: str) -> Grant | None:
        """The grant that a refresh token was ever the value of."""
        return next(
            (grant for grant in self.grants if token and (token == grant.refresh or token in grant.spent)), None
        )

    def _rotate(self, grant: Grant, now: datetime) -> None:
        """A new value. The one before is spent, and so is one that nobody ever used: its answer may have been lost."""
        if grant.refresh is not None:
            grant.spent[grant.refresh] = self._in(self.grace_s)
        grant.refresh, grant.refresh_since = self._mint("refresh"), now

    def access(self, grant: Grant) -> str:
        """A new access token."""
        until = self._in(self._rules.access_s)
        token = self._rules.access_token(grant, self._mint("access"), until)
        self._access[token] = (grant, until)
        return token

    def holder(self, token: str) -> tuple[Grant | None, bool]:
        """The grant behind an access token, None where it is unknown or revoked; and whether the token is expired."""
        grant, until = self._access.get(token, (None, None))
        if grant is None or until is None or grant.revoked:
            return None, False
        return grant, self._clock.now() >= until

    def ended_at(self, token: str) -> datetime | None:
        """When an access token that was given out ends, or ended."""
        return self._access[token][1] if token in self._access else None

    def revoke(self, token: str) -> bool:
        """End the grant behind an access or refresh token; whether there was one."""
        grant, _ = self.holder(token)
        grant = grant or self._behind(token)
        if grant is None or grant.revoked:
            return False
        for each in self.grants:
            each.revoked |= each is grant or (self._rules.revokes_all and each.client_id == grant.client_id)
        return True


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
