"""Going live on books that were not chased before: the first day, the ramp of first words, what a person looks at."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.dunwell.cli.desk import MONDAY, Desk

RAMP = 'inherits = "standard"\n\n[start]\nramp = 2\n'


def with_strategy(desk: Desk, text: str) -> Desk:
    desk.write("strategies/live.toml", text)
    return desk.edit('platform = "quickbooks"\n', 'platform = "quickbooks"\nstrategy = "live"\n')


def reminded(plan: Mapping[str, Any]) -> dict[str, str]:
    """The oldest due date of what each customer is asked for as overdue."""
    return {
        one["customer"]["id"]: min(row["due_on"] for row in one["invoices"])
        for one in plan["touchpoints"]
        if one["kind"] == "reminder"
    }


def test_a_few_accounts_a_day_hear_their_first_word_the_oldest_first(desk: Desk) -> None:
    at_once = reminded(desk.did("plan", "brindle", "--json").json)
    assert len(at_once) > 4
    planned = with_strategy(desk, RAMP).did("plan", "brindle", "--json").json
    oldest = sorted(at_once.values())[:2]
    assert sorted(reminded(planned).values()) == oldest
    waits = {one["until"] for one in planned["held"] for why in one["reasons"] if why["code"] == "ramp"}
    assert {"2026-03-03", "2026-03-04"} <= waits


def test_the_run_and_explain_keep_to_the_ramp(desk: Desk) -> None:
    with_strategy(desk, RAMP)
    first = reminded(desk.did("plan", "brindle", "--json").json)
    desk.did("run")
    waiting = [row for row in desk.did("outbox", "brindle", "--json").json["outbox"] if row["kind"] == "message"]
    assert {row["customer_id"] for row in waiting if row["touchpoint"]["kind"] == "reminder"} == set(first)
    held = desk.did("plan", "brindle", "--json").json["held"]
    number = next(one["invoice"]["number"] for one in held for why in one["reasons"] if why["code"] == "ramp")
    assert "At most 2 accounts hear their first word on one day" in desk.did("explain", "brindle", number).out


def test_those_whose_first_word_has_left_today_make_room_only_tomorrow(desk: Desk) -> None:
    with_strategy(desk, RAMP)
    desk.did("run")
    desk.did("approve", "brindle", "--all")
    desk.did("run", "--send")
    assert reminded(desk.did("plan", "brindle", "--json").json) == {}
    desk.clock().advance_to(MONDAY + timedelta(days=1))
    assert len(reminded(desk.did("plan", "brindle", "--json").json)) == 2


def test_before_its_first_day_a_ledger_says_nothing(desk: Desk) -> None:
    desk.edit(
        "[ledgers.brindle.people]", "[ledgers.brindle.overrides.start]\non = 2026-03-16\n\n[ledgers.brindle.people]"
    )
    plan = desk.did("plan", "brindle", "--json").json
    assert plan["touchpoints"] == []
    assert "Reminding begins on 2026-03-16; before, nothing is said." in desk.did("explain", "brindle", "1995").out


def test_what_is_very_old_waits_for_a_person_who_has_looked(desk: Desk) -> None:
    with_strategy(desk, 'inherits = "standard"\n\n[start]\nreview = 5\n')
    plan = desk.did("plan", "brindle", "--json").json
    assert "15" in {one["customer"]["id"] for one in plan["tasks"] if one["kind"] == "review"}
    assert "15" not in reminded(plan)
    desk.did("profile", "brindle", "mallowfield", "--set", "reviewed=2026-03-02")
    assert "15" in reminded(desk.did("plan", "brindle", "--json").json)


def test_small_balances_are_listed_to_be_cleared(desk: Desk) -> None:
    text = 'inherits = "standard"\n\n[amounts]\nsmall = { USD = 100_000 }\n'
    rows = with_strategy(desk, text).did("small", "brindle").rows
    assert rows[0][:6] == ["refund", "Marlow & Daughters Books", "21", "USD", "125.00", "2026-02-02"]
    assert ["write off", "Lambswick Coffee Roasters", "61", "USD", "5927.62", "2025-03-19"] in [row[:6] for row in rows]
