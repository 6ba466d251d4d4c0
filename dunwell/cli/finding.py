"""From what was typed to the record that is meant, or to the nearest ones there are."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from dunwell.cli.ending import Wrong

if TYPE_CHECKING:
    from datetime import date

    from strategy.account import Account, Receivable
    from strategy.model import CustomerId
    from sync.bench import Bench
    from sync.store.outbox import OutboxRow
    from sync.store.search import FoundCustomer, FoundInvoice

MOST = 8
"""So many are listed where several could be meant."""

R = TypeVar("R")


def day(bench: "Bench", as_of: "date | None") -> "date":
    """The day that is looked at: the ledger's own, unless another was typed."""
    from dunwell.agreements.refusing import FAR

    today = bench.today()
    if as_of is not None and as_of - today > FAR:
        raise Wrong(
            f"{as_of} is more than a year away; is the year right? Days to come are told through {today + FAR}, as if "
            "nothing changed until then"
        )
    return as_of or today


def customer(bench: "Bench", typed: str) -> "FoundCustomer":
    """The customer of an id, a number, a name, or a part of a name that no other has."""
    from sync.store import search

    found = search.customers(bench.store, bench.ledger.id, typed)
    if not found:
        close = search.like_customer(bench.store, bench.ledger.id, typed)
        raise Wrong(
            f'there is no customer "{typed}" in {bench.ledger.name}; '
            + (f'did you mean "{close}"?' if close else f"dunwell customers {bench.ledger.name} lists them")
        )
    return _only(
        found,
        f'customers "{typed}" in {bench.ledger.name}',
        lambda one: f"{one.name} (#{one.id})",
        "write more of the name, or the id with its #",
    )


def account(bench: "Bench", typed: str, as_of: "date | None" = None) -> "Account":
    """The account of a customer on the day, or today: a sub-customer's is its parent's where the books bill that."""
    found = customer(bench, typed)
    return account_of(bench, found.account_id, found.name, as_of)


def account_of(bench: "Bench", account_id: "CustomerId", whose: str, as_of: "date | None" = None) -> "Account":
    """The account of an id that the books gave. `whose`: the name of whoever has it."""
    loaded = bench.account(account_id, as_of or bench.today())
    if loaded is None:
        raise Wrong(f"{whose} has no account in {bench.ledger.name}; read the books: {_sync(bench)}")
    return loaded


def invoice(bench: "Bench", typed: str) -> "FoundInvoice":
    """The invoice of a number, or of an id."""
    from sync.store import search

    found = search.invoices(bench.store, bench.ledger.id, typed)
    if not found:
        raise Wrong(f"there is no invoice {typed} in {bench.ledger.name}; {_like_invoice(bench, typed)}")
    return _only(
        found,
        f"invoices {typed} in {bench.ledger.name}",
        lambda one: f"#{one.id} of {one.account}, {one.issued_on}",
        "write the id, with its #",
    )


def _like_invoice(bench: "Bench", typed: str) -> str:
    """What else could be meant by a number that no invoice has."""
    from sync.store import search

    for one in search.invoices(bench.store, bench.ledger.id, f"#{typed}"):
        return f"its id is that of invoice {one.number} of {one.account}: write #{typed} for that one"
    close = search.like_invoice(bench.store, bench.ledger.id, typed)
    return f"did you mean {close}?" if close else f"if it is new, read the books: {_sync(bench)}"


def receivable(bench: "Bench", typed: str) -> "tuple[Account, Receivable]":
    """An open invoice and whose account it is, as of today. Raises `Refused` where nothing is open of it."""
    found = invoice(bench, typed)
    owner = account_of(bench, found.account_id, found.account)
    return owner, open_invoice(bench, owner, typed)


def open_invoice(bench: "Bench", owner: "Account", typed: str) -> "Receivable":
    """An open invoice of this very account. Raises `Refused` where it is another's, or nothing is open of it."""
    from dunwell.agreements import refusing

    found = invoice(bench, typed)
    return refusing.open_invoice(owner, found.id, found.number, found.account)


def outbox_row(bench: "Bench", typed: str) -> "OutboxRow":
    """The outbox row of a key, or of the eight characters that stand for it."""
    from sync.store import search

    found = search.outbox_rows(bench.store, bench.ledger.id, typed)
    if not found:
        raise Wrong(
            f"nothing in the outbox of {bench.ledger.name} is called {typed}; "
            f"dunwell outbox {bench.ledger.name} --all lists what there is"
        )
    return _only(found, f"rows {typed} in the outbox", lambda one: one.key, "write the whole key")


def _only(found: Sequence[R], what: str, told: Callable[[R], str], then: str) -> R:
    if len(found) == 1:
        return found[0]
    listed = ", ".join(told(one) for one in found[:MOST])
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    raise Wrong(f"there are {len(found)} {what}: {listed}{more}; {then}")


def _sync(bench: "Bench") -> str:
    return f"dunwell sync {bench.ledger.name}"
