"""What decisions mean for one invoice in a line, and for a whole ledger."""

from collections.abc import Iterable
from typing import Final

from strategy.decision import Decision
from strategy.explain import sentence
from strategy.model import InvoiceId
from strategy.telling import asking, holding

_WHOLE_LEDGER: Final = frozenset(
    {
        *("pull_stale", "books_not_reconciled", "ledger_out_of_balance"),
        *("platform_reminders_on", "platform_reminders_unconfirmed"),
    }
)
"""Reasons that rest on the ledger, not on an account of it."""


def everybody_waits(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """What holds the whole ledger, as sentences that say what to do."""
    reasons = (why for decision in decisions for held in decision.held for why in held.reasons)
    return tuple(dict.fromkeys(sentence(why) for why in reasons if why.code in _WHOLE_LEDGER))


def in_a_line(decision: Decision, invoice_id: InvoiceId) -> str:
    """What happens with an invoice: the step that asks, else the first reason why none does."""
    parts = [f'asked by "{touchpoint.step}"' for touchpoint, _ in asking(decision, invoice_id)]
    parts += [sentence(held.reasons[0]).removesuffix(".") for held in holding(decision, invoice_id)]
    return "; ".join(dict.fromkeys(parts))
