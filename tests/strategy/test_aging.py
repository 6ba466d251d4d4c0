"""Aging: every open amount is in exactly one bucket, on the day asked for, in its own currency."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.account import Receivable, Unapplied, UnappliedKind
from strategy.aging import Aged, Owing, Scale, age, report, report_as_plain
from strategy.model import AgingBasis, Currency, CustomerId, InvoiceId, Sent

EUR = Currency("EUR")
JPY = Currency("JPY")
LUND = CustomerId("lund")
TODAY = date(2026, 6, 30)


def a_receivable(
    open_minor: int = 100000, *, days_late: int = 0, currency: Currency = EUR, **changes: Any
) -> Receivable:
    values: dict[str, Any] = {
        "invoice_id": InvoiceId("1042"),
        "customer_id": LUND,
        "number": "1042",
        "issued_on": date(2026, 1, 1),
        "due_on": TODAY - timedelta(days=days_late),
        "currency": currency,
        "total_minor": open_minor,
        "paid_minor": 0,
        "credited_minor": 0,
        "open_minor": open_minor,
        "sent": Sent.YES,
    }
    return Receivable(**(values | changes))


def an_unapplied(amount_minor: int, kind: UnappliedKind = UnappliedKind.CREDITS, currency: Currency = EUR) -> Unapplied:
    return Unapplied(kind=kind, id="u1", number="CN-1", since=TODAY, currency=currency, amount_minor=amount_minor)


def amounts(aged: Aged) -> list[int]:
    return [bucket.amount_minor for bucket in aged.buckets]


def aged(*receivables: Receivable, as_of: date = TODAY, scale: Scale | None = None) -> Aged:
    return age(EUR, receivables, (), as_of, scale or Scale())


@pytest.mark.parametrize(
    ("days_late", "bucket"),
    [(-400, 0), (-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)],
)
def test_each_bucket_includes_its_first_and_its_last_day(days_late: int, bucket: int) -> None:
    found = amounts(aged(a_receivable(days_late=days_late)))
    assert found.index(100000) == bucket


def test_age_counts_from_the_invoice_date_where_the_company_says_so() -> None:
    row = a_receivable(days_late=-10, issued_on=TODAY - timedelta(days=40))
    assert amounts(aged(row, scale=Scale(basis=AgingBasis.INVOICE_DATE))) == [0, 0, 100000, 0, 0]


def test_the_edges_may_be_chosen() -> None:
    scale = Scale(edges=(0, 7, 14))
    assert scale.spans == ((None, 0), (1, 7), (8, 14), (15, None))
    assert amounts(aged(a_receivable(days_late=8), scale=scale)) == [0, 0, 100000, 0]


@pytest.mark.parametrize("edges", [(), (0, 30, 30), (30, 0)])
def test_edges_that_do_not_rise_are_refused(edges: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        Scale(edges=edges)


def test_credit_stands_in_its_own_columns_and_is_taken_off_the_total() -> None:
    unapplied = [
        an_unapplied(100, UnappliedKind.PAYMENTS),
        an_unapplied(20, UnappliedKind.CREDITS),
        an_unapplied(3, UnappliedKind.DEPOSITS),
    ]
    found = age(EUR, [a_receivable(1000)], unapplied, TODAY, Scale())
    columns = (found.payments_minor, found.credits_minor, found.deposits_minor)
    assert (found.open_minor, columns, found.total_minor) == (1000, (100, 20, 3), 877)


rows = st.builds(
    a_receivable,
    st.integers(-(10**6), 10**9),
    days_late=st.integers(-500, 5000),
    currency=st.sampled_from([EUR, JPY]),
)
credit = st.builds(
    an_unapplied, st.integers(0, 10**9), st.sampled_from(UnappliedKind), currency=st.sampled_from([EUR, JPY])
)
owings = st.lists(
    st.builds(
        Owing,
        customer_id=st.just(LUND),
        name=st.just("Brasserie Lund"),
        receivables=st.lists(rows, max_size=6).map(tuple),
        unapplied=st.lists(credit, max_size=4).map(tuple),
    ),
    max_size=5,
)
scales = st.builds(
    Scale,
    basis=st.sampled_from(AgingBasis),
    edges=st.sets(st.integers(-60, 400), min_size=1, max_size=6).map(sorted).map(tuple),
)


@given(owings, scales)
def test_buckets_sum_to_what_is_open_in_each_currency(customers: list[Owing], scale: Scale) -> None:
    found = {each.currency: each.open_minor for each in report(customers, TODAY, scale).currencies}
    for currency, open_minor in found.items():
        everything = (row for owing in customers for row in owing.receivables if row.currency == currency)
        assert open_minor == sum(row.open_minor for row in everything)


@given(owings, scales)
def test_what_is_open_less_what_is_unapplied_is_the_total(customers: list[Owing], scale: Scale) -> None:
    for each in report(customers, TODAY, scale).currencies:
        items = (item for owing in customers for item in owing.unapplied if item.currency == each.currency)
        assert each.total_minor == each.open_minor - sum(item.amount_minor for item in items)


@given(owings, scales)
def test_the_customers_sum_to_the_ledger_bucket_by_bucket(customers: list[Owing], scale: Scale) -> None:
    found = report(customers, TODAY, scale)
    for together in found.currencies:
        each = [one for row in found.customers for one in row.currencies if one.currency == together.currency]
        assert amounts(together) == [sum(column) for column in zip(*map(amounts, each), strict=True)]


@given(scales, st.integers(-(10**4), 10**4))
def test_the_buckets_touch_and_cover_every_day(scale: Scale, day: int) -> None:
    holding = [
        (first, last)
        for first, last in scale.spans
        if (first is None or first <= day) and (last is None or day <= last)
    ]
    assert len(holding) == 1


def test_a_customer_with_nothing_open_and_nothing_unapplied_is_not_in_the_report() -> None:
    assert report([Owing(customer_id=LUND, name="Brasserie Lund", receivables=())], TODAY).customers == ()


def test_the_report_reads_as_the_command_line_promises() -> None:
    owing = Owing(
        customer_id=LUND,
        name="Brasserie Lund",
        receivables=(a_receivable(120000, days_late=12), a_receivable(500, currency=JPY)),
        unapplied=(an_unapplied(20050),),
    )
    nothing = {"payments": "0", "credits": "0", "deposits": "0"}
    euros = {
        "currency": "EUR",
        "buckets": [
            {"from": None, "to": 0, "amount": "0.00"},
            {"from": 1, "to": 30, "amount": "1200.00"},
            {"from": 31, "to": 60, "amount": "0.00"},
            {"from": 61, "to": 90, "amount": "0.00"},
            {"from": 91, "to": None, "amount": "0.00"},
        ],
        "open": "1200.00",
        "unapplied": {"payments": "0.00", "credits": "200.50", "deposits": "0.00"},
        "total": "999.50",
    }
    spans = [(None, 0), (1, 30), (31, 60), (61, 90), (91, None)]
    yen = {
        "currency": "JPY",
        "buckets": [{"from": first, "to": last, "amount": "500" if last == 0 else "0"} for first, last in spans],
        "open": "500",
        "unapplied": nothing,
        "total": "500",
    }
    assert json.loads(json.dumps(report_as_plain(report([owing], TODAY), "north"))) == {
        "ledger": "north",
        "as_of": "2026-06-30",
        "basis": "due_date",
        "currencies": [euros, yen],
        "customers": [{"id": "lund", "name": "Brasserie Lund", "currencies": [euros, yen]}],
    }
