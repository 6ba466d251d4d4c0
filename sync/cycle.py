"""One ledger's day, from the books to the books: pull, tie out, observe and decide, dispatch, write back.

One process works on a ledger at a time. Every station keeps what it did before the next begins, so that a cycle that
breaks off anywhere is continued by the next one.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from connectors.errors import RetryLater, SetRight
from strategy.decision import Decision
from strategy.model import Record, Switch
from sync import any_day, dispatch, outbox, ramp, tie_out
from sync.bench import Bench
from sync.dispatch import Dispatched
from sync.lately import within
from sync.passes import Progress
from sync.pull import Options, proof_is_due, pull, sweep
from sync.reader import Pulled
from sync.store import journal, ledgers
from sync.writeback import posting
from sync.writeback.posting import Posted

log = logging.getLogger("dunwell.cycle")

AT_ONCE = 50
"""So many accounts' decisions are written in one transaction: each waits for the disk, and keeps other writers out."""

TIE_OUT_AGE = timedelta(hours=20)
"""A ledger in which nothing changed is compared with the platform once a day."""


Watch = Callable[[Decision], None]
"""Told every decision once it is kept."""


class Busy(Exception):
    """Another process is working on the ledger."""


class Ran(Record):
    """What a cycle did. `later`: what asked for patience, or for a person, while messages left or the books were told;
    the rest waits.
    """

    pulled: Pulled
    decided: int
    dispatched: Dispatched | None
    posted: int
    later: RetryLater | SetRight | None = None


class Decided(Record):
    """How many accounts were decided; and by account that waits for its first word, its day of the ramp."""

    accounts: int
    waits: Mapping[str, date]


@contextmanager
def alone(folder: Path, ledger: str) -> Iterator[None]:
    """Nobody else works on the ledger meanwhile. Raises `Busy`. A process that dies lets go."""
    lock = FileLock(folder / f"{ledger}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"another dunwell is working on ledger {ledger}; wait for it, or look for it with ps") from None
    try:
        yield
    finally:
        lock.release()


def run(bench: Bench, *, send: bool, progress: Progress | None = None, watch: Watch | None = None) -> Ran:
    """The whole cycle; the caller holds the ledger alone. Raises `connectors.errors`."""
    dispatch.recover(bench)
    pulled = bring_up_to_date(bench, Options(), progress)
    if send and (switch := bench.connector.reminders()) is not Switch.UNKNOWN:
        ledgers.set_reminders(bench.store, bench.ledger.id, switch)
    decided = decide(bench, progress, watch)
    dispatched = dispatch.dispatch(bench, progress, decided.waits) if send else None
    posted = posting.post_all(bench, progress) if send else Posted(count=0)
    later = (dispatched.later if dispatched else None) or posted.later
    return Ran(pulled=pulled, decided=decided.accounts, dispatched=dispatched, posted=posted.count, later=later)


def bring_up_to_date(bench: Bench, options: Options, progress: Progress | None = None) -> Pulled:
    """Pull, everything once a week, and compare with the platform's balances where something changed or a day has
    passed. Where more accounts differ than before, what changed without saying so is looked for at once.
    """
    if proof_is_due(bench.store, bench.ledger.id, bench.clock.now()):
        options = msgspec.structs.replace(options, full=True)
    known = _compared_lately(bench)
    pulled = pull(bench.store, bench.ledger, bench.connector, bench.clock, options=options, progress=progress)
    if pulled.counts or pulled.customers is None or not known:
        _compare(bench, pulled, pulled.customers if known else None)
    return pulled


def _compare(bench: Bench, pulled: Pulled, customers: Collection[str] | None) -> None:
    """Compare with the platform's balances; `customers` None: those of all accounts."""
    before = tie_out.summary(bench.store, bench.ledger.id).apart
    after = tie_out.tie_out(bench.store, bench.ledger, bench.connector, bench.moment(), customers).apart
    if after > before and not pulled.swept and sweep(bench.store, bench.ledger, bench.connector):
        tie_out.tie_out(bench.store, bench.ledger, bench.connector, bench.moment())


def _compared_lately(bench: Bench) -> bool:
    """Whether all were within a day, and what another run brought since then was too: it may have broken off."""
    last = ledgers.compared(bench.store, bench.ledger.id)
    now = bench.clock.now()
    if last.at is None or not (within(TIE_OUT_AGE, now, last.at) and within(TIE_OUT_AGE, now, last.all_at)):
        return False
    return not ledgers.brought_since(bench.store, bench.ledger.id, last.at)


def decide(bench: Bench, progress: Progress | None = None, watch: Watch | None = None) -> Decided:
    """Decide every account and bring journal and outbox up to date."""
    now = bench.moment()
    strategy = bench.settings.strategy
    with bench.store.transaction():
        journal.keep_strategy(bench.store, now, strategy.name, strategy.version, bench.settings.strategy_text)
    decided, waits = 0, dict[str, date]()
    with bench.store.reading() as reading:
        decisions = ramp.every(bench, reading, now.on)
        while batch := list(islice(decisions, AT_ONCE)):
            with bench.store.transaction():
                for account, decision in batch:
                    outbox.apply(bench, now, account, decision)
                    if account.first_word_on:
                        waits[account.customer.id] = account.first_word_on
            decided += len(batch)
            if watch:
                for _, decision in batch:
                    watch(decision)
            if progress:
                progress("deciding", decided, None)
    return Decided(accounts=decided, waits=waits)


def preview(bench: Bench, as_of: date) -> Iterator[Decision]:
    """The same decisions, written nowhere; of a day gone by as it was, of one to come as if nothing happened before."""
    return (one.decision for one in any_day.every(bench, as_of))
