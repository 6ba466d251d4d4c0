"""The reports AgedReceivables and CustomerBalance, and what all reports share. Everything in them is text, "" is zero.

In a company with several currencies all amounts are in its own, at the rate of each document's day [UNCONFIRMED: at
which rate]; `aged_detail` has them in their own currencies. Sub-customers stand in a section under their parent; a
parent without any is a plain row. Unapplied payments and credits are aged by their own date, as negative amounts; so
each row's total is the customer's balance. Which column Intuit puts them into is [UNCONFIRMED]. Shape: Intuit docs,
report entities, ARAgingSummary, read 2026-11-21.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from msgspec import Struct

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import EDGES, bucket, open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.rates import in_base
from dunwell.sandbox.books.records import Credit, Customer, Invoice, Payment
from dunwell.sandbox.exchange import Call
from dunwell.sandbox.quickbooks import lists
from dunwell.sandbox.quickbooks.wire import Body, day, instant, today

BUCKETS = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over")


class _Row(Struct):
    """A customer's amounts in the columns before the total."""

    customer: Customer
    amounts: list[int]

    @property
    def total(self) -> int:
        return sum(self.amounts)


def aged_receivables(books: Books, call: Call, now: datetime, *, from_invoice_date: bool) -> Body:
    """The A/R aging summary of `report_date`, for the customers asked for."""
    as_of, aged_on = dates(books, call, now)
    rows = _aged_rows(books, as_of, aged_on, from_invoice_date=from_invoice_date)
    return _report("AgedReceivables", books, _asked(rows, call), BUCKETS, as_of, now)


def customer_balance(books: Books, call: Call, now: datetime) -> Body:
    """What each customer owes as of `report_date`."""
    as_of, _ = dates(books, call, now)
    rows = [_Row(each.customer, [each.total]) for each in _aged_rows(books, as_of, as_of, from_invoice_date=False)]
    return _report("CustomerBalance", books, _asked(rows, call), (), as_of, now)


def dates(books: Books, call: Call, now: datetime) -> tuple[date, date]:
    """The day up to which documents count, and the day on which they are aged: `aging_method` is Report_Date or Current
    ("the date upon which aging is determined", Intuit docs, report entities, read 2026-11-22). Raises `Refused`.
    """
    current = today(now, books.company.zone)
    as_of = day(call.arg("report_date"), "report_date") if call.arg("report_date") else current
    return as_of, current if call.arg("aging_method") == "Current" else as_of


def open_documents(books: Books, as_of: date) -> Iterator[tuple[Invoice | Payment | Credit, int]]:
    """What was open of everything on a day; payments and credits below zero."""
    for invoice in books.invoices.values():
        yield invoice, open_of(books, invoice, as_of)
    for payment in books.payments.values():
        yield payment, -unapplied_of(books, payment, as_of)
    for credit in books.credits.values():
        yield credit, -remaining_of(books, credit, as_of)


def aged_from(document: Invoice | Payment | Credit, *, from_invoice_date: bool) -> date:
    """The day from which a document's age counts: the due date where it has one and the company goes by it."""
    if isinstance(document, Payment):
        return document.paid_on
    due_on = document.due_on if isinstance(document, Invoice) and not from_invoice_date else None
    return due_on or document.issued_on


def dated(document: Invoice | Payment | Credit) -> date:
    """The day of a document."""
    return document.paid_on if isinstance(document, Payment) else document.issued_on


def _aged_rows(books: Books, as_of: date, aged_on: date, *, from_invoice_date: bool) -> list[_Row]:
    rows: dict[int, list[int]] = {}
    for document, left in open_documents(books, as_of):
        place = bucket((aged_on - aged_from(document, from_invoice_date=from_invoice_date)).days)
        amounts = rows.setdefault(document.customer_id, [0] * (len(EDGES) + 1))
        amounts[place] += in_base(left, document.currency, books.company.currency, dated(document))
    made = (_Row(books.customers[customer_id], amounts) for customer_id, amounts in rows.items() if any(amounts))
    return sorted(made, key=lambda row: lists.full_name(books, row.customer).casefold())


def _asked(rows: Iterable[_Row], call: Call) -> list[_Row]:
    wanted = [each for each in (call.arg("customer") or "").split(",") if each]
    return [row for row in rows if not wanted or str(row.customer.id) in wanted]


def _report(name: str, books: Books, rows: list[_Row], columns: tuple[str, ...], as_of: date, now: datetime) -> Body:
    titles = [{"ColTitle": "", "ColType": "Customer"}]
    titles += [{"ColTitle": title, "ColType": "Money"} for title in (*columns, "Total")]
    option = [
        {"Name": "report_date", "Value": as_of.isoformat()},
        {"Name": "NoReportData", "Value": "false" if rows else "true"},
    ]
    header = {
        "Time": instant(now),
        "ReportName": name,
        **({"DateMacro": "today"} if as_of == today(now, books.company.zone) else {}),
        "StartPeriod": as_of.isoformat(),
        "EndPeriod": as_of.isoformat(),
        "Currency": books.company.currency,
        "Option": option,
    }
    return {"Header": header, "Columns": {"Column": titles}, "Rows": {"Row": _rows(books, rows, bool(columns))}}


def _rows(books: Books, rows: list[_Row], aging: bool) -> list[Body]:
    families: dict[int, list[_Row]] = {}
    for row in rows:
        families.setdefault(_root(books, row.customer).id, []).append(row)
    made = [_family(books.customers[root_id], family, aging) for root_id, family in families.items()]
    if rows:
        made.append({"Summary": _cells("TOTAL", None, _sum(rows), aging), "type": "Section", "group": "GrandTotal"})
    return made


def _root(books: Books, customer: Customer) -> Customer:
    return customer if customer.parent_id is None else _root(books, books.customers[customer.parent_id])


def _sum(rows: list[_Row]) -> list[int]:
    return [sum(column) for column in zip(*(row.amounts for row in rows), strict=True)]


def _family(root: Customer, rows: list[_Row], aging: bool) -> Body:
    """A customer, as a row; with its sub-customers, as a section."""
    own = next((row for row in rows if row.customer is root), _Row(root, [0] * len(rows[0].amounts)))
    jobs = [row for row in rows if row.customer is not root]
    line = _cells(lists.display_name(root), root.id, own.amounts, aging)
    if not jobs:
        return line
    inner = [_cells(lists.display_name(each.customer), each.customer.id, each.amounts, aging) for each in jobs]
    summary = _cells(f"Total {lists.display_name(root)}", None, _sum(rows), aging)
    return {"Header": line, "Rows": {"Row": inner}, "Summary": summary, "type": "Section"}


def _cells(name: str, customer_id: int | None, amounts: list[int], aging: bool) -> Body:
    first = {"value": name} if customer_id is None else {"value": name, "id": str(customer_id)}
    figures = [*amounts, sum(amounts)] if aging else amounts
    return {"ColData": [first, *({"value": f"{each / 100:.2f}" if each else ""} for each in figures)]}
