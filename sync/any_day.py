"""An account on any day: as it stands today, as it will if nothing changes, or as it stood.

Past days are read from the journal and the books (`accounts.loading`), days to come are rolled forward from today.
"""

from dataclasses import dataclass
from datetime import date

from strategy import forward
from strategy.account import Account, Receivable
from strategy.business_days import Calendar
from strategy.decision import Decision
from strategy.model import InvoiceId
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.telling import Told, View, Waiting, speaking, tell
from sync import ramp
from sync.bench import Bench
from sync.store import outbox
from sync.store.outbox import State


@dataclass(frozen=True)
class Standing:
    """The account on a day, before what is decided for it happens."""

    account: Account
    decision: Decision
    strategy: Strategy
    calendar: Calendar

    def receivable(self, invoice_id: InvoiceId) -> Receivable | None:
        """What is open of an invoice on the day; None where nothing is."""
        return next((one for one in self.account.receivables if one.invoice_id == invoice_id), None)

    def following(self, invoice_id: InvoiceId | None = None) -> Decision | None:
        """The next decision by which something happens, with one invoice or any; see `forward.next_change`."""
        day = self.decision.as_of
        return forward.next_change(self.account, self.strategy, self.calendar, day, invoice_id)


def standing(bench: Bench, account_id: str, day: date) -> Standing | None:
    """None where there is no such account in the books."""
    account = bench.account(account_id, min(day, bench.today()))
    return None if account is None else decided(bench, account, day)


def decided(bench: Bench, account: Account, day: date) -> Standing:
    """The same of an account as loaded for the day, or for today where the day is still to come."""
    start = min(day, bench.today())
    calendar, strategy = bench.calendar(day), bench.settings.strategy
    ready = ramp.ready(bench, account, start)
    if start < day:
        ready = forward.stand(ready, strategy, calendar, start, day)
    return Standing(ready, plan_account(ready, strategy, calendar, day), strategy, calendar)


def told(bench: Bench, found: Standing, invoice_id: InvoiceId) -> Told | None:
    """Everything of an invoice on the day; None where nothing of it is open."""
    row = found.receivable(invoice_id)
    if row is None:
        return None
    view = View(
        account=found.account,
        decision=found.decision,
        following=found.following(invoice_id),
        waiting=_waiting(bench, found.decision, invoice_id),
    )
    return tell(view, row, tuple(_beside(bench, found.decision)))


def _waiting(bench: Bench, decision: Decision, invoice_id: InvoiceId) -> dict[str, Waiting]:
    """What would be said of it that the outbox has already."""
    rows = (outbox.by_key(bench.store, bench.ledger.id, said.key) for said, _ in speaking(decision, invoice_id))
    return {
        row.key: Waiting(row=row.id8, approved=row.state is State.APPROVED)
        for row in rows
        if row is not None and row.state in {State.PLANNED, State.APPROVED, State.HELD}
    }


def _beside(bench: Bench, decision: Decision) -> list[str]:
    """Of a day that is not today, what is taken for granted."""
    if decision.as_of > bench.today():
        return [f"On {decision.as_of}, if nothing is paid, said or changed until then:"]
    return []
