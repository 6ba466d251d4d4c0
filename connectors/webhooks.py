"""What both platforms' webhooks have in common: how they are signed, and what is kept of them.

Both send base64(HMAC-SHA256(key, raw body)) in a header, with a key that belongs to an app of the firm's (Intuit:
Webhooks, "verifier token"; Xero: Webhooks, "webhooks key"; read 2026-11-22, and the vectors in tests/data/webhooks). An
announcement is believed only as far as this: in some company something may have changed. What it says of a record is
not read.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable

from connectors.base import Announcement
from strategy.model import Platform, Record


class Unreadable(Exception):
    """The body is signed, and nothing that we know."""


class Webhooks(Record):
    """How a platform announces. `read` raises `Unreadable`. `keys`: of every app; old and new while one changes."""

    platform: Platform
    header: str
    read: Callable[[bytes], tuple[Announcement, ...]]
    keys: tuple[str, ...]


def genuine(body: bytes, signature: str, keys: Iterable[str]) -> bool:
    """Whether one of the keys signed these very bytes.

    Compared with `hmac.compare_digest`, and with every key whichever fits, so that the time it takes tells nothing of
    how much was right. No test can show that.
    """
    given = signature.encode()
    found = False
    for key in keys:
        wanted = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())
        found |= hmac.compare_digest(wanted, given)
    return found


def announcement(platform: Platform, remote_id: str, *parts: str) -> Announcement:
    """What is known of one event: `parts` tell it from every other one of the company."""
    text = "\0".join((platform, remote_id, *parts))
    return Announcement(remote_id=remote_id, digest=hashlib.blake2b(text.encode(), digest_size=16).digest())
