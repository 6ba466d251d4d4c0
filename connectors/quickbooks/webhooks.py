"""How QuickBooks announces changes: CloudEvents, and the older form until everybody has changed over.

Intuit blog, "Upcoming change to webhooks payload structure", 12 November 2025: an array of CloudEvents, mandatory since
31 July 2026; the signature stays as it was. One delivery may tell of several companies. Deliveries come in any order
and more than once; answered within 3 s, or tried again after 10, 20, 30 s, 5, 20 min, 2, 4, 6 h and every 6 h (Intuit,
Webhooks, read 2026-11-22).
"""

from typing import Final

import msgspec

from connectors.base import Announcement
from connectors.webhooks import Unreadable, announcement
from strategy.model import Platform, Record

HEADER: Final = "intuit-signature"


class _CloudEvent(Record):
    """One event. `id` tells it from every other; a sender that gives none is told by what it says."""

    intuit_account_id: str = msgspec.field(name="intuitaccountid")
    intuit_entity_id: str = msgspec.field(name="intuitentityid", default="")
    id: str = ""
    type: str = ""
    time: str = ""


class _Entity(Record, rename="camel"):
    name: str = ""
    id: str = ""
    operation: str = ""
    last_updated: str = ""
    deleted_id: str = msgspec.field(name="deletedId", default="")


class _DataChange(Record):
    entities: tuple[_Entity, ...] = ()


class _Notification(Record, rename="camel"):
    realm_id: str
    data_change_event: _DataChange = _DataChange()


class _Legacy(Record, rename="camel"):
    event_notifications: tuple[_Notification, ...]


_BODY: Final = msgspec.json.Decoder(_Legacy | tuple[_CloudEvent, ...])


def read(body: bytes) -> tuple[Announcement, ...]:
    """What a delivery announces, whatever kind of record it is about. Raises `Unreadable`."""
    try:
        told = _BODY.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Unreadable from None
    if isinstance(told, _Legacy):
        return tuple(_older(one.realm_id, entity) for one in told.event_notifications for entity in _entities(one))
    return tuple(_event(one) for one in told)


def _entities(one: _Notification) -> tuple[_Entity, ...]:
    return one.data_change_event.entities


def _event(one: _CloudEvent) -> Announcement:
    parts = (one.id,) if one.id else ("", one.type, one.intuit_entity_id, one.time)
    return announcement(Platform.QUICKBOOKS, one.intuit_account_id, *parts)


def _older(realm: str, one: _Entity) -> Announcement:
    """The older form has no ids: what it says tells an event from others, to the second."""
    parts = (one.name, one.id, one.operation, one.last_updated, one.deleted_id)
    return announcement(Platform.QUICKBOOKS, realm, *parts)
