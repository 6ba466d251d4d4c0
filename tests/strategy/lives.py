"""Random lives of an account, made fast: books and journal that change from day to day in a random order, and every
decision fed back as the outbox and the journal would.

No Hypothesis in here, whose drawing takes longer than deciding: a seed and a number give the same life again.
"""

from collections.abc import Iterator
from random import Random

from msgspec.structs import replace

from strategy.account import Placement
from strategy.decision import Decision, TaskAsked, Touchpoint, TouchpointKind
from strategy.model import InvoiceId, Switch
from strategy.touches import Skipped, Touch, TouchState
from tests.strategy.builders import days
from tests.strategy.life_books import LifeBooks
from tests.strategy.life_events import EVENTS, WEIGHTS, invoiced


class Life(LifeBooks):
    """One account, and what changes in it. `lively`: the share of days on which something does."""

    def __init__(self, seed: int, number: int, *, lively: float = 0.3) -> None:
        super().__init__(Random(f"{seed}-{number}"))
        self.lively = lively
        for _ in range(self.random.randrange(4)):
            invoiced(self)

    def next_day(self) -> None:
        """A day passes, and something may happen."""
        self.today += days(1)
        behind = self.random.choices((0, 1, 3, 9), (60, 20, 10, 1))[0]
        self.ledger = replace(
            self.ledger,
            today=self.today,
            pulled_on=self.today - days(self.random.choices((0, 3), (80, 1))[0]),
            reconciled_on=self.today - days(behind),
            reminders=self.random.choices((Switch.OFF, Switch.ON), (150, 1))[0],
        )
        while self.random.random() < self.lively:
            self.random.choices(EVENTS, WEIGHTS)[0](self)

    def remember(self, decision: Decision) -> Iterator[Touchpoint]:
        """What the outbox and the journal keep; yields the contacts that the channel took, or may have taken."""
        self.cases = decision.cases
        self.placement = Placement(segment=decision.placed.segment, since=decision.placed.since)
        self.triggers_true = decision.triggers_true
        self.trigger_counts.update(one.name for one in decision.fired)
        self.disputes = [
            replace(one, closed_on=self.today) if one.id in decision.settled_disputes else one for one in self.disputes
        ]
        for asked in decision.tasks:
            self.done.add((asked.act, asked.occasion, asked.currency))
            if asked.case is not None:
                self.touches.append(self._touch(asked, "task", tuple(one.invoice_id for one in asked.invoices)))
        for said in decision.touchpoints:
            if self._left(said):
                yield said

    def _left(self, said: Touchpoint) -> bool:
        """Whether it left, or may have. Now and then a channel fails, a person rejects, and nobody approves in time."""
        key = (said.act, said.occasion, said.currency)
        if said.kind is TouchpointKind.NOTICE:
            self.done.add(key)
            return True
        luck = self.random.random()
        if luck < 0.04:
            self.failures[key] += 1
        elif luck < 0.07:
            self.skipped.append(
                Skipped(act=said.act, occasion=said.occasion, case=said.case, currency=said.currency, on=self.today)
            )
        elif luck > 0.15:
            named = tuple(one.invoice_id for one in said.invoices or said.coming)
            state = TouchState.UNKNOWN if luck > 0.98 else TouchState.ACCEPTED
            touch = self._touch(said, said.channel, named)
            self.touches.append(replace(touch, statement=said.statement, state=state))
            return True
        return False

    def _touch(self, one: Touchpoint | TaskAsked, channel: str, named: tuple[InvoiceId, ...]) -> Touch:
        return Touch(
            on=self.today,
            act=one.act,
            occasion=one.occasion,
            case=one.case,
            currency=one.currency,
            channel=channel,
            invoices=frozenset(named),
            lead=next(iter(named), None),
            deadline_days=one.deadline_days if isinstance(one, Touchpoint) else 0,
        )
