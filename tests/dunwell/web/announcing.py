"""Deliveries as the platforms make them, to a server that runs; and what it made of them."""

import base64
import hashlib
import hmac
import json
from contextlib import closing

import httpx

from strategy.model import Platform, Record
from sync.store import ledgers, webhooks
from sync.store.database import Store
from tests.dunwell.cli.desk import Desk
from tests.dunwell.web.served import HTTP, Served

REALM, TENANT = "9130347", "e629a03c-7ffe-4913-bd94-ff2fdb36a702"
KEYS = {Platform.QUICKBOOKS: "verifier-token", Platform.XERO: "webhooks-key"}
HEADERS = {Platform.QUICKBOOKS: "intuit-signature", Platform.XERO: "x-xero-signature"}

SETTINGS = """
[webhooks]
quickbooks = [{ file = "old" }, { file = "quickbooks" }]
xero = { file = "xero" }

[ledgers.cove]
platform = "xero"
client_id = "x"
api_url = "http://localhost:9"
"""


def listens(desk: Desk) -> Desk:
    """The desk, with keys, and a ledger of each platform that is bound to its company."""
    desk.config.write_text(desk.config.read_text("utf-8") + SETTINGS, "utf-8")
    for name, key in (("old", "another"), ("quickbooks", KEYS[Platform.QUICKBOOKS]), ("xero", KEYS[Platform.XERO])):
        desk.write(name, f"{key}\n")
    (desk.folder / "data").mkdir(exist_ok=True)
    with closing(store_of(desk)) as store:
        for name, platform, remote in (("brindle", Platform.QUICKBOOKS, REALM), ("cove", Platform.XERO, TENANT)):
            ledger = ledgers.known(store, name, platform)
            ledgers.bind(store, ledger, remote, name, "http://localhost:9", desk.clock().now())
    return desk


def store_of(desk: Desk) -> Store:
    """The firm's database."""
    return Store(desk.folder / "data" / "dunwell.sqlite")


class Made(Record):
    """What a server made of what it got: the names of ledgers that are dirty, and what was counted."""

    dirty: tuple[str, ...]
    heard: webhooks.Heard


def made(desk: Desk, platform: Platform) -> Made:
    """As the database has it now."""
    with closing(store_of(desk)) as store:
        names = tuple(store.rows("SELECT name, id FROM ledger ORDER BY id"))
        heard = webhooks.heard(store, platform)
        assert heard is not None
        return Made(dirty=tuple(name for name, one in names if webhooks.dirty(store, one)), heard=heard)


def signature(body: bytes, key: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def deliver(served: Served, platform: Platform, body: bytes, signed: str | None = None) -> httpx.Response:
    """Send a body, with the right signature unless another is given."""
    headers = {HEADERS[platform]: signature(body, KEYS[platform]) if signed is None else signed}
    return HTTP.post(f"{served.url}/webhooks/{platform}", content=body, headers=headers)


def cloud_events(*ids: str, realm: str = REALM) -> bytes:
    """A delivery of QuickBooks with these events."""
    return json.dumps(
        [
            {
                "specversion": "1.0",
                "id": one,
                "source": "intuit.x",
                "type": "qbo.invoice.updated.v1",
                "time": "2026-03-02T12:00:00.000000001Z",
                "intuitentityid": "7",
                "intuitaccountid": realm,
                "data": {},
            }
            for one in ids
        ]
    ).encode()


def of_xero(*instants: str, tenant: str = TENANT) -> bytes:
    """A delivery of Xero with an event at each of these instants."""
    events = [
        {
            "resourceUrl": "https://api.xero.com/api.xro/2.0/Invoices/44aa0707",
            "resourceId": "44aa0707",
            "eventDateUtc": instant,
            "eventType": "UPDATE",
            "eventCategory": "INVOICE",
            "tenantId": tenant,
            "tenantType": "ORGANISATION",
        }
        for instant in instants
    ]
    numbers = {"firstEventSequence": 1, "lastEventSequence": len(events)} if events else dict.fromkeys(_NONE, 0)
    return json.dumps({"events": events, **numbers, "entropy": "GATSEZXWIBPBRNQOTMOH"}).encode()


_NONE = ("firstEventSequence", "lastEventSequence")
