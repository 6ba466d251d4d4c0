"""The facts that a condition may test: the one list from which the parser, the reference and the lints work.

Every one of them is measured in `strategy.facts`; a test holds the two together.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from strategy.model import Record


class FactKind(StrEnum):
    """What a fact is compared with."""

    MONEY = "money"
    DAYS = "days"
    COUNT = "count"
    SHARE = "share"
    WORD = "word"
    FLAG = "flag"


class Fact(Record):
    """A fact: its name in conditions, its kind, and what it says of the account."""

    name: str
    kind: FactKind
    meaning: str


TAKES: Final[Mapping[FactKind, str]] = {
    FactKind.MONEY: "0 or the name of an amount",
    FactKind.DAYS: "a whole number of days",
    FactKind.COUNT: "a whole number",
    FactKind.SHARE: "a share in percent",
    FactKind.WORD: "a word, in 'quotes' if it has spaces",
    FactKind.FLAG: "nothing: it stands alone",
}
"""What each kind is compared with, in words."""

EXAMPLES: Final[Mapping[FactKind, str]] = {
    FactKind.MONEY: "{} > 0",
    FactKind.DAYS: "{} > 15",
    FactKind.COUNT: "{} < 3",
    FactKind.SHARE: "{} > 20%",
    FactKind.WORD: "{} == 'text'",
    FactKind.FLAG: "not {}",
}
"""A test of each kind, the fact's name left open."""

_MONEY: Final = {
    "overdue": "open and past its due date",
    "balance": "all that is open, due or not",
    "disputed": "the part of the open amount that is in dispute",
    "credit": "payments and credits that no invoice has used yet",
    "exposure": "open less what is unapplied: what would be lost",
}
_DAYS: Final = {
    "overdue_days": "days since the oldest overdue invoice fell due; 0 where nothing is overdue",
    "late_days": "how late this account pays: days after the due date, weighted by amount over 12 months, "
    "what is overdue now counted up to today; below 0 is early",
    "late_median": "the days late of its middle invoice, of those paid in the last 12 months and those overdue now: "
    "one very late invoice does not change it",
    "late_trend": "how much later it pays now than it used to; below 0 is earlier",
    "known_days": "days since its first invoice",
}
_COUNTS: Final = {
    "paid_invoices": "invoices paid in full so far; those that credit notes alone settled do not count",
    "broken_promises": "promises broken in the last 12 months",
    "touches": "contacts made in the open case, whoever made them",
}
_SHARES: Final = {
    "share_late": "part of the paid amount that came late, over 12 months",
    "dispute_rate": "disputed part of what was invoiced, over 12 months",
    "kept_rate": "promises kept, of those whose day has passed, over 12 months",
    "limit_used": "exposure as a part of the credit limit; may pass 100%",
    "volume_change": "what was invoiced less credit notes in the last 90 days, beside the average 90 days of the "
    "9 months before; below 0% is less",
}
_WORDS: Final = {
    "method": "how it usually pays, as the books or its profile name it",
    "country": "two-letter code, as in DE",
    "currency": "the currencies in which something is open, as in EUR",
    "language": "of the letters it gets, as in de",
    "group": "the groups or classes of the customer in the books",
    "list": "lists of ours that it is on",
    "legal_form": "company, public, sole_trader or consumer, from its profile",
}
_FLAGS: Final = {
    "bounced": "the last message to it came back",
    "promised": "a promise of payment is open",
    "planned": "a payment plan runs",
    "claimed": "it says that it has paid",
    "part_paid": "an overdue invoice is paid in part",
    "worsening": "it pays clearly later than its own habit: the last three paid invoices and those overdue now, beside "
    "the 12 months",
    "improving": "it pays clearly earlier than its own habit, measured likewise",
    "new": "too little is known of its habits: fewer than 3 invoices paid, and first invoiced less than 90 days ago",
    "po_required": "its invoices need an order number",
    "paused": "a person paused it",
    "opted_out": "it asked for no more messages",
    "intercompany": "it belongs to the same group of companies",
    "direct_debit": "we collect from its bank account",
    "retention": "it holds part of the amount back by contract",
    "factored": "its invoices are sold",
    "insured": "a credit insurer has the case",
    "legal": "lawyers or courts have the case",
    "insolvent": "it is insolvent",
    "do_not_contact": "nobody may contact it",
}

FACTS: Final[Mapping[str, Fact]] = {
    name: Fact(name=name, kind=kind, meaning=meaning)
    for kind, meanings in (
        (FactKind.MONEY, _MONEY),
        (FactKind.DAYS, _DAYS),
        (FactKind.COUNT, _COUNTS),
        (FactKind.SHARE, _SHARES),
        (FactKind.WORD, _WORDS),
        (FactKind.FLAG, _FLAGS),
    )
    for name, meaning in meanings.items()
}
"""Every fact by its name."""

HABITS: Final = frozenset(
    {"late_days", "late_median", "late_trend", "share_late", "dispute_rate", "volume_change", "worsening", "improving"}
)
"""Facts of how an account behaves: unknown while it is `new`."""

LEGAL_FORMS: Final[Mapping[str, str]] = {
    "company": "a company or another body with a legal form of its own",
    "public": "a public authority",
    "sole_trader": "a person in business under their own name",
    "consumer": "a private person",
}
"""What `legal_form` may be: other rules of law for each."""

CODES: Final[Mapping[str, str]] = {
    "country": "[A-Za-z]{2}",
    "currency": "[A-Za-z]{3}",
    "language": "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?",
}
"""Facts that are codes, compared in any case, and how a code looks."""

OUTCOMES: Final[Mapping[str, str]] = {
    "answered": "somebody was reached",
    "no_answer": "nobody answered",
    "unreachable": "the number or address does not work",
    "bounced": "the message came back",
    "replied": "the customer wrote back",
    "promised": "a payment was promised",
    "paid": "it was said to be paid",
    "disputed": "something was disputed",
    "refused": "payment was refused",
    "placed": "the agency has it",
    "declined": "somebody decided against it",
    "recalled": "the agency was asked to stop",
}
"""What may have come of a step, for STEP.outcome."""

OUTCOME: Final = "outcome"

RESERVED_STEPS: Final = frozenset({"due", "invoiced", "month", "every", "times", "business", "like"})
"""Words of the grammar of days, and the one setting of a schedule, that no step may be called."""
