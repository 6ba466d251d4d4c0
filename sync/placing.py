"""The pack that an agency gets: who owes what, the papers, what was said, and figures by which both sides check it.

Three tables with a heading (debts, contacts, what was agreed), the invoices, a statement and the letters of each
account, a header with counts, a control total for each currency and what is not there, and the hash of every file. It
holds personal data and is not encrypted: how it travels is the firm's.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from connectors.errors import NotFound
from strategy import askable, money, placements, situation, statement
from strategy.account import Account, Agency
from strategy.agreements import HoldKind
from strategy.askable import Askable
from strategy.decision import Asked, TaskAsked
from strategy.model import Currency, Issue, Record
from strategy.plan import plan_account
from sync import calling, composing, dossier
from sync.bench import Bench
from sync.letters.statement_pdf import statement_pdf
from sync.settings import Hands
from sync.sheets import cell
from sync.store.work import Task

HEADER, MANIFEST = "header.json", "manifest.sha256"

DEBTS = (
    "account customer legal_form tax_number country address emails phones invoice order_number issued_on due_on "
    "currency original paid credited open placed fees days_overdue last_payment_on disputed insolvent"
).split()

ABSENT: Final = (
    "contract, terms and credit application: the books are not read for them",
    "purchase orders: their numbers are in debts.csv, no papers",
    "proof of delivery",
    "guarantors and registration number",
    "fees and interest: none are claimed, placed is principal alone",
)
"""What agencies ask for and no pack has, said in its header so that nobody looks for it."""
_NO_PAPERS: Final = "invoices, statement and letters: the agency wants tables only"


class Total(Record):
    """So many accounts and invoices, and so much in all, in one currency."""

    currency: Currency
    accounts: int
    invoices: int
    amount: str


class Header(Record):
    """What the pack says of itself. `tasks` are those that asked for the placement; `absent` is what it has not got.
    `accounts` are so many in all: one that owes in two currencies is in two totals.
    """

    ledger: str
    client: str
    client_number: str
    agency: str
    authorised_by: str
    on: date
    tasks: tuple[int, ...]
    accounts: int
    totals: tuple[Total, ...]
    absent: tuple[str, ...] = ABSENT
    suit_authorised: bool = False


class Pack(Record):
    """Its files by name, header and manifest included."""

    header: Header
    files: Mapping[str, bytes]


class _Debtor(Record):
    """One account in one currency, as its task asked to place it and as far as that may still be asked for; `why` not
    the rest of it.
    """

    task: Task
    account: Account
    asked: TaskAsked
    rows: tuple[Asked, ...]
    why: str


class NothingToPlace(Exception):
    """Nothing of what was to be placed may be asked for today; the message says why."""


def pack(bench: Bench, tasks: Sequence[Task], agency: str, who: str) -> Pack:
    """The pack for these tasks, with today's figures. Reads the invoices' PDFs. Raises `NothingToPlace` and
    `connectors.errors`.
    """
    found = tuple(_debtors(bench, tasks))
    debtors = tuple(one for one in found if one.rows)
    if not debtors:
        why = (f"{one.task.customer}: {one.why}" for one in found if one.why)
        raise NothingToPlace(next(why, "nothing is open any more of what was to be placed"))
    company, form = bench.company(), bench.settings.agencies.get(agency) or Hands(agency=Agency(name=agency))
    header = Header(
        ledger=bench.ledger.name,
        client=company.legal_name or company.name,
        client_number=company.tax_number or "",
        agency=agency,
        authorised_by=who,
        on=bench.today(),
        tasks=tuple(one.task.id for one in debtors),
        accounts=len({one.account.customer.id for one in debtors}),
        totals=tuple(_totals(debtors)),
        absent=ABSENT if form.papers else (*ABSENT, _NO_PAPERS),
    )
    contacts = (row for one in debtors for row in dossier.contacts(bench, one.account, one.asked.currency))
    agreed = (row for one in debtors for row in dossier.agreed(bench, one.account, one.asked.currency))
    files = {
        HEADER: msgspec.json.format(msgspec.json.encode(header), indent=2),
        "debts.csv": _table(form, DEBTS, (row for one in debtors for row in _debts(one))),
        "contacts.csv": _table(form, dossier.CONTACTS, contacts),
        "agreed.csv": _table(form, dossier.AGREED, agreed),
    }
    for one in debtors if form.papers else ():
        files |= _papers(bench, one, frozenset(name.casefold() for name in files))
    return Pack(header=header, files=files | {MANIFEST: manifest(files)})


def manifest(files: Mapping[str, bytes]) -> bytes:
    """A line for each file, as `sha256sum --check` reads it."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return "".join(lines).encode()


