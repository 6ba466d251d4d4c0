"""How Xero announces changes (xero-webhooks.yaml 16.1.0; Xero, Webhooks, read 2026-11-22).

Invoices, contacts, credit notes, over- and prepayments; there is no event for a payment, and whether one announces its
invoice is not documented [U]. A delivery is answered within 5 s with 200 for a right signature and 401 for a wrong one,
an empty body and no cookies; the same is asked of a new address before anything is sent, with deliveries that hold no
event ("intent to receive"). Tried again at once, then every 15 minutes for a day, then switched off.
"""

from typing import Final

import msgspec

from connectors.base import Announcement
from connectors.webhooks import Unreadable, announcement
from strategy.model import Platform, Record

HEADER: Final = "x-xero-signature"


class _Event(Record, rename="camel"):
    """No id: tenant, record and an instant in milliseconds tell it from others."""

    tenant_id: str
    event_category: str = ""
    resource_id: str = ""
    event_type: str = ""
    event_date_utc: str = msgspec.field(name="eventDateUtc", default="")


class _Body(Record):
    events: tuple[_Event, ...]


_BODY: Final = msgspec.json.Decoder(_Body)


def read(body: bytes) -> tuple[Announcement, ...]:
    """What a delivery announces; nothing where it asks for the intent to receive. Raises `Unreadable`."""
    try:
        told = _BODY.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Unreadable from None
    return tuple(
        announcement(
            Platform.XERO, one.tenant_id, one.event_category, one.resource_id, one.event_type, one.event_date_utc
        )
        for one in told.events
    )
