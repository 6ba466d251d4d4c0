"""What our own people are asked about what was agreed and what we were told: each once, and no contact of customers."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from strategy import disputes, speaking
from strategy.agreements import Dispute, Hold, HoldKind
from strategy.decision import Fact, Reason, TaskAsked, reason
from strategy.holds import Share
from strategy.model import InvoiceId
from strategy.promises import Verdict
from strategy.situation import Situation
from strategy.speaking import Content, Occasion

ENDS_SOON: Final = timedelta(days=7)
"""So long before a standing exclusion ends, somebody hears of it again, unless it was never to last longer."""

DISAGREE: Final = frozenset(
    {
        frozenset({HoldKind.DIRECT_DEBIT, HoldKind.INSOLVENT}),
        frozenset({HoldKind.DIRECT_DEBIT, HoldKind.LEGAL}),
        frozenset({HoldKind.FACTORED, HoldKind.DIRECT_DEBIT}),
        frozenset({HoldKind.FACTORED, HoldKind.INSURED}),
        frozenset({HoldKind.INTERCOMPANY, HoldKind.FACTORED}),
        frozenset({HoldKind.INTERCOMPANY, HoldKind.INSURED}),
    }
)
"""Kinds of which one cannot be right: we collect what may not be collected, or what is no longer ours, or insure
ourselves against ourselves. Both hold all the same.
"""


def ask(situation: Situation) -> Iterator[TaskAsked]:
    """Everything that is to be asked today and was not asked before."""
    if situation.account.receivables:
        yield from _exclusions(situation)
        yield from _disputes(situation)
        yield from _plans(situation)
        yield from _claims(situation)
        yield from _promises(situation)


def _exclusions(situation: Situation) -> Iterator[TaskAsked]:
    """Whoever is not to be chased at all is somebody's to look after; and again before that ends. One hold may be on
    several invoices, which left the account that it was given to.
    """
    holds = {hold.id: hold for hold in situation.account.holds if hold.excludes and hold.stands(situation.as_of)}
    standing = [*holds.values()]
    for hold in standing:
        yield from _once(situation, "exclusion", str(hold.id), _excluded(hold), hold)
        if hold.until is not None and hold.until - situation.as_of <= ENDS_SOON < hold.until - hold.since:
            ends = reason("exclusion_ends", kind=_name(hold), reason=hold.reason, until=hold.until)
            yield from _once(situation, "exclusion-ends", str(hold.id), ends, hold)
    for one, other in combinations(standing, 2):
        if frozenset({one.kind, other.kind}) in DISAGREE and _meet(one, other):
            why = reason("holds_disagree", hold=one.id, kind=_name(one), other=other.id, other_kind=_name(other))
            yield from _once(situation, "holds-disagree", f"{one.id}-{other.id}", why, one)


def _disputes(situation: Situation) -> Iterator[TaskAsked]:
    """A dispute wants an answer, and again where its day passes without one; who is right wants a credit note."""
    rows, resting = {one.invoice_id: one for one in situation.account.receivables}, disputes.resting(situation.account)
    for dispute in situation.account.disputes:
        row = rows.get(dispute.invoice_id)
        if row is None or dispute.closed_on is not None:
            continue
        rests = resting[dispute.id]
        share = Share(receivable=row, amount_minor=row.open_minor if rests is None else min(rests, row.open_minor))
        for act, who, why in _of_dispute(situation, dispute, share):
            yield from _task(situation, act, str(dispute.id), who, (why,), (share,))


def _of_dispute(situation: Situation, dispute: Dispute, share: Share) -> Iterator[tuple[str, str, Reason]]:
    """What is asked of it, of which role of ours, and why."""
    category, answer_by = dispute.category, dispute.answer_by
    if dispute.outcome is not None:
        expected = reason(
            "credit_wanted", category=category, expected=share.amount_minor, currency=share.receivable.currency
        )
        yield "credit-wanted", "bookkeeper", expected
    elif dispute.answered_on is None and answer_by is not None:
        facts: dict[str, Fact | date] = {"opened_on": dispute.opened_on, "category": category, "answer_by": answer_by}
        yield "answer-dispute", dispute.owner, reason("dispute_to_answer", **facts)
        if situation.as_of > answer_by:
            yield "dispute-unanswered", dispute.owner, reason("dispute_unanswered", **facts)


def _plans(situation: Situation) -> Iterator[TaskAsked]:
    """A plan that was not kept is the owner's to talk about: what it held is asked for again."""
    for judged in situation.plans:
        if judged.missed is not None:
            shares = _open(situation, {*judged.plan.invoices})
            why = reason(
                "plan_missed",
                plan=judged.plan.id,
                number=judged.missed.number,
                due_on=judged.missed.due_on,
                deadline=judged.missed.deadline,
            )
            yield from _task(situation, "plan-missed", str(judged.plan.id), "owner", (why,), shares)


