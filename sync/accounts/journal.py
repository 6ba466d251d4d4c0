"""Rows of the journal as records of an account."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from strategy import undeliverable
from strategy.account import Profile, Role, TieOut, TieOutState, Told
from strategy.agreements import (
    Claim,
    Dispute,
    DisputeOutcome,
    Elsewhere,
    Every,
    Hold,
    HoldKind,
    Plan,
    Promise,
    PromiseState,
)
from strategy.model import Currency, CustomerId, InvoiceId, Record
from strategy.rules import OwnContact
from strategy.text.parts.own import read_own
from strategy.text.table import Wrong
from strategy.touches import BY_ITSELF, INVOICE_SENT, REPLY, Bounce, Case, Failures, Skipped, Touch, TouchState
from sync.accounts import days
from sync.store.database import Row

_days = msgspec.json.Decoder(tuple[tuple[date, int], ...]).decode
_parts = msgspec.json.Decoder(tuple[int, ...]).decode
_strings = msgspec.json.Decoder(tuple[str, ...]).decode


def all_touches(ours: Sequence[Row], elsewhere: Sequence[Row], delivered: Sequence[Row]) -> tuple[Touch, ...]:
    """What left here, what was noted, and what the platform itself sent, by day."""
    if not (elsewhere or delivered):
        return touches(ours)
    made = [row for row in elsewhere if row[5] != REPLY]
    return tuple(sorted((*touches(ours), *noted(made), *_by_the_platform(delivered)), key=lambda one: one.on))


def _by_the_platform(rows: Sequence[Row]) -> Iterable[Touch]:
    """One touch for all that was sent from the platform on a day when it was overdue; it is no step of ours."""
    sent: dict[tuple[str, str], list[InvoiceId]] = defaultdict(list)
    for invoice_id, on, currency in rows:
        sent[on, currency].append(InvoiceId(invoice_id))
    return (
        Touch(
            on=days.day(on),
            act=INVOICE_SENT,
            occasion=f"platform-{on}",
            case=None,
            currency=Currency(currency),
            channel=BY_ITSELF,
            invoices=frozenset(invoices),
            lead=invoices[0],
            noted=True,
        )
        for (on, currency), invoices in sent.items()
    )


def wrote_on(elsewhere: Sequence[Row]) -> date | None:
    """The last day on which they wrote to us."""
    return max((days.day(row[1]) for row in elsewhere if row[5] == REPLY), default=None)


def noted(rows: Sequence[Row]) -> Iterable[Touch]:
    """One touch for each that a person told us of; its occasion is its number."""
    heads, named = _with_invoices(rows)
    return (
        Touch(
            on=days.day(on),
            act=act,
            occasion=f"noted-{noted_id}",
            case=case,
            currency=Currency(currency),
            channel=channel,
            invoices=frozenset(named[noted_id].values()),
            lead=named[noted_id].get(0),
            noted=True,
            moved=bool(moved),
        )
        for noted_id, on, act, case, currency, channel, _, _, moved in heads.values()
    )


def touches(rows: Sequence[Row]) -> tuple[Touch, ...]:
    """One touch per outbox row; what is still marked as sending may have left."""
    heads, named = _with_invoices(rows)
    return tuple(
        Touch(
            on=days.day(on),
            act=act,
            occasion=occasion,
            case=case,
            currency=Currency(currency),
            channel=channel,
            invoices=frozenset(named[row_id].values()),
            lead=named[row_id].get(0),
            statement=statement,
            deadline_days=deadline,
            state=TouchState.ACCEPTED if state == "sent" else TouchState.UNKNOWN,
            moved=bool(moved),
        )
        for (
            row_id,
            on,
            act,
            occasion,
            case,
            currency,
            channel,
            statement,
            deadline,
            state,
            _,
            _,
            moved,
        ) in heads.values()
    )


def _with_invoices(rows: Sequence[Row]) -> tuple[dict[int, Row], dict[int, dict[int, InvoiceId]]]:
    """By number, a contact's row, and by position the invoices that it named: the lead is the first, at 0."""
    heads: dict[int, Row] = {}
    named: dict[int, dict[int, InvoiceId]] = defaultdict(dict)
    for row in rows:
        heads[row[0]] = row
        if row[-3] is not None:
            named[row[0]][row[-2]] = InvoiceId(row[-3])
    return heads, named


