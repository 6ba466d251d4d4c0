"""The report AgedReceivablesByContact: what one contact owes on a day, every cell a text.

A contact with documents in the base currency alone gets the form of the official example: sections without a title,
eight columns, the last of them Due.

What a contact with others gets is nowhere recorded. CData's driver (docs read 2026-11-21) makes two more columns of the
report: Currency, "used for all fields but DueLocal, or empty if the default currency is used", and DueLocal, "amount
due in the default organisation currency". So here, for such a contact: a section for each currency, titled with its
code, and a ninth column Due Local behind Due (the switches `report_titles` and `report_local_column` take
either away). A reader that takes the last cell of a row, or relies on titles, does not fare well with both forms; one
that looks for the column Due does.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.figures import counts_on, open_of, remaining_of, unapplied_of
from dunwell.sandbox.books.rates import in_base
from dunwell.sandbox.books.records import Customer, Invoice, Standing, Surplus
from dunwell.sandbox.exchange import Call
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.lists import LOCAL_COLUMN, TITLES
from dunwell.sandbox.xero.wire import Body, invalid

_COLUMNS = ("Date", "Number", "Due Date", "", "Total", "Paid", "Credited", "Due")
_LOCAL = "Due Local"


class Period(Struct, frozen=True):
    """`start` None: from the beginning. `end`: the last day of documents, `paid_to` that of payments; both included."""

    start: date | None
    end: date
    paid_to: date


class Form(Struct, frozen=True):
    """How the report looks: with a title for each currency, and with amounts in the base currency beside."""

    base: str
    titled: bool
    local: bool


class _Row(Struct):
    """An open document. Credits are negative."""

    id: str
    on: date
    number: str
    due_on: date | None
    currency: str
    total: int
    paid: int
    credited: int
    due: int

    @property
    def figures(self) -> list[int]:
        return [self.total, self.paid, self.credited, self.due]

    def local(self, base: str) -> int:
        return in_base(self.due, self.currency, base, self.on)


def period(call: Call, today: date) -> Period:
    """The days asked for; payments to the end of the month by default. Raises `Refused`."""
    given = {name.lower(): value for name, value in call.query}
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    paid_to = _day(given.get("date"), "date") or month_end
    return Period(_day(given.get("fromdate"), "fromDate"), _day(given.get("todate"), "toDate") or paid_to, paid_to)


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise invalid(f"{name} is not a valid date") from None


def report(books: Books, customer: Customer, days: Period, now: datetime, switches: Mapping[str, bool]) -> Body:
    """The report of one contact."""
    rows = sorted(_rows(books, customer, days.paid_to), key=lambda row: (row.on, row.number))
    within = [row for row in rows if row.on <= days.end and (days.start is None or row.on >= days.start)]
    before = [row for row in rows if days.start is not None and row.on < days.start]
    base = books.company.currency
    several = any(row.currency != base for row in rows)
    form = Form(base=base, titled=several and switches[TITLES], local=several and switches[LOCAL_COLUMN])
    columns = (*_COLUMNS, _LOCAL) if form.local else _COLUMNS
    sections = [_opening(days.start, before, form)] if days.start is not None else []
    for currency in sorted({row.currency for row in within}) or [base]:
        part = [row for row in within if row.currency == currency]
        sections.append(_section(part, days.paid_to, currency, form))
    sections.append({"RowType": "Section", "Title": "", "Rows": [_closing(before + within, form)]})
    header = {"RowType": "Header", "Cells": [{"Value": name} for name in columns]}
    return {"Reports": [_framed(customer, days, now, [header, *sections])]}


def _framed(customer: Customer, days: Period, now: datetime, rows: list[Body]) -> Body:
    span = f"From {_words(days.start)} to {_words(days.end)}" if days.start else f"To {_words(days.end)}"
    return {
        "ReportID": "AgedReceivablesByContact",
        "ReportName": "Aged Receivables By Contact",
        "ReportType": "AgedReceivablesByContact",
        "ReportTitles": ["Invoices", customer.name, span, f"Showing payments to {_words(days.paid_to)}"],
        "ReportDate": _words(now.date()),
        "UpdatedDateUTC": f"/Date({int(now.timestamp() * 1000)})/",
        "Fields": [],
        "Rows": rows,
    }


def _words(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"


def _rows(books: Books, customer: Customer, as_of: date) -> Iterator[_Row]:
    """What is open on that day; prepayments are no part of it (domain.md, part 1)."""
    for each in books.invoices.values():
        if each.customer_id == customer.id and (left := open_of(books, each, as_of)):
            yield _invoice(books, each, left, as_of)
    for note in books.credits.values():
        if note.customer_id == customer.id and (left := remaining_of(books, note, as_of)):
            facts = (uuid_of("credit", note.id), note.issued_on, note.number or "", note.issued_on, note.currency)
            yield _Row(*facts, -note.total, 0, left - note.total, -left)
    for payment in books.payments.values():
        overpaid = payment.customer_id == customer.id and payment.surplus is Surplus.OVERPAYMENT
        if overpaid and payment.standing is Standing.ISSUED and (left := unapplied_of(books, payment, as_of)):
            facts = (uuid_of("surplus", payment.id), payment.paid_on, "Overpayment", payment.paid_on, payment.currency)
            yield _Row(*facts, -left, 0, 0, -left)


def _invoice(books: Books, each: Invoice, left: int, as_of: date) -> _Row:
    settled = [one for one in books.settling(each) if counts_on(books, one) <= as_of]
    credited = sum(one.amount for one in settled if one.later or one.credit_id is not None)
    paid = sum(one.amount for one in settled) - credited
    facts = (uuid_of("invoice", each.id), each.issued_on, each.number or "", each.due_on, each.currency)
    return _Row(*facts, each.total, paid, credited, left)


def _section(rows: list[_Row], as_of: date, currency: str, form: Form) -> Body:
    made = [_document(row, as_of, form) for row in rows]
    title = currency if form.titled else ""
    return {"RowType": "Section", "Title": title, "Rows": [*made, _summary("Total", rows, form)]}


def _document(row: _Row, as_of: date, form: Form) -> Body:
    days = (as_of - row.due_on).days if row.due_on is not None and row.due > 0 else 0
    texts = [_midnight(row.on), row.number, _midnight(row.due_on), f"{days} days overdue" if days > 0 else ""]
    amounts = [*row.figures, row.local(form.base)] if form.local else row.figures
    attribute = {"Value": row.id, "Id": "invoiceID"}
    cells = [{"Value": text, "Attributes": [attribute]} for text in (*texts, *map(_amount, amounts))]
    return {"RowType": "Row", "Cells": cells}


def _opening(start: date, rows: list[_Row], form: Form) -> Body:
    local = sum(row.local(form.base) for row in rows)
    texts = [_midnight(start), "Opening Balance", "", "", "", "", "", _amount(local)]
    row = {"RowType": "Row", "Cells": _cells([*texts, _amount(local)] if form.local else texts)}
    return {"RowType": "Section", "Title": "", "Rows": [row]}


def _closing(rows: list[_Row], form: Form) -> Body:
    """The last line; of several currencies only the base amounts can be added up."""
    if not form.titled:
        return _summary("Closing Balance", rows, form)
    texts = ["Closing Balance", *[""] * (7 if form.local else 6), _amount(sum(row.local(form.base) for row in rows))]
    return {"RowType": "SummaryRow", "Cells": _cells(texts)}


def _summary(name: str, rows: list[_Row], form: Form) -> Body:
    sums = [sum(column) for column in zip(*(row.figures for row in rows), strict=True)] or [0, 0, 0, 0]
    local = [sum(row.local(form.base) for row in rows)] if form.local else []
    return {"RowType": "SummaryRow", "Cells": _cells([name, "", "", "", *map(_amount, sums + local)])}


def _cells(texts: list[str]) -> list[dict[str, Any]]:
    return [{"Value": text} for text in texts]


def _midnight(day: date | None) -> str:
    return "" if day is None else f"{day.isoformat()}T00:00:00"


def _amount(minor: int) -> str:
    return f"{minor / 100:.2f}"
