"""What our own people are asked about what was agreed and what we were told: each once, and no contact of customers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Final

from strategy import disputes, speaking
from strategy.account import Receivable
from strategy.acts import Act
from strategy.agreements import Dispute, Hold, HoldKind
from strategy.decision import Fact, Reason, TaskAsked, reason
from strategy.holds import Share
from strategy.model import InvoiceId, Record
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


class _Known(Record):
    """What questions are made of. `rows`: receivables with their place among all; `asked`: act and occasion of what was
    asked before, in whatever currency.
    """

    situation: Situation
    rows: Mapping[InvoiceId, tuple[int, Receivable]]
    asked: frozenset[tuple[str, str]]


def ask(situation: Situation) -> Iterator[TaskAsked]:
    """Everything that is to be asked today and was not asked before."""
    account = situation.account
    if account.receivables and (
        account.holds or account.disputes or account.claims or account.plans or account.promises
    ):
        known = _Known(
            situation=situation,
            rows={one.invoice_id: (n, one) for n, one in enumerate(account.receivables)},
            asked=frozenset((act, on) for act, on, _ in account.ever_done),
        )
        yield from _exclusions(known)
        yield from _disputes(known)
        yield from _plans(known)
        yield from _claims(known)
        yield from _promises(known)


def _exclusions(known: _Known) -> Iterator[TaskAsked]:
    """Whoever is not to be chased at all is somebody's to look after; and again before that ends. One hold may be on
    several invoices, which left the account that it was given to.
    """
    as_of = known.situation.as_of
    holds = {hold.id: hold for hold in known.situation.account.holds if hold.excludes and hold.stands(as_of)}
    standing = [*holds.values()]
    for hold in standing:
        yield from _once(known, Act.EXCLUSION, str(hold.id), _excluded(hold), hold)
        if hold.until is not None and hold.until - as_of <= ENDS_SOON < hold.until - hold.since:
            ends = reason("exclusion_ends", kind=_name(hold), reason=hold.reason, until=hold.until)
            yield from _once(known, Act.EXCLUSION_ENDS, str(hold.id), ends, hold)
    for one, other in _meeting(standing):
        if frozenset({one.kind, other.kind}) in DISAGREE:
            why = reason("holds_disagree", hold=one.id, kind=_name(one), other=other.id, other_kind=_name(other))
            yield from _once(known, Act.HOLDS_DISAGREE, f"{one.id}-{other.id}", why, one)


def _meeting(standing: Sequence[Hold]) -> Iterator[tuple[Hold, Hold]]:
    """Each two of which there is anything that both hold."""
    places: dict[InvoiceId | None, list[int]] = {}
    for n, hold in enumerate(standing):
        places.setdefault(hold.invoice_id, []).append(n)
    for n, one in enumerate(standing):
        here: Sequence[int] = range(len(standing))
        if one.invoice_id is not None:
            here = sorted((*places[one.invoice_id], *places.get(None, ())))
        yield from ((one, standing[m]) for m in here if m > n)


def _disputes(known: _Known) -> Iterator[TaskAsked]:
    """A dispute wants an answer, and again where its day passes without one; who is right wants a credit note."""
    account = known.situation.account
    resting = disputes.resting(account)
    for dispute in account.disputes:
        if dispute.invoice_id not in known.rows or dispute.closed_on is not None:
            continue
        _, row = known.rows[dispute.invoice_id]
        rests = resting[dispute.id]
        share = Share(receivable=row, amount_minor=row.open_minor if rests is None else min(rests, row.open_minor))
        for act, who, why in _of_dispute(known.situation, dispute, share):
            yield from _task(known, act, str(dispute.id), who, (why,), (share,))


def _of_dispute(situation: Situation, dispute: Dispute, share: Share) -> Iterator[tuple[Act, str, Reason]]:
    """What is asked of it, of which role of ours, and why."""
    category, answer_by = dispute.category, dispute.answer_by
    if dispute.outcome is not None:
        expected = reason(
            "credit_wanted", category=category, expected=share.amount_minor, currency=share.receivable.currency
        )
        yield Act.CREDIT_WANTED, "bookkeeper", expected
    elif dispute.answered_on is None and answer_by is not None:
        facts: dict[str, Fact | date] = {"opened_on": dispute.opened_on, "category": category, "answer_by": answer_by}
        yield Act.ANSWER_DISPUTE, dispute.owner, reason("dispute_to_answer", **facts)
        if situation.as_of > answer_by:
            yield Act.DISPUTE_UNANSWERED, dispute.owner, reason("dispute_unanswered", **facts)


def _plans(known: _Known) -> Iterator[TaskAsked]:
    """A plan that was not kept is the owner's to talk about: what it held is asked for again."""
    for judged in known.situation.plans:
        if judged.missed is not None:
            shares = _open(known, {*judged.plan.invoices})
            why = reason(
                "plan_missed",
                plan=judged.plan.id,
                number=judged.missed.number,
                due_on=judged.missed.due_on,
                deadline=judged.missed.deadline,
            )
            yield from _task(known, Act.PLAN_MISSED, str(judged.plan.id), "owner", (why,), shares)


