"""Pulling, station by station of what has burned others: the mirror is the books, to the cent and the id."""

from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import BadAnswer, OutsideError
from strategy.model import Kind
from sync.pull import OVERLAP, Incomplete
from tests.connectors import books
from tests.sync.pulls import PLATFORMS, Puller, a_puller

pytestmark = pytest.mark.parametrize("platform", PLATFORMS)

QUIET = -52
"""Weeks after the start at which a shorter story ends, for tests that need few records and no business of the day."""

FAULTS = "minute_limit expired broken unavailable html_page drop_before cut_off truncated xml_limit_429".split()


def test_a_first_pull_brings_the_books_whole(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        pulled = puller.pull()
        assert puller.is_true()
        assert (pulled.mode, pulled.gone, puller.sync_runs()) == ("full", 0, [("full", "done")])
        assert pulled.counts[Kind.INVOICE] > 1_000


def test_the_cursor_is_the_platforms_time_of_the_beginning_less_an_overlap(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        began = puller.road.clock.now()
        puller.between = lambda _kind, _pages: puller.road.clock.move(minutes=1)
        puller.pull()
        assert puller.cursor() == began - OVERLAP


def test_where_nothing_changed_nothing_is_brought_and_little_asked(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        puller.road.clock.move(minutes=10)
        before = puller.road.answered()
        pulled = puller.pull()
        assert (pulled.mode, pulled.counts, pulled.gone) == ("changes", {}, 0)
        assert puller.road.answered() - before == (1 if platform == "quickbooks" else 6)


def test_rows_edited_between_two_pages_are_in_the_mirror_and_push_none_out(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:

        def edit(_kind: str, pages: int) -> None:
            puller.road.clock.move(seconds=2)
            puller.road.control.edit("invoice", count=5 + pages)

        puller.between = edit
        puller.pull()
        assert puller.is_true()


def test_money_that_arrives_between_two_pages_is_in_the_mirror(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:

        def pay(_kind: str, _pages: int) -> None:
            puller.road.clock.move(seconds=2)
            puller.road.control.pay(f"id:{books.id_of(puller.road, books.an_open_invoice(puller.road))}")

        puller.between = pay
        puller.pull()
        assert puller.is_true()


def test_a_record_that_goes_while_another_comes_between_two_pages_hides_none(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        swapped: list[int] = []

        def swap(kind: str, _pages: int) -> None:
            if kind == Kind.INVOICE and not swapped:
                swapped.append(1)
                road = puller.road
                road.clock.move(seconds=2)
                first = next(iter(puller.live(Kind.INVOICE)))
                road.control.delete("invoice", f"id:{first}")
                road.control.add_invoice(books.kept_books(road).customers[2].name, 77_700)

        puller.between = swap
        puller.pull()
        assert swapped
        assert puller.is_true()


def test_the_next_pull_brings_what_changed_and_no_more(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        puller.road.clock.move(hours=1)
        edited = len(puller.road.control.edit("invoice", count=30)["edited"])
        pulled = puller.pull()
        assert (pulled.mode, pulled.counts[Kind.INVOICE]) == ("changes", edited)
        assert puller.is_true()


def test_edits_voids_and_deletions_are_followed(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        road = puller.road
        road.clock.move(hours=1)
        road.control.edit("invoice", count=30)
        ids = [books.id_of(road, books.an_open_invoice(road, skip=skip)) for skip in range(3)]
        road.control.void(f"id:{ids[0]}")
        road.control.delete("invoice", f"id:{ids[1]}")
        road.control.pay(f"id:{ids[2]}")
        paid = books.id_of(road, list(books.kept_books(road).payments.values())[-1])
        puller.pull()
        assert puller.is_true()
        assert {puller.status("invoice", one) for one in ids[:2]} <= {"voided", "deleted"}
        assert ids[0] not in puller.open_invoices()
        road.clock.move(hours=1)
        road.control.delete("payment", paid)
        puller.pull()
        assert puller.is_true()
        assert ids[2] in puller.open_invoices()
        assert puller.status("payment", paid) == "deleted"


def test_weeks_of_business_are_followed_day_by_day(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        for _ in range(5):
            puller.road.clock.move(days=3, hours=1)
            assert puller.pull().mode == "changes"
            assert puller.is_true()


def test_after_a_long_silence_what_cannot_be_told_as_changes_is_read_anew(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        puller.road.clock.move(days=40)
        assert puller.pull().mode == ("full" if platform == "quickbooks" else "changes")
        assert puller.is_true()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_costs_nothing(tmp_path: Path, platform: str, fault: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        rule = puller.road.fault(fault, skip=5, times=2 if fault != "expired" else 1)
        puller.pull()
        assert rule.happened >= 1
        assert puller.is_true()


def _spoil(puller: Puller, platform: str, **more: object) -> None:
    """From now on, payments come as a failure inside a success."""
    where = {"body": "FROM Payment "} if platform == "quickbooks" else {"path": "/Payments"}
    puller.road.fault("fault_in_200", **where, times=None, **more)


def test_a_failure_inside_a_success_ends_the_pull_loudly_and_names_what_was_read(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        _spoil(puller, platform)
        with pytest.raises(BadAnswer, match=r"ledger harbour, reading Payment"):
            puller.pull()
        assert puller.cursor() is None
        assert puller.sync_runs() == [("broken off", "failed")]


def test_the_next_run_repairs_it(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        _spoil(puller, platform)
        with pytest.raises(BadAnswer):
            puller.pull()
        puller.road.sandbox.faults.clear()
        assert puller.pull().mode == "full"
        assert puller.is_true()


def test_a_failure_inside_the_changes_moves_nothing(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        cursor = puller.cursor()
        puller.road.clock.move(hours=1)
        puller.road.control.edit("invoice", count=30)
        where = {"path": "/cdc"} if platform == "quickbooks" else {"path": "/Payments"}
        puller.road.fault("fault_in_200", **where, times=None)
        before = {kind: puller.live(kind) for kind in (Kind.INVOICE, Kind.PAYMENT)}
        with pytest.raises(BadAnswer, match="Payment"):
            puller.pull()
        assert puller.cursor() == cursor
        assert {kind: puller.live(kind) for kind in before} == before
        puller.road.sandbox.faults.clear()
        assert puller.pull().mode == "changes"
        assert puller.is_true()


def test_a_lost_right_in_the_middle_is_no_complete_pull(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.road.fault("forbidden", skip=6, times=None)
        with pytest.raises(OutsideError, match="dunwell connect harbour"):
            puller.pull()
        assert puller.cursor() is None


def test_when_many_records_are_gone_a_person_is_asked_and_nothing_is_concluded(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        cursor, before = puller.cursor(), puller.live(Kind.INVOICE)
        puller.road.clock.move(hours=1)
        _lose(puller, 80)
        with pytest.raises(Incomplete, match=r"80 of \d+ invoice records are gone.*--accept-deletions"):
            puller.pull(full=True)
        assert puller.live(Kind.INVOICE) == before
        assert puller.cursor() == cursor


def test_a_person_may_say_that_they_are_really_gone(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform) as puller:
        puller.pull()
        puller.road.clock.move(hours=1)
        _lose(puller, 80)
        assert puller.pull(full=True, accept_deletions=True).gone == 80
        assert puller.is_true()


def test_a_few_that_are_gone_are_simply_gone(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        puller.road.clock.move(hours=1)
        _lose(puller, 5)
        assert puller.pull(full=True).gone == 5
        assert puller.is_true()


def _lose(puller: Puller, count: int) -> None:
    """Invoices on which nothing was paid vanish from the books as if they had never been."""
    puller.road.control.live()  # what happened up to now has happened to them too
    kept = books.kept_books(puller.road)
    shown = set(puller.live(Kind.INVOICE))
    unpaid = [one for one in kept.invoices.values() if not kept.settling(one)]
    for one in [one for one in unpaid if books.id_of(puller.road, one) in shown][-count:]:
        del kept.invoices[one.id]
    kept.generation += 1


def test_a_pull_that_runs_into_a_storm_of_changes_says_so(tmp_path: Path, platform: str) -> None:
    if platform == "xero":
        return
    with a_puller(tmp_path, platform) as puller:
        puller.road.control.edit("invoice", count=1_010)
        with pytest.raises(Incomplete, match="run it again later"):
            puller.pull()
        puller.road.clock.move(minutes=10)
        puller.pull()
        assert puller.is_true()


def test_books_that_never_hold_still_are_reported_and_not_believed(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:

        def churn(kind: str, _pages: int) -> None:
            if kind == Kind.CUSTOMER:
                puller.road.clock.move(seconds=2)

        puller.between = churn
        puller.pull()
        assert puller.is_true()


def test_what_the_platform_called_an_archived_customer_still_owes(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        road = puller.road
        kept = books.kept_books(road).customers[books.an_open_invoice(road).customer_id]
        road.clock.move(hours=1)
        books.kept_books(road).archive(road.clock.now(), kept)
        puller.pull()
        assert puller.status("customer", books.id_of(road, kept)) == "archived"
        assert puller.is_true()


def test_the_company_is_read_once_a_day(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        path = "/companyinfo" if platform == "quickbooks" else "/organisation"
        puller.pull()
        for hours in (1, 1, 20):
            puller.road.clock.move(hours=hours)
            puller.pull()
        assert puller.road.answered(path) == 2


def test_a_cursor_never_lies_behind_what_was_read(tmp_path: Path, platform: str) -> None:
    with a_puller(tmp_path, platform, page_size=50, weeks=QUIET) as puller:
        puller.pull()
        for _ in range(3):
            puller.road.clock.move(hours=6)
            began = puller.road.clock.now()
            puller.pull()
            assert puller.cursor() == began - OVERLAP
            assert timedelta(0) < OVERLAP < timedelta(hours=1)
