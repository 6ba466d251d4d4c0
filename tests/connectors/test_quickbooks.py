"""What QuickBooks' bodies mean: voids, terms, balances, what a payment links."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from connectors.quickbooks import records
from connectors.quickbooks.sdk import quoted
from dunwell.sandbox.quickbooks.reading import query
from strategy.model import SOMEWHERE, AllocationTarget, Credit, CustomerId, DocumentStatus, Kind, Payment, Sent
from tests.connectors import books
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


@pytest.mark.parametrize(("typed", "country"), [("Atlantis", SOMEWHERE), ("Great Britain", "GB"), ("", None)])
def test_a_country_that_is_not_known_is_kept_apart_from_none(typed: str, country: str | None) -> None:
    assert a_family(BillAddr={"Line1": "High Street 1", "Country": typed}).country == country


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
