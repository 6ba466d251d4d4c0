"""The Xero dialect as the sandbox sees it: OAuth, connections, the gateway with its limits, the API behind it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from dunwell.sandbox.books.records import AnyKept, Credit, Customer, Invoice, Paper, Payment, Refund, gone
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.dice import digest
from dunwell.sandbox.exchange import Answer, Call, json_answer, text_answer
from dunwell.sandbox.faults import Kind
from dunwell.sandbox.limits import Window
from dunwell.sandbox.oauth.desk import Desk
from dunwell.sandbox.oauth.rules import Grant
from dunwell.sandbox.xero import ids, oauth, scopes, trouble
from dunwell.sandbox.xero.api import Api
from dunwell.sandbox.xero.bodies.payments import direct
from dunwell.sandbox.xero.lists import SWITCHES
from dunwell.sandbox.xero.reading.shelf import Entry
from dunwell.sandbox.xero.wire import as_uuid

OAUTH = "/xero/oauth2/"
API = "/api.xro/2.0/"
CONNECTIONS = "/connections"

PER_MINUTE = Window(60, 60)
PER_DAY = Window(5_000, 2 * 86_400)
APP_PER_MINUTE = Window(10_000, 60)
"""Xero limits FAQ, read 2026-11-21. The day is a fixed one (`_day`), so its window only has to be longer."""

_DAY_STARTS = timedelta(hours=4, minutes=17)
"""When this organisation's day of calls begins (UTC): each has its own time."""


