"""What goes differently with some invoices of ordinary customers: thrown by dice, before and after the start."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dunwell.sandbox.dice import Dice
from dunwell.sandbox.story.company import Span, workday
from dunwell.sandbox.story.documents import credit, face, on_account, payment
from dunwell.sandbox.story.events import (
    AnyEvent,
    CreditApplied,
    InvoiceDeleted,
    InvoiceIssued,
    InvoiceVoided,
    PaymentApplied,
    PaymentDeleted,
)


def instead_of_paying(invoice: InvoiceIssued, paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    """The events of one accident with this invoice, which would have been paid on that day."""
    return dice.pick(_ACCIDENTS)(invoice, paid_on, span, dice)


def _in_two_parts(invoice: InvoiceIssued, paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    yield payment(invoice, paid_on, span, part=face(invoice) * dice.number(35, 70) // 100)
    if not dice.chance(15):
        yield payment(invoice, workday(paid_on + timedelta(days=dice.number(14, 40))), span, name="rest")


def _too_much(invoice: InvoiceIssued, paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    first = payment(invoice, paid_on, span, extra=dice.number(5, 90) * 100)
    yield first
    if dice.chance(50):
        returned = workday(paid_on + timedelta(days=dice.number(10, 25)))
        yield PaymentDeleted(at=span.at(returned, 16, 30), payment=first.key)
        yield payment(invoice, returned, span, name="corrected")


def _credited(invoice: InvoiceIssued, paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    day = workday(invoice.issued_on + timedelta(days=dice.number(2, 6)))
    issued = credit(invoice, day, span, face(invoice) * dice.number(8, 35) // 100, "Returned goods")
    applied_on = workday(day + timedelta(days=dice.number(0, 12)))
    yield issued
    yield CreditApplied(at=span.at(applied_on, 13, 5), credit=issued.key, on=applied_on, invoices=(invoice.key,))
    yield payment(invoice, max(paid_on, applied_on), span)


def _voided(invoice: InvoiceIssued, _paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    yield InvoiceVoided(at=span.at(invoice.issued_on + timedelta(days=dice.number(3, 12)), 17, 20), invoice=invoice.key)


def _deleted(invoice: InvoiceIssued, _paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    yield InvoiceDeleted(at=span.at(invoice.issued_on + timedelta(days=dice.number(1, 3)), 17, 40), invoice=invoice.key)


def _bounced(invoice: InvoiceIssued, paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    first = payment(invoice, paid_on, span)
    bounces = workday(paid_on + timedelta(days=dice.number(3, 6)))
    yield first
    yield PaymentDeleted(at=span.at(bounces, 11, 15), payment=first.key)
    yield payment(invoice, workday(bounces + timedelta(days=dice.number(5, 15))), span, name="again")


def _matched_late(invoice: InvoiceIssued, paid_on: date, span: Span, dice: Dice) -> Iterator[AnyEvent]:
    first = on_account(invoice, paid_on, span, face(invoice))
    matched = workday(paid_on + timedelta(days=dice.number(4, 21)))
    yield first
    yield PaymentApplied(at=span.at(matched, 11, 45), payment=first.key, on=matched, invoices=(invoice.key,))


_Accident = Callable[[InvoiceIssued, date, Span, Dice], Iterator[AnyEvent]]

_ACCIDENTS: tuple[_Accident, ...] = (
    _in_two_parts,
    _in_two_parts,
    _in_two_parts,
    _too_much,
    _credited,
    _credited,
    _voided,
    _deleted,
    _bounced,
    _matched_late,
)
