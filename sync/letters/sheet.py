"""A statement put into words: every line of it ready to print, in the reader's language, for paper and for the screen.

The layouts (`statement.typ`, `statement.html`) place these words and decide nothing. All of it is plain text.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from babel import Locale

from strategy.aging import Bucket
from strategy.model import Company, Record
from strategy.movements import Movement
from strategy.statement import Activity, Line, Section, Statement
from sync.letters import figures
from sync.letters.words import Words, words

_LETTER_PAPER: Final = frozenset("US CA MX".split())


class Stationery(Record):
    """What a statement shows besides the account. `synced_at` is when the books were last read, shown in `time_zone`.

    `country` is whose way of writing dates and amounts is followed; None is the company's. `link` is an http(s)
    address to pay at, `bank` the lines of a bank account, `terms` the customer's payment terms; each is left out
    where it is None or empty. `questions` says whom to ask; the company's email and phone otherwise.
    """

    company: Company
    country: str | None = None
    language: str
    synced_at: datetime
    time_zone: str
    link: str | None = None
    bank: tuple[str, ...] = ()
    terms: str | None = None
    questions: str | None = None


Sheet = dict[str, object]


class _Scribe:
    """Writes amounts and dates of one statement."""

    def __init__(self, statement: Statement, stationery: Stationery) -> None:
        self.statement = statement
        self.words: Words = words(stationery.language)
        country = stationery.country or stationery.company.country
        self.locale: Locale = figures.locale_of(stationery.language, country)

    def bare(self, minor: int) -> str:
        return _minus(figures.bare(minor, self.statement.currency, self.locale))

    def amount(self, minor: int) -> str:
        return _minus(figures.amount(minor, self.statement.currency, self.locale))


def sheet(statement: Statement, stationery: Stationery) -> Sheet:
    """Everything on the page."""
    scribe = _Scribe(statement, stationery)
    ours = scribe.words
    activity = statement.activity
    return {
        "language": scribe.locale.language,
        "country": scribe.locale.territory or "",
        "paper": "us-letter" if stationery.company.country in _LETTER_PAPER else "a4",
        "title": ours.statement,
        "subtitle": _subtitle(statement, scribe),
        "seller": _seller(stationery.company, ours),
        "customer": {"name": statement.customer.name, "address": list(statement.customer.address)},
        "facts": _facts(statement, stationery, scribe),
        "listing": _activity(activity, statement, scribe) if activity else _open_items(statement, scribe),
        "aging": _aging(statement, scribe),
        "summary": _summary(statement, scribe),
        "please": _please(statement, scribe),
        "pay": _pay(statement, stationery, ours),
        "slip": _slip(statement, stationery, scribe),
        "page": ours.page,
    }


def _subtitle(statement: Statement, scribe: _Scribe) -> str:
    if statement.activity is None:
        return scribe.words.open_items.format(date=figures.day(statement.as_of, scribe.locale))
    first, last = (figures.day(on, scribe.locale) for on in (statement.activity.first, statement.activity.last))
    return scribe.words.activity.format(first=first, last=last)


def _seller(company: Company, ours: Words) -> Sheet:
    legal = company.legal_name or company.name
    return {
        "name": company.name,
        "legal_name": legal,
        "address": list(company.address),
        "reach": [text for text in (company.phone, company.email) if text],
        "tax": f"{ours.tax_number} {company.tax_number}" if company.tax_number else "",
    }


def _facts(statement: Statement, stationery: Stationery, scribe: _Scribe) -> list[tuple[str, str]]:
    ours = scribe.words
    facts = [
        (ours.as_of, figures.day(statement.as_of, scribe.locale)),
        (ours.customer_number, statement.customer.number or ""),
        (ours.currency, statement.currency),
        (ours.terms, stationery.terms or ""),
        (ours.books_read, figures.instant(stationery.synced_at, stationery.time_zone, scribe.locale)),
    ]
    return [(label, value) for label, value in facts if value]


def _open_items(statement: Statement, scribe: _Scribe) -> Sheet:
    """Open invoices by customer, then what is unapplied, as negative lines."""
    ours = scribe.words
    several = len(statement.sections) > 1
    groups = [_group(section, scribe, several=several) for section in statement.sections]
    if statement.unapplied:
        groups.append(_unapplied(statement, scribe))
    return {
        "columns": [
            *(ours.invoice, ours.date, ours.due, ours.days_late),
            *(ours.original, ours.paid, ours.credited, ours.remaining),
        ],
        "groups": groups,
        "last": (ours.balance, scribe.amount(statement.total_minor)),
    }


def _group(section: Section, scribe: _Scribe, *, several: bool) -> Sheet:
    subtotal = (scribe.words.subtotal, scribe.bare(section.open_minor))
    return {
        "title": section.customer.name if several else "",
        "rows": [_row(line, scribe) for line in section.lines],
        "subtotal": subtotal if several else None,
    }


def _row(line: Line, scribe: _Scribe) -> Sheet:
    row = line.receivable
    amounts = (row.total_minor, row.paid_minor, row.credited_minor, row.open_minor)
    days = (row.issued_on, row.due_on)
    return {
        "cells": [
            row.number,
            *(figures.short_day(on, scribe.locale) for on in days),
            figures.number(line.days_overdue, scribe.locale) if line.days_overdue > 0 else "",
            *(scribe.bare(minor) for minor in amounts),
        ],
        "note": " · ".join(_notes(line, scribe)),
    }


def _notes(line: Line, scribe: _Scribe) -> Iterable[str]:
    """What is to be said of an open invoice: the reader's own reference, and what is not asked for."""
    if line.receivable.reference:
        yield line.receivable.reference
    for aside in line.asides:
        yield f"{scribe.words.asides[aside.reason]}: {scribe.bare(aside.amount_minor)}"


