"""What happens on purpose: promise, dispute, late payment, escalation, death of a process; each told once, as it is."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from dunwell.agreements.disputes import Category, Objection, dispute
from dunwell.agreements.promises import Wish, promise
from dunwell.demo import cast
from dunwell.demo.broken import DemoBroken
from dunwell.demo.cast import Met, Player
from dunwell.demo.stage import Stage
from strategy import explain, promises
from strategy.account import Account
from strategy.decision import Decision, TouchpointKind
from strategy.plan import plan_account
from strategy.promises import Verdict
from sync import cycle, settling
from sync.store import outbox
from sync.store.outbox import TO_PEOPLE, OutboxRow, State

ANNA, TOM = "Anna Berg", "Tom Weir"
"""Who decides for the firm, and who keeps the books."""

EVENTS = {
    "brindlewick": frozenset({"promised", "broken", "missed", "killed", "settled"}),
    "harbour": frozenset({"disputed", "missed", "paid", "not written to"}),
}
"""What must happen in a ledger's six weeks; an escalation must in one of them."""


class Story:
    """Makes things happen, once each. `happened`: what did, by a name, with the sentence that told it."""

    def __init__(self, stage: Stage, report: Callable[[str], None]) -> None:
        self._stage = stage
        self._report = report
        self._met: dict[Player, Met] = {}
        self._paid: OutboxRow | None = None
        self.happened: dict[str, str] = {}

    def begin(self) -> None:
        """Everybody of the ledger enters the books."""
        here = (player for player in cast.EVERYONE if player.ledger == self._stage.ledger)
        self._met = {player: cast.enter(self._stage, player) for player in here}

    def end(self) -> None:
        """Raises `DemoBroken` if anything that the demo shows did not happen."""
        if lacking := EVENTS[self._stage.ledger] - set(self.happened):
            names = ", ".join(sorted(lacking))
            raise DemoBroken(f"In the six weeks of {self._stage.ledger} this never happened: {names}")

    def tell(self, sentence: str) -> None:
        """A sentence, under the ledger's own day."""
        self._report(f"{self._stage.bench.today():%a %d %b}  {self._stage.ledger:<11}  {sentence}")

    def tell_once(self, name: str, sentence: str) -> None:
        """The same, the first time."""
        if name not in self.happened:
            self.happened[name] = sentence
            self.tell(sentence)

    def before_approval(self) -> None:
        """What people do while the plan waits for them."""
        if cast.LARKSPUR in self._met and "promised" not in self.happened and self._waiting(cast.LARKSPUR):
            self._promise()
        if cast.OAKLINE in self._met and "disputed" not in self.happened and self._waiting(cast.OAKLINE):
            self._dispute()

    def before_sending(self) -> None:
        """What people see and do before the run that sends."""
        if cast.LARKSPUR in self._met:
            self._look_at_promise()
        if cast.TIDEWATER in self._met and "paid" not in self.happened:
            self._pay_in_time()
        if cast.MARLOW in self._met and "killed" not in self.happened and self._is_due(cast.MARLOW):
            self._die_while_sending()

    def after_sending(self) -> None:
        """What came of it."""
        if self._paid:
            row = outbox.by_id(self._stage.bench.store, self._paid.id)
            told = f"{cast.TIDEWATER.name} is not written to; the message is {row.state}: {row.reason}"
            self.tell_once("not written to", told)

    def watch(self, decision: Decision) -> None:
        """Tell of the first escalation."""
        if any(touchpoint.kind is TouchpointKind.NOTICE for touchpoint in decision.touchpoints) and decision.fired:
            because = " ".join(explain.sentence(why) for why in decision.fired[0].why[1:])
            self.tell_once("escalated", f"The owner is told about {decision.customer_name}. {because}".rstrip())

    def _promise(self) -> None:
        bench = self._stage.bench
        friday = bench.today() + timedelta(days=4 - bench.today().weekday())
        promise(bench, self._account(cast.LARKSPUR), Wish(on=friday), ANNA)
        self.tell_once("promised", f"{cast.LARKSPUR.name} promises to pay by {friday:%A %d %B}.")

    def _look_at_promise(self) -> None:
        bench, account = self._stage.bench, self._account(cast.LARKSPUR)
        today = bench.today()
        judged = promises.judge(account, bench.settings.strategy.holds.promise, bench.calendar(today), today)
        if any(one.verdict is Verdict.BROKEN for one in judged):
            self.tell_once("broken", f"{cast.LARKSPUR.name} has not paid: its promise is broken.")

    def _dispute(self) -> None:
        account = self._account(cast.OAKLINE)
        objection = Objection(category=Category.QUANTITY, amount=Decimal(200), reason="Ten hours too many")
        dispute(self._stage.bench, account, account.receivables[0], objection, ANNA)
        self.tell_once("disputed", f"{cast.OAKLINE.name} disputes 200.00 of its invoice; the rest is still asked for.")

    def _pay_in_time(self) -> None:
        self._paid = self._waiting(cast.TIDEWATER)
        if self._paid:
            met = self._met[cast.TIDEWATER]
            self._stage.control.pay(met.number)
            self.tell_once("paid", f"{met.player.name} pays {met.number} between plan and send.")

    def _die_while_sending(self) -> None:
        """A process of its own sends; when the mail server has one customer's message, it is killed."""
        met, bench = self._met[cast.MARLOW], self._stage.bench
        process = self._stage.run_apart()
        self._stage.sink.doom(met.customer_id, process.pid)
        _, complaint = process.communicate()
        if process.returncode >= 0:
            raise DemoBroken(f"The sending process ended by itself with {process.returncode}: {complaint.decode()}")
        told = f"The process is killed with {met.player.name}'s message handed over and not recorded."
        self.tell_once("killed", told)
        with cycle.alone(self._stage.house.config.data, bench.ledger.name):
            cycle.run(bench, send=False)
        for row in outbox.in_state(bench.store, bench.ledger.id, State.UNKNOWN):
            if row.kind in TO_PEOPLE:
                left = row.key in self._stage.sink.taken
                settling.settle(bench, row, left=left, who=ANNA)
                found = "finds it in the mailbox and settles it as sent"
                self.tell_once("settled", f"Anna {found if left else 'does not find it, and settles it so'}.")

    def _is_due(self, player: Player) -> bool:
        """Whether today's run will remind the customer."""
        bench = self._stage.bench
        today = bench.today()
        decision = plan_account(self._account(player), bench.settings.strategy, bench.calendar(today), today)
        return any(touchpoint.kind is TouchpointKind.REMINDER for touchpoint in decision.touchpoints)

    def _waiting(self, player: Player) -> OutboxRow | None:
        """The customer's reminder that is about to leave, if there is one."""
        bench = self._stage.bench
        rows = outbox.waiting(bench.store, bench.ledger.id, self._met[player].customer_id)
        return next((row for row in rows if row.touchpoint().kind is TouchpointKind.REMINDER), None)

    def _account(self, player: Player) -> Account:
        account = self._stage.bench.account(self._met[player].customer_id, self._stage.bench.today())
        if account is None:
            raise DemoBroken(f"{player.name} is not in the books of {player.ledger}")
        return account
