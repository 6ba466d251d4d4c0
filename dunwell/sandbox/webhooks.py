"""Webhooks: the signature both platforms use, and what QuickBooks puts into a message. Nothing is sent yet.

Formats: fact sheet, section 17. CloudEvents is the one in force since summer 2026; the older one is kept for reading.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from dunwell.sandbox.dice import digest


class Change(Struct, frozen=True, kw_only=True):
    """What a message tells: an entity ("Invoice"), its id, and "Create", "Update", "Delete", "Merge" or "Void"."""

    entity: str
    id: str
    operation: str
    at: datetime


_PAST = {"Create": "created", "Update": "updated", "Delete": "deleted", "Merge": "merged", "Void": "voided"}


def signature(body: bytes, key: str) -> str:
    """The value of `intuit-signature` and of `x-xero-signature`: base64 of the HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def cloud_events(realm: str, changes: Iterable[Change]) -> bytes:
    """A QuickBooks message as an array of CloudEvents; times have nanoseconds, `data` is empty."""
    events = [
        {
            "specversion": "1.0",
            "id": _uuid(realm, change),
            "source": "intuit." + base64.b64encode(bytes.fromhex(digest(realm, "source", size=32))).decode(),
            "type": f"qbo.{change.entity.lower()}.{_PAST[change.operation]}.v1",
            "datacontenttype": "application/json",
            "time": f"{change.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z",
            "intuitentityid": change.id,
            "intuitaccountid": realm,
            "data": {},
        }
        for change in changes
    ]
    return msgspec.json.encode(events)


def legacy(realm: str, changes: Iterable[Change]) -> bytes:
    """A QuickBooks message as it was until 2026."""
    entities = [
        {
            "name": change.entity,
            "id": change.id,
            "operation": change.operation,
            "lastUpdated": f"{change.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z",
        }
        for change in changes
    ]
    return msgspec.json.encode({"eventNotifications": [{"realmId": realm, "dataChangeEvent": {"entities": entities}}]})


def _uuid(realm: str, change: Change) -> str:
    text = digest(realm, change.entity, change.id, change.operation, change.at.isoformat())
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"