def _unapplied(statement: Statement, scribe: _Scribe) -> Sheet:
    ours = scribe.words
    rows = [
        {
            "cells": [
                item.number or "\N{EM DASH}",
                figures.short_day(item.since, scribe.locale),
                *[""] * 5,
                scribe.bare(-item.amount_minor),
            ],
            "note": ours.credits[item.kind],
        }
        for item in statement.unapplied
    ]
    return {"title": ours.unapplied, "rows": rows, "subtotal": None}


def _activity(activity: Activity, statement: Statement, scribe: _Scribe) -> Sheet:
    ours = scribe.words
    first, before = figures.short_day(activity.first, scribe.locale), scribe.bare(activity.opening_minor)
    rows = [{"cells": [first, ours.opening, "", "", before], "note": ""}]
    for entry in activity.entries:
        movement = entry.movement
        cells = [
            figures.short_day(movement.on, scribe.locale),
            " ".join(text for text in (ours.movements[movement.kind], movement.number or "") if text),
            figures.short_day(movement.due_on, scribe.locale),
            scribe.bare(movement.amount_minor),
            scribe.bare(entry.balance_minor),
        ]
        rows.append({"cells": cells, "note": _whose(movement, statement)})
    return {
        "columns": [ours.date, ours.details, ours.due, ours.amount, ours.running],
        "groups": [{"title": "", "rows": rows, "subtotal": None}],
        "last": (ours.closing, scribe.amount(activity.closing_minor)),
    }


def _whose(movement: Movement, statement: Statement) -> str:
    """The reference, and the name of a sub-customer."""
    names = [member.name for member in statement.members if member.id == movement.customer_id]
    return " · ".join(text for text in (movement.reference or "", *names) if text)


def _aging(statement: Statement, scribe: _Scribe) -> Sheet:
    ours, aged = scribe.words, statement.aged
    columns = [(_span(bucket, ours), scribe.bare(bucket.amount_minor)) for bucket in aged.buckets]
    if aged.unapplied_minor:
        columns.append((ours.credit, scribe.bare(-aged.unapplied_minor)))
    return {"title": ours.aging, "columns": columns, "total": (ours.balance, scribe.bare(aged.total_minor))}


def _span(bucket: Bucket, ours: Words) -> str:
    if bucket.first is None:
        return ours.current if bucket.last == 0 else f"≤ {bucket.last}"
    if bucket.last is None:
        return ours.over_days.format(first=bucket.first)
    return ours.to_days.format(first=bucket.first, last=bucket.last)


def _summary(statement: Statement, scribe: _Scribe) -> list[tuple[str, str]]:
    """The parts of the total; those that are nothing are left out."""
    ours = scribe.words
    parts = [
        (ours.due_now, statement.due_minor),
        (ours.not_due, statement.not_due_minor),
        (ours.disputed, statement.disputed_minor),
        (ours.arranged, statement.arranged_minor),
        (ours.credit, -statement.aged.unapplied_minor),
    ]
    lines = [(label, scribe.bare(minor)) for label, minor in parts if minor]
    return [*lines, (ours.balance, scribe.amount(statement.total_minor))]


def _please(statement: Statement, scribe: _Scribe) -> tuple[str, str]:
    if not statement.please_pay_minor:
        return scribe.words.nothing_due, ""
    return scribe.words.please_pay, scribe.amount(statement.please_pay_minor)


def _pay(statement: Statement, stationery: Stationery, ours: Words) -> Sheet:
    """How to pay, and whom to ask. The reference to quote is the customer's number, or else the name."""
    company = stationery.company
    if stationery.link and not stationery.link.startswith(("https://", "http://")):
        raise ValueError("a link on a statement is an http or https address")
    asks = [stationery.questions] if stationery.questions else [text for text in (company.email, company.phone) if text]
    ways = [
        (ours.pay_online, [stationery.link] if stationery.link else []),
        (ours.bank, list(stationery.bank)),
        (ours.quote, [statement.customer.number or statement.customer.name]),
        (ours.questions, asks),
    ]
    return {
        "title": ours.how_to_pay,
        "link": stationery.link or "",
        "ways": [(label, lines) for label, lines in ways if lines],
    }


def _slip(statement: Statement, stationery: Stationery, scribe: _Scribe) -> Sheet | None:
    """What comes back with the payment; nothing where nothing is to be paid."""
    if not statement.please_pay_minor:
        return None
    ours, company = scribe.words, stationery.company
    facts = [
        (ours.as_of, figures.day(statement.as_of, scribe.locale)),
        (ours.customer_number, statement.customer.number or ""),
        (ours.please_pay, scribe.amount(statement.please_pay_minor)),
    ]
    return {
        "title": ours.remittance,
        "hint": ours.remittance_hint,
        "to": company.legal_name or company.name,
        "from": statement.customer.name,
        "facts": [(label, value) for label, value in facts if value],
        "paid": ours.paid_amount,
    }


def _minus(text: str) -> str:
    """A minus as wide as a digit, as in print."""
    return text.replace("-", "\N{MINUS SIGN}")
