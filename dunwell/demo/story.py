"""What happens on purpose: promise, dispute, late payment, escalation, death of a process; each told once, as it is."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from dunwell.agreements.disputes import Category, Objection, dispute
from dunwell.agreements.promises import Wish, promise
from dunwell.demo import cast
from dunwell.demo.cast import Met, Player
from dunwell.demo.stage import Stage
from strategy import explain, promises
from strategy.account import Account
from strategy.decision import Decision, TouchpointKind
from strategy.plan import plan_account
from strategy.promises import Verdict
from sync import cycle, settling
from sync.bench import Bench
from sync.store import outbox
from sync.store.outbox import TO_PEOPLE, OutboxRow, State

ANNA, TOM = "Anna Berg", "Tom Weir"
"""Who decides for the firm, and who keeps the books."""


class DemoBroken(Exception):
    """Something that the demo shows did not happen."""


class Story:
    """Makes things happen, once each. `happened`: what did, by a name, with the sentence that told it."""

    def __init__(self, stage: Stage, report: Callable[[str], None]) -> None:
        self._stage = stage
        self._report = report
        self._met: dict[str, Met] = {}
        self._paid: OutboxRow | None = None
        self.happened: dict[str, str] = {}

    def begin(self) -> None:
        """Everybody enters the books."""
        self._met = {player.name: cast.enter(self._stage, player) for player in cast.EVERYONE}

    def tell(self, bench: Bench, sentence: str) -> None:
        """A sentence, under the ledger's own day."""
        self._report(f"{bench.today():%a %d %b}  {sentence}")

    def tell_once(self, bench: Bench, name: str, sentence: str) -> None:
        """The same, the first time."""
        if name not in self.happened:
            self.happened[name] = sentence
            self.tell(bench, sentence)

    def before_approval(self, bench: Bench) -> None:
        """What people do while the plan waits for them."""
        if self._plays(cast.LARKSPUR, bench):
            self._promise(bench)
        if self._plays(cast.OAKLINE, bench):
            self._dispute(bench)

    def before_sending(self, bench: Bench) -> None:
        """What people see and do before the run that sends."""
        if self._plays(cast.LARKSPUR, bench):
            self._look_at_promise(bench)
        if self._plays(cast.TIDEWATER, bench) and "paid" not in self.happened:
            self._paid = self._first_reminder(bench, cast.TIDEWATER)
            if self._paid:
                met = self._met[cast.TIDEWATER.name]
                self._stage.control(bench.ledger.name).pay(met.number)
                self.tell_once(bench, "paid", f"{met.player.name} pays {met.number} between plan and send.")
        if self._plays(cast.MARLOW, bench) and "killed" not in self.happened and self._is_due(bench, cast.MARLOW):
            self._die_while_sending(bench)

    def after_sending(self, bench: Bench) -> None:
        """What came of it."""
        if self._paid and self._plays(cast.TIDEWATER, bench):
            row = outbox.by_id(bench.store, self._paid.id)
            told = f"{cast.TIDEWATER.name} is not written to; the message is {row.state}: {row.reason}"
            self.tell_once(bench, "not written to", told)

    def watch(self, bench: Bench, decision: Decision) -> None:
        """Tell of the first escalation."""
        if any(touchpoint.kind is TouchpointKind.NOTICE for touchpoint in decision.touchpoints) and decision.fired:
            because = " ".join(explain.sentence(why) for why in decision.fired[0].why[1:])
            self.tell_once(bench, "escalated", f"The owner is told about {decision.customer_name}. {because}".rstrip())

    def _plays(self, player: Player, bench: Bench) -> bool:
        return player.ledger == bench.ledger.name

    def _promise(self, bench: Bench) -> None:
        if self._is_asked(bench, cast.LARKSPUR) and "promised" not in self.happened:
            friday = bench.today() + timedelta(days=4 - bench.today().weekday())
            promise(bench, self._account(bench, cast.LARKSPUR), Wish(on=friday), ANNA)
            self.tell_once(bench, "promised", f"{cast.LARKSPUR.name} promises to pay by {friday:%A %d %B}.")

    def _look_at_promise(self, bench: Bench) -> None:
        account, today = self._account(bench, cast.LARKSPUR), bench.today()
        judged = promises.judge(account, bench.settings.strategy.holds.promise, bench.calendar(today), today)
        if any(one.verdict is Verdict.BROKEN for one in judged):
            self.tell_once(bench, "broken", f"{cast.LARKSPUR.name} has not paid: its promise is broken.")

    def _dispute(self, bench: Bench) -> None:
        if self._is_asked(bench, cast.OAKLINE) and "disputed" not in self.happened:
            account = self._account(bench, cast.OAKLINE)
            objection = Objection(category=Category.QUANTITY, amount=Decimal(200), reason="Ten hours too many")
            dispute(bench, account, account.receivables[0], objection, ANNA)
            told = f"{cast.OAKLINE.name} disputes 200.00 of its invoice; the rest is still asked for."
            self.tell_once(bench, "disputed", told)

    def _die_while_sending(self, bench: Bench) -> None:
        """A process of its own sends; when the mail server has one customer's message, it is killed."""
        met, ledger = self._met[cast.MARLOW.name], bench.ledger.name
        process = self._stage.run_apart(ledger)
        self._stage.sink.doom(met.customer_id, process.pid)
        _, complaint = process.communicate()
        if process.returncode >= 0:
            raise DemoBroken(f"The sending process ended by itself with {process.returncode}: {complaint.decode()}")
        told = f"The process is killed with {met.player.name}'s message handed over and not recorded."
        self.tell_once(bench, "killed", told)
        with cycle.alone(self._stage.house.config.data, ledger):
            cycle.run(bench, send=False)
        for row in outbox.in_state(bench.store, bench.ledger.id, State.UNKNOWN):
            if row.kind in TO_PEOPLE:
                left = row.key in self._stage.sink.taken
                settling.settle(bench, row, left=left, who=ANNA)
                found = "finds it in the mailbox and settles it as sent"
                self.tell_once(bench, "settled", f"Anna {found if left else 'does not find it, and settles it so'}.")

    def _is_due(self, bench: Bench, player: Player) -> bool:
        """Whether today's run will remind the customer."""
        today = bench.today()
        decision = plan_account(self._account(bench, player), bench.settings.strategy, bench.calendar(today), today)
        return any(touchpoint.kind is TouchpointKind.REMINDER for touchpoint in decision.touchpoints)

    def _is_asked(self, bench: Bench, player: Player) -> bool:
        return self._first_reminder(bench, player) is not None

    def _first_reminder(self, bench: Bench, player: Player) -> OutboxRow | None:
        """The customer's reminder that is about to leave, if there is one."""
        rows = outbox.waiting(bench.store, bench.ledger.id, self._met[player.name].customer_id)
        return next((row for row in rows if row.touchpoint().kind is TouchpointKind.REMINDER), None)

    def _account(self, bench: Bench, player: Player) -> Account:
        account = bench.account(self._met[player.name].customer_id, bench.today())
        if account is None:
            raise DemoBroken(f"{player.name} is not in the books of {player.ledger}")
        return account
