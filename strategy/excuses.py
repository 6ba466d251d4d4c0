"""What excuses an instalment that did not come: nobody could ask for it, or credit covered it.

A dispute excuses what it holds of the plan's invoices, credit what it comes to in the plan's currency, whatever else it
might be used for. Both do so through the days of cure after they ended, so that nothing is missed on the day on which
it may be asked for again. A day gone by is judged by what is known now: money that was unapplied then and was used for
other invoices since excuses nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from strategy import disputes
from strategy.account import Account
from strategy.agreements import Dispute, Plan
from strategy.model import InvoiceId, Record
from strategy.rules import DisputeStops


class Excuse(Record):
    """So much of an invoice (None: of all), or all of it (None), since a day. `until` is the last of its days of cure,
    which began on `ended_on`; None while it goes on.
    """

    since: date
    amount_minor: int | None
    invoice_id: InvoiceId | None = None
    ended_on: date | None = None
    until: date | None = None

    def stands(self, day: date) -> bool:
        """Whether it excuses what did not come by the day."""
        return self.since <= day and (self.until is None or day < self.until)


class Excuses(Record):
    """All that excuse an instalment of one plan."""

    held: tuple[Excuse, ...]
    credit: tuple[Excuse, ...]

    def held_minor(self, open_minor: Mapping[InvoiceId, int], day: date) -> int:
        """How much of what was open on the day nobody could ask for."""
        held: defaultdict[InvoiceId, int] = defaultdict(int)
        for one in self.held:
            if one.stands(day):
                for invoice_id in open_minor if one.invoice_id is None else [one.invoice_id]:
                    whole = open_minor.get(invoice_id, 0)
                    held[invoice_id] += whole if one.amount_minor is None else one.amount_minor
        return sum(min(open_minor.get(invoice_id, 0), amount) for invoice_id, amount in held.items())

    def credit_minor(self, day: date) -> int:
        """How much of it credit covered on the day."""
        return sum(one.amount_minor or 0 for one in self.credit if one.stands(day))

    def cures(self, after: date) -> Iterator[tuple[date, date]]:
        """First and last of the days of cure that end later than a day, in their order."""
        ended = ((one.until, one.ended_on) for one in (*self.held, *self.credit))
        for until, ended_on in sorted((until, on) for until, on in ended if until is not None and on is not None):
            if until > after:
                yield ended_on, until


def of_plan(account: Account, plan: Plan, stops: DisputeStops, cured: Callable[[date], date]) -> Excuses:
    """`cured` gives the last of the days of cure that begin on a day."""
    invoices = {*plan.invoices}
    of_all = stops is DisputeStops.CUSTOMER
    raised = [one for one in account.disputes if of_all or one.invoice_id in invoices]
    held = (_until(one, cured) for dispute in raised for one in _held(account, dispute, stops))
    applied = (
        Excuse(since=date.min, amount_minor=part.amount_minor, ended_on=part.settled_on)
        for part in account.settlements
        if part.invoice_id in invoices and not part.by_payment
    )
    return Excuses(
        held=tuple(one for one in held if one.invoice_id is None or one.invoice_id in invoices),
        credit=(
            *(_until(one, cured) for one in applied),
            *(
                Excuse(since=one.since, amount_minor=one.amount_minor)
                for one in account.unapplied
                if one.currency == plan.currency
            ),
        ),
    )


def _held(account: Account, dispute: Dispute, stops: DisputeStops) -> Iterator[Excuse]:
    """What it holds until it is resolved, and then until its credit note is there."""
    this, since = dispute.invoice_id, dispute.opened_on
    part = dispute.amount_minor if stops is DisputeStops.PART else None
    yield Excuse(
        since=since,
        amount_minor=part,
        invoice_id=None if stops is DisputeStops.CUSTOMER else this,
        ended_on=dispute.resolved_on or dispute.closed_on,
    )
    if dispute.resolved_on is not None and dispute.credit_minor:
        left = disputes.rests(account, dispute) if dispute.closed_on is None else dispute.credit_minor
        yield Excuse(since=since, amount_minor=left, invoice_id=this, ended_on=dispute.closed_on)


def _until(one: Excuse, cured: Callable[[date], date]) -> Excuse:
    return one if one.ended_on is None else replace(one, until=cured(one.ended_on))
