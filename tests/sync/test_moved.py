"""What was said and agreed of an invoice goes with it, to whoever's account it is on today."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connectors.errors import OutcomeUnknown
from dunwell.agreements import claims, disputes, holds, plans, promises, touches
from dunwell.agreements.claims import Claimed
from dunwell.agreements.disputes import Category, Objection
from dunwell.agreements.holds import Reason
from dunwell.agreements.plans import Offer
from dunwell.agreements.promises import Wish
from dunwell.agreements.touches import Made
from strategy.account import Receivable
from strategy.agreements import DisputeOutcome, Every, HoldKind
from strategy.model import CustomerId
from strategy.plans import Standing, judge
from sync import dossier
from sync.store import agreeing, agreements
from sync.store.outbox import Kind, State
from tests.sync.firm import CURRENCY, Firm, a_firm, a_ladder

LADDER = a_ladder('first = { at = "due + 2", say = "friendly" }\nsecond = { at = "due + 16", say = "reminder" }')


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """On QuickBooks, which does not say into whom it merged a customer."""
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=LADDER) as opened:
        yield opened


@pytest.fixture
def firm(opened: Firm) -> Firm:
    """On a Tuesday: it is a business day, and so are the next one and those of the weeks after."""
    opened.sleep(days=(1 - opened.bench.today().weekday()) % 7)
    return opened


def asked(firm: Firm, customer_id: CustomerId) -> list[tuple[str, list[str]]]:
    """What a customer was asked for: step and invoices, oldest first."""
    sent = (row for row in firm.rows(customer_id) if row.state in {State.SENT, State.UNKNOWN})
    return [(row.act, [one.number for one in row.touchpoint().invoices]) for row in sent]


def row_of(firm: Firm, customer_id: CustomerId, number: str) -> Receivable:
    return next(one for one in firm.account(customer_id).receivables if one.number == number)


def in_days(firm: Firm, days: int) -> date:
    return firm.bench.today() + timedelta(days=days)


def two(firm: Firm, *, days_late: int = 3) -> tuple[CustomerId, str, CustomerId]:
    """A customer, its one invoice, and another customer who owes nothing."""
    name, customer_id = firm.customer()
    number = firm.invoice(name, days_late=days_late)
    _, other = firm.customer()
    firm.refresh()
    return customer_id, number, other


@pytest.mark.parametrize("outcome", [State.SENT, State.UNKNOWN])
def test_a_letter_is_not_sent_again_after_a_merger(firm: Firm, outcome: State) -> None:
    loser, number, winner = two(firm)
    if outcome is State.UNKNOWN:
        firm.post.fails[loser] = OutcomeUnknown("the line went dead")
    firm.run()
    assert firm.states(loser) == [outcome]
    firm.merge(loser, winner)
    firm.next_days()
    firm.next_days(6)
    assert asked(firm, winner) == []
    firm.next_days(8)
    assert asked(firm, winner) == ([("second", [number])] if outcome is State.SENT else [])


def test_a_customer_who_was_merged_is_the_survivors_until_somebody_makes_it_active_again(firm: Firm) -> None:
    loser, _, winner = two(firm)
    firm.merge(loser, winner)
    firm.refresh()
    assert [one.id for one in firm.account(winner).members] == [loser]
    firm.make_active(loser)
    firm.refresh()
    assert firm.account(winner).members == ()


def test_a_customer_who_is_archived_and_keeps_an_invoice_was_merged_with_nobody(firm: Firm) -> None:
    name, customer_id = firm.customer()
    moved, _ = firm.invoice(name), firm.invoice(name)
    _, other = firm.customer()
    firm.refresh()
    firm.give(moved, other)
    firm.archive(customer_id)
    firm.refresh()
    assert firm.account(other).members == ()


def agreed_on(firm: Firm, customer_id: CustomerId, numbers: list[str]) -> None:
    """One invoice each is disputed, promised, claimed, held and in a plan."""
    rows = [row_of(firm, customer_id, number) for number in numbers]
    bench, account, later = firm.bench, firm.account(customer_id), in_days(firm, 30)
    disputes.dispute(bench, account, rows[0], Objection(category=Category.NOT_OURS), "Ann")
    promises.promise(bench, account, Wish(on=later, invoices=(rows[1],)), "Ann")
    claims.claim(bench, account, Claimed(rows=(rows[2],), until=later), "Ann")
    holds.hold(bench, account, rows[3], Reason(kind=HoldKind.LEGAL, text="in court"), "Ann")
    offer = Offer(instalments=2, first_on=later, invoices=(rows[4],), anyway=True)
    plans.agree(bench, firm.account(customer_id), offer, "Ann")


WHY = ["disputed", "promised", "claimed_paid", "legal", "planned"]


def why_held(firm: Firm, customer_id: CustomerId) -> list[str]:
    """What holds the account's invoices, in their order."""
    held = firm.decision(customer_id).held
    return [one.reasons[0].code for one in sorted(held, key=lambda one: one.number)]


