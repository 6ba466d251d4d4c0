"""Aging: every open amount is in exactly one bucket, on the day asked for, in its own currency."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.account import Receivable, Unapplied, UnappliedKind
from strategy.aging import Aged, Owing, Scale, age, open_on, remaining_on, report, report_as_plain, unapplied_on
from strategy.model import (
    AgingBasis,
    Allocation,
    AllocationTarget,
    Credit,
    CreditId,
    CreditKind,
    Currency,
    CustomerId,
    DocumentStatus,
    Invoice,
    InvoiceId,
    Payment,
    PaymentId,
    Sent,
)

EUR = Currency("EUR")
JPY = Currency("JPY")
LUND = CustomerId("lund")
TODAY = date(2026, 6, 30)
THEN = datetime(2026, 6, 30, tzinfo=UTC)


def an_invoice(number: str = "1042", **changes: Any) -> Invoice:
    values: dict[str, Any] = {
        "id": InvoiceId(number),
        "customer_id": LUND,
        "number": number,
        "issued_on": date(2026, 5, 1),
        "due_on": date(2026, 5, 31),
        "currency": EUR,
        "total_minor": 100000,
        "open_minor": 100000,
        "version": "1",
        "updated_at": THEN,
    }
    return Invoice(**(values | changes))


def an_allocation(on: date, amount_minor: int, target: AllocationTarget = AllocationTarget.INVOICE) -> Allocation:
    return Allocation(target=target, target_id="1042", on=on, amount_minor=amount_minor)


def a_payment(total_minor: int, *allocations: Allocation, **changes: Any) -> Payment:
    values: dict[str, Any] = {
        "id": PaymentId("p1"),
        "customer_id": LUND,
        "paid_on": date(2026, 6, 1),
        "currency": EUR,
        "total_minor": total_minor,
        "unapplied_minor": 0,
        "allocations": allocations,
        "version": "1",
        "updated_at": THEN,
    }
    return Payment(**(values | changes))


def a_credit(total_minor: int, *allocations: Allocation, **changes: Any) -> Credit:
    values: dict[str, Any] = {
        "id": CreditId("c1"),
        "customer_id": LUND,
        "kind": CreditKind.CREDIT_NOTE,
        "number": "CN-1",
        "issued_on": date(2026, 6, 1),
        "currency": EUR,
        "total_minor": total_minor,
        "remaining_minor": 0,
        "allocations": allocations,
        "version": "1",
        "updated_at": THEN,
    }
    return Credit(**(values | changes))


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


def test_an_invoice_is_open_in_full_on_the_day_it_was_issued() -> None:
    assert open_on(an_invoice(), [], date(2026, 5, 1)) == 100000


def test_nothing_is_open_of_an_invoice_the_day_before_it_was_issued() -> None:
    assert open_on(an_invoice(), [], date(2026, 4, 30)) == 0


def test_a_deposit_counts_from_the_day_of_the_invoice() -> None:
    assert open_on(an_invoice(deposit_minor=20000), [], date(2026, 5, 1)) == 80000


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 6, 19), 100000), (date(2026, 6, 20), 60000)])
def test_an_allocation_counts_from_its_own_day(day: date, expected: int) -> None:
    assert open_on(an_invoice(), [an_allocation(date(2026, 6, 20), 40000)], day) == expected


@pytest.mark.parametrize("status", [DocumentStatus.DRAFT, DocumentStatus.VOIDED, DocumentStatus.DELETED])
def test_only_an_issued_invoice_is_ever_open(status: DocumentStatus) -> None:
    assert open_on(an_invoice(status=status), [], TODAY) == 0


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 50000)), max_size=8), st.integers(0, 400))
def test_what_is_open_on_a_day_does_not_depend_on_later_days(parts: list[tuple[int, int]], day: int) -> None:
    start = date(2026, 5, 1)
    settling = [an_allocation(start + timedelta(days=after), amount) for after, amount in parts]
    until = start + timedelta(days=day)
    known = [part for part in settling if part.on <= until]
    assert open_on(an_invoice(), settling, until) == open_on(an_invoice(), known, until)


def test_a_payment_is_unapplied_before_its_allocation_and_gone_after() -> None:
    payment = a_payment(50000, an_allocation(date(2026, 6, 10), 50000))
    assert [unapplied_on(payment, date(2026, 6, day)) for day in (9, 10)] == [50000, 0]


def test_a_payment_leaves_nothing_over_before_it_came() -> None:
    assert unapplied_on(a_payment(50000), date(2026, 5, 31)) == 0


def test_a_deleted_payment_leaves_nothing_over() -> None:
    assert unapplied_on(a_payment(50000, status=DocumentStatus.DELETED), TODAY) == 0


def test_a_payment_of_zero_that_applies_a_credit_leaves_nothing_over() -> None:
    day = date(2026, 6, 1)
    payment = a_payment(0, an_allocation(day, 30000), an_allocation(day, 30000, AllocationTarget.CREDIT))
    assert unapplied_on(payment, TODAY) == 0


def test_only_a_payments_own_money_is_left_over_when_it_also_applies_a_credit() -> None:
    day = date(2026, 6, 1)
    payment = a_payment(50000, an_allocation(day, 60000), an_allocation(day, 30000, AllocationTarget.CREDIT))
    assert unapplied_on(payment, TODAY) == 20000


@pytest.mark.parametrize("total_minor", [30000, -30000])
def test_money_given_back_leaves_nothing_over_whatever_its_sign(total_minor: int) -> None:
    payment = a_payment(total_minor, an_allocation(date(2026, 6, 1), 30000, AllocationTarget.CREDIT))
    assert unapplied_on(payment, TODAY) == 0


def test_a_credit_is_used_up_by_its_own_allocations_and_by_payments_that_apply_it() -> None:
    credit = a_credit(100000, an_allocation(date(2026, 6, 5), 10000))
    by_payment = [an_allocation(date(2026, 6, 7), 20000, AllocationTarget.CREDIT)]
    left = [remaining_on(credit, by_payment, date(2026, 6, day)) for day in (4, 5, 7)]
    assert left == [100000, 90000, 70000]


def test_a_credit_counts_from_the_day_it_was_issued() -> None:
    assert remaining_on(a_credit(100000), [], date(2026, 5, 31)) == 0


def test_a_voided_credit_is_worth_nothing() -> None:
    assert remaining_on(a_credit(100000, status=DocumentStatus.VOIDED), [], TODAY) == 0


V1 = [
    (
        an_invoice("A", due_on=date(2026, 5, 15)),
        [an_allocation(date(2026, 6, 20), 40000), an_allocation(date(2026, 7, 2), 60000)],
    ),
    (an_invoice("B", total_minor=50000, due_on=date(2026, 6, 30)), []),
    (an_invoice("C", total_minor=25000, issued_on=date(2026, 6, 10), due_on=date(2026, 7, 10)), []),
    (an_invoice("D", total_minor=30000, issued_on=date(2026, 2, 1), due_on=date(2026, 2, 28)), []),
]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 6, 30), [75000, 0, 60000, 0, 30000]),
        (date(2026, 7, 1), [25000, 50000, 60000, 0, 30000]),
        (date(2026, 7, 15), [0, 75000, 0, 0, 30000]),
    ],
)
def test_the_vector_of_the_domain_page_falls_into_its_buckets(as_of: date, expected: list[int]) -> None:
    rows = [
        a_receivable(open_on(invoice, settling, as_of), due_on=invoice.due_on, issued_on=invoice.issued_on)
        for invoice, settling in V1
    ]
    assert amounts(aged(*rows, as_of=as_of)) == expected


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
