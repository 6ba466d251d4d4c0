"""Our open items beside the platform's own balances: what differs is found to the cent, and only less owed holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from strategy.account import TieOutState
from strategy.model import CustomerId
from sync import cycle, tie_out
from sync.store.journal import Moment
from sync.store.outbox import State
from sync.tie_out import Difference
from tests.connectors import books
from tests.proving import times
from tests.sync.firm import MONDAY, PLATFORMS, Firm, a_firm
from tests.sync.pulls import BUSY, Puller, a_puller


@pytest.fixture(scope="module", params=PLATFORMS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), request.param) as opened:
        for _ in range(30):  # one that differs is no more than one in twenty
            name, _ = opened.customer()
            opened.invoice(name, days_late=-20)
        yield opened


@pytest.fixture
def firm(shared: Firm) -> Iterator[Firm]:
    """The firm, in balance, before and after."""
    shared.refresh()
    yield shared
    shared.refresh()
    compared(shared)


def owing(firm: Firm, amount: int = 120_000) -> tuple[str, str, CustomerId]:
    """A customer with one overdue invoice that we know of: its name, the invoice's number, its id."""
    name, customer_id = firm.customer()
    number = firm.invoice(name, amount=amount)
    firm.refresh()
    return name, number, customer_id


def compared(firm: Firm) -> tie_out.Summary:
    """Compare with the platform as it is now, without reading what changed: as if a change had not been told."""
    return tie_out.tie_out(firm.bench.store, firm.bench.ledger, firm.bench.connector, firm.bench.moment())


def differing(firm: Firm) -> Mapping[CustomerId, Difference]:
    return {one.customer_id: one for one in tie_out.differences(firm.bench.store, firm.bench.ledger.id)}


def planned(firm: Firm, customer_id: CustomerId) -> list[State]:
    cycle.decide(firm.bench)
    return firm.states(customer_id)


def why_held(firm: Firm, customer_id: CustomerId) -> set[str]:
    decisions = cycle.preview(firm.bench, firm.bench.today())
    held = (held for one in decisions if one.customer_id == customer_id for held in one.held)
    return {why.code for one in held for why in one.reasons}


def test_where_nothing_differs_nothing_is_shown(firm: Firm) -> None:
    _, _, customer_id = owing(firm)
    summary = compared(firm)
    assert (summary.apart, customer_id in differing(firm)) == (0, False)
    assert summary.compared >= 31


def test_where_the_platform_says_less_is_owed_nobody_is_asked(firm: Firm) -> None:
    _, number, customer_id = owing(firm)
    firm.books.pay(number, 50_000)
    compared(firm)
    found = differing(firm)[customer_id]
    assert (found.state, found.ours_minor, found.theirs_minor) == (TieOutState.LESS, 120_000, 70_000)
    assert planned(firm, customer_id) == []
    assert why_held(firm, customer_id) == {"platform_says_less"}


def test_once_the_change_is_read_it_is_asked_for_what_is_left(firm: Firm) -> None:
    _, number, customer_id = owing(firm)
    firm.books.pay(number, 50_000)
    compared(firm)
    firm.refresh()
    assert differing(firm) == {}
    assert planned(firm, customer_id) == [State.APPROVED]
    assert firm.rows(customer_id)[0].touchpoint().amount_minor == 70_000


def test_where_the_platform_says_more_is_owed_it_is_said_and_nothing_is_held(firm: Firm) -> None:
    name, _, customer_id = owing(firm)
    firm.invoice(name, amount=33_000)
    summary = compared(firm)
    found = differing(firm)[customer_id]
    assert (summary.apart, found.state, found.theirs_minor) == (1, TieOutState.MORE, 153_000)
    assert planned(firm, customer_id) == [State.APPROVED]


