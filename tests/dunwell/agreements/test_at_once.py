"""Two people speak of one account at once: whoever is second hears of the first, and nothing is agreed twice."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from dunwell.agreements import bounces, claims, disputes, holds, plans, promises
from dunwell.agreements.claims import Claimed
from dunwell.agreements.disputes import Category, Objection
from dunwell.agreements.plans import Offer
from dunwell.agreements.promises import Wish
from dunwell.agreements.refusing import Refused
from strategy.account import Account
from strategy.agreements import HoldKind
from sync.bench import Bench
from sync.store import agreements
from tests.sync.firm import Firm, a_firm

Say = Callable[[Bench, Account], object]


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm")) as opened:
        yield opened


@pytest.fixture(scope="module")
def other(firm: Firm) -> Iterator[Firm]:
    """The same firm in another process's hands."""
    with firm.again() as opened:
        yield opened


def owing(firm: Firm) -> Account:
    """A customer with one invoice, three days late, of 1,200.00."""
    name, customer_id = firm.customer()
    firm.invoice(name)
    firm.refresh()
    return firm.account(customer_id)


def meanwhile(firm: Firm, other: Firm, say: Say, account: Account) -> None:
    """Say it in one process when the other has looked at everything, and is about to write."""
    said: list[str] = []

    def about_to_write(statement: str) -> None:
        if statement.startswith("BEGIN IMMEDIATE") and not said:
            said.append(statement)
            say(other.bench, account)

    firm.bench.store.on_trace(about_to_write)
    try:
        say(firm.bench, account)
    finally:
        firm.bench.store.on_trace(None)
        assert said


def promise(bench: Bench, account: Account) -> object:
    wish = Wish(on=bench.today() + timedelta(days=8), invoices=account.receivables)
    return promises.promise(bench, account, wish, "Ann")


def dispute(bench: Bench, account: Account) -> object:
    objection = Objection(category=Category.PRICE, amount=Decimal(700))
    return disputes.dispute(bench, account, account.receivables[0], objection, "Ann")


def claim(bench: Bench, account: Account) -> object:
    return claims.claim(bench, account, Claimed(rows=account.receivables), "Ann")


def hold(bench: Bench, account: Account) -> object:
    reason = holds.Reason(kind=HoldKind.PAUSED, text="they are ill")
    return holds.hold(bench, account, None, reason, "Ann")


def plan(bench: Bench, account: Account) -> object:
    return plans.agree(bench, account, an_offer(bench, account), "Ann")


def an_offer(bench: Bench, account: Account, *, proposed: bool = False) -> Offer:
    first_on = bench.today() + timedelta(days=7)
    return Offer(instalments=2, first_on=first_on, invoices=account.receivables, proposed=proposed, anyway=True)


def test_of_two_promises_at_once_one_takes_the_others_place(firm: Firm, other: Firm) -> None:
    account = owing(firm)
    meanwhile(firm, other, promise, account)
    listed = agreements.promises(firm.bench.store, firm.bench.ledger.id, ended=True)
    assert [one.state for one in listed if one.customer_id == account.customer.id] == ["superseded", "open"]


@pytest.mark.parametrize(
    ("say", "refused"),
    [
        (dispute, "700.00 USD of it is disputed already"),
        (claim, "is claimed paid already"),
        (hold, "is held already"),
        (plan, "is in payment plan 1 already"),
    ],
)
def test_what_is_said_twice_at_once_is_refused_the_second_time(firm: Firm, other: Firm, say: Say, refused: str) -> None:
    with pytest.raises(Refused, match=refused):
        meanwhile(firm, other, say, owing(firm))


def test_a_message_comes_back_once_though_two_say_so_at_once(firm: Firm, other: Firm) -> None:
    account = owing(firm)
    firm.run()
    (row,) = firm.rows(account.customer.id)
    with pytest.raises(Refused, match="is known to have come back from ap@"):
        meanwhile(firm, other, lambda bench, _: bounces.came_back(bench, row, (), "Ann"), account)


def test_of_two_proposals_for_one_invoice_the_second_is_not_accepted_and_names_the_first(firm: Firm) -> None:
    account = owing(firm)
    first, second = (
        plans.agree(firm.bench, account, an_offer(firm.bench, account, proposed=True), "Ann")[0] for _ in range(2)
    )
    assert plans.accept(firm.bench, first, "Ann")
    number = account.receivables[0].number
    says = f"invoice {number} is in payment plan {first} already; end that one first: "
    with pytest.raises(Refused, match=f"{says}dunwell payment-plan end brindle {first}"):
        plans.accept(firm.bench, second, "Ann")
    assert not plans.accept(firm.bench, first, "Ann")
    plans.end(firm.bench, first, "Ann")
    assert plans.accept(firm.bench, second, "Ann")


def test_a_proposal_is_not_accepted_once_its_first_day_is_over_or_nothing_of_it_is_open(firm: Firm) -> None:
    late, paid = owing(firm), owing(firm)
    numbers = [plans.agree(firm.bench, one, an_offer(firm.bench, one, proposed=True), "Ann")[0] for one in (late, paid)]
    firm.books.pay(paid.receivables[0].number)
    firm.refresh()
    with pytest.raises(Refused, match=f"nothing of payment plan {numbers[1]} is open any more"):
        plans.accept(firm.bench, numbers[1], "Ann", anyway=True)
    firm.sleep(days=8)
    firm.refresh()
    with pytest.raises(Refused, match=rf"{numbers[0]}, .* is over: .* dunwell payment-plan end brindle {numbers[0]}"):
        plans.accept(firm.bench, numbers[0], "Ann", anyway=True)


def test_what_the_strategy_does_not_allow_when_it_is_accepted_wants_a_person_to_say_so(firm: Firm) -> None:
    account = owing(firm)
    number, _ = plans.agree(firm.bench, account, an_offer(firm.bench, account, proposed=True), "Ann")
    reason = holds.Reason(kind=HoldKind.INSOLVENT, text="the court has said so")
    holds.hold(firm.bench, account, None, reason, "Ann")
    with pytest.raises(Refused, match=r"is held .* --anyway makes the plan all the same"):
        plans.accept(firm.bench, number, "Ann")
    assert plans.accept(firm.bench, number, "Ann", anyway=True)
