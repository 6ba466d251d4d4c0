"""Putting a decision into a touchpoint or a task: who is asked for what, by which step, and why."""

from strategy import before_action
from strategy.account import Unapplied
from strategy.business_days import window
from strategy.contacts import Route
from strategy.decision import (
    Asked,
    CreditLine,
    Reason,
    TaskAsked,
    Touchpoint,
    TouchpointKind,
)
from strategy.facts.lateness import days_overdue
from strategy.holds import Share
from strategy.model import Currency, Record
from strategy.rules import Step
from strategy.situation import Situation
from strategy.touches import Failures


class Occasion(Record):
    """What a contact or task is about, as the outbox key has it. `case` is None where it is no step of a case."""

    act: str
    on: str
    currency: Currency
    case: int | None = None


class Content(Record):
    """What is said and why: the invoices asked for, those mentioned as coming, credit already taken off, which only
    messages name.
    """

    why: tuple[Reason, ...]
    shares: tuple[Share, ...] = ()
    coming: tuple[Share, ...] = ()
    unapplied: tuple[Unapplied, ...] = ()


def touchpoint(
    situation: Situation,
    kind: TouchpointKind,
    occasion: Occasion,
    step: Step,
    *,
    route: Route,
    content: Content,
) -> Touchpoint:
    """A contact with the customer, or (a notice) with our own people."""
    account, as_of = situation.account, situation.as_of
    internal = kind is TouchpointKind.NOTICE
    asked = tuple(_asked(situation, share, share.amount_minor) for share in content.shares)
    return Touchpoint(
        ledger=account.ledger.name,
        kind=kind,
        customer_id=account.customer.id,
        customer_name=account.customer.name,
        currency=occasion.currency,
        act=occasion.act,
        occasion=occasion.on,
        attempt=1 + account.failures.get((occasion.act, occasion.on, occasion.currency), Failures()).count,
        case=occasion.case,
        segment=situation.segment.name,
        stage=situation.stage,
        step=step.name,
        channel=route.channel,
        to=route.to,
        addressee=route.name,
        role=route.role,
        letter=step.what,
        language=language(situation),
        attach=step.attach,
        approval=not internal and (step.approve or account.ledger.approve_all),
        amount_minor=sum(one.asked_minor for one in asked),
        invoices=asked,
        coming=tuple(_asked(situation, share, 0) for share in content.coming),
        credits=_credits(content),
        deadline_days=before_action.days(account, step),
        window=window(situation.segment.contact, account.time_zone, situation.days.theirs(as_of)),
        why=content.why,
    )


def task(situation: Situation, kind: str, occasion: Occasion, *, who: str, what: str, content: Content) -> TaskAsked:
    """Work for a person."""
    asked = tuple(_asked(situation, share, share.amount_minor) for share in content.shares)
    account = situation.account
    return TaskAsked(
        ledger=account.ledger.name,
        kind=kind,
        customer_id=account.customer.id,
        customer_name=account.customer.name,
        currency=occasion.currency,
        act=occasion.act,
        occasion=occasion.on,
        case=occasion.case,
        who=who,
        what=what,
        amount_minor=sum(one.asked_minor for one in asked),
        invoices=asked,
        why=content.why,
    )


def language(situation: Situation) -> str:
    """The language to write in: the profile's, the books', the strategy's for the country."""
    return situation.strategy.languages.of(situation.account.country, situation.account.language)


def all_overdue(situation: Situation, currency: Currency) -> tuple[Share, ...]:
    """What our own people and agencies see: everything overdue, held or not."""
    return tuple(
        Share(receivable=receivable, amount_minor=receivable.open_minor)
        for receivable in situation.account.receivables
        if receivable.currency == currency and receivable.due_on < situation.as_of
    )


def _asked(situation: Situation, share: Share, asked_minor: int) -> Asked:
    receivable = share.receivable
    return Asked(
        invoice_id=receivable.invoice_id,
        customer_id=receivable.customer_id,
        number=receivable.number,
        reference=receivable.reference,
        issued_on=receivable.issued_on,
        due_on=receivable.due_on,
        days_overdue=max(0, days_overdue(receivable.due_on, situation.as_of)),
        total_minor=receivable.total_minor,
        paid_minor=receivable.paid_minor,
        credited_minor=receivable.credited_minor,
        open_minor=receivable.open_minor,
        asked_minor=asked_minor,
        covered_minor=share.covered_minor,
        covered_by_payment_minor=share.covered_by_payment_minor,
    )


def _credits(content: Content) -> tuple[CreditLine, ...]:
    """What was taken off the invoices that are named. Those before them are covered whole, by the credits before these,
    so it is the last of all.
    """
    left, found = sum(share.covered_minor for share in content.shares), list[CreditLine]()
    for one in reversed(content.unapplied):
        part = min(left, one.amount_minor)
        left -= part
        if part:
            found.append(CreditLine(id=one.id, number=one.number, amount_minor=part))
    return tuple(reversed(found))
