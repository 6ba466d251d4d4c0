"""The statement for programs: amounts as decimal strings, dates in ISO form, names in snake case."""

from datetime import UTC

from strategy import money
from strategy.account import Unapplied
from strategy.aging import as_plain
from strategy.model import Currency, Customer
from strategy.statement import Activity, Aside, Line, Section, Statement
from sync.letters.sheet import Stationery


def statement_plain(statement: Statement, stationery: Stationery) -> dict[str, object]:
    """What `dunwell statement --format json` prints. `activity` is null on an open item statement, and `exchange_rate`
    is as in `strategy.model.Invoice`.
    """

    def text(minor: int) -> str:
        return _text(minor, statement.currency)

    return {
        "kind": statement.kind.value,
        "seller": stationery.company.legal_name or stationery.company.name,
        "customer": {**_customer(statement.customer), "number": statement.customer.number},
        "currency": statement.currency,
        "as_of": statement.as_of.isoformat(),
        "synced_at": stationery.synced_at.astimezone(UTC).isoformat(),
        "sections": [_section(section, statement.currency) for section in statement.sections],
        "unapplied": [_unapplied(item) for item in statement.unapplied],
        "activity": _activity(statement.activity, statement.currency) if statement.activity else None,
        "aging": as_plain(statement.aged),
        "due": text(statement.due_minor),
        "not_due": text(statement.not_due_minor),
        "disputed": text(statement.disputed_minor),
        "arranged": text(statement.arranged_minor),
        "total": text(statement.total_minor),
        "please_pay": text(statement.please_pay_minor),
        "link": stationery.link,
    }


def _text(minor: int, currency: Currency) -> str:
    return str(money.to_decimal(minor, currency))


def _customer(customer: Customer) -> dict[str, object]:
    return {"id": customer.id, "name": customer.name}


def _section(section: Section, currency: Currency) -> dict[str, object]:
    return {
        "customer": _customer(section.customer),
        "invoices": [_line(line, currency) for line in section.lines],
        "open": _text(section.open_minor, currency),
    }


def _line(line: Line, currency: Currency) -> dict[str, object]:
    row = line.receivable
    return {
        "id": row.invoice_id,
        "number": row.number,
        "reference": row.reference,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "days_overdue": max(0, line.days_overdue),
        "original": _text(row.total_minor, currency),
        "paid": _text(row.paid_minor, currency),
        "credited": _text(row.credited_minor, currency),
        "open": _text(row.open_minor, currency),
        "exchange_rate": row.exchange_rate,
        "set_aside": [_aside(aside, currency) for aside in line.asides],
    }


def _aside(aside: Aside, currency: Currency) -> dict[str, object]:
    return {"reason": aside.reason.value, "amount": _text(aside.amount_minor, currency)}


def _unapplied(item: Unapplied) -> dict[str, object]:
    return {
        "id": item.id,
        "number": item.number,
        "kind": item.kind.value,
        "since": item.since.isoformat(),
        "amount": _text(-item.amount_minor, item.currency),
    }


def _activity(activity: Activity, currency: Currency) -> dict[str, object]:
    return {
        "first": activity.first.isoformat(),
        "last": activity.last.isoformat(),
        "opening": _text(activity.opening_minor, currency),
        "movements": [
            {
                "on": entry.movement.on.isoformat(),
                "kind": entry.movement.kind.value,
                "id": entry.movement.id,
                "customer_id": entry.movement.customer_id,
                "number": entry.movement.number,
                "reference": entry.movement.reference,
                "due_on": entry.movement.due_on.isoformat() if entry.movement.due_on else None,
                "amount": _text(entry.movement.amount_minor, currency),
                "balance": _text(entry.balance_minor, currency),
            }
            for entry in activity.entries
        ],
        "closing": _text(activity.closing_minor, currency),
    }
