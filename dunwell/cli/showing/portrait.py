"""Everything about one customer, as tables and as one object."""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from dunwell.cli.showing import outlook, plain
from dunwell.cli.showing.cells import Cell, Money, Row, Table, columns
from dunwell.cli.showing.plain import Plain, amount
from dunwell.cli.showing.story import plain_facts, told, worth_telling
from strategy import telling
from strategy.account import Account, Receivable
from strategy.aging import Aged, Scale, age, as_plain, currencies_of
from strategy.agreements import PromiseState
from strategy.decision import Decision
from strategy.explain import amount as in_words
from strategy.model import Currency, Record
from sync.store.journal import Event


class Portrait(Record):
    """One account, what is decided for it today, and what happened, newest first. `next_on`: the day on which
    something happens next by itself, None where nothing will.
    """

    account: Account
    decision: Decision
    next_on: date | None
    events: tuple[Event, ...]


def tables(drawn: Portrait) -> Sequence[Table]:
    """Who they are, what is open, what was agreed, what is next, what happened."""
    ours = ZoneInfo(drawn.account.ledger.time_zone)
    return [
        Table(
            kind="about",
            title=drawn.account.customer.name,
            columns=columns("what is…"),
            rows=list(_about(drawn)),
        ),
        Table(
            kind="invoice",
            title="Open",
            columns=columns("invoice due days> currency open> next…"),
            rows=[_open(drawn, row) for row in drawn.account.receivables],
            empty="Nothing is open.",
        ),
        Table(
            kind="credit",
            title="Credit that no invoice has used",
            columns=columns("what number since currency amount>"),
            rows=[
                (
                    one.kind.value,
                    one.number,
                    one.since,
                    one.currency,
                    Money(minor=one.amount_minor, currency=one.currency),
                )
                for one in drawn.account.unapplied
            ],
        ),
        Table(kind="agreed", title="Said and agreed", columns=columns("what id> says…"), rows=list(_agreed(drawn))),
        Table(
            kind="next",
            title="Next",
            columns=columns("what currency amount> not_before to…"),
            rows=list(_next(drawn)),
            empty=_nothing(drawn),
        ),
        Table(
            kind="event",
            title="What happened",
            columns=columns("at who what…"),
            rows=[(one.at.astimezone(ours), one.who, told(one)) for one in worth_telling(drawn.events)],
        ),
    ]


def _about(drawn: Portrait) -> Iterator[Row]:
    account, customer = drawn.account, drawn.account.customer
    facts: dict[str, Cell] = {
        "id": customer.id,
        "number": customer.number,
        "status": customer.status.value,
        "billed with it": ", ".join(one.name for one in account.members),
        "email": ", ".join(customer.emails),
        "phone": customer.phone,
        "address": ", ".join(customer.address),
        "country": account.country,
        "language": account.language,
        "time zone": account.time_zone,
        "pays by": account.pays_by,
        "legal form": account.profile.legal_form,
        "order number": "required" if account.profile.po_required else None,
        "our own person": account.profile.owner,
        "lists": ", ".join(account.profile.lists),
        "segment": f"{drawn.decision.placed.segment} since {drawn.decision.placed.since}",
        "stage": drawn.decision.stage.value,
    }
    yield from ((name, fact) for name, fact in facts.items() if fact)
    for person in customer.people:
        yield "person", _reach(person.name, person.email, person.phone)
    for role in account.profile.roles:
        yield role.role, _reach(role.name, role.email, role.phone)
    for currency in currencies_of(account.receivables, account.unapplied):
        aged = _aged(drawn, currency)
        yield "owes", in_words(aged.total_minor, currency)


def _aged(drawn: Portrait, currency: Currency) -> Aged:
    """By the company's own way of counting age, as in the aged report."""
    account = drawn.account
    scale = Scale(basis=account.ledger.company.aging_basis)
    return age(currency, account.receivables, account.unapplied, drawn.decision.as_of, scale)


