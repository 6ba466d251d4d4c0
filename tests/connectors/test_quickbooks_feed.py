"""QuickBooks' feed of changes: what it reaches, what it leaves out, and what it says wrongly."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.base import TooManyChanges
from connectors.errors import Reconnect
from strategy.model import Customer, Invoice, Kind, Payment
from tests.connectors import books
from tests.connectors.meddling import meddled
from tests.connectors.roads import Road, a_road


def feed_calls(road: Road) -> int:
    return road.answered("/cdc")


def test_a_poll_that_finds_nothing_is_one_call() -> None:
    with a_road() as road:
        since = books.later(road)
        books.changes(road, since)
        assert road.answered() == feed_calls(road) == 1


def test_the_feed_is_not_asked_for_more_than_it_surely_reaches() -> None:
    with a_road(weeks=-52) as road:
        pages = books.changes(road, road.clock.now() - timedelta(days=25, seconds=1))
        assert feed_calls(road) == 0
        assert {page.kind for page in pages if page.total is not None} == set(road.connector.kinds)
        books.changes(road, road.clock.now() - timedelta(days=24))
        assert feed_calls(road) == 1


def test_what_one_answer_cannot_hold_is_asked_for_kind_by_kind() -> None:
    with a_road() as road:
        since = books.later(road)
        road.control.delete("invoice", f"id:{books.id_of(road, books.an_open_invoice(road))}")
        edited = {*road.control.edit("invoice", count=700)["edited"]}
        paid = {*road.control.edit("payment", count=600)["edited"]}
        pages = books.changes(road, since)
        assert edited <= books.records(pages, Invoice).keys()
        assert paid <= books.records(pages, Payment).keys()
        assert len(books.deleted(pages, Kind.INVOICE)) == 1
        assert [bool(page.deleted) for page in pages][-1:] == [True]  # deletions come last
        assert feed_calls(road) == 7


def test_a_kind_that_alone_fills_an_answer_is_queried_and_says_how_many_there_are() -> None:
    with a_road(page_size=300) as road:
        since = books.later(road)
        edited = {*road.control.edit("invoice", count=1_000)["edited"]}
        deleted = books.id_of(road, books.an_open_invoice(road))
        road.control.delete("invoice", f"id:{deleted}")
        pages = books.changes(road, since)
        assert edited - {deleted} <= books.records(pages, Invoice).keys()
        totals = {page.kind: page.total for page in pages if page.total is not None}
        assert totals == {Kind.INVOICE: len(road.control.live()["invoice"])}


@pytest.mark.parametrize("fault", ["broken", "unavailable", "refused", "fault_in_200", "truncated"])
def test_a_feed_that_does_not_answer_is_gone_around(fault: str) -> None:
    with a_road(weeks=-52) as road:
        since = books.later(road)
        edited = {*road.control.edit("invoice", count=30)["edited"], *road.control.edit("payment", count=3)["edited"]}
        road.fault(fault, path="/cdc", times=None)
        pages = books.changes(road, since)
        assert edited <= set(books.ids(pages))
        assert pages[0].server_time == min(page.server_time for page in pages)


def test_one_kind_that_the_feed_refuses_costs_the_others_nothing() -> None:
    with a_road(weeks=-52) as road:
        since = books.later(road)
        road.control.edit("invoice", count=30)
        payment = next(iter(road.control.live()["payment"]))
        road.control.delete("payment", payment)
        road.fault("refused", path="/cdc", query="Invoice", times=None)
        pages = books.changes(road, since)
        assert {page.kind for page in pages if page.total is not None} == {Kind.INVOICE}
        assert books.deleted(pages, Kind.PAYMENT) == {payment}
        assert pages[-1].deleted


def test_a_lost_right_or_a_throttle_is_no_reason_to_ask_otherwise() -> None:
    with a_road(weeks=-52) as road:
        road.fault("forbidden", path="/cdc", times=None)
        with pytest.raises(Reconnect):
            books.changes(road, books.later(road))
        assert road.asked(path="/query") == []


def test_rows_of_one_second_that_are_edited_while_they_are_paged_through_push_none_out() -> None:
    with a_road(page_size=10, weeks=-52) as road:
        since = books.later(road)
        edited = {*road.control.edit("invoice", count=47)["edited"]}
        road.fault("broken", path="/cdc", times=None)
        found: set[str] = set()
        for page in road.connector.changes(since):
            found |= set(page.ids)
            if page.kind is Kind.INVOICE and page.ids and len(found) < 30:
                road.clock.move(seconds=1)
                road.control.edit("invoice", record=f"id:{page.ids[0]}")
        assert edited <= found


def test_more_changes_than_ten_pages_are_no_longer_asked_for() -> None:
    with a_road(page_size=5, weeks=-52) as road:
        since = books.later(road)
        road.control.edit("invoice", count=60)
        road.fault("broken", path="/cdc", times=None)
        with pytest.raises(TooManyChanges, match="as cheap"):
            books.changes(road, since)


def test_records_that_the_feed_wrongly_calls_deleted_are_looked_for_before_they_are_believed_gone() -> None:
    def stubs(answer: Any) -> Any:
        for part in answer.get("CDCResponse", [{"QueryResponse": []}])[0]["QueryResponse"]:
            for name, rows in part.items():
                if isinstance(rows, list):
                    part[name] = [{"domain": "QBO", "status": "Deleted", "Id": row["Id"]} for row in rows]
        return answer

    with a_road() as road:
        kept = books.kept_books(road)
        since = books.later(road)
        edited = {*road.control.edit("invoice", count=250)["edited"]}
        archived = next(one for one in kept.customers.values() if one.life == "active")
        kept.archive(road.clock.now(), archived)
        really = books.id_of(road, books.an_open_invoice(road))
        road.control.delete("invoice", f"id:{really}")
        with meddled(road, stubs) as connector:
            pages = list(connector.changes(since))
        assert edited - {really} <= books.records(pages, Invoice).keys()
        assert books.id_of(road, archived) in books.records(pages, Customer)
        assert books.deleted(pages, Kind.INVOICE) == {really}
        assert books.deleted(pages, Kind.CUSTOMER) == set()


def test_a_record_that_is_still_there_but_cannot_be_read_is_an_issue_and_not_deleted() -> None:
    def broken(answer: Any) -> Any:
        if "CDCResponse" in answer:
            answer["CDCResponse"][0]["QueryResponse"] = [{"Invoice": [{"status": "Deleted", "Id": "7"}]}]
        for row in answer.get("QueryResponse", {}).get("Invoice", ()):
            row["Balance"] = "much"
        return answer

    with a_road() as road, meddled(road, broken) as connector:
        pages = list(connector.changes(books.later(road)))
        assert books.deleted(pages, Kind.INVOICE) == set()
        assert [issue.source for page in pages for issue in page.issues] == ["Invoice 7"]
