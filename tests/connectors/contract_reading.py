"""What every connector keeps when it reads: all of it, in a stable order, equal to the books to the cent."""

from datetime import timedelta

import pytest

from strategy.model import Company, Credit, CustomerStatus, DocumentStatus, Invoice, Kind, Switch
from tests.connectors import books
from tests.connectors.roads import Road

DOCUMENTS = [Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT]


class Reading:
    """Facts of reading everything."""

    platform: str
    deletes_leave_a_row: bool
    """Whether a deleted record is still listed, with a status that says so."""

    tells_zone: bool
    tells_reminders: bool

    def test_the_company_is_a_page_of_one_with_what_changes_our_ways(self, still: Road) -> None:
        page = still.connector.company()
        (company,) = page.records
        kept = books.kept_books(still).company
        assert isinstance(company, Company)
        assert (company.name, company.legal_name, company.country) == (kept.name, kept.legal_name, kept.country)
        assert (company.base_currency, company.time_zone) == (kept.currency, kept.zone if self.tells_zone else None)
        assert page.server_time == still.clock.now()
        assert {raw.id for raw in page.raw}

    def test_the_reminder_switch_is_told_as_far_as_the_platform_tells_it(self, road: Road) -> None:
        if not self.tells_reminders:
            assert road.connector.reminders() is Switch.UNKNOWN
            assert road.asked() == []
            return
        assert road.connector.reminders() is Switch.OFF
        road.control.switch("reminders", True)
        assert road.connector.reminders() is Switch.ON

    @pytest.mark.parametrize("kind", [Kind.CUSTOMER, *DOCUMENTS])
    def test_everything_is_all_there_is(self, still: Road, kind: Kind) -> None:
        live = still.control.live()
        wanted = set(live[kind])
        if kind is Kind.CREDIT:
            wanted |= {*live.get("overpayment", ()), *live.get("prepayment", ())}
        found = books.documents(books.as_read(still, kind))
        assert wanted <= found.keys()
        assert all(books.counts_for_nothing(found[one]) for one in found.keys() - wanted)
        assert len(found) > 20 or kind is Kind.CREDIT

    @pytest.mark.parametrize("kind", [Kind.CUSTOMER, *DOCUMENTS])
    def test_every_pass_says_how_many_there_are_and_brings_each_once(self, still: Road, kind: Kind) -> None:
        pages = books.as_read(still, kind)
        ids = books.ids(pages)
        assert pages[-1].expected == len(ids) == len(set(ids))

    @pytest.mark.parametrize("kind", [Kind.CUSTOMER, *DOCUMENTS])
    def test_two_passes_bring_the_same_in_the_same_order(self, still: Road, kind: Kind) -> None:
        assert books.ids(books.as_read(still, kind)) == books.ids(books.all_of(still, kind))

    def test_pages_are_as_large_as_they_were_asked_to_be(self, still: Road) -> None:
        *full, last = books.as_read(still, Kind.INVOICE)
        assert len(full) >= 10
        assert {len(page.ids) for page in full} == {100}
        assert 0 < len(last.ids) <= 100

    @pytest.mark.parametrize("kind", DOCUMENTS[:2])
    def test_rows_edited_between_two_pages_push_no_other_row_away(self, road: Road, kind: Kind) -> None:
        before = set(books.ids(books.all_of(road, kind)))
        found = set()
        for number, page in enumerate(road.connector.everything(kind)):
            found |= set(page.ids)
            road.clock.move(seconds=1)
            road.control.edit(kind, count=5 + number)
        assert found >= before

    def test_rows_made_between_two_pages_push_no_other_row_away(self, road: Road) -> None:
        before = set(books.ids(books.all_of(road, Kind.INVOICE)))
        customer = books.kept_books(road).customers[1].name
        found = set()
        for page in road.connector.everything(Kind.INVOICE):
            found |= set(page.ids)
            road.control.add_invoice(customer, 10_000)
        assert found >= before

    def test_every_record_carries_the_body_it_was_made_of(self, still: Road) -> None:
        for kind in still.connector.kinds:
            for page in books.as_read(still, kind):
                assert {record.id for record in page.records} <= {raw.id for raw in page.raw}
                assert page.issues == ()

    def test_open_unapplied_and_remaining_are_the_books_to_the_cent(self, still: Road) -> None:
        found = [record for kind in DOCUMENTS for page in books.as_read(still, kind) for record in page.records]
        assert books.figures(found) == books.truth(still)

    def test_what_was_settled_of_each_invoice_is_what_it_lacks_to_its_total(self, still: Road) -> None:
        found = [record for kind in DOCUMENTS for page in books.as_read(still, kind) for record in page.records]
        settled = books.settled(found)
        issued = [one for one in found if isinstance(one, Invoice) and one.status is DocumentStatus.ISSUED]
        assert len(issued) > 500
        for one in issued:
            assert one.total_minor - one.deposit_minor - settled.get(one.id, 0) == one.open_minor, one.number

    def test_invoices_say_number_dates_currency_customer_and_whether_they_were_sent(self, still: Road) -> None:
        found = books.records(books.as_read(still, Kind.INVOICE), Invoice)
        for kept in list(books.kept_books(still).invoices.values())[-200:]:
            one = found.get(books.id_of(still, kept))
            if one is None or one.status is DocumentStatus.DELETED:
                continue
            assert (one.number, one.issued_on, one.due_on) == (kept.number, kept.issued_on, kept.due_on)
            assert one.currency == kept.currency
            assert (one.sent == "yes") is (kept.sent_at is not None)

    def test_archived_and_merged_customers_are_read_too(self, still: Road) -> None:
        found = books.everybody(still)
        kept = books.kept_books(still).customers.values()
        unused = {books.id_of(still, one) for one in kept if one.life != "active"}
        assert unused
        assert {found[one].status for one in unused} <= {CustomerStatus.ARCHIVED, CustomerStatus.MERGED}

    def test_customers_say_where_to_write_in_the_books_order(self, still: Road) -> None:
        found = books.everybody(still)
        for kept in books.kept_books(still).customers.values():
            wanted = [part.strip() for part in (kept.email or "").split(",") if part.strip()]
            assert list(found[books.id_of(still, kept)].emails)[: len(wanted)] == wanted

    def test_these_invoices_and_no_others_are_read_by_id_in_few_calls(self, still: Road) -> None:
        ids = list(still.control.live()["invoice"])[:250]
        before = len(still.asked())
        page = still.connector.invoices(ids)  # type: ignore[arg-type]
        assert {record.id for record in page.records} == set(page.ids) == set(ids)
        assert len(still.asked()) - before <= 7

    def test_no_invoices_cost_no_call(self, road: Road) -> None:
        assert road.connector.invoices([]).records == ()
        assert road.asked() == []

    def test_an_invoice_that_is_not_there_is_simply_not_there(self, still: Road) -> None:
        there, missing = next(iter(still.control.live()["invoice"])), self.no_such_id
        page = still.connector.invoices([missing, there])  # type: ignore[list-item]
        assert [record.id for record in page.records] == [there]

    no_such_id: str

    def test_the_platforms_own_balances_are_the_books(self, still: Road) -> None:
        said = {one.customer_id: one for one in still.connector.balances(None)}
        compared = 0
        currency = books.kept_books(still).company.currency
        rows = books.truth(still)
        for (customer_id, row_currency), (is_open, unapplied, remaining) in rows.items():
            alone = len([1 for other, _ in rows if other == customer_id]) == 1
            if row_currency != currency or not alone:
                continue
            compared += 1
            owed = said[customer_id].owed_minor  # type: ignore[index]
            assert owed in {is_open - unapplied - remaining, is_open - remaining - self._overpaid(still, customer_id)}
        assert compared > 20

    def _overpaid(self, road: Road, customer_id: str) -> int:
        """Of what is unapplied, the part that is no prepayment: platforms differ in whether those lower a balance."""
        pages = books.as_read(road, Kind.CREDIT)
        return sum(
            one.remaining_minor
            for one in books.records(pages, Credit).values()
            if one.customer_id == customer_id and one.kind == "overpayment"
        )

    def test_balances_of_some_are_those_of_all(self, still: Road) -> None:
        every = {one.customer_id: one for one in still.connector.balances(None)}
        some = sorted(every)[::2]
        assert {one.customer_id: one for one in still.connector.balances(some)} == {one: every[one] for one in some}

    def test_a_server_time_is_the_platforms_and_not_ours(self, road: Road) -> None:
        ours = road.clock.now()
        road.clock.move(days=0)
        page = next(iter(road.connector.everything(Kind.CUSTOMER)))
        assert abs(page.server_time - ours) < timedelta(seconds=5)
        assert page.server_time.utcoffset() is not None
