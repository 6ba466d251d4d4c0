"""What was said to an account and agreed with it, as rows that somebody outside can read: for an agency's pack."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from strategy import money, plans, promises
from strategy.account import Account
from strategy.model import Currency, InvoiceId
from sync.bench import Bench
from sync.store import agreements, outbox
from sync.store.outbox import Said

CONTACTS = "account customer on step channel to outcome note".split()
AGREED = "account customer kind on invoices amount currency by state note".split()

Rows = Iterator[Sequence[object]]


def about(account: Account) -> tuple[str, str]:
    """How each row begins: number and name."""
    return account.customer.number or account.customer.id, account.customer.name


def said(bench: Bench, account: Account, currency: Currency) -> tuple[Said, ...]:
    """Messages and calls of ours."""
    return outbox.said(bench.store, bench.ledger.id, account.customer.id, currency)


def contacts(bench: Bench, account: Account, currency: Currency) -> Rows:
    """Every contact, ours and what was noted of others', by day. Notes of other currencies count too."""
    ours = [
        (one.on, one.act, one.channel, ", ".join(one.recipients) or one.who, one.outcome or one.state, one.note)
        for one in said(bench, account, currency)
    ]
    noted = [
        (one.on, one.act, one.channel, one.who, "noted", one.what)
        for one in agreements.noted(bench.store, bench.ledger.id)
        if one.customer_id == account.customer.id
    ]
    for row in sorted([*ours, *noted], key=lambda one: one[0]):
        yield (*about(account), *row)


def agreed(bench: Bench, account: Account, currency: Currency) -> Rows:
    """Promises, payment plans, disputes and claims by day, each with what became of it. Invoices are named by number
    while they are open. What is said of an invoice that the books no longer have is told in every currency.
    """
    every = (*_promises(bench, account), *_plans(bench, account), *_disputes(account), *_claims(bench, account))
    for row in sorted((one for one in every if one[4] in {currency, None}), key=lambda one: str(one[1])):
        yield (*about(account), *row)


def _promises(bench: Bench, account: Account) -> Rows:
    today, rule = bench.today(), bench.settings.strategy.holds.promise
    for judged in promises.judge(account, rule, bench.calendar(today), today):
        one = judged.promise
        total = money.to_decimal(sum(minor for _, minor in one.amounts), one.currency)
        invoices = _named(account, [invoice for invoice, _ in one.amounts])
        yield "promise", one.made_on, invoices, total, one.currency, one.promised_on, judged.verdict, one.by


def _plans(bench: Bench, account: Account) -> Rows:
    today = bench.today()
    for judged in plans.judge(account, bench.settings.strategy, bench.calendar(today), today):
        one = judged.plan
        total = money.to_decimal(one.own_minor, one.currency)
        invoices = _named(account, one.invoices)
        note = f"{one.instalments} instalments, one each {one.every}"
        yield "plan", one.made_on, invoices, total, one.currency, one.first_on, judged.standing, note


def _disputes(account: Account) -> Rows:
    for one in account.disputes:
        amount = one.amount_minor if one.amount_minor is not None else one.invoiced_minor
        total = money.to_decimal(amount, one.currency) if one.currency else None
        state = "ended" if one.closed_on else one.outcome or ("answered" if one.answered_on else "open")
        invoices = _named(account, [one.invoice_id])
        yield "dispute", one.opened_on, invoices, total, one.currency, one.answer_by, state, one.category


def _claims(bench: Bench, account: Account) -> Rows:
    """A claim has no currency of its own: a row for each that its invoices have."""
    for one in account.claims:
        state = "ended" if one.closed_on else "open"
        said_of: dict[Currency | None, list[InvoiceId]] = defaultdict(list)
        for invoice in sorted(one.invoices):
            said_of[agreements.currency_of(bench.store, bench.ledger.id, invoice)].append(invoice)
        for currency, invoices in said_of.items():
            named = _named(account, invoices)
            yield "claim", one.claimed_on, named, None, currency, one.until, state, one.reference


def _named(account: Account, invoices: Sequence[InvoiceId]) -> str:
    numbers = {one.invoice_id: one.number for one in account.receivables}
    return ", ".join(numbers.get(one, one) for one in invoices)
