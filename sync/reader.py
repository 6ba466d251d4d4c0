"""One pull of one ledger: the two ways of reading its books, and what is read beside them.

*Everything*: each kind is paged through, its ids are counted against what the platform says there are, and what changed
meanwhile is read on top. *Changes*: one incremental reading, and what it cannot tell: records that are gone where a
query stands in for the change feed, and invoices that a payment or credit settles without moving them.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from connectors.base import Connector, Deleted, Page, TooManyChanges
from strategy.model import AllocationTarget, Credit, Customer, Invoice, InvoiceId, Kind, Payment, Record
from sync.passes import PASSES, Incomplete, Pass, Passes, Progress, never_whole
from sync.store import comparison, ledgers, mirror, webhooks
from sync.store.database import Store
from sync.store.ledgers import Ledger

log = logging.getLogger("dunwell.pull")

OVERLAP = timedelta(minutes=5)
"""Read again behind the cursor: clocks of one platform's machines differ, and commits become visible late."""


class Pulled(Record):
    """What a pull brought: records by kind, and how many turned out to be gone. `mode` is "full" or "changes".

    `swept`: the open invoices were read besides. `differed`: after a full pull that followed changes, how many records
    of a kind were not in the mirror as the platform has them, although they had not changed since; None where nothing
    was compared. `customers`: whose open items may have moved; None where it may be anybody's.
    """

    mode: str
    counts: Mapping[Kind, int]
    gone: int
    swept: bool = False
    differed: Mapping[Kind, int] | None = None
    customers: frozenset[str] | None = None


