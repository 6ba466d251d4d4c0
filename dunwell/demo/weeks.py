"""Six weeks, day by day: what the firm does every morning."""

from collections import defaultdict
from datetime import time, timedelta

from dunwell.agreements.matching import reconciled
from dunwell.demo.stage import LEDGERS, Stage
from dunwell.demo.story import ANNA, TOM, Story
from strategy.decision import Decision
from sync import cycle
from sync.bench import Bench
from sync.pull import Options
from sync.store import outbox
from sync.store.outbox import State

DAYS = 42
PLAN, SEND = time(10, 0), time(10, 30)
MISSED_DAY, TRUST_DAY = 9, 5
"""Days after the opening Monday: a Wednesday on which nobody runs anything; the Saturday after the first week."""


class Weeks:
    """Plays them. `held`: by reason, the ledgers and invoices that were ever held for it."""

    def __init__(self, stage: Stage, story: Story) -> None:
        self._stage = stage
        self._story = story
        self.held: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def play(self) -> None:
        """From the first reading of the books to the last Friday."""
        self._story.begin()
        for day in range(DAYS):
            opening = self._stage.clock.now()
            if day == TRUST_DAY:
                self._trust()
            if opening.weekday() < 5:
                for ledger in sorted(LEDGERS, reverse=True):  # London is up before New York
                    self._morning(ledger, day)
            self._stage.clock.advance_to(opening + timedelta(days=1))

    def _trust(self) -> None:
        self._stage.trust()
        bench = self._stage.bench(next(iter(LEDGERS)))
        self._story.tell(bench, "After a week in approval mode, only final steps wait for a person from now on.")

    def _morning(self, ledger: str, day: int) -> None:
        """The bookkeeper matches the books; in approval mode a run plans and people decide; a run sends."""
        bench = self._stage.bench(ledger)
        if day == MISSED_DAY:
            self._story.tell_once(bench, "missed", "Nobody runs anything today; tomorrow catches up.")
            return
        self._stage.wait_until(ledger, PLAN)
        if day == 0:
            cycle.bring_up_to_date(bench, Options())
        reconciled(bench, bench.today(), TOM)
        if day < TRUST_DAY:
            self._run(bench, send=False)
            self._story.before_approval(bench)
            self._approve(bench)
        self._stage.wait_until(ledger, SEND)
        self._story.before_sending(bench)
        self._run(bench, send=True)
        self._story.after_sending(bench)

    def _run(self, bench: Bench, *, send: bool) -> None:
        with cycle.alone(self._stage.house.config.data, bench.ledger.name):
            ran = cycle.run(bench, send=send, watch=lambda decision: self._watch(bench, decision))
        self._stage.house.note_usage(bench)
        if ran.dispatched and ran.dispatched.sent:
            told = f"{bench.ledger.name}: {ran.dispatched.sent} left, {ran.posted} entries in the books."
            self._story.tell(bench, told)

    def _watch(self, bench: Bench, decision: Decision) -> None:
        for held in decision.held:
            for why in held.reasons:
                self.held[why.code].add((bench.ledger.name, held.invoice_id))
        self._story.watch(bench, decision)

    def _approve(self, bench: Bench) -> None:
        """Anna looks at what waits, and lets it go."""
        for row in outbox.in_state(bench.store, bench.ledger.id, State.PLANNED):
            outbox.approve(bench.store, bench.moment(ANNA), row)