def _claims(known: _Known) -> Iterator[TaskAsked]:
    """What they say is paid is the bookkeeper's to find."""
    for claim in known.situation.account.claims:
        if claim.rests(known.situation.as_of):
            why = reason(
                "payment_to_find",
                claimed_on=claim.claimed_on,
                paid_on=claim.paid_on or "a day not told",
                reference=claim.reference or "no reference",
                until=claim.until,
            )
            yield from _task(known, Act.FIND_PAYMENT, str(claim.id), "bookkeeper", (why,), _open(known, claim.invoices))


def _promises(known: _Known) -> Iterator[TaskAsked]:
    """A promise that was not kept is the owner's to talk about, while anything of it is open."""
    for judged in known.situation.judged:
        if judged.verdict is Verdict.BROKEN:
            promise = judged.promise
            why = reason("promise_missed", promised_on=promise.promised_on, deadline=judged.deadline)
            invoices = frozenset(invoice_id for invoice_id, _ in promise.amounts)
            yield from _task(known, Act.PROMISE_BROKEN, str(promise.id), "owner", (why,), _open(known, invoices))


def _open(known: _Known, invoices: Collection[InvoiceId] | None, most: int | None = None) -> tuple[Share, ...]:
    """What is open of these invoices (None: of all), or so much of each at most, in the currency of the one that is due
    first.
    """
    found = known.rows.values() if invoices is None else (known.rows[one] for one in invoices if one in known.rows)
    rows = [row for _, row in sorted(found, key=itemgetter(0))]
    return tuple(
        Share(receivable=one, amount_minor=one.open_minor if most is None else min(most, one.open_minor))
        for one in rows
        if one.currency == rows[0].currency
    )


def _excluded(hold: Hold) -> Reason:
    return reason("exclusion", kind=_name(hold), since=hold.since, reason=hold.reason)


def _name(hold: Hold) -> str:
    return hold.kind.replace("_", " ")


def _once(known: _Known, act: Act, on: str, why: Reason, hold: Hold) -> Iterator[TaskAsked]:
    """A task for the account's owner about what is held."""
    invoices = None if hold.invoice_id is None else (hold.invoice_id,)
    yield from _task(known, act, on, "owner", (why,), _open(known, invoices, hold.amount_minor))


def _task(
    known: _Known, act: Act, on: str, who: str, why: tuple[Reason, ...], shares: tuple[Share, ...]
) -> Iterator[TaskAsked]:
    """A task, unless there is nothing to show, or it was given before."""
    if shares and (act, on) not in known.asked:
        occasion = Occasion(act=act, on=on, currency=shares[0].receivable.currency)
        kind, content = act.replace("-", " "), Content(why=why, shares=shares)
        yield speaking.task(known.situation, kind, occasion, who=who, what="", content=content)