def _reach(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _open(drawn: Portrait, row: Receivable) -> Row:
    days = (drawn.decision.as_of - row.due_on).days
    money = Money(minor=row.open_minor, currency=row.currency)
    next_ = outlook.in_a_line(drawn.decision, row.invoice_id)
    return row.number, row.due_on, max(0, days) or None, row.currency, money, next_


def _agreed(drawn: Portrait) -> Iterator[Row]:
    """What stands: open promises, payment plans, disputes, claims and holds."""
    account, today = drawn.account, drawn.decision.as_of
    numbers = {row.invoice_id: row.number for row in account.receivables}
    for promise in account.promises:
        if promise.state is PromiseState.OPEN:
            total = in_words(sum(part for _, part in promise.amounts), promise.currency)
            yield "promise", promise.id, f"{total} by {promise.promised_on}, said {promise.made_on}"
    yield from _plans(drawn.account)
    for dispute in account.disputes:
        if dispute.closed_on is None:
            number = numbers.get(dispute.invoice_id, dispute.invoice_id)
            yield "dispute", dispute.id, f"invoice {number}: {dispute.category}, since {dispute.opened_on}"
    for claim in account.claims:
        if claim.rests(today):
            listed = ", ".join(sorted(numbers.get(one, one) for one in claim.invoices))
            yield "claim", claim.id, f"paid, they say: {listed}; rests until {claim.until}"
    for hold in account.holds:
        if hold.stands(today):
            until = f" until {hold.until}" if hold.until else ""
            on = f"invoice {numbers.get(hold.invoice_id, hold.invoice_id)}: " if hold.invoice_id else ""
            yield "hold", hold.id, f"{on}{hold.kind.replace('_', ' ')}{until}: {hold.reason}"


def _plans(account: Account) -> Iterator[Row]:
    """Payment plans of which anything is open."""
    still_open = {row.invoice_id for row in account.receivables}
    for plan in account.plans:
        if plan.ended_on is None and any(one in still_open for one in plan.invoices):
            total = in_words(plan.own_minor, plan.currency)
            says = "" if plan.accepted_on else ", proposed"
            yield "payment plan", plan.id, f"{total} in {plan.instalments} instalments from {plan.first_on}{says}"


def _next(drawn: Portrait) -> Iterator[Row]:
    for one in drawn.decision.touchpoints:
        money = Money(minor=one.amount_minor, currency=one.currency)
        opens = one.window.opens.astimezone(ZoneInfo(drawn.account.time_zone))
        yield f"{one.step} by {one.channel}", one.currency, money, opens, ", ".join(one.to)
    for task in drawn.decision.tasks:
        money = Money(minor=task.amount_minor, currency=task.currency)
        yield f"task: {task.kind}", task.currency, money, None, task.who


def _nothing(drawn: Portrait) -> str:
    day = drawn.next_on
    return f"Nothing today; the next thing happens on {day}." if day else "Nothing happens by itself."


def as_plain_object(drawn: Portrait) -> Plain:
    """The same as one object."""
    account, decision, customer = drawn.account, drawn.decision, drawn.account.customer
    return {
        "ledger": account.ledger.name,
        "as_of": decision.as_of.isoformat(),
        "id": customer.id,
        "name": customer.name,
        "number": customer.number,
        "status": customer.status.value,
        "members": [{"id": one.id, "name": one.name} for one in account.members],
        "emails": list(customer.emails),
        "phone": customer.phone,
        "address": list(customer.address),
        "people": [{"name": one.name, "email": one.email, "phone": one.phone} for one in customer.people],
        "country": account.country,
        "language": account.language,
        "time_zone": account.time_zone,
        "method": account.pays_by,
        "segment": {"name": decision.placed.segment, "since": decision.placed.since.isoformat()},
        "stage": decision.stage.value,
        "currencies": [
            as_plain(_aged(drawn, currency)) for currency in currencies_of(account.receivables, account.unapplied)
        ],
        "invoices": [_invoice_plain(drawn, row) for row in account.receivables],
        "agreed": [{"kind": kind, "id": number, "text": text} for kind, number, text in _agreed(drawn)],
        "touchpoints": [plain.touchpoint(one) for one in decision.touchpoints],
        "tasks": [plain.task(one) for one in decision.tasks],
        "next_on": drawn.next_on.isoformat() if drawn.next_on else None,
        "events": [_event_plain(one) for one in drawn.events],
    }


def _invoice_plain(drawn: Portrait, row: Receivable) -> Plain:
    asked = sum(minor for _, minor in telling.asking(drawn.decision, row.invoice_id))
    return {
        "id": row.invoice_id,
        "number": row.number,
        "reference": row.reference,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "days_overdue": max(0, (drawn.decision.as_of - row.due_on).days),
        "currency": row.currency,
        "exchange_rate": row.exchange_rate,
        "original": amount(row.total_minor, row.currency),
        "open": amount(row.open_minor, row.currency),
        "asked": amount(asked, row.currency),
        "held": [plain.held(one, drawn.decision) for one in telling.holding(drawn.decision, row.invoice_id)],
    }


def _event_plain(one: Event) -> Plain:
    return {
        "at": one.at.isoformat(),
        "on": one.on.isoformat(),
        "who": one.who,
        "what": one.what,
        "invoice_id": one.invoice_id,
        "facts": plain_facts(one),
    }
