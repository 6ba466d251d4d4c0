"""The report AgedReceivableDetail: every open document in a section for its age, the oldest first.

Everything in it is text, "" is zero. Payments and credits stand below zero, by their own date. A company with several
currencies has more columns: what is open in the document's own currency, and in the company's. Shape: Intuit docs,
report entities, ARAgingDetail; those columns' names: after the ones documented for AgedPayableDetail, without "neg"
[UNCONFIRMED]; both read 2026-11-22. The `id` of a transaction's type is its own, that of a name the customer's.
"""

from datetime import date, datetime

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import EDGES, bucket
from dunwell.sandbox.books.rates import in_base, price
from dunwell.sandbox.books.records import Credit, Invoice, Payment
from dunwell.sandbox.exchange import Call
from dunwell.sandbox.quickbooks import lists
from dunwell.sandbox.quickbooks.reading.reports import aged_from, dated, dates, open_documents
from dunwell.sandbox.quickbooks.wire import Body, instant

SECTIONS = (
    "Current",
    "1 - 30 days past due",
    "31 - 60 days past due",
    "61 - 90 days past due",
    "91 or more days past due",
)

_TITLES = {
    "tx_date": "Date",
    "txn_type": "Transaction Type",
    "doc_num": "Num",
    "cust_name": "Customer",
    "due_date": "Due Date",
    "subt_amount": "Amount",
    "subt_open_bal": "Open Balance",
    "currency": "Currency",
    "exch_rate": "Exchange Rate",
    "foreign_amount": "Foreign Amount",
    "foreign_open_bal": "Foreign Open Balance",
    "subt_home_amount": "Amount",
    "subt_home_open_bal": "Open Balance",
}
_ALWAYS = ("tx_date", "txn_type", "doc_num", "cust_name", "due_date")
_ONE_CURRENCY = (*_ALWAYS, "subt_amount", "subt_open_bal")
_SEVERAL = (
    *_ALWAYS,
    "currency",
    "exch_rate",
    "foreign_amount",
    "foreign_open_bal",
    "subt_home_amount",
    "subt_home_open_bal",
)

_Document = Invoice | Payment | Credit


def aged_detail(books: Books, call: Call, now: datetime, *, from_invoice_date: bool) -> Body:
    """The A/R aging detail of `report_date`, for the customers and with the `columns` asked for."""
    as_of, aged_on = dates(books, call, now)
    there = _SEVERAL if books.company.several_currencies else _ONE_CURRENCY
    asked = (call.arg("columns") or "").split(",")
    columns = [name for name in there if name in asked] or list(there)
    wanted = {each for each in (call.arg("customer") or "").split(",") if each}
    sections: list[list[Body]] = [[] for _ in range(len(EDGES) + 1)]
    for document, left in sorted(open_documents(books, as_of), key=lambda each: (dated(each[0]), each[0].id)):
        if left and (not wanted or str(document.customer_id) in wanted):
            place = bucket((aged_on - aged_from(document, from_invoice_date=from_invoice_date)).days)
            cells = _cells(books, document, left)
            sections[place].append({"ColData": [cells[name] for name in columns], "type": "Data"})
    made = [_section(name, rows, len(columns)) for name, rows in zip(SECTIONS, sections, strict=True) if rows]
    return {
        "Header": _header(books, as_of, now, empty=not made),
        "Columns": {"Column": [{"ColTitle": _TITLES[name], "ColType": name} for name in columns]},
        "Rows": {"Row": made[::-1]},
    }


def _header(books: Books, as_of: date, now: datetime, *, empty: bool) -> Body:
    option = [
        {"Name": "report_date", "Value": as_of.isoformat()},
        {"Name": "NoReportData", "Value": "true" if empty else "false"},
    ]
    return {
        "Time": instant(now),
        "ReportName": "AgedReceivableDetail",
        "EndPeriod": as_of.isoformat(),
        "Currency": books.company.currency,
        "Option": option,
    }


def _section(name: str, rows: list[Body], width: int) -> Body:
    head = [{"value": name}, *({"value": ""} for _ in range(width - 1))]
    return {"Header": {"ColData": head}, "Rows": {"Row": rows}, "type": "Section"}


def _cells(books: Books, document: _Document, left: int) -> dict[str, dict[str, str]]:
    home, on = books.company.currency, dated(document)
    total = document.total if isinstance(document, Invoice) else -document.total
    customer = books.customers[document.customer_id]
    due_on = document.due_on if isinstance(document, Invoice) else None
    number = document.reference if isinstance(document, Payment) else document.number
    return {
        "tx_date": {"value": on.isoformat()},
        "txn_type": {"value": _TYPES[type(document)], "id": str(document.id)},
        "doc_num": {"value": number or ""},
        "cust_name": {"value": lists.full_name(books, customer), "id": str(customer.id)},
        "due_date": {"value": "" if due_on is None else due_on.isoformat()},
        "subt_amount": _money(total),
        "subt_open_bal": _money(left),
        "currency": {"value": document.currency},
        "exch_rate": {"value": str(price(document.currency, home, on))},
        "foreign_amount": _money(total),
        "foreign_open_bal": _money(left),
        "subt_home_amount": _money(in_base(total, document.currency, home, on)),
        "subt_home_open_bal": _money(in_base(left, document.currency, home, on)),
    }


_TYPES: dict[type[_Document], str] = {Invoice: "Invoice", Payment: "Payment", Credit: "Credit Memo"}


def _money(minor: int) -> dict[str, str]:
    return {"value": f"{minor / 100:.2f}" if minor else ""}