def test_less_that_is_still_more_than_we_would_ask_for_holds_nothing(firm: Firm) -> None:
    """What is not due yet is owed and not asked for; the platform's figure covers what is asked."""
    name, _, customer_id = owing(firm, amount=40_000)
    coming = firm.invoice(name, days_late=-20, amount=100_000)
    firm.refresh()
    firm.books.pay(coming, 30_000)
    compared(firm)
    assert differing(firm)[customer_id].state is TieOutState.LESS
    assert planned(firm, customer_id) == [State.APPROVED]


def test_suspects_name_the_record_of_exactly_the_difference_first(firm: Firm) -> None:
    name, _, customer_id = owing(firm)
    firm.books.pay_on_account(name, 11_000)
    firm.books.add_credit(name, 22_000)
    firm.refresh()
    firm.books.add_credit(name, 22_000)
    compared(firm)
    found = differing(firm)[customer_id]
    first, second = found.suspects
    assert first.startswith("credit note ")
    assert second.startswith(("unapplied payment ", "prepayment "))


def test_too_many_that_differ_hold_the_whole_ledger_and_a_single_one_does_not(tmp_path: Path) -> None:
    with a_firm(tmp_path) as small:
        (_, first, _), (_, second, _), (_, _, customer_id) = (owing(small) for _ in range(3))
        small.books.pay(first, 50_000)
        compared(small)
        assert planned(small, customer_id) == [State.APPROVED]
        small.books.pay(second, 50_000)
        compared(small)
        assert planned(small, customer_id) == [State.HELD]
        assert why_held(small, customer_id) == {"ledger_out_of_balance"}


def test_an_accepted_difference_is_silent_until_it_changes(firm: Firm) -> None:
    _, number, customer_id = owing(firm)
    firm.books.pay(number, 50_000)
    compared(firm)
    tie_out.accept(firm.bench.store, firm.bench.moment("Ann"), differing(firm)[customer_id], "it is with the auditor")
    assert compared(firm).apart == 0
    assert differing(firm)[customer_id].accepted == "it is with the auditor (Ann)"
    assert why_held(firm, customer_id) == set()
    firm.books.pay(number, 10_000)
    assert compared(firm).apart == 1
    assert differing(firm)[customer_id].accepted is None
    assert why_held(firm, customer_id) == {"platform_says_less"}


def test_an_account_that_owes_nothing_any_more_leaves_no_old_difference(firm: Firm) -> None:
    _, number, customer_id = owing(firm)
    firm.books.pay(number, 50_000)
    compared(firm)
    firm.books.pay(number)
    firm.refresh()
    assert customer_id not in differing(firm)


@pytest.fixture(scope="module")
def exporter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A firm on Xero, where a contact may owe in several currencies and has its balance in the organisation's own."""
    with a_firm(tmp_path_factory.mktemp("firm"), "xero") as opened:
        yield opened


def abroad(firm: Firm, *currencies: str) -> tuple[list[str], CustomerId]:
    """A contact with an overdue invoice in each of the currencies."""
    name, customer_id = firm.customer()
    due_on = firm.bench.today()
    made = [
        firm.books.add_invoice(name, 50_000 + place, due_on, due_on, None, currency)
        for place, currency in enumerate(currencies)
    ]
    firm.refresh()
    return [one["number"] for one in made], customer_id


def state_of(firm: Firm, customer_id: CustomerId) -> dict[str, TieOutState]:
    account = firm.account(customer_id)
    return {one.currency: one.state for one in account.tie_outs}


def reports_read(firm: Firm) -> int:
    return len([one for one in firm.sandbox.traffic.calls if "/reports/" in one.path.casefold()])


@pytest.mark.parametrize("currencies", [("EUR",), ("GBP", "EUR", "USD")])
def test_what_is_owed_abroad_is_compared_with_the_report_currency_by_currency(
    exporter: Firm, currencies: tuple[str, ...]
) -> None:
    numbers, customer_id = abroad(exporter, *currencies)
    assert state_of(exporter, customer_id) == dict.fromkeys(currencies, TieOutState.TIED)
    exporter.books.pay(numbers[-1], 20_000)
    exporter.sleep(days=8)
    compared(exporter)
    assert state_of(exporter, customer_id) == {
        **dict.fromkeys(currencies, TieOutState.TIED),
        currencies[-1]: TieOutState.LESS,
    }


