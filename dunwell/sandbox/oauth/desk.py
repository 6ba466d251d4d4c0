"""The HTTP side of OAuth: consent page, token endpoint, revocation."""

from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from dunwell.sandbox.clock import Clock
from dunwell.sandbox.exchange import Answer, Call, json_answer, text_answer
from dunwell.sandbox.oauth.grants import Grants
from dunwell.sandbox.oauth.rules import App, Grant, OAuthRefused, Rules

_PAGE = """<!doctype html><html lang="en"><title>Sandbox: allow access?</title>
<h1>Allow access?</h1>
<p>The app <b>{app}</b> asks for <code>{scopes}</code>. This is a sandbox: nothing here is real.</p>
<form method="post">
{companies}
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
</form>
"""


class Desk:
    """One platform's OAuth endpoints. `companies` are the ids a user may choose, with their names."""

    def __init__(self, clock: Clock, rules: Rules, companies: dict[str, str], seed: int) -> None:
        self.rules = rules
        self.grants = Grants(clock, rules, seed)
        self._companies = companies

    def authorize(self, call: Call) -> Answer:
        """GET shows the consent page; POST of its form sends the browser back to the app.

        A request with an unknown app or a refused redirect is never redirected (RFC 6749, 4.1.2.1).
        """
        app = self._app(call.arg("client_id") or "")
        redirect_uri = call.arg("redirect_uri") or ""
        if app is None:
            return self._page("<h1>Unknown app</h1>", 400)
        if reason := (self.rules.redirect_refused(app, redirect_uri) if redirect_uri else "redirect_uri is missing"):
            return self._page(f"<h1>Invalid redirect_uri</h1><p>{escape(reason)}</p>", 400)
        try:
            scopes = self._wanted(call, app)
        except OAuthRefused as refused:
            return self._back(call, error=refused.code, error_description=str(refused))
        if call.method != "POST":
            return self._page(self._consent(app, scopes))
        form = call.form()
        if form.get("decision", "allow") != "allow":
            return self._back(call, error="access_denied")
        companies = (form["company"],) if form.get("company") in self._companies else tuple(self._companies)[:1]
        code = self.grants.code(app.client_id, redirect_uri, scopes, companies, call.arg("code_challenge"))
        return self._back(call, code=code, **self.rules.redirect_fields(companies))

    def _wanted(self, call: Call, app: App) -> frozenset[str]:
        """The scopes an authorization request asks for. Raises `OAuthRefused`."""
        if call.arg("response_type") != "code":
            raise OAuthRefused("unsupported_response_type", "response_type must be code.")
        if call.arg("code_challenge") is None and app.client_secret is None:
            raise OAuthRefused("invalid_request", "code_challenge required")
        if call.arg("code_challenge") is not None and call.arg("code_challenge_method") != "S256":
            raise OAuthRefused("invalid_request", "code_challenge_method must be S256.")
        if app.alone:
            raise OAuthRefused("unauthorized_client", "This app signs in by itself.")
        return self._scopes(call.arg("scope") or "", "Invalid scope for client")

    def _scopes(self, text: str, refusal: str) -> frozenset[str]:
        scopes = frozenset(text.split())
        if not scopes or not scopes <= self.rules.scopes:
            raise OAuthRefused("invalid_scope", refusal)
        return scopes

    def token(self, call: Call) -> Answer:
        """The token endpoint. App credentials come by HTTP Basic or in the body."""
        form = call.form()
        try:
            app = self._authenticated(call, form)
            grant = self._granted(app, form)
        except OAuthRefused as refused:
            return json_answer({"error": refused.code, "error_description": str(refused)}, refused.status)
        return json_answer(self.tokens(grant)).with_headers(("Cache-Control", "no-store"))

    def tokens(self, grant: Grant) -> dict[str, Any]:
        """The token answer of a grant, with a new access token."""
        body: dict[str, Any] = {"token_type": "bearer", "access_token": self.grants.access(grant)}
        body["expires_in"] = self.rules.access_s
        if grant.refresh is not None:
            body["refresh_token"] = grant.refresh
        return body | self.rules.token_fields(grant)

    def revoke(self, call: Call) -> Answer:
        """Revocation; the token comes as a form or as JSON."""
        is_json = call.header("content-type").startswith("application/json")
        asked = {} if is_json else call.form()
        try:
            self._authenticated(call, asked)
        except OAuthRefused as refused:
            return json_answer({"error": refused.code}, refused.status)
        token = str(call.json().get("token", "")) if is_json else asked.get("token", "")
        known = self.grants.revoke(token) or (token and self.rules.unknown_revoked)
        return Answer(status=200) if known else json_answer({"error": "invalid_request"}, 400)

    def _granted(self, app: App, form: dict[str, str]) -> Grant:
        match form.get("grant_type"):
            case "authorization_code":
                code, redirect_uri = form.get("code", ""), form.get("redirect_uri", "")
                return self.grants.redeem(code, app.client_id, redirect_uri, form.get("code_verifier"))
            case "refresh_token":
                return self.grants.refresh(form.get("refresh_token", ""), app.client_id)
            case "client_credentials" if app.alone:
                return self._alone(app, self._scopes(form.get("scope", ""), self.rules.alone_refused))
            case _:
                raise OAuthRefused("unsupported_grant_type", "This grant_type is not supported.")

    def _alone(self, app: App, scopes: frozenset[str]) -> Grant:
        """A grant without a refresh token: asking for one, or for who the user is, is refused where there is none."""
        if scopes & self.rules.of_users:
            raise OAuthRefused("invalid_scope", self.rules.alone_refused)
        if app.client_id in self.grants.shut:
            raise OAuthRefused("unauthorized_client", "The connection has been disconnected.")
        return self.grants.grant(app.client_id, scopes, tuple(self._companies)[:1])

    def _authenticated(self, call: Call, form: dict[str, str]) -> App:
        client_id, word = call.basic() or (form.get("client_id", ""), form.get("client_secret"))
        app = self._app(client_id)
        if app is None or app.client_secret != word:
            raise OAuthRefused("invalid_client", "Unknown app or wrong credentials.", 401)
        return app

    def _app(self, client_id: str) -> App | None:
        return next((app for app in self.rules.apps if app.client_id == client_id), None)

    def _consent(self, app: App, scopes: frozenset[str]) -> str:
        boxes = "\n".join(
            f'<p><label><input type="radio" name="company" value="{escape(key)}"{" checked" * first}>{escape(name)}'
            "</label></p>"
            for first, (key, name) in zip(
                [True] + [False] * len(self._companies), self._companies.items(), strict=False
            )
        )
        return _PAGE.format(app=escape(app.client_id), scopes=escape(" ".join(sorted(scopes))), companies=boxes)

    def _page(self, html: str, status: int = 200) -> Answer:
        return text_answer(html, status, "text/html; charset=utf-8")

    def _back(self, call: Call, **fields: str) -> Answer:
        redirect_uri = call.arg("redirect_uri") or ""
        if (state := call.arg("state")) is not None:
            fields["state"] = state
        joint = "&" if urlsplit(redirect_uri).query else "?"
        return Answer(status=302, headers=(("Location", redirect_uri + joint + urlencode(fields)),))
