"""What only QuickBooks does: its change feed, its voids, its optimistic locking."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from connectors.base import FieldNote, PayLink, Target, TooManyChanges
from connectors.errors import Reconnect, Rejected
from connectors.quickbooks import records
from connectors.quickbooks.faults import StaleSyncToken
from connectors.quickbooks.sdk import quoted
from dunwell.sandbox.quickbooks.reading import query
from strategy.model import (
    AllocationTarget,
    Credit,
    Customer,
    CustomerId,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Kind,
    Payment,
    Sent,
)
from tests.connectors import books
from tests.connectors.meddling import meddled
from tests.connectors.roads import MONDAY, Road, a_road


@pytest.fixture(scope="module")
def still() -> Iterator[Road]:
    """A road to books that nobody changes; the tests of this module share it."""
    with a_road() as road:
        yield road


def mapped(kind: Kind, **fields: Any) -> Any:
    """What becomes of one body; None where it is an issue."""
    page = records.page(records.ENTITIES[kind], [msgspec.Raw(msgspec.json.encode(fields))], MONDAY)
    return page.records[0] if page.records else None


def an_invoice(**changes: Any) -> Any:
    body = {
        "Id": "7",
        "SyncToken": "3",
        "MetaData": {"LastUpdatedTime": "2026-02-01T10:00:00-08:00"},
        "TxnDate": "2026-01-15",
        "TotalAmt": 100.0,
        "Balance": 40.0,
        "CurrencyRef": {"value": "USD"},
        "CustomerRef": {"value": "1"},
    }
    return mapped(Kind.INVOICE, **(body | changes))


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


@pytest.mark.parametrize("note", ["Voided", "Voided - call before noon"])
def test_nothing_but_zeroes_and_a_note_that_says_so_is_a_void(note: str) -> None:
    line = {"Amount": 0, "DetailType": "SalesItemLineDetail"}
    void = an_invoice(TotalAmt=0, Balance=0, PrivateNote=note, Line=[line])
    assert void.status is DocumentStatus.VOIDED


@pytest.mark.parametrize(
    "changes",
    [
        {"TotalAmt": 0, "Balance": 0},
        {"TotalAmt": 0, "Balance": 0, "PrivateNote": "was Voided last year"},
        {"TotalAmt": 0, "Balance": 0, "PrivateNote": "Voided", "Line": [{"Amount": 5}, {"Amount": -5}]},
        {"PrivateNote": "Voided cheque, see mail"},
    ],
)
def test_anything_else_is_not(changes: dict[str, Any]) -> None:
    assert an_invoice(**changes).status is DocumentStatus.ISSUED


def test_an_instant_without_an_offset_is_nobodys_and_makes_an_issue() -> None:
    assert an_invoice(MetaData={"LastUpdatedTime": "2026-02-01T10:00:00"}) is None
    assert an_invoice().updated_at.isoformat() == "2026-02-01T18:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"EmailStatus": "EmailSent"}, Sent.YES),
        ({"PrintStatus": "PrintComplete"}, Sent.YES),
        ({"DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": "2026-01-15T08:00:00-08:00"}}, Sent.YES),
        ({"EmailStatus": "NotSet"}, Sent.NO),
        ({"EmailStatus": "NeedToSend", "PrintStatus": "NeedToPrint"}, Sent.NO),
        ({"EmailStatus": "Telepathic"}, Sent.UNKNOWN),
        ({}, Sent.UNKNOWN),
    ],
)
def test_whether_it_was_sent_is_what_the_books_say_and_no_more(fields: dict[str, Any], sent: Sent) -> None:
    assert an_invoice(**fields).sent is sent


@pytest.mark.parametrize(
    ("info", "day"),
    [
        ({"DeliveryType": "Email", "DeliveryTime": "2026-01-15T23:30:00-08:00"}, "2026-01-15"),
        ({"DeliveryType": "Email"}, None),
        ({"DeliveryType": "Email", "DeliveryTime": "soon"}, None),
        (None, None),
    ],
)
def test_the_day_on_which_it_was_sent_last_is_the_companys_own(info: dict[str, str] | None, day: str | None) -> None:
    on = an_invoice(**({"DeliveryInfo": info} if info else {})).delivered_on
    assert (on.isoformat() if on else None) == day


def test_several_addresses_in_one_field_are_several() -> None:
    email = {"Address": "ap@lund.example, mats@lund.example;; "}
    assert an_invoice(BillEmail=email).emails == ("ap@lund.example", "mats@lund.example")


@pytest.mark.parametrize(
    ("numbers", "phone"),
    [
        ({"PrimaryPhone": "555 1", "Mobile": "555 2"}, "555 1"),
        ({"Mobile": "555 2"}, "555 2"),
        ({"Fax": "555 3"}, None),
    ],
)
def test_a_customer_is_called_on_the_main_number_or_else_the_mobile(numbers: dict[str, str], phone: str | None) -> None:
    phones = {name: {"FreeFormNumber": number} for name, number in numbers.items()}
    common = {"Id": "1", "SyncToken": "0", "MetaData": {"LastUpdatedTime": "2026-02-01T10:00:00-08:00"}}
    assert mapped(Kind.CUSTOMER, DisplayName="Harbour", Active=True, **common, **phones).phone == phone


def test_a_deposit_on_the_invoice_is_told_as_such() -> None:
    assert an_invoice(Deposit=60.0).deposit_minor == 6_000


def test_links_to_what_we_do_not_follow_settle_nothing(still: Road) -> None:
    pages = books.as_read(still, Kind.PAYMENT)
    raw = next(raw for page in pages for raw in page.raw if b'"TxnType":"Invoice"' in raw.body)
    body = raw.body.replace(b'"TxnType":"Invoice"', b'"TxnType":"Hologram"')
    payment = mapped(Kind.PAYMENT, **msgspec.json.decode(body))
    assert payment.allocations == ()


def test_a_payment_of_zero_applies_a_credit_to_an_invoice(still: Road) -> None:
    payments = books.records(books.as_read(still, Kind.PAYMENT), Payment).values()
    appliers = [one for one in payments if one.total_minor == 0 and one.status is DocumentStatus.ISSUED]
    assert appliers
    for one in appliers:
        by_target = {each.target: each.amount_minor for each in one.allocations}
        assert by_target[AllocationTarget.INVOICE] == by_target[AllocationTarget.CREDIT]
    memos = books.records(books.as_read(still, Kind.CREDIT), Credit)
    assert {each.target_id for one in appliers for each in one.allocations} & memos.keys()


def test_sub_customers_say_whose_they_are_and_who_is_billed(still: Road) -> None:
    found = books.everybody(still)
    kept = books.kept_books(still).customers
    jobs = [one for one in kept.values() if one.parent_id is not None]
    assert jobs
    for one in jobs:
        record = found[books.id_of(still, one)]
        assert record.parent_id == str(one.parent_id)
        assert record.bills_parent is one.bills_parent


def test_a_parents_balance_is_told_with_and_without_its_jobs(still: Road) -> None:
    parents = {str(one.parent_id) for one in books.kept_books(still).customers.values() if one.parent_id}
    balances = {one.customer_id: one for one in still.connector.balances(None)}
    assert any(balances[CustomerId(one)].owed_minor != balances[CustomerId(one)].with_jobs_minor for one in parents)


LINK = PayLink(invoice_id=InvoiceId("1"), name="Pay", url="https://pay.example/1", template="")
LINE = FieldNote(target=Target.CUSTOMER, target_id=CustomerId("1"), marker="Dunwell 1a2b", text="Dunwell 1a2b called")


def read(road: Road, entity: str, record_id: str) -> Any:
    company_id = road.sandbox.dialects["quickbooks"].company_id()
    url = f"{road.sandbox.url}/v3/company/{company_id}/{entity.lower()}/{record_id}"
    return road.http.get(url, headers={"Authorization": f"Bearer {road.tokens.token}"}).json()[entity]


def test_a_line_is_added_below_what_stands_there_and_touches_no_other_field() -> None:
    with a_road() as road:
        before = read(road, "Customer", "1")
        road.connector.write(LINE, "key-1")
        road.connector.write(
            FieldNote(target=Target.CUSTOMER, target_id=CustomerId("1"), marker="Dunwell 3c4d", text="second"), "key-2"
        )
        after = read(road, "Customer", "1")
        assert after["Notes"].endswith("Dunwell 1a2b called\nsecond")
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= {"Notes", "SyncToken", "MetaData"}


def test_a_line_on_an_invoice_stands_in_its_private_note_which_nobody_gets_unasked() -> None:
    with a_road() as road:
        invoice_id = books.id_of(road, books.an_open_invoice(road))
        before = read(road, "Invoice", invoice_id)
        road.connector.write(FieldNote(target=Target.INVOICE, target_id=invoice_id, marker="D 1", text="D 1 said"), "k")
        after = read(road, "Invoice", invoice_id)
        assert after["PrivateNote"].endswith("D 1 said")
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= {"PrivateNote", "SyncToken", "MetaData"}


def test_who_was_quicker_keeps_what_they_wrote() -> None:
    with a_road() as road:
        rule = road.fault("stale", method="POST", path="/customer")
        road.connector.write(LINE, "key-1")
        assert rule.happened == 1
        assert read(road, "Customer", "1")["Notes"].count("Dunwell 1a2b") == 1


def test_somebody_who_is_always_quicker_ends_it() -> None:
    with a_road() as road:
        road.fault("stale", method="POST", path="/customer", times=None)
        with pytest.raises(StaleSyncToken):
            road.connector.write(LINE, "key-1")
        assert "Dunwell" not in read(road, "Customer", "1").get("Notes", "")


def test_a_field_without_room_is_left_as_it_is() -> None:
    with a_road() as road:
        invoice_id = books.id_of(road, books.an_open_invoice(road))
        long = PayLink(invoice_id=invoice_id, name="Pay", url="https://pay.example/" + "x" * 990, template="")
        with pytest.raises(Rejected, match="no room"):
            road.connector.write(long, "key-1")
        assert "x" * 990 not in str(read(road, "Invoice", invoice_id).get("CustomerMemo"))


@pytest.mark.parametrize("value", ["1", "O'Brannigan's", "back\\slash", "\\'", "it''s", "100%", "Grüße", ""])
def test_a_quoted_value_is_read_as_it_was_meant(value: str) -> None:
    parsed = query.parse(f"SELECT * FROM Customer WHERE DisplayName = {quoted(value)}")
    assert parsed.conditions[0].values == (value,)


@pytest.mark.parametrize("field", ["DueDays", "DayOfMonthDue", "DueNextMonthDays"])
def test_a_term_of_more_days_than_a_century_has_is_reported_and_not_stored(field: str) -> None:
    assert mapped(Kind.TERM, Id="3", Name="Net 30", **{field: 30}) is not None
    assert mapped(Kind.TERM, Id="3", Name="Never", **{field: 10**30}) is None


def a_family(**changes: Any) -> Any:
    body = {
        "Id": "7",
        "SyncToken": "3",
        "MetaData": {"LastUpdatedTime": "2026-02-01T10:00:00-08:00"},
        "DisplayName": "Tanaka",
        "Active": True,
        "CurrencyRef": {"value": "JPY"},
        "Balance": 1200,
        "BalanceWithJobs": 1233.52,
    }
    return mapped(Kind.CUSTOMER, **(body | changes))


def test_a_balance_that_its_currency_does_not_know_is_none_and_loses_no_customer() -> None:
    """A yen has no sen: what a parent is said to owe with sub-customers in dollars is no amount of yen."""
    parent = a_family()
    assert (parent.balance_minor, parent.balance_with_jobs_minor) == (1200, None)
    assert a_family(Balance=0.5).balance_minor is None


@pytest.mark.parametrize(("written", "kept"), [(1.2345670, "1.234567"), (0.00000123, "0.00000123"), (1, "1")])
def test_a_rate_is_kept_as_the_books_write_it(written: float, kept: str) -> None:
    assert an_invoice(ExchangeRate=written).exchange_rate == kept


def test_books_in_one_currency_have_no_rates() -> None:
    assert an_invoice().exchange_rate is None


def a_payment_of(*lines: tuple[str, str, float], total: float = 0) -> Any:
    return mapped(
        Kind.PAYMENT,
        Id="9",
        SyncToken="0",
        MetaData={"LastUpdatedTime": "2026-02-01T10:00:00-08:00"},
        TxnDate="2026-01-20",
        TotalAmt=total,
        UnappliedAmt=0,
        CurrencyRef={"value": "USD"},
        CustomerRef={"value": "1"},
        Line=[{"Amount": amount, "LinkedTxn": [{"TxnId": one, "TxnType": kind}]} for kind, one, amount in lines],
    )


def test_credits_go_to_the_invoices_of_a_payment_in_their_order_before_its_money_does() -> None:
    paid = a_payment_of(
        ("Invoice", "11", 50), ("Invoice", "12", 70), ("CreditMemo", "21", 60), ("CreditMemo", "22", 30), total=30
    )
    used = [(one.target_id, one.invoice_id, one.amount_minor) for one in paid.allocations if one.target == "credit"]
    assert used == [("21", "11", 5_000), ("21", "12", 1_000), ("22", "12", 3_000)]


def test_a_credit_that_no_invoice_took_was_given_back() -> None:
    """As QuickBooks keeps the refund of a memo by an expense: a payment of zero that links the two."""
    (used,) = a_payment_of(("CreditMemo", "21", 60), ("Expense", "31", 60)).allocations
    assert (used.target_id, used.invoice_id, used.amount_minor) == ("21", None, 6_000)