def test_a_currency_that_the_report_does_not_have_any_more_is_owed_nothing(exporter: Firm) -> None:
    """Paid in full, and not told: the platform says less, and nobody is asked."""
    (_, number), customer_id = abroad(exporter, "EUR", "USD")
    exporter.books.pay(number)
    exporter.sleep(days=8)
    compared(exporter)
    assert state_of(exporter, customer_id) == {"EUR": TieOutState.TIED, "USD": TieOutState.LESS}
    found = tie_out.differences(exporter.bench.store, exporter.bench.ledger.id)
    assert [(one.currency, one.theirs_minor) for one in found if one.customer_id == customer_id] == [("USD", 0)]
    exporter.refresh()
    assert state_of(exporter, customer_id) == {"EUR": TieOutState.TIED}


def test_a_prepayment_in_a_currency_of_its_own_is_tied_beside_one_that_differs(exporter: Firm) -> None:
    """The report does not have it, and what differs in euros makes nothing of that."""
    (number, _), customer_id = abroad(exporter, "EUR", "USD")
    (name,) = exporter.bench.store.row("SELECT name FROM customer WHERE id = ?", customer_id) or ("",)
    exporter.books.pay_on_account(name, 30_000, None, "CAD")
    exporter.refresh()
    exporter.books.pay(number, 20_000)
    exporter.sleep(days=8)
    compared(exporter)
    tied = dict.fromkeys(("CAD", "USD"), TieOutState.TIED)
    assert state_of(exporter, customer_id) == {**tied, "EUR": TieOutState.LESS}
    exporter.refresh()


def test_a_report_whose_currencies_cannot_be_told_is_not_taken_for_nothing_owed(exporter: Firm) -> None:
    """Without titles it says that 500.00 are owed in the organisation's own currency, where we have nothing open."""
    exporter.books.switch("report_titles", False)
    try:
        _, customer_id = abroad(exporter, "EUR")
    finally:
        exporter.books.switch("report_titles", True)
    assert state_of(exporter, customer_id) == {"EUR": TieOutState.UNREAD, "GBP": TieOutState.MORE}
    compared(exporter)


def test_what_is_dated_after_today_is_in_the_report_that_is_compared_with(exporter: Firm) -> None:
    """Our figures of today already count it, as the platform's balances do."""
    name, customer_id = exporter.customer()
    today = exporter.bench.today()
    number = exporter.books.add_invoice(name, 50_000, today, today, None, "EUR")["number"]
    exporter.books.add_invoice(name, 70_000, today + timedelta(days=9), None, None, "EUR")
    exporter.books.pay(number, 20_000, today + timedelta(days=5))
    exporter.refresh()
    assert state_of(exporter, customer_id) == {"EUR": TieOutState.TIED}


def test_the_report_of_a_contact_whose_balance_is_no_longer_told_is_read_at_once(exporter: Firm) -> None:
    """Xero tells no balance of a contact that owes nothing; what the report said a day before says nothing of it."""
    numbers, customer_id = abroad(exporter, "GBP", "EUR")
    for number in numbers:
        exporter.books.pay(number)
    compared(exporter)
    assert state_of(exporter, customer_id)["GBP"] is TieOutState.LESS
    exporter.refresh()


def test_a_report_is_read_again_only_where_something_moved_or_a_week_has_passed(tmp_path: Path) -> None:
    with a_firm(tmp_path, "xero") as firm:
        name, _ = firm.customer()
        for reads, days in ((1, 0), (1, 3), (2, 5)):
            if not days:
                firm.books.add_invoice(name, 50_000, currency="EUR")
                firm.refresh()
            firm.sleep(days=days)
            compared(firm)
            assert reports_read(firm) == reads
        firm.books.add_invoice(name, 60_000, currency="EUR")
        firm.refresh()
        assert reports_read(firm) == 3


