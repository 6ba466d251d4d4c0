"""Odd books, and people who contradict themselves: each ends in a result and its sentence, by the real road, from the
platform's books through commands into the plan.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from strategy.model import CustomerId
from sync.store import journal
from sync.store.outbox import Kind
from tests.dunwell.cli.desk import Desk
from tests.sync.firm import STRATEGY, Firm, a_firm

KNOWN_OR_NOT = f"""{STRATEGY}
[[segment]]
name     = "large"
when     = "overdue > large"
schedule = "standard"

[[segment]]
name     = "not large"
when     = "not overdue > large"
schedule = "standard"

[[segment]]
name     = "everyone else"
schedule = "standard"
"""
"""No amount has a figure in Swiss francs."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("firm")


@pytest.fixture(scope="module")
def firm(folder: Path) -> Iterator[Firm]:
    """Every test has customers of its own."""
    with a_firm(folder, "xero", strategy=KNOWN_OR_NOT) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(firm: Firm, folder: Path) -> Desk:
    """Where commands are typed, for the same firm."""
    return Desk(folder)


class Decided:
    """What a run that has read the books makes of an invoice: the contact of today, and the sentences."""

    def __init__(self, firm: Firm, desk: Desk, number: str) -> None:
        firm.run(send=False)
        found = desk.did("explain", "brindle", number, "--json").json
        self.asked = [one["amount"] for one in found["asked"]]
        self.held = [(one["amount"], why["code"]) for one in found["held"] for why in one["reasons"]]
        self.sentences = found["text"]


def test_a_currency_without_a_figure_makes_a_test_unknown_and_no_minimum(firm: Firm, desk: Desk) -> None:
    name, _ = firm.customer()
    long_ago = firm.bench.today() - timedelta(days=40)
    number = firm.books.add_invoice(name, 1_000, long_ago, long_ago + timedelta(days=30), currency="CHF")["number"]
    found = Decided(firm, desk, number)
    assert found.asked == ["10.00"]
    assert 'In segment "everyone else", which takes every account that no segment above it takes.' in found.sentences


def test_an_invoice_without_a_due_date_is_due_by_its_terms_and_the_books_want_one(firm: Firm, desk: Desk) -> None:
    name, _ = firm.customer()
    number = firm.invoice(name, days_late=10)
    ledger, invoice = firm.sandbox.dialects["xero"].ledger, firm.invoice_of(number)
    with ledger.turn() as now:
        invoice.due_on = None
        ledger.books.touch(now, invoice)
    found = Decided(firm, desk, number)
    assert found.asked == ["1200.00"]
    assert found.sentences[0].endswith("due on 2026-02-20, 10 days overdue.")
    said = f"invoice {number}\tIt has no due date; 2026-02-20 is assumed. Give it one in the books."
    assert said in desk.dunwell("check").out


def test_a_negative_balance_is_asked_for_nothing_and_the_bookkeeper_is(firm: Firm, desk: Desk) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name, days_late=10)
    credit = firm.books.add_credit(name, 150_000)["number"]
    found = Decided(firm, desk, number)
    assert (found.asked, found.held) == ([], [("1200.00", "credit_covers")])
    assert f"Unapplied credit covers it ({credit}): apply it in the books." in found.sentences
    assert [row.act for row in firm.rows(customer_id, Kind.TASK)] == ["apply-credit"]


def test_a_strategy_with_accounts_in_no_segment_is_not_run(desk: Desk, tmp_path: Path) -> None:
    other = desk.copy(tmp_path / "firm")
    other.write("strategies/test.toml", KNOWN_OR_NOT.rpartition("\n[[segment]]")[0])
    code, said = other.failed("run")
    assert code == 2
    assert said.startswith(
        'strategies/test.toml:13:1: the last segment, "not large", has a condition: some accounts would be in none; '
        'add a last one without "when"\n'
    )


def test_a_profile_row_for_an_unknown_customer_is_refused_and_one_that_is_there_stops_nothing(
    firm: Firm, desk: Desk
) -> None:
    name, _ = firm.customer()
    number = firm.invoice(name, days_late=10)
    file = desk.write("profiles.csv", "customer,language\nnobody,de\n")
    assert desk.failed("profile", "brindle", "--import", str(file)) == (
        2,
        (
            'profiles.csv:2: there is no customer "nobody" in brindle; dunwell customers brindle lists them\n'
            "Nothing of profiles.csv was applied."
        ),
    )
    with firm.bench.store.transaction():
        journal.set_profile(firm.bench.store, firm.bench.moment("Ann"), CustomerId("gone"), "language", "de")
    assert Decided(firm, desk, number).asked == ["1200.00"]


def test_a_promise_beyond_the_balance_is_refused_and_one_that_the_balance_fell_below_holds_what_is_open(
    firm: Firm, desk: Desk
) -> None:
    name, _ = firm.customer()
    number = firm.invoice(name, days_late=10)
    firm.refresh()
    promise = ("promise", "add", "brindle", name, "--on", "2026-03-09")
    assert desk.failed(*promise, "--amount", "5000") == (
        2,
        f"5,000.00 GBP is more than the 1,200.00 GBP that {name} owes on {number}",
    )
    desk.did(*promise)
    firm.books.pay(number, 100_000, firm.bench.today() - timedelta(days=1))
    found = Decided(firm, desk, number)
    assert (found.asked, found.held) == ([], [("200.00", "promised")])


def test_a_plan_on_a_voided_invoice_is_over_and_none_is_made_for_one(firm: Firm, desk: Desk) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name, days_late=10)
    firm.refresh()
    plan = ("payment-plan", "add", "brindle", name, "--instalments", "3", "--first", "2026-03-16", "--invoice", number)
    desk.did(*plan)
    firm.books.void(number)
    found = Decided(firm, desk, number)
    assert found.sentences == [f"Invoice {number} of {name}: it is voided, so nothing is asked for it."]
    (listed,) = [row for row in desk.did("payment-plan", "list", "brindle").rows if row[2] == customer_id]
    assert (listed[3], listed[5:7]) == ("void", ["0.00", "0.00"])
    assert desk.failed(*plan) == (2, f"nothing is open of invoice {number}: it is paid, credited or void")


def test_two_contradictory_holds_both_hold_and_a_person_is_asked_which_is_right(firm: Firm, desk: Desk) -> None:
    name, customer_id = firm.customer()
    number = firm.invoice(name, days_late=10)
    firm.refresh()
    hold = ("hold", "add", "brindle", name, "--kind")
    one = desk.did(*hold, "direct-debit", "--reason", "mandate 17").out.split(":")[0].split()[1]
    other = desk.did(*hold, "insolvent", "--reason", "court").out.split(":")[0].split()[1]
    found = Decided(firm, desk, number)
    assert (found.asked, found.held) == ([], [("1200.00", "direct_debit"), ("1200.00", "insolvent")])
    asked = {row.act: row for row in firm.rows(customer_id, Kind.TASK)}
    assert asked.keys() == {"exclusion", "holds-disagree"}
    said = (
        f"Hold {one} (direct debit) and hold {other} (insolvent) cannot both be right. Both stand until one is ended."
    )
    assert said in desk.did("tasks", "brindle").out
