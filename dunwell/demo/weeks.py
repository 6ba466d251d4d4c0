"""A ledger's six weeks, day by day: what the firm does every morning."""

from collections import defaultdict
from datetime import time, timedelta

from dunwell.agreements.matching import reconciled
from dunwell.demo.stage import Stage
from dunwell.demo.story import ANNA, TOM, Story
from strategy.decision import Decision
from strategy.model import InvoiceId
from sync import cycle
from sync import outbox as decided
from sync.pull import Options
from sync.store import outbox
from sync.store.outbox import State

DAYS = 42
PLAN, SEND = time(10, 0), time(10, 30)
MISSED_DAY, TRUST_DAY = 9, 5
"""Days after the opening Monday: a Wednesday on which nobody runs anything; the Saturday after the first week."""

OWN_DAYS = frozenset({"not_due", "waiting", "gap", "most", "closed_day", "handed_over", "schedule_ended"})
"""Reasons that are the schedule's own: nothing is held that would be said today."""


class Weeks:
    """Plays them. `held`: by reason, the invoices that were ever held for it."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self._stage = stage
        self._story = story
        self.held: dict[str, set[InvoiceId]] = defaultdict(set)

    def play(self) -> None:
        """From the first reading of the books to the last Friday."""
        self._story.begin()
        for day in range(DAYS):
            opening = self._stage.clock.now()
            if day == TRUST_DAY:
                self._stage.trust()
                self._story.tell("After a week in approval mode, only final steps wait for a person.")
            if opening.weekday() < 5:
                self._morning(day)
            self._stage.clock.advance_to(opening + timedelta(days=1))

    def _morning(self, day: int) -> None:
        """The bookkeeper matches the books; in approval mode a run plans and people decide; a run sends."""
        stage, story = self._stage, self._story
        if day == MISSED_DAY:
            story.tell_once("missed", "Nobody runs anything today; tomorrow catches up.")
            return
        stage.wait_until(PLAN)
        if day == 0:
            cycle.bring_up_to_date(stage.bench, Options())
        reconciled(stage.bench, stage.bench.today(), TOM)
        if day < TRUST_DAY:
            self._run(send=False)
            story.before_approval()
            self._approve()
        stage.wait_until(SEND)
        story.before_sending()
        self._run(send=True)
        story.after_sending()

    def _run(self, *, send: bool) -> None:
        bench = self._stage.bench
        with cycle.alone(self._stage.house.config.data, bench.ledger.name):
            ran = cycle.run(bench, send=send, watch=self._watch)
        if ran.dispatched and ran.dispatched.sent:
            self._story.tell(f"{ran.dispatched.sent} left, {ran.posted} entries in the books.")

    def _watch(self, decision: Decision) -> None:
        for held in decision.held:
            for why in held.reasons:
                if why.code not in OWN_DAYS:
                    self.held[why.code].add(held.invoice_id)
        self._story.watch(decision)

    def _approve(self) -> None:
        """Anna looks at what waits, and lets it go."""
        bench = self._stage.bench
        for row in outbox.in_state(bench.store, bench.ledger.id, State.PLANNED):
            decided.approve(bench, bench.moment(ANNA), row)
