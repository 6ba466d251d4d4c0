"""What is agreed with customers, written: promises, payment plans, disputes, claims and holds, each with its event.

`agreements` reads them. Callers hold the transaction where several belong together.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from strategy.agreements import DisputeOutcome, HoldKind, Plan, Promise, PromiseState
from strategy.model import Currency, CustomerId, InvoiceId, Record
from sync.store.database import Store
from sync.store.journal import Moment, note
from sync.store.statements import load

SQL = load("agreeing")


def add_promise(
    store: Store,
    now: Moment,
    customer_id: CustomerId,
    on: date,
    amounts: Sequence[tuple[InvoiceId, Currency, int]],
) -> int:
    """Somebody promised to pay these invoices (all of one currency) by a day; the promise's number."""
    currency = amounts[0][1]
    promise_id = store.insert(
        SQL["add_promise"], now.ledger_id, customer_id, now.on.isoformat(), on.isoformat(), currency, now.who
    )
    store.many(
        SQL["add_promise_invoice"],
        ((promise_id, place, invoice, amount) for place, (invoice, _, amount) in enumerate(amounts)),
    )
    total = sum(amount for _, _, amount in amounts)
    facts = {"promise": promise_id, "promised_on": on, "amount_minor": total, "currency": currency}
    note(store, now, "promised", facts, customer_id)
    return promise_id


def count_promise(store: Store, promise_id: int, counted: Mapping[InvoiceId, int]) -> None:
    """What was paid of the promise's invoices when it was made, and is no part of it."""
    store.many(SQL["count_promise_invoice"], ((paid, promise_id, one) for one, paid in counted.items()))


def end_promise(store: Store, now: Moment, promise_id: int, state: PromiseState) -> bool:
    """Whether there was an open one to end."""
    ended = store.row(SQL["end_promise"], state, now.ledger_id, promise_id)
    if ended is not None:
        note(store, now, f"promise {state}", {"promise": promise_id}, *ended)
    return ended is not None


def shorten_promise(
    store: Store, now: Moment, customer_id: CustomerId, left: Promise, *, invoices: Collection[InvoiceId], by: int
) -> None:
    """A newer promise takes the place of an open one on these invoices; `left` is what goes on of it."""
    store.many(SQL["replace_promised"], ((now.on.isoformat(), left.id, one) for one in sorted(invoices)))
    facts = {
        "promise": left.id,
        "by": by,
        "promised_on": left.promised_on,
        "amount_minor": sum(amount for _, amount in left.amounts),
        "currency": left.currency,
    }
    note(store, now, "promise replaced in part", facts, customer_id)


def add_plan(store: Store, now: Moment, customer_id: CustomerId, plan: Plan) -> int:
    """A payment plan is proposed or agreed on; its number (the record's own is not looked at)."""
    plan_id = store.insert(
        SQL["add_plan"],
        now.ledger_id,
        customer_id,
        plan.currency,
        now.on.isoformat(),
        now.who,
        plan.accepted_on.isoformat() if plan.accepted_on else None,
        plan.deposit_minor,
        plan.deposit_on.isoformat() if plan.deposit_on else None,
        plan.instalments,
        plan.first_on.isoformat(),
        plan.every,
        msgspec.json.encode(plan.parts).decode() if plan.parts else None,
    )
    store.many(
        SQL["add_plan_invoice"],
        ((plan_id, place, invoice, amount) for place, (invoice, amount) in enumerate(plan.amounts)),
    )
    facts = {
        "plan": plan_id,
        "amount_minor": plan.total_minor,
        "currency": plan.currency,
        "instalments": plan.instalments,
        "first_on": plan.first_on,
    }
    note(store, now, "plan accepted" if plan.accepted_on else "plan proposed", facts, customer_id)
    return plan_id


def count_plan(store: Store, plan_id: int, counted: Mapping[InvoiceId, int]) -> None:
    """What payments had settled of the plan's invoices when it was made."""
    store.many(SQL["count_plan_invoice"], ((paid, plan_id, one) for one, paid in counted.items()))


def accept_plan(store: Store, now: Moment, plan_id: int) -> bool:
    """Whether there was a proposed one to accept."""
    accepted = store.row(SQL["accept_plan"], now.on.isoformat(), now.ledger_id, plan_id)
    if accepted is not None:
        note(store, now, "proposal accepted", {"plan": plan_id}, *accepted)
    return accepted is not None


def end_plan(store: Store, now: Moment, plan_id: int) -> bool:
    """Whether there was one to end."""
    ended = store.row(SQL["end_plan"], now.on.isoformat(), now.ledger_id, plan_id)
    if ended is not None:
        note(store, now, "plan ended", {"plan": plan_id}, *ended)
    return ended is not None


class Disputed(Record):
    """A dispute as it is raised. `amount_minor` None is the whole invoice. `owner`: the role of ours that answers.

    `counted_minor`: credit that the books have used for the invoice already.
    """

    customer_id: CustomerId
    invoice_id: InvoiceId
    amount_minor: int | None
    category: str
    reason: str
    owner: str = "owner"
    answer_by: date | None = None
    counted_minor: int = 0


