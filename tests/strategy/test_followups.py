"""What our own people are asked about what was agreed: once, and of nobody where nothing is open."""

import pytest

from strategy.account import Account
from strategy.agreements import Claim, HoldKind, Promise
from strategy.decision import TaskAsked
from strategy.explain import sentence
from strategy.model import InvoiceId
from tests.strategy.builders import EUR, TODAY, USD, a_hold, a_receivable, an_account, days, decided


def tasks(account: Account) -> list[TaskAsked]:
    return list(decided(account).tasks)


def kinds(account: Account) -> list[str]:
    return [one.kind for one in tasks(account)]


@pytest.mark.parametrize("kind", [one for one in HoldKind if one not in {HoldKind.PAUSED, HoldKind.OPTED_OUT}])
def test_a_standing_exclusion_is_somebodys_to_look_after(kind: HoldKind) -> None:
    (task,) = tasks(an_account(a_receivable(), holds=(a_hold(kind),)))
    assert (task.kind, task.who, task.amount_minor) == ("exclusion", "owner", 120_000)
    assert kind.replace("_", " ") in sentence(task.why[0])


@pytest.mark.parametrize("kind", [HoldKind.PAUSED, HoldKind.OPTED_OUT])
def test_what_a_person_paused_asks_nobody(kind: HoldKind) -> None:
    assert kinds(an_account(a_receivable(), holds=(a_hold(kind),))) == []


def test_it_is_asked_once_whatever_falls_due_first_later() -> None:
    done = frozenset({("exclusion", "1", USD)})
    assert kinds(an_account(a_receivable(), holds=(a_hold(),), done=done)) == []


def test_what_was_never_to_last_longer_is_asked_about_once() -> None:
    account = an_account(a_receivable(), holds=(a_hold(until=TODAY + days(5), since=TODAY - days(2)),))
    assert kinds(account) == ["exclusion"]


def test_nobody_is_asked_about_an_account_that_owes_nothing() -> None:
    assert kinds(an_account(holds=(a_hold(),))) == []
    assert kinds(an_account(a_receivable(), holds=(a_hold(invoice_id=InvoiceId("7")),))) == []


@pytest.mark.parametrize(("ends_in", "asks"), [(8, []), (7, ["exclusion ends"]), (0, ["exclusion ends"]), (-1, [])])
def test_a_week_before_it_ends_it_is_asked_about_again(ends_in: int, asks: list[str]) -> None:
    account = an_account(
        a_receivable(),
        holds=(a_hold(until=TODAY + days(ends_in)),),
        done=frozenset({("exclusion", "1", EUR)}),
    )
    assert kinds(account) == asks


def test_two_holds_that_cannot_both_be_right_are_asked_about() -> None:
    holds = (a_hold(HoldKind.DIRECT_DEBIT), a_hold(HoldKind.INSOLVENT, id=2, invoice_id=InvoiceId("1042")))
    account = an_account(
        a_receivable(), holds=holds, done=frozenset({("exclusion", "1", EUR), ("exclusion", "2", EUR)})
    )
    (task,) = tasks(account)
    assert sentence(task.why[0]) == (
        "Hold 1 (direct debit) and hold 2 (insolvent) cannot both be right. Both stand until one is ended."
    )


def test_holds_on_different_invoices_do_not_disagree() -> None:
    holds = (
        a_hold(HoldKind.DIRECT_DEBIT, invoice_id=InvoiceId("1042")),
        a_hold(HoldKind.INSOLVENT, id=2, invoice_id=InvoiceId("1043")),
    )
    account = an_account(a_receivable(), a_receivable("1043"), holds=holds)
    assert kinds(account) == ["exclusion", "exclusion"]


def test_of_two_holds_on_one_invoice_the_longer_one_says_until_when() -> None:
    holds = (
        a_hold(HoldKind.PAUSED, invoice_id=InvoiceId("1042"), until=TODAY + days(2)),
        a_hold(HoldKind.LEGAL, id=2, invoice_id=InvoiceId("1042"), until=TODAY + days(30)),
    )
    (held,) = decided(an_account(a_receivable(), holds=holds)).held
    assert held.until == TODAY + days(31)


def test_what_they_say_is_paid_is_the_bookkeepers_to_find_while_it_rests() -> None:
    claim = Claim(
        id=5,
        invoices=frozenset({InvoiceId("1042")}),
        claimed_on=TODAY,
        until=TODAY + days(7),
        paid_on=TODAY - days(3),
        reference="SEPA 4711",
    )
    (task,) = tasks(an_account(a_receivable(), a_receivable("1043"), claims=(claim,)))
    assert (task.kind, task.who, [one.number for one in task.invoices]) == ("find payment", "bookkeeper", ["1042"])
    assert sentence(task.why[0]) == (
        "They said on 2026-03-02 that they paid on 2026-02-27 (SEPA 4711): find it by 2026-03-09, then end the claim."
    )
    over = Claim(id=5, invoices=claim.invoices, claimed_on=TODAY - days(9), until=TODAY - days(1))
    assert kinds(an_account(a_receivable(), claims=(over,))) == []


def test_a_promise_that_was_not_kept_is_the_owners_while_anything_of_it_is_open() -> None:
    broken = Promise(
        id=3,
        made_on=TODAY - days(20),
        promised_on=TODAY - days(10),
        currency=EUR,
        amounts=((InvoiceId("1042"), 120_000),),
    )
    (task,) = tasks(an_account(a_receivable(), promises=(broken,)))
    assert (task.kind, task.who) == ("promise broken", "owner")
    assert sentence(task.why[0]) == "What was promised for 2026-02-20 had not come by 2026-02-24."
    assert kinds(an_account(a_receivable("1043"), promises=(broken,))) == []
