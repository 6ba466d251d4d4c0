"""From decisions to the outbox: deciding twice adds nothing, approval binds, what is no longer decided goes back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from strategy.agreements import HoldKind
from strategy.decision import TouchpointKind
from strategy.model import CustomerId
from sync import cycle, profiles
from sync import outbox as decided
from sync.bench import Bench
from sync.pull import Options
from sync.settings import Letters
from sync.store import agreeing, outbox
from sync.store.agreeing import Disputed, HoldGiven
from sync.store.outbox import MOVES, Kind, State
from tests.sync.firm import CONFIG, PLATFORMS, Firm, a_firm

APPROVING = CONFIG.replace('approval = "steps"', 'approval = "all"')


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), settings=APPROVING) as opened:
        yield opened


def planned(firm: Firm) -> tuple[str, CustomerId]:
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.run(send=False)
    return name, customer_id


def approve(firm: Firm, customer_id: CustomerId) -> None:
    (row,) = firm.rows(customer_id)
    decided.approve(firm.bench, firm.bench.moment("Ann"), row)


def test_a_new_ledger_waits_for_a_person(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.run()
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.PLANNED], [])


def test_what_a_person_approved_leaves_in_their_name(firm: Firm) -> None:
    _, customer_id = planned(firm)
    approve(firm, customer_id)
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.state, row.approved_by) == (State.SENT, "Ann")


def test_what_was_decided_otherwise_since_a_person_saw_it_is_not_let_go(firm: Firm) -> None:
    name, customer_id = planned(firm)
    (seen,) = firm.rows(customer_id)
    firm.invoice(name, amount=900_000)
    firm.run(send=False)
    assert not decided.approve(firm.bench, firm.bench.moment("Ann"), seen)
    assert firm.states(customer_id) == [State.PLANNED]


def test_deciding_the_same_day_twice_adds_nothing(firm: Firm) -> None:
    planned(firm)
    before = outbox.counts(firm.bench.store, firm.bench.ledger.id)
    events = firm.bench.store.row("SELECT COUNT(*) FROM event")
    cycle.decide(firm.bench)
    assert outbox.counts(firm.bench.store, firm.bench.ledger.id) == before
    assert firm.bench.store.row("SELECT COUNT(*) FROM event") == events


def test_the_dry_run_is_the_next_real_run(firm: Firm) -> None:
    name, _ = firm.customer()
    firm.invoice(name)
    cycle.bring_up_to_date(firm.bench, Options())
    told = [t for one in cycle.preview(firm.bench, firm.bench.today()) for t in one.touchpoints]
    cycle.decide(firm.bench)
    rows = outbox.everything(firm.bench.store, firm.bench.ledger.id)
    assert {t.key for t in told if t.kind is not TouchpointKind.NOTICE} == {
        row.key for row in rows if row.kind is Kind.MESSAGE and row.state is State.PLANNED
    }


def test_more_than_was_approved_wants_another_approval(firm: Firm) -> None:
    name, customer_id = planned(firm)
    approve(firm, customer_id)
    firm.invoice(name, amount=5_000)
    firm.run()
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.PLANNED], [])


def test_less_than_was_approved_goes_as_it_has_become(firm: Firm) -> None:
    name, customer_id = planned(firm)
    approve(firm, customer_id)
    firm.books.pay(firm.rows(customer_id)[0].touchpoint().invoices[0].number, 100_000)
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.state, row.touchpoint().amount_minor) == (State.SENT, 20_000)
    assert name


def test_an_approval_covers_the_people_it_was_given_for_and_no_others(firm: Firm) -> None:
    _, customer_id = planned(firm)
    approve(firm, customer_id)
    role = {"role.billing": '{"role":"billing","name":"Anna Berg","email":"anna@customer.example"}'}
    profiles.apply(firm.bench.store, firm.bench.moment("Ann"), customer_id, role)
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.state, row.touchpoint().to, firm.post.to(customer_id)) == (
        State.PLANNED,
        ("anna@customer.example",),
        [],
    )


def test_an_approval_covers_the_language_it_was_given_for_and_no_other(firm: Firm) -> None:
    _, customer_id = planned(firm)
    approve(firm, customer_id)
    profiles.apply(firm.bench.store, firm.bench.moment("Ann"), customer_id, {"language": "de"})
    firm.run()
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.PLANNED], [])


def test_an_approval_covers_the_invoices_it_was_given_for_where_nothing_is_asked_yet(firm: Firm) -> None:
    """Whether an invoice arrived is asked before it is due: nothing is asked for, and yet another one is news."""
    name, customer_id = firm.customer()
    firm.invoice(name, days_late=-26)
    firm.run(send=False)
    assert firm.rows(customer_id)[0].act == "receipt"
    approve(firm, customer_id)
    firm.invoice(name, days_late=-27)
    firm.run()
    assert (firm.states(customer_id), firm.post.to(customer_id)) == ([State.PLANNED], [])


def test_less_than_was_approved_for_a_coming_invoice_goes_too(firm: Firm) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name, days_late=-3)
    firm.run(send=False)
    approve(firm, customer_id)
    firm.books.pay(number, 100_000)
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.act, row.state, row.touchpoint().amount_minor) == ("nudge", State.SENT, 20_000)


def edited(firm: Firm) -> Bench:
    """The same ledger once somebody has written into its letters."""
    return replace(
        firm.bench, settings=structs.replace(firm.bench.settings, letters=Edited(firm.bench.settings.letters))
    )


class Edited:
    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def source(self, language: str, name: str) -> str | None:
        text = self._letters.source(language, name)
        return text and f"{text}\nThis is our last word.\n"


def test_an_approval_covers_the_text_it_was_given_for_and_no_other(firm: Firm) -> None:
    _, customer_id = planned(firm)
    approve(firm, customer_id)
    cycle.run(edited(firm), send=True)
    (row,) = firm.rows(customer_id)
    assert (row.state, row.approved_by, firm.post.to(customer_id)) == (State.PLANNED, None, [])


def test_a_text_that_was_edited_before_the_approval_is_the_one_that_it_covers(firm: Firm) -> None:
    _, customer_id = planned(firm)
    (row,) = firm.rows(customer_id)
    anew = edited(firm)
    decided.approve(anew, anew.moment("Ann"), row)
    cycle.run(anew, send=True)
    assert firm.states(customer_id) == [State.SENT]


def test_what_the_strategy_let_go_waits_for_a_person_once_one_is_to_be_asked(firm: Firm) -> None:
    name, customer_id = firm.customer()
    firm.invoice(name)
    cycle.run(replace(firm.bench, settings=structs.replace(firm.bench.settings, approve_all=False)), send=False)
    assert firm.states(customer_id) == [State.APPROVED]
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.state, row.approved_by, firm.post.to(customer_id)) == (State.PLANNED, None, [])


def test_an_approval_lasts_over_a_weekend(tmp_path: Path) -> None:
    with a_firm(tmp_path, settings=APPROVING) as firm:
        firm.sleep(days=4)  # to a Friday
        firm.refresh()
        _, customer_id = planned(firm)
        firm.sleep(hours=8)
        approve(firm, customer_id)
        states = []
        for _ in range(3):
            firm.next_days()
            states += firm.states(customer_id)
        assert states == [State.WITHDRAWN, State.WITHDRAWN, State.APPROVED]
        firm.sleep(hours=16)
        firm.run()
        (row,) = firm.rows(customer_id)
        assert (row.state, row.approved_by) == (State.SENT, "Ann")


def test_what_was_held_since_its_approval_is_looked_at_again_even_after_a_weekend(tmp_path: Path) -> None:
    with a_firm(tmp_path, settings=APPROVING) as firm:
        firm.sleep(days=4)
        firm.refresh()
        _, customer_id = planned(firm)
        approve(firm, customer_id)
        now = firm.bench.moment("Ann")
        hold = HoldGiven(customer_id=customer_id, invoice_id=None, kind=HoldKind.PAUSED, reason="", until=None)
        hold_id = agreeing.add_hold(firm.bench.store, now, hold)
        firm.run()
        assert firm.states(customer_id) == [State.HELD]
        agreeing.end_hold(firm.bench.store, now, hold_id)
        states = []
        for _ in range(3):
            firm.next_days()
            states += firm.states(customer_id)
        assert states == [State.WITHDRAWN, State.WITHDRAWN, State.PLANNED]


def test_why_a_message_is_held_is_why_it_is_held_today(firm: Firm) -> None:
    _, customer_id = planned(firm)
    asked = firm.rows(customer_id)[0].touchpoint().invoices[0]
    dispute = Disputed(
        customer_id=customer_id, invoice_id=asked.invoice_id, amount_minor=None, category="price", reason=""
    )
    now = firm.bench.moment("Ann")
    dispute_id = agreeing.add_dispute(firm.bench.store, now, dispute)
    firm.run()
    agreeing.end_dispute(firm.bench.store, now, dispute_id)
    hold = HoldGiven(customer_id=customer_id, invoice_id=None, kind=HoldKind.PAUSED, reason="on holiday", until=None)
    agreeing.add_hold(firm.bench.store, now, hold)
    firm.run()
    (row,) = firm.rows(customer_id)
    assert row.state is State.HELD
    assert "price" not in (row.reason or "")
    assert "on holiday" in (row.reason or "")


def test_a_rejected_step_is_not_planned_again_and_the_next_one_keeps_its_distance(firm: Firm) -> None:
    _, customer_id = planned(firm)
    (row,) = firm.rows(customer_id)
    outbox.move(firm.bench.store, firm.bench.moment("Ann"), row, State.REJECTED, "I will call them.")
    firm.run()
    assert firm.states(customer_id) == [State.REJECTED]


def test_what_was_paid_is_withdrawn_and_says_so(firm: Firm) -> None:
    _, customer_id = planned(firm)
    firm.books.pay(firm.rows(customer_id)[0].touchpoint().invoices[0].number)
    firm.run()
    (row,) = firm.rows(customer_id)
    assert (row.state, row.reason) == (State.WITHDRAWN, "Nothing of it is open any more.")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_waits_for_a_customer_merged_away_is_withdrawn_and_the_survivor_is_asked(
    tmp_path: Path, platform: str
) -> None:
    """Xero says into whom; QuickBooks only that the customer is gone."""
    with a_firm(tmp_path, platform, settings=APPROVING) as firm:
        _, loser = planned(firm)
        _, winner = firm.customer()
        firm.merge(loser, winner)
        firm.run()
        assert (firm.states(loser), firm.states(winner)) == ([State.WITHDRAWN], [State.PLANNED])


def test_what_was_withdrawn_may_be_planned_again(firm: Firm) -> None:
    """The payment bounced: it is deleted in the books, and the invoice is open again."""
    _, customer_id = planned(firm)
    paid = firm.books.pay(firm.rows(customer_id)[0].touchpoint().invoices[0].number)
    firm.run()
    firm.books.delete("payment", str(paid["payment"]))
    firm.run()
    assert firm.states(customer_id) == [State.PLANNED]


def test_a_case_opens_with_the_overdue_and_closes_when_nothing_is(firm: Firm) -> None:
    _, customer_id = planned(firm)
    account = firm.account(customer_id)
    assert [(case.number, case.closed_on) for case in account.cases] == [(1, None)]
    firm.books.pay(account.receivables[0].number)
    firm.run()
    account = firm.account(customer_id)
    assert [(case.number, case.closed_on) for case in account.cases] == [(1, firm.bench.today())]


def test_every_state_is_reached_by_a_legal_move_only() -> None:
    assert MOVES.keys() == set(State)
    assert all(not MOVES[end] for end in (State.FAILED, State.REJECTED))
    assert MOVES[State.SENT] == {State.FAILED}  # it came back
    assert MOVES[State.UNKNOWN] == {State.SENT, State.FAILED}


def test_an_illegal_move_is_a_bug_and_flies(firm: Firm) -> None:
    _, customer_id = planned(firm)
    (row,) = firm.rows(customer_id)
    with pytest.raises(AssertionError, match="may not go from planned to sent"):
        outbox.move(firm.bench.store, firm.bench.moment(), row, State.SENT)
