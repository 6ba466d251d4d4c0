"""Webhooks: the signature both platforms use, and what each puts into a message; `announcing` sends it.

QuickBooks: fact sheet, section 17; CloudEvents is the format in force since summer 2026, the older one is kept for
reading. Xero: fact sheet, section 10, and xero-webhooks.yaml; there is no message about payments, and a message about
an invoice says neither its type nor what happened to it.
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
    """What a message tells: an entity ("Invoice"), its id, and "Create", "Update", "Delete", "Merge" or "Void".

    `merged`: the id that is no more; `id` is then the one it became.
    """

    entity: str
    id: str
    operation: str
    at: datetime
    merged: str | None = None


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
            **({"deletedId": change.merged} if change.merged else {}),
        }
        for change in changes
    ]
    return msgspec.json.encode({"eventNotifications": [{"realmId": realm, "dataChangeEvent": {"entities": entities}}]})


_CATEGORIES = {"Invoices": "INVOICE", "Contacts": "CONTACT", "CreditNotes": "CREDITNOTE"}


def xero_events(
    tenant: str,
    changes: Iterable[Change],
    *,
    first: int = 1,
    data: dict[str, str] | None = None,
    entropy: str = "",
) -> bytes:
    """A Xero message. Entities are the names of endpoints; everything but "Create" is an UPDATE. Without changes it is
    the intent to receive, whose sequence is 0. `first`: the number of its first event. `data`: what credit notes say.
    `entropy`: what makes this message another one than its like.
    """
    events = [
        {
            "resourceUrl": f"https://api.xero.com/api.xro/2.0/{change.entity}/{change.id}",
            "resourceId": change.id,
            "tenantId": tenant,
            "tenantType": "ORGANISATION",
            "eventCategory": _CATEGORIES[change.entity],
            "eventType": "CREATE" if change.operation == "Create" else "UPDATE",
            "eventDateUtc": f"{change.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{change.at.microsecond // 1000:03d}",
            **({"data": data} if change.entity == "CreditNotes" and data else {}),
        }
        for change in changes
    ]
    numbers = {"firstEventSequence": first, "lastEventSequence": first + len(events) - 1} if events else _NO_NUMBERS
    mixed = digest(tenant, numbers, entropy, size=10).upper()
    return msgspec.json.encode({"events": events, **numbers, "entropy": mixed})


_NO_NUMBERS = {"firstEventSequence": 0, "lastEventSequence": 0}


def _uuid(realm: str, change: Change) -> str:
    text = digest(realm, change.entity, change.id, change.operation, change.at.isoformat(), change.merged)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"
