"""Any day asked about comes out as it came out: a day gone by is decided again as its run decided it, and a day to come
as it will be if nothing happens.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from strategy.agreements import DisputeOutcome, HoldKind, PromiseState
from strategy.decision import Decision
from strategy.model import CustomerId, InvoiceId
from sync import any_day, cycle
from sync import outbox as waiting
from sync.bench import Bench
from sync.store import agreeing, journal, ledgers, outbox
from sync.store.agreeing import Disputed, HoldGiven, Resolved
from sync.store.journal import Noted
from sync.store.outbox import OutboxRow, State
from tests.proving import FACTOR, counted
from tests.sync.firm import STRATEGY, Firm, a_firm, with_strategy

DAYS = 15 if FACTOR == 1 else 60

TEXT = """
thanks = { say = "thanks" }

[contact]
gap = 2
most = { contacts = 9, days = 30 }

[schedule.standard]
first  = { at = "due + 1", say = "friendly" }
second = { at = "due + 4", say = "reminder" }
desk   = { at = "due + 5", notify = "owner" }
third  = { at = "due + 8", say = "firm" }
call   = { at = "due + 11", call = "overdue", who = "owner" }
final  = { at = "due + 14", say = "final", approve = true }

[schedule.short]
first  = { at = "due + 1", say = "friendly" }
final  = { at = "due + 4", say = "final", approve = true, deadline = 9 }
agency = { at = "final + 4", place = "northgate", after = "final", approve = true }

[[segment]]
name     = "threatened"
when     = "legal_form == public"
schedule = "short"

[[segment]]
name     = "large"
when     = "overdue > large and overdue_days > 6"
schedule = "standard"
contact  = { gap = 3 }

[[segment]]
name     = "everyone else"
schedule = "standard"

[[trigger]]
name   = "large"
when   = "overdue > large"
notify = "owner"
over   = true
"""


@dataclass
class Played:
    """A firm whose days were played, and what was decided on each before anything of it left."""

    firm: Firm
    decided: dict[date, dict[CustomerId, Decision]] = field(default_factory=dict)
    ahead: dict[date, Decision] = field(default_factory=dict)
    alone: CustomerId | None = None


Act = Callable[[Firm, "Cast"], None]


class Cast:
    """Customers of whom something happens, and their invoices."""

    def __init__(self, firm: Firm) -> None:
        self.invoices: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.ids: dict[str, CustomerId] = {}
        for role, late, amount in (
            ("alone", 0, 120_000),
            ("promises", 1, 120_000),
            ("breaks", 1, 120_000),
            ("disputes", 2, 90_000),
            ("large", 2, 1_500_000),
            ("held", 3, 60_000),
            ("rejected", 4, 60_000),
            ("rung", 0, 60_000),
            ("rung by mistake", 3, 60_000),
            ("profiled", 1, 60_000),
            ("fails", 1, 60_000),
            ("threatened", 4, 60_000),
            ("sent again", 2, 60_000),
            ("replies", 2, 60_000),
        ):
            self.names[role], self.ids[role] = firm.customer()
            self.invoices[role] = firm.invoice(self.names[role], days_late=late, amount=amount)


def strategy_text(**changes: str) -> str:
    text = f"{STRATEGY}{TEXT}"
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def invoice_id(firm: Firm, cast: Cast, role: str) -> InvoiceId:
    account = firm.bench.account(cast.ids[role], firm.bench.today())
    assert account is not None
    return next(one.invoice_id for one in account.receivables if one.number == cast.invoices[role])


def _promise(role: str, in_days: int) -> Act:
    def act(firm: Firm, cast: Cast) -> None:
        invoice, now = invoice_id(firm, cast, role), firm.bench.moment("Ann")
        currency = firm.bench.company().base_currency
        agreeing.add_promise(
            firm.bench.store, now, cast.ids[role], now.on + timedelta(days=in_days), [(invoice, currency, 120_000)]
        )

    return act


def _pay(role: str) -> Act:
    def act(firm: Firm, cast: Cast) -> None:
        firm.books.pay(cast.invoices[role])
        firm.refresh()

    return act


def _end_promises(firm: Firm, cast: Cast) -> None:
    account = firm.bench.account(cast.ids["breaks"], firm.bench.today())
    assert account is not None
    agreeing.end_promise(firm.bench.store, firm.bench.moment("Ann"), account.promises[0].id, PromiseState.CANCELLED)


def _dispute(firm: Firm, cast: Cast) -> None:
    raised = Disputed(
        customer_id=cast.ids["disputes"],
        invoice_id=invoice_id(firm, cast, "disputes"),
        amount_minor=30_000,
        category="price",
        reason="agreed less",
    )
    agreeing.add_dispute(firm.bench.store, firm.bench.moment("Ann"), raised)


def _resolve(firm: Firm, cast: Cast) -> None:
    account = firm.bench.account(cast.ids["disputes"], firm.bench.today())
    assert account is not None
    currency = firm.bench.company().base_currency
    moment = firm.bench.moment("Ann")
    resolved = Resolved(outcome=DisputeOutcome.INVALID, credit_minor=0, currency=currency)
    agreeing.resolve_dispute(firm.bench.store, moment, account.disputes[0].id, resolved)


def _hold(firm: Firm, cast: Cast) -> None:
    given = HoldGiven(
        customer_id=cast.ids["held"], invoice_id=None, kind=HoldKind.PAUSED, reason="their owner is ill", until=None
    )
    agreeing.add_hold(firm.bench.store, firm.bench.moment("Ann"), given)


def _end_hold(firm: Firm, cast: Cast) -> None:
    account = firm.bench.account(cast.ids["held"], firm.bench.today())
    assert account is not None
    agreeing.end_hold(firm.bench.store, firm.bench.moment("Ann"), account.holds[0].id)


def _rang(role: str, days_ago: int, channel: str = "call") -> Act:
    def act(firm: Firm, cast: Cast) -> None:
        now = firm.bench.moment("Ann")
        noted = Noted(
            customer_id=cast.ids[role],
            on=now.on - timedelta(days=days_ago),
            act=journal.NO_STEP,
            case=None,
            currency=firm.bench.company().base_currency,
            channel=channel,
            what="rang",
            invoices=(invoice_id(firm, cast, role),),
        )
        journal.add_touch(firm.bench.store, now, noted)

    return act


def _send_again(role: str) -> Act:
    """From QuickBooks, by a person."""

    def act(firm: Firm, cast: Cast) -> None:
        firm.send_from_the_books(cast.invoices[role])
        firm.refresh()

    return act


def _takes_back(firm: Firm, cast: Cast) -> None:
    """The call that was noted second."""
    journal.end_touch(firm.bench.store, firm.bench.moment("Ann"), 2)


def _profile(role: str, name: str, value: str | None) -> Act:
    def act(firm: Firm, cast: Cast) -> None:
        journal.set_profile(firm.bench.store, firm.bench.moment("Ann"), cast.ids[role], name, value)

    return act


HAPPENS: Mapping[int, tuple[Act, ...]] = {
    0: (_profile("threatened", "legal_form", "public"), _profile("threatened", "country", "DE")),
    1: (_promise("promises", 3), _promise("breaks", 2), _dispute, _rang("rung", 1)),
    2: (_hold, _send_again("sent again"), _profile("profiled", "contact.gap", "6"), _rang("rung by mistake", 0)),
    4: (_pay("promises"), _pay("sent again"), _takes_back, _rang("replies", 2, "reply")),
    6: (_end_hold, _resolve, _pay("large")),
    7: (_end_promises,),
    8: (_profile("profiled", "contact.gap", None),),
}
"""By the day's number, what people and customers do in its morning."""

