"""The whole road over real sockets, on either platform: from an empty folder to the second Monday, command by command.

The road is walked once per platform and everything that was said on it is kept; each test looks at one thing.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.dunwell.cli.walking import PLATFORMS, Road


@pytest.fixture(scope="module", params=PLATFORMS)
def road(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    walked = Road(tmp_path_factory.mktemp("road"), request.param)
    with walked.sandbox:
        walked.walk()
        yield walked


def test_the_road_is_walked_to_its_end(road: Road) -> None:
    assert {step: said.err for step, said in road.said.items() if said.code} == {"check before": ""}
    assert [said.err for said in road.said.values() if said.err] == []


def test_before_it_is_connected_a_check_says_what_to_do(road: Road) -> None:
    said = road.said["check before"]
    assert said.code == 4
    assert ["it is not connected", f"dunwell connect {road.name}"] in [row[3:] for row in said.rows]


def test_after_it_is_read_a_check_finds_everything_good(road: Road) -> None:
    rows = road.said["check"].rows
    assert {row[0] for row in rows} == {"good", "note"}
    assert {row[1] for row in rows if row[0] == "note"} <= {f"ledger {road.name}"}
    assert any(row[3].startswith("the platform answers: ") for row in rows)


def test_the_books_tie_out(road: Road) -> None:
    found = road.said["tie-out"].json
    assert found["compared"] > 50
    assert (found["apart"], found["out_of_balance"]) == (0, False)


def shape(value: Any) -> Any:
    """The keys of an object, all the way down; what lists hold must be alike."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        shapes = {json.dumps(shape(each), sort_keys=True) for each in value}
        assert len(shapes) == 1, shapes
        return [json.loads(shapes.pop())]
    return "" if value is None else type(value).__name__


BUCKET = {"from": "", "to": "", "amount": "str"}
AGED = {
    "currency": "str",
    "buckets": [BUCKET],
    "open": "str",
    "unapplied": {"payments": "str", "credits": "str", "deposits": "str"},
    "total": "str",
}
AGING = {
    "ledger": "str",
    "as_of": "str",
    "basis": "str",
    "currencies": [AGED],
    "customers": [{"id": "str", "name": "str", "currencies": [AGED]}],
}


def without_bounds(aged: dict[str, Any]) -> dict[str, Any]:
    """The same, the bounds of its buckets left out: they are numbers, or null where endless."""
    return {**aged, "buckets": [{**bucket, "from": None, "to": None} for bucket in aged["buckets"]]}


def test_aging_as_one_object_is_exactly_what_was_agreed(road: Road) -> None:
    found = road.said["aging"].json
    bounds = {tuple((one["from"], one["to"]) for one in aged["buckets"]) for aged in found["currencies"]}
    assert bounds == {((None, 0), (1, 30), (31, 60), (61, 90), (91, None))}
    customers = [
        {**each, "currencies": [without_bounds(aged) for aged in each["currencies"]]} for each in found["customers"]
    ]
    bare = {**found, "currencies": [without_bounds(aged) for aged in found["currencies"]], "customers": customers}
    assert shape(bare) == AGING
    assert (found["ledger"], found["as_of"], found["basis"]) == (road.name, "2026-03-02", "due_date")


def test_aging_foots_and_is_what_the_platform_says(road: Road) -> None:
    found = road.said["aging"].json
    for aged in found["currencies"]:
        open_ = Decimal(aged["open"])
        assert sum(Decimal(bucket["amount"]) for bucket in aged["buckets"]) == open_
        assert open_ - sum(map(Decimal, aged["unapplied"].values())) == Decimal(aged["total"])
        assert open_ * 100 == road.truth["currencies"][aged["currency"]]["open"]
        theirs = [
            one for each in found["customers"] for one in each["currencies"] if one["currency"] == aged["currency"]
        ]
        assert sum(Decimal(one["total"]) for one in theirs) == Decimal(aged["total"])


AMOUNT = re.compile(r"-?\d+(\.\d+)?")
ASKED = set("id number due_on days_overdue original open asked".split())
TOUCHPOINT = set(
    "key kind customer currency segment stage step channel to letter language approval amount invoices credits "
    "not_before why".split()
)