def _debtors(bench: Bench, tasks: Sequence[Task]) -> Iterator[_Debtor]:
    for task in tasks:
        account = bench.account(task.asked.customer_id, bench.today()) if task.asked else None
        if account is not None and task.asked is not None:
            left = _left(bench, account, task.asked)
            rows = tuple(calling.rows_of(account, task.asked, left))
            yield _Debtor(task=task, account=account, asked=task.asked, rows=rows, why=calling.in_the_way(left))


def _left(bench: Bench, account: Account, asked: TaskAsked) -> Askable:
    """What an agency has in one currency does not keep it from getting the other."""
    today, came = bench.today(), tuple(one for one in account.came if one.outcome != placements.PLACED)
    free = msgspec.structs.replace(account, came=came)
    return askable.of_task(situation.situate(free, bench.settings.strategy, bench.calendar(today), today), asked)


def _totals(debtors: Sequence[_Debtor]) -> Iterator[Total]:
    for currency in sorted({one.asked.currency for one in debtors}):
        these = [one for one in debtors if one.asked.currency == currency]
        rows = [row for one in these for row in one.rows]
        amount = money.to_decimal(sum(row.asked_minor for row in rows), currency)
        yield Total(currency=currency, accounts=len(these), invoices=len(rows), amount=str(amount))


def _table(form: Hands, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=form.separator)
    writer.writerow(heading)
    writer.writerows([cell(value) for value in row] for row in rows)
    return written.getvalue().encode()


def _debts(one: _Debtor) -> Iterator[Sequence[object]]:
    account, customer, currency = one.account, one.account.customer, one.asked.currency
    paid = [part.settled_on for part in account.settlements if part.by_payment and part.currency == currency]
    disputed = {dispute.invoice_id for dispute in account.disputes if dispute.closed_on is None}
    insolvent = any(hold.kind is HoldKind.INSOLVENT and hold.stands(account.ledger.today) for hold in account.holds)
    emails = dict.fromkeys((*customer.emails, *(role.email for role in account.profile.roles if role.email)))
    for row in one.rows:
        amounts = (row.total_minor, row.paid_minor, row.credited_minor, row.open_minor, row.asked_minor)
        yield (
            customer.number or customer.id,
            customer.name,
            account.profile.legal_form,
            customer.tax_number,
            account.country,
            ", ".join(customer.address),
            " ".join(emails),
            "; ".join(number.phone for number in calling.numbers_of(account)),
            row.number,
            row.reference,
            row.issued_on,
            row.due_on,
            currency,
            *(money.to_decimal(minor, currency) for minor in (*amounts, 0)),
            row.days_overdue,
            max(paid, default=None),
            "yes" if row.invoice_id in disputed else "no",
            "yes" if insolvent else "no",
        )


def _papers(bench: Bench, one: _Debtor, taken: Iterable[str]) -> Mapping[str, bytes]:
    """By their names in the pack. `taken` are those of the pack so far, in small letters."""
    folder = one.account.customer.id
    return {
        **_invoices(bench, one.rows, folder, taken),
        **{f"{folder}/{name}": content for name, content in _correspondence(bench, one)},
    }


def _invoices(bench: Bench, rows: Iterable[Asked], folder: str, taken: Iterable[str]) -> Mapping[str, bytes]:
    """Two numbers may make one name, as A/1 and A-1 do, or be equal: the second has the invoice's id in its name."""
    files: dict[str, bytes] = {}
    used = set(taken)
    for row in rows:
        name = f"{folder}/invoice-{_safe(row.number)}"
        if f"{name}.pdf".casefold() in used:
            name = f"{name}.{_safe(row.invoice_id)}"
        try:
            files[f"{name}.pdf"] = bench.connector.invoice_pdf(row.invoice_id)
        except NotFound:
            continue  # the platform has no PDF of it; debts.csv names it all the same
        used.add(f"{name}.pdf".casefold())
    return files


def _correspondence(bench: Bench, one: _Debtor) -> Iterator[tuple[str, bytes]]:
    """The letters, and a statement as of today."""
    for said in dossier.said(bench, one.account, one.asked.currency):
        if said.sealed is not None:
            yield f"{said.on}-{_safe(said.act)}-{said.id8}.eml", said.sealed
    today = bench.today()
    decision = plan_account(one.account, bench.settings.strategy, bench.calendar(today), today)
    made = statement.open_items(one.account, one.asked.currency, today, composing.asides(decision))
    if not isinstance(made, Issue):
        yield f"statement-{one.asked.currency}.pdf", statement_pdf(made, composing.stationery(bench, one.account))


def _safe(name: str) -> str:
    """As part of a file's name, on any system."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)
