"""What only Xero does: statuses, bills, refunds, three currencies, its aged report, payment services."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import yaml

from connectors.base import PayLink
from connectors.errors import BadAnswer, OutcomeUnknown, Reconnect
from connectors.xero import faults, organisation, scopes
from connectors.xero.connector import Xero
from connectors.xero.instants import instant
from strategy.model import (
    Company,
    Credit,
    CreditKind,
    Customer,
    CustomerId,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Kind,
    Payment,
    Switch,
)
from tests.connectors import books, servers
from tests.connectors.meddling import each_row, meddled, one_row, rows
from tests.connectors.roads import Line, Road, a_line, a_road
from tests.connectors.servers import Server

WITH_SERVICES = (
    "offline_access accounting.invoices accounting.payments.read accounting.contacts accounting.settings.read "
    "accounting.attachments paymentservices"
)


NO_INSTANTS = ("", "soon", "/Date()/", "/Date(99999999999999999999)/", "0")


@pytest.fixture(scope="module")
def still() -> Iterator[Road]:
    """A road to books that nobody changes; the tests of this module share it."""
    with a_road("xero") as road:
        yield road


def at(line: Line) -> Xero:
    return Xero(line.transport, line.clock, line.url, "tenant", page_size=2)


def a_page(*contacts: str, **more: Any) -> servers.Reply:
    rows = [{"ContactID": one, "Name": one, "UpdatedDateUTC": "/Date(1772470800000+0000)/"} for one in contacts]
    return servers.answer(msgspec.json.encode({"DateTimeUTC": "/Date(1772470800000)/", "Contacts": rows, **more}))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/Date(1584230400000+0000)/", datetime(2020, 3, 15, tzinfo=UTC)),
        ("/Date(1518298927172)/", datetime(2018, 2, 10, 21, 42, 7, 172000, tzinfo=UTC)),
        ("/Date(-62135596800000)/", datetime(1, 1, 1, tzinfo=UTC)),
        ("2020-03-15T00:00:00", datetime(2020, 3, 15, tzinfo=UTC)),
        ("2020-03-15T01:02:03.1234567Z", datetime(2020, 3, 15, 1, 2, 3, 123456, tzinfo=UTC)),
        ("2020-03-15T13:00:00+13:00", datetime(2020, 3, 15, tzinfo=UTC)),
    ],
)
def test_instants_are_read_in_each_form_they_come_in(written: str, read: datetime) -> None:
    assert instant(written) == read


def test_what_is_no_instant_makes_an_issue_and_sinks_nothing(still: Road) -> None:
    page = books.as_read(still, Kind.INVOICE)[0]
    odd = dict(zip((record.id for record in page.records[3:]), NO_INSTANTS, strict=False))
    with meddled(still, rows({one: {"UpdatedDateUTC": written} for one, written in odd.items()})) as connector:
        again = next(iter(connector.everything(Kind.INVOICE)))
    assert [issue.source for issue in again.issues] == [f"Invoices {one}" for one in odd]
    assert len(again.records) == len(page.records) - len(NO_INSTANTS)


def test_all_of_xeros_time_zones_are_known(data: Path) -> None:
    contract = yaml.load((data / "xero/xero_accounting.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    names = contract["components"]["schemas"]["TimeZone"]["enum"]
    known = {name: organisation.zone(name) for name in names}
    assert all(zone and ZoneInfo(zone) for zone in known.values())
    assert (known["GMTSTANDARDTIME"], known["NEWZEALANDSTANDARDTIME"]) == ("Europe/London", "Pacific/Auckland")


def test_books_may_be_locked_for_ever(still: Road) -> None:
    for_ever = {"PeriodLockDate": "/Date(253402214400000+0000)/"}
    with meddled(still, each_row(lambda row: row.update(for_ever))) as connector:
        (read,) = connector.company().records
    assert isinstance(read, Company)
    assert read.books_closed_on == date.max


def test_a_status_that_nobody_knows_is_reported_and_counts_for_nothing(still: Road) -> None:
    invoice_id = books.id_of(still, books.an_open_invoice(still))
    with meddled(still, one_row(invoice_id, lambda row: row.update(Status="PONDERED"))) as connector:
        page = connector.invoices([invoice_id])
    assert (page.records, len(page.issues), page.ids) == ((), 1, (invoice_id,))


def test_drafts_are_told_as_drafts(still: Road) -> None:
    kept = [one for one in books.kept_books(still).invoices.values() if one.standing == "draft"]
    found = books.records(books.as_read(still, Kind.INVOICE), Invoice)
    assert kept
    assert {found[books.id_of(still, one)].status for one in kept} == {DocumentStatus.DRAFT}


def test_what_the_organisation_owes_others_is_counted_and_left_out(still: Road) -> None:
    for kind in (Kind.PAYMENT, Kind.CREDIT):
        pages = books.as_read(still, kind)
        foreign = set(books.ids(pages)) - books.documents(pages).keys()
        assert foreign
        assert not foreign & {raw.id for page in pages for raw in page.raw}


def test_bills_are_not_even_asked_for(still: Road) -> None:
    pages = books.as_read(still, Kind.INVOICE)
    assert set(books.ids(pages)) == books.records(pages, Invoice).keys()


def _is_owed(one: Invoice) -> bool:
    return one.status is DocumentStatus.ISSUED and one.open_minor > 0


def test_looking_at_what_is_open_reads_nothing_else(still: Road) -> None:
    every = books.records(books.as_read(still, Kind.INVOICE), Invoice)
    swept = books.records(still.connector.open_invoices(), Invoice)
    assert swept == {record_id: one for record_id, one in every.items() if _is_owed(one)}
    assert len(swept) < len(every)


def test_money_given_back_is_a_payment_of_less_than_nothing_that_uses_up_its_credit(still: Road) -> None:
    kept = [one for one in books.kept_books(still).refunds.values() if one.standing == "issued"]
    found = books.records(books.as_read(still, Kind.PAYMENT), Payment)
    notes = books.records(books.as_read(still, Kind.CREDIT), Credit)
    assert kept
    for one in kept:
        refund = found[books.id_of(still, one)]
        (allocation,) = refund.allocations
        assert (refund.total_minor, allocation.amount_minor) == (-one.amount, one.amount)
        assert allocation.target_id in notes


def test_every_credit_is_its_allocations_its_refunds_and_what_is_left(still: Road) -> None:
    notes = books.records(books.as_read(still, Kind.CREDIT), Credit)
    given_back = {
        each.target_id: each.amount_minor
        for one in books.records(books.as_read(still, Kind.PAYMENT), Payment).values()
        for each in one.allocations
        if each.target == "credit"
    }
    issued = [one for one in notes.values() if one.status is DocumentStatus.ISSUED]
    assert {one.kind for one in issued} == set(CreditKind)
    for one in issued:
        used = sum(each.amount_minor for each in one.allocations) + given_back.get(one.id, 0)
        assert one.total_minor - used == one.remaining_minor, one


def test_a_merged_contact_says_into_whom(still: Road) -> None:
    kept = books.kept_books(still).customers
    loser = next(one for one in kept.values() if one.merged_into is not None)
    found = books.everybody(still)[books.id_of(still, loser)]
    assert str(found.merged_into) == books.id_of(still, kept[loser.merged_into or 0])


@pytest.mark.parametrize("local", [True, False], ids=["with local column", "without"])
def test_the_aged_report_tells_each_currency_whatever_its_form(local: bool) -> None:
    with a_road("xero") as road:
        road.control.switch("report_local_column", local)
        today = date(2026, 3, 2)
        rows: dict[str, dict[str, int]] = {}
        for (customer_id, currency), (is_open, _, remaining) in books.truth(road).items():
            rows.setdefault(customer_id, {})[currency] = is_open - remaining
        for one in books.records(books.all_of(road, Kind.CREDIT), Credit).values():
            if one.kind is CreditKind.OVERPAYMENT and one.status is DocumentStatus.ISSUED and one.remaining_minor:
                rows[one.customer_id][one.currency] -= one.remaining_minor
        several = [one for one in rows if len(rows[one]) > 1][:5]
        single = [one for one in rows if rows[one].keys() == {"GBP"}][:5]
        foreign = [one for one in rows if len(rows[one]) == 1 and "GBP" not in rows[one]][:5]
        assert single
        assert several or foreign
        for customer_id in (*several, *single, *foreign):
            told = road.connector.open_by_report(CustomerId(customer_id), today)
            assert told is not None
            assert {key: owed for key, owed in told.items() if owed} == {
                key: owed for key, owed in rows[customer_id].items() if owed
            }


def test_a_user_who_may_not_read_reports_leaves_the_report_untold() -> None:
    with a_road("xero") as road:
        road.fault("forbidden", path="/Reports")
        customer_id = CustomerId(books.id_of(road, books.kept_books(road).customers[1]))
        assert road.connector.open_by_report(customer_id, date(2026, 3, 2)) is None


def test_a_missing_scope_asks_for_a_person_without_a_refresh() -> None:
    with a_road("xero") as road:
        road.tokens.token = str(road.control.tokens("accounting.contacts.read")["access_token"])
        with pytest.raises(Reconnect, match=r"^This needs the scope accounting\.invoices\.read, which Xero has not"):
            next(iter(road.connector.everything(Kind.INVOICE)))
        assert road.tokens.renewed == []


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        ("GET Organisation", "accounting.settings.read"),
        ("GET InvoiceReminders/Settings", "accounting.settings.read"),
        ("GET Payments?page=1", "accounting.payments.read"),
        ("GET Reports/AgedReceivablesByContact", "accounting.reports.aged.read"),
        ("PUT Invoices/1/History", "accounting.invoices"),
        ("PUT Contacts/1/History", "accounting.contacts"),
        ("POST Contacts/1/Attachments/statement.pdf", "accounting.attachments"),
        ("POST BrandingThemes/1/PaymentServices", "paymentservices"),
        ("GET Items", None),
    ],
)
def test_each_call_needs_one_scope(call: str, scope: str | None) -> None:
    method, _, path = call.partition(" ")
    assert scopes.needed(method, f"https://api.xero.com/api.xro/2.0/{path}", "/api.xro/2.0") == scope


def test_the_protocols_own_word_for_a_missing_scope_counts_too() -> None:
    reply = servers.answer(b"{}", 403, www_authenticate='Bearer error="insufficient_scope"')
    named = pytest.raises(Reconnect, match=r"the scope accounting\.contacts\.read")
    with Server(reply) as server, a_line(server.url, dialect=faults.DIALECT) as line, named:
        list(at(line).everything(Kind.CUSTOMER))


def test_the_tenant_is_named_in_every_call() -> None:
    with Server(*[a_page("a", pagination={"pageCount": 1, "itemCount": 1})]) as server:
        with a_line(server.url, dialect=faults.DIALECT) as line:
            list(at(line).everything(Kind.CUSTOMER))
        assert {one.headers["xero-tenant-id"] for one in server.asked} == {"tenant"}


def test_a_list_that_does_not_say_how_long_it_is_is_read_until_a_page_brings_nothing() -> None:
    with (
        Server(a_page("a", "b"), a_page("c", "d"), a_page()) as server,
        a_line(server.url, dialect=faults.DIALECT) as line,
    ):
        pages = list(at(line).everything(Kind.CUSTOMER))
        assert books.ids(pages) == ["a", "b", "c", "d"]
        assert {page.expected for page in pages} == {None}


def test_a_list_that_brings_the_same_page_again_and_again_comes_to_an_end() -> None:
    with Server(*[a_page("a", "b")] * 50) as server, a_line(server.url, dialect=faults.DIALECT) as line:
        assert set(books.ids(list(at(line).everything(Kind.CUSTOMER)))) == {"a", "b"}
        assert len(server.asked) == 2


def test_not_modified_is_a_good_answer_with_the_platforms_time() -> None:
    reply = servers.answer(b"", 304, date="Mon, 02 Mar 2026 16:59:00 GMT")
    with Server(*[reply] * 6) as server, a_line(server.url, dialect=faults.DIALECT) as line:
        pages = list(at(line).changes(line.clock.now()))
        assert {page.server_time for page in pages} == {datetime(2026, 3, 2, 16, 59, tzinfo=UTC)}
        assert [page.ids for page in pages] == [()] * 6


def test_a_poll_that_finds_nothing_is_six_calls() -> None:
    with a_road("xero") as road:
        since = books.later(road)
        books.changes(road, since)
        assert road.answered() == 6


def test_an_answer_that_does_not_say_what_time_it_is_is_no_answer() -> None:
    body = b'{"Organisations":[{"OrganisationID":"o","Name":"n","BaseCurrency":"GBP"}]}'
    with (
        Server(servers.answer(body), servers.answer(b'{"InvoiceReminders":[]}')) as server,
        a_line(server.url, dialect=faults.DIALECT) as line,
        pytest.raises(BadAnswer, match="what time"),
    ):
        at(line).company()


@pytest.mark.parametrize(
    ("body", "switch"),
    [
        (b'{"InvoiceReminders":[{"Enabled":true}]}', Switch.ON),
        (b'{"InvoiceReminders":[{"Enabled":false}]}', Switch.OFF),
        (b'{"InvoiceReminders":[{}]}', Switch.UNKNOWN),
        (b'{"InvoiceReminders":[]}', Switch.UNKNOWN),
        (b"{}", Switch.UNKNOWN),
    ],
)
def test_reminders_are_off_only_where_xero_says_so(body: bytes, switch: Switch) -> None:
    with Server(servers.answer(body)) as server, a_line(server.url, dialect=faults.DIALECT) as line:
        assert at(line).reminders() is switch


def link_of(road: Road) -> PayLink:
    road.tokens.token = str(road.control.tokens(WITH_SERVICES)["access_token"])
    template = "https://pay.example/{number}?a={amount}&c={currency}"
    return PayLink(
        invoice_id=InvoiceId(_open(road)), name="Pay by card", url="https://pay.example/7", template=template
    )


def _open(road: Road) -> str:
    return books.id_of(road, books.an_open_invoice(road))


def services(road: Road) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {road.tokens.token}", "Accept": "application/json"}
    headers["xero-tenant-id"] = road.sandbox.dialects["xero"].company_id()
    found = road.http.get(f"{road.sandbox.url}/api.xro/2.0/PaymentServices", headers=headers).json()
    listed: list[dict[str, Any]] = found["PaymentServices"]
    return listed


def test_one_payment_service_is_made_for_all_invoices_and_xero_fills_in_each() -> None:
    with a_road("xero") as road:
        link = link_of(road)
        other = msgspec.structs.replace(link, invoice_id=books.id_of(road, books.an_open_invoice(road, skip=5)))
        road.connector.write(link, "key-1")
        road.connector.write(other, "key-2")
        (service,) = services(road)
        assert service["PaymentServiceUrl"] == "https://pay.example/[INVOICENUMBER]?a=[AMOUNTDUE]&c=[CURRENCY]"


@pytest.mark.parametrize("path", ["/PaymentServices", "/BrandingThemes"])
@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_payment_service_that_was_half_set_up_is_finished_and_not_made_twice(path: str, kind: str) -> None:
    with a_road("xero") as road:
        link = link_of(road)
        method = "PUT" if path == "/PaymentServices" else "POST"
        road.fault(kind, method=method, path=path)
        with pytest.raises(OutcomeUnknown):
            road.connector.write(link, "key-1")
        if road.connector.find(link) is None:
            road.connector.write(link, "key-2")
        assert road.connector.find(link) is not None
        assert len(services(road)) == 1


def test_a_contact_that_supplies_only_is_read_too(still: Road) -> None:
    kept = {books.id_of(still, one) for one in books.kept_books(still).customers.values()}
    assert kept <= books.records(books.as_read(still, Kind.CUSTOMER), Customer).keys()


@pytest.mark.parametrize(
    ("sales", "term"),
    [
        ({"Day": 14, "Type": "DAYSAFTERBILLDATE"}, ("14 days after the invoice date", "days after invoice")),
        (
            {"Day": 7, "Type": "DAYSAFTERBILLMONTH"},
            ("7 days after the end of the invoice month", "days after the invoice's month"),
        ),
        ({"Day": 20, "Type": "OFCURRENTMONTH"}, ("20 of the current month", "day of the invoice's month")),
        ({"Day": 20, "Type": "OFFOLLOWINGMONTH"}, ("20 of the following month", "day of the month after")),
        ({"Day": 20, "Type": "OFNEXTFULLMOON"}, None),
        ({"Type": "OFCURRENTMONTH"}, None),
        ({"Day": 99_999, "Type": "DAYSAFTERBILLDATE"}, None),
    ],
)
def test_the_terms_of_a_contact_are_read_with_it(sales: dict[str, Any], term: tuple[str, str] | None) -> None:
    row = {"ContactID": "ann", "Name": "Ann", "UpdatedDateUTC": "/Date(1772470800000+0000)/"}
    reply = a_page(Contacts=[row | {"PaymentTerms": {"Sales": sales}}], pagination={"pageCount": 1, "itemCount": 1})
    with Server(reply) as server, a_line(server.url, dialect=faults.DIALECT) as line:
        (page,) = at(line).everything(Kind.CUSTOMER)
    (contact,) = page.records
    assert isinstance(contact, Customer)
    assert [(one.id, one.name, one.kind.value, one.day) for one in page.terms] == (
        [(contact.term_id, *term, sales["Day"])] if term else []
    )
    assert bool(contact.term_id) is bool(term)


def _rate_in(body: bytes) -> str:
    """The document's own: nested ones come before it, or not at all."""
    return body.split(b'"CurrencyRate":')[-1].split(b",")[0].decode()


def test_rates_are_kept_digit_by_digit(still: Road) -> None:
    pages = [page for kind in (Kind.INVOICE, Kind.PAYMENT, Kind.CREDIT) for page in books.as_read(still, kind)]
    said = {raw.id: _rate_in(raw.body) for page in pages for raw in page.raw}
    read = {
        one.id: (one.currency, one.exchange_rate)
        for page in pages
        for one in page.records
        if isinstance(one, Invoice | Payment | Credit)
    }
    assert {one: rate for one, (_, rate) in read.items()} == {one: said[one] for one in read}
    assert {currency for currency, rate in read.values() if rate == "1.000000"} == {"GBP"}
    assert {currency for currency, rate in read.values() if rate != "1.000000"} == {"EUR", "USD"}
