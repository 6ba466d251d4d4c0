"""Idempotency keys: for six minutes the same request with the same key gets the same answer, errors too.

The same key with another request is a 400 (fact sheet, section 5); the sentence of that is ours.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from dunwell.sandbox.exchange import Answer, Call
from dunwell.sandbox.xero.wire import invalid

KEPT = timedelta(minutes=6)
MOST_LENGTH = 128


class Keys:
    """The keys used lately, and what was answered. An app's keys are its own."""

    def __init__(self) -> None:
        self._answered: dict[tuple[str, str], tuple[datetime, str, Answer]] = {}

    def once(self, call: Call, app: str, now: datetime, answer: Callable[[], Answer]) -> Answer:
        """The answer remembered for the call's key, or a new one. Raises `Refused`."""
        key = call.header("idempotency-key")
        if call.method == "GET" or not key:
            return answer()
        if len(key) > MOST_LENGTH:
            raise invalid(f"The Idempotency-Key must be {MOST_LENGTH} characters or less.")
        self._answered = {each: known for each, known in self._answered.items() if now - known[0] < KEPT}
        mark = _mark(call)
        known = self._answered.get((app, key))
        if known is None:
            known = self._answered[app, key] = (now, mark, answer())
        if known[1] != mark:
            raise invalid("The Idempotency-Key has already been used with a different request.")
        return known[2]


def _mark(call: Call) -> str:
    parts = (call.method, call.path, repr(call.query), sha256(call.body).hexdigest())
    return "\n".join(parts)
