"""All objects of the organisation as Xero shows them, made when asked for and kept while nothing changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from msgspec import Struct

from dunwell.sandbox.books.records import AnyKept, Document, Kept, Life, Paper, Payment, Standing, Surplus
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.xero.balances import Balances, Owed
from dunwell.sandbox.xero.bills import BillKind, Bills
from dunwell.sandbox.xero.bodies import contacts, in_credit, invoices, payments
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.lists import BASE_BALANCES
from dunwell.sandbox.xero.wire import Body

_CREDITS = {"CreditNotes": BillKind.CREDIT, "Overpayments": BillKind.OVERPAYMENT, "Prepayments": BillKind.PREPAYMENT}


class Entry(Struct):
    """An object on the shelf, and the record that it shows; None for what the books do not know (bills).

    `archived`: lists hide it. `deleted`: the platform does not count it among the living.
    """

    id: str
    updated_at: datetime
    body: Body
    record: AnyKept | None = None
    archived: bool = False
    deleted: bool = False


class Shelf:
    """The objects by endpoint. An object is made anew only when something in its stamp has changed."""

    def __init__(self, ledger: Ledger, bills: Bills) -> None:
        self._ledger, self._books, self._bills = ledger, ledger.books, bills
        self._stamp: object = None
        self._entries: dict[str, dict[str, Entry]] = {}
        self._made: dict[tuple[str, str], tuple[object, Entry]] = {}
        self._filed, self._files = -1, _files(())
        self._now, self._today = ledger.clock.now(), date.min
        self._makers: dict[str, Callable[[], Iterator[Entry]]] = {
            "Contacts": self._contacts,
            "Invoices": self._invoices,
            "CreditNotes": self._credit_notes,
            "Overpayments": partial(self._surpluses, "Overpayments", Surplus.OVERPAYMENT),
            "Prepayments": partial(self._surpluses, "Prepayments", Surplus.PREPAYMENT),
            "Payments": self._payments,
        }

    @property
    def endpoints(self) -> Iterable[str]:
        """The lists there are."""
        return self._makers

    def all(self, endpoint: str) -> Mapping[str, Entry]:
        """Every object of an endpoint by its id, deleted and archived ones too."""
        self._now = self._ledger.clock.now()
        self._today = self._now.astimezone(ZoneInfo(self._books.company.zone)).date()
        told = sum(1 + bill.paid_by(self._now) for bill in self._bills.seen(self._now))
        if self._filed != self._books.filed:
            self._filed, self._files = self._books.filed, _files(self._books.papers.values())
        switch = self._ledger.switches.get(BASE_BALANCES)
        stamp = (self._books.generation, self._today, told, switch, frozenset(self._files))
        if stamp != self._stamp:
            self._entries.clear()
            self._stamp = stamp
        if endpoint not in self._entries:
            self._entries[endpoint] = {entry.id: entry for entry in self._makers[endpoint]()}
        return self._entries[endpoint]

    def _kept(self, endpoint: str, entry_id: str, record: Kept, stamp: object, make: Callable[[], Entry]) -> Entry:
        full_stamp = (record.version, record.updated_at, stamp)
        known = self._made.get((endpoint, entry_id))
        if known is not None and known[0] == full_stamp:
            return known[1]
        entry = make()
        self._made[endpoint, entry_id] = (full_stamp, entry)
        return entry

    def _contacts(self) -> Iterator[Entry]:
        balances = Balances(self._books, self._today, converted=self._ledger.switches[BASE_BALANCES])
        suppliers = set()
        for bill in self._bills.seen(self._now):
            supplier = self._bills.supplier(bill)
            suppliers.add(supplier.id)
            balances.add_bill(bill, supplier.id, paid=bill.paid_by(self._now))
        buyers = {each.customer_id for each in self._books.invoices.values()}
        for each in self._books.customers.values():
            owed = balances.of.get(each.id, Owed())
            facts = {
                "buys": each.id in buyers,
                "supplies": each.id in suppliers,
                "has_files": self._has("customer", each),
            }
            stamp = (owed.outstanding, owed.overdue, owed.payable, owed.payable_overdue, *facts.values())
            entry_id = uuid_of("contact", each.id)
            body = partial(contacts.contact, each, owed, **facts)
            make = partial(_entry, entry_id, each, body, archived=each.life is not Life.ACTIVE)
            yield self._kept("Contacts", entry_id, each, stamp, make)

    def _invoices(self) -> Iterator[Entry]:
        for each in self._books.invoices.values():
            files = self._has("invoice", each)
            stamp = (files, self._name(each), tuple(one.id for one in self._books.settling(each)))
            entry_id = uuid_of("invoice", each.id)
            body = partial(invoices.invoice, self._books, each, has_files=files)
            yield self._kept("Invoices", entry_id, each, stamp, partial(_entry, entry_id, each, body))
        for bill in self._bills.seen(self._now):
            if bill.kind is BillKind.BILL:
                body_ = invoices.bill(bill, self._bills.supplier(bill), self._now)
                changed = bill.paid_at if bill.paid_at and bill.paid_by(self._now) else bill.entered_at
                yield Entry(id=uuid_of("bill", bill.id), updated_at=changed, body=body_)

    def _credit_notes(self) -> Iterator[Entry]:
        for each in self._books.credits.values():
            files = self._has("credit", each)
            stamp = (files, self._name(each), _refunded(self._books.refunding(each)))
            entry_id = uuid_of("credit", each.id)
            body = partial(in_credit.credit_note, self._books, each, has_files=files)
            yield self._kept("CreditNotes", entry_id, each, stamp, partial(_entry, entry_id, each, body))
        yield from self._of_suppliers("CreditNotes")

    def _surpluses(self, endpoint: str, surplus: Surplus) -> Iterator[Entry]:
        for each in self._books.payments.values():
            if each.surplus is surplus and in_credit.surplus_of(each) > 0:
                stamp = (self._name(each), _refunded(self._books.refunding(each)))
                entry_id = uuid_of("surplus", each.id)
                body = partial(in_credit.surplus, self._books, each)
                yield self._kept(endpoint, entry_id, each, stamp, partial(_entry, entry_id, each, body))
        yield from self._of_suppliers(endpoint)

    def _of_suppliers(self, endpoint: str) -> Iterator[Entry]:
        for bill in self._bills.seen(self._now):
            if bill.kind is _CREDITS[endpoint]:
                body = in_credit.of_supplier(bill, self._bills.supplier(bill))
                yield Entry(id=uuid_of("bill", bill.id), updated_at=bill.entered_at, body=body)

    def _payments(self) -> Iterator[Entry]:
        for whole in self._books.payments.values():
            for part in payments.direct(whole):
                entry_id, stamp = uuid_of("payment", part.id), (self._name(whole), part.until, part.invoice_id)
                body = partial(payments.payment, self._books, whole, part)
                make = partial(_entry, entry_id, whole, body, deleted=part.until is not None)
                entry = self._kept("Payments", entry_id, whole, stamp, make)
                entry.updated_at = payments.changed_at(whole, part)
                yield entry
        for refund in self._books.refunds.values():
            entry_id, body = uuid_of("refund", refund.id), partial(payments.refund, self._books, refund)
            make = partial(_entry, entry_id, refund, body, deleted=refund.standing is not Standing.ISSUED)
            yield self._kept("Payments", entry_id, refund, self._name(self._books.source(refund)), make)
        for bill in self._bills.seen(self._now):
            if bill.kind is BillKind.BILL and bill.paid_at is not None and bill.paid_by(self._now):
                body_ = payments.of_bill(bill, self._bills.supplier(bill), bill.paid_at)
                yield Entry(id=uuid_of("billpayment", bill.id), updated_at=bill.paid_at, body=body_)

    def _has(self, kind: str, record: Kept) -> bool:
        return (kind, record.id) in self._files

    def _name(self, record: Document | Payment) -> str:
        return self._books.customers[record.customer_id].name


def _entry(
    entry_id: str, record: AnyKept, make: Callable[[], Body], *, archived: bool = False, deleted: bool | None = None
) -> Entry:
    if deleted is None:
        deleted = isinstance(record, Document | Payment) and record.standing is Standing.DELETED
    body = make()
    return Entry(
        id=entry_id, updated_at=record.updated_at, body=body, record=record, archived=archived, deleted=deleted
    )


def _refunded(refunds: Iterable[Kept]) -> tuple[tuple[int, int], ...]:
    return tuple((each.id, each.version) for each in refunds)


def _files(papers: Iterable[Paper]) -> dict[tuple[str, int], list[Paper]]:
    """Files by what they are attached to, in the order of their attachment."""
    found: dict[tuple[str, int], list[Paper]] = {}
    for paper in papers:
        if paper.content is not None and not paper.deleted:
            for target in paper.targets:
                found.setdefault(target, []).append(paper)
    return found
