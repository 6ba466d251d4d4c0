"""Sending webhooks: what changed in the books is announced to one address, signed, again and again until it is taken.

QuickBooks (fact sheet, section 17): 200 within 3 s, else again after 10, 20 and 30 s, 5 and 20 min, 2, 4, 6 h and every
6 h, and what is newer waits behind. Xero (section 10; developer.xero.com, Configuring your server, read 2026-11-22):
200 within 5 s with an empty body and no cookie, else again at once and every 15 min for a day, then switched off;
before anything is sent, an address shows its "intent to receive": 200 for right signatures, 401 for wrong ones.

Whether a payment announces its invoice in Xero is documented nowhere [U]; here it does, as the invoice's figures move.
"""

import http.client
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from msgspec import Struct

from dunwell.sandbox.books.records import AnyKept, Customer, Life, Standing
from dunwell.sandbox.dialect import Dialect
from dunwell.sandbox.webhooks import Change, cloud_events, legacy, signature, xero_events

MOST = 100
"""Changes in one delivery."""

_HOURS = 3600.0


class Answered(Struct, frozen=True, kw_only=True):
    """What came back: a status, 0 for nothing in time; whether the body was empty, and no cookie set."""

    status: int
    empty: bool = True
    plain: bool = True


class Rules(Struct, frozen=True, kw_only=True):
    """How a platform announces. `entities` by kind of the books; `waits` in seconds before each further try, the last
    one for ever where `gives_up` is None; `gives_up` so many seconds after the first try.
    """

    header: str
    within_s: float
    entities: Mapping[str, str]
    waits: tuple[float, ...]
    gives_up: float | None
    intent: bool

    def taken(self, answer: Answered) -> bool:
        """Whether the platform is content."""
        return answer.status == 200 and (not self.intent or (answer.empty and answer.plain))


RULES: Mapping[str, Rules] = {
    "quickbooks": Rules(
        header="intuit-signature",
        within_s=3.0,
        entities={"customer": "Customer", "invoice": "Invoice", "payment": "Payment", "credit": "CreditMemo"},
        waits=(10, 20, 30, 300, 1200, 2 * _HOURS, 4 * _HOURS, 6 * _HOURS),
        gives_up=None,
        intent=False,
    ),
    "xero": Rules(
        header="x-xero-signature",
        within_s=5.0,
        entities={"customer": "Contacts", "invoice": "Invoices", "credit": "CreditNotes"},
        waits=(0, 900),
        gives_up=24 * _HOURS,
        intent=True,
    ),
}


class _Message(Struct, kw_only=True):
    """A delivery under way."""

    body: bytes
    due: datetime
    first: datetime | None = None
    tries: int = 0


class Announcer:
    """Announces one company's changes to whoever subscribed. Without a subscription nothing is kept."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect, self._rules = dialect, RULES[dialect.name]
        self._turn = threading.Lock()
        self._url = self._key = ""
        self._form = ""
        self._known: dict[tuple[str, int], int] = {}
        self._queue: deque[_Message] = deque()
        self._number = 1

    def subscribe(self, url: str, key: str, form: str) -> str:
        """Announce to this address from now on: "ok", or why not. Only addresses on this machine."""
        if urlsplit(url).hostname not in {"localhost", "127.0.0.1"}:
            return "the sandbox announces to this machine only"
        with self._turn:
            self._url, self._key, self._form = url, key, form
            if self._rules.intent and not self._intends():
                self._url = ""
                return "intent to receive required"
            self._queue.clear()
            with self._dialect.ledger.turn():
                self._known = {(kind, each.id): each.version for kind, each in self._records()}
        return "ok"

    def send(self) -> list[int]:
        """Send everything that is due; the statuses that came back, 0 for none."""
        with self._turn:
            if not self._url:
                return []
            self._gather()
            statuses = []
            while self._queue and self._queue[0].due <= self._now():
                statuses.append(self._try(self._queue[0]))
            return statuses

    def _intends(self) -> bool:
        """Xero's question before anything else: two right signatures, two wrong ones."""
        for right in (True, False, True, False):
            body = xero_events(self._dialect.company_id(), [], entropy=f"{self._number}{right}")
            self._number += 1
            answer = self._post(body, signature(body, self._key if right else f"not {self._key}"))
            if answer.status != (200 if right else 401) or not answer.empty or not answer.plain:
                return False
        self._number = 1
        return True

    def _gather(self) -> None:
        """What changed since the last time, in deliveries of at most `MOST`."""
        with self._dialect.ledger.turn() as now:
            changes = list(self._changes())
        for start in range(0, len(changes), MOST):
            self._queue.append(_Message(body=self._told(changes[start : start + MOST]), due=now))

    def _changes(self) -> Iterator[Change]:
        for kind, each in self._records():
            before = self._known.get((kind, each.id))
            if before == each.version:
                continue
            self._known[kind, each.id] = each.version
            yield self._change(self._rules.entities[kind], each, new=before is None)

    def _records(self) -> Iterator[tuple[str, AnyKept]]:
        for kind in self._rules.entities:
            for each in self._dialect.ledger.books.kind(kind).values():
                yield kind, each

    def _change(self, entity: str, record: AnyKept, *, new: bool) -> Change:
        operation, record_id, gone = "Create" if new else "Update", self._dialect.id_of(record), None
        standing = getattr(record, "standing", None)
        if standing in (Standing.VOIDED, Standing.DELETED):
            operation = "Void" if standing is Standing.VOIDED else "Delete"
        elif isinstance(record, Customer) and record.life is Life.MERGED and record.merged_into is not None:
            winner = self._dialect.ledger.books.customers[record.merged_into]
            operation, record_id, gone = "Merge", self._dialect.id_of(winner), record_id
        return Change(entity=entity, id=record_id, operation=operation, at=record.updated_at, merged=gone)

    def _told(self, changes: Sequence[Change]) -> bytes:
        company = self._dialect.company_id()
        if self._rules.intent:
            first, self._number = self._number, self._number + len(changes)
            return xero_events(company, changes, first=first)
        forms: Mapping[str, Callable[[str, Iterable[Change]], bytes]] = {"cloudevents": cloud_events, "legacy": legacy}
        return forms[self._form](company, changes)

    def _try(self, message: _Message) -> int:
        """One try; what is not taken waits at the head of the queue, or ends the subscription."""
        now = self._now()
        answer = self._post(message.body, signature(message.body, self._key))
        message.first, message.tries = message.first or now, message.tries + 1
        if self._rules.taken(answer):
            self._queue.popleft()
        elif self._rules.gives_up is not None and (now - message.first).total_seconds() >= self._rules.gives_up:
            self._url = ""
            self._queue.clear()
        else:
            waits = self._rules.waits
            message.due = now + timedelta(seconds=waits[min(message.tries, len(waits)) - 1])
        return answer.status

    def _post(self, body: bytes, signed: str) -> Answered:
        where = urlsplit(self._url)
        line = http.client.HTTPConnection(where.hostname or "", where.port or 80, timeout=self._rules.within_s)
        headers = {self._rules.header: signed, "Content-Type": "application/json", "Connection": "close"}
        try:
            line.request("POST", where.path, body, headers)
            answer = line.getresponse()
            return Answered(status=answer.status, empty=not answer.read(), plain=answer.getheader("Set-Cookie") is None)
        except (OSError, http.client.HTTPException):
            return Answered(status=0)
        finally:
            line.close()

    def _now(self) -> datetime:
        return self._dialect.ledger.clock.now()
