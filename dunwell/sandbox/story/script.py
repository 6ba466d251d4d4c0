"""Writes the story: every customer's ordinary life, the staged incidents, all in the order they happen."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import count

import msgspec

from dunwell.sandbox.dice import Dice
from dunwell.sandbox.story.accidents import instead_of_paying
from dunwell.sandbox.story.cast import Role, cast
from dunwell.sandbox.story.company import Plot, Span, workday
from dunwell.sandbox.story.documents import lines
from dunwell.sandbox.story.events import (
    AnyEvent,
    CreditIssued,
    CustomerAdded,
    InvoiceIssued,
    InvoiceSent,
    PaymentReceived,
)
from dunwell.sandbox.story.habits import Habit, pays_on
from dunwell.sandbox.story.incidents import staged

METHODS = ("check", "ach", "ach", "card", "wire")


@lru_cache(maxsize=8)
def story(plot: Plot, seed: int, start: date, weeks: int) -> tuple[AnyEvent, ...]:
    """Everything that happens, from eighteen months before `start` until so many weeks after it."""
    span = Span(start=start, last=start + timedelta(weeks=weeks), zone=plot.company.zone)
    roles = cast(plot, seed)
    happened: list[AnyEvent] = []
    for role in roles:
        happened.extend(_life(role, roles, span, Dice(seed, plot.company.key, role.key, "life")))
    happened.extend(staged({role.key: role for role in roles}, plot, span))
    ends = span.at(span.last, 23, 59)
    return tuple(_numbered(plot, sorted((each for each in happened if each.at <= ends), key=lambda each: each.at)))


def _life(role: Role, roles: list[Role], span: Span, dice: Dice) -> Iterator[AnyEvent]:
    """One customer from its first day on: invoices at its rhythm, payments by its habit."""
    added = workday(span.first + timedelta(days=dice.number(12, 16) if role.parent else dice.number(0, 9)))
    yield _arrival(role, span, added, dice)
    payer = next((each for each in roles if each.key == role.parent and role.bills_parent), role)
    day = workday(added + timedelta(days=dice.number(1, role.every_days)))
    stops = min(span.last, span.start - timedelta(days=role.quits_days)) if role.quits_days else span.last
    runs: dict[tuple[date, str], list[InvoiceIssued]] = {}
    for number in count(1):
        if day > stops:
            break
        invoice = _invoice(role, span, day, number, dice)
        yield invoice
        day = workday(day + timedelta(days=max(2, role.every_days * dice.number(75, 130) // 100)))
        if role.sent and role.email is not None and not dice.chance(2):
            yield InvoiceSent(at=invoice.at + timedelta(minutes=dice.number(2, 95)), invoice=invoice.key)
        due_on = invoice.due_on or invoice.issued_on + timedelta(days=30)
        pays = pays_on(role.habit, due_on, span.progress(invoice.issued_on), dice)
        paid_on = None if pays is None else _bank_day(role, max(pays, invoice.issued_on + timedelta(days=1)))
        if dice.number(1, 1000) <= role.accidents and paid_on is not None:
            yield from instead_of_paying(invoice, paid_on, span, dice)
        elif paid_on is not None:
            runs.setdefault((paid_on, invoice.currency if role.batches else invoice.key), []).append(invoice)
    for (paid_on, _), invoices in runs.items():
        yield _payment(payer, invoices, paid_on, span)


def _bank_day(role: Role, day: date) -> date:
    return day if role.habit is Habit.THURSDAYS else workday(day)


def _arrival(role: Role, span: Span, day: date, dice: Dice) -> CustomerAdded:
    return CustomerAdded(
        at=span.at(day, 9, dice.number(0, 59), dice.number(0, 59)),
        key=role.key,
        name=role.name,
        given_name=role.given_name,
        family_name=role.family_name,
        email=role.email,
        phone=role.phone,
        address=role.address,
        currency=role.currency,
        term_days=role.term_days,
        parent=role.parent,
        bills_parent=role.bills_parent,
        pays_online=role.pays_online,
    )


def _invoice(role: Role, span: Span, day: date, number: int, dice: Dice) -> InvoiceIssued:
    second = role.other_currency is not None and number % 3 == 0
    return InvoiceIssued(
        at=span.at(day, dice.number(9, 16), dice.number(0, 59), dice.number(0, 59)),
        key=f"{role.key}-{number}",
        customer=role.key,
        currency=role.other_currency if second and role.other_currency else role.currency,
        number="",
        issued_on=day,
        due_on=day + timedelta(days=role.term_days or 0) if role.has_due_dates else None,
        term_days=role.term_days,
        lines=lines(dice, *role.amount),
    )


def _payment(payer: Role, invoices: list[InvoiceIssued], paid_on: date, span: Span) -> PaymentReceived:
    dice = Dice(payer.name, invoices[0].key, invoices[0].at, "payment")
    entered = workday(paid_on + timedelta(days=1)) if dice.chance(30) else paid_on
    return PaymentReceived(
        at=span.at(entered, dice.number(10, 17), dice.number(0, 59), dice.number(0, 59)),
        key=f"paid-{invoices[0].key}",
        customer=payer.key,
        currency=invoices[0].currency,
        paid_on=paid_on,
        method=dice.pick(METHODS),
        reference=str(dice.number(10_000, 99_999)),
        parts=tuple((invoice.key, None) for invoice in invoices),
    )


def _numbered(plot: Plot, happened: list[AnyEvent]) -> Iterator[AnyEvent]:
    """The events with document numbers in the order of issue; a number of None stays."""
    numbers, credit_numbers = count(plot.first_number), count(1)
    for event in happened:
        if isinstance(event, InvoiceIssued) and event.number is not None:
            yield msgspec.structs.replace(event, number=f"{plot.invoice_prefix}{next(numbers)}")
        elif isinstance(event, CreditIssued) and event.number is not None:
            shared = plot.credit_prefix is None
            number = str(next(numbers)) if shared else f"{plot.credit_prefix}{next(credit_numbers):04d}"
            yield msgspec.structs.replace(event, number=number)
        else:
            yield event
