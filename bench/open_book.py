"""A ledger in which a million invoices are open, as its first pull and many a run have left it.

Each account has ten open invoices, due over a month and a half, and three that it paid, some late. It had its statement
of the month, and what the standard strategy says of the oldest invoice was said on its day, up to yesterday.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from strategy.model import Platform
from sync.store import ledgers
from sync.store.database import Store, instant
from sync.store.ledgers import Ended

Row = tuple[Any, ...]

OPEN_OF_EACH = 10
PAID_OF_EACH = 3

LEDGER = 1


TODAY = date(2026, 6, 16)
"""A Tuesday: what is due may be said."""


def write(accounts: int, database: Path) -> None:
    """The book of so many accounts as a firm's database, as of `TODAY`."""
    read_at = datetime.combine(TODAY, time(8), UTC)
    with closing(Store(database)) as store:
        ledger = ledgers.known(store, "harbour", Platform.QUICKBOOKS)
        ledgers.finish_run(store, ledgers.start_run(store, ledger.id, read_at, "full"), read_at, Ended(mode="full"))
        ledgers.set_reconciled(store, ledger.id, TODAY, "Ann", TODAY)
    at = instant(read_at)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO company (ledger_id, id, name, country, time_zone, base_currency, several_currencies, aging_basis, "
        "reminders, address, read_at) VALUES (?, '1', 'Harbour Supplies', 'US', 'UTC', 'USD', 0, 'due_date', 'off', "
        "'[]', ?)",
        (LEDGER, at),
    )
    for table, columns, rows in _tables(accounts, at):
        marks = ", ".join("?" * len(columns.split()))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns.split())}) VALUES ({marks})", rows)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ANALYZE")
    connection.close()


def _tables(accounts: int, at: str) -> Iterator[tuple[str, str, Iterator[Row]]]:
    yield (
        "customer",
        (
            "ledger_id id name status bills_parent account_id currency country emails groups term_id address "
            "version updated_at"
        ),
        _customers(accounts, at),
    )
    yield (
        "invoice",
        (
            "ledger_id id customer_id number issued_on due_on currency total_minor open_minor deposit_minor status "
            "sent emails emails_cc version updated_at"
        ),
        _invoices(accounts, at),
    )
    yield (
        "payment",
        "ledger_id id customer_id paid_on currency total_minor unapplied_minor status version updated_at",
        _payments(accounts, at),
    )
    yield (
        "allocation",
        "ledger_id source source_id position target target_id on_date amount_minor",
        _allocations(accounts),
    )
    columns = (
        "id ledger_id key id8 kind state customer_id currency case_number act occasion channel attempt amount_minor "
        "decided statement decided_on changed_at sent_on sent_at"
    )
    yield "outbox", columns, _outbox(accounts, at)
    yield "outbox_invoice", "outbox_id position invoice_id", _named(accounts)
    yield "overdue_case", "ledger_id customer_id currency number opened_on", _cases(accounts)
    yield "segment", "ledger_id customer_id name since", _segments(accounts)


def _account(number: int) -> str:
    return f"{number:08}"


def _customers(accounts: int, at: str) -> Iterator[Row]:
    for number in range(accounts):
        own, emails = _account(number), f'["billing@customer{number}.example"]'
        name = f"Customer {number}"
        yield LEDGER, own, name, "active", 0, own, "USD", "US", emails, "[]", "3", '["1 Mill Lane"]', "0", at


def _open(number: int) -> Iterator[tuple[str, date, int]]:
    """Id, due day and amount; the first is the oldest."""
    for one in range(OPEN_OF_EACH):
        due = TODAY + timedelta(days=5 * one - 5 * (number % OPEN_OF_EACH) - number % 5)
        yield f"o{number:08}-{one}", due, 10_000 + 137 * (number + one) % 90_000


def _paid(number: int) -> Iterator[tuple[str, date, date, int]]:
    """Id, due day, day paid and amount."""
    for one in range(PAID_OF_EACH):
        due = TODAY - timedelta(days=60 + 40 * one)
        yield f"p{number:08}-{one}", due, due + timedelta(days=number * 7 % 25), 20_000 + 91 * number % 50_000


def _invoices(accounts: int, at: str) -> Iterator[Row]:
    emails = '["billing@customer.example"]'
    for number in range(accounts):
        for invoice_id, due, amount in _open(number):
            issued = (due - timedelta(days=30)).isoformat()
            yield (
                *(LEDGER, invoice_id, _account(number), invoice_id, issued, due.isoformat(), "USD", amount, amount, 0),
                *("issued", "yes", emails, "[]", "0", at),
            )
        for invoice_id, due, _, amount in _paid(number):
            issued = (due - timedelta(days=30)).isoformat()
            yield (
                *(LEDGER, invoice_id, _account(number), invoice_id, issued, due.isoformat(), "USD", amount, 0, 0),
                *("issued", "yes", emails, "[]", "0", at),
            )


def _payments(accounts: int, at: str) -> Iterator[Row]:
    for number in range(accounts):
        for invoice_id, _, paid, amount in _paid(number):
            yield LEDGER, invoice_id, _account(number), paid.isoformat(), "USD", amount, 0, "issued", "0", at


def _allocations(accounts: int) -> Iterator[Row]:
    for number in range(accounts):
        for invoice_id, _, paid, amount in _paid(number):
            yield LEDGER, "payment", invoice_id, 0, "invoice", invoice_id, paid.isoformat(), amount


def _cases(accounts: int) -> Iterator[Row]:
    for number in range(accounts):
        _, due, _ = next(_open(number))
        if due < TODAY:
            yield LEDGER, _account(number), "USD", 1, (due + timedelta(days=1)).isoformat()


def _segments(accounts: int) -> Iterator[Row]:
    for number in range(accounts):
        yield LEDGER, _account(number), "everyone else", (TODAY - timedelta(days=30)).isoformat()


STEPS = (("first", 2), ("second", 7), ("third", 14), ("call", 21))
"""The ladder of the standard strategy, in days after the due date."""


def _said(number: int) -> Iterator[tuple[str, date, list[str]]]:
    """Act, day and invoices named of each contact so far."""
    invoices = [(invoice_id, due) for invoice_id, due, _ in _open(number)]
    for act, days in STEPS:
        on = invoices[0][1] + timedelta(days=days)
        if on < TODAY:
            yield act, on, [invoice_id for invoice_id, due in invoices if due < on]


def _outbox(accounts: int, at: str) -> Iterator[Row]:
    row = 0
    for number in range(accounts):
        own = _account(number)
        statement = TODAY.replace(day=3).isoformat()
        row += 1
        yield (
            *(row, LEDGER, f"{own} statement", f"{row:08x}", "message", "sent", own, "USD", None, "statement"),
            *(f"{TODAY:%Y-%m}", "email", 1, 0, "{}", f"{TODAY:%Y-%m}", statement, at, statement, at),
        )
        for act, on, _ in _said(number):
            row += 1
            kind, channel = ("task", "task") if act == "call" else ("message", "email")
            day = on.isoformat()
            yield (
                *(row, LEDGER, f"{own} {act}", f"{row:08x}", kind, "sent", own, "USD", 1, act, "1", channel, 1, 0),
                *("{}", None, day, at, day, at),
            )


def _named(accounts: int) -> Iterator[Row]:
    row = 0
    for number in range(accounts):
        row += 1
        for _, _, invoices in _said(number):
            row += 1
            for position, invoice_id in enumerate(invoices):
                yield row, position, invoice_id