def _claims(situation: Situation) -> Iterator[TaskAsked]:
    """What they say is paid is the bookkeeper's to find."""
    for claim in situation.account.claims:
        if claim.rests(situation.as_of):
            why = reason(
                "payment_to_find",
                claimed_on=claim.claimed_on,
                paid_on=claim.paid_on or "a day not told",
                reference=claim.reference or "no reference",
                until=claim.until,
            )
            yield from _task(
                situation, "find-payment", str(claim.id), "bookkeeper", (why,), _open(situation, claim.invoices)
            )


def _promises(situation: Situation) -> Iterator[TaskAsked]:
    """A promise that was not kept is the owner's to talk about, while anything of it is open."""
    for judged in situation.judged:
        if judged.verdict is Verdict.BROKEN:
            promise = judged.promise
            why = reason("promise_missed", promised_on=promise.promised_on, deadline=judged.deadline)
            invoices = frozenset(invoice_id for invoice_id, _ in promise.amounts)
            yield from _task(situation, "promise-broken", str(promise.id), "owner", (why,), _open(situation, invoices))


def _open(situation: Situation, invoices: Collection[InvoiceId]) -> tuple[Share, ...]:
    """What is open of these invoices, in the currency of the one that is due first."""
    rows = [one for one in situation.account.receivables if one.invoice_id in invoices]
    return tuple(Share(receivable=one, amount_minor=one.open_minor) for one in rows if one.currency == rows[0].currency)


def _excluded(hold: Hold) -> Reason:
    return reason("exclusion", kind=_name(hold), since=hold.since, reason=hold.reason)


def _name(hold: Hold) -> str:
    return hold.kind.replace("_", " ")


def _meet(one: Hold, other: Hold) -> bool:
    """Whether there is anything that both hold."""
    return None in {one.invoice_id, other.invoice_id} or one.invoice_id == other.invoice_id


def _once(situation: Situation, act: str, on: str, why: Reason, hold: Hold) -> Iterator[TaskAsked]:
    """A task for the account's owner about what is held; in the currency of what is due first."""
    rows = [one for one in situation.account.receivables if hold.invoice_id in {None, one.invoice_id}]
    most = hold.amount_minor
    shares = tuple(
        Share(receivable=one, amount_minor=one.open_minor if most is None else min(most, one.open_minor))
        for one in rows
        if one.currency == rows[0].currency
    )
    yield from _task(situation, act, on, "owner", (why,), shares)


def _task(
    situation: Situation, act: str, on: str, who: str, why: tuple[Reason, ...], shares: tuple[Share, ...]
) -> Iterator[TaskAsked]:
    """A task, unless there is nothing to show, or it was given before, in whatever currency."""
    if shares and not any(done[:2] == (act, on) for done in situation.account.done):
        occasion = Occasion(act=act, on=on, currency=shares[0].receivable.currency)
        kind = act.replace("-", " ")
        yield speaking.task(situation, kind, occasion, who=who, what="", content=Content(why=why, shares=shares))
