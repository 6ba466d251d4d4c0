"""What settled an invoice counts once, for what it was, and from the day it came: promises, plans and disputes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dunwell.agreements import claims, disputes, plans, promises
from dunwell.agreements.disputes import Category, Objection
from dunwell.agreements.refusing import Refused
from dunwell.cli.commands import claims as claiming
from strategy.agreements import DisputeOutcome, Every
from strategy.disputes import rests
from strategy.model import CustomerId
from strategy.plans import Standing
from strategy.promises import Verdict
from sync.store import agreements
from tests.sync.firm import Firm, a_firm, a_ladder, with_strategy

LADDER = a_ladder('first = { at = "due + 2", say = "friendly" }\nsecond = { at = "due + 9", say = "reminder" }\n')


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """On Xero, where money that no invoice took is a prepayment."""
    with a_firm(tmp_path_factory.mktemp("firm"), "xero", strategy=LADDER) as opened:
        yield opened


def owes(firm: Firm, amount: int, **invoice: int) -> tuple[str, CustomerId, str]:
    """A customer with one invoice: its name, its id and the invoice's number."""
    name, customer_id = firm.customer()
    number = firm.invoice(name, amount=amount, **invoice)
    firm.refresh()
    return name, customer_id, number


def credit(firm: Firm, name: str, number: str, amount: int) -> None:
    """A credit note is given and used for the invoice today, and read."""
    firm.books.add_credit(name, amount)
    firm.apply_credit(number)
    firm.refresh()


def dispute(firm: Firm, customer_id: CustomerId, amount: Decimal | None) -> int:
    account = firm.account(customer_id)
    objection = Objection(category=Category.PRICE, amount=amount)
    return disputes.dispute(firm.bench, account, account.receivables[0], objection, "Ann")[0]


def find_valid(firm: Firm, number: int) -> int:
    """They are right; what is expected."""
    return disputes.resolve(firm.bench, number, DisputeOutcome.VALID, None, "Ann")[0]


def rested(firm: Firm, customer_id: CustomerId) -> list[int]:
    account = firm.account(customer_id)
    return [rests(account, one) or 0 for one in account.disputes]


def asked(firm: Firm, customer_id: CustomerId) -> list[int]:
    """What each message to the customer asked for."""
    return [sum(one.asked_minor for one in row.touchpoint().invoices) for row in firm.rows(customer_id)]


def verdicts(firm: Firm, customer_id: CustomerId) -> list[Verdict]:
    return [one.verdict for one in promises.judged(firm.bench, firm.account(customer_id))]


def test_an_instalment_may_be_paid_in_advance(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 90_000, days_late=1)
    first_on = firm.bench.today() + timedelta(days=3)
    plans.agree(firm.bench, firm.account(customer_id), plans.Offer(instalments=3, first_on=first_on), "Ann")
    firm.sleep(days=1)
    firm.books.pay_on_account(name, 30_000)
    firm.apply_money(number)
    firm.next_days(13)
    (judged,) = plans.standing(firm.bench, firm.account(customer_id))
    assert judged.standing is Standing.ACTIVE
    assert [one.amount_minor for one in judged.instalments] == [30_000, 30_000, 30_000]
    assert [one.paid_minor for one in judged.instalments] == [30_000, 0, 0]
    assert asked(firm, customer_id) == []


def test_what_a_plan_that_was_not_kept_still_holds_is_in_no_other_before_it_is_ended(firm: Firm) -> None:
    _, customer_id, _ = owes(firm, 90_000)
    slow = with_strategy(firm.bench, f"{LADDER}\n[plan]\naccelerate = false\n")
    tomorrow = firm.bench.today() + timedelta(days=1)
    offer = plans.Offer(instalments=9, first_on=tomorrow, every=Every.WEEK, anyway=True)
    first, _ = plans.agree(slow, firm.account(customer_id), offer, "Ann")
    firm.next_days(14)
    again = replace(offer, first_on=firm.bench.today() + timedelta(days=1))
    with pytest.raises(Refused, match=f"is in payment plan {first} already; end that one first"):
        plans.agree(slow, firm.account(customer_id), again, "Ann")
    plans.end(slow, first, "Ann")
    assert plans.agree(slow, firm.account(customer_id), again, "Ann")


