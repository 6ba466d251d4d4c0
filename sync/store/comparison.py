"""What a full reading finds otherwise than the mirror had it: the proof that reading changes has missed nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from connectors.base import Deleted, Page
from strategy.model import AnyRecord, Credit, Customer, Invoice, Kind, Payment
from sync.store.database import Row, Store
from sync.store.statements import load

SQL = load("comparison")

_PARTS = {
    Kind.TERM: ("term",),
    Kind.METHOD: ("method",),
    Kind.CUSTOMER: ("customer", "people"),
    Kind.INVOICE: ("invoice",),
    Kind.PAYMENT: ("payment", "payment_allocations"),
    Kind.CREDIT: ("credit", "credit_allocations"),
}
"""The statements that read all the mirror has of one record."""


class Comparison:
    """Counts records that a save changes although they did not change after an instant."""

    def __init__(self, store: Store, ledger_id: int, since: datetime) -> None:
        self._store = store
        self._ledger_id = ledger_id
        self._since = since
        self._differ: dict[Kind, set[str]] = defaultdict(set)

    @contextmanager
    def of(self, page: Page) -> Iterator[None]:
        """Around the saving of a page."""
        old = [record.id for record in page.records if page.kind in _PARTS and self._is_old(record)]
        before = [self._held(page.kind, one) for one in old]
        yield
        for record_id, held in zip(old, before, strict=True):
            if self._held(page.kind, record_id) != held:
                self._differ[page.kind].add(record_id)

    def differences(self, gone: Iterable[Deleted]) -> Mapping[Kind, int]:
        """How many of each kind, together with those that are gone and were never said to be."""
        for deleted in gone:
            self._differ[deleted.kind].add(deleted.id)
        return {kind: len(ids) for kind, ids in self._differ.items()}

    def _is_old(self, record: AnyRecord) -> bool:
        """Terms and methods do not say when they changed: they count as old."""
        return not isinstance(record, Customer | Invoice | Payment | Credit) or record.updated_at < self._since

    def _held(self, kind: Kind, record_id: str) -> list[list[Row]]:
        return [list(self._store.rows(SQL[part], self._ledger_id, record_id)) for part in _PARTS[kind]]