def add_dispute(store: Store, now: Moment, dispute: Disputed) -> int:
    """An invoice is disputed; the dispute's number."""
    dispute_id = store.insert(
        SQL["add_dispute"],
        now.ledger_id,
        dispute.customer_id,
        dispute.invoice_id,
        dispute.amount_minor,
        dispute.category,
        dispute.reason,
        now.on.isoformat(),
        dispute.owner,
        dispute.answer_by.isoformat() if dispute.answer_by else None,
        dispute.counted_minor,
    )
    facts = {"dispute": dispute_id, "category": dispute.category, "amount_minor": dispute.amount_minor}
    note(store, now, "disputed", facts, dispute.customer_id, dispute.invoice_id)
    return dispute_id


def end_dispute(store: Store, now: Moment, dispute_id: int) -> bool:
    """Whether there was an open one to end."""
    ended = store.row(SQL["end_dispute"], now.on.isoformat(), now.ledger_id, dispute_id)
    if ended is not None:
        note(store, now, "dispute ended", {"dispute": dispute_id}, *ended)
    return ended is not None


def answer_dispute(store: Store, now: Moment, dispute_id: int) -> bool:
    """Whether there was one that waited for an answer."""
    answered = store.row(SQL["answer_dispute"], now.on.isoformat(), now.ledger_id, dispute_id)
    if answered is not None:
        note(store, now, "dispute answered", {"dispute": dispute_id}, *answered)
    return answered is not None


class Resolved(Record):
    """What came of a dispute, and the credit note that is expected, 0 for none.

    `counted_minor`: credit used for the invoice that is none of that; None leaves what was counted when it was raised.
    """

    outcome: DisputeOutcome
    credit_minor: int
    currency: Currency
    counted_minor: int | None = None


def resolve_dispute(store: Store, now: Moment, dispute_id: int, resolved: Resolved) -> bool:
    """Whether there was an open one. It stays open while a credit note is expected."""
    on = now.on.isoformat()
    found = store.row(
        SQL["resolve_dispute"],
        resolved.outcome,
        on,
        resolved.credit_minor,
        None if resolved.credit_minor else on,
        resolved.counted_minor,
        now.ledger_id,
        dispute_id,
    )
    if found is not None:
        facts = {
            "dispute": dispute_id,
            "outcome": resolved.outcome,
            "amount_minor": resolved.credit_minor,
            "currency": resolved.currency,
        }
        note(store, now, "dispute resolved", facts, *found)
    return found is not None


class ClaimMade(Record):
    """What they say is paid, on which day (None: they did not say), and what to look for. It rests through `until`."""

    customer_id: CustomerId
    invoices: Sequence[InvoiceId]
    until: date
    reference: str = ""
    paid_on: date | None = None


def add_claim(store: Store, now: Moment, claim: ClaimMade) -> int:
    """They say that these are paid; the claim's number."""
    claim_id = store.insert(
        SQL["add_claim"],
        now.ledger_id,
        claim.customer_id,
        msgspec.json.encode(claim.invoices).decode(),
        claim.reference,
        now.on.isoformat(),
        claim.until.isoformat(),
        claim.paid_on.isoformat() if claim.paid_on else None,
    )
    facts = {
        "claim": claim_id,
        "invoices": claim.invoices,
        "reference": claim.reference,
        "until": claim.until,
        "paid_on": claim.paid_on,
    }
    note(store, now, "claimed paid", facts, claim.customer_id)
    return claim_id


def end_claim(store: Store, now: Moment, claim_id: int) -> bool:
    """Whether there was an open one to end."""
    ended = store.row(SQL["end_claim"], now.on.isoformat(), now.ledger_id, claim_id)
    if ended is not None:
        note(store, now, "claim ended", {"claim": claim_id}, *ended)
    return ended is not None


class HoldGiven(Record):
    """A hold as it is given: on one invoice or the whole account, through a day or until ended.

    `amount_minor`: so much of the invoice, which then has its `currency`; None is all of it.
    """

    customer_id: CustomerId
    invoice_id: InvoiceId | None
    kind: HoldKind
    reason: str
    until: date | None
    amount_minor: int | None = None
    currency: Currency | None = None


def add_hold(store: Store, now: Moment, hold: HoldGiven) -> int:
    """A person's reason not to act; the hold's number."""
    hold_id = store.insert(
        SQL["add_hold"],
        now.ledger_id,
        hold.customer_id,
        hold.invoice_id,
        hold.kind,
        hold.reason,
        now.on.isoformat(),
        hold.until.isoformat() if hold.until else None,
        hold.amount_minor,
    )
    facts: dict[str, object] = {"hold": hold_id, "kind": hold.kind, "reason": hold.reason, "until": hold.until}
    if hold.amount_minor is not None:
        facts |= {"amount_minor": hold.amount_minor, "currency": hold.currency}
    note(store, now, "held", facts, hold.customer_id, hold.invoice_id)
    return hold_id


def end_hold(store: Store, now: Moment, hold_id: int) -> bool:
    """Whether there was one to end."""
    ended = store.row(SQL["end_hold"], now.on.isoformat(), now.ledger_id, hold_id)
    if ended is not None:
        note(store, now, "hold ended", {"hold": hold_id}, *ended)
    return ended is not None
