"""Finding customers, invoices and outbox rows by what a person types.

The one place that searches: should the store move or grow an index for it, only this changes. A customer is meant by
its id, number or name, or else by a name in another case, or else by a part of one. An invoice is meant by its number.
With "#" before it an id is an id and nothing else; without, one of figures is for invoices that have no number, as
QuickBooks' ids are small numbers that look like one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from strategy.model import Currency, CustomerId, DocumentStatus, InvoiceId, Record
from strategy.text.mistakes import nearest
from sync.store import outbox
from sync.store.database import Store, Value
from sync.store.outbox import OutboxRow
from sync.store.statements import load

SQL = load("search")


class FoundCustomer(Record):
    """A customer, and the account that is billed and chased for it (itself, mostly)."""

    id: CustomerId
    name: str
    number: str | None
    account_id: CustomerId
    account: str


class FoundInvoice(Record):
    """An invoice as the platform has it now, with its account."""

    id: InvoiceId
    number: str
    account_id: CustomerId
    account: str
    status: DocumentStatus
    currency: Currency
    total_minor: int
    open_minor: int
    issued_on: date
    due_on: date | None


def customers(store: Store, ledger_id: int, typed: str) -> tuple[FoundCustomer, ...]:
    """Everybody who may be meant, by name. Where figures are one's id and another's name, both are."""
    everybody = _everybody(store, ledger_id)
    folded = typed.casefold()
    ways: tuple[Callable[[FoundCustomer], bool], ...] = (
        lambda one: f"#{one.id}" == typed,
        lambda one: typed in {one.id, one.number, one.name},
        lambda one: one.name.casefold() == folded,
        lambda one: folded in one.name.casefold(),
    )
    return next((found for way in ways if (found := tuple(filter(way, everybody)))), ())


def like_customer(store: Store, ledger_id: int, typed: str) -> str | None:
    """The name that was probably meant: the nearest one, or one with a word that is near."""
    names = [one.name for one in _everybody(store, ledger_id)]
    words = {word: name for name in reversed(names) for word in name.split()}
    close = nearest(typed, names)
    return close or words.get(nearest(typed, words) or "")


def invoices(store: Store, ledger_id: int, typed: str) -> tuple[FoundInvoice, ...]:
    """Invoices of the number, else of the id; voided and deleted ones only where no other has it.

    One that has a number is never meant by the bare figures of its id.
    """
    found = tuple(_invoices(store, ledger_id, typed))
    by_number = tuple(one for one in found if one.number == typed) or found
    return tuple(one for one in by_number if one.status is DocumentStatus.ISSUED) or by_number


def like_invoice(store: Store, ledger_id: int, typed: str) -> str | None:
    """The number that was probably meant."""
    return nearest(typed, (number for (number,) in store.rows_by_name(SQL["invoice_numbers"], {"ledger": ledger_id})))


def outbox_rows(store: Store, ledger_id: int, typed: str) -> Sequence[OutboxRow]:
    """Rows of the key, or of its eight characters."""
    found = list(store.rows_by_name(SQL["outbox"], {"ledger": ledger_id, "key": typed}))
    return [outbox.by_id(store, row_id) for (row_id,) in found]


def _everybody(store: Store, ledger_id: int) -> tuple[FoundCustomer, ...]:
    return tuple(
        FoundCustomer(id=customer_id, name=name, number=number, account_id=account_id, account=account)
        for customer_id, name, number, account_id, account in store.rows_by_name(
            SQL["customers"], {"ledger": ledger_id}
        )
    )


def _invoices(store: Store, ledger_id: int, typed: str) -> Iterator[FoundInvoice]:
    values: dict[str, Value] = {
        "ledger": ledger_id,
        "number": typed,
        "id": typed.removeprefix("#"),
        "may_be_number": typed.isdecimal(),
    }
    for row in store.rows_by_name(SQL["invoices"], values):
        invoice_id, number, account_id, account, status, currency, total, open_minor, issued, due = row
        yield FoundInvoice(
            id=invoice_id,
            number=number or f"#{invoice_id}",
            account_id=account_id,
            account=account,
            status=DocumentStatus(status),
            currency=currency,
            total_minor=total,
            open_minor=open_minor,
            issued_on=date.fromisoformat(issued),
            due_on=date.fromisoformat(due) if due else None,
        )
