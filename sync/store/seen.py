"""The ids that came in the passes of one pull, kept so that memory does not grow with the ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import repeat

from strategy.model import Kind
from sync.store.database import Store
from sync.store.statements import load

SQL = load("seen")


class Seen:
    """One pull's. It lives in the store's connection; a second one on the same store begins anew."""

    def __init__(self, store: Store, ledger_id: int) -> None:
        self._store = store
        self._ledger_id = ledger_id
        self._count: Counter[Kind] = Counter()
        store.run(SQL["create"])
        store.run(SQL["forget_all"])

    def add(self, kind: Kind, ids: Iterable[str]) -> int:
        """How many different ones of the kind came so far. In a transaction that is rolled back nothing came, so the
        caller ends the pull with it.
        """
        self._count[kind] += self._store.many(SQL["add"], zip(repeat(kind.value), ids))
        return self._count[kind]

    def forget(self, kind: Kind) -> None:
        """The kind is read anew."""
        self._store.run(SQL["forget"], kind)
        del self._count[kind]

    def count(self, kind: Kind) -> int:
        """How many different ones came."""
        return self._count[kind]

    def holds(self, kind: Kind, record_id: str) -> bool:
        """Whether it came."""
        return self._store.row(SQL["holds"], kind, record_id) is not None

    def missing(self, kind: Kind) -> Iterator[str]:
        """Ids of the mirror's records that are not gone and did not come, streamed."""
        return (record_id for (record_id,) in self._store.rows(SQL[f"missing_{kind}"], self._ledger_id))
