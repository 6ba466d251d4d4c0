"""What the reading commands show of the same books: lines in a pipe, one object with --json."""

import sqlite3
from contextlib import closing
from decimal import Decimal

from tests.dunwell.cli.desk import Desk, Firm


def test_aging_in_a_pipe_names_its_columns_and_foots(reader: Desk) -> None:
    said = reader.did("aging", "brindle")
    heading, *rows = [line.split("\t") for line in said.out.splitlines()]
    assert heading == [
        *("customer", "id", "currency", "current", "1-30", "31-60", "61-90", "over_90", "open", "credit", "total")
    ]
    assert ["Ashkettle Dental Lab", "19", "USD", "763.04", *["0.00"] * 4, "763.04", "0.00", "763.04"] in rows
    for row in rows:
        *buckets, open_, credit, total = map(Decimal, row[3:])
        assert sum(buckets) == open_
        assert open_ + credit == total


def test_aging_as_one_object_has_the_agreed_shape_and_the_same_figures(reader: Desk) -> None:
    found = reader.did("aging", "brindle", "--json").json
    assert list(found) == ["ledger", "as_of", "basis", "currencies", "customers"]
    assert (found["ledger"], found["as_of"], found["basis"]) == ("brindle", "2026-03-02", "due_date")
    (usd,) = found["currencies"]
    assert list(usd) == ["currency", "buckets", "open", "unapplied", "total"]
    assert [(one["from"], one["to"]) for one in usd["buckets"]] == [(None, 0), (1, 30), (31, 60), (61, 90), (91, None)]
    rows = reader.did("aging", "brindle").rows
    assert Decimal(usd["total"]) == sum(Decimal(row[-1]) for row in rows)


def test_aging_of_the_ledger_is_what_the_platform_says_it_is(firm: Firm, reader: Desk) -> None:
    truth = firm.sandbox.quickbooks.truth()["currencies"]["USD"]
    (usd,) = reader.did("aging", "brindle", "--json").json["currencies"]
    assert Decimal(usd["open"]) * 100 == truth["open"]


def test_aging_of_a_past_day_is_what_the_platform_would_have_said(firm: Firm, reader: Desk) -> None:
    from datetime import date

    then = firm.sandbox.quickbooks.aged(date(2025, 12, 31))["currencies"]["USD"]
    found = reader.did("aging", "brindle", "--as-of", "2025-12-31", "--json").json
    assert found["as_of"] == "2025-12-31"
    assert Decimal(found["currencies"][0]["open"]) * 100 == then["open"]


def test_customers_are_listed_by_name_and_only_those_with_something_open(reader: Desk) -> None:
    rows = reader.did("customers", "brindle").rows
    names = [row[0] for row in rows]
    assert names == sorted(names, key=str.casefold)
    assert all(row[4] or row[5] for row in rows)
    everybody = reader.did("customers", "brindle", "--all").rows
    assert len(everybody) > len(rows)


def test_customers_as_one_object(reader: Desk) -> None:
    found = reader.did("customers", "brindle", "--json").json
    (tailors,) = [one for one in found["customers"] if one["name"] == "Mallowfield Tailors"]
    assert tailors == {
        "id": "15",
        "name": "Mallowfield Tailors",
        "number": None,
        "status": "active",
        "emails": ["billing@mallowfield-tailors.example.com"],
        "segment": "everyone else",
        "overdue_days": 75,
        "late_days": tailors["late_days"],
        "currencies": [
            {"currency": "USD", "balance": "2309.91", "overdue": "2309.91", "credit": "0.00", "disputed": "0.00"}
        ],
    }


def test_a_customer_is_found_by_id_and_by_part_of_the_name(reader: Desk) -> None:
    by_id = reader.did("customer", "brindle", "15")
    assert by_id.out == reader.did("customer", "brindle", "mallowfield").out
    assert by_id.kind("about")[0] == ["id", "15"]


def test_a_customer_shows_what_is_open_what_is_next_and_what_happened(reader: Desk) -> None:
    said = reader.did("customer", "brindle", "mallowfield")
    assert said.kind("invoice") == [
        ["1856", "2025-12-17", "75", "USD", "1287.48", 'asked by "first"'],
        ["1995", "2026-02-28", "2", "USD", "1022.43", 'asked by "first"'],
    ]
    step = ["first by email", "USD", "2309.91", "2026-03-02T14:00Z", "billing@mallowfield-tailors.example.com"]
    assert step in said.kind("next")
    assert [row[1:] for row in said.kind("event")][-1] == ["dunwell", "case 1 opened, overdue since 2025-12-18"]


def test_a_customer_as_one_object(reader: Desk) -> None:
    found = reader.did("customer", "brindle", "mallowfield", "--json", "--events", "1").json
    assert found["segment"] == {"name": "everyone else", "since": "2026-03-02"}
    assert [one["number"] for one in found["invoices"]] == ["1856", "1995"]
    assert found["invoices"][0]["asked"] == "1287.48"
    assert len(found["events"]) == 1