UNREAD = (7, 8)
"""Days on which nobody reads the books."""

OTHER_TEXT = 9
"""The day from which another strategy is used."""

LATER_TEXT = {'"due + 8"': '"due + 7"', "gap = 2": "gap = 4", "deadline = 9": "deadline = 2"}


def play(firm: Firm) -> Played:
    """Every day somebody looks first, then it is decided, and what may leave leaves. The books are read where anything
    happened in them; on other days only the journal says that they were.
    """
    cast, played = Cast(firm), Played(firm)
    played.alone = cast.ids["alone"]
    firm.bench = with_strategy(firm.bench, strategy_text())
    firm.refresh()
    for number in range(DAYS):
        today = firm.bench.today()
        if number not in UNREAD:
            _read_and_matched(firm.bench)
        if number == OTHER_TEXT:
            firm.bench = with_strategy(firm.bench, strategy_text(**LATER_TEXT))
        for act in HAPPENS.get(number, ()):
            act(firm, cast)
        if number == OTHER_TEXT:
            played.ahead = dict(_ahead(firm.bench, cast.ids["alone"]))
        played.decided[today] = {one.customer_id: one for one in cycle.preview(firm.bench, today)}
        cycle.decide(firm.bench)
        _leave(firm.bench, cast)
        firm.sleep(days=1)
    return played


def _read_and_matched(bench: Bench) -> None:
    now = bench.clock.now()
    run = ledgers.start_run(bench.store, bench.ledger.id, now, "changes")
    ledgers.finish_run(bench.store, run, now, ledgers.Ended(mode="changes"))
    ledgers.set_reconciled(bench.store, bench.ledger.id, bench.today(), "Ann", bench.today())