def test_plan_as_one_object_has_everything_that_was_agreed(road: Road) -> None:
    found = road.said["plan"].json
    assert list(found) == ["ledger", "as_of", "touchpoints", "held", "tasks", "issues"]
    for one in found["touchpoints"]:
        assert one.keys() >= TOUCHPOINT
        assert one["customer"].keys() == {"id", "name"}
        assert all(invoice.keys() == ASKED for invoice in one["invoices"])
        assert all(credit.keys() == {"id", "number", "amount"} for credit in one["credits"])
        assert isinstance(one["approval"], bool)
        assert AMOUNT.fullmatch(one["amount"])
        assert one["why"][0].keys() == {"code", "facts", "text"}
    for one in found["held"]:
        assert one.keys() == set("invoice customer amount currency until reasons".split())
        assert (one["invoice"].keys(), one["customer"].keys()) == ({"id", "number"}, {"id", "name"})
        assert AMOUNT.fullmatch(one["amount"])
        assert one["reasons"][0].keys() == {"code", "facts", "text"}


def test_plan_asks_and_holds_what_is_open_in_each_currency(road: Road) -> None:
    found = road.said["plan"].json
    sums: Counter[str] = Counter()
    for one in found["touchpoints"]:
        if one["kind"] != "notice":
            sums[one["currency"]] += sum(int(Decimal(each["asked"]) * 100) for each in one["invoices"])
    for one in found["held"]:
        sums[one["currency"]] += int(Decimal(one["amount"]) * 100)
    assert sums == {one["currency"]: Decimal(one["open"]) * 100 for one in road.said["aging"].json["currencies"]}


def test_the_dry_run_is_the_real_run(road: Road) -> None:
    planned = {one["key"] for one in road.said["plan"].json["touchpoints"]}
    assert planned
    assert {one["key"] for one in road.said["outbox"].json["outbox"]} == planned
    assert {one["customer"]["id"] for one in road.said["plan"].json["tasks"]} == {
        one["asked"]["customer"]["id"] for one in road.said["tasks"].json["tasks"]
    }


def test_nothing_leaves_before_a_person_has_approved_it(road: Road) -> None:
    (day,) = road.said["run"].json["ledgers"]
    assert (day["sent"], day["written_back"], day["unknown"]) == (0, 0, 0)
    kinds = {(one["kind"], one["state"]) for one in road.said["outbox"].json["outbox"]}
    assert kinds <= {("message", "planned"), ("notice", "approved")}


@pytest.mark.parametrize(("act", "code"), [("promise", "promised"), ("claim", "claimed_paid"), ("hold", "paused")])
def test_what_was_said_after_planning_holds_the_message(road: Road, act: str, code: str) -> None:
    assert road.state("outbox", act) == "planned"
    assert road.state("outbox after", act) == "held"
    assert road.state("outbox sent", act) == "held"
    found = road.said[f"explain {act}"].json
    assert (found["asked"], {why["code"] for held in found["held"] for why in held["reasons"]}) == ([], {code})


def test_what_is_disputed_in_part_is_not_asked_for_in_the_message_that_left(road: Road) -> None:
    (row,) = [one for one in road.said["outbox sent"].json["outbox"] if one["key"] == road.chosen["dispute"]["key"]]
    whole = Decimal(road.chosen["dispute"]["amount"])
    assert row["state"] == "sent"
    assert Decimal(row["touchpoint"]["amount"]) == whole - whole // 2


def test_a_rejected_message_is_skipped(road: Road) -> None:
    assert road.state("outbox sent", "reject") == "rejected"
    assert road.said["reject"].out.startswith(f"rejected {road.id_of('reject')}: ")


def test_what_was_said_is_listed_and_ended(road: Road) -> None:
    for what in ("dispute", "claim", "hold"):
        assert len(road.said[f"{what} list"].json[f"{what}s"]) == 1
        assert road.said[f"{what} ended"].json[f"{what}s"] == []


