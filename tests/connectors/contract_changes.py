"""What every connector keeps when it reads changes: it sees them all, and nothing that is gone ever looks paid."""

from strategy.model import Customer, CustomerStatus, DocumentStatus, Invoice, Kind, Payment
from tests.connectors import books
from tests.connectors.roads import Road


def looks_paid(invoice: Invoice | None) -> bool:
    """What everything behind the connector takes for a paid invoice."""
    issued = invoice is not None and invoice.status is DocumentStatus.ISSUED
    return issued and invoice is not None and invoice.total_minor > 0 and invoice.open_minor == 0


class Changes:
    """Facts of reading what changed."""

    platform: str

    def test_where_nothing_changed_there_is_nothing_but_the_platforms_time(self, road: Road) -> None:
        since = books.later(road)
        pages = books.changes(road, since)
        assert pages[0].server_time == road.clock.now()
        assert all(not page.records and not page.deleted for page in pages)

    def test_edits_are_seen(self, road: Road) -> None:
        since = books.later(road)
        edited = set(road.control.edit("invoice", count=130)["edited"]) | set(
            road.control.edit("customer", count=3)["edited"]
        )
        assert edited <= set(books.ids(books.changes(road, since)))

    def test_what_changed_at_the_very_instant_is_seen(self, road: Road) -> None:
        road.clock.move(hours=1)
        edited = set(road.control.edit("invoice", count=3)["edited"])
        assert edited <= set(books.ids(books.changes(road, road.clock.now())))

    def test_what_changed_before_is_not_brought_again(self, road: Road) -> None:
        edited = set(road.control.edit("invoice", count=3)["edited"])
        since = books.later(road)
        assert not edited & set(books.ids(books.changes(road, since)))

    def test_a_payment_is_seen_with_the_invoice_it_settled(self, road: Road) -> None:
        kept, since = books.an_open_invoice(road), books.later(road)
        paid = road.control.pay(f"id:{books.id_of(road, kept)}", 1_000)
        pages = books.changes(road, since)
        assert paid["payment"] in books.records(pages, Payment)
        invoice = books.records(pages, Invoice)[books.id_of(road, kept)]
        assert (invoice.open_minor, invoice.total_minor) == (kept.total - 1_000, kept.total)

    def test_a_new_customer_and_its_invoice_are_seen(self, road: Road) -> None:
        since = books.later(road)
        customer = road.control.add_customer("New & Sons", "new@sons.example")["customer"]
        invoice = road.control.add_invoice("New & Sons", 12_345)["invoice"]
        pages = books.changes(road, since)
        assert books.records(pages, Customer)[customer].emails == ("new@sons.example",)
        assert books.records(pages, Invoice)[invoice].open_minor == 12_345

    def test_a_voided_invoice_is_seen_and_does_not_look_paid(self, road: Road) -> None:
        kept, since = books.an_open_invoice(road), books.later(road)
        road.control.void(f"id:{books.id_of(road, kept)}")
        invoice = books.records(books.changes(road, since), Invoice)[books.id_of(road, kept)]
        assert invoice.status is DocumentStatus.VOIDED
        assert not looks_paid(invoice)

    def test_a_deleted_invoice_is_gone_and_does_not_look_paid(self, road: Road) -> None:
        kept, since = books.an_open_invoice(road), books.later(road)
        invoice_id = books.id_of(road, kept)
        road.control.delete("invoice", f"id:{invoice_id}")
        pages = books.changes(road, since)
        assert books.gone(pages, Kind.INVOICE, invoice_id)
        assert not looks_paid(books.records(pages, Invoice).get(invoice_id))

    def test_neither_does_it_look_paid_when_it_is_asked_for_by_name(self, road: Road) -> None:
        voided, deleted = books.an_open_invoice(road), books.an_open_invoice(road, skip=1)
        ids = [books.id_of(road, voided), books.id_of(road, deleted)]
        road.control.void(f"id:{ids[0]}")
        road.control.delete("invoice", f"id:{ids[1]}")
        page = road.connector.invoices(ids)
        assert not any(looks_paid(one) for one in books.records([page], Invoice).values())
        assert books.gone([page], Kind.INVOICE, ids[0])

    def test_nor_in_a_pass_over_everything(self, road: Road) -> None:
        voided, deleted = books.an_open_invoice(road), books.an_open_invoice(road, skip=1)
        ids = {books.id_of(road, voided), books.id_of(road, deleted)}
        road.control.void(f"id:{books.id_of(road, voided)}")
        road.control.delete("invoice", f"id:{books.id_of(road, deleted)}")
        found = books.records(books.all_of(road, Kind.INVOICE), Invoice)
        assert not any(looks_paid(found.get(one)) for one in ids)

    def test_a_deleted_payment_is_gone_and_its_invoice_open_again(self, road: Road) -> None:
        kept = books.an_open_invoice(road)
        invoice_id = books.id_of(road, kept)
        payment = road.control.pay(f"id:{invoice_id}")["payment"]
        since = books.later(road)
        road.control.delete("payment", payment)
        pages = books.changes(road, since)
        assert books.gone(pages, Kind.PAYMENT, payment)
        record = books.records(pages, Payment).get(payment)
        assert record is None or record.allocations == ()
        assert books.records(pages, Invoice)[invoice_id].open_minor == kept.total

    def test_archived_and_merged_customers_are_seen(self, road: Road) -> None:
        kept = books.kept_books(road)
        archived, loser, winner = [one for one in kept.customers.values() if one.life == "active"][:3]
        since = books.later(road)
        kept.archive(road.clock.now(), archived)
        kept.merge(road.clock.now(), loser, winner)
        found = books.records(books.changes(road, since), Customer)
        assert found[books.id_of(road, archived)].status is CustomerStatus.ARCHIVED
        merged = found[books.id_of(road, loser)]
        assert merged.status in {CustomerStatus.MERGED, CustomerStatus.ARCHIVED}
        if merged.status is CustomerStatus.MERGED:
            assert str(merged.merged_into) == books.id_of(road, winner)

    def test_changes_over_several_pages_come_whole_though_rows_move(self, road: Road) -> None:
        since = books.later(road)
        edited = set(road.control.edit("invoice", count=350)["edited"])
        found = set()
        for page in road.connector.changes(since):
            found |= set(page.ids)
            road.clock.move(seconds=1)
            road.control.edit("invoice", count=7)
        assert edited <= found

    def test_reading_everything_and_then_the_changes_leaves_nothing_out(self, road: Road) -> None:
        began = road.connector.company().server_time
        pages = []
        for kind in road.connector.kinds:
            for page in road.connector.everything(kind):
                pages.append(page)
                kept = books.an_open_invoice(road)
                road.clock.move(seconds=1)
                road.control.pay(f"id:{books.id_of(road, kept)}", 500)
        pages += books.changes(road, began)
        told = {key: one for key, (one, *_) in books.figures(books.records(pages, Invoice).values()).items() if one}
        assert told == {key: one for key, (one, *_) in books.truth(road).items() if one}