class Reader:
    """Brings the books of one ledger into its mirror."""

    def __init__(self, store: Store, ledger: Ledger, connector: Connector, progress: Progress | None) -> None:
        self.store = store
        self.ledger = ledger
        self._connector = connector
        self._progress = progress
        self._passes = Passes(store, ledger, connector, self._keep, progress)
        self._announced = webhooks.announced(store, ledger.id)
        self._compared: comparison.Comparison | None = None

    def read_company(self, older_than: datetime | None = None) -> datetime | None:
        """Read the company, unless it was read since; the platform's time when it was."""
        read_at = ledgers.company_read_at(self.store, self.ledger.id)
        if older_than is not None and read_at is not None and read_at > older_than:
            return None
        page = self._connector.company()
        self._save(page)
        return page.server_time

    def read_changes(self, since: datetime, *, accept_deletions: bool) -> Pulled:
        """One incremental reading, saved as a whole with its cursor."""
        pages = list(self._connector.changes(since))
        pages += self._settled_unseen(pages)
        gone = [
            deleted
            for page in pages
            if page.total is not None
            for deleted in self._untold(page.kind, page.total, pages, accept_deletions=accept_deletions)
        ]
        began = pages[0].server_time
        with self.store.transaction():
            for page in pages:
                mirror.save_page(self.store, self.ledger.id, page)
            moved = self._finish(gone, began)
        counts: Counter[Kind] = Counter()
        for page in pages:
            counts[page.kind] += len(page.records)
        gone += (deleted for page in pages for deleted in page.deleted)
        return Pulled(
            mode="changes",
            counts={kind: count for kind, count in counts.items() if count},
            gone=len(gone),
            customers=None if gone or moved or _unreadable(pages) else frozenset(_concerned(pages)),
        )

    def read_everything(self, *, accept_deletions: bool, compare: bool = False) -> Pulled:
        """All kinds, then what changed since the first of them was read. `compare`: with the mirror as it is."""
        began = self.read_company()
        assert began is not None  # noqa: S101 - read without condition
        if compare:
            self._compared = comparison.Comparison(self.store, self.ledger.id, began - OVERLAP)
        passes = self._passes.read(self._connector.kinds)
        meanwhile = self._made_whole(passes, began)
        gone = [
            deleted
            for kind in passes
            for deleted in self._passes.gone(kind, _brought(meanwhile, kind), accept_deletions=accept_deletions)
        ]
        with self.store.transaction():
            for page in meanwhile:
                self._keep(page)
            self._finish(gone, began)
            mirror.forget_issues(self.store, self.ledger.id, began - OVERLAP)
            ledgers.set_swept(self.store, self.ledger.id, began)
        differed = self._compared.differences(gone) if self._compared else None
        counts = {kind: found.came for kind, found in passes.items()}
        return Pulled(mode="full", counts=counts, gone=len(gone), swept=True, differed=differed)

    def sweep(self) -> bool:
        """Read all open invoices, and again those that the mirror has open and that were not among them; whether the
        platform has invoices that change without saying so.
        """
        began, swept = None, set[str]()
        for page in self._connector.open_invoices():
            began = began or page.server_time
            swept.update(page.ids)
            self._save(page)
        if began is None:
            return False
        closed = [one for one in mirror.open_invoice_ids(self.store, self.ledger.id) if one not in swept]
        page = self._connector.invoices(closed)
        with self.store.transaction():
            mirror.save_page(self.store, self.ledger.id, page)
            ledgers.set_swept(self.store, self.ledger.id, began)
        return True

    def _made_whole(self, passes: dict[Kind, Pass], began: datetime) -> list[Page]:
        """Read kinds again whose count does not fit; what changed since the beginning. Raises `Incomplete`."""
        for attempt in range(1, PASSES + 1):
            meanwhile = self._meanwhile(began)
            last = attempt == PASSES
            unsure = [one for one in passes if not self._passes.is_whole(one, passes[one], meanwhile, added=last)]
            if not unsure:
                return meanwhile
            if not last:
                passes |= self._passes.read(unsure)
        raise never_whole(passes, unsure)

    def _meanwhile(self, began: datetime) -> list[Page]:
        try:
            return list(self._connector.changes(began - OVERLAP))
        except TooManyChanges:
            raise Incomplete("So much is changing in the books that no pull can be sure; run it again later") from None

    def _untold(self, kind: Kind, total: int, pages: Sequence[Page], *, accept_deletions: bool) -> list[Deleted]:
        """What is gone of a kind whose changes came without deletions: nothing where the mirror holds just as many."""
        fresh = _brought(pages, kind)
        known = self._passes.known(kind, fresh)
        if known == total:
            return []
        log.info("%s reads all %s records: there are %s, and we know %s", self.ledger.name, kind, total, known)
        self._passes.read_whole(kind)
        return self._passes.gone(kind, fresh, accept_deletions=accept_deletions)

    def _settled_unseen(self, pages: Sequence[Page]) -> list[Page]:
        """Invoices that a changed payment or credit settles, or settled, otherwise than the mirror has it, and that did
        not come as changed themselves. Neither platform promises to stamp them.
        """
        brought = {record_id for page in pages if page.kind is Kind.INVOICE for record_id in _told(page)}
        settled = {one for page in pages for one in self._resettled(page)}
        unseen = sorted(InvoiceId(one) for one in settled - brought)
        return [self._connector.invoices(unseen)] if unseen else []

    def _resettled(self, page: Page) -> Iterator[str]:
        """Invoices of which a page's payments or credits settle more or less than the mirror knows."""
        if page.kind not in {Kind.PAYMENT, Kind.CREDIT}:
            return
        now: dict[str, dict[str, int]] = {deleted.id: {} for deleted in page.deleted}
        now |= {str(one.id): _settles(one) for one in page.records if isinstance(one, Payment | Credit)}
        for source_id, settles in now.items():
            before = mirror.settled_by(self.store, self.ledger.id, page.kind, source_id)
            yield from (one for one in before.keys() | settles.keys() if before.get(one) != settles.get(one))

    def _finish(self, gone: Sequence[Deleted], began: datetime) -> bool:
        """What ends every pull, in the transaction of its last page. Everything up to the platform's time is here then,
        and with it whatever was announced before this pull. Whether a customer belongs to another account than before.
        """
        for deleted in gone:
            mirror.bury(self.store, self.ledger.id, deleted, began)
        moved = mirror.resolve_accounts(self.store, self.ledger.id)
        ledgers.set_cursor(self.store, self.ledger.id, began - OVERLAP)
        webhooks.pulled(self.store, self.ledger.id, self._announced)
        return moved

    def _save(self, page: Page) -> None:
        with self.store.transaction():
            self._keep(page)

    def _keep(self, page: Page) -> None:
        if self._compared is None:
            mirror.save_page(self.store, self.ledger.id, page)
        else:
            with self._compared.of(page):
                mirror.save_page(self.store, self.ledger.id, page)


def _told(page: Page) -> Iterator[str]:
    yield from page.ids
    yield from (deleted.id for deleted in page.deleted)


def _brought(pages: Sequence[Page], kind: Kind) -> list[str]:
    return [record_id for page in pages if page.kind is kind for record_id in page.ids]


def _unreadable(pages: Sequence[Page]) -> bool:
    """Whether there is a row that nobody knows the customer of, nor what it says."""
    return any(issue.code == "unreadable" for page in pages for issue in page.issues)


def _concerned(pages: Sequence[Page]) -> Iterator[str]:
    """The customers whom the pages' records are of."""
    for page in pages:
        for one in page.records:
            if isinstance(one, Customer):
                yield one.id
            elif isinstance(one, Invoice | Payment | Credit) and one.customer_id is not None:
                yield one.customer_id


def _settles(record: Payment | Credit) -> dict[str, int]:
    """By invoice, how much of it."""
    amounts: Counter[str] = Counter()
    for one in record.allocations:
        if one.target is AllocationTarget.INVOICE:
            amounts[one.target_id] += one.amount_minor
    return dict(amounts)
