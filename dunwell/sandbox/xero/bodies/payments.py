"""Payments: one per invoice, even where the money came at once; and money given back.

A refund names what it was taken out of as its Invoice too, of the type ACCRECCREDIT and with the credit note's id:
so in every official example (getPayments, deletePayment), although the contract has properties CreditNote, Overpayment
and Prepayment, which requests use. That over- and prepayments are shown the same way is inferred from the contract's
invoice types AROVERPAYMENT and ARPREPAYMENT, which nothing else could have.
"""

from datetime import date, datetime
from decimal import Decimal

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.rates import in_base, rate
from dunwell.sandbox.books.records import Allocation, Credit, Customer, Payment, Refund, Standing, Surplus
from dunwell.sandbox.xero.bills import Bill
from dunwell.sandbox.xero.bodies import parts
from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.wire import Body, day, instant, money, updated


def direct(payment: Payment) -> list[Allocation]:
    """The allocations that were made with the payment: each is a payment in Xero, a deleted one once it has ended."""
    made = [*payment.allocations, *payment.former]
    return sorted((each for each in made if not each.later and each.credit_id is None), key=lambda each: each.id)


def changed_at(payment: Payment, allocation: Allocation) -> datetime:
    """When Xero says that this part of a payment changed; a part that stays does not change with the others."""
    alone = len(payment.allocations) + len(payment.former) == 1
    return allocation.until or (payment.updated_at if alone else allocation.made_at)


def payment(books: Books, whole: Payment, allocation: Allocation) -> Body:
    """What a payment paid of one invoice; where it paid several, it names the batch."""
    settled = books.invoices[allocation.invoice_id]
    ended = allocation.until is not None
    return {
        "PaymentID": uuid_of("payment", allocation.id),
        **_batch(whole),
        **_money(books, allocation.amount, whole.currency, allocation.on),
        **_facts(whole.reference, "ACCRECPAYMENT", deleted=ended),
        **updated(changed_at(whole, allocation)),
        "HasAccount": True,
        "IsReconciled": bool(whole.key) and not ended,
        "Account": parts.BANK,
        "Invoice": _paid(books.customers[settled.customer_id], "ACCREC", uuid_of("invoice", settled.id), settled.number)
        | {"CurrencyCode": settled.currency},
        "HasValidationErrors": False,
    }


def _batch(whole: Payment) -> Body:
    """The batch that a payment of several invoices is; its single payments cannot be deleted."""
    several = direct(whole)
    if len(several) < 2:
        return {}
    batch_id, alive = uuid_of("batch", whole.id), whole.standing is Standing.ISSUED
    batch = {
        "Account": {"AccountID": parts.BANK["AccountID"]},
        "BatchPaymentID": batch_id,
        "Date": day(whole.paid_on),
        "Type": "RECBATCH",
        "Status": "AUTHORISED" if alive else "DELETED",
        "TotalAmount": money(sum(each.amount for each in several)),
        "UpdatedDateUTC": instant(whole.updated_at),
        "IsReconciled": bool(whole.key) and alive,
    }
    return {"BatchPaymentID": batch_id, "BatchPayment": batch}


def _money(books: Books, amount: int, currency: str, on: date) -> Body:
    base = books.company.currency
    bank = money(in_base(amount, currency, base, on))
    return {"Date": day(on), "BankAmount": bank, "Amount": money(amount), "CurrencyRate": rate(currency, base, on)}


def _facts(reference: str | None, kind: str, *, deleted: bool) -> Body:
    body: Body = {"Reference": reference or "", "PaymentType": kind}
    return {**body, "Status": "DELETED" if deleted else "AUTHORISED"}


def _paid(customer: Customer, kind: str, document_id: str, number: str | None) -> Body:
    brief = parts.invoice_brief(document_id, number)
    return {"Type": kind, **brief, "Contact": parts.contact_brief(customer)}


def refund(books: Books, given_back: Refund) -> Body:
    """Money given back out of a credit note, an overpayment or a prepayment."""
    source = books.source(given_back)
    payment_type, kind, label, number = _source(source)
    gone = given_back.standing is not Standing.ISSUED
    return {
        "PaymentID": uuid_of("refund", given_back.id),
        **_money(books, given_back.amount, source.currency, given_back.paid_on),
        **_facts(given_back.reference, payment_type, deleted=gone),
        **updated(given_back.updated_at),
        "HasAccount": True,
        "IsReconciled": bool(given_back.key) and not gone,
        "Account": parts.BANK,
        "Invoice": _paid(books.customers[source.customer_id], kind, uuid_of(label, source.id), number)
        | {"CurrencyCode": source.currency},
        "HasValidationErrors": False,
    }


def _source(source: Credit | Payment) -> tuple[str, str, str, str | None]:
    if isinstance(source, Credit):
        return "ARCREDITPAYMENT", "ACCRECCREDIT", "credit", source.number
    if source.surplus is Surplus.PREPAYMENT:
        return "ARPREPAYMENTPAYMENT", "ARPREPAYMENT", "surplus", source.reference
    return "AROVERPAYMENTPAYMENT", "AROVERPAYMENT", "surplus", None


def of_bill(one: Bill, supplier: Customer, paid_at: datetime) -> Body:
    """The company's own payment of a bill."""
    return {
        "PaymentID": uuid_of("billpayment", one.id),
        "Date": day(one.due_on),
        "BankAmount": money(one.amount),
        "Amount": money(one.amount),
        "CurrencyRate": Decimal("1.000000"),
        **_facts("", "ACCPAYPAYMENT", deleted=False),
        **updated(paid_at),
        "HasAccount": True,
        "IsReconciled": True,
        "Account": parts.BANK,
        "Invoice": _paid(supplier, "ACCPAY", uuid_of("bill", one.id), one.number) | {"CurrencyCode": supplier.currency},
        "HasValidationErrors": False,
    }