def _ahead(bench: Bench, customer_id: CustomerId) -> Iterator[tuple[date, Decision]]:
    today = bench.today()
    for day in (today + timedelta(days=n) for n in range(DAYS - OTHER_TEXT)):
        account = bench.account(customer_id, today)
        assert account is not None
        yield day, any_day.decided(bench, account, day).decision


def _leave(bench: Bench, cast: Cast) -> None:
    """A person approves the last letter; all is taken, but for one that is rejected and one that fails."""
    for row in outbox.everything(bench.store, bench.ledger.id):
        if row.state in {State.PLANNED, State.APPROVED}:
            rejected = row.customer_id == cast.ids["rejected"] and row.act == "second"
            fails = row.customer_id == cast.ids["fails"] and row.attempt == 1
            _becomes(bench, row, State.REJECTED if rejected else State.FAILED if fails else State.SENT)


def _becomes(bench: Bench, row: OutboxRow, state: State) -> None:
    now = bench.moment("Ann")
    if state is State.REJECTED:
        outbox.move(bench.store, now, row, state, "I called them")
        return
    waiting.approve(bench, now, row)
    outbox.move(bench.store, now, outbox.by_id(bench.store, row.id), State.SENDING)
    sending = outbox.by_id(bench.store, row.id)
    if state is State.FAILED:
        outbox.move(bench.store, now, sending, state, "no such mailbox")
    else:
        outbox.accepted(bench.store, now, sending, "taken")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=strategy_text()) as firm:
        yield play(firm)


def apart(decision: Decision, other: Decision) -> dict[str, tuple[object, object]]:
    """What anybody sees of two decisions and is not the same."""
    names = set(decision.__struct_fields__) - {"cases", "issues", "settled_disputes", "end_heard"}
    both = {name: (getattr(decision, name), getattr(other, name)) for name in names}
    return {name: (one, two) for name, (one, two) in both.items() if one != two}


def test_a_day_gone_by_is_decided_as_it_was_decided(played: Played) -> None:
    for day, decided in played.decided.items():
        for customer_id, decision in decided.items():
            found = any_day.standing(played.firm.bench, customer_id, day)
            assert found is not None
            assert not apart(decision, found.decision), day
            assert found.own_text
            counted("days gone by that were decided again")


def test_a_day_to_come_is_decided_as_it_will_be_if_nothing_happens(played: Played) -> None:
    assert any(one.touchpoints for one in played.ahead.values())
    for day, decision in played.ahead.items():
        assert not apart(played.decided[day][decision.customer_id], decision), day


def test_the_whole_ledger_is_told_on_any_day_as_each_of_its_accounts_is(played: Played) -> None:
    bench = played.firm.bench
    for day in (min(played.decided), bench.today(), bench.today() + timedelta(days=9)):
        for decision in cycle.preview(bench, day):
            found = any_day.standing(bench, decision.customer_id, day)
            assert found is not None
            assert decision == found.decision


def test_the_story_has_what_it_is_about(played: Played) -> None:
    """A segment and a trigger that came and went, a promise kept and one broken, a hold that ended, a step rejected."""
    days = [one for decided in played.decided.values() for one in decided.values()]
    codes = {why.code for one in days for held in one.held for why in held.reasons}
    assert {
        "promised",
        "disputed",
        "paused",
        "gap",
        "handed_over",
        "pull_stale",
        "deadline_runs",
        "they_wrote",
    } <= codes
    assert {one.placed.was for one in days} >= {None, "everyone else", "large"}
    assert [one.name for decision in days for one in decision.fired] == ["large"]
    assert any(said.step == "thanks" for one in days for said in one.touchpoints)
    assert {said.attempt for one in days for said in one.touchpoints} == {1, 2}


def test_before_anything_was_decided_todays_strategy_speaks(played: Played) -> None:
    bench = played.firm.bench
    assert played.alone is not None
    found = any_day.standing(bench, played.alone, min(played.decided) - timedelta(days=1))
    assert found is not None
    assert not found.own_text


def test_the_platforms_balances_of_today_say_nothing_of_a_day_gone_by(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.tie_out.Summary.out_of_balance", True)
    bench = played.firm.bench
    assert bench.facts(bench.today()).out_of_balance
    assert not bench.facts(bench.today() - timedelta(days=1)).out_of_balance


def test_what_left_on_a_day_is_told_of_that_day(played: Played) -> None:
    bench, alone = played.firm.bench, played.alone
    assert alone is not None
    day = next(day for day, decided in played.decided.items() if decided[alone].touchpoints)
    found = any_day.standing(bench, alone, day)
    assert found is not None
    told = any_day.told(bench, found, found.account.receivables[0], ())
    assert told.beside == (
        f'Left on {day} at 10:00: step "nudge" by email to ap@customer.example, asking for 1,200.00 USD.',
        f"As it stood on the morning of {day}, by the strategy of that day:",
    )
