"""Who promises all that is overdue speaks of what is asked for, and of nothing that is set aside."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from dunwell.agreements import claims, disputes, holds, plans, promises
from dunwell.agreements.disputes import Category, Objection
from dunwell.agreements.promises import Promised, Wish
from dunwell.agreements.refusing import Refused
from strategy.account import Account
from strategy.agreements import HoldKind
from strategy.model import CustomerId
from strategy.promises import Verdict
from tests.sync.firm import Firm, a_firm


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with a_firm(tmp_path_factory.mktemp("firm")) as opened:
        yield opened


def owing(firm: Firm, *amounts: int) -> Account:
    """Each invoice is a day younger than the one before."""
    name, customer_id = firm.customer()
    for number, amount in enumerate(amounts):
        firm.invoice(name, days_late=20 - number, amount=amount)
    firm.refresh()
    return firm.account(customer_id)


def promised(firm: Firm, account: Account, amount: Decimal | None = None) -> Promised:
    return promises.promise(firm.bench, account, Wish(on=firm.bench.today() + timedelta(days=5), amount=amount), "Ann")


def disputed(firm: Firm, account: Account, amount: Decimal | None) -> None:
    objection = Objection(category=Category.PRICE, amount=amount)
    disputes.dispute(firm.bench, account, account.receivables[0], objection, "Ann")


def verdicts(firm: Firm, customer_id: CustomerId) -> list[Verdict]:
    return [one.verdict for one in promises.judged(firm.bench, firm.account(customer_id))]


def test_who_pays_all_that_is_undisputed_in_time_has_kept_their_word(firm: Firm) -> None:
    account = owing(firm, 50_000, 40_000)
    disputed(firm, account, Decimal(300))
    made = promised(firm, account)
    assert [(row.number, part) for row, part in made.amounts] == [
        (account.receivables[0].number, 20_000),
        (account.receivables[1].number, 40_000),
    ]
    for row, part in made.amounts:
        firm.books.pay(row.number, part)
    firm.sleep(days=12)
    firm.refresh()
    assert verdicts(firm, account.customer.id) == [Verdict.KEPT]


def test_what_is_planned_claimed_paid_or_held_by_a_person_is_not_promised_with_the_rest(firm: Firm) -> None:
    account = owing(firm, 10_000, 20_000, 30_000, 40_000)
    planned, claimed, held, left = account.receivables
    first_on = firm.bench.today() + timedelta(days=7)
    offer = plans.Offer(instalments=2, first_on=first_on, invoices=(planned,), anyway=True)
    plans.agree(firm.bench, account, offer, "Ann")
    claims.claim(firm.bench, account, claims.Claimed(rows=(claimed,)), "Ann")
    reason = holds.Reason(kind=HoldKind.PAUSED, text="goods on their way back")
    holds.hold(firm.bench, account, held, reason, "Ann")
    made = promised(firm, account)
    assert [(row.number, part) for row, part in made.amounts] == [(left.number, 40_000)]
    with pytest.raises(Refused, match=re.escape("400.01 USD is more than the 400.00 USD")):
        promised(firm, account, Decimal("400.01"))


def test_what_was_promised_before_and_a_pause_of_the_whole_account_take_nothing_off(firm: Firm) -> None:
    account = owing(firm, 10_000, 20_000)
    first = promised(firm, account)
    holds.hold(firm.bench, account, None, holds.Reason(kind=HoldKind.PAUSED, text="they are ill"), "Ann")
    second = promised(firm, account)
    assert (second.amount_minor, second.replaced) == (30_000, (first.id,))


def test_where_all_of_it_is_set_aside_nothing_is_promised_and_the_refusal_says_why(firm: Firm) -> None:
    account = owing(firm, 10_000)
    disputed(firm, account, None)
    number, since = account.receivables[0].number, firm.bench.today()
    says = f"nothing of what is overdue is asked for ({number}: Disputed since {since} (price)); name the invoices"
    with pytest.raises(Refused, match=re.escape(says)):
        promised(firm, account)
    assert verdicts(firm, account.customer.id) == []