@pytest.mark.parametrize("fault", ["forbidden", "refused", "truncated"])
def test_a_report_that_cannot_be_had_leaves_its_account_uncompared_and_no_other(exporter: Firm, fault: str) -> None:
    exporter.fault(fault, path="/reports/", times=None)
    try:
        _, customer_id = abroad(exporter, "EUR")
        _, _, at_home = owing(exporter)
        summary = compared(exporter)
    finally:
        exporter.sandbox.faults.clear()
    assert state_of(exporter, customer_id) == {"EUR": TieOutState.UNREAD}
    assert state_of(exporter, at_home) == {"GBP": TieOutState.TIED}
    assert differing(exporter)[customer_id].theirs_minor is None
    assert summary.apart <= 1  # what the test before left behind
    assert "platform_says_less" not in why_held(exporter, customer_id)


def test_a_prepayment_that_the_platform_leaves_out_of_its_balance_is_no_difference(exporter: Firm) -> None:
    name, _, customer_id = owing(exporter)
    exporter.books.pay_on_account(name, 30_000)
    exporter.refresh()
    assert state_of(exporter, customer_id) == {"GBP": TieOutState.TIED}


def test_a_prepayment_hides_no_payment_that_was_not_told(exporter: Firm) -> None:
    """The platform's balance is 1,000 without the prepayment of 300: 700 are left to pay, and we would ask for 900."""
    name, number, customer_id = owing(exporter)
    exporter.books.pay_on_account(name, 30_000)
    exporter.refresh()
    exporter.books.pay(number, 20_000)
    compared(exporter)
    found = differing(exporter)[customer_id]
    assert (found.state, found.ours_minor, found.theirs_minor) == (TieOutState.LESS, 90_000, 70_000)
    assert why_held(exporter, customer_id) == {"credit_covers", "platform_says_less"}


@pytest.mark.parametrize(
    ("compared", "apart", "too_many"), [(2, 1, False), (3, 2, True), (40, 2, False), (59, 3, True)]
)
def test_a_ledger_is_out_of_balance_above_one_in_twenty_and_never_for_one(
    compared: int, apart: int, too_many: bool
) -> None:
    assert tie_out.Summary(compared=compared, apart=apart, checked_at=MONDAY).out_of_balance is too_many


def story(puller: Puller) -> dict[tuple[str, str], int]:
    """What each account owes by the sandbox's own truth: those billed to a parent are the parent's."""
    accounts: dict[str, str] = dict(puller.store.rows("SELECT id, account_id FROM customer"))
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for (customer_id, currency), (open_minor, unapplied, remaining) in books.truth(puller.road).items():
        owed[accounts[customer_id], currency] += open_minor - unapplied - remaining
    return owed


@pytest.mark.prove
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("seed", range(1, 1 + times(2)))
def test_every_account_of_a_story_is_tied_to_the_cent(tmp_path: Path, platform: str, seed: int) -> None:
    with a_puller(tmp_path, platform, seed=seed, weeks=BUSY, page_size=250) as puller:
        puller.pull()
        now = Moment(ledger_id=puller.ledger.id, at=puller.road.clock.now(), on=puller.road.clock.now().date())
        summary = tie_out.tie_out(puller.store, puller.ledger, puller.road.connector, now)
        rows = puller.store.rows("SELECT customer_id, currency, state, ours_minor FROM tie_out")
        held = {(account_id, currency): (state, ours) for account_id, currency, state, ours in rows}
        assert summary.apart == 0
        assert held == {key: ("tied", owed) for key, owed in story(puller).items() if key in held}
        assert all(key in held for key, owed in story(puller).items() if owed)