def test_what_was_agreed_of_invoices_goes_with_them_to_another_customer(firm: Firm) -> None:
    name, customer_id = firm.customer()
    numbers = [firm.invoice(name) for _ in range(5)]
    _, other = firm.customer()
    firm.refresh()
    agreed_on(firm, customer_id, numbers)
    for number in numbers:
        firm.give(number, other)
    firm.next_days()
    assert (asked(firm, other), why_held(firm, other)) == ([], WHY)
    listed_disputes = [one.number for one in agreements.disputes(firm.bench.store, 1) if one.customer_id == other]
    listed_holds = [one.number for one in agreements.holds(firm.bench.store, 1) if one.customer_id == other]
    assert (listed_disputes, listed_holds) == ([numbers[0]], [numbers[3]])
    left = firm.account(customer_id)
    assert (left.disputes, left.promises, left.holds, left.plans) == ((), (), (), ())


def test_what_was_agreed_with_a_parent_goes_with_the_child_that_is_billed_for_itself_again(firm: Firm) -> None:
    _, parent = firm.customer()
    name, child = firm.customer()
    firm.bill_with_parent(child, parent)
    numbers = [firm.invoice(name) for _ in range(5)]
    firm.refresh()
    agreed_on(firm, parent, numbers)
    firm.bill_with_parent(child, None)
    firm.next_days()
    assert (asked(firm, child), why_held(firm, child)) == ([], WHY)


def promised(firm: Firm, customer_id: CustomerId) -> list[int]:
    """The amounts of the account's promises, invoice by invoice."""
    return [minor for one in firm.account(customer_id).promises for _, minor in one.amounts]


def test_a_promise_over_invoices_of_two_accounts_is_each_accounts_for_its_own(firm: Firm) -> None:
    name, customer_id = firm.customer()
    moved, _ = firm.invoice(name), firm.invoice(name, amount=50_000)
    _, other = firm.customer()
    firm.refresh()
    promises.promise(firm.bench, firm.account(customer_id), Wish(on=in_days(firm, 30)), "Ann")
    firm.give(moved, other)
    firm.next_days()
    assert (asked(firm, customer_id), asked(firm, other)) == ([], [])
    assert promised(firm, customer_id) == [50_000]
    assert promised(firm, other) == [120_000]


def test_a_newer_promise_of_the_new_account_leaves_what_the_old_one_promised_of_its_own(firm: Firm) -> None:
    name, customer_id = firm.customer()
    moved, _ = firm.invoice(name), firm.invoice(name, amount=50_000)
    _, other = firm.customer()
    firm.refresh()
    first = promises.promise(firm.bench, firm.account(customer_id), Wish(on=in_days(firm, 30)), "Ann")
    firm.give(moved, other)
    firm.refresh()
    newer = promises.promise(firm.bench, firm.account(other), Wish(on=in_days(firm, 20)), "Ann")
    assert (newer.replaced, [[part for _, part in one.amounts] for one in newer.shortened]) == ((), [[50_000]])
    firm.next_days()
    assert [one.id for one in firm.account(other).promises] == [newer.id]
    assert (asked(firm, customer_id), promised(firm, customer_id)) == ([], [50_000])
    last = promises.promise(firm.bench, firm.account(customer_id), Wish(on=in_days(firm, 25)), "Ann")
    assert (last.replaced, last.shortened) == ((first.id,), ()), "nothing stands of it any more"


def a_plan_of_two(firm: Firm) -> tuple[CustomerId, str, str, CustomerId]:
    """1,500.00 in two parts, a fortnight apart, on an invoice of 600.00 and one of 900.00; and another customer."""
    name, customer_id = firm.customer()
    older, newer = (firm.invoice(name, amount=amount, days_late=late) for amount, late in ((60_000, 9), (90_000, 8)))
    _, other = firm.customer()
    firm.refresh()
    offer = Offer(instalments=2, first_on=in_days(firm, 3), every=Every.FORTNIGHT, anyway=True)
    plans.agree(firm.bench, firm.account(customer_id), offer, "Ann")
    return customer_id, older, newer, other


