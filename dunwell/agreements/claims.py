"""They say it is paid: the invoices rest until the bookkeeper has looked."""

from datetime import date, timedelta
from typing import Final

from dunwell.agreements.refusing import Refused, not_past
from strategy.account import Account, Receivable
from strategy.model import Record
from sync.bench import Bench
from sync.store import journal

LOOK_WITHIN: Final = timedelta(days=7)
"""So long a claim holds where nobody says otherwise."""


class Claimed(Record):
    """What they say is paid. `until` None: as long as such claims hold. `reference`: what to look for."""

    rows: tuple[Receivable, ...]
    until: date | None = None
    reference: str = ""


def claim(bench: Bench, account: Account, claimed: Claimed, who: str) -> tuple[int, date]:
    """Record a claim; its number, and the last day on which it holds. Raises `Refused`."""
    now = bench.moment(who)
    last = claimed.until or now.on + LOOK_WITHIN
    not_past("a claim until", last, now.on)
    for other in account.claims:
        if other.rests(now.on) and (both := [row.number for row in claimed.rows if row.invoice_id in other.invoices]):
            raise Refused(
                f"invoice {both[0]} is claimed paid already (claim {other.id}, until {other.until}); end that one "
                f"first: dunwell claim end {account.ledger.name} {other.id}"
            )
    with bench.store.transaction():
        invoices = [row.invoice_id for row in claimed.rows]
        return journal.add_claim(bench.store, now, account.customer.id, invoices, last, claimed.reference), last
