"""The QuickBooks dialect as the sandbox sees it: OAuth, the gateway with its limits, the API behind it."""

from itertools import count

import msgspec

from dunwell.sandbox.books.records import AnyKept, Paper, gone
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.dice import digest
from dunwell.sandbox.exchange import DECODE, Answer, Call, json_answer, text_answer
from dunwell.sandbox.faults import Kind
from dunwell.sandbox.limits import Window
from dunwell.sandbox.oauth.desk import Desk
from dunwell.sandbox.quickbooks import attached, oauth, trouble
from dunwell.sandbox.quickbooks.api import Api
from dunwell.sandbox.quickbooks.wire import Body
from dunwell.sandbox.quickbooks.writing.saving import KINDS, find

OAUTH = "/quickbooks/oauth2/"
COMPANY = "/v3/company/"

PER_MINUTE = Window(500, 60)
PER_SECOND = Window(10, 1)
BATCHES_PER_MINUTE = Window(40, 60)
"""Intuit docs, limits and throttles, read 2026-11-21."""


class QuickBooks:
    """One QuickBooks Online company."""

    name = "quickbooks"

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        ledger.switches |= {"online_payments": True, "aging_from_invoice_date": False}
        self._realm = attached.realm(ledger.books)
        companies = {self._realm: ledger.books.company.name}
        self.desk = Desk(ledger.clock, oauth.rules(self._realm), companies, ledger.seed)
        self._api = Api(ledger)
        self._answers = count(1)

    def speaks(self, path: str) -> bool:
        return path.startswith((OAUTH, COMPANY, attached.FILES))

    def answer(self, call: Call) -> Answer:
        number = next(self._answers)
        tid = f"1-{digest('tid', self.ledger.seed, number, size=4)}-{digest('tid', number, size=12)}"
        return self._answer(call).with_headers(("intuit_tid", tid), ("qbo-version", "1999.75"))

    def _answer(self, call: Call) -> Answer:
        match call.path.removeprefix(OAUTH):
            case "authorize":
                return self.desk.authorize(call)
            case "token" if call.method == "POST":
                return self._token(call)
            case "revoke" if call.method == "POST":
                return self.desk.revoke(call)
        if call.path.startswith(OAUTH):
            return text_answer("Not found", 404)
        now = self.ledger.clock.now()
        if call.path.startswith(attached.FILES):
            return self._api.file(call, call.path.removeprefix(attached.FILES), now)
        realm, *parts = call.path.removeprefix(COMPANY).strip("/").split("/")
        return self._admitted(call, realm, [part for part in parts if part])

    def _token(self, call: Call) -> Answer:
        answer = self.desk.token(call)
        if answer.status == 200 and call.header("x-include-refresh-token-hard-expires-in") == "true":
            body = DECODE.decode(answer.body)
            grant, _ = self.desk.grants.holder(body["access_token"])
            if grant is not None:
                body["x_refresh_token_hard_expires_in"] = oauth.hard_expiry_s(grant)
                return json_answer(body, headers=answer.headers)
        return answer

    def _admitted(self, call: Call, realm: str, parts: list[str]) -> Answer:
        """Through the gateway: token, company, scope, limits."""
        now = self.ledger.clock.now()
        token = call.bearer()
        grant, expired = self.desk.grants.holder(token)
        if grant is None or expired:
            return trouble.expired(now, token)
        if realm not in grant.companies or oauth.SCOPE not in grant.scopes or not parts:
            return trouble.forbidden(now)
        windows = {"minute": PER_MINUTE, "second": PER_SECOND}
        if parts == ["batch"]:
            windows["batches"] = BATCHES_PER_MINUTE
        if self.ledger.limiter.fits(now, **windows) is not None:
            return trouble.limited(now)
        return self._api.answer(call, parts, now)

    def fault(self, kind: Kind, call: Call) -> Answer:
        return trouble.answer(kind, call.path, call.bearer(), self.ledger.clock.now())

    def meddle(self, call: Call) -> None:
        """The record that the call names, or every record of its batch, gets a new SyncToken."""
        for name, each in _named(call):
            entity = next((known for known in KINDS if known.lower() == name.lower()), "")
            record = find(self.ledger.books, entity, str(each.get("Id", "")))
            if record is not None:
                self.ledger.books.touch(self.ledger.clock.now(), record)

    def id_of(self, record: AnyKept) -> str:
        return attached.id_of(record) if isinstance(record, Paper) else str(record.id)

    def find(self, kind: str, platform_id: str) -> AnyKept | None:
        entity = next((entity for entity, each in KINDS.items() if each == kind), "")
        return find(self.ledger.books, entity, platform_id)

    def live(self) -> dict[str, dict[str, int]]:
        books = self.ledger.books
        return {
            kind: {self.id_of(each): each.version for each in books.kind(kind).values() if not gone(each)}
            for kind in KINDS.values()
        }

    def company_id(self) -> str:
        return self._realm

    def token_file(self, scope: str | None = None) -> dict[str, object]:
        scopes = frozenset((scope or oauth.SCOPE).split())
        grant = self.desk.grants.grant(oauth.CLIENT_ID, scopes, (self._realm,))
        tokens = self.desk.tokens(grant)
        wanted = ("access_token", "refresh_token", "expires_in")
        return {**{name: tokens[name] for name in wanted}, "realm_id": self._realm}


def _named(call: Call) -> list[tuple[str, Body]]:
    """The objects in a request, with the names of their entities; none where it is not JSON."""
    try:
        body = DECODE.decode(call.body or b"{}")
    except msgspec.DecodeError:
        return []
    items = body.get("BatchItemRequest") or [{call.path.rstrip("/").rsplit("/", 1)[-1]: body}]
    return [(name, each) for item in items for name, each in item.items() if isinstance(each, dict)]