def skipped(rows: Sequence[Row]) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(act=act, occasion=occasion, case=case, currency=Currency(currency), on=days.day(on))
        for act, occasion, case, currency, on in rows
    )


def done(rows: Sequence[Row], *, before: bool) -> frozenset[tuple[str, str, Currency]]:
    """Of the account itself, or (`before`) of those that are part of it now."""
    return frozenset((act, occasion, Currency(currency)) for act, occasion, currency, moved in rows if moved == before)


class _To(Record):
    """Whom a message was to reach, of all that was decided of it."""

    to: tuple[str, ...]


_to: Final = msgspec.json.Decoder(_To).decode


def failures(rows: Sequence[Row]) -> dict[tuple[str, str, Currency], Failures]:
    """By act, occasion and currency. The task about them is asked on an occasion that begins with theirs."""
    found: dict[tuple[str, str, Currency], Failures] = {}
    for _, kind, act, occasion, currency, decided in rows:
        if kind == "message":
            key = act, occasion, Currency(currency)
            before = found.get(key, Failures())
            found[key] = msgspec.structs.replace(before, count=before.count + 1, to=(*before.to, _to(decided).to))
            continue
        for key, before in found.items():
            if key[2] == currency and undeliverable.is_about(occasion, key[0], key[1]):
                found[key] = Failures(count=before.count, before=before.count, seen_to=before.seen_to + 1)
    return found


def bounces(rows: Sequence[Row], as_of: date) -> tuple[Bounce, ...]:
    return tuple(
        Bounce(
            act=act,
            occasion=occasion,
            case=case,
            currency=Currency(currency),
            address=address,
            whole=bool(whole),
            on=days.day(on),
            ended_on=days.ended(ended, as_of),
            customer_id=whose,
        )
        for act, occasion, case, currency, address, whole, on, ended, whose in rows
    )


def cases(rows: Sequence[Row], as_of: date) -> tuple[Case, ...]:
    return tuple(
        Case(
            number=number,
            currency=Currency(currency),
            opened_on=days.day(opened),
            closed_on=days.ended(closed, as_of),
            customer_id=whose,
        )
        for number, currency, opened, closed, whose in rows
    )


def promises(rows: Sequence[Row]) -> tuple[Promise, ...]:
    amounts: dict[int, list[tuple[InvoiceId, int]]] = defaultdict(list)
    counted: dict[int, list[tuple[InvoiceId, int]]] = defaultdict(list)
    heads: dict[int, Row] = {}
    for row in rows:
        heads[row[0]] = row
        amounts[row[0]].append((InvoiceId(row[-3]), row[-2]))
        if row[-1]:
            counted[row[0]].append((InvoiceId(row[-3]), row[-1]))
    return tuple(
        Promise(
            id=promise_id,
            made_on=days.day(made),
            promised_on=days.day(promised),
            currency=Currency(currency),
            amounts=tuple(amounts[promise_id]),
            state=PromiseState(state),
            by=by,
            counted=tuple(counted[promise_id]),
        )
        for promise_id, made, promised, currency, state, by, *_ in heads.values()
    )


def plans(rows: Sequence[Row], as_of: date) -> tuple[Plan, ...]:
    every: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        every[row[0]].append(row)
    return tuple(_plan(of_one, as_of) for of_one in every.values())


def _plan(rows: Sequence[Row], as_of: date) -> Plan:
    """From its rows, one for each invoice."""
    plan_id, currency, made, accepted, instalments, first, every, deposit, deposit_on, ended, by, parts, *_ = rows[0]
    return Plan(
        id=plan_id,
        currency=Currency(currency),
        amounts=tuple((InvoiceId(row[-5]), row[-4]) for row in rows),
        made_on=days.day(made),
        accepted_on=days.ended(accepted, as_of),
        instalments=instalments,
        first_on=days.day(first),
        every=Every(every),
        deposit_minor=deposit,
        deposit_on=days.maybe(deposit_on),
        counted=tuple((InvoiceId(row[-5]), row[-3]) for row in rows if row[-3]),
        ended_on=days.ended(ended, as_of),
        by=by,
        parts=_parts(parts) if parts else (),
        elsewhere=tuple(
            Elsewhere(invoice_id=InvoiceId(row[-5]), open_minor=row[-2], paid=_days(row[-1]))
            for row in rows
            if row[-1] is not None
        ),
    )