def left(firm: Firm, customer_id: CustomerId, days_ago: int = 0) -> tuple[Standing, list[int]]:
    """Where the account's plan stands, or stood, and what is still to come of each instalment."""
    on = in_days(firm, -days_ago)
    account = firm.account(customer_id, days_ago)
    (judged,) = judge(account, firm.bench.settings.strategy, firm.bench.calendar(on), on)
    return judged.standing, [one.left_minor for one in judged.instalments]


def test_of_a_plan_over_invoices_of_two_accounts_each_has_its_part_of_every_instalment(firm: Firm) -> None:
    customer_id, older, newer, other = a_plan_of_two(firm)
    firm.give(newer, other)
    firm.refresh()
    assert left(firm, customer_id) == (Standing.ACCEPTED, [60_000, 0])
    assert left(firm, other) == (Standing.ACCEPTED, [15_000, 75_000])
    (told,) = dossier.agreed(firm.bench, firm.account(other), CURRENCY[firm.platform])
    assert told[4:6] == (newer, Decimal("900.00")), "the other's invoice is the other's"
    firm.sleep(days=3)
    firm.books.pay(older)
    firm.books.pay(newer, 15_000)
    firm.next_days(11)
    assert (left(firm, customer_id)[0], left(firm, other)) == (Standing.COMPLETED, (Standing.ACTIVE, [0, 75_000]))
    assert left(firm, other, days_ago=12) == (Standing.ACCEPTED, [15_000, 75_000])
    firm.next_days(21)
    assert (left(firm, customer_id)[0], left(firm, other)[0]) == (Standing.COMPLETED, Standing.DEFAULTED)


def test_a_plan_that_is_kept_is_kept_by_either_account_after_one_of_its_invoices_moved(firm: Firm) -> None:
    customer_id, older, newer, other = a_plan_of_two(firm)
    firm.sleep(days=3)
    firm.books.pay(newer, 75_000)
    firm.sleep(days=11)
    firm.refresh()
    firm.give(newer, other)
    firm.next_days()
    assert left(firm, customer_id) == (Standing.ACTIVE, [0, 60_000])
    assert left(firm, other) == (Standing.ACTIVE, [0, 15_000])
    assert (asked(firm, customer_id), asked(firm, other)) == ([("soon", [older])], [("soon", [newer])])


@pytest.mark.parametrize("end", ["void", "delete"])
def test_an_invoice_of_a_plan_that_is_void_is_none_of_it_on_whatever_account_it_was(firm: Firm, end: str) -> None:
    customer_id, older, _, other = a_plan_of_two(firm)
    firm.give(older, other)
    firm.refresh()
    assert left(firm, customer_id) == (Standing.ACCEPTED, [15_000, 75_000])
    if end == "void":
        firm.books.void(older)
    else:
        firm.books.delete("invoice", older)
    firm.refresh()
    assert left(firm, customer_id) == (Standing.ACCEPTED, [75_000, 15_000])


def test_a_dispute_that_was_settled_is_closed_where_its_invoice_is(firm: Firm) -> None:
    customer_id, number, other = two(firm)
    row = row_of(firm, customer_id, number)
    made, _ = disputes.dispute(
        firm.bench, firm.account(customer_id), row, Objection(category=Category.PRICE, amount=Decimal(200)), "Ann"
    )
    disputes.resolve(firm.bench, made, DisputeOutcome.VALID, None, "Ann")
    firm.give(number, other)
    firm.books.pay(number)
    firm.next_days()
    firm.next_days()
    assert [one.closed_on is None for one in firm.account(other).disputes] == [False]


def test_a_letter_about_an_invoice_is_not_sent_again_by_its_new_account_and_keeps_the_gap(firm: Firm) -> None:
    customer_id, number, other = two(firm)
    firm.run()
    assert asked(firm, customer_id) == [("first", [number])]
    firm.give(number, other)
    firm.next_days()
    firm.next_days(6)
    assert asked(firm, other) == []
    firm.next_days(8)
    assert asked(firm, other) == [("second", [number])]


def test_the_new_accounts_own_invoice_is_asked_for_after_the_gap_from_the_ladders_beginning(firm: Firm) -> None:
    _, moved, other = two(firm)
    firm.run()
    name = firm.account(other).customer.name
    own = firm.invoice(name, days_late=5)
    firm.give(moved, other)
    firm.next_days()
    assert asked(firm, other) == []
    firm.next_days(6)
    assert [(act, numbers[0]) for act, numbers in asked(firm, other)] == [("first", own)]


