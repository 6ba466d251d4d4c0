"""What an agency is told by message, what a person is asked besides, and each only once."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from strategy import placements
from strategy.account import Account, Agency, Settlement, UnappliedKind
from strategy.decision import Decision, TouchpointKind
from strategy.model import InvoiceId
from strategy.placements import Packed
from strategy.touches import CameOf, Handed
from tests.strategy.agency_builders import CLAIMED, DISPUTED, NORTHGATE, PLACED, RECALLED, asked, open_now, placed
from tests.strategy.builders import (
    EUR,
    TODAY,
    a_receivable,
    a_settlement,
    an_open_case,
    days,
    decided,
    unapplied,
)


def a_payment(amount: int, *, days_ago: int = 0) -> Settlement:
    return a_settlement(days_late=60, days_ago=days_ago, amount=amount, invoice_id=InvoiceId("1042"))


PAID: dict[str, Any] = {"receivables": (open_now(80_000),), "settlements": (a_payment(40_000),)}


def a_pack(on: date, left_minor: int) -> str:
    """The occasion of its message."""
    return Packed(task=4, on=on, agency="northgate", currency=EUR, left_minor=left_minor).occasion


def told(decision: Decision) -> list[str]:
    """What the agency is told."""
    assert all(one.to == ("cases@northgate.example",) for one in decision.touchpoints)
    assert all(one.kind is TouchpointKind.NOTICE for one in decision.touchpoints)
    return [one.step for one in decision.touchpoints]


def and_then(account: Account, decision: Decision) -> Decision:
    """The next decision, after this one was carried out."""
    made = [(one.act, one.occasion, one.currency) for one in decision.touchpoints]
    made += [(one.act, one.occasion, one.currency) for one in decision.tasks]
    return decided(replace(account, done=account.done | frozenset(made)))


@pytest.mark.parametrize(
    ("what", "messages", "tasks"),
    [
        ({}, ["placed"], []),
        (PAID, ["placed", "paid"], []),
        (DISPUTED, ["placed", "disputed"], ["placed_disputed"]),
        (CLAIMED, ["placed", "claimed"], ["placed_claimed"]),
    ],
    ids=["placed", "paid", "disputed", "claimed"],
)
def test_an_agency_with_an_address_is_told_once_and_a_person_decides_what_stops(
    what: dict[str, Any], messages: list[str], tasks: list[str]
) -> None:
    account = placed(**what)
    first = decided(account)
    assert (told(first), asked(first)) == (messages, tasks)
    again = and_then(account, first)
    assert (told(again), asked(again)) == ([], [])


@pytest.mark.parametrize(
    ("what", "occasions"),
    [
        (PAID, {"4-placed", "4-paid-1-80000"}),
        ({**PAID, "settlements": ()}, {"4-placed", "4-settled-1-80000"}),
        ({"done": frozenset({("agency", "4-settled-1-80000", EUR)})}, {"4-placed", "4-reopened-2-120000"}),
        ({**DISPUTED, **CLAIMED}, {"4-placed", "4-disputed-7", "4-claimed-8"}),
        ({"came": (PLACED, RECALLED)}, {"4-recalled"}),
    ],
    ids=["paid", "settled", "reopened", "disputed and claimed", "recalled"],
)
def test_what_an_agency_heard_is_known_by_the_same_words_for_ever(what: dict[str, Any], occasions: set[str]) -> None:
    """Under other words it would hear everything again."""
    assert {one.occasion for one in decided(placed(**what)).touchpoints if one.act == "agency"} == occasions


# How much is left


def left(account: Account) -> list[tuple[str, int]]:
    """What the agency is told of how much is left, with the amount that its letter names."""
    found = [one for one in decided(account).touchpoints if one.act == "agency" and one.step != "placed"]
    facts = [(one.step, one.why[0].facts) for one in found]
    return [(step, int(known.get("paid", known.get("figure")) or 0)) for step, known in facts]


CREDIT = unapplied(120_000)


@pytest.mark.parametrize(
    ("what", "heard"),
    [
        ({"settlements": (a_payment(40_000, days_ago=50),)}, ("paid", 40_000)),
        ({"settlements": (replace(a_payment(40_000), by_payment=False),)}, ("settled", 40_000)),
        ({"settlements": ()}, ("settled", 40_000)),
        ({"receivables": (open_now(120_000),), "unapplied": (CREDIT,)}, ("settled", 120_000)),
        (
            {"receivables": (open_now(120_000),), "unapplied": (replace(CREDIT, kind=UnappliedKind.PAYMENTS),)},
            ("paid", 120_000),
        ),
    ],
    ids=["paid, with a day before", "credited", "withdrawn", "unapplied credit", "unapplied payment"],
)
def test_the_agency_hears_that_less_is_open_and_of_a_payment_only_where_it_is_one(
    what: dict[str, Any], heard: tuple[str, int]
) -> None:
    account = placed(**{**PAID, **what})
    assert left(account) == [heard]
    assert asked(decided(account)) == [], "its figures are no person's work"


def test_the_table_has_nothing_that_a_credit_would_cover() -> None:
    (_, said) = decided(placed(unapplied=(CREDIT,))).touchpoints
    assert (said.step, said.invoices) == ("settled", ())
    half = decided(placed(unapplied=(replace(CREDIT, amount_minor=50_000),))).touchpoints[1]
    assert ([one.asked_minor for one in half.invoices], half.credits[0].amount_minor) == ([70_000], 50_000)


def test_what_was_paid_before_the_task_is_no_news() -> None:
    before = replace(PLACED, handed=(Handed(invoice_id=InvoiceId("1042"), open_minor=80_000, paid_minor=40_000),))
    assert left(placed(before, **PAID)) == []


LAY_THERE = unapplied(10_000, kind=UnappliedKind.PAYMENTS)
CREDIT_NOTE = replace(a_payment(10_000), by_payment=False)
OLDER = replace(a_receivable(days_late=90, open_minor=10_000), invoice_id=InvoiceId("1007"))


def handed(open_minor: int, *, covered_by_payment: int) -> CameOf:
    found = Handed(invoice_id=InvoiceId("1042"), open_minor=open_minor, paid_minor=covered_by_payment)
    return replace(PLACED, handed=(found,))


@pytest.mark.parametrize(
    ("was", "now", "heard"),
    [
        (
            handed(110_000, covered_by_payment=10_000),
            {"receivables": (open_now(110_000),), "settlements": (CREDIT_NOTE,), "unapplied": (LAY_THERE,)},
            ("settled", 10_000),
        ),
        (
            handed(110_000, covered_by_payment=10_000),
            {"receivables": (open_now(100_000),), "settlements": (CREDIT_NOTE, a_payment(10_000, days_ago=90))},
            ("settled", 10_000),
        ),
        (
            handed(120_000, covered_by_payment=0),
            {"receivables": (OLDER, open_now(110_000)), "settlements": (CREDIT_NOTE,), "unapplied": (LAY_THERE,)},
            ("settled", 10_000),
        ),
        (
            handed(110_000, covered_by_payment=0),
            {
                "receivables": (open_now(90_000),),
                "settlements": (a_payment(30_000),),
                "unapplied": (unapplied(10_000),),
            },
            ("paid", 30_000),
        ),
        (
            handed(110_000, covered_by_payment=10_000),
            {"unapplied": (replace(LAY_THERE, amount_minor=40_000, kind=UnappliedKind.DEPOSITS),)},
            ("paid", 30_000),
        ),
    ],
    ids=["unused", "used since", "of an older invoice", "was a credit note", "money came besides"],
)
def test_money_that_lay_there_before_is_not_told_as_paid(
    was: CameOf, now: dict[str, Any], heard: tuple[str, int]
) -> None:
    assert left(placed(was, **now)) == [heard]


@pytest.mark.parametrize("heard", [110_000, 120_000])
def test_credit_that_may_be_for_an_older_invoice_or_for_what_is_placed_is_no_news(heard: int) -> None:
    account = placed(
        handed(heard, covered_by_payment=0), receivables=(OLDER, open_now(120_000)), unapplied=(LAY_THERE,)
    )
    assert left(account) == []


def test_a_task_says_how_much_of_what_covers_its_invoices_is_money() -> None:
    lying = (replace(LAY_THERE, since=TODAY - days(9)), unapplied(20_000))
    account = placed(agency=None, done=frozenset({("agency", "4-paid-1-0", EUR)}), unapplied=lying)
    rows = (OLDER, replace(OLDER, invoice_id=InvoiceId("1008"), open_minor=5_000), *account.receivables)
    few = decided(replace(account, receivables=rows[2:])).tasks[0].invoices
    many = decided(replace(account, receivables=(replace(rows[1], open_minor=4_000), rows[2]))).tasks[0].invoices
    assert [(one.covered_minor, one.covered_by_payment_minor) for one in few] == [(30_000, 10_000)]
    assert [(one.covered_minor, one.covered_by_payment_minor) for one in many] == [(26_000, 6_000)]


def test_it_hears_of_what_the_books_take_back_and_of_the_same_figure_again() -> None:
    account = placed()
    heard = []
    for amount in (120_000, 0, 120_000, 0):
        paid = (a_payment(120_000),) if not amount else ()
        now = replace(account, receivables=(open_now(amount),) if amount else (), settlements=paid)
        heard.append(left(now))
        decision = decided(now)
        made = {(one.act, one.occasion, one.currency) for one in decision.touchpoints}
        account = replace(account, done=account.done | made)
        assert left(replace(now, done=account.done)) == [], "once"
    assert heard == [[], [("paid", 120_000)], [("reopened", 120_000)], [("paid", 120_000)]]


def test_a_person_asks_whether_the_agency_goes_on_with_what_is_open_again() -> None:
    told_nothing_left = frozenset({("agency", "4-paid-1-0", EUR)})
    assert asked(decided(placed(done=told_nothing_left))) == ["placed_reopened"]


def test_what_came_between_the_pack_and_its_acknowledgement_is_told() -> None:
    pack = a_pack(TODAY - days(10), 100_000)
    since = placed(done=frozenset({(placements.PACKED, pack, EUR)}), **PAID)
    assert left(since) == [("paid", 20_000)], "what was paid before the pack is in its figures"
    (dispute,) = DISPUTED["disputes"]
    disputed = replace(since, disputes=(replace(dispute, opened_on=TODAY - days(8)),))
    assert asked(decided(disputed)) == ["placed_disputed"]


@pytest.mark.parametrize(("days_ago", "heard"), [(3, [("paid", 120_000)]), (31, [])])
def test_the_agency_hears_that_nothing_is_left_of_a_case_that_was_over_before_it_said_yes(
    days_ago: int, heard: list[tuple[str, int]]
) -> None:
    over = replace(an_open_case(days_ago=60), closed_on=TODAY - days(days_ago))
    account = placed(cases=(over,), receivables=(), settlements=(a_payment(120_000, days_ago=3),))
    assert left(account) == heard
    told_all = frozenset({("agency", "4-paid-1-0", EUR)})
    next_case = (over, an_open_case(days_ago=1, number=2))
    again = replace(account, cases=next_case, receivables=(open_now(120_000),), settlements=(), done=told_all)
    assert left(again) == [], "what is open in another case is ours"


@pytest.mark.parametrize("agency", [None, replace(NORTHGATE, to=None)], ids=["unknown", "without an address"])
def test_an_agency_without_an_address_is_told_by_people(agency: Agency | None) -> None:
    decision = decided(placed(agency=agency, **PAID))
    assert (decision.touchpoints, asked(decision)) == ((), ["placed_paid"])


def test_an_agency_hears_that_an_account_is_taken_back() -> None:
    account = placed(PLACED, RECALLED)
    first = decided(account)
    assert "recalled" in [one.step for one in first.touchpoints]
    assert "recalled" not in [one.step for one in and_then(account, first).touchpoints]
    long_ago = replace(RECALLED, on=TODAY - days(31))
    before = replace(PLACED, on=TODAY - days(40))
    assert "recalled" not in [one.step for one in decided(placed(before, long_ago)).touchpoints]


def test_what_was_placed_long_ago_is_not_told_as_new() -> None:
    assert told(decided(placed(replace(PLACED, on=TODAY - days(31))))) == []


def test_it_is_written_to_in_its_own_language_or_that_of_the_strategy() -> None:
    assert decided(placed()).touchpoints[0].language == "en"
    assert decided(placed(agency=replace(NORTHGATE, language="de"))).touchpoints[0].language == "de"


def test_nothing_is_told_while_nothing_is_placed() -> None:
    assert placements.recalled(placed(replace(PLACED, outcome="declined")), TODAY) == ()


# Packs


def packed(days_ago: int, *came: CameOf) -> Account:
    on = a_pack(TODAY - days(days_ago), 120_000)
    return replace(placed(), came=came, done=frozenset({(placements.PACKED, on, EUR)}))


def test_a_pack_is_known_by_its_task_its_day_and_its_agency() -> None:
    (pack,) = placements.packed(packed(3))
    assert (pack.task, pack.on, pack.agency, pack.currency) == (4, TODAY - days(3), "northgate", EUR)


@pytest.mark.parametrize(("days_ago", "tasks"), [(3, []), (5, []), (6, ["pack_unconfirmed"])])
def test_a_pack_that_is_not_confirmed_in_its_business_days_is_asked_about_once(days_ago: int, tasks: list[str]) -> None:
    account = packed(days_ago)
    first = decided(account)
    assert asked(first) == tasks
    assert asked(and_then(account, first)) == []


def test_a_pack_that_somebody_has_answered_is_not_asked_about() -> None:
    assert placements.packed(packed(20, replace(PLACED, outcome="declined"))) == ()
