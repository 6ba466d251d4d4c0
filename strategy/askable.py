"""What may be asked for today of what a task asked for when it was given: since then something may have been paid, or
agreed, or a credit written.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from strategy import holds, instalments, plan
from strategy.decision import Reason, TaskAsked
from strategy.holds import Agreed, Coverage, Share, use_credit
from strategy.model import Currency, InvoiceId, Record
from strategy.situation import Situation


class Askable(Record):
    """How much of each invoice of a task, credit taken off, where it is anything; and why not the rest of them."""

    amounts: Mapping[InvoiceId, int]
    why: tuple[Reason, ...]


def of_task(situation: Situation, asked: TaskAsked) -> Askable:
    """No more of an invoice than the task asked for."""
    covered = plan.cover(plan.on_the_day_to_call(situation))
    coverages = [one for one in covered.coverages if one.currency == asked.currency]
    free: Counter[InvoiceId] = Counter()
    for share in _shares(situation, asked, coverages, blocked=covered.blocked):
        free[share.receivable.invoice_id] += share.amount_minor
    amounts = {one.invoice_id: min(one.asked_minor, free[one.invoice_id]) for one in asked.invoices}
    held = (one for coverage in coverages for one in coverage.held if one.invoice_id in amounts)
    return Askable(
        amounts={invoice_id: minor for invoice_id, minor in amounts.items() if minor},
        why=tuple(why for one in held for why in one.reasons),
    )


def before_promises(situation: Situation, currency: Currency) -> Coverage:
    """What of each overdue invoice nothing sets aside but credit, promises, and what holds the whole account: of that a
    customer speaks who promises all of it.
    """
    account, rule = replace(situation.account, unapplied=(), tie_outs=()), replace(situation.strategy.holds, minimum={})
    planned = Agreed(plans=plan.agreed(situation).plans)
    return holds.cover(account, currency, rule=rule, agreed=planned, blocked=(), as_of=situation.as_of)


def _shares(situation: Situation, asked: TaskAsked, coverages: Sequence[Coverage], *, blocked: bool) -> Iterator[Share]:
    """What is overdue, and either the instalment that the task is about, or what is coming."""
    instalment = instalments.spoken_of(situation.plans, asked.occasion)
    for coverage in coverages:
        yield from coverage.overdue
        if instalment is None:
            yield from use_credit(coverage.coming, coverage.unapplied, coverage.credit_left_minor)[0]
        elif instalment[0].rests and not blocked:
            yield from instalments.askable(situation, *instalment, coverage, coverage.held)[1]
