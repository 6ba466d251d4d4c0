"""Telling the books what was agreed, where the ledger opts in: the same notes in the same places as of a message."""

from strategy.account import Account
from strategy.model import Currency, InvoiceId, Record
from sync.bench import Bench
from sync.store.journal import Moment
from sync.writeback import planning


class Told(Record):
    """What there is to tell. `occasion` makes it the only one of its kind; `lead` is the invoice it stands on."""

    occasion: str
    lead: InvoiceId
    currency: Currency
    text: str


def tell(bench: Bench, now: Moment, account: Account, told: Told) -> None:
    """Plan the notes. Belongs into the transaction that records what they tell of."""
    if bench.settings.write_back.agreed_notes:
        about = planning.About(customer_id=account.customer.id, currency=told.currency, occasion=told.occasion)
        planning.plan_for_agreement(bench, now, about, told.lead, told.text)
