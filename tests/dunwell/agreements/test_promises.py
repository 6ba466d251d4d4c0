"""What of each invoice was promised: what the bookkeeper does with credit, or a newer word on one, asks for nothing."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from dunwell.agreements import promises
from dunwell.agreements.promises import Promised, Wish
from dunwell.cli.showing import story
from strategy.account import Receivable
from strategy.decision import Decision
from strategy.model import CustomerId
from strategy.promises import Verdict
from sync.store import agreements, journal
from tests.sync.firm import Firm, a_firm, a_ladder

LADDER = a_ladder('first = { at = "due + 2", say = "friendly" }')


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm"), strategy=LADDER) as opened:
        yield opened


def to_a_working_day(firm: Firm) -> None:
    """Whatever day other tests have left, one on which one may write, and on the next, too."""
    while firm.bench.today().weekday() > 2:
        firm.sleep(days=1)


def two_invoices(firm: Firm, *, credit: int = 0) -> CustomerId:
    """500.00 due five days ago, 500.00 due four days ago, on a day on which one may write."""
    to_a_working_day(firm)
    name, customer_id = firm.customer()
    for late in (5, 4):
        firm.invoice(name, days_late=late, amount=50_000)
    if credit:
        firm.books.add_credit(name, credit)
    firm.refresh()
    return customer_id


def promised(
    firm: Firm, customer_id: CustomerId, days: int, *rows: Receivable, amount: Decimal | None = None
) -> Promised:
    wish = Wish(on=firm.bench.today() + timedelta(days=days), invoices=rows, amount=amount)
    return promises.promise(firm.bench, firm.account(customer_id), wish, "Ann")


def asked(decision: Decision) -> list[int]:
    return [one.amount_minor for one in decision.touchpoints]


def parts(made: Promised) -> list[int]:
    return [part for _, part in made.amounts]


def test_credit_may_be_applied_to_the_oldest_without_breaking_up_a_promise_of_the_rest(firm: Firm) -> None:
    customer_id = two_invoices(firm, credit=30_000)
    made = promised(firm, customer_id, 20)
    assert parts(made) == [20_000, 50_000]
    firm.apply_credit(made.amounts[0][0].number)
    firm.refresh()
    decision = firm.decision(customer_id)
    assert (asked(decision), [one.amount_minor for one in decision.held]) == ([], [20_000, 50_000])


@pytest.mark.parametrize(("amount", "spread"), [(600, [200, 400]), (900, [400, 500])])
def test_what_credit_covers_is_promised_last(firm: Firm, amount: int, spread: list[int]) -> None:
    customer_id = two_invoices(firm, credit=30_000)
    made = promised(firm, customer_id, 20, amount=Decimal(amount))
    assert parts(made) == [part * 100 for part in spread]


def test_money_of_the_day_that_is_applied_later_keeps_no_part_of_a_promise_of_the_rest(firm: Firm) -> None:
    to_a_working_day(firm)
    name, customer_id = firm.customer()
    number = firm.invoice(name, days_late=4, amount=100_000)
    firm.books.pay_on_account(name, 40_000)
    firm.refresh()
    (row,) = firm.account(customer_id).receivables
    for made in (promised(firm, customer_id, 20), promised(firm, customer_id, 20, row, amount=Decimal(600))):
        assert parts(made) == [60_000]
    firm.apply_money(number)
    firm.refresh()
    decision = firm.decision(customer_id)
    assert (asked(decision), [one.amount_minor for one in decision.held]) == ([], [60_000])
    assert promises.judged(firm.bench, firm.account(customer_id))[-1].verdict is Verdict.PENDING


def test_a_credit_note_of_the_day_takes_nothing_off_what_is_paid_of_a_promise(firm: Firm) -> None:
    customer_id = two_invoices(firm, credit=30_000)
    made = promised(firm, customer_id, 20)
    for row, part in made.amounts:
        firm.books.pay(row.number, part)
    firm.refresh()
    assert [one.verdict for one in promises.judged(firm.bench, firm.account(customer_id))] == [Verdict.KEPT]


def test_of_the_invoices_that_are_named_the_oldest_is_promised_first_whichever_is_named_first(firm: Firm) -> None:
    customer_id = two_invoices(firm)
    older, newer = firm.account(customer_id).receivables
    made = promised(firm, customer_id, 20, newer, older, amount=Decimal(600))
    assert [(row.number, part) for row, part in made.amounts] == [(older.number, 50_000), (newer.number, 10_000)]


def test_a_promise_that_was_kept_is_kept_though_a_newer_one_is_made_on_its_invoice(firm: Firm) -> None:
    customer_id = two_invoices(firm)
    first = promised(firm, customer_id, 5, amount=Decimal(400))
    firm.books.pay(first.amounts[0][0].number, 40_000)
    firm.sleep(days=1)
    firm.refresh()
    second = promised(firm, customer_id, 20)
    assert (second.replaced, second.shortened) == ((), ())
    verdicts = [one.verdict for one in promises.judged(firm.bench, firm.account(customer_id))]
    assert verdicts == [Verdict.KEPT, Verdict.PENDING]


def listed(firm: Firm, customer_id: CustomerId) -> list[tuple[int, int, str, int]]:
    """Number, days from today, state and amount of every promise."""
    every = agreements.promises(firm.bench.store, firm.bench.ledger.id, ended=True)
    return [
        (one.id, (one.promised_on - firm.bench.today()).days, one.state.value, one.amount_minor)
        for one in sorted(every, key=lambda one: one.id)
        if one.customer_id == customer_id
    ]


def test_a_newer_word_on_one_invoice_leaves_the_promise_on_the_others(firm: Firm) -> None:
    customer_id = two_invoices(firm)
    first = promised(firm, customer_id, 20)
    firm.sleep(days=1)
    firm.refresh()
    oldest, other = firm.account(customer_id).receivables
    second = promised(firm, customer_id, 5, oldest)
    assert (second.replaced, [(one.id, one.amounts) for one in second.shortened]) == (
        (),
        [(first.id, ((other.invoice_id, 50_000),))],
    )
    decision = firm.decision(customer_id)
    why = [(one.number, one.reasons[0].facts["promise"]) for one in decision.held]
    assert (asked(decision), why) == ([], [(oldest.number, second.id), (other.number, first.id)])
    assert listed(firm, customer_id) == [(first.id, 19, "open", 50_000), (second.id, 5, "open", 50_000)]
    yesterday = firm.account(customer_id, days_ago=1)
    assert [one.amounts for one in yesterday.promises] == [((oldest.invoice_id, 50_000), (other.invoice_id, 50_000))], (
        "a past day knows nothing of it"
    )
    events = journal.events(firm.bench.store, firm.bench.ledger.id, customer_id, 9)
    (event,) = (one for one in events if one.what == "promise replaced in part")
    assert story.told(event) == (
        f"promise {first.id} replaced in part by {second.id}: 500.00 USD by {first.on} goes on"
    )


def test_a_newer_word_on_all_that_is_still_promised_ends_a_promise(firm: Firm) -> None:
    customer_id = two_invoices(firm)
    first = promised(firm, customer_id, 20)
    firm.books.pay(first.amounts[0][0].number)
    firm.refresh()
    (left,) = firm.account(customer_id).receivables
    second = promised(firm, customer_id, 5, left)
    assert (second.replaced, second.shortened) == ((first.id,), ())
    assert [state for _, _, state, _ in listed(firm, customer_id)] == ["superseded", "open"]
