"""All objects of the company as QuickBooks shows them, made when asked for and kept while nothing changes."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from msgspec import Struct

from dunwell.sandbox.books.figures import balances, with_jobs
from dunwell.sandbox.books.records import Kept, Standing
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.quickbooks import attached, bodies, customers, lists
from dunwell.sandbox.quickbooks.wire import Body


class Entry(Struct):
    """An object on the shelf. `deleted`: it is gone, and only change data capture still tells of it."""

    id: int
    updated_at: datetime
    body: Body
    deleted: bool = False


class Shelf:
    """The objects by entity. An object is made anew only when something in its stamp has changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._books = ledger.books
        self._entries: dict[str, tuple[object, list[Entry]]] = {}
        self._made: dict[tuple[str, int], tuple[object, Entry]] = {}
        self._makers: dict[str, Callable[[], Iterable[Entry]]] = {
            "Customer": self._customers,
            "Invoice": self._invoices,
            "Payment": self._payments,
            "CreditMemo": self._credit_memos,
            "Attachable": self._attachables,
            "Term": lambda: _listed(lists.terms()),
            "PaymentMethod": lambda: _listed(lists.methods()),
            "Item": lambda: _listed(lists.items()),
            "Account": lambda: _listed(lists.accounts(self._books)),
            "CompanyInfo": lambda: _listed(lists.company_info(self._books)),
            "Preferences": lambda: _listed(lists.preferences(ledger.plot.company, ledger.switches)),
        }

    @property
    def entities(self) -> Iterable[str]:
        """The names of all entities."""
        return self._makers

    def all(self, entity: str) -> list[Entry]:
        """Every object of the entity, deleted ones too, in the order of their ids."""
        stamp = (self._books.generation, self._books.filed if entity == "Attachable" else 0)
        known = self._entries.get(entity)
        if known is None or known[0] != stamp:
            known = self._entries[entity] = (stamp, list(self._makers[entity]()))
        return known[1]

    def one(self, entity: str, record_id: int) -> Entry | None:
        """The object of that id, None where there is none or it was deleted."""
        return next((each for each in self.all(entity) if each.id == record_id and not each.deleted), None)

    def _kept(self, entity: str, record: Kept, stamp: object, make: Callable[[], Body], *, deleted: bool) -> Entry:
        full_stamp = (record.version, record.updated_at, deleted, stamp)
        known = self._made.get((entity, record.id))
        if known is not None and known[0] == full_stamp:
            return known[1]
        entry = Entry(id=record.id, updated_at=record.updated_at, body=make(), deleted=deleted)
        self._made[entity, record.id] = (full_stamp, entry)
        return entry

    def _customers(self) -> Iterable[Entry]:
        own = balances(self._books)
        jobs = with_jobs(self._books, own)
        for each in self._books.customers.values():
            stamp = (own[each.id], jobs[each.id], lists.full_name(self._books, each))
            yield self._kept(
                "Customer",
                each,
                stamp,
                partial(customers.customer, self._books, each, own[each.id], jobs[each.id]),
                deleted=False,
            )

    def _named(self, customer_id: int) -> str:
        return lists.full_name(self._books, self._books.customers[customer_id])

    def _invoices(self) -> Iterable[Entry]:
        for each in self._books.invoices.values():
            gone = each.standing in (Standing.DELETED, Standing.DRAFT)
            stamp = self._named(each.customer_id)
            yield self._kept("Invoice", each, stamp, partial(bodies.invoice, self._books, each), deleted=gone)

    def _payments(self) -> Iterable[Entry]:
        for each in self._books.payments.values():
            settled = [self._books.invoices[one.invoice_id].version for one in each.allocations]
            stamp = (self._named(each.customer_id), settled)
            gone = each.standing is Standing.DELETED
            yield self._kept("Payment", each, stamp, partial(bodies.payment, self._books, each), deleted=gone)

    def _credit_memos(self) -> Iterable[Entry]:
        for each in self._books.credits.values():
            stamp, gone = self._named(each.customer_id), each.standing is Standing.DELETED
            yield self._kept("CreditMemo", each, stamp, partial(bodies.credit_memo, self._books, each), deleted=gone)

    def _attachables(self) -> Iterable[Entry]:
        for each in self._books.papers.values():
            make = partial(attached.attachable, self._books, each)
            yield self._kept("Attachable", each, None, make, deleted=each.deleted)


def _listed(made: list[Body]) -> Iterable[Entry]:
    return (Entry(id=int(each["Id"]), updated_at=lists.SINCE, body=each) for each in made)
