"""What an agency is told by message, what a person is asked besides, and each only once."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from strategy import placements
from strategy.account import Account, Agency, CameOf
from strategy.agreements import Claim, Dispute
from strategy.decision import Decision, TouchpointKind
from strategy.model import InvoiceId
from tests.strategy.builders import (
    EUR,
    TODAY,
    a_ledger,
    a_receivable,
    a_settlement,
    an_account,
    an_open_case,
    days,
    decided,
)

PLACED = CameOf(
    task=4, act="agency", occasion="1", case=1, currency=EUR, on=TODAY - days(5), outcome="placed", what="northgate"
)
RECALLED = replace(PLACED, task=5, act="recall", occasion="4-by-hand", case=None, outcome="recalled")
NORTHGATE = Agency(name="Northgate Ltd", to="cases@northgate.example", acknowledge=3)
PAID = {"settlements": (a_settlement(days_late=60, days_ago=0, amount=40_000),)}
DISPUTED = {
    "disputes": (Dispute(id=7, invoice_id=InvoiceId("1042"), amount_minor=None, category="price", opened_on=TODAY),)
}
CLAIMED = {"claims": (Claim(id=8, invoices=frozenset({InvoiceId("1042")}), claimed_on=TODAY, until=TODAY + days(7)),)}


def placed(*came: CameOf, agency: Agency | None = NORTHGATE, **changes: Any) -> Account:
    agencies: Mapping[str, Agency] = {} if agency is None else {"northgate": agency}
    return an_account(
        a_receivable(days_late=60),
        ledger=a_ledger(agencies=agencies),
        cases=(an_open_case(days_ago=60),),
        came=came or (PLACED,),
        **changes,
    )


def told(decision: Decision) -> list[str]:
    """What the agency is told."""
    assert all(one.to == ("cases@northgate.example",) for one in decision.touchpoints)
    assert all(one.kind is TouchpointKind.NOTICE for one in decision.touchpoints)
    return [one.step for one in decision.touchpoints]


def asked(decision: Decision) -> list[str]:
    """What our own people are asked about the agency."""
    return [task.why[0].code for task in decision.tasks if task.kind in {"recall", "pack unconfirmed"}]


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
    on = placements.occasion_of_pack(4, TODAY - days(days_ago), "northgate")
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