def test_a_step_that_was_said_is_one_of_the_new_accounts_case_whatever_number_that_has(firm: Firm) -> None:
    name, other = firm.customer()
    early = firm.invoice(name)
    firm.refresh()
    firm.run()
    firm.books.pay(early)
    firm.next_days()
    firm.next_days(13)
    customer_id, number, _ = two(firm)
    firm.run()
    firm.give(number, other)
    firm.next_days()
    assert [one.number for one in firm.account(other).cases if one.closed_on is None] == [2]
    firm.next_days(6)
    assert asked(firm, other) == [("first", [early])]
    firm.next_days(8)
    assert (asked(firm, customer_id), asked(firm, other)) == (
        [("first", [number])],
        [("first", [early]), ("second", [number])],
    )


def test_a_step_is_said_of_the_next_invoice_after_what_had_moved_is_paid(firm: Firm) -> None:
    name, other = firm.customer()
    _, moved, _ = two(firm)
    firm.run()
    own = firm.invoice(name, days_late=5)
    firm.give(moved, other)
    firm.next_days()
    firm.next_days(6)
    firm.books.pay(moved)
    firm.books.pay(own)
    last = firm.invoice(name)
    firm.next_days(7)
    assert [(act, numbers[0]) for act, numbers in asked(firm, other)] == [("first", own), ("first", last)]


def test_a_letter_that_may_have_left_stops_the_account_that_its_invoice_is_on(firm: Firm) -> None:
    customer_id, number, other = two(firm)
    firm.post.fails[customer_id] = OutcomeUnknown("the line went dead")
    firm.run()
    firm.give(number, other)
    firm.next_days(7)
    assert (asked(firm, other), why_held(firm, other)) == ([], ["outcome_unknown"])


def test_a_call_that_somebody_noted_keeps_the_gap_of_the_account_that_its_invoice_is_on(firm: Firm) -> None:
    customer_id, number, other = two(firm)
    made = Made(
        on=firm.bench.today(), channel="call", what="They look into it.", rows=(row_of(firm, customer_id, number),)
    )
    touches.note(firm.bench, firm.account(customer_id), made, "Ann")
    firm.give(number, other)
    firm.next_days()
    assert asked(firm, other) == []
    firm.next_days(6)
    assert asked(firm, other) == [("first", [number])]


def test_a_hold_on_a_whole_account_goes_on_for_what_leaves_the_account_and_for_nothing_else(firm: Firm) -> None:
    _, parent = firm.customer()
    name, child = firm.customer()
    firm.bill_with_parent(child, parent)
    numbers = [firm.invoice(name), firm.invoice(name)]
    firm.refresh()
    lawyer = Reason(kind=HoldKind.DO_NOT_CONTACT, text="Their lawyer writes for them.")
    held = holds.hold(firm.bench, firm.account(parent), None, lawyer, "Ann")
    firm.bill_with_parent(child, None)
    firm.refresh()
    new = firm.invoice(name, days_late=5)
    firm.next_days()
    assert asked(firm, child) == [("first", [new])]
    assert why_held(firm, child)[:2] == ["do_not_contact"] * 2
    assert [row.act for row in firm.rows(child, Kind.TASK)] == ["exclusion"]
    agreeing.end_hold(firm.bench.store, firm.bench.moment("Ann"), held)
    firm.next_days(14)
    assert {*numbers} <= {one for _, several in asked(firm, child) for one in several}


def test_a_hold_that_is_given_to_the_old_account_later_is_none_of_the_invoices_that_left(firm: Firm) -> None:
    customer_id, number, other = two(firm)
    firm.give(number, other)
    firm.refresh()
    lawyer = Reason(kind=HoldKind.DO_NOT_CONTACT, text="Their lawyer writes for them.")
    holds.hold(firm.bench, firm.account(customer_id), None, lawyer, "Ann")
    firm.run()
    assert asked(firm, other) == [("first", [number])]


def test_what_comes_back_to_its_account_is_seen_once(firm: Firm) -> None:
    customer_id, number, other = two(firm)
    disputes.dispute(
        firm.bench,
        firm.account(customer_id),
        row_of(firm, customer_id, number),
        Objection(category=Category.PRICE),
        "Ann",
    )
    pause = Reason(kind=HoldKind.PAUSED, text="The owner knows them.")
    holds.hold(firm.bench, firm.account(customer_id), None, pause, "Ann")
    firm.give(number, other)
    firm.refresh()
    firm.give(number, customer_id)
    firm.refresh()
    back, other_account = firm.account(customer_id), firm.account(other)
    assert (len(back.disputes), len(back.holds)) == (1, 1)
    assert (other_account.disputes, other_account.holds) == ((), ())
