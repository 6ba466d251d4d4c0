"""A named person says that the books are matched with the bank through a day."""

from datetime import date

from dunwell.agreements.refusing import Refused
from sync.bench import Bench
from sync.store import journal, ledgers
from sync.store.ledgers import Matched


def reconciled(bench: Bench, through: date, who: str) -> Matched | None:
    """Record it; the word of a later day whose place it takes. Raises `Refused` for a day that has not come."""
    now = bench.moment(who)
    if through > now.on:
        raise Refused(f"the books cannot be matched through {through}: today is {now.on}")
    with bench.store.transaction():
        before = ledgers.matched(bench.store, bench.ledger.id, now.on)
        ledgers.set_reconciled(bench.store, bench.ledger.id, through, who, now.on)
        journal.note(bench.store, now, "reconciled", {"through": through})
        return before if before and before.through > through else None