def disputes(rows: Sequence[Row], as_of: date) -> tuple[Dispute, ...]:
    return tuple(
        Dispute(
            id=dispute_id,
            invoice_id=InvoiceId(invoice_id),
            amount_minor=amount,
            category=category,
            opened_on=days.day(opened),
            owner=owner,
            answer_by=days.maybe(answer_by),
            answered_on=days.ended(answered, as_of),
            outcome=DisputeOutcome(outcome) if days.ended(resolved, as_of) else None,
            resolved_on=days.ended(resolved, as_of),
            credit_minor=credit,
            closed_on=days.ended(closed, as_of),
            counted_minor=counted,
            currency=Currency(currency) if currency else None,
            invoiced_minor=total,
        )
        for (
            dispute_id,
            invoice_id,
            amount,
            category,
            opened,
            owner,
            answer_by,
            answered,
            outcome,
            resolved,
            credit,
            closed,
            counted,
            currency,
            total,
        ) in rows
    )


def claims(rows: Sequence[Row], as_of: date) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            id=claim_id,
            invoices=frozenset(InvoiceId(one) for one in _strings(invoices)),
            claimed_on=days.day(claimed),
            until=days.day(until),
            paid_on=days.maybe(paid),
            reference=reference,
            closed_on=days.ended(closed, as_of),
        )
        for claim_id, invoices, claimed, until, paid, reference, closed in rows
    )


def holds(rows: Sequence[Row], as_of: date) -> tuple[Hold, ...]:
    return tuple(
        Hold(
            id=hold_id,
            kind=HoldKind(kind),
            invoice_id=InvoiceId(invoice_id) if invoice_id else None,
            since=days.day(since),
            until=days.maybe(until),
            reason=reason,
            amount_minor=amount,
            ended_on=days.ended(ended, as_of),
        )
        for hold_id, kind, invoice_id, since, until, reason, amount, ended in rows
    )


def tie_outs(rows: Sequence[Row]) -> tuple[TieOut, ...]:
    return tuple(
        TieOut(
            currency=Currency(currency),
            state=TieOutState(state),
            ours_minor=ours,
            theirs_minor=theirs,
            suspects=_strings(suspects),
        )
        for currency, state, ours, theirs, suspects in rows
    )


def told(rows: Iterable[Row]) -> tuple[Told, ...]:
    """Of triggers that hold."""
    return tuple(
        Told(customer_id=CustomerId(customer_id), customer_name=customer, trigger=name, role=role, fired=fired)
        for customer_id, customer, name, is_true, fired, role in rows
        if is_true and role
    )


def profile(rows: Iterable[Row]) -> Profile:
    """Fields as `dunwell profile` writes them; see `sync.profiles`."""
    plain: dict[str, Any] = {}
    roles: list[Role] = []
    limits: dict[Currency, int] = {}
    own: dict[str, Any] = {}
    for field, value in rows:
        if field.startswith("role."):
            roles.append(msgspec.json.decode(value, type=Role))
        elif field.startswith("credit_limit."):
            limits[Currency(field.removeprefix("credit_limit."))] = int(value)
        elif field.startswith("contact."):
            name = field.removeprefix("contact.")
            own |= {name: known} if not isinstance(known := read_own(name, value), Wrong) else {}
        elif field == "lists":
            plain["lists"] = _strings(value)
        elif field == "cutoff":
            plain["cutoff"] = int(value)
        elif field == "reviewed":
            plain["reviewed"] = days.day(value)
        elif field == "po_required":
            plain[field] = value == "yes"
        else:
            plain[field] = value
    return Profile(**plain, roles=tuple(roles), credit_limit=limits, contact=OwnContact(**own))
