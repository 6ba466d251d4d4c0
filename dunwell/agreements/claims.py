"""They say it is paid: the invoices rest until the bookkeeper has looked."""

from collections.abc import Sequence
from datetime import date, timedelta

from dunwell.agreements.fresh import again
from dunwell.agreements.refusing import Refused, not_past
from dunwell.agreements.telling import Told, tell
from strategy.account import Account, Receivable
from strategy.model import Record
from sync.bench import Bench
from sync.store import agreeing


class Claimed(Record):
    """What they say is paid, on which day, and what to look for. `until` None: as long as the strategy says."""

    rows: tuple[Receivable, ...]
    until: date | None = None
    reference: str = ""
    paid_on: date | None = None


def claim(bench: Bench, account: Account, claimed: Claimed, who: str) -> tuple[int, date]:
    """Record a claim; its number, and the last day on which it holds. Raises `Refused`."""
    now = bench.moment(who)
    last = claimed.until or now.on + timedelta(days=bench.settings.strategy.holds.claim)
    not_past("a claim until", last, now.on)
    if claimed.paid_on is not None and claimed.paid_on > now.on:
        raise Refused(f"nobody has paid on {claimed.paid_on} yet: today is {now.on}; if they will, it is a promise")
    with bench.store.transaction():
        account, rows = again(bench, account, claimed.rows)
        _check(account, rows, now.on)
        made = agreeing.ClaimMade(
            customer_id=account.customer.id,
            invoices=[row.invoice_id for row in rows],
            until=last,
            reference=claimed.reference,
            paid_on=claimed.paid_on,
        )
        claim_id = agreeing.add_claim(bench.store, now, made)
        tell(bench, now, account, _told(claim_id, claimed, who))
        return claim_id, last


def _check(account: Account, rows: Sequence[Receivable], today: date) -> None:
    for other in account.claims:
        if other.rests(today) and (both := [row.number for row in rows if row.invoice_id in other.invoices]):
            raise Refused(
                f"invoice {both[0]} is claimed paid already (claim {other.id}, until {other.until}); end that one "
                f"first: dunwell claim end {account.ledger.name} {other.id}"
            )


def _told(claim_id: int, claimed: Claimed, who: str) -> Told:
    numbers = ", ".join(row.number for row in claimed.rows)
    on = f" on {claimed.paid_on}" if claimed.paid_on else ""
    reference = f", {claimed.reference}" if claimed.reference else ""
    return Told(
        occasion=f"claim-{claim_id}",
        lead=claimed.rows[0].invoice_id,
        currency=claimed.rows[0].currency,
        text=f"claim {claim_id}: they say that {numbers} was paid{on}{reference} (told to {who}).",
    )