class Xero:
    """One Xero organisation."""

    name = "xero"

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        ledger.switches |= SWITCHES
        self._tenant = ids.tenant()
        self.desk = Desk(ledger.clock, oauth.rules(), {self._tenant: ledger.books.company.name}, ledger.seed)
        self._api = Api(ledger)
        self._answers = count(1)

    def speaks(self, path: str) -> bool:
        return path.startswith((OAUTH, API)) or path.lower().split("/")[1] == CONNECTIONS.strip("/")

    def answer(self, call: Call) -> Answer:
        return self._marked(self._answer(call))

    def _marked(self, answer: Answer) -> Answer:
        """With what every answer carries: an id to tell support, and what is left of the limits."""
        now, limiter = self.ledger.clock.now(), self.ledger.limiter
        return answer.with_headers(
            ("Xero-Correlation-Id", as_uuid(digest("correlation", self.ledger.seed, next(self._answers)))),
            ("X-DayLimit-Remaining", str(limiter.remaining(now, _day(now), PER_DAY))),
            ("X-MinLimit-Remaining", str(limiter.remaining(now, "minute", PER_MINUTE))),
            ("X-AppMinLimit-Remaining", str(limiter.remaining(now, "app", APP_PER_MINUTE))),
        )

    def _answer(self, call: Call) -> Answer:
        match call.path.removeprefix(OAUTH), call.method:
            case "authorize", _:
                return self.desk.authorize(call)
            case "token", "POST":
                return self.desk.token(call)
            case "revocation", "POST":
                return self.desk.revoke(call)
        if call.path.startswith(OAUTH):
            return text_answer("Not found", 404)
        now, token = self.ledger.clock.now(), call.bearer()
        grant, expired = self.desk.grants.holder(token)
        if grant is None:
            return trouble.unknown_token(now)
        if expired:
            return trouble.expired(now, self.desk.grants.ended_at(token))
        if call.path.startswith(API):
            return self._admitted(call, grant, now)
        return self._connections(call, grant)

    def _admitted(self, call: Call, grant: Grant, now: datetime) -> Answer:
        """Through the gateway: tenant, limits, scope. A custom connection is to one tenant and need not name it."""
        asked = call.header("xero-tenant-id").lower()
        alone = grant.client_id == oauth.CUSTOM.client_id
        if asked not in grant.companies and not (alone and not asked and grant.companies):
            return trouble.wrong_tenant(now)
        windows = {"minute": PER_MINUTE, _day(now): PER_DAY, "app": APP_PER_MINUTE}
        full = self.ledger.limiter.fits(now, **windows)
        if full is not None:
            return self._limited(full, now)
        parts = [part for part in call.path.removeprefix(API).split("/") if part]
        if not parts:
            return text_answer("Not found", 404)
        if not scopes.admits(grant.scopes, call.method, parts):
            return trouble.scope_missing(now)
        return self._api.answer(call, parts, grant.client_id, now)

    def _limited(self, window: str, now: datetime) -> Answer:
        if window == "minute":
            return trouble.limited("minute", self.ledger.limiter.wait_s(now, "minute", PER_MINUTE))
        if window == "app":
            return trouble.limited("appminute", self.ledger.limiter.wait_s(now, "app", APP_PER_MINUTE))
        tomorrow = (now - _DAY_STARTS).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return trouble.limited("day", int((tomorrow + _DAY_STARTS - now).total_seconds()))

    def _connections(self, call: Call, grant: Grant) -> Answer:
        """What the user let this app into; DELETE of one ends it."""
        _, _, connection_id = call.path.strip("/").partition("/")
        mine = {ids.uuid_of("connection", grant.client_id, tenant): tenant for tenant in grant.companies}
        if not connection_id and call.method == "GET":
            event = call.arg("authEventId")
            shown = mine if event in (None, oauth.event_of(grant)) else {}
            return json_answer([self._connection(key, tenant, grant) for key, tenant in shown.items()])
        if call.method != "DELETE" or connection_id not in mine:
            return text_answer("Not found", 404)
        if grant.client_id == oauth.CUSTOM.client_id:
            self.desk.grants.shut.add(grant.client_id)
        for each in self.desk.grants.grants:
            if each.client_id == grant.client_id:
                each.companies = tuple(one for one in each.companies if one != mine[connection_id])
        return Answer(status=204)

    def _connection(self, key: str, tenant: str, grant: Grant) -> dict[str, str]:
        stamp = f"{grant.granted_at:%Y-%m-%dT%H:%M:%S.%f}0"
        return {
            "id": key,
            "authEventId": oauth.event_of(grant),
            "tenantId": tenant,
            "tenantType": "ORGANISATION",
            "tenantName": self.ledger.books.company.name,
            "createdDateUtc": stamp,
            "updatedDateUtc": stamp,
        }

    def fault(self, kind: Kind, call: Call) -> Answer:
        endpoint = next((part for part in call.path.removeprefix(API).split("/")[::-1] if part.isalpha()), "Items")
        return self._marked(trouble.answer(kind, endpoint, self.ledger.clock.now()))

    def meddle(self, call: Call) -> None:
        """Nothing goes stale here: Xero numbers no versions, and the last who writes wins."""

    def id_of(self, record: AnyKept) -> str:
        match record:
            case Customer():
                return ids.uuid_of("contact", record.id)
            case Invoice():
                return ids.uuid_of("invoice", record.id)
            case Credit():
                return ids.uuid_of("credit", record.id)
            case Refund():
                return ids.uuid_of("refund", record.id)
            case Paper():
                return ids.uuid_of("paper", record.id)
        return self._id_of_payment(record)

    def _id_of_payment(self, payment: Payment) -> str:
        """That of its first part; an over- or prepayment's where it has none."""
        paid = direct(payment)
        return ids.uuid_of("payment", paid[0].id) if paid else ids.uuid_of("surplus", payment.id)

    def find(self, kind: str, platform_id: str) -> AnyKept | None:
        endpoints = {
            "customer": ("Contacts",),
            "invoice": ("Invoices",),
            "credit": ("CreditNotes",),
            "payment": ("Payments", "Overpayments", "Prepayments"),
        }
        for endpoint in endpoints.get(kind, ()):
            entry = self._api.shelf.all(endpoint).get(platform_id.lower())
            if entry is not None and not entry.deleted:
                return entry.record
        papers = self.ledger.books.papers.values() if kind == "paper" else ()
        return next((paper for paper in papers if self.id_of(paper) == platform_id and not gone(paper)), None)

    def live(self) -> dict[str, dict[str, int]]:
        """Suppliers' documents are left out; the version is the millisecond of the last change."""
        kinds = {
            "customer": "Contacts",
            "invoice": "Invoices",
            "payment": "Payments",
            "credit": "CreditNotes",
            "overpayment": "Overpayments",
            "prepayment": "Prepayments",
        }
        told = {kind: _versions(self._api.shelf.all(endpoint).values()) for kind, endpoint in kinds.items()}
        papers = {self.id_of(each): each.version for each in self.ledger.books.papers.values() if not gone(each)}
        return {**told, "paper": papers}

    def company_id(self) -> str:
        return self._tenant

    def token_file(self, scope: str | None = None) -> dict[str, object]:
        wanted = frozenset((scope or oauth.USUAL).split())
        grant = self.desk.grants.grant(oauth.WEB.client_id, wanted, (self._tenant,))
        tokens = self.desk.tokens(grant)
        told = {"tenant_id": self._tenant}
        return told | {name: tokens[name] for name in ("access_token", "refresh_token", "expires_in") if name in tokens}


def _versions(entries: Iterable[Entry]) -> dict[str, int]:
    living = (entry for entry in entries if entry.record is not None and not entry.deleted)
    return {entry.id: int(entry.updated_at.timestamp() * 1000) for entry in living}


def _day(now: datetime) -> str:
    """The name of the organisation's day of calls."""
    return f"day {(now - _DAY_STARTS).date().isoformat()}"
