"""What a letter may speak of: plain text, small whole numbers, lists and mappings of them, in the letter's language.

Every field is always there, empty where it does not apply, so that a letter can ask (`{% if promise.on %}`) and never
fails on a customer that differs from the one it was written for. Amounts and dates are ready to read; days stay numbers
so that a letter can compare them. `example` shows every field, and is what `check` checks letters against.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from babel import Locale

from strategy.contacts import TASK
from strategy.decision import Asked, CreditLine, Touchpoint, TouchpointKind
from strategy.model import Company, Customer, Record
from sync.letters import figures
from sync.letters.words import Words, words

Plain = str | int | list["Plain"] | dict[str, "Plain"]
Fields = dict[str, Plain]

_BLANK_INVOICE: Fields = {
    "number": "",
    "reference": "",
    "issued": "",
    "due": "",
    "days_overdue": 0,
    "original": "",
    "paid": "",
    "credited": "",
    "remaining": "",
    "asked": "",
}


class StatementTotal(Record):
    """The statement that a letter speaks of."""

    as_of: date
    total_minor: int


class Promised(Record):
    """The promise that a letter speaks of, in the touchpoint's currency."""

    on: date
    amount_minor: int


class Planned(Record):
    """The instalment that a letter speaks of: which of how many (0 is the deposit), and what is still to come of it."""

    number: int
    count: int
    on: date
    amount_minor: int


class LetterFacts(Record):
    """A touchpoint and what it does not carry itself.

    `country` is whose way of writing dates and amounts is followed; None is the company's. `sender` is the name it is
    signed with. `link` and `portal` are http(s) addresses or empty; `disputed_minor` is what the customer disputes in
    the touchpoint's currency. `trigger` and `why` belong to notices: the trigger's name and its reasons as sentences;
    `noticed_minor` is what came, where a notice tells of money.
    """

    touchpoint: Touchpoint
    customer: Customer
    country: str | None = None
    company: Company
    today: date
    sender: str
    link: str = ""
    portal: str = ""
    disputed_minor: int = 0
    statement: StatementTotal | None = None
    promise: Promised | None = None
    plan: Planned | None = None
    trigger: str = ""
    why: tuple[str, ...] = ()
    noticed_minor: int = 0


def fields(facts: LetterFacts) -> Fields:
    """Everything a letter may name, as plain data."""
    touchpoint = facts.touchpoint
    locale = figures.locale_of(touchpoint.language, facts.country or facts.company.country)
    currency = touchpoint.currency

    def amount(minor: int) -> str:
        return figures.amount(minor, currency, locale)

    invoices = [_invoice(asked, currency, locale) for asked in touchpoint.invoices]
    promise, statement = facts.promise, facts.statement
    found = {
        "language": str(locale).replace("_", "-"),
        "customer": {"name": facts.customer.name, "number": facts.customer.number or ""},
        "person": {"name": touchpoint.addressee},
        "company": _company(facts.company),
        "sender": {"name": facts.sender},
        "invoices": invoices,
        "lead": invoices[0] if invoices else dict(_BLANK_INVOICE),
        "coming": [_invoice(asked, currency, locale) for asked in touchpoint.coming],
        "credits": [{"number": line.number or "", "amount": amount(line.amount_minor)} for line in touchpoint.credits],
        "total": amount(touchpoint.amount_minor),
        "overdue_days": max((max(0, asked.days_overdue) for asked in touchpoint.invoices), default=0),
        "disputed": amount(facts.disputed_minor) if facts.disputed_minor else "",
        "link": _address(facts.link),
        "portal": _address(facts.portal),
        "today": figures.day(facts.today, locale),
        "statement": {
            "as_of": figures.day(statement.as_of, locale) if statement else "",
            "total": amount(statement.total_minor) if statement else "",
        },
        "promise": {
            "amount": amount(promise.amount_minor) if promise else "",
            "on": figures.day(promise.on, locale) if promise else "",
        },
        "plan": _plan(facts.plan, currency, locale),
        "deadline": {
            "days": touchpoint.deadline_days,
            "by": figures.day(facts.today + timedelta(days=touchpoint.deadline_days), locale)
            if touchpoint.deadline_days
            else "",
        },
        "notice": {
            "trigger": facts.trigger,
            "why": list(facts.why),
            "amount": amount(facts.noticed_minor) if facts.noticed_minor else "",
        },
        "table": _table(touchpoint, words(touchpoint.language), locale),
    }
    return cast("Fields", found)