def test_money_that_had_come_before_a_plan_pays_an_instalment_when_it_is_used(firm: Firm) -> None:
    """What else was paid before, however long ago, is no part of the plan."""
    name, customer_id, number = owes(firm, 150_000, days_late=500)
    today = firm.bench.today()
    firm.books.pay_on_account(name, 30_000, paid_on=today - timedelta(days=2))
    firm.books.pay(number, 50_000, paid_on=today - timedelta(days=450))
    firm.books.pay(number, 10_000, paid_on=today)
    firm.refresh()
    offer = plans.Offer(instalments=3, first_on=today + timedelta(days=3))
    _, made = plans.agree(firm.bench, firm.account(customer_id), offer, "Ann")
    assert [one.left_minor for one in made.instalments] == [30_000, 30_000, 30_000]
    firm.sleep(days=14)
    firm.apply_money(number)
    firm.refresh()
    (judged,) = plans.standing(firm.bench, firm.account(customer_id))
    assert judged.standing is Standing.ACTIVE
    assert [one.left_minor for one in judged.instalments] == [0, 30_000, 30_000]


def test_money_paid_in_advance_is_not_the_credit_note_of_a_dispute(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 100_000)
    find_valid(firm, dispute(firm, customer_id, Decimal(300)))
    firm.books.pay_on_account(name, 70_000)
    firm.apply_money(number)
    firm.refresh()
    firm.run()
    assert asked(firm, customer_id) == []
    assert firm.account(customer_id).disputes[0].closed_on is None


def test_money_that_had_come_before_a_promise_is_no_part_of_it_when_it_is_used(firm: Firm) -> None:
    """It was taken off the promise already."""
    name, customer_id, number = owes(firm, 100_000)
    firm.books.pay_on_account(name, 30_000)
    firm.sleep(days=1)
    firm.refresh()
    wish = promises.Wish(on=firm.bench.today() + timedelta(days=9))
    made = promises.promise(firm.bench, firm.account(customer_id), wish, "Ann")
    assert made.amount_minor == 70_000
    firm.sleep(days=1)
    firm.apply_money(number)
    firm.refresh()
    firm.run()
    assert asked(firm, customer_id) == []


def test_money_that_came_in_time_keeps_a_promise_whenever_it_is_used(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 100_000)
    wish = promises.Wish(on=firm.bench.today() + timedelta(days=3))
    promises.promise(firm.bench, firm.account(customer_id), wish, "Ann")
    firm.sleep(days=1)
    firm.books.pay_on_account(name, 100_000)
    firm.sleep(days=14)
    firm.apply_money(number)
    firm.refresh()
    assert verdicts(firm, customer_id) == [Verdict.KEPT]


def test_money_that_was_on_its_way_keeps_a_promise_and_what_was_paid_long_before_does_not(firm: Firm) -> None:
    """The transfer is of the day before they promised, and reached the books after that."""
    _, customer_id, number = owes(firm, 200_000, days_late=500)
    today = firm.bench.today()
    firm.books.pay(number, 100_000, paid_on=today - timedelta(days=450))
    firm.refresh()
    made = promises.promise(firm.bench, firm.account(customer_id), promises.Wish(on=today + timedelta(days=3)), "Ann")
    assert (made.amount_minor, verdicts(firm, customer_id)) == (100_000, [Verdict.PENDING])
    firm.sleep(days=1)
    firm.books.pay(number, 100_000, paid_on=today - timedelta(days=1))
    firm.refresh()
    assert verdicts(firm, customer_id) == [Verdict.KEPT]


@pytest.mark.parametrize("amount", [Decimal(600), Decimal(400)])
def test_a_promise_is_of_what_is_open_when_it_is_made(firm: Firm, amount: Decimal) -> None:
    """Not of what came on the same day, before it."""
    _, customer_id, number = owes(firm, 100_000, days_late=1)
    firm.books.pay(number, 40_000)
    firm.refresh()
    account = firm.account(customer_id)
    wish = promises.Wish(on=firm.bench.today() + timedelta(days=10), amount=amount, invoices=account.receivables)
    promises.promise(firm.bench, account, wish, "Ann")
    (judged,) = promises.judged(firm.bench, firm.account(customer_id))
    assert judged.verdict is Verdict.PENDING
    assert sum(judged.left.values()) == amount * 100


