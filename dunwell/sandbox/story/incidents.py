"""The staged part: what every training needs to meet, on days that are fixed to the start of the sandbox.

At the start there are customers whose overdue a credit, or money on account, would cover; one in credit; a deposit on
an invoice; an archived one who still owes; a merged one; an invoice without a number; a part paid one; recent voids
and deletions; where the platform knows refunds, money given back. In the weeks after it an invoice is voided, one
deleted, one credited, a payment bounces, money on account is matched, and a customer is merged away.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from dunwell.sandbox.story.cast import Role
from dunwell.sandbox.story.company import Plot, Span, workday
from dunwell.sandbox.story.documents import credit, line, on_account, payment
from dunwell.sandbox.story.events import (
    AnyEvent,
    CreditApplied,
    CustomerArchived,
    CustomerMerged,
    InvoiceDeleted,
    InvoiceIssued,
    InvoiceSent,
    InvoiceVoided,
    PaymentApplied,
    PaymentDeleted,
    RefundPaid,
)


class _Stage:
    """Makes documents of the cast on days counted from the start."""

    def __init__(self, cast: dict[str, Role], span: Span) -> None:
        self.cast, self.span = cast, span

    def day(self, days: int) -> date:
        """The working day so many days from the start."""
        return workday(self.span.start + timedelta(days=days))

    def invoice(self, who: str, days: int, amount: int, *, deposit: int = 0, draft: bool = False) -> InvoiceIssued:
        """An invoice of an amount in whole units, issued so many days from the start and due a month later."""
        day = self.day(days)
        return InvoiceIssued(
            at=self.span.at(day, 10, len(who), abs(days) % 60),
            key=f"{who}{days:+d}",
            customer=who,
            currency=self.cast[who].currency,
            number=None if who == "short_payer" and days == -33 else "",
            issued_on=day,
            due_on=day + timedelta(days=30),
            term_days=30,
            lines=(line(2, 1, amount * 100),),
            deposit=deposit * 100,
            draft=draft,
        )

    def sent(self, invoice: InvoiceIssued) -> tuple[InvoiceIssued, InvoiceSent]:
        """An invoice and its sending."""
        return invoice, InvoiceSent(at=invoice.at + timedelta(minutes=9), invoice=invoice.key)


def staged(cast: dict[str, Role], plot: Plot, span: Span) -> Iterator[AnyEvent]:
    """All incidents of a company."""
    stage = _Stage(cast, span)
    yield from _credits(stage)
    yield from _payments(stage, deposits=plot.deposits)
    yield from _endings(stage, drafts=plot.drafts)
    yield from _customers(stage)
    if plot.refunds:
        yield from _refunds(stage)
    if plot.drafts:
        yield stage.invoice("deposits", -4, 640, draft=True)
        yield stage.invoice("in_credit", -3, 310, draft=True)
        yield InvoiceSent(at=span.at(stage.day(10), 9, 30), invoice="in_credit-3")


def _credits(stage: _Stage) -> Iterator[AnyEvent]:
    covered = stage.invoice("covered", -52, 480)
    yield from stage.sent(covered)
    yield credit(covered, stage.day(-15), stage.span, 75_000, "Cancelled season")
    owed = stage.invoice("in_credit", -58, 260)
    yield from stage.sent(owed)
    returned = credit(owed, stage.day(-50), stage.span, 9_000, "Damaged cover")
    yield returned
    applied_on = stage.day(-49)
    yield CreditApplied(at=stage.span.at(applied_on, 13, 20), credit=returned.key, on=applied_on, invoices=(owed.key,))
    yield payment(owed, stage.day(-30), stage.span, extra=12_500)


def _payments(stage: _Stage, *, deposits: bool) -> Iterator[AnyEvent]:
    waiting = stage.invoice("on_account", -55, 900)
    yield from stage.sent(waiting)
    money = on_account(waiting, stage.day(-12), stage.span, 90_000)
    yield money
    matched = stage.day(9)
    yield PaymentApplied(at=stage.span.at(matched, 11), payment=money.key, on=matched, invoices=(waiting.key,))
    kitchen = stage.invoice("deposits", -46, 2400, deposit=800 if deposits else 0)
    yield from stage.sent(kitchen)
    if not deposits:
        yield payment(kitchen, kitchen.issued_on, stage.span, part=80_000, name="deposit")
    yield payment(kitchen, stage.day(20), stage.span)
    bounced = stage.invoice("bounced", -50, 1500)
    yield from stage.sent(bounced)
    first = payment(bounced, stage.day(-2), stage.span)
    yield first
    yield PaymentDeleted(at=stage.span.at(stage.day(5), 11, 10), payment=first.key)
    yield payment(bounced, stage.day(26), stage.span, name="again")
    short = stage.invoice("short_payer", -60, 1200)
    yield from stage.sent(short)
    yield payment(short, stage.day(-20), stage.span, part=70_000)
    yield from stage.sent(stage.invoice("short_payer", -33, 350))


def _endings(stage: _Stage, *, drafts: bool) -> Iterator[AnyEvent]:
    """Voids and deletions: long ago, within the last month, and still to come; of drafts where there are any."""
    for issued, ended, void in ((-82, -77, True), (-81, -79, False), (-20, -12, True), (-19, -10, False)):
        mistaken = stage.invoice("corrected", issued, 500 - issued, draft=drafts and not void)
        yield mistaken
        yield _ending(mistaken, stage, ended, void=void)
    for issued, ended, void in ((-48, 9, True), (-44, 16, False)):
        disputed = stage.invoice("corrected", issued, 700 - issued)
        yield from stage.sent(disputed)
        yield _ending(disputed, stage, ended, void=void)
    wrong = stage.invoice("corrected", -40, 820)
    yield from stage.sent(wrong)
    refund = credit(wrong, stage.day(12), stage.span, 82_000, "Wrong address billed")
    yield refund
    applied_on = stage.day(13)
    yield CreditApplied(at=stage.span.at(applied_on, 13), credit=refund.key, on=applied_on, invoices=(wrong.key,))


def _ending(invoice: InvoiceIssued, stage: _Stage, days: int, *, void: bool) -> InvoiceVoided | InvoiceDeleted:
    at = stage.span.at(stage.day(days), 16, 45)
    return InvoiceVoided(at=at, invoice=invoice.key) if void else InvoiceDeleted(at=at, invoice=invoice.key)


def _refunds(stage: _Stage) -> Iterator[AnyEvent]:
    """A credit, an overpayment and a prepayment given back; half of another overpayment still to come."""
    returned = stage.invoice("offline", -66, 390)
    yield from stage.sent(returned)
    yield payment(returned, stage.day(-40), stage.span)
    note = credit(returned, stage.day(-35), stage.span, 12_000, "Returned after payment")
    yield note
    yield _refund(stage, -28, credit=note.key)
    twice = stage.invoice("small", -50, 64)
    yield from stage.sent(twice)
    doubled = payment(twice, stage.day(-44), stage.span, extra=6_400)
    yield doubled
    yield _refund(stage, -37, payment=doubled.key)
    early = on_account(twice, stage.day(-33), stage.span, 5_000)
    yield early
    yield _refund(stage, -24, payment=early.key)
    yield _refund(stage, 22, payment="paid-in_credit-58", amount=6_000)


def _refund(
    stage: _Stage, days: int, *, credit: str | None = None, payment: str | None = None, amount: int | None = None
) -> RefundPaid:
    day = stage.day(days)
    return RefundPaid(
        at=stage.span.at(day, 14, 35),
        key=f"refund{days:+d}",
        credit=credit,
        payment=payment,
        on=day,
        reference="Refund",
        amount=amount,
    )


def _customers(stage: _Stage) -> Iterator[AnyEvent]:
    yield from stage.sent(stage.invoice("archived", -85, 430))
    yield from stage.sent(stage.invoice("archived", -72, 615))
    yield CustomerArchived(at=stage.span.at(stage.day(-40), 17, 5), customer="archived")
    yield CustomerMerged(at=stage.span.at(stage.day(-25), 17, 10), loser="merge_loser", winner="merge_winner")
    yield from stage.sent(stage.invoice("twin_loser", -36, 275))
    yield CustomerMerged(at=stage.span.at(stage.day(18), 17, 15), loser="twin_loser", winner="twin_winner")
