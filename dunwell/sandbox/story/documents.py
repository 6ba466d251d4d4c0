"""Builders of the events that ordinary life, accidents and incidents share."""

from datetime import date

from dunwell.sandbox.books.records import Line, Surplus
from dunwell.sandbox.dice import Dice
from dunwell.sandbox.story.company import Span
from dunwell.sandbox.story.events import CreditIssued, InvoiceIssued, PaymentReceived

ITEMS = ("Labour", "Installation", "Maintenance visit", "Materials", "Delivery")
"""What the companies sell; a line's `item` counts from 1."""


def lines(dice: Dice, low: int, high: int) -> tuple[Line, ...]:
    """One to three lines that come to about an amount between the two, in whole units."""
    target = dice.number(low * 100, high * 100)
    parts = dice.number(1, 3)
    made = []
    for _ in range(parts):
        item, quantity = dice.number(1, len(ITEMS)), dice.pick([1, 1, 2, 3, 4, 6, 8, 10])
        made.append(line(item, quantity, max(100, target // parts // quantity)))
    return tuple(made)


def line(item: int, quantity: int, price: int) -> Line:
    """A line of so many pieces at a price in minor units."""
    return Line(
        description=ITEMS[item - 1],
        amount=price * quantity,
        quantity=str(quantity),
        unit_price=f"{price // 100}.{price % 100:02d}",
        item=item,
    )


def face(invoice: InvoiceIssued) -> int:
    """What the invoice's lines come to."""
    return sum(line.amount for line in invoice.lines)


def payment(
    invoice: InvoiceIssued,
    paid_on: date,
    span: Span,
    *,
    part: int | None = None,
    extra: int = 0,
    name: str = "paid",
) -> PaymentReceived:
    """A payment of this one invoice, in part where `part` is given, entered in the afternoon of the day.

    The `extra` that settles nothing is an overpayment where the platform knows such a thing.
    """
    dice = Dice(invoice.key, name, paid_on)
    return PaymentReceived(
        at=span.at(paid_on, 15, dice.number(0, 59), dice.number(0, 59)),
        key=f"{name}-{invoice.key}",
        customer=invoice.customer,
        currency=invoice.currency,
        paid_on=paid_on,
        method="check",
        reference=str(dice.number(10_000, 99_999)),
        parts=((invoice.key, part),),
        extra=extra,
        surplus=Surplus.OVERPAYMENT,
    )


def on_account(invoice: InvoiceIssued, paid_on: date, span: Span, amount: int) -> PaymentReceived:
    """A payment of the invoice's customer that names no invoice: a prepayment where the platform knows such a thing."""
    dice = Dice(invoice.key, "on account", paid_on)
    return PaymentReceived(
        at=span.at(paid_on, 14, dice.number(0, 59), dice.number(0, 59)),
        key=f"account-{invoice.key}",
        customer=invoice.customer,
        currency=invoice.currency,
        paid_on=paid_on,
        method="ach",
        reference=str(dice.number(10_000, 99_999)),
        extra=amount,
        surplus=Surplus.PREPAYMENT,
    )


def credit(invoice: InvoiceIssued, day: date, span: Span, amount: int, reason: str) -> CreditIssued:
    """A credit to the invoice's customer; it is not applied to anything yet."""
    return CreditIssued(
        at=span.at(day, 12, Dice(invoice.key, "credit").number(0, 59)),
        key=f"credit-{invoice.key}",
        customer=invoice.customer,
        currency=invoice.currency,
        number="",
        issued_on=day,
        lines=(Line(description=reason, amount=amount, item=4),),
    )