def test_credit_that_came_while_all_of_an_invoice_was_disputed_is_not_what_is_expected_of_the_rest(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 100_000)
    raised = dispute(firm, customer_id, None)
    credit(firm, name, number, 20_000)
    assert find_valid(firm, raised) == 80_000
    firm.run()
    assert asked(firm, customer_id) == []
    credit(firm, name, number, 80_000)
    assert rested(firm, customer_id) == [0]


def test_credit_of_the_day_of_a_dispute_but_before_it_is_not_what_is_expected(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 100_000)
    credit(firm, name, number, 20_000)
    find_valid(firm, dispute(firm, customer_id, Decimal(200)))
    assert rested(firm, customer_id) == [20_000]
    credit(firm, name, number, 20_000)
    assert rested(firm, customer_id) == [0]


def test_a_credit_note_that_came_before_the_outcome_is_the_one_that_is_expected(firm: Firm) -> None:
    """Of a part of an invoice it is expected once, whichever the bookkeeper enters first."""
    name, customer_id, number = owes(firm, 100_000)
    raised = dispute(firm, customer_id, Decimal(200))
    credit(firm, name, number, 20_000)
    find_valid(firm, raised)
    assert rested(firm, customer_id) == [0]


def test_a_credit_note_with_an_earlier_day_that_came_after_a_dispute_is_the_one_that_is_expected(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 100_000, days_late=9)
    find_valid(firm, dispute(firm, customer_id, Decimal(400)))
    firm.books.add_credit(name, 40_000, firm.bench.today() - timedelta(days=5))
    firm.apply_credit(number, days_ago=5)
    firm.refresh()
    assert rested(firm, customer_id) == [0]


def test_of_two_disputes_each_waits_for_its_own_credit_note(firm: Firm) -> None:
    name, customer_id, number = owes(firm, 100_000)
    for raised in (dispute(firm, customer_id, Decimal(100)), dispute(firm, customer_id, Decimal(100))):
        find_valid(firm, raised)
    credit(firm, name, number, 10_000)
    firm.run()
    assert asked(firm, customer_id) == [80_000]
    firm.next_days(1)
    assert rested(firm, customer_id) == [0, 10_000]


def test_what_rests_of_a_dispute_is_what_cannot_be_disputed_again(firm: Firm) -> None:
    """They were right about a part, and the credit note for that is in the books."""
    name, customer_id, number = owes(firm, 100_000)
    raised = dispute(firm, customer_id, Decimal(700))
    disputes.resolve(firm.bench, raised, DisputeOutcome.PARTIAL, Decimal(200), "Ann")
    credit(firm, name, number, 20_000)
    assert rested(firm, customer_id) == [0]
    dispute(firm, customer_id, Decimal(800))
    with pytest.raises(Refused, match=re.escape("and 800.00 GBP of it is disputed already")):
        dispute(firm, customer_id, Decimal("0.01"))


def test_money_in_advance_is_on_the_list_to_match_claims_from_and_a_credit_note_is_not(firm: Firm) -> None:
    name, customer_id, _ = owes(firm, 100_000)
    firm.books.pay_on_account(name, 30_000)
    firm.books.add_credit(name, 20_000)
    firm.refresh()
    account = firm.account(customer_id)
    number, _ = claims.claim(firm.bench, account, claims.Claimed(rows=account.receivables), "Ann")
    (listed,) = (one for one in agreements.claims(firm.bench.store, firm.bench.ledger.id) if one.id == number)
    assert [one.amount_minor for one in claiming.unapplied(firm.bench, listed)] == [30_000]


def test_a_claim_none_of_whose_invoices_is_open_is_no_work_any_more(firm: Firm) -> None:
    _, customer_id, number = owes(firm, 100_000)
    account = firm.account(customer_id)
    made, _ = claims.claim(firm.bench, account, claims.Claimed(rows=account.receivables), "Ann")

    def listed(*, ended: bool = False) -> bool:
        return any(one.id == made for one in agreements.claims(firm.bench.store, firm.bench.ledger.id, ended=ended))

    assert listed()
    firm.books.pay(number)
    firm.refresh()
    assert (listed(), listed(ended=True)) == (False, True)
