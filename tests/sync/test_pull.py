"""Pulling: the mirror is the books, to the cent and the id. What has burned others stands in `test_matrix`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from strategy.model import Kind
from sync.reader import OVERLAP
from sync.store import mirror
from tests.connectors import books
from tests.connectors.meddling import each_row, meddled
from tests.sync.pulls import BUSY, NOTHING, PLATFORMS, Puller, a_puller
from tests.sync.test_matrix import lose

platforms = pytest.mark.parametrize("platform", PLATFORMS)


@platforms
def test_the_cursor_is_the_platforms_time_of_the_beginning_less_an_overlap(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        began = puller.road.clock.now()
        puller.between = lambda _kind, _pages: puller.road.clock.move(minutes=1)
        puller.pull()
        assert puller.cursor() == began - OVERLAP
        puller.road.clock.move(hours=6)
        began = puller.road.clock.now()
        puller.pull()
        assert puller.cursor() == began - OVERLAP
        assert timedelta(0) < OVERLAP < timedelta(hours=1)


@platforms
@pytest.mark.parametrize("feed", ["feed", "queries"])
def test_the_hour_that_comes_twice_hides_nothing(tmp_path: Path, platform: str, feed: str) -> None:
    """QuickBooks writes Pacific time: 01:50-07:00 comes before 01:10-08:00, and no text says so."""
    with a_puller(tmp_path, platform, at=datetime(2026, 11, 1, 8, 40, tzinfo=UTC)) as puller:
        puller.pull()
        if feed == "queries":
            puller.road.fault("broken", path="/cdc", times=None)
        for minutes in (10, 20, 20):
            puller.road.clock.move(minutes=minutes)
            for number, kind in enumerate(("invoice", "customer"), start=2):
                puller.road.control.edit(kind, count=number)
            assert puller.pull().mode == "changes"
            assert puller.is_true()


@platforms
def test_money_that_arrives_between_two_pages_is_in_the_mirror(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:

        def pay(_kind: str, _pages: int) -> None:
            puller.road.clock.move(seconds=2)
            puller.road.control.pay(f"id:{books.id_of(puller.road, books.an_open_invoice(puller.road))}")

        puller.between = pay
        puller.pull()
        assert puller.is_true()


@platforms
def test_what_becomes_visible_late_on_a_page_that_was_read_already_is_in_the_mirror(
    tmp_path: Path, platform: str
) -> None:
    with a_puller(tmp_path, platform) as puller:
        kept, began = books.kept_books(puller.road), puller.road.clock.now()
        late: list[str] = []

        def show(kind: str, _pages: int) -> None:
            if kind == Kind.INVOICE and not late:
                late.append(next(iter(puller.live(Kind.INVOICE))))
                (invoice,) = [one for one in kept.invoices.values() if books.id_of(puller.road, one) == late[0]]
                kept.change(began - OVERLAP, invoice, due_on=invoice.issued_on + timedelta(days=77))

        puller.between = show
        puller.pull()
        assert late
        assert puller.is_true()


@platforms
def test_a_record_that_goes_while_another_comes_between_two_pages_hides_none(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        swapped = _swapping(puller)
        puller.pull()
        assert swapped
        assert puller.is_true()


@platforms
def test_nor_does_it_where_no_feed_tells_that_it_went(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.road.fault("broken", path="/cdc", times=None)
        swapped = _swapping(puller)
        puller.pull()
        assert swapped
        assert puller.is_true()


def _swapping(puller: Puller) -> list[str]:
    """Once, after the first page of invoices, one of it is deleted and another made."""
    swapped: list[str] = []

    def swap(kind: str, _pages: int) -> None:
        if kind == Kind.INVOICE and not swapped:
            road = puller.road
            road.clock.move(seconds=2)
            swapped.append(next(iter(puller.live(Kind.INVOICE))))
            road.control.delete("invoice", f"id:{swapped[0]}")
            road.control.add_invoice(books.kept_books(road).customers[2].name, 77_700)

    puller.between = swap
    return swapped


@platforms
def test_the_next_pull_brings_what_changed_and_no_more(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        puller.road.clock.move(hours=1)
        edited = len(puller.road.control.edit("invoice", count=30)["edited"])
        pulled = puller.pull()
        assert (pulled.mode, pulled.counts[Kind.INVOICE]) == ("changes", edited)


@platforms
def test_a_payment_that_is_undone_leaves_its_invoice_open(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        road = puller.road
        invoice = books.id_of(road, books.an_open_invoice(road))
        paid = road.control.pay(f"id:{invoice}")["payment"]
        puller.pull()
        assert invoice not in puller.open_invoices()
        road.clock.move(hours=1)
        road.control.delete("payment", paid)
        puller.pull()
        assert puller.is_true()
        assert invoice in puller.open_invoices()
        assert puller.status("payment", paid) == "deleted"


@platforms
def test_weeks_of_business_are_followed_day_by_day(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=250, weeks=BUSY) as puller:
        puller.pull()
        for _ in range(3):
            puller.road.clock.move(days=3, hours=1)
            assert puller.pull().mode == "changes"
            assert puller.is_true()


@platforms
def test_after_a_long_silence_what_changed_and_what_is_gone_is_found(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        road = puller.road
        puller.pull()
        road.clock.move(days=3)
        road.control.edit("invoice", count=30)
        gone = [books.id_of(road, books.an_open_invoice(road, skip=skip)) for skip in range(2)]
        for one in gone:
            road.control.delete("invoice", f"id:{one}")
        road.clock.move(days=40)
        before = road.answered()
        assert puller.pull().mode == "changes"
        assert puller.is_true()
        assert not puller.open_invoices().keys() & gone
        assert road.answered("/cdc") == (1 if platform == "quickbooks" else 0)  # that of the first pull
        assert road.answered() - before < 40


def test_where_nothing_is_gone_a_count_proves_it_without_a_feed(tmp_path: Path) -> None:
    with a_puller(tmp_path, "quickbooks") as puller:
        road = puller.road
        puller.pull()
        road.clock.move(hours=1)
        road.control.edit("invoice", count=3)
        road.fault("broken", path="/cdc", times=None)
        before = len(road.asked(path="/query"))
        puller.pull()
        assert puller.is_true()
        assert len(road.asked(path="/query")) - before == 15  # a count and a question for each of six kinds, 3 more


@pytest.mark.parametrize("full", [False, True])
def test_where_too_much_changed_to_ask_for_it_everything_is_read_once(tmp_path: Path, full: bool) -> None:
    with a_puller(tmp_path, "quickbooks") as puller:
        road = puller.road
        puller.pull()
        road.clock.move(hours=1)
        road.control.edit("invoice", count=33)
        road.fault("broken", path="/cdc", times=5)  # so often one call is tried
        road.page_size = 3
        assert puller.pull(full=full, connector=road.connector_at(road.sandbox.url)).mode == "full"
        assert puller.sync_runs()[1:] == [("full", "done")]
        assert puller.is_true()


@platforms
def test_a_few_that_are_gone_are_simply_gone(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        puller.road.clock.move(hours=1)
        lose(puller, 5)
        assert puller.pull(full=True).gone == 5
        assert puller.is_true()


@platforms
def test_an_archived_customer_still_owes(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        road = puller.road
        kept = books.kept_books(road).customers[books.an_open_invoice(road).customer_id]
        road.clock.move(hours=1)
        books.kept_books(road).archive(road.clock.now(), kept)
        puller.pull()
        assert puller.status("customer", books.id_of(road, kept)) == "archived"
        assert puller.is_true()


@platforms
def test_the_company_is_read_once_a_day(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        path = "/companyinfo" if platform == "quickbooks" else "/organisation"
        puller.pull()
        for hours in (1, 1, 20):
            puller.road.clock.move(hours=hours)
            puller.pull()
        assert puller.road.answered(path) == 2


@platforms
def test_a_value_that_nobody_knows_is_told_once_and_forgotten_when_it_comes_no_more(
    tmp_path: Path, platform: str
) -> None:
    with a_puller(tmp_path, platform) as puller:
        field = {"quickbooks": "EmailStatus", "xero": "ContactStatus"}[platform]
        changed = each_row(lambda row: row.update({field: "BRANDNEW"} if field in row else {}))
        with meddled(puller.road, changed) as connector:
            for full in (True, False, True):
                puller.pull(connector=connector, full=full)
                (issue,) = mirror.issues(puller.store, puller.ledger.id)
                assert (issue.code, f"{field} BRANDNEW" in issue.source) == ("unknown_value", True)
                puller.road.clock.move(hours=1)
        assert puller.wrong() == NOTHING
        puller.pull(full=True)
        assert mirror.issues(puller.store, puller.ledger.id) == ()
