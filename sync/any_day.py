"""An account on any day: as it stands today, as it will if nothing changes, or as it stood.

Past days are read from the journal and the books (`accounts.loading`), days to come are rolled forward from today.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from zoneinfo import ZoneInfo

import msgspec

from strategy import forward
from strategy import why_not as asking_why
from strategy.account import Account, Receivable
from strategy.business_days import Calendar
from strategy.changes import change, whose
from strategy.decision import Decision, Reason, Touchpoint, TouchpointKind
from strategy.explain import amount, sentence
from strategy.model import InvoiceId, Record
from strategy.plan import plan_account
from strategy.rules import Strategy
from strategy.telling import Told, View, Waiting, asking, holding, speaking, tell
from strategy.text.bundle import unbundled
from sync import ramp
from sync.bench import Bench
from sync.store import journal, outbox
from sync.store.left import Left, left_on
from sync.store.outbox import State


@dataclass(frozen=True)
class Standing:
    """The account on a day, before what is decided for it happens. `own_text`: by the strategy of that day, as it was
    kept; else by today's.
    """

    account: Account
    decision: Decision
    strategy: Strategy
    calendar: Calendar
    own_text: bool = True

    def receivable(self, invoice_id: InvoiceId) -> Receivable | None:
        """What is open of an invoice on the day; None where nothing is."""
        return next((one for one in self.account.receivables if one.invoice_id == invoice_id), None)

    def following(self) -> Decision | None:
        """The next decision by which something happens with any invoice; see `forward.changes`."""
        return forward.next_change(self.account, self.strategy, self.calendar, self.decision.as_of)

    def ahead(self, invoice_id: InvoiceId) -> Iterator[Decision]:
        """That of one invoice; and where it only mentions it, as a statement does, the next by which more happens."""
        day, only_mentioned = self.decision.as_of, False
        for one in forward.changes(self.account, self.strategy, self.calendar, day, invoice_id):
            mentioned = [asked for _, asked in speaking(one, invoice_id)] == [0]
            if not (mentioned and only_mentioned):
                yield one
            if not mentioned:
                return
            only_mentioned = True

    def asked_on(self, invoice_id: InvoiceId) -> date | None:
        """The first day on which something asks for an invoice before all that holds it may have ended; or None."""
        day = self.decision.as_of
        last = max((one.until for one in holding(self.decision, invoice_id) if one.until), default=day)
        ahead = forward.changes(self.account, self.strategy, self.calendar, day, invoice_id) if last > day else ()
        before = takewhile(lambda one: one.as_of < last, ahead)
        return next((one.as_of for one in before if any(asking(one, invoice_id))), None)


def standing(bench: Bench, account_id: str, day: date) -> Standing | None:
    """None where there is no such account in the books."""
    account = bench.account(account_id, min(day, bench.today()))
    return None if account is None else decided(bench, account, day)


def decided(bench: Bench, account: Account, day: date) -> Standing:
    """The same of an account as loaded for the day, or for today where the day is still to come."""
    bench, own_text = of_that_day(bench, day)
    return _standing(bench, ramp.ready(bench, account, min(day, bench.today())), bench.calendar(day), day, own_text)


def every(bench: Bench, day: date) -> Iterator[Standing]:
    """Every account on the day, as far as there is anything to say of it."""
    bench, own_text = of_that_day(bench, day)
    calendar, start = bench.calendar(day), min(day, bench.today())
    for account, decision in ramp.every(bench, bench.store, start):
        if day == start:
            yield Standing(account, decision, bench.settings.strategy, calendar, own_text)
        else:
            yield _standing(bench, account, calendar, day, own_text)


def _standing(bench: Bench, ready: Account, calendar: Calendar, day: date, own_text: bool = True) -> Standing:
    """Of an account that has its day of the ramp."""
    strategy, today = bench.settings.strategy, bench.today()
    if day > today:
        ready = forward.stand(ready, strategy, calendar, today, day)
    return Standing(ready, plan_account(ready, strategy, calendar, day), strategy, calendar, own_text)


def of_that_day(bench: Bench, day: date) -> tuple[Bench, bool]:
    """The bench with the strategy of the day; and whether it is that, where the day has gone by."""
    kept = _text_of(bench, day)
    if kept is None:
        return bench, False
    return replace(bench, settings=msgspec.structs.replace(bench.settings, strategy=kept)), True


def _text_of(bench: Bench, day: date) -> Strategy | None:
    """The strategy by which was decided on a day; None where none was kept, or it can no longer be read."""
    strategy = bench.settings.strategy
    if day >= bench.today() or journal.version_in_use(bench.store, bench.ledger.id, day) == strategy.version:
        return strategy
    text = journal.strategy_in_use(bench.store, bench.ledger.id, day)
    return None if text is None else unbundled(text)


def told(bench: Bench, found: Standing, row: Receivable, following: tuple[Decision, ...]) -> Told:
    """Everything of an invoice that is open on the day. `following`: what `Standing.ahead` has of it."""
    view = View(
        account=found.account,
        decision=found.decision,
        today=bench.today(),
        following=following,
        asked_on=found.asked_on(row.invoice_id),
        waiting=_waiting(bench, found.decision, row.invoice_id),
    )
    return tell(view, row, tuple(_beside(bench, found, row.invoice_id)))


def told_closed(bench: Bench, found: Standing, invoice_id: InvoiceId, closed: str) -> Told:
    """The same of one of which nothing is open on the day: what left on it all the same. `closed`: why nothing is."""
    left = tuple(_that_day(bench, found, invoice_id))
    return Told(invoice=closed, beside=left, segment=(), step=(), held=(), people=(), change=(), next=())


class NotSaid(Record):
    """What became of something that was expected. `said`: it was said, or is to be; `lines` tell how, or why not."""

    said: bool
    laws: tuple[Reason, ...]
    lines: tuple[str, ...]


def why_not(bench: Bench, found: Standing, invoice_id: InvoiceId, expected: str, closed: str | None) -> NotSaid | None:
    """Why a step, a letter or any contact was not said of an invoice on the day; None where no strategy has such.

    `closed`: why nothing of it is open on the day, by the books of today.
    """
    wanted, day = asking_why.steps(found.strategy, expected), found.decision.as_of
    if not wanted:
        return None
    zone = ZoneInfo(bench.time_zone())
    left = left_on(bench.store, bench.ledger.id, found.account.customer.id, day, invoice_id)
    really = tuple(_left(one, zone, invoice_id) for one in left if one.what.act in wanted)
    if really:
        return NotSaid(said=True, laws=(), lines=really)
    row = found.receivable(invoice_id)
    if row is None:
        return NotSaid(said=False, laws=(), lines=(f"Not said on {day}: {closed}",))
    answer = asking_why.why_not(found.account, found.strategy, found.calendar, found.decision, row, expected)
    if answer.said is not None:
        how = " ".join(map(sentence, answer.said.why))
        return NotSaid(said=True, laws=answer.said.why, lines=(f"Decided for {day}: {how}",))
    first, *more = answer.laws
    change_it = change(first, whose(found.account, min(day, bench.today())))
    besides = [sentence(one) for one in more if sentence(one) != sentence(first)]
    lines = (f"Not said on {day}: {sentence(first)}", *dict.fromkeys(besides), *([change_it] if change_it else []))
    return NotSaid(said=False, laws=answer.laws, lines=lines)


def _waiting(bench: Bench, decision: Decision, invoice_id: InvoiceId) -> dict[str, Waiting]:
    """What would be said of it that the outbox has already."""
    rows = (outbox.by_key(bench.store, bench.ledger.id, said.key) for said, _ in speaking(decision, invoice_id))
    return {
        row.key: Waiting(
            row=row.id8,
            approved=row.state is State.APPROVED,
            held=row.reason or "" if row.state is State.HELD else "",
        )
        for row in rows
        if row is not None and row.state in {State.PLANNED, State.APPROVED, State.HELD}
    }


def _beside(bench: Bench, found: Standing, invoice_id: InvoiceId) -> Iterator[str]:
    """What really left on the day; and of one that is not today, what is taken for granted."""
    day, today = found.decision.as_of, bench.today()
    yield from _that_day(bench, found, invoice_id)
    if day > today:
        yield f"On {day}, if nothing is paid, said or changed until then:"
    elif day < today and found.own_text:
        yield f"As it stood on the morning of {day}, by the strategy of that day:"
    elif day < today:
        yield f"As it stood on the morning of {day}; the strategy of that day was not kept, so by today's:"


def _that_day(bench: Bench, found: Standing, invoice_id: InvoiceId) -> Iterator[str]:
    """What really left on the day, whatever the books say of it today, and what was noted of it."""
    day, zone = found.decision.as_of, ZoneInfo(bench.time_zone())
    for one in left_on(bench.store, bench.ledger.id, found.account.customer.id, day, invoice_id):
        yield _left(one, zone, invoice_id)
    for touch in found.account.touches:
        if touch.noted and touch.on == day and invoice_id in touch.invoices:
            yield (
                f"Noted on {day}: a contact by {touch.channel} that did not leave here."
                if touch.asks
                else f"Sent on {day} from the books, after its due date: a contact, and no word of ours."
            )


def _left(one: Left, zone: ZoneInfo, invoice_id: InvoiceId) -> str:
    what, at = one.what, one.at.astimezone(zone)
    if not isinstance(what, Touchpoint):
        return f"Given to {what.who} on {at:%Y-%m-%d}: {what.kind}."
    asked = sum(each.asked_minor for each in what.invoices if each.invoice_id == invoice_id)
    asks = f", asking for {amount(asked, what.currency)}" if asked and what.kind is not TouchpointKind.NOTICE else ""
    return f'Left on {at:%Y-%m-%d} at {at:%H:%M}: step "{what.step}" by {what.channel} to {", ".join(what.to)}{asks}.'
