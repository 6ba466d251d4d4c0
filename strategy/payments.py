"""What payments settled of the invoices of a promise or a plan: before it was made, and since."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from strategy.account import Account
from strategy.agreements import Plan, Promise
from strategy.model import InvoiceId

Paid = tuple[InvoiceId, date, int]
"""That a payment settled so much of an invoice, and the day on which it came."""


def through(account: Account, invoices: Collection[InvoiceId], last: date) -> Counter[InvoiceId]:
    """What payments of a day at the latest settled of these invoices, as far as the books know: `counted` of what is
    agreed on that day.
    """
    paid: Counter[InvoiceId] = Counter()
    for part in account.settlements:
        if part.by_payment and part.invoice_id in invoices and part.settled_on <= last:
            paid[part.invoice_id] += part.amount_minor
    return paid


def since(agreed: Promise | Plan, payments: Iterable[Paid], until: date) -> Mapping[InvoiceId, int]:
    """What payments settled of each invoice since it was agreed on, through the day: also money with a day before that
    reached the books since, or was used since. What is undone of the time before takes nothing off.
    """
    ever, later, before = Counter[InvoiceId](), Counter[InvoiceId](), dict(agreed.counted)
    for invoice_id, settled_on, amount in payments:
        if settled_on <= until:
            ever[invoice_id] += amount
            later[invoice_id] += amount if settled_on > agreed.made_on else 0
    return {one: max(later[one], ever[one] - before.get(one, 0)) for one, _ in agreed.amounts}