def _plan(plan: Planned | None, currency: str, locale: Locale) -> Fields:
    return {
        "number": plan.number if plan else 0,
        "count": plan.count if plan else 0,
        "on": figures.day(plan.on, locale) if plan else "",
        "amount": figures.amount(plan.amount_minor, currency, locale) if plan else "",
    }


def _company(company: Company) -> Fields:
    return {
        "name": company.name,
        "legal_name": company.legal_name or company.name,
        "email": company.email or "",
        "phone": company.phone or "",
        "address": ", ".join(company.address),
        "tax_number": company.tax_number or "",
    }


def _invoice(asked: Asked, currency: str, locale: Locale) -> Fields:
    return {
        "number": asked.number,
        "reference": asked.reference or "",
        "issued": figures.day(asked.issued_on, locale),
        "due": figures.day(asked.due_on, locale),
        "days_overdue": max(0, asked.days_overdue),
        "original": figures.amount(asked.total_minor, currency, locale),
        "paid": figures.amount(asked.paid_minor, currency, locale),
        "credited": figures.amount(asked.credited_minor, currency, locale),
        "remaining": figures.amount(asked.open_minor, currency, locale),
        "asked": figures.amount(asked.asked_minor, currency, locale),
    }


def _address(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("a link in a letter is an http or https address")
    return url


def _table(touchpoint: Touchpoint, ours: Words, locale: Locale) -> Fields:
    """The invoices as rows of text: see `table`. The last column adds up to the last row: what is asked has one of its
    own where it is not all that is open, and stands there before credit, which has rows of its own. Where the letter
    asks for nothing, the last row is the balance. Our own people are not asked to pay.
    """
    invoices, credits_ = touchpoint.invoices, touchpoint.credits
    asks = any(line.asked_minor for line in invoices)
    partly = asks and any(line.asked_minor + line.covered_minor != line.open_minor for line in invoices)
    balance = sum(line.open_minor for line in invoices) - sum(line.amount_minor for line in credits_)
    to_our_own = touchpoint.kind is TouchpointKind.NOTICE or touchpoint.channel == TASK
    asked = ours.due_now if to_our_own else ours.please_pay
    headings = [ours.invoice, ours.due, ours.original, ours.paid, ours.credited, ours.remaining]
    return {
        "headings": [*headings, ours.asked] if partly else list(headings),
        "rows": [_row(line, touchpoint.currency, partly, locale) for line in invoices],
        "notes": [_note(line, ours) for line in invoices],
        "credits": _credits(credits_, touchpoint.currency, ours, locale),
        "nothing": figures.bare(0, touchpoint.currency, locale),
        "total": [
            asked if asks else ours.balance,
            figures.amount(touchpoint.amount_minor if asks else balance, touchpoint.currency, locale),
        ],
    }


def _row(asked: Asked, currency: str, partly: bool, locale: Locale) -> list[Plain]:
    amounts = [asked.total_minor, asked.paid_minor, asked.credited_minor, asked.open_minor]
    amounts += [asked.asked_minor + asked.covered_minor] if partly else []
    return [
        asked.number,
        figures.short_day(asked.due_on, locale),
        *(figures.bare(minor, currency, locale) for minor in amounts),
    ]


def _note(asked: Asked, ours: Words) -> str:
    late = asked.days_overdue
    overdue = (ours.one_day if late == 1 else ours.days).format(n=late) if late > 0 else ""
    return " · ".join(part for part in (asked.reference or "", overdue) if part)


def _credits(lines: Sequence[CreditLine], currency: str, ours: Words, locale: Locale) -> list[Plain]:
    return [
        [f"{ours.credit} {line.number or ''}".strip(), figures.bare(-line.amount_minor, currency, locale)]
        for line in lines
    ]