def test_a_customer_is_aged_the_companys_own_way_as_in_the_report(desk: Desk) -> None:
    """From the invoice's date, where the preference of the books says so. A statement goes by due date all the same."""
    with closing(sqlite3.connect(desk.folder / "data" / "dunwell.sqlite", isolation_level=None)) as store:
        store.execute("UPDATE company SET aging_basis = 'invoice_date'")
    report = desk.did("aging", "brindle", "--json").json
    assert report["basis"] == "invoice_date"
    (aged,) = [one["currencies"] for one in report["customers"] if "Mallowfield" in one["name"]]
    assert desk.did("customer", "brindle", "mallowfield", "--json").json["currencies"] == aged
    by_due_date = desk.did("statement", "brindle", "mallowfield", "--format", "json").json["aging"]
    assert by_due_date["buckets"] != aged[0]["buckets"]


def test_plan_has_the_agreed_shape(reader: Desk) -> None:
    found = reader.did("plan", "brindle", "--json").json
    assert list(found) == ["ledger", "as_of", "touchpoints", "held", "tasks", "issues"]
    touchpoint = found["touchpoints"][0]
    agreed = (
        "key kind customer currency segment stage step channel to letter language approval amount invoices credits "
        "not_before why"
    )
    assert set(agreed.split()) <= touchpoint.keys()
    assert set("id number due_on days_overdue original open asked".split()) == touchpoint["invoices"][0].keys()
    assert set("invoice customer amount currency until reasons".split()) == found["held"][0].keys()
    assert touchpoint["customer"].keys() == found["held"][0]["customer"].keys() == {"id", "name"}
    assert found["held"][0]["reasons"][0].keys() == {"code", "facts", "text"}


def test_plan_asks_and_holds_all_that_is_open(reader: Desk) -> None:
    found = reader.did("plan", "brindle", "--json").json
    asked = sum(
        Decimal(invoice["asked"])
        for touchpoint in found["touchpoints"]
        if touchpoint["kind"] != "notice"
        for invoice in touchpoint["invoices"]
    )
    held = sum(Decimal(one["amount"]) for one in found["held"])
    (usd,) = reader.did("aging", "brindle", "--json").json["currencies"]
    assert asked + held == Decimal(usd["open"])


def test_plan_in_a_pipe_says_of_each_line_what_it_is(reader: Desk) -> None:
    said = reader.did("plan", "brindle")
    assert {line.partition("\t")[0] for line in said.out.splitlines()} == {"touchpoint", "held", "task", "issue"}
    found = reader.did("plan", "brindle", "--json").json
    assert len(said.kind("touchpoint")) == len(found["touchpoints"])
    assert len(said.kind("held")) == len(found["held"])


def test_plan_of_another_day_writes_nothing(planned: Desk) -> None:
    before = planned.did("outbox", "brindle", "--all").out
    planned.did("plan", "brindle", "--as-of", "2026-04-20")
    assert planned.did("outbox", "brindle", "--all").out == before


def test_amounts_in_reasons_are_decimal_strings(desk: Desk) -> None:
    desk.edit("platform_reminders_seen", 'strategy = "house"\nplatform_reminders_seen')
    desk.write(
        "strategies/house.toml",
        'inherits = "standard"\n[amounts]\nlarge = { USD = 1_000_000 }\nhuge = { USD = 9_000 }\n'
        '[holds]\nminimum = "huge"\n',
    )
    reasons = [why for one in desk.did("plan", "brindle", "--json").json["held"] for why in one["reasons"]]
    (minimum,) = {why["facts"]["minimum"] for why in reasons if why["code"] == "below_minimum"}
    assert minimum == "9000.00"


def test_tie_out_shows_that_every_account_agrees(reader: Desk) -> None:
    assert reader.did("tie-out", "brindle").rows == []
    found = reader.did("tie-out", "brindle", "--json").json
    assert (found["compared"], found["apart"], found["out_of_balance"], found["differences"]) == (55, 0, False, [])


def test_tasks_wait_for_a_person(reader: Desk) -> None:
    rows = reader.did("tasks", "brindle").rows
    why = "Unapplied credit covers it (2030): apply it in the books."
    assert ["bookkeeper", "apply credit", "Gannet Bay Sailing Club", "2", "USD", "480.00", "1949", "", why] in [
        row[2:] for row in rows
    ]
    found = reader.did("tasks", "brindle", "--json").json["tasks"]
    assert [one["id"] for one in found] == [int(row[0]) for row in rows]


def test_nobody_is_with_an_agency_before_somebody_says_so(reader: Desk) -> None:
    assert reader.did("agency", "list", "brindle").rows == []
    assert reader.did("agency", "list", "brindle", "--json").json == {"ledger": "brindle", "placed": []}


def test_usage_counts_calls_and_names_the_tier(reader: Desk) -> None:
    said = reader.did("usage")
    ((ledger, platform, month, calls, reads, *_),) = said.kind("ledger")
    assert (ledger, platform, month) == ("brindle", "quickbooks", "2026-03")
    assert int(calls) == int(reads) > 5
    found = reader.did("usage", "brindle", "--json").json
    assert found["platforms"][0]["tier"] == "Builder"
    assert found["months"][0]["metered"] == int(reads)


def test_everything_that_leaves_a_pipe_is_free_of_control_characters(planned: Desk) -> None:
    planned.did("hold", "add", "brindle", "mallowfield", "--kind", "paused", "--reason", "tab\there \x1b[31mred")
    assert "tab here  [31mred" in planned.did("hold", "list", "brindle").rows[0]
