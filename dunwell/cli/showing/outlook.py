"""What a decision means for one invoice, in a line: asked for, or held, and until when."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from strategy.decision import Decision, Held, Touchpoint
from strategy.explain import sentence
from strategy.model import InvoiceId

_WHOLE_LEDGER: Final = frozenset(
    {
        *("pull_stale", "books_not_reconciled", "ledger_out_of_balance"),
        *("platform_reminders_on", "platform_reminders_unconfirmed"),
    }
)
"""Reasons that rest on the ledger, not on an account of it."""


def asking(decision: Decision, invoice_id: InvoiceId) -> Iterator[tuple[Touchpoint, int]]:
    """The touchpoints that ask for an invoice, with what they ask, in minor units."""
    for touchpoint in decision.touchpoints:
        for asked in touchpoint.invoices:
            if asked.invoice_id == invoice_id and asked.asked_minor:
                yield touchpoint, asked.asked_minor


def holding(decision: Decision, invoice_id: InvoiceId) -> Iterator[Held]:
    """The parts of an invoice that are held."""
    return (held for held in decision.held if held.invoice_id == invoice_id)


def next_day(decision: Decision, invoice_id: InvoiceId | None = None) -> date | None:
    """The day on which something happens next by itself, with one invoice or any; None where nothing will."""
    if invoice_id is None:
        days = [held.until for held in decision.held]
        now = bool(decision.touchpoints)
    else:
        days = [held.until for held in holding(decision, invoice_id)]
        now = any(asking(decision, invoice_id))
    return decision.as_of if now else min((day for day in days if day is not None), default=None)


def everybody_waits(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """What holds the whole ledger, as sentences that say what to do."""
    reasons = (why for decision in decisions for held in decision.held for why in held.reasons)
    return tuple(dict.fromkeys(sentence(why) for why in reasons if why.code in _WHOLE_LEDGER))


def in_a_line(decision: Decision, invoice_id: InvoiceId) -> str:
    """What happens with an invoice: the step that asks, else the first reason why none does."""
    parts = [f'asked by "{touchpoint.step}"' for touchpoint, _ in asking(decision, invoice_id)]
    parts += [sentence(held.reasons[0]).removesuffix(".") for held in holding(decision, invoice_id)]
    return "; ".join(dict.fromkeys(parts))