def test_a_promise_that_was_not_kept_is_broken_a_week_later(road: Road) -> None:
    assert [one["verdict"] for one in road.said["promise list"].json["promises"]] == ["pending"]
    assert [one["verdict"] for one in road.said["promise later"].json["promises"]] == ["broken"]


def test_what_was_approved_left_once_each(road: Road) -> None:
    (day,) = road.said["send"].json["ledgers"]
    (again,) = road.said["send again"].json["ledgers"]
    (later,) = road.said["send later"].json["ledgers"]
    assert (day["sent"] > 20, again["sent"], again["written_back"]) == (True, 0, 0)
    sent = [one for one in road.said["outbox later"].json["outbox"] if one["state"] == "sent"]
    keys = [one["key"] for one in sent if one["kind"] in {"message", "notice"}]
    assert len(keys) == day["sent"] + later["sent"]
    assert sorted(mail["X-Dunwell-Key"] for mail in road.mail()) == sorted(keys)


def test_the_books_were_told_of_every_message_on_its_customer_and_its_invoice(road: Road) -> None:
    told = [re.search(r"Dunwell ([0-9a-f]{8}) ", paper["note"] or "") for paper in road.papers]
    sent = [one for one in road.said["outbox later"].json["outbox"] if one["state"] == "sent"]
    notes = [one["id"] for one in sent if one["kind"] == "note"]
    assert sorted(found[1] for found in told if found) == sorted(notes)
    assert len(notes) == 2 * sum(one["kind"] == "message" for one in sent)


def test_an_invoice_says_what_it_waits_for_at_every_step(road: Road) -> None:
    assert road.said["explain approved"].out.splitlines()[-1] == (
        f"Next: today; it is approved and leaves with: dunwell run {road.name} --send"
    )
    assert re.search(r'Waits for step "\w+" on 2026-03-\d\d', road.said["explain sent"].out)


def test_a_customer_who_paid_is_not_written_to_again(road: Road) -> None:
    number = road.chosen["sent"]["invoices"][0]["number"]
    found = road.said["customer later"].json
    assert number not in {one["number"] for one in found["invoices"]}
    customer = road.chosen["sent"]["customer"]["id"]
    later = {one["key"] for one in road.said["outbox later"].json["outbox"] if one["decided_on"] == "2026-03-09"}
    assert later
    asked = [
        each["number"]
        for one in road.said["outbox later"].json["outbox"]
        if one["customer_id"] == customer and one["touchpoint"] and one["key"] in later
        for each in one["touchpoint"]["invoices"]
    ]
    assert number not in asked


def test_a_statement_foots_in_each_of_its_forms(road: Road) -> None:
    folder = road.desk.folder
    found = json.loads((folder / "statement.json").read_text("utf-8"))
    customer, currency = road.chosen["sent"]["customer"]["id"], road.chosen["sent"]["currency"]
    (aged,) = [
        one
        for each in road.said["aging"].json["customers"]
        if each["id"] == customer
        for one in each["currencies"]
        if one["currency"] == currency
    ]
    assert found["total"] == aged["total"]
    assert f"{Decimal(found['total']):,}" in (folder / "statement.html").read_text("utf-8")
    assert (folder / "statement.pdf").read_bytes().startswith(b"%PDF-")


def test_work_that_is_done_is_not_shown_again(road: Road) -> None:
    before, after = ([one["id"] for one in road.said[said].json["tasks"]] for said in ("tasks", "tasks left"))
    assert [one for one in before if one not in after] == before[:1]


def test_use_is_counted(road: Road) -> None:
    found = road.said["usage"].json
    (month,) = found["months"]
    assert (month["ledger"], month["platform"], month["month"]) == (road.name, road.platform, "2026-03")
    assert month["calls"] > 10
    assert [one["platform"] for one in found["platforms"]] == [road.platform]


def test_a_second_reading_asks_only_for_what_changed(road: Road) -> None:
    (ledger,) = road.said["sync later"].json["ledgers"]
    assert ledger["read"] == "changes"
    assert 0 < ledger["records"]["payment"] < 100
