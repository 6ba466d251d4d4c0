"""Decisions as `--json` writes them: amounts as decimal strings, days in ISO form, names in snake case.

The shape of `plan --json` is a contract with scripts: names may be added, none is taken away.
"""

from collections.abc import Iterable

import msgspec

from strategy import explain, money
from strategy.decision import Asked, Decision, Held, Reason, TaskAsked, Touchpoint
from strategy.model import Issue
from strategy.telling import Told

Plain = dict[str, object]


def amount(minor: int, currency: str) -> str:
    """Minor units as a decimal string: "1200.00"."""
    return str(money.to_decimal(minor, currency))


def reason(why: Reason) -> Plain:
    """A reason: its code, its facts, and the same as a sentence."""
    return {"code": why.code, "facts": explain.plain_facts(why), "text": explain.sentence(why)}


def touchpoint(one: Touchpoint) -> Plain:
    """One contact to make."""
    return {
        "key": one.key,
        "kind": one.kind.value,
        "customer": {"id": one.customer_id, "name": one.customer_name},
        "currency": one.currency,
        "segment": one.segment,
        "stage": one.stage.value,
        "step": one.step,
        "channel": one.channel,
        "to": list(one.to),
        "letter": one.letter,
        "language": one.language,
        "approval": one.approval,
        "amount": amount(one.amount_minor, one.currency),
        "invoices": [_asked(each, one.currency) for each in one.invoices],
        "coming": [_asked(each, one.currency) for each in one.coming],
        "credits": [
            {"id": credit.id, "number": credit.number, "amount": amount(credit.amount_minor, one.currency)}
            for credit in one.credits
        ],
        "attach": list(one.attach),
        "not_before": one.window.opens.isoformat(),
        "not_after": one.window.closes.isoformat(),
        "why": [reason(why) for why in one.why],
    }


def held(one: Held, decision: Decision) -> Plain:
    """So much of one invoice that is not asked for; the customer is the account's."""
    return {
        "invoice": {"id": one.invoice_id, "number": one.number},
        "customer": {"id": decision.customer_id, "name": decision.customer_name},
        "currency": one.currency,
        "amount": amount(one.amount_minor, one.currency),
        "until": one.until.isoformat() if one.until else None,
        "reasons": [reason(why) for why in one.reasons],
    }


def task(one: TaskAsked) -> Plain:
    """Work for a person."""
    return {
        "key": one.key,
        "kind": one.kind,
        "customer": {"id": one.customer_id, "name": one.customer_name},
        "currency": one.currency,
        "who": one.who,
        "what": one.what,
        "amount": amount(one.amount_minor, one.currency),
        "invoices": [_asked(each, one.currency) for each in one.invoices],
        "why": [reason(why) for why in one.why],
    }


def told(one: Told) -> Plain:
    """The sentences of an invoice by what they are about."""
    sentences: Plain = msgspec.to_builtins(one)
    return sentences


def issue(one: Issue) -> Plain:
    """Something odd in the books."""
    return {"code": one.code, "source": one.source, "message": one.message}


def plan(ledger: str, as_of: str, decisions: Iterable[Decision], issues: Iterable[Issue]) -> Plain:
    """A day's decisions of a ledger. `issues` are those of its books; those of the accounts come with the decisions."""
    touchpoints: list[Plain] = []
    waiting: list[Plain] = []
    tasks: list[Plain] = []
    odd = [issue(one) for one in issues]
    for decision in decisions:
        touchpoints += map(touchpoint, decision.touchpoints)
        waiting += (held(one, decision) for one in decision.held)
        tasks += map(task, decision.tasks)
        odd += map(issue, decision.issues)
    return {
        "ledger": ledger,
        "as_of": as_of,
        "touchpoints": touchpoints,
        "held": waiting,
        "tasks": tasks,
        "issues": odd,
    }


def _asked(one: Asked, currency: str) -> Plain:
    return {
        "id": one.invoice_id,
        "number": one.number,
        "due_on": one.due_on.isoformat(),
        "days_overdue": one.days_overdue,
        "original": amount(one.total_minor, currency),
        "open": amount(one.open_minor, currency),
        "asked": amount(one.asked_minor, currency),
    }
